"""The last verified directory, kept apart from TUF's own cache, and the coordinator's pending join requests.

Implements `federation.membership.ports.DirectoryStore`; read next: `federation/membership/directory.py`.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from node.storage.metadata import METADATA, only_row
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime

directory_cache = sa.Table(
    "directory_cache",
    METADATA,
    *only_row(),
    sa.Column("members_json", sa.LargeBinary, nullable=False),
    sa.Column("verified_at", UtcDateTime, nullable=False),
)

join_request = sa.Table(
    "join_request",
    METADATA,
    sa.Column("node", sa.Text, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)


_MEMBERS = sa.select(directory_cache.c.members_json)


class SqlDirectoryStore:
    """`federation.membership.ports.DirectoryStore`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    def members_json(self) -> bytes | None:
        data: bytes | None = self._connection.execute(_MEMBERS).scalar()
        return data

    def save_members_json(self, data: bytes, verified_at: datetime) -> None:
        self._transaction.upsert(directory_cache, id=1, members_json=data, verified_at=verified_at)

    def verified_at(self) -> datetime | None:
        moment: datetime | None = self._connection.execute(sa.select(directory_cache.c.verified_at)).scalar()
        return moment

    def join_requests(self) -> Mapping[str, bytes]:
        rows = self._connection.execute(sa.select(join_request).order_by(join_request.c.node))
        return {row.node: row.data for row in rows}

    def save_join_request(self, node: str, data: bytes, at: datetime) -> None:
        self._transaction.upsert(join_request, node=node, data=data, at=at)

    def drop_join_request(self, node: str) -> None:
        self._connection.execute(sa.delete(join_request).where(join_request.c.node == node))
