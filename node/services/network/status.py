"""How the node does, in one value: for `maillon status`, `GET /api/v1/status` and the page at `/`.

Reads rows only; asks nobody. Counts, states and node ids: nothing about a person.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from federation.errors import NoDirectory
from federation.membership.directory import stored_directory
from federation.outbox import overdue_holders
from federation.peers.ports import PeerState
from federation.peers.schedule import alarm_of, status_of
from federation.ports import UnitOfWork
from node import __version__
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk
from node.services.network.ends import Ahead, End, ahead_of
from protocol.members import Member
from protocol.note import vkey

if TYPE_CHECKING:
    from node.services.node import Node


@dataclass(frozen=True, slots=True)
class JournalStatus:
    """The node's own journal: its epoch, its number of entries, and the key that verifies it (C2SP vkey)."""

    epoch: int
    size: int
    vkey: str


@dataclass(frozen=True, slots=True)
class DirectoryState:
    """The directory in force. `reason` is empty unless it is degraded, else a stable word."""

    network: str
    version: int
    verified_at: datetime | None
    degraded: bool
    reason: str
    members: int
    active: int


@dataclass(frozen=True, slots=True)
class PeerStatus:
    """The traffic with one peer. `status` is healthy, retrying, unreachable, suspended, or waiting before the first
    visit; `taken` counts the entries taken in from its journal; `alarm` and `last_error` are stable words, or empty."""

    id: str
    name: str
    role: str
    status: str
    alarm: str
    taken: int
    last_success: datetime | None
    last_failure: datetime | None
    last_error: str
    failures: int
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the node keeps. `forwards` by state; `release` is the number of our last release, 0 before the first;
    `refused` counts messages of peers that could not be applied; `erasures_pending` those ordered and not attested."""

    candidates: int
    offers_open: int
    forwards: Mapping[str, int]
    release: int
    refused: int
    erasures_pending: int


@dataclass(frozen=True, slots=True)
class Status:
    """All of it. `directory` is None before the node has joined a network; `ends` is sorted by date."""

    id: str
    name: str
    role: str
    base_url: str
    version: str
    at: datetime
    journal: JournalStatus
    directory: DirectoryState | None
    peers: tuple[PeerStatus, ...]
    counts: Counts
    ends: tuple[End, ...]


def status(node: "Node") -> Status:
    """The node's status, read in one snapshot."""
    return status_and_ahead(node)[0]


def status_and_ahead(node: "Node") -> tuple[Status, Ahead]:
    """The status with what its ends mean, for people."""
    desk, described = node.desk, node.config.node
    now = desk.now()
    federation = desk.federation
    key = federation.journal_key()
    with federation.database.read() as uow:
        try:
            directory = stored_directory(uow.directory, now)
        except NoDirectory:
            directory = None
        overdue = overdue_holders(uow, now)
        peers = [] if directory is None else [m for m in directory.members.members if m.id != desk.node_id]
        states = {state.peer: state for state in uow.peers.all()}
        ahead = ahead_of(node, directory, uow.directory.join_requests(), states.values())
        found = Status(
            id=desk.node_id,
            name=described.name,
            role=described.role,
            base_url=federation.base_url,
            version=__version__,
            at=now,
            journal=JournalStatus(uow.journal.epoch, uow.journal.size(), vkey(key.name, key.public)),
            directory=None
            if directory is None
            else DirectoryState(
                network=directory.members.network,
                version=directory.status.version,
                verified_at=directory.status.verified_at,
                degraded=directory.status.degraded,
                reason=directory.status.reason,
                members=len(directory.members.members),
                active=len(directory.active()),
            ),
            peers=tuple(_peer(uow, desk, member, states.get(member.id), overdue, now) for member in peers),
            counts=_counts(uow, now),
            ends=ahead.ends,
        )
        return found, ahead


def _peer(
    uow: UnitOfWork, desk: Desk, member: Member, state: PeerState | None, overdue: Collection[str], now: datetime
) -> PeerStatus:
    taken = uow.replica.cursor(member.id, member.epoch).range.size
    if state is None:
        known, alarm = "waiting", ""
        state = PeerState(peer=member.id, due=now)
    else:
        known = status_of(state, now, desk.federation.pace)
        alarm = str(alarm_of(state, now, desk.federation.pace, erasure_overdue=member.id in overdue))
    return PeerStatus(
        id=member.id,
        name=member.name,
        role=member.role,
        status="suspended" if member.status == "suspended" else known,
        alarm=alarm,
        taken=taken,
        last_success=state.last_success,
        last_failure=state.last_failure,
        last_error=state.last_error,
        failures=state.failures,
        due=state.due,
    )


def _counts(uow: MissionUnitOfWork, now: datetime) -> Counts:
    last = uow.releases.last()
    return Counts(
        candidates=uow.candidates.count(),
        offers_open=uow.offers.count_open(now.date()),
        forwards={state.value: count for state, count in uow.forwards.by_state().items()},
        release=0 if last is None else last[0].release,
        refused=len(uow.replica.refusals()),
        erasures_pending=len(uow.disclosures.pending()),
    )
