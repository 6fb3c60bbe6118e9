"""Hires, with a forward or without. Implements `node.mission.forwards.ports.Hires`."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from node.mission.forwards.hire import Hire
from node.mission.parts import Counted
from node.storage.errors import Missing
from node.storage.forwards.around import hire_row, hire_table, read_hire
from node.storage.forwards.forwards import SqlForwards
from node.storage.people.register import candidate_table
from node.storage.transaction import Transaction

_hire = hire_table.columns


class SqlHires:
    """See the port. What is to be done about the forward that a hire came from follows from it."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, hire: Hire) -> None:
        self._transaction.insert(hire_table, hire_row(hire))
        self._refresh(hire)

    def save(self, hire: Hire) -> None:
        if not self._transaction.update(hire_table, hire_row(hire)):
            raise Missing("hire")
        self._refresh(hire)

    def get(self, hire_id: str) -> Hire | None:
        return next(iter(self._some(_hire.id == hire_id)), None)

    def of_candidate(self, candidate_id: str) -> Sequence[Hire]:
        return self._some(_hire.candidate == candidate_id)

    def of_forward(self, forward_id: str) -> Hire | None:
        return next(iter(self._some(_hire.forward == forward_id)), None) if forward_id else None

    def to_follow(self, until: date, owner: str | None, limit: int) -> Counted[Hire]:
        conditions = [_hire.follow_on <= until]
        if owner is not None:
            theirs = sa.select(candidate_table.columns.id).where(candidate_table.columns.owner.in_([owner, ""]))
            conditions.append(_hire.candidate.in_(theirs))
        total = sa.select(sa.func.count()).select_from(hire_table).where(*conditions)
        found = sa.select(hire_table).where(*conditions).order_by(_hire.follow_on, _hire.id).limit(limit)
        connection = self._transaction.connection
        return Counted(connection.execute(total).scalar_one(), tuple(map(read_hire, connection.execute(found))))

    def _refresh(self, hire: Hire) -> None:
        forwards = SqlForwards(self._transaction)
        if hire.forward and (known := forwards.get(hire.forward)) is not None:
            forwards.keep_due([known])

    def _some(self, wanted: sa.ColumnElement[bool]) -> Sequence[Hire]:
        ordered = sa.select(hire_table).where(wanted).order_by(_hire.at.desc(), _hire.id.desc())
        return [read_hire(row) for row in self._transaction.connection.execute(ordered)]
