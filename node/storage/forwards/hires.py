"""Hires, with a forward or without. Implements `node.mission.forwards.ports.Hires`."""

from collections.abc import Sequence

import sqlalchemy as sa

from node.mission.forwards.hire import Hire
from node.storage.errors import Missing
from node.storage.forwards.around import hire_row, hire_table, read_hire
from node.storage.forwards.forwards import SqlForwards
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

    def _refresh(self, hire: Hire) -> None:
        forwards = SqlForwards(self._transaction)
        if hire.forward and (known := forwards.get(hire.forward)) is not None:
            forwards.keep_due([known])

    def _some(self, wanted: sa.ColumnElement[bool]) -> Sequence[Hire]:
        ordered = sa.select(hire_table).where(wanted).order_by(_hire.at.desc(), _hire.id.desc())
        return [read_hire(row) for row in self._transaction.connection.execute(ordered)]
