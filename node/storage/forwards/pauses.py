"""What was decided on employers who do not answer. Implements `node.mission.forwards.ports.EmployerPauses`."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import sqlalchemy as sa

from node.mission.forwards.pauses import EmployerPause
from node.storage.metadata import METADATA
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime

# An employer of a node, by the name that it has in offers.
employer_pause_table = sa.Table(
    "employer_pause",
    METADATA,
    sa.Column("node", sa.String, primary_key=True),
    sa.Column("employer", sa.String, primary_key=True),
    sa.Column("paused", sa.Boolean, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
)

_pause = employer_pause_table.columns


class SqlEmployerPauses:
    """See the port."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def put(self, pause: EmployerPause) -> None:
        self._transaction.upsert(employer_pause_table, **asdict(pause))

    def get(self, node: str, employer: str) -> EmployerPause | None:
        return next(iter(self._all(_pause.node == node, _pause.employer == employer)), None)

    def holding(self, today: date) -> Sequence[EmployerPause]:
        return self._all(_pause.until >= today)

    def _all(self, *wanted: sa.ColumnElement[bool]) -> list[EmployerPause]:
        ordered = sa.select(employer_pause_table).where(*wanted).order_by(_pause.until, _pause.employer, _pause.node)
        return [EmployerPause(**row) for row in self._transaction.connection.execute(ordered).mappings()]
