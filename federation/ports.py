"""What the federation needs from its host, shaped by its callers. `node/storage` implements the data ports.

Every data port hangs on a `UnitOfWork`, which is one database transaction: all that is written through it becomes
durable together when the `with` block of `Database.write()` ends without an exception, and none of it otherwise.
Writers are serialised (one at a time for the whole node, across processes); readers see one snapshot. No unit of work
may be open across a network call. Implementations raise nothing of their own database library through these ports
except for a broken database.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from protocol.commitment import Header, Opening
from protocol.keys import NodeKeys
from protocol.merkle import CompactRange


class Clock(Protocol):
    """Where the time comes from; the simulator has its own."""

    def now(self) -> datetime:
        """Aware UTC."""
        ...


class Keyring(Protocol):
    """The node's private keys, which a rotation replaces while the process goes on; `NodeKeys` is one that never
    changes. Safe to share between threads."""

    @property
    def current(self) -> NodeKeys:
        """The keys that sign and open now, as one set."""
        ...


class JournalRecord(msgspec.Struct, frozen=True, gc=False):
    """One entry of this node's own journal, with its opening (whose body is None once destroyed)."""

    index: int
    entry: bytes
    channel: str
    number: int
    kind: str
    opening: Opening


@dataclass(frozen=True, slots=True)
class ChannelHead:
    """The last message of a channel: its number (0 when there is none) and entry (empty when there is none)."""

    channel: str
    number: int
    entry: bytes


class Journal(Protocol):
    """This node's own append-only log, which is its outbox as well."""

    @property
    def epoch(self) -> int: ...

    def append(self, kind: str, channel: str, body: bytes, now: datetime) -> JournalRecord:
        """Number the message in its channel, commit to it and add it as the last entry. `body` is canonical."""
        ...

    def append_many(self, kind: str, channel: str, bodies: Sequence[bytes], now: datetime) -> Sequence[JournalRecord]:
        """As `append` for each body in order, several times faster."""
        ...

    def size(self) -> int: ...

    def range(self) -> CompactRange:
        """The compact range kept beside the entries, updated by each append: the first of two paths to the root."""
        ...

    def entries(self, first: int, count: int) -> Sequence[bytes]:
        """33-byte entries from `first`, at most `count`, read from the entries table: the second path."""
        ...

    def records(self, first: int, count: int) -> Sequence[JournalRecord]: ...

    def record(self, index: int) -> JournalRecord | None: ...

    def heads(self, channels: Sequence[str], size: int) -> Sequence[ChannelHead]:
        """The heads of these channels among the first `size` entries, in the order asked."""
        ...

    def channels(self) -> Sequence[str]:
        """Every channel that has a message, in ascending order."""
        ...

    def destroy_body(self, index: int) -> None:
        """Forget a body and its salt for good; entry and header stay."""
        ...

    def checkpoint(self) -> bytes | None:
        """The last signed checkpoint (a signed note), or None before the first."""
        ...

    def save_checkpoint(self, size: int, note: bytes) -> None: ...


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


class DirectoryStore(Protocol):
    """The last verified directory, kept apart from TUF's own cache: expired means degraded, never stopped."""

    def members_json(self) -> bytes | None:
        """The last verified `members.json`, canonical."""
        ...

    def save_members_json(self, data: bytes, verified_at: datetime) -> None: ...

    def verified_at(self) -> datetime | None: ...

    def join_requests(self) -> Mapping[str, bytes]:
        """Coordinator only: pending join requests by node id, exact signed bytes."""
        ...

    def save_join_request(self, node: str, data: bytes, at: datetime) -> None: ...

    def drop_join_request(self, node: str) -> None: ...


class Nonces(Protocol):
    """Requests already seen. (keyid, nonce) is unique for 15 minutes."""

    def remember(self, key_id: str, nonce: str, now: datetime) -> bool:
        """True when it was new; also forgets those older than 15 minutes."""
        ...


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Who was given what about one person. `order` fields are empty until an erasure is ordered, `receipt_*` until the
    holder has answered; `sent_index` and `order_index` are those of our own journal, `receipt_index` the holder's.
    `order_message` and `receipt_message` are the exact signed messages, which their journals hold sealed."""

    forward: str
    candidate: str
    holder: str
    disclosed_at: datetime
    sent_index: int
    order: str = ""
    ordered_at: datetime | None = None
    order_index: int | None = None
    order_message: bytes = b""
    receipt_at: datetime | None = None
    receipt_index: int | None = None
    receipt_epoch: int | None = None
    receipt_message: bytes = b""


class Disclosures(Protocol):
    """The disclosure ledger of the home mission."""

    def add(self, disclosure: Disclosure) -> None: ...

    def save(self, disclosure: Disclosure) -> None: ...

    def of_forward(self, forward: str) -> Disclosure | None: ...

    def of_candidate(self, candidate: str) -> Sequence[Disclosure]: ...

    def by_order(self, order: str) -> Disclosure | None: ...

    def all(self) -> Sequence[Disclosure]:
        """The whole ledger, oldest disclosure first."""
        ...

    def pending(self) -> Sequence[Disclosure]:
        """Ordered, without a receipt yet; oldest order first."""
        ...


class UnitOfWork(Protocol):
    """One transaction, with the federation's repositories on it. The node's own unit of work has more."""

    @property
    def journal(self) -> Journal: ...

    @property
    def replica(self) -> Replica: ...

    @property
    def peers(self) -> Peers: ...

    @property
    def directory(self) -> DirectoryStore: ...

    @property
    def nonces(self) -> Nonces: ...

    @property
    def disclosures(self) -> Disclosures: ...

    def savepoint(self) -> AbstractContextManager[Any]:
        """A nested block: an exception that leaves it undoes what was written inside it, and goes on upwards."""
        ...


U = TypeVar("U", bound=UnitOfWork)
U_co = TypeVar("U_co", bound=UnitOfWork, covariant=True)
U_contra = TypeVar("U_contra", bound=UnitOfWork, contravariant=True)


class Database(Protocol[U_co]):
    """Where units of work come from."""

    def write(self) -> AbstractContextManager[U_co]:
        """The one writer. Commits at the end of the block; rolls back on any exception."""
        ...

    def read(self) -> AbstractContextManager[U_co]:
        """One snapshot; writing through it is an error."""
        ...


class StillOwed(Exception):
    """A handler did what a message asks, and could not answer it yet (the sender's key has ended): what it wrote is
    kept, and it is called again with the same message later. `word` is stable and says what is owed."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class Handler(Protocol[U_contra]):
    """Applies messages of one kind, in order, inside the sync's unit of work. An exception undoes the whole call; the
    sync then calls again with each message alone, and refuses those that fail. Only StillOwed, of one message alone,
    undoes nothing."""

    def __call__(self, uow: U_contra, messages: Sequence[Received], now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Handlers(Generic[U]):
    """Kind -> handler. A kind without a handler is stored and needs nothing more (`opened/1`). `local` are the host's
    errors that no message is to blame for (its disk, its database), beside MemoryError and OSError: they refuse
    nothing, and leave the unit of work."""

    by_kind: Mapping[str, Handler[U]]
    local: tuple[type[Exception], ...] = ()

    @property
    def trouble(self) -> tuple[type[Exception], ...]:
        """Every error of this machine itself."""
        return (MemoryError, OSError, *self.local)
