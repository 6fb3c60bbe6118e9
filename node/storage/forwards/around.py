"""What is known beside a forward's moves: its notes, the hire, when the person was spoken with. Read by the list of
forwards, and by whoever writes one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from node.mission.forwards.following import Around, WaitingReply
from node.mission.forwards.forward import Forward, Side
from node.mission.forwards.hire import Hire, HireWay
from node.mission.forwards.moves import is_open
from node.mission.forwards.notes import ForwardNote, NoteKind
from node.mission.offers.offer import ANSWER_DAYS
from node.mission.people.contacts import ContactChannel
from node.storage.metadata import METADATA
from node.storage.offers import SqlOffers
from node.storage.people.register import candidate_table
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime

# One note of one forward.
forward_note = sa.Table(
    "forward_note",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("forward", sa.String, sa.ForeignKey("forward.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("on", sa.Date),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("text", sa.String, nullable=False),
)

# One hire. `forward` is no foreign key: a hire may have none.
hire_table = sa.Table(
    "hire",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("candidate", sa.String, sa.ForeignKey("candidate.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("forward", sa.String, nullable=False, index=True),
    sa.Column("offer", sa.String, nullable=False),
    sa.Column("employer", sa.String, nullable=False),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("rome", sa.String, nullable=False),
    sa.Column("contract", sa.String, nullable=False),
    sa.Column("start", sa.Date),
    sa.Column("minutes", sa.Integer, nullable=False),
    sa.Column("how", sa.String, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("month_on", sa.Date),
    sa.Column("half_on", sa.Date),
    sa.Column("ended_on", sa.Date),
    sa.Column("end_reason", sa.String, nullable=False),
    sa.Column("follow_on", sa.Date, index=True, comment="follows from the others: the day of the next follow-up"),
)

# Named here again, as the rows of contacts come with a library that takes long to import.
_contacts = sa.table("contact", sa.column("candidate"), sa.column("channel"), sa.column("written", UtcDateTime))
_contact = _contacts.c
_parts = sa.table("sending_part", sa.column("sending"), sa.column("forward"))
_words = sa.table(
    "sending_word",
    sa.column("sending"),
    sa.column("forward"),
    sa.column("at", UtcDateTime),
    sa.column("settled", UtcDateTime),
)
_part, _word = _parts.c, _words.c
_note = forward_note.columns
_person = candidate_table.columns


def around_of(transaction: Transaction, forwards: Sequence[Forward]) -> Mapping[str, Around]:
    """See `node.mission.forwards.ports.Following.around`."""
    own = [one for one in forwards if one.side is Side.HOME]
    if not own:
        return {}
    spoken = _spoken(transaction, {one.candidate for one in own})
    notes = notes_of(transaction, [one.id for one in own])
    wanted = sa.select(hire_table).where(hire_table.columns.forward.in_([one.id for one in own]))
    hires = {row.forward: read_hire(row) for row in transaction.connection.execute(wanted)}
    replies = _replies(transaction, [one.id for one in own])
    offers = SqlOffers(transaction).many({one.offer for one in own if is_open(one.state) and "/" in one.offer})
    return {
        one.id: Around(
            tuple(notes.get(one.id, ())),
            hires.get(one.id),
            spoken[one.candidate],
            offers[one.offer].answer_days if one.offer in offers else ANSWER_DAYS,
            replies.get(one.id),
        )
        for one in own
        if one.candidate in spoken
    }


def notes_of(transaction: Transaction, forward_ids: Iterable[str]) -> Mapping[str, Sequence[ForwardNote]]:
    """See `node.mission.forwards.ports.Following.notes_of`."""
    found: dict[str, list[ForwardNote]] = {}
    wanted = sa.select(forward_note).where(_note.forward.in_(sorted(set(forward_ids))))
    for row in transaction.connection.execute(wanted.order_by(_note.at, _note.id)).mappings():
        note = ForwardNote(
            id=row["id"],
            forward=row["forward"],
            kind=NoteKind.of(row["kind"]),
            at=row["at"],
            actor=row["actor"],
            on=row["on"],
            channel=ContactChannel.read(row["channel"]),
            text=row["text"],
        )
        found.setdefault(note.forward, []).append(note)
    return found


def note_row(note: ForwardNote) -> dict[str, Any]:
    """As the table has it."""
    return asdict(note) | {"kind": note.kind.value, "channel": note.channel.value if note.channel else ""}


def read_hire(row: Any) -> Hire:
    """A row of the table."""
    values = {name: value for name, value in row._mapping.items() if name != "follow_on"}
    return Hire(**values | {"how": HireWay.of(row.how)})


def hire_row(hire: Hire) -> dict[str, Any]:
    """As the table has it."""
    return asdict(hire) | {"how": hire.how.value, "follow_on": hire.follow_up[1] if hire.follow_up else None}


def _replies(transaction: Transaction, forward_ids: Iterable[str]) -> Mapping[str, WaitingReply]:
    """By forward, the last reply to a sending, about it or about nobody in particular, that is not dealt with."""
    about = sa.and_(_word.sending == _part.sending, _word.forward.in_(["", _part.forward]))
    wanted = (
        sa.select(_part.forward, _part.sending, _word.at)
        .select_from(_parts.join(_words, about))
        .where(_part.forward.in_(sorted(forward_ids)), _word.settled.is_(None))
        .order_by(_word.at)
    )
    return {row[0]: WaitingReply(row[1], row[2]) for row in transaction.connection.execute(wanted)}


def _spoken(transaction: Transaction, people: Iterable[str]) -> Mapping[str, datetime | None]:
    """Of those who are in the register: when a contact with them was written down last."""
    transaction.flush()
    is_contact = sa.and_(_contact.candidate == _person.id, _contact.channel != ContactChannel.NOTE.value)
    last = sa.func.max(_contact.written, type_=UtcDateTime())
    wanted = (
        sa.select(_person.id, last)
        .select_from(candidate_table.outerjoin(_contacts, is_contact))
        .where(_person.id.in_(sorted(people)))
        .group_by(_person.id)
    )
    return {row[0]: row[1] for row in transaction.connection.execute(wanted)}
