"""The node's own journal: entries, their openings, and the compact range beside them.

Guarantees: indexes and the numbers of each channel are contiguous; an entry, its opening, and the range that
counts it are written in one transaction. The write lock of the transaction (see engine.py) is what makes "the last"
meaningful. Implements `federation.serving.ports.Journal`; read next: replica.py (the same of other nodes).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from federation.serving.ports import ChannelHead, JournalRecord
from node.storage.errors import WrongDatabase
from node.storage.metadata import METADATA, only_row
from node.storage.transaction import Transaction
from node.storage.types import ROW_NUMBER
from protocol.commitment import NETWORK, Opening, make_opening
from protocol.compact_range import CompactRange
from protocol.messages import Opened, kind_of
from protocol.wire_json import encode, timestamp

journal_state = sa.Table(
    "journal_state",
    METADATA,
    *only_row(),
    sa.Column("node", sa.Text, nullable=False),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("range", sa.LargeBinary, nullable=False),
    sa.Column("checkpoint_size", sa.BigInteger, nullable=False),
    sa.Column("checkpoint", sa.LargeBinary),
)

journal_entry = sa.Table(
    "journal_entry",
    METADATA,
    sa.Column("idx", ROW_NUMBER, primary_key=True, autoincrement=False),
    sa.Column("entry", sa.LargeBinary, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("header_salt", sa.LargeBinary, nullable=False),
    sa.Column("header", sa.LargeBinary, nullable=False),
    sa.Column("body_salt", sa.LargeBinary),
    sa.Column("body", sa.LargeBinary),
    sa.UniqueConstraint("channel", "number"),
)


_entries = journal_entry.columns
_state = journal_state.columns

_HEAD = (
    sa.select(_entries.number, _entries.entry)
    .where(_entries.channel == sa.bindparam("name"), _entries.idx < sa.bindparam("size"))
    .order_by(_entries.number.desc())
    .limit(1)
)


class SqlJournal:
    """`federation.serving.ports.Journal`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    @property
    def epoch(self) -> int:
        return int(self._read(_state.epoch))

    def is_open(self, node: str, epoch: int) -> bool:
        """Whether entry 0 was written; WrongDatabase when that was for another node or epoch."""
        found = self._connection.execute(sa.select(_state.node, _state.epoch)).one_or_none()
        if found is not None and (found.node, found.epoch) != (node, epoch):
            raise WrongDatabase(
                f"the database is that of {found.node} in epoch {found.epoch}, not of {node} in epoch {epoch}"
            )
        return found is not None

    def open(self, node: str, epoch: int, now: datetime) -> None:
        """Write entry 0 of an empty journal."""
        self._connection.execute(
            sa.insert(journal_state),
            {
                "id": 1,
                "node": node,
                "epoch": epoch,
                "size": 0,
                "range": CompactRange().to_bytes(),
                "checkpoint_size": 0,
            },
        )
        opened = Opened(node=node, epoch=epoch, reason="first" if epoch == 1 else "recovered")
        self.append(kind_of(opened), NETWORK, encode(opened), now)

    def append(self, kind: str, channel: str, body: bytes, now: datetime) -> JournalRecord:
        return self.append_many(kind, channel, [body], now)[0]

    def append_many(self, kind: str, channel: str, bodies: Sequence[bytes], now: datetime) -> Sequence[JournalRecord]:
        range_ = self.range()
        (head,) = self.heads([channel], range_.size)
        index, number, previous, time = range_.size, head.number, head.entry.hex(), timestamp(now)
        random_bytes = self._transaction.random_bytes
        records, rows = [], []
        for body in bodies:
            number += 1
            entry, opening = make_opening(kind, channel, number, previous, time, body, random_bytes)
            records.append(JournalRecord(index, entry, channel, number, kind, opening))
            rows.append(
                (index, entry, channel, number, kind, opening.header_salt, opening.header, opening.body_salt, body)
            )
            index, previous = index + 1, entry.hex()
        range_.extend(record.entry for record in records)
        self._transaction.insert_many(journal_entry, rows)
        self._update(size=range_.size, range=range_.to_bytes())
        return records

    def size(self) -> int:
        return int(self._read(_state.size))

    def range(self) -> CompactRange:
        return CompactRange.from_bytes(self._read(_state.range))

    def entries(self, first: int, count: int) -> Sequence[bytes]:
        wanted = sa.select(_entries.entry).where(_entries.idx >= first).order_by(_entries.idx).limit(count)
        return list(self._connection.execute(wanted).scalars())

    def records(self, first: int, count: int) -> Sequence[JournalRecord]:
        wanted = sa.select(journal_entry).where(_entries.idx >= first).order_by(_entries.idx).limit(count)
        return [_record(row) for row in self._connection.execute(wanted)]

    def record(self, index: int) -> JournalRecord | None:
        row = self._connection.execute(sa.select(journal_entry).where(_entries.idx == index)).one_or_none()
        return None if row is None else _record(row)

    def heads(self, channels: Sequence[str], size: int) -> Sequence[ChannelHead]:
        return [self._head(channel, size) for channel in channels]

    def channels(self) -> Sequence[str]:
        wanted = sa.select(_entries.channel).distinct().order_by(_entries.channel)
        return list(self._connection.execute(wanted).scalars())

    def destroy_body(self, index: int) -> None:
        self._connection.execute(
            sa.update(journal_entry).where(_entries.idx == index).values(body_salt=None, body=None)
        )
        self._transaction.destroyed = True

    def checkpoint(self) -> bytes | None:
        note: bytes | None = self._read(_state.checkpoint)
        return note

    def save_checkpoint(self, size: int, note: bytes) -> None:
        signed, present = self._read(_state.checkpoint_size), self.size()
        if not signed <= size <= present:
            raise ValueError(f"a checkpoint of {size} entries after one of {signed}, in a journal of {present}")
        self._update(checkpoint_size=size, checkpoint=note)

    def _head(self, channel: str, size: int) -> ChannelHead:
        row = self._connection.execute(_HEAD, {"name": channel, "size": size}).one_or_none()
        return ChannelHead(channel, 0, b"") if row is None else ChannelHead(channel, row.number, row.entry)

    def _read(self, column: sa.Column[Any]) -> Any:
        row = self._connection.execute(sa.select(column)).one_or_none()
        if row is None:
            raise WrongDatabase("the journal was never opened")
        return row[0]

    def _update(self, **values: Any) -> None:
        self._connection.execute(sa.update(journal_state).values(**values))


def _record(row: Any) -> JournalRecord:
    index, entry, channel, number, kind, header_salt, header, body_salt, body = row
    return JournalRecord(index, entry, channel, number, kind, Opening(header_salt, header, body_salt, body))
