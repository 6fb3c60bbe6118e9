"""Sendings to local employers, their links and the employers' words. Implements
`node.mission.employers.ports.Sendings`."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from node.mission.employers.sending import (
    EmployerWord,
    Sending,
    SendingContact,
    SendingPart,
    SendingWay,
    WordWay,
)
from node.mission.parts import Counted
from node.storage.errors import Missing
from node.storage.forwards.forwards import SqlForwards, forward_table
from node.storage.metadata import METADATA
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime

sending_table = sa.Table(
    "sending",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("code", sa.String, nullable=False, unique=True),
    sa.Column("offer", sa.String, nullable=False, index=True),
    sa.Column("way", sa.String, nullable=False),
    sa.Column("contact_name", sa.String, nullable=False),
    sa.Column("contact_email", sa.String, nullable=False),
    sa.Column("contact_address", sa.String, nullable=False),
    sa.Column("with_cvs", sa.Boolean, nullable=False),
    sa.Column("made", UtcDateTime, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("until", UtcDateTime, nullable=False, index=True),
    sa.Column("mailed", UtcDateTime),
    sa.Column("ended", UtcDateTime),
)

# One person of a sending, through their forward. `checked` holds [code, day] pairs.
sending_part = sa.Table(
    "sending_part",
    METADATA,
    sa.Column("sending", sa.String, sa.ForeignKey("sending.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("forward", sa.String, nullable=False, index=True),
    sa.Column("checked", sa.JSON, nullable=False),
    sa.Column("asked_back", UtcDateTime),
    sa.Column("told", UtcDateTime),
    sa.Column("longer", UtcDateTime),
)

# The token itself is kept nowhere.
sending_link = sa.Table(
    "sending_link",
    METADATA,
    sa.Column("digest", sa.String, primary_key=True),
    sa.Column("sending", sa.String, sa.ForeignKey("sending.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("made", UtcDateTime, nullable=False),
)

sending_word = sa.Table(
    "sending_word",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("sending", sa.String, sa.ForeignKey("sending.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("forward", sa.String, nullable=False),
    sa.Column("way", sa.String, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("text", sa.String, nullable=False),
    sa.Column("settled", UtcDateTime),
    sa.Column("by", sa.String, nullable=False),
)

_sending = sending_table.columns
_part = sending_part.columns
_word = sending_word.columns


class SqlSendings:
    """See the port."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    def add(self, sending: Sending) -> None:
        self._transaction.insert(sending_table, _row(sending))
        self._write_parts(sending)

    def save(self, sending: Sending) -> None:
        if not self._transaction.update(sending_table, _row(sending)):
            raise Missing("sending")
        self._transaction.delete(sending_part, _part.sending == sending.id)
        self._write_parts(sending)

    def _write_parts(self, sending: Sending) -> None:
        self._transaction.insert(sending_part, *_part_rows(sending))

    def get(self, sending_id: str) -> Sending | None:
        return self._first(_sending.id == sending_id)

    def by_code(self, code: str) -> Sending | None:
        return self._first(_sending.code == code)

    def by_link(self, digest: str) -> Sending | None:
        link = sending_link.columns
        return self._first(_sending.id.in_(sa.select(link.sending).where(link.digest == digest)))

    def of_employers(self, names: Collection[str]) -> Sequence[Sending]:
        to = sa.select(_part.sending).join(forward_table, forward_table.c.id == _part.forward)
        return self._all(_sending.id.in_(to.where(forward_table.c.employer.in_(names))))[::-1]

    def of_forward(self, forward_id: str) -> Sequence[Sending]:
        found = self._all(_sending.id.in_(sa.select(_part.sending).where(_part.forward == forward_id)))
        return found[::-1]

    def part(self, limit: int | None) -> Counted[Sending]:
        total = self._connection.execute(sa.select(sa.func.count()).select_from(sending_table)).scalar_one()
        newest = sa.select(_sending.id).order_by(_sending.made.desc(), _sending.id.desc()).limit(limit).correlate(None)
        return Counted(total, tuple(self._all(_sending.id.in_(newest))[::-1]))

    def add_link(self, digest: str, sending_id: str, made: datetime) -> None:
        self._transaction.insert(sending_link, {"digest": digest, "sending": sending_id, "made": made})

    def unmailed(self, before: datetime, now: datetime) -> Sequence[Sending]:
        return self._all(
            _sending.way == SendingWay.MAIL.value,
            _sending.mailed.is_(None),
            _sending.ended.is_(None),
            _sending.made < before,
            _sending.until > now,
        )

    def asking_back(self) -> Sequence[Sending]:
        waiting = sa.select(_part.sending).where(_part.asked_back.is_not(None), _part.told.is_(None))
        return self._all(_sending.id.in_(waiting))

    def add_word(self, word: EmployerWord) -> bool:
        is_new = self._transaction.insert_if_new(
            sending_word,
            id=word.id,
            sending=word.sending,
            forward=word.forward,
            way=word.way.value,
            at=word.at,
            text=word.text,
            settled=word.settled,
            by=word.by,
        )
        if is_new and word.settled is None:
            self._refresh(word.sending)
        return is_new

    def words_of(self, sending_id: str) -> Sequence[EmployerWord]:
        return self._words(_word.sending == sending_id)

    def unsettled(self, since: datetime) -> Sequence[EmployerWord]:
        return self._words(_word.settled.is_(None), _word.at >= since)

    def settle(self, word_id: str, at: datetime, by: str) -> None:
        self._connection.execute(sa.update(sending_word).where(_word.id == word_id).values(settled=at, by=by))
        for sending in self._connection.execute(sa.select(_word.sending).where(_word.id == word_id)).scalars().all():
            self._refresh(sending)

    def _refresh(self, sending_id: str) -> None:
        """What is to be done about its people's applications follows from the words."""
        forwards = SqlForwards(self._transaction)
        about = self._connection.execute(sa.select(_part.forward).where(_part.sending == sending_id)).scalars().all()
        forwards.keep_due(list(forwards.some(about).values()))

    def forget_person(self, forward_ids: Sequence[str]) -> None:
        concerned = sa.select(_part.sending).where(_part.forward.in_(forward_ids))
        silenced = sa.update(sending_word).where(_word.sending.in_(concerned), _word.text != "").values(text="")
        emptied = self._connection.execute(silenced).rowcount
        unsaid = sa.update(sending_part).where(_part.forward.in_(forward_ids)).values(checked=[])
        emptied += self._connection.execute(unsaid).rowcount
        self._transaction.destroyed |= emptied > 0

    def forget_before(self, until: datetime) -> int:
        gone = self._transaction.delete(sending_table, _sending.until < until)
        self._transaction.destroyed |= gone > 0
        return gone

    def _first(self, *wanted: sa.ColumnElement[bool]) -> Sending | None:
        return next(iter(self._all(*wanted)), None)

    def _all(self, *wanted: sa.ColumnElement[bool]) -> list[Sending]:
        """Oldest first, in two queries however many they are."""
        parts: dict[str, list[SendingPart]] = {}
        of_them = sa.select(sending_part).where(_part.sending.in_(sa.select(_sending.id).where(*wanted)))
        for row in self._connection.execute(of_them.order_by(_part.sending, _part.position)).mappings():
            parts.setdefault(row["sending"], []).append(_read_part(row))
        found = self._connection.execute(sa.select(sending_table).where(*wanted).order_by(_sending.made, _sending.id))
        return [_value(row, tuple(parts.get(row["id"], ()))) for row in found.mappings()]

    def _words(self, *wanted: sa.ColumnElement[bool]) -> list[EmployerWord]:
        found = self._connection.execute(sa.select(sending_word).where(*wanted).order_by(_word.at, _word.id))
        return [EmployerWord(**(dict(row) | {"way": WordWay.of(row["way"])})) for row in found.mappings()]


def _row(sending: Sending) -> dict[str, Any]:
    return {
        "id": sending.id,
        "code": sending.code,
        "offer": sending.offer,
        "way": sending.way.value,
        "contact_name": sending.contact.name,
        "contact_email": sending.contact.email,
        "contact_address": sending.contact.address,
        "with_cvs": sending.with_cvs,
        "made": sending.made,
        "by": sending.by,
        "until": sending.until,
        "mailed": sending.mailed,
        "ended": sending.ended,
    }


def _part_rows(sending: Sending) -> list[dict[str, Any]]:
    return [
        {
            "sending": sending.id,
            "position": position,
            "forward": part.forward,
            "checked": [[code, day.isoformat()] for code, day in part.checked],
            "asked_back": part.asked_back,
            "told": part.told,
            "longer": part.longer,
        }
        for position, part in enumerate(sending.parts)
    ]


def _read_part(row: Any) -> SendingPart:
    return SendingPart(
        forward=row["forward"],
        checked=tuple((code, date.fromisoformat(day)) for code, day in row["checked"]),
        asked_back=row["asked_back"],
        told=row["told"],
        longer=row["longer"],
    )


def _value(row: Any, parts: tuple[SendingPart, ...]) -> Sending:
    return Sending(
        id=row["id"],
        code=row["code"],
        offer=row["offer"],
        way=SendingWay.of(row["way"]),
        contact=SendingContact(name=row["contact_name"], email=row["contact_email"], address=row["contact_address"]),
        with_cvs=row["with_cvs"],
        made=row["made"],
        by=row["by"],
        until=row["until"],
        mailed=row["mailed"],
        ended=row["ended"],
        parts=parts,
    )
