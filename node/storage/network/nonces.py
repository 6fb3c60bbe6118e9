"""Requests already seen, so that none is carried out twice. Implements `federation.serving.ports.Nonces`."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from node.storage.metadata import METADATA
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime

nonce_table = sa.Table(
    "nonce",
    METADATA,
    sa.Column("key_id", sa.Text, primary_key=True),
    sa.Column("nonce", sa.Text, primary_key=True),
    sa.Column("seen", UtcDateTime, nullable=False, index=True),
)


KEPT = timedelta(minutes=15)
"""Longer than a signed request can stay valid, whatever the clocks."""


class SqlNonces:
    """`federation.serving.ports.Nonces`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def remember(self, key_id: str, nonce: str, now: datetime) -> bool:
        forgotten = sa.delete(nonce_table).where(nonce_table.c.seen < now - KEPT)
        self._transaction.connection.execute(forgotten)
        return self._transaction.insert_if_new(nonce_table, key_id=key_id, nonce=nonce, seen=now)
