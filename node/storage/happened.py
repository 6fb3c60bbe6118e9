"""What happened, and who is still to hear it. Implements `node.mission.happened.Events`.

Events are numbered by the one writer, so that their order is that of the commits. Those that match-making follows come
by the thousand when peers publish: they are written together at the end of the unit of work, and go to nobody's list.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

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
# One event that one listener is to hear. `held` is until when somebody has it in hand.
delivery_table = sa.Table(
    "delivery",
    METADATA,
    sa.Column("listener", sa.Text, primary_key=True),
    sa.Column("about", sa.Text, primary_key=True),
    sa.Column("event", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("due", UtcDateTime),
    sa.Column("held", UtcDateTime),
    sa.Column("tries", sa.Integer, nullable=False),
)
_event = event_table.columns
_delivery = delivery_table.columns
FARTHEST: Final = timedelta(days=1)
"""What is put off for longer was put off by a clock that was ahead, and has been set back since."""


class SqlEvents:
    """`node.mission.happened.Events`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    def add(self, event: Event) -> None:
        self._transaction.happened.append(event)

    def last(self) -> int:
        return int(self._connection.execute(sa.select(sa.func.max(_event.number))).scalar_one() or 0)

    def since(self, number: int, kinds: frozenset[Happened], limit: int | None = None) -> Sequence[Event]:
        wanted = _event.number > number, _event.kind.in_(sorted(kinds))
        found = sa.select(event_table).where(*wanted).order_by(_event.number).limit(limit)
        return [_read(row) for row in self._connection.execute(found)]

    def is_due(self, now: datetime) -> bool:
        ours = _takable(now).where(_delivery.listener.in_(sorted(LISTENERS)))
        return self._connection.execute(ours.limit(1)).first() is not None

    def take_up(self, listener: str, now: datetime, until: datetime, subject: str = "") -> Delivery | None:
        wanted = [_delivery.listener == listener]
        if subject:
            wanted.append(_delivery.about == subject)
        found = _takable(now, even_if_put_off=bool(subject)).where(*wanted).order_by(_delivery.event).limit(1)
        row = self._connection.execute(found).first()
        if row is None:
            return None
        event = self._connection.execute(sa.select(event_table).where(_event.number == row.event)).one()
        taken = Delivery(listener, _read(event), row.tries)
        self._change(taken, held=until)
        return taken

    def heard(self, delivery: Delivery) -> None:
        self._transaction.delete(delivery_table, *_is(delivery))

    def again(self, delivery: Delivery, at: datetime) -> None:
        self._change(delivery, held=None, due=at, tries=delivery.tries + 1)

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
        numbers = count(self.last() + 1)
        rows = [(next(numbers), str(kind), about, "", "") for kind, about in dict.fromkeys(changes)]
        once = {(one.kind, one.subject, *sorted(one.detail.items())): one for one in happened}
        told = [(next(numbers), one) for one in once.values()]
        self._transaction.insert_many(event_table, rows + [_row(number, one) for number, one in told])
        self._transaction.insert(delivery_table, *_deliveries(told))
        changes.clear()
        happened.clear()

    def _change(self, delivery: Delivery, **values: Any) -> None:
        self._connection.execute(sa.update(delivery_table).where(*_is(delivery)).values(**values))


def _deliveries(numbered: Iterable[tuple[int, Event]]) -> list[dict[str, Any]]:
    return [
        {
            "listener": listener,
            "about": one.subject,
            "event": number,
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
    return sa.or_(_delivery.held.is_(None), _delivery.held <= now, _delivery.held > now + FARTHEST)


def _takable(now: datetime, *, even_if_put_off: bool = False) -> sa.Select[Any]:
    """The oldest of each listener and subject, if it is free and its time has come."""
    earlier = delivery_table.alias()
    first = sa.not_(
        sa.exists().where(
            earlier.c.listener == _delivery.listener,
            earlier.c.about == _delivery.about,
            earlier.c.event < _delivery.event,
        )
    )
    wanted = [first, _free(now)]
    if not even_if_put_off:
        wanted.append(sa.or_(_delivery.due.is_(None), _delivery.due <= now, _delivery.due > now + FARTHEST))
    return sa.select(_delivery.event, _delivery.tries).where(*wanted)


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
