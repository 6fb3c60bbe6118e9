"""All that ends by itself and that a person must act on, in one list: this node's signing keys, the signatures of the
directory, and at the coordinator the members' keys and the requests to join.

What renews itself while the node serves is not on it (sealing keys, the directory's online roles), nor what ends for
one person alone (sessions, links, agreements). Asks nobody: rows, and the directory's files. Read next:
ends_telling.py."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from federation.errors import BadDirectory, NoDirectory
from federation.membership.directory import Directory, DirectoryStatus, stored_directory
from federation.membership.expiries import mirrored
from federation.peers.confirmation import unconfirmed_since
from federation.peers.ports import PeerState
from protocol.errors import ProtocolError
from protocol.keys import SIGNING, Purpose, newest
from protocol.members import JOIN_REQUEST_LIVES, Member, SignedJoinRequest
from protocol.wire_json import decode, parse_timestamp

if TYPE_CHECKING:
    from node.services.node import Node

COORDINATOR = "coordinator"
WARNED_BEFORE = 60
"""Days before an end from which on everybody who may act is told."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class End:
    """One end. `what`: `keys` for several signing keys that end on one day, else `key.` and its purpose;
    `directory.root`, `directory.targets`, `join_request`. `days`: whole days left, negative once it is over.
    `who_acts`: `coordinator`, or the id of the node whose administrator acts; `command` is what they run."""

    what: str
    on: datetime
    days: int
    who_acts: str
    command: str

    @property
    def over(self) -> bool:
        """Whether it has come."""
        return self.days < 0

    @property
    def soon(self) -> bool:
        """Whether it is warned of."""
        return self.days <= WARNED_BEFORE

    @property
    def of_directory(self) -> bool:
        """Whether it is the directory that ends."""
        return self.what.startswith("directory.")


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is ahead of the node `own` at `at`. `ends` are sorted by date; `names` are those of the members; `directory`
    is None before the node has joined a network, and then nothing ends. `unconfirmed`: when the clock was confirmed
    last, while it is to be doubted, and so is all that it says of dates; else None. `suspended`: the coordinator shut
    this node out, as the directory says."""

    own: str
    coordinates: bool
    at: datetime
    ends: tuple[End, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    directory: DirectoryStatus | None = None
    unconfirmed: datetime | None = None
    suspended: bool = False

    @property
    def soon(self) -> tuple[End, ...]:
        """What is warned of."""
        return tuple(end for end in self.ends if end.soon)

    @property
    def expired(self) -> datetime | None:
        """Since when the directory has been past its date; None while it is not."""
        return next((end.on for end in self.ends if end.of_directory and end.over), None)

    @property
    def unverified(self) -> datetime | None:
        """When the directory was verified last, while it is not past its date and could not be verified lately."""
        degraded = self.directory is not None and self.directory.degraded and self.expired is None
        return self.directory.verified_at if degraded and self.directory else None

    def is_ours(self, end: End) -> bool:
        """Whether this node's own people act."""
        return end.who_acts == self.own or (end.who_acts == COORDINATOR and self.coordinates)


def look_ahead(node: "Node") -> Ahead:
    """What is ahead of the node now."""
    with node.database.read() as uow:
        try:
            directory: Directory | None = stored_directory(uow.directory, node.now())
        except NoDirectory:
            directory = None
        return ahead_of(node, directory, uow.directory.join_requests(), uow.peers.all())


def ahead_of(
    node: "Node", directory: Directory | None, requests: Mapping[str, bytes], states: Iterable[PeerState]
) -> Ahead:
    """The same, of a directory, of requests to join and of peers' states that were read already."""
    own, now = node.config.node.id, node.now()
    coordinates = node.config.registry_dir.is_dir()
    if directory is None:
        return Ahead(own, coordinates, now)
    found = [*_of_directory(node, coordinates, now), *_of_members(own, directory, coordinates, now)]
    if coordinates:
        found += _of_requests(requests, now)
    listed = directory.members.find(own)
    return Ahead(
        own=own,
        coordinates=coordinates,
        at=now,
        ends=tuple(sorted(found, key=lambda end: (end.on, end.what, end.who_acts))),
        names={member.id: member.name for member in directory.members.members},
        directory=directory.status,
        unconfirmed=unconfirmed_since(states, directory.members, own, now),
        suspended=listed is not None and listed.status == "suspended",
    )


def _end(what: str, on: datetime, now: datetime, who_acts: str, command: str) -> End:
    left = on - now
    # At its very moment it is over.
    return End(what, on, left // _DAY if left else -1, who_acts, command)


def _of_directory(node: "Node", coordinates: bool, now: datetime) -> Iterator[End]:
    """Nothing when its files are missing or damaged: then it cannot be verified either, and says so by itself."""
    try:
        expiries = _published(node.config.registry_dir) if coordinates else mirrored(node.config.mirror_dir)
    except BadDirectory:
        return
    for role, on in expiries.items():
        yield _end(f"directory.{role}", on, now, COORDINATOR, "maillon network renew")


def _published(folder: Path) -> Mapping[str, datetime]:
    from federation.membership.registry import Registry

    return Registry(folder).expiries()


def _of_members(own: str, directory: Directory, coordinates: bool, now: datetime) -> Iterator[End]:
    """This node's keys; at the coordinator the others' too, once they are to be told."""
    for member in directory.active():
        if member.id == own:
            yield from _of_keys(member, now)
        elif coordinates:
            yield from (end for end in _of_keys(member, now) if end.soon)


def _of_keys(member: Member, now: datetime) -> Iterator[End]:
    lasts: list[tuple[datetime, Purpose]] = []
    for purpose in SIGNING:
        listed = [key for key in member.keys if key.purpose is purpose]
        if listed:
            lasts.append((parse_timestamp(newest(listed).not_after), purpose))
    for _day, together in groupby(sorted(lasts), key=_day_of):
        (on, purpose), *others = together
        what, wanted = ("keys", "all") if others else (f"key.{purpose}", purpose.value)
        yield _end(what, on, now, member.id, f"maillon keys rotate --purpose {wanted}")


def _day_of(last: tuple[datetime, Purpose]) -> date:
    return last[0].date()


def _of_requests(requests: Mapping[str, bytes], now: datetime) -> Iterator[End]:
    """Those that can still be admitted; one that has run out stops nothing, and its node asks again."""
    for node_id, data in requests.items():
        try:
            asked = parse_timestamp(decode(data, SignedJoinRequest).request.at)
        except ProtocolError:
            continue
        end = _end("join_request", asked + JOIN_REQUEST_LIVES, now, COORDINATOR, f"maillon network admit {node_id}")
        if not end.over:
            yield end
