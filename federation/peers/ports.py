"""What visits to peers need from their host: what was taken in, and how the traffic goes. See `federation/ports.py`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec

from federation.serving.ports import ChannelHead
from protocol.commitment import Header, Opening
from protocol.compact_range import CompactRange


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a peer's journal was taken in: everything before `range.size`, proven under `checkpoint`."""

    peer: str
    epoch: int
    range: CompactRange
    checkpoint: bytes | None


class ReplicaRecord(msgspec.Struct, frozen=True, gc=False):
    """One opening that a peer gave us, verified; its body is None when it was not given or was destroyed."""

    index: int
    entry: bytes
    header: Header
    opening: Opening


class Received(msgspec.Struct, frozen=True, gc=False):
    """A message to apply, already proven: its entry is under a checkpoint that was verified in this very sync."""

    peer: str
    epoch: int
    index: int
    entry: bytes
    header: Header
    kind: str
    message: msgspec.Struct


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message kept raw, passed by, and shown as an alarm; or one that was applied and whose answer is still owed (see
    `StillOwed`). `reason` never quotes the message."""

    peer: str
    epoch: int
    index: int
    channel: str
    number: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Two documents of one peer that contradict each other: signed checkpoints (`fork`, `rollback`), or two headers
    under one number (`equivocation`). Kept for ever, never sent by itself; empty bytes where there is only one."""

    peer: str
    epoch: int
    alarm: str
    at: datetime
    first: bytes
    second: bytes


class Replica(Protocol):
    """What peers told us. Rows are unique by (peer, epoch, index) for ever, and (peer, epoch, channel, number)."""

    def cursor(self, peer: str, epoch: int) -> Cursor:
        """The cursor of a peer's epoch; an empty range when nothing was ever taken in."""
        ...

    def save_cursor(self, cursor: Cursor) -> None: ...

    def store(self, peer: str, epoch: int, records: Sequence[ReplicaRecord]) -> None:
        """Insert many at once (executemany); the caller has checked that the cursor stands before them."""
        ...

    def record(self, peer: str, epoch: int, index: int) -> ReplicaRecord | None: ...

    def records(self, peer: str, epoch: int, first: int = 0, count: int = 1000) -> Sequence[ReplicaRecord]:
        """Stored records with index >= first, in order, at most `count`."""
        ...

    def find(self, peer: str, epoch: int, channel: str, number: int) -> ReplicaRecord | None: ...

    def heads(self, peer: str, epoch: int) -> Mapping[str, ChannelHead]:
        """The head, as taken in, of each channel of the peer that we may see."""
        ...

    def save_heads(self, peer: str, epoch: int, heads: Iterable[ChannelHead]) -> None: ...

    def destroy_body(self, peer: str, epoch: int, index: int) -> None: ...

    def refuse(self, refusal: Refusal, at: datetime) -> None: ...

    def refusals(self, peer: str | None = None) -> Sequence[Refusal]: ...

    def clear_refusal(self, refusal: Refusal) -> None:
        """The message was replayed with success after an upgrade, or a tombstone explains it."""
        ...

    def keep_evidence(self, evidence: Evidence) -> None:
        """Keep it once: the same documents about the same peer and alarm a second time change nothing."""
        ...

    def evidence(self, peer: str | None = None) -> Sequence[Evidence]:
        """Oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class PeerState:
    """How the traffic with one peer goes. `failures` counts consecutive failures since `failing_since`; `alarm` is
    empty or one stable word of `federation.peers.schedule.Alarm`."""

    peer: str
    due: datetime
    failures: int = 0
    failing_since: datetime | None = None
    last_success: datetime | None = None
    last_failure: datetime | None = None
    last_error: str = ""
    alarm: str = ""


class Peers(Protocol):
    """Delivery state lives in rows, so that a missed tick is harmless."""

    def state(self, peer: str) -> PeerState | None: ...

    def save(self, state: PeerState) -> None: ...

    def all(self) -> Sequence[PeerState]: ...
