"""What a coordinator decides about the list of members: admit, suspend, activate. Pure: list in, next list out.

Guarantees: the next list has the next version and says when it was issued; who is admitted proved possession of the
keys, and for a member's id that it is this member (`read_request` comes first); no request makes a coordinator of a
node that is none; a member that asks again with other keys keeps the old ones for an overlap, and after that to verify
what they signed before (protocol/changes.py, which also says what needs no decision). Read next: registry.py, which
publishes the list."""

from datetime import datetime
from typing import Literal

import msgspec

from federation.errors import NotAdmitted
from federation.membership.directory import find_member
from protocol.address import is_canonical, same_address
from protocol.changes import with_retired
from protocol.members import JoinRequest, Member, Members, SignedJoinRequest, verify_join_request
from protocol.wire_json import decode, timestamp

JOIN_PATH = "/federation/v1/join"
"""Where a coordinator takes requests to join, and members' new keys."""


def read_request(members: Members | None, data: bytes, now: datetime) -> JoinRequest:
    """What a signed request to join says, proven: by its own keys, and for the id of a member by a key that the list
    holds for it.

    Raises what `verify_join_request` raises, and NotAdmitted for a node that would become a coordinator.
    """
    node_id = decode(data, SignedJoinRequest).request.id
    before = None if members is None else members.find(node_id)
    request = verify_join_request(data, now, () if before is None else before.keys)
    _check_role(before, request)
    return request


def changes(before: Member, request: JoinRequest) -> tuple[str, ...]:
    """What a member's request would change: words among `keys`, `base_url`, `role`, `name`, `commune`, `epoch`."""
    words = [word for word in ("base_url", "role", "name", "commune", "epoch") if _differ(before, request, word)]
    known = {key.key_id for key in before.keys}
    return (*(["keys"] if any(key.key_id not in known for key in request.keys) else []), *words)


def admit(members: Members, request: JoinRequest, now: datetime) -> Members:
    """Take in a node, or what a member now says of itself; the request comes from `read_request`.

    NotAdmitted when its address is another member's, or a new one that is not in its canonical form, when it is
    suspended, when it would become a coordinator, or when it goes back to an older epoch.
    """
    before = members.find(request.id)
    _check_role(before, request)
    if any(same_address(member.base_url, request.base_url) and member.id != request.id for member in members.members):
        raise NotAdmitted("its base URL is another member's")
    if (before is None or _differ(before, request, "base_url")) and not is_canonical(request.base_url):
        raise NotAdmitted("its base URL is not written in its one form")
    if before is not None and before.status == "suspended":
        raise NotAdmitted("it is suspended: activate it first")
    if before is not None and request.epoch < before.epoch:
        raise NotAdmitted("its epoch is older than the one in the directory")
    member = Member(
        id=request.id,
        name=request.name,
        role=request.role,
        base_url=request.base_url,
        commune=request.commune,
        epoch=request.epoch,
        keys=request.keys if before is None else with_retired(before.keys, request.keys, now),
        status="active",
        joined=timestamp(now) if before is None else before.joined,
    )
    return _next(members, member, now)


def suspend(members: Members, node_id: str, now: datetime) -> Members:
    """No request of this member is answered any longer, and nothing is pulled from it; NotAMember."""
    return _with_status(members, node_id, "suspended", now)


def activate(members: Members, node_id: str, now: datetime) -> Members:
    """End a suspension; NotAMember."""
    return _with_status(members, node_id, "active", now)


def _check_role(before: Member | None, request: JoinRequest) -> None:
    if request.role == "coordinator" and (before is None or before.role != "coordinator"):
        raise NotAdmitted("a request to join makes no coordinator")


def _differ(before: Member, request: JoinRequest, word: str) -> bool:
    if word == "base_url":
        return not same_address(before.base_url, request.base_url)
    return bool(getattr(before, word) != getattr(request, word))


def _with_status(members: Members, node_id: str, status: Literal["active", "suspended"], now: datetime) -> Members:
    member = find_member(members, node_id)
    if member.status == status:
        return members
    return _next(members, msgspec.structs.replace(member, status=status), now)


def _next(members: Members, changed: Member, now: datetime) -> Members:
    others = [member for member in members.members if member.id != changed.id]
    return msgspec.structs.replace(
        members,
        version=members.version + 1,
        issued=timestamp(now),
        members=sorted([*others, changed], key=lambda member: member.id),
    )
