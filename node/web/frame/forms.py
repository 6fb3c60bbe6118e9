"""What a form sent, its faults by field, and nothing that was typed lost.

`Sent` (a dependency) is the form of a request; `Form.of(...)` one with first values, for the page that shows it. Read a
field with the method of its kind: a fault is recorded under its name, the value stays for the page to show again.

    @router.post("/partenaires")
    def add(request: Request, form: Sent, who: Annotated[Account, Depends(require(Permission.MANAGE_PARTNERS))]):
        name = form.line("name", required=True)
        if not form.ok:
            return render(request, "people/partners.html", form=form, status=422)
"""

import re
import unicodedata
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from node.kit.clean_text import is_line, is_text
from node.kit.i18n import gettext as _
from node.mission.terms import Term
from node.web.frame import multipart

_WHOLE = re.compile(r"[+-]?[0-9]{1,12}")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_FRENCH_DAY = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})")


@dataclass(slots=True)
class Form:
    """Values as typed, by field; uploaded files by field; faults by field, in words."""

    values: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[UploadFile]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, **values: object) -> "Form":
        """First values: None is an empty field, a list a field of several values, True a ticked box."""
        return cls(values={name: _shown(value) for name, value in values.items()})

    @property
    def ok(self) -> bool:
        """Whether no fault was found so far."""
        return not self.errors

    def raw(self, name: str) -> str:
        """As typed; empty when it was not sent."""
        return next(iter(self.values.get(name, ())), "")

    def all(self, name: str) -> Sequence[str]:
        """All values of a field that may have several."""
        return self.values.get(name, [])

    def has(self, name: str, value: str) -> bool:
        """Whether the field has that value (a ticked box, a chosen option)."""
        return value in self.values.get(name, ())

    def error(self, name: str, message: str) -> None:
        """Record a fault; the first of a field is the one that is shown."""
        self.errors.setdefault(name, message)

    def line(self, name: str, *, required: bool = False, longest: int = 200) -> str:
        """One line, composed (NFC), with single spaces."""
        value = " ".join(unicodedata.normalize("NFC", self.raw(name)).split())
        if not is_line(value):
            self.error(name, _("This field holds a character that cannot be kept: type it again."))
        return self._checked(name, value, required, longest)

    def text(self, name: str, *, required: bool = False, longest: int = 5000) -> str:
        """Several lines; ends of lines as `\\n`."""
        value = unicodedata.normalize("NFC", self.raw(name)).replace("\r\n", "\n").replace("\r", "\n").strip()
        if not is_text(value):
            self.error(name, _("This field holds a character that cannot be kept: type it again."))
        return self._checked(name, value, required, longest)

    def secret(self, name: str, *, required: bool = False) -> str:
        """A password, as typed."""
        return self._checked(name, self.raw(name), required, 1024)

    def whole(self, name: str, *, required: bool = False, least: int = 0, most: int = 1_000_000_000) -> int | None:
        """A whole number; None when the field is empty."""
        value = re.sub(r"\s", "", self.raw(name))
        if not value:
            self._checked(name, value, required, 20)
            return None
        if not _WHOLE.fullmatch(value) or not least <= int(value) <= most:
            self.error(name, _("Give a whole number from {least} to {most}.").format(least=least, most=most))
            return None
        return int(value)

    def day(
        self, name: str, *, required: bool = False, earliest: date | None = None, latest: date | None = None
    ) -> date | None:
        """A day, as 2026-11-23 (what browsers send) or 23/11/2026 (what people type)."""
        value = self.raw(name).strip()
        if not value:
            self._checked(name, value, required, 20)
            return None
        try:
            if found := _ISO_DAY.fullmatch(value):
                given = date(int(found[1]), int(found[2]), int(found[3]))
            elif found := _FRENCH_DAY.fullmatch(value):
                given = date(int(found[3]), int(found[2]), int(found[1]))
            else:
                raise ValueError
        except ValueError:
            self.error(name, _("Give a day such as 23/11/2026."))
            return None
        if earliest is not None and given < earliest:
            self.error(name, _("This day is too early: {day} at the earliest.").format(day=f"{earliest:%d/%m/%Y}"))
        if latest is not None and given > latest:
            self.error(name, _("This day is too late: {day} at the latest.").format(day=f"{latest:%d/%m/%Y}"))
        return given

    def choice(self, name: str, allowed: Iterable[str], *, required: bool = False) -> str:
        """One of several codes; empty when none was chosen."""
        value = self.raw(name).strip()
        if value and value not in set(allowed):
            self.error(name, _("Choose one of the proposals."))
            return ""
        if required and not value:
            self.error(name, _("Choose one of the proposals."))
        return value

    def choices(self, name: str, allowed: Iterable[str], *, required: bool = False) -> frozenset[str]:
        """Some of several codes."""
        chosen, known = frozenset(self.all(name)) - {""}, frozenset(allowed)
        if chosen - known:
            self.error(name, _("Choose among the proposals."))
        if required and not chosen:
            self.error(name, _("Choose at least one of the proposals."))
        return chosen & known

    def flag(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.raw(name))

    def file(self, name: str) -> UploadFile | None:
        """The uploaded file; None when none was chosen. Read it with `.file.read()`."""
        return next(iter(self.files.get(name, ())), None)

    def kept(self) -> tuple[tuple[str, str], ...]:
        """What was typed, as pairs, without secrets and the form's own token: to be sent again."""
        return tuple(
            (name, value)
            for name, values in self.values.items()
            for value in values
            if name != "csrf" and "password" not in name
        )

    def _checked(self, name: str, value: str, required: bool, longest: int) -> str:
        if required and not value:
            self.error(name, _("Fill in this field."))
        if len(value) > longest:
            self.error(name, _("This is too long: {count} characters at most.").format(count=longest))
        return value


def _shown(value: object) -> list[str]:
    match value:
        case None | False:
            return []
        case True:
            return ["1"]
        case date():
            return [value.isoformat()]
        case list() | tuple() | set() | frozenset():
            return [str(one) for one in value]
        case _:
            return [str(value)]


async def read_form(request: Request) -> Form:
    """The form of this request, read once; an empty one when there is none."""
    known = getattr(request.state, "form", None)
    if isinstance(known, Form):
        return known
    form = Form()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    sent = FormData()
    if kind == "multipart/form-data":
        sent = request.state.sent = await multipart.parse(request)
    elif kind == "application/x-www-form-urlencoded":
        sent = await request.form(max_fields=multipart.MAX_FIELDS)
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile):
            # A file field that was left empty is sent as a file without a name.
            if value.filename or value.size:
                form.files.setdefault(name, []).append(value)
        else:
            form.values.setdefault(name, []).append(value)
    request.state.form = form
    return form


async def _sent(request: Request) -> AsyncIterator[Form]:
    try:
        yield await read_form(request)
    finally:
        # Uploaded files are temporary ones: they go with the request.
        if isinstance(sent := getattr(request.state, "sent", None), FormData):
            await sent.close()


Sent = Annotated[Form, Depends(_sent)]


def labelled(terms: Iterable[Term], *, coded: bool = False) -> list[tuple[str, str]]:
    """Codes with their labels, as selects and groups of boxes take them; `coded`: the code is said before the label.
    An empty code, which a form cannot tell from nothing, is "any"."""
    return [(one.value or "any", f"{one.value} – {one.label}" if coded else one.label) for one in terms]
