"""Who is in the network, as this node last verified it.

Guarantees: a directory that was believed once is never replaced by an older one, nor by another one of the same
version; when no fresh one can be had (its dates are past, or the coordinator does not answer) the last verified one
stays in force and says so: degraded, never stopped. New members wait until it is fresh again.

`members.json` comes from mirror.py (a member) or registry.py (the coordinator); this module keeps and reads it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from federation.errors import BadDirectory, FederationError, NoDirectory, NotAMember, problem_of
from federation.membership.ports import DirectoryStore
from federation.ports import Database, UnitOfWork
from protocol.errors import ProtocolError
from protocol.keys import SIGNING
from protocol.members import Member, Members, decode_members, encode_members
from protocol.wire_json import timestamp

ACTIVE = "active"
FRESH_FOR = timedelta(days=2)
"""A directory that was not verified again for that long is stale, whatever its own dates say."""


@dataclass(frozen=True, slots=True)
class DirectoryStatus:
    """How far the directory may be trusted to be current. `reason` is empty unless degraded, else a stable word."""

    version: int
    verified_at: datetime | None
    degraded: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """The members in force, and how current they are."""

    members: Members
    status: DirectoryStatus

    def get(self, node_id: str) -> Member:
        """This member, suspended or not; NotAMember."""
        return find_member(self.members, node_id)

    def active(self) -> Sequence[Member]:
        """Members that are not suspended, by id."""
        return [member for member in self.members.members if member.status == ACTIVE]


def find_member(members: Members, node_id: str) -> Member:
    """The member of this id, suspended or not; NotAMember."""
    member = members.find(node_id)
    if member is None:
        raise NotAMember("no member of that name in the directory")
    return member


def keep_members(store: DirectoryStore, members: Members, now: datetime) -> None:
    """Make a verified list the one in force, durable with the caller's unit of work.

    Raises BadDirectory when it is older than the one in force, differs from it under the same version, is another
    network's, or no longer lists a signing key of a member that it listed: whoever holds the online keys alone could so
    bring back a member's former keys.
    """
    data, before = encode_members(members), store.members_json()
    if before is not None and before != data:
        in_force = decode_members(before)
        if members.network != in_force.network:
            raise BadDirectory("the directory of another network")
        if members.version <= in_force.version:
            raise BadDirectory(f"directory version {members.version} after version {in_force.version}")
        if not _signing_keys(in_force, members, now) <= _signing_keys(members, in_force, now):
            raise BadDirectory("a signing key of a member is no longer listed")
    store.save_members_json(data, now)


def _signing_keys(members: Members, other: Members, now: datetime) -> set[str]:
    """The ids of the signing keys that have begun, of those who are members in both lists."""
    return {
        key.key_id
        for member in members.members
        if other.find(member.id) is not None
        for key in member.keys
        if key.purpose in SIGNING and key.not_before <= timestamp(now)
    }


def stored_directory(store: DirectoryStore, now: datetime, fresh_for: timedelta = FRESH_FOR) -> Directory:
    """The directory in force, degraded when it was not verified for longer than `fresh_for`; NoDirectory."""
    data = store.members_json()
    if data is None:
        raise NoDirectory("no directory was verified yet")
    members, verified_at = decode_members(data), store.verified_at()
    stale = verified_at is None or now - verified_at > fresh_for
    return Directory(members, DirectoryStatus(members.version, verified_at, stale, "stale_directory" if stale else ""))


def refresh_directory(database: Database[UnitOfWork], fetch: Callable[[], Members], now: datetime) -> Directory:
    """Fetch the list (no unit of work is open meanwhile) and keep it; else the stored one, degraded.

    `fetch` returns a verified list or raises a FederationError or ProtocolError, whose word becomes the `reason`.
    Raises NoDirectory when nothing was ever verified and nothing can be now.
    """
    try:
        members = fetch()
        with database.write() as uow:
            keep_members(uow.directory, members, now)
        return Directory(members, DirectoryStatus(members.version, now, degraded=False))
    except (FederationError, ProtocolError) as error:
        with database.read() as uow:
            stored = stored_directory(uow.directory, now)
        status = DirectoryStatus(stored.status.version, stored.status.verified_at, True, problem_of(error))
        return Directory(stored.members, status)
