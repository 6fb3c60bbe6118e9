"""What the federation needs from its host, shaped by its callers. `node/storage` implements the data ports.

Every data port hangs on a `UnitOfWork`, which is one database transaction: all that is written through it becomes
durable together when the `with` block of `Database.write()` ends without an exception, and none of it otherwise.
Writers are serialised (one at a time for the whole node, across processes); readers see one snapshot. No unit of work
may be open across a network call. Implementations raise nothing of their own database library through these ports
except for a broken database.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from federation.erasure.ports import Disclosures
from federation.membership.ports import DirectoryStore
from federation.peers.ports import Peers, Received, Replica
from federation.serving.ports import Journal, Nonces
from protocol.keys import NodeKeys


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
