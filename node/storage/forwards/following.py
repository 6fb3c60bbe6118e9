"""The mission's one list of its forwards, by group and by state. Implements `node.mission.forwards.ports.Following`.

Every list is filtered, counted and cut by the database: from when on a forward is due is kept beside it, so that none
is read to be counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import sqlalchemy as sa

from node.mission.forwards.following import BOARD, Around, FollowGroup, columns
from node.mission.forwards.forward import Forward, ForwardState, Side
from node.mission.forwards.notes import ForwardNote
from node.mission.forwards.ports import ForwardFilter, Unplaced
from node.mission.parts import Counted
from node.mission.people.candidate import CandidateState
from node.storage.forwards.around import around_of, forward_note, note_row, notes_of
from node.storage.forwards.forwards import SqlForwards, forward_table
from node.storage.people.register import candidate_table
from node.storage.transaction import Transaction

_forward = forward_table.columns
_person = candidate_table.columns
_SOLVED: Final = (ForwardState.INTERVIEW, *columns()[ForwardState.HIRED])
"""What a person who was put forward hopes for; that a hire was broken off is said in their file."""


class SqlFollowing:
    """See the port."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection
        self._forwards = SqlForwards(transaction)

    def counts(self, wanted: ForwardFilter, now: datetime) -> Mapping[FollowGroup, int]:
        one = sa.func.count()
        counted = sa.select(*(one.filter(_in_group(group, now)) for group in FollowGroup)).select_from(forward_table)
        row = self._connection.execute(counted.where(*_conditions(wanted))).one()
        return dict(zip(FollowGroup, row, strict=True))

    def page(
        self, wanted: ForwardFilter, group: FollowGroup, now: datetime, offset: int, limit: int
    ) -> Sequence[Forward]:
        order = (
            (_forward.moved_at.desc(), _forward.id) if group is FollowGroup.DONE else (_forward.due.asc(), _forward.id)
        )
        found = sa.select(_forward.id).where(*_conditions(wanted), _in_group(group, now))
        return self._read(self._connection.execute(found.order_by(*order).offset(offset).limit(limit)).scalars())

    def by_state(self, wanted: ForwardFilter) -> Mapping[ForwardState, int]:
        counted = sa.select(_forward.state, sa.func.count()).where(*_conditions(wanted)).group_by(_forward.state)
        return {ForwardState.of(state): count for state, count in self._connection.execute(counted)}

    def board(self, wanted: ForwardFilter, limit: int) -> Mapping[ForwardState, Sequence[Forward]]:
        where = sa.case(
            {one.value: own.value for one, own in BOARD.items()}, value=_forward.state, else_=_forward.state
        )
        place = sa.func.row_number().over(partition_by=where, order_by=(_forward.moved_at.desc(), _forward.id))
        placed = sa.select(_forward.id, where.label("column"), place.label("place")).where(*_conditions(wanted))
        found = placed.subquery()
        first = sa.select(found.c.id, found.c.column).where(found.c.place <= limit).order_by(found.c.place)
        rows = self._connection.execute(first).all()
        known = self._forwards.some(row.id for row in rows)
        return {state: [known[row.id] for row in rows if row.column == state.value] for state in columns()}

    def employers(self, limit: int) -> Sequence[str]:
        wanted = sa.select(_forward.employer).where(_is_own(), _forward.employer != "").distinct()
        return list(self._connection.execute(wanted.order_by(_forward.employer).limit(limit)).scalars())

    def around(self, forwards: Sequence[Forward]) -> Mapping[str, Around]:
        return around_of(self._transaction, forwards)

    def add_note(self, note: ForwardNote) -> None:
        self._transaction.insert(forward_note, note_row(note))
        self._keep_due([note.forward])

    def notes_of(self, forward_ids: Iterable[str]) -> Mapping[str, Sequence[ForwardNote]]:
        return notes_of(self._transaction, forward_ids)

    def forget_notes(self, forward_id: str) -> None:
        gone = self._transaction.delete(forward_note, forward_note.columns.forward == forward_id)
        self._transaction.destroyed |= gone > 0
        self._keep_due([forward_id])

    def refresh(self, candidate_id: str) -> None:
        self._forwards.keep_due(self._forwards.of_candidate(candidate_id))

    def never_forwarded(self, today: date, owner: str | None, offset: int, limit: int) -> Counted[Unplaced]:
        put = sa.select(_forward.id).where(_forward.candidate == _person.id).correlate(candidate_table).exists()
        conditions = (*_looking(owner), _person.ready_until >= today, ~put)
        total = self._count(sa.select(_person.id).where(*conditions))
        found = sa.select(_person.id, _person.ready_on).where(*conditions).order_by(_person.ready_on, _person.reference)
        rows = self._connection.execute(found.offset(offset).limit(limit))
        return Counted(total, tuple(Unplaced(key, since, 0) for key, since in rows))

    def without_solution(self, until: date, owner: str | None, offset: int, limit: int) -> Counted[Unplaced]:
        first, times = sa.func.min(_forward.created), sa.func.count()
        solved = sa.func.count().filter(_forward.state.in_([state.value for state in _SOLVED]))
        end = datetime.combine(until + timedelta(days=1), time(), UTC)
        grouped = (
            sa.select(_forward.candidate, first.label("first"), times)
            .where(
                _forward.candidate.in_(sa.select(_person.id).where(*_looking(owner))),
                _forward.state != ForwardState.DRAFT.value,
            )
            .group_by(_forward.candidate)
            .having(first < end, solved == 0)
        )
        page = grouped.add_columns(sa.func.count().over()).order_by(first, _forward.candidate)
        rows = self._connection.execute(page.offset(offset).limit(limit)).all()
        # Beyond the last page there is no row to say how many there are.
        total = rows[0][-1] if rows else self._count(grouped) if offset else 0
        return Counted(total, tuple(Unplaced(key, since.date(), times) for key, since, times, _total in rows))

    def _count(self, wanted: sa.Select[Any]) -> int:
        return int(self._connection.execute(sa.select(sa.func.count()).select_from(wanted.subquery())).scalar_one())

    def _keep_due(self, forward_ids: Iterable[str]) -> None:
        self._forwards.keep_due(list(self._forwards.some(forward_ids).values()))

    def _read(self, forward_ids: Iterable[str]) -> Sequence[Forward]:
        ids = list(forward_ids)
        known = self._forwards.some(ids)
        return [known[one] for one in ids]


def _is_own() -> sa.ColumnElement[bool]:
    return _forward.side == Side.HOME.value


def _in_group(group: FollowGroup, now: datetime) -> sa.ColumnElement[bool]:
    """As `following.group`."""
    match group:
        case FollowGroup.TODO:
            return _forward.due <= now
        case FollowGroup.WAITING:
            return _forward.due > now
        case FollowGroup.DONE:
            return _forward.due.is_(None)


def _conditions(wanted: ForwardFilter) -> list[sa.ColumnElement[bool]]:
    conditions = [_is_own()]
    if wanted.owner is not None:
        theirs = sa.select(_person.id).where(_person.owner.in_([wanted.owner, ""]))
        conditions.append(_forward.candidate.in_(theirs))
    if wanted.states:
        conditions.append(_forward.state.in_([state.value for state in wanted.states]))
    if wanted.employer:
        conditions.append(_forward.employer == wanted.employer)
    if wanted.offer:
        conditions.append(_forward.offer == wanted.offer)
    if wanted.due_since is not None:
        conditions.append(_forward.due >= wanted.due_since)
    return conditions


def _looking(owner: str | None) -> list[sa.ColumnElement[bool]]:
    whose = [] if owner is None else [_person.owner.in_([owner, ""])]
    return [_person.state == CandidateState.ACTIVE.value, *whose]
