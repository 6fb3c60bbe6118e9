"""Delivery state of each peer, and the small number under which the replica keeps it.

Implements `federation.peers.ports.Peers`; read next: replica.py.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from federation.peers.ports import PeerState
from node.storage.metadata import METADATA
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime

peer = sa.Table(
    "peer",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("node", sa.Text, nullable=False, unique=True),
    sa.Column("due", UtcDateTime, comment="empty for a peer whose delivery state was never saved"),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("failing_since", UtcDateTime),
    sa.Column("last_success", UtcDateTime),
    sa.Column("last_failure", UtcDateTime),
    sa.Column("last_error", sa.Text, nullable=False),
    sa.Column("alarm", sa.Text, nullable=False),
)


_peer = peer.columns

# Made once: these are asked at every visit, and to put a statement together takes longer than to execute it.
_ALL = sa.select(peer).where(_peer.due.is_not(None)).order_by(_peer.node)
_STATE = _ALL.where(_peer.node == sa.bindparam("name"))
_KEPT = ("due", "failures", "failing_since", "last_success", "last_failure", "last_error", "alarm")
_SAVE = sa.update(peer).where(_peer.id == sa.bindparam("of")).values({name: sa.bindparam(name) for name in _KEPT})
_NUMBER = sa.select(_peer.id).where(_peer.node == sa.bindparam("name"))


class SqlPeers:
    """`federation.peers.ports.Peers`."""

    def __init__(self, transaction: Transaction) -> None:
        self._connection = transaction.connection

    def state(self, peer: str) -> PeerState | None:
        row = self._connection.execute(_STATE, {"name": peer}).one_or_none()
        return None if row is None else _value(row)

    def save(self, state: PeerState) -> None:
        kept = {name: getattr(state, name) for name in _KEPT}
        self._connection.execute(_SAVE, {"of": self.number_for(state.peer), **kept})

    def all(self) -> Sequence[PeerState]:
        return [_value(row) for row in self._connection.execute(_ALL)]

    def number(self, node: str) -> int | None:
        """The number of a peer's rows; None when nothing was ever kept of it."""
        number: int | None = self._connection.execute(_NUMBER, {"name": node}).scalar()
        return number

    def number_for(self, node: str) -> int:
        """As `number`, given now when there is none."""
        number = self.number(node)
        if number is None:
            unknown = {"node": node, "failures": 0, "last_error": "", "alarm": ""}
            inserted = self._connection.execute(sa.insert(peer).returning(_peer.id), unknown)
            number = int(inserted.scalar_one())
        return number


def _value(row: Any) -> PeerState:
    return PeerState(
        peer=row.node,
        due=row.due,
        failures=row.failures,
        failing_since=row.failing_since,
        last_success=row.last_success,
        last_failure=row.last_failure,
        last_error=row.last_error,
        alarm=row.alarm,
    )
