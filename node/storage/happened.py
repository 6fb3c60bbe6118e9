"""What happened, and who is still to hear it. Implements `node.mission.happened.Events`.

Events are numbered by the one writer, so that their order is that of the commits. Those that match-making follows come
by the thousand when peers publish: they are written together at the end of the unit of work, and go to nobody's list.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import count
from typing import Any

import msgspec
import sqlalchemy as sa

from node.mission.happened import HEAD_START, LISTENERS, Delivery, Event, Happened
from node.storage.metadata import METADATA
from node.storage.transaction import Transaction
from node.storage.types import ROW_NUMBER, UtcDateTime

event_table = sa.Table(
    "event",
    METADATA,
    sa.Column("number", ROW_NUMBER, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False, comment="an identifier"),
    sa.Column("at", sa.Text, nullable=False, comment="UTC, ISO; empty where nobody asks"),
    sa.Column("detail", sa.Text, nullable=False, comment="JSON of stable words; empty without"),
)
# One event that one listener is to hear: not before `due`, unless it is asked for; nobody else's until `held`. Both
# were said at `since`: when that is still to come, the clock has been set back, and they say nothing.
delivery_table = sa.Table(
    "delivery",
    METADATA,
    sa.Column("listener", sa.Text, primary_key=True),
    sa.Column("about", sa.Text, primary_key=True),
    sa.Column("event", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("since", UtcDateTime),
    sa.Column("due", UtcDateTime),
    sa.Column("held", UtcDateTime),
    sa.Column("tries", sa.Integer, nullable=False),
)
_event = event_table.columns
_delivery = delivery_table.columns


class SqlEvents:
    """`node.mission.happened.Events`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    def add(self, event: Event, *, instead: bool = False) -> None:
        self._transaction.happened.append((event, instead))

    def last(self) -> int:
        return int(self._connection.execute(sa.select(sa.func.max(_event.number))).scalar_one() or 0)

    def since(self, number: int, kinds: frozenset[Happened], limit: int | None = None) -> Sequence[Event]:
        wanted = _event.number > number, _event.kind.in_(sorted(kinds))
        found = sa.select(event_table).where(*wanted).order_by(_event.number).limit(limit)
        return [_read(row) for row in self._connection.execute(found)]

    def due(self, now: datetime, subject: str = "") -> Collection[str]:
        found = sa.select(_delivery.listener).distinct().where(*_takable(now, subject))
        return set(self._connection.execute(found).scalars()) & set(LISTENERS)

    def take_up(self, listener: str, now: datetime, until: datetime, subject: str = "") -> Delivery | None:
        found = sa.select(_delivery.event, _delivery.tries).where(_delivery.listener == listener)
        row = self._connection.execute(found.where(*_takable(now, subject)).order_by(_delivery.event).limit(1)).first()
        if row is None:
            return None
        event = self._connection.execute(sa.select(event_table).where(_event.number == row.event)).one()
        taken = Delivery(listener, _read(event), row.tries)
        self._change(taken, held=until, since=now)
        return taken

    def heard(self, delivery: Delivery) -> None:
        self._transaction.delete(delivery_table, *_is(delivery))

    def again(self, delivery: Delivery, now: datetime, at: datetime) -> None:
        self._change(delivery, held=None, since=now, due=at, tries=delivery.tries + 1)

    def withdraw(self, subject: str, kind: Happened) -> None:
        self._transaction.delete(
            delivery_table, _delivery.about == subject, _delivery.kind == kind.value, _delivery.held.is_(None)
        )

    def in_hand(self, subject: str, now: datetime) -> bool:
        held = sa.select(_delivery.event).where(_delivery.about == subject, sa.not_(_free(now)))
        return self._connection.execute(held.limit(1)).first() is not None

    def forget_before(self, number: int) -> int:
        waiting = sa.select(_delivery.event)
        newest = sa.select(sa.func.max(_event.number)).scalar_subquery()
        old = _event.number < number, _event.number < newest, _event.number.not_in(waiting)
        return self._transaction.delete(event_table, *old)

    def write(self) -> None:
        """Keep what was told in this unit of work, and for whom."""
        changes, happened = self._transaction.changes, self._transaction.happened
        if not changes and not happened:
            return
        for event, instead in happened:
            if instead:
                self.withdraw(event.subject, event.kind)
        numbers = count(self.last() + 1)
        rows = [(next(numbers), str(kind), about, "", "") for kind, about in _once(changes)]
        told = {(one.kind, one.subject, *sorted(one.detail.items())): one for one, _instead in happened}
        numbered = [(next(numbers), one) for one in told.values()]
        self._transaction.insert_many(event_table, rows + [_row(number, one) for number, one in numbered])
        self._transaction.insert(delivery_table, *_deliveries(numbered))
        changes.clear()
        happened.clear()

    def _change(self, delivery: Delivery, **values: Any) -> None:
        self._connection.execute(sa.update(delivery_table).where(*_is(delivery)).values(**values))


def _once(changes: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """Each once, where it was told last."""
    return list(dict.fromkeys(reversed(changes)))[::-1]


def _deliveries(numbered: Iterable[tuple[int, Event]]) -> list[dict[str, Any]]:
    return [
        {
            "listener": listener,
            "about": one.subject,
            "event": number,
            "kind": one.kind.value,
            "since": one.at,
            "due": one.at and one.at + HEAD_START,
            "held": None,
            "tries": 0,
        }
        for number, one in numbered
        for listener, kinds in LISTENERS.items()
        if one.kind in kinds
    ]


def _free(now: datetime) -> sa.ColumnElement[bool]:
    """Nobody has it in hand, or whoever had it died with it."""
    return sa.or_(_delivery.held.is_(None), _delivery.held <= now, _delivery.since > now)


def _takable(now: datetime, subject: str) -> Sequence[sa.ColumnElement[bool]]:
    """The oldest of each listener and subject, if it is free and its time has come. What an older version of this
    program does not know waits for a newer one."""
    earlier = delivery_table.alias()
    before = earlier.c.listener == _delivery.listener, earlier.c.about == _delivery.about
    first = sa.not_(sa.exists().where(*before, earlier.c.event < _delivery.event))
    come = (
        _delivery.about == subject
        if subject
        else sa.or_(_delivery.due.is_(None), _delivery.due <= now, _delivery.since > now)
    )
    return first, _free(now), come, _delivery.kind.in_([kind.value for kind in Happened])


def _is(delivery: Delivery) -> tuple[sa.ColumnElement[bool], ...]:
    event = delivery.event
    return _delivery.listener == delivery.listener, _delivery.about == event.subject, _delivery.event == event.number


def _row(number: int, event: Event) -> tuple[Any, ...]:
    detail = msgspec.json.encode(event.detail).decode() if event.detail else ""
    return number, event.kind.value, event.subject, event.at.isoformat() if event.at else "", detail


def _read(row: Any) -> Event:
    return Event(
        kind=Happened(row.kind),
        subject=row.about,
        at=datetime.fromisoformat(row.at) if row.at else None,
        detail=msgspec.json.decode(row.detail) if row.detail else {},
        number=row.number,
    )
