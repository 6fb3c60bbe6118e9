"""Of which ends people were written to already. Implements `node.mission.network.ports.ToldEnds`."""

from datetime import datetime

import sqlalchemy as sa

from node.storage.metadata import METADATA
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime

told_end = sa.Table(
    "told_end",
    METADATA,
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("who_acts", sa.Text, primary_key=True),
    sa.Column("ends", UtcDateTime, primary_key=True),
    sa.Column("threshold", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("told", UtcDateTime, nullable=False),
)


class SqlToldEnds:
    """`node.mission.network.ports.ToldEnds`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def is_told(self, what: str, who_acts: str, on: datetime, threshold: int, now: datetime) -> bool:
        found = sa.select(told_end.c.told).where(
            told_end.c.what == what,
            told_end.c.who_acts == who_acts,
            told_end.c.ends == on,
            told_end.c.threshold == threshold,
            told_end.c.told <= now,
        )
        return self._transaction.connection.execute(found).first() is not None

    def remember(self, what: str, who_acts: str, on: datetime, threshold: int, now: datetime) -> None:
        self._transaction.upsert(told_end, what=what, who_acts=who_acts, ends=on, threshold=threshold, told=now)
