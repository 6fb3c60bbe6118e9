"""What every part of the federation is given: one frozen value a node, made by the composition root.

Guarantees: nothing here opens a unit of work by itself except `members()`, which reads one row and decodes it only when
it changed. Read next: ports.py (what the host supplies), peers/visit.py (what uses it most).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock
from typing import Generic

from federation.errors import NoDirectory
from federation.membership.directory import ACTIVE, find_member
from federation.peers.schedule import Pace
from federation.ports import Clock, Database, Handlers, Keyring, U
from federation.transport.client import Transport
from protocol.keys import NodeKeys, Purpose
from protocol.members import Member, Members, decode_members
from protocol.note import VerifierKey
from protocol.page import MAX_PAGE_BYTES
from protocol.tree import MerkleTree


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on what is asked, answered and kept."""

    page_records: int = 4096
    page_bytes: int = 8 * 1024 * 1024
    """Uncompressed, for the pages that we answer; a single larger record is still handed over."""
    answer_bytes: int = MAX_PAGE_BYTES
    """On the wire, for the pages that peers answer: bodies that are sealed do not shrink."""
    request_bytes: int = 64 * 1024
    """The body of a request to us."""
    join_requests: int = 1000
    """Pending at once, on a coordinator; requests of members, which one of their keys has signed, have room beyond."""
    join_requests_a_minute: int = 60
    """From one client address."""
    public_requests_a_minute: int = 6000
    """From one client address, on the routes that need no signature."""
    member_requests_a_minute: int = 6000
    """Of one member, on the routes that need a signature."""
    refusals_a_minute: int = 600
    """With a reason, for one client address whose signatures prove nothing."""
    peer_bytes_a_day: int = 200 * 1000 * 1000
    """Openings taken in from one peer in a day (UTC); the page that passes it is the last one of that day."""


@dataclass(slots=True)
class Meter:
    """How many bytes were taken in from each peer on the present day. Of this process alone: a restart, or a person's
    `maillon sync`, begins anew."""

    lock: Lock = field(default_factory=Lock)
    day: date = date.min
    taken: dict[str, int] = field(default_factory=dict)

    def add(self, peer: str, size: int, day: date) -> int:
        """Count so many bytes more (none, to ask); how many it were on that day."""
        with self.lock:
            if day != self.day:
                self.day, self.taken = day, {}
            self.taken[peer] = self.taken.get(peer, 0) + size
            return self.taken[peer]


@dataclass(slots=True)
class Claims:
    """The peers that scheduled visits of this process are at: no two go to one peer."""

    lock: Lock = field(default_factory=Lock)
    claimed: set[str] = field(default_factory=set)

    @contextmanager
    def first(self, peers: Iterable[str]) -> Iterator[str | None]:
        """Claim the first that is free, for the length of the block; None when there is none."""
        with self.lock:
            peer = next((one for one in peers if one not in self.claimed), None)
            if peer is not None:
                self.claimed.add(peer)
        try:
            yield peer
        finally:
            if peer is not None:
                with self.lock:
                    self.claimed.discard(peer)


@dataclass(slots=True)
class TreeCache:
    """The Merkle tree over our own committed entries, grown on demand; whoever touches it holds the lock."""

    lock: Lock = field(default_factory=Lock)
    tree: MerkleTree = field(default_factory=MerkleTree)


@dataclass(slots=True)
class _MembersCache:
    """Replaced as one pair, so that threads never see the bytes of one directory with the members of another."""

    decoded: tuple[bytes, Members] | None = None


@dataclass(frozen=True)
class Federation(Generic[U]):
    """A node as its peers meet it. `keyring` holds its private keys, which are replaced while it serves; `epoch` is
    that of its journal, `base_url` the one that the directory states."""

    node_id: str
    base_url: str
    epoch: int
    keyring: Keyring
    database: Database[U]
    handlers: Handlers[U]
    transport: Transport
    clock: Clock
    random_bytes: Callable[[int], bytes]
    limits: Limits = field(default_factory=Limits)
    pace: Pace = field(default_factory=Pace)
    tree: TreeCache = field(default_factory=TreeCache, repr=False)
    claims: Claims = field(default_factory=Claims, repr=False)
    meter: Meter = field(default_factory=Meter, repr=False)
    _members: _MembersCache = field(default_factory=_MembersCache, repr=False)

    @property
    def keys(self) -> NodeKeys:
        """The keys that sign and open now. Take them once for one act: the next time they may be others."""
        return self.keyring.current

    def now(self) -> datetime:
        """Aware UTC."""
        return self.clock.now()

    def members(self) -> Members:
        """The directory in force; NoDirectory before the first one was verified."""
        with self.database.read() as uow:
            data = uow.directory.members_json()
        if data is None:
            raise NoDirectory("no directory was verified yet")
        decoded = self._members.decoded
        if decoded is None or decoded[0] != data:
            self._members.decoded = decoded = (data, decode_members(data))
        return decoded[1]

    def member(self, node_id: str) -> Member:
        """This member, suspended or not; NotAMember."""
        return find_member(self.members(), node_id)

    def peers(self) -> Sequence[Member]:
        """Active members other than this node, by id."""
        return [one for one in self.members().members if one.status == ACTIVE and one.id != self.node_id]

    @property
    def origin(self) -> str:
        """The name of our journal: what its checkpoints and its key are called."""
        return journal_origin(self.node_id, self.epoch)

    def journal_key(self) -> VerifierKey:
        """The public key of our journal, under its name."""
        return VerifierKey(self.origin, self.keys.signing_key(Purpose.JOURNAL).public_key().public_bytes_raw())


def journal_origin(node_id: str, epoch: int) -> str:
    """A journal's name: `montlucon.emploi.example/journal/1`."""
    return f"{node_id}/journal/{epoch}"


def channel_to(node_id: str) -> str:
    """The channel of what is for one recipient."""
    return f"to:{node_id}"
