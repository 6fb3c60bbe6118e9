"""Telephone numbers in one form, E.164 ("+33612345678"): of people, deposits and what was read from their CVs, merges
and partners; and what the register is searched by. A text that cannot be read as a number stays as it was typed, and so
do the lines of the history."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import phonenumbers
import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_PART = 1_000
"""Rows at once: what was read from a CV is long."""
_OVERSEAS = {
    **dict.fromkeys(("262", "263", "269", "639", "692", "693"), 262),
    **dict.fromkeys(("590", "690", "691"), 590),
    **dict.fromkeys(("594", "694"), 594),
    **dict.fromkeys(("596", "696", "697"), 596),
}
_WRITTEN_WITH_ZERO = ("+33", "+262", "+590", "+594", "+596")
_SEARCHED = 500


def upgrade() -> None:
    _rewrite("candidate", ("phone", "reference", "first_name", "last_name", "email"), _candidate)
    _rewrite("deposit", ("phone", "proposal"), _deposit, proposal=sa.JSON(none_as_null=True))
    _rewrite("merge", ("detail",), _merge, detail=sa.LargeBinary())
    _rewrite("partner", ("phone",), _partner)


def _rewrite(table: str, columns: Sequence[str], change: Callable[[Any], Mapping[str, Any]], **types: Any) -> None:
    """`change` gives the columns to write of a row, none where it stays as it is."""
    connection = op.get_bind()
    names = dict.fromkeys(("id", *columns, *(["search"] if table == "candidate" else [])))
    rows = sa.table(table, *(sa.column(name, types.get(name, sa.String())) for name in names))
    part = sa.select(*(rows.c[name] for name in ("id", *columns))).order_by(rows.c.id).limit(_PART)
    last = ""
    while found := connection.execute(part.where(rows.c.id > last)).all():
        for row in found:
            if values := change(row):
                connection.execute(sa.update(rows).where(rows.c.id == row.id).values(values))
        last = found[-1].id


def _candidate(row: Any) -> Mapping[str, Any]:
    if not row.phone:
        return {}
    phone = _read(row.phone) or row.phone
    words = (
        _folded(f"{row.last_name} {row.first_name}"),
        _folded(row.reference),
        row.email.casefold(),
        " ".join(_spellings(phone)),
    )
    return {"phone": phone, "search": " ".join(words)[:_SEARCHED]}


def _deposit(row: Any) -> Mapping[str, Any]:
    values: dict[str, Any] = {}
    if phone := _read(row.phone):
        values["phone"] = phone
    proposed = _within(row.proposal, "fields", "phone")
    if proposed is not None and (phone := _read(proposed.get("value"))):
        proposed["value"] = phone
        values["proposal"] = row.proposal
    return values


def _merge(row: Any) -> Mapping[str, Any]:
    detail, changed = msgspec.json.decode(row.detail), False
    for name in ("kept", "gone"):
        entry = _within(detail, name)
        if entry is not None and (phone := _read(entry.get("phone"))):
            entry["phone"], changed = phone, True
    return {"detail": msgspec.json.encode(detail)} if changed else {}


def _partner(row: Any) -> Mapping[str, Any]:
    phone = _read(row.phone)
    return {"phone": phone} if phone else {}


def _within(value: Any, *path: str) -> dict[str, Any] | None:
    """The object at that place of a JSON value."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else None


def _read(text: object) -> str | None:
    if not isinstance(text, str):
        return None
    plain = "".join(" " if sign.isspace() else sign for sign in text if unicodedata.category(sign) != "Cf").strip()
    if not 7 <= sum(map(str.isdecimal, plain)) <= 18 or any(map(str.isalpha, plain)):
        return None
    number = _parsed(plain, "FR")
    if number is None:
        return None
    home = phonenumbers.national_significant_number(number)
    if f"+{number.country_code}" in _WRITTEN_WITH_ZERO and len(home) == 9 and not home.startswith("0"):
        if number.country_code == 33 and home.startswith("508"):
            return f"+{home}"
        overseas = number.country_code == 33 and not home.startswith("63998")
        return f"+{_OVERSEAS.get(home[:3], 33) if overseas else number.country_code}{home}"
    if phonenumbers.is_valid_number(number):
        return _kept(number)
    return _read(f"+{plain}") if re.fullmatch(r"[1-9]\d{10,14}", plain, re.ASCII) else None


def _parsed(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return None if number.extension else number


def _kept(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _spellings(phone: str) -> Sequence[str]:
    if not re.fullmatch(r"\+[1-9]\d{6,14}", phone, re.ASCII):
        bare = re.sub(r"[\s.\-()/]", "", phone)
        return [f"+{bare[2:]}" if bare.startswith("00") else bare]
    code = next((code for code in _WRITTEN_WITH_ZERO if phone.startswith(code)), None)
    return [phone] if code is None else [phone, f"0{phone[len(code) :]}"]


def _folded(text: str) -> str:
    bare = text.casefold()
    if not bare.isascii():
        bare = "".join(sign for sign in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(sign))
    return bare if bare.isalnum() else re.sub(r"[\W_]+", " ", bare).strip()
