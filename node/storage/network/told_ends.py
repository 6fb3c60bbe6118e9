"""Of which ends people were written to already. Implements `node.mission.ports.ToldEnds`."""

from datetime import datetime

import sqlalchemy as sa

from node.storage.tables import told_end
from node.storage.transaction import Transaction


class SqlToldEnds:
    """`node.mission.ports.ToldEnds`."""

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
