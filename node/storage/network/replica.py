"""What peers told: their openings, how far each was taken in, and what could not be applied.

Guarantees: (peer, epoch, index) and (peer, epoch, channel, number) are unique for ever, by the tables themselves, so
that a message can never be applied twice. Rows come in by the page, hence the bulk insertion. Implements
`federation.peers.ports.Replica`; read next: `federation/peers/visit.py`, which decides what comes in.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from federation.peers.ports import Cursor, Evidence, Refusal, ReplicaRecord
from federation.serving.ports import ChannelHead
from node.storage.metadata import METADATA
from node.storage.network.peers import SqlPeers
from node.storage.network.peers import peer as peer_table
from node.storage.transaction import Transaction
from node.storage.types import UtcDateTime
from protocol.commitment import Opening, decode_header
from protocol.compact_range import CompactRange

replica_cursor = sa.Table(
    "replica_cursor",
    METADATA,
    sa.Column("peer", sa.ForeignKey("peer.id"), primary_key=True),
    sa.Column("epoch", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("range", sa.LargeBinary, nullable=False),
    sa.Column("checkpoint", sa.LargeBinary),
)

replica_head = sa.Table(
    "replica_head",
    METADATA,
    sa.Column("peer", sa.ForeignKey("peer.id"), primary_key=True),
    sa.Column("epoch", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("entry", sa.LargeBinary, nullable=False),
)

replica_entry = sa.Table(
    "replica_entry",
    METADATA,
    sa.Column("peer", sa.ForeignKey("peer.id"), primary_key=True),
    sa.Column("epoch", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("idx", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("entry", sa.LargeBinary, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("header_salt", sa.LargeBinary, nullable=False),
    sa.Column("header", sa.LargeBinary, nullable=False),
    sa.Column("body_salt", sa.LargeBinary),
    sa.Column("body", sa.LargeBinary),
    sa.UniqueConstraint("peer", "epoch", "channel", "number"),
)

refusal_table = sa.Table(
    "refusal",
    METADATA,
    sa.Column("peer", sa.ForeignKey("peer.id"), primary_key=True),
    sa.Column("epoch", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("idx", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)

evidence_table = sa.Table(
    "evidence",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("peer", sa.ForeignKey("peer.id"), nullable=False),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("alarm", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("first", sa.LargeBinary, nullable=False),
    sa.Column("second", sa.LargeBinary, nullable=False),
)


_entries = replica_entry.columns
_cursors = replica_cursor.columns
_heads = replica_head.columns
_refusals = refusal_table.columns
_evidence = evidence_table.columns

# Made once, as in peers.py.
_CURSOR = (
    sa.select(_cursors.range, _cursors.checkpoint)
    .join(peer_table)
    .where(peer_table.c.node == sa.bindparam("name"), _cursors.epoch == sa.bindparam("its_epoch"))
)
_ALL_REFUSALS = (
    sa.select(refusal_table, peer_table.c.node)
    .join(peer_table)
    .order_by(peer_table.c.node, _refusals.epoch, _refusals.idx)
)
_REFUSALS = _ALL_REFUSALS.where(peer_table.c.node == sa.bindparam("name"))
_HEADS = (
    sa.select(_heads.channel, _heads.number, _heads.entry)
    .join(peer_table)
    .where(peer_table.c.node == sa.bindparam("name"), _heads.epoch == sa.bindparam("its_epoch"))
    .order_by(_heads.channel)
)


class SqlReplica:
    """`federation.peers.ports.Replica`."""

    def __init__(self, transaction: Transaction, peers: SqlPeers) -> None:
        self._transaction = transaction
        self._connection = transaction.connection
        self._peers = peers

    def cursor(self, peer: str, epoch: int) -> Cursor:
        row = self._connection.execute(_CURSOR, {"name": peer, "its_epoch": epoch}).one_or_none()
        if row is None:
            return Cursor(peer, epoch, CompactRange(), None)
        return Cursor(peer, epoch, CompactRange.from_bytes(row.range), row.checkpoint)

    def save_cursor(self, cursor: Cursor) -> None:
        self._transaction.upsert(
            replica_cursor,
            peer=self._peers.number_for(cursor.peer),
            epoch=cursor.epoch,
            range=cursor.range.to_bytes(),
            checkpoint=cursor.checkpoint,
        )

    def store(self, peer: str, epoch: int, records: Sequence[ReplicaRecord]) -> None:
        number = self._peers.number_for(peer)
        self._transaction.insert_many(
            replica_entry,
            [
                (
                    number,
                    epoch,
                    record.index,
                    record.entry,
                    record.header.channel,
                    record.header.number,
                    record.opening.header_salt,
                    record.opening.header,
                    record.opening.body_salt,
                    record.opening.body,
                )
                for record in records
            ],
        )

    def record(self, peer: str, epoch: int, index: int) -> ReplicaRecord | None:
        return self._one(_of(peer, epoch).where(_entries.idx == index))

    def records(self, peer: str, epoch: int, first: int = 0, count: int = 1000) -> Sequence[ReplicaRecord]:
        wanted = _of(peer, epoch).where(_entries.idx >= first).order_by(_entries.idx).limit(count)
        return [_record(row) for row in self._connection.execute(wanted)]

    def find(self, peer: str, epoch: int, channel: str, number: int) -> ReplicaRecord | None:
        return self._one(_of(peer, epoch).where(_entries.channel == channel, _entries.number == number))

    def heads(self, peer: str, epoch: int) -> Mapping[str, ChannelHead]:
        rows = self._connection.execute(_HEADS, {"name": peer, "its_epoch": epoch})
        return {row.channel: ChannelHead(row.channel, row.number, row.entry) for row in rows}

    def save_heads(self, peer: str, epoch: int, heads: Iterable[ChannelHead]) -> None:
        number = self._peers.number_for(peer)
        rows = [(number, epoch, head.channel, head.number, head.entry) for head in heads]
        self._transaction.upsert_many(replica_head, rows)

    def destroy_body(self, peer: str, epoch: int, index: int) -> None:
        number = self._peers.number(peer)
        self._connection.execute(
            sa.update(replica_entry)
            .where(_entries.peer == number, _entries.epoch == epoch, _entries.idx == index)
            .values(body_salt=None, body=None)
        )
        self._transaction.destroyed = True

    def refuse(self, refusal: Refusal, at: datetime) -> None:
        self._transaction.upsert(
            refusal_table,
            peer=self._peers.number_for(refusal.peer),
            epoch=refusal.epoch,
            idx=refusal.index,
            channel=refusal.channel,
            number=refusal.number,
            kind=refusal.kind,
            reason=refusal.reason,
            at=at,
        )

    def refusals(self, peer: str | None = None) -> Sequence[Refusal]:
        wanted, named = (_ALL_REFUSALS, {}) if peer is None else (_REFUSALS, {"name": peer})
        rows = self._connection.execute(wanted, named)
        return [Refusal(row.node, row.epoch, row.idx, row.channel, row.number, row.kind, row.reason) for row in rows]

    def clear_refusal(self, refusal: Refusal) -> None:
        number = self._peers.number(refusal.peer)
        self._connection.execute(
            sa.delete(refusal_table).where(
                _refusals.peer == number, _refusals.epoch == refusal.epoch, _refusals.idx == refusal.index
            )
        )

    def keep_evidence(self, evidence: Evidence) -> None:
        number = self._peers.number_for(evidence.peer)
        documents = {
            "peer": number,
            "epoch": evidence.epoch,
            "alarm": evidence.alarm,
            "first": evidence.first,
            "second": evidence.second,
        }
        same = sa.select(_evidence.id).where(*(evidence_table.c[name] == value for name, value in documents.items()))
        if self._connection.execute(same).first() is None:
            self._connection.execute(sa.insert(evidence_table), documents | {"at": evidence.at})

    def evidence(self, peer: str | None = None) -> Sequence[Evidence]:
        wanted = sa.select(evidence_table, peer_table.c.node).join(peer_table)
        if peer is not None:
            wanted = wanted.where(peer_table.c.node == peer)
        rows = self._connection.execute(wanted.order_by(_evidence.at, _evidence.id))
        return [Evidence(row.node, row.epoch, row.alarm, row.at, row.first, row.second) for row in rows]

    def _one(self, wanted: sa.Select[Any]) -> ReplicaRecord | None:
        row = self._connection.execute(wanted).one_or_none()
        return None if row is None else _record(row)


def _of(peer: str, epoch: int) -> sa.Select[Any]:
    number = sa.select(peer_table.c.id).where(peer_table.c.node == peer).scalar_subquery()
    return sa.select(replica_entry).where(_entries.peer == number, _entries.epoch == epoch)


def _record(row: Any) -> ReplicaRecord:
    _, _, index, entry, _, _, header_salt, header, body_salt, body = row
    return ReplicaRecord(index, entry, decode_header(header), Opening(header_salt, header, body_salt, body))
