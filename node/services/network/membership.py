"""The node in its network, as a member: it joins, and refreshes the directory.

What was joined (the coordinator's address and the root to trust) is in the mirror's folder: a running `serve` finds it
at its next refresh, without a restart. Read next: coordinating.py (the other side).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from federation.context import Federation
from federation.errors import NoDirectory
from federation.files import write_atomically
from federation.membership import changing, mirror
from federation.membership.directory import Directory, refresh_directory
from federation.membership.registry import Registry
from federation.ports import U
from node.config_faults import address_reason
from node.kit.errors import BadInput
from node.kit.i18n import gettext as _
from protocol.address import BadAddress, canonical_address
from protocol.members import (
    JoinRequest,
    Member,
    Members,
    fingerprint,
    sign_join_request,
)
from protocol.wire_json import parse_timestamp, timestamp

if TYPE_CHECKING:
    from node.services.node import Node

KEYS_LAST = timedelta(days=730)
"""How long the keys named in a join request are valid; joining again with the same or other keys renews them."""
KEYS_BEGIN_BEFORE = timedelta(minutes=10)
_COORDINATOR = "coordinator.url"
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class MemberView:
    """One line of the directory, for people and programs."""

    id: str
    name: str
    role: str
    base_url: str
    commune: str
    epoch: int
    status: str
    joined: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request to join came to: whether the directory names this node already, and the fingerprint of the request
    that the coordinator sees too."""

    member: bool
    fingerprint: str


def members(federation: Federation[U]) -> list[MemberView]:
    """The directory in force, sorted by id; empty before the node has joined."""
    try:
        return [member_view(member) for member in federation.members().members]
    except NoDirectory:
        return []


def join(node: "Node", url: str, root_sha256: str) -> Asked:
    """Take the network's root as the anchor of trust, if it is the one named, and ask to be admitted. Raises
    BadInput before anything is asked of the network, BadDirectory for another root, and what the network raises."""
    if not url or not root_sha256:
        raise BadInput(_("Give --coordinator and --root-sha256: the coordinator says both over the phone."))
    if not _FINGERPRINT.fullmatch(root_sha256):
        raise BadInput(
            _("The root fingerprint has 64 characters, digits and letters from a to f; this one has {count}.").format(
                count=len(root_sha256)
            )
        )
    try:
        url = canonical_address(url)
    except BadAddress as error:
        said = _("The value of “{key}” is refused: {reason}.")
        raise BadInput(said.format(key="--coordinator", reason=address_reason(error.fault))) from None
    transport, folder = node.federation.transport, node.config.mirror_dir
    mirror.bootstrap(transport, url, root_sha256, folder)
    write_atomically(folder / _COORDINATOR, url.encode() + b"\n")
    directory = refresh(node)
    request, member = make_join_request(node), directory.members.find(node.config.node.id)
    # In the overlap of a rotation the directory may know the former keys better: those sign too.
    signed = sign_join_request(request, node.keyring.held.as_newest(), None if member is None else node.keys)
    transport.post_public(url + changing.JOIN_PATH, signed, "application/json")
    return Asked(member is not None, fingerprint(request))


def refresh(node: "Node") -> Directory:
    """Fetch and verify the directory, or keep the last one, degraded. NoDirectory before the node has joined."""
    fetch = _published if node.config.registry_dir.is_dir() else _mirrored
    directory = refresh_directory(node.database, _bound(fetch, node), node.now())
    own = directory.members.find(node.config.node.id)
    if own is not None:
        node.keyring.choose(own.keys)
    return directory


def coordinator_url(node: "Node") -> str:
    """Where this node's coordinator is, as `join` was told; NoDirectory before that."""
    try:
        return (node.config.mirror_dir / _COORDINATOR).read_text().strip()
    except FileNotFoundError:
        raise NoDirectory("this node has not joined a network yet") from None


def _bound(fetch: Callable[["Node"], Members], node: "Node") -> Callable[[], Members]:
    return lambda: fetch(node)


def _published(node: "Node") -> Members:
    registry = Registry(node.config.registry_dir)
    registry.refresh_timestamp(node.now())
    return registry.members()


def _mirrored(node: "Node") -> Members:
    return mirror.refresh(node.federation.transport, coordinator_url(node), node.config.mirror_dir, node.now())


def make_join_request(node: "Node") -> JoinRequest:
    """What this node asks with, naming its newest keys."""
    described, now = node.config.node, node.now()
    return JoinRequest(
        id=described.id,
        name=described.name,
        role=described.role,
        base_url=described.base_url,
        commune=described.commune,
        epoch=node.federation.epoch,
        keys=node.keyring.held.as_newest().public_keys(now - KEYS_BEGIN_BEFORE, now + KEYS_LAST),
        at=timestamp(now),
    )


def member_view(member: Member) -> MemberView:
    """A member, for people and programs."""
    return MemberView(
        id=member.id,
        name=member.name,
        role=member.role,
        base_url=member.base_url,
        commune=member.commune,
        epoch=member.epoch,
        status=member.status,
        joined=parse_timestamp(member.joined),
    )
