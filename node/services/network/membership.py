"""The node in its network: the coordinator creates, admits, suspends; a member joins and refreshes.

The coordinator's list is published first and then kept like any other verified list, so that its node reads members the
same way as every other. What was joined (the coordinator's address and the root to trust) is in the mirror's folder: a
running `serve` finds it at its next refresh, without a restart.
"""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from federation.context import Federation
from federation.errors import FederationError, NoDirectory, NotEnoughKeys
from federation.files import write_atomically
from federation.membership import changing, mirror
from federation.membership.directory import Directory, keep_members, refresh_directory
from federation.membership.registry import Registry
from federation.membership.repository import Thresholds
from federation.ports import U
from node.kit.errors import BadInput, Conflict, NotFound
from node.kit.i18n import gettext as _
from protocol.errors import ProtocolError
from protocol.members import (
    JoinRequest,
    Member,
    Members,
    fingerprint,
    sign_join_request,
)
from protocol.wire_json import parse_timestamp, timestamp

if TYPE_CHECKING:
    from node.app import Node

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
class PendingView:
    """A request to join that waits for the coordinator. `fingerprint` is what the applicant reads out over the phone.
    `member`: the id is a member's, and `changes` says what would change (words of
    `federation.membership.changing.changes`). `problem` is empty, or says why it cannot be admitted."""

    id: str
    name: str
    role: str
    base_url: str
    commune: str
    at: datetime | None
    problem: str
    fingerprint: str = ""
    member: bool = False
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request to join came to: whether the directory names this node already, and the fingerprint of the request
    that the coordinator sees too."""

    member: bool
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Network:
    """What the coordinator says over the phone: the SHA-256 of the network's root."""

    network: str
    root_sha256: str
    coordinator_url: str


def members(federation: Federation[U]) -> list[MemberView]:
    """The directory in force, sorted by id; empty before the node has joined."""
    try:
        return [_view(member) for member in federation.members().members]
    except NoDirectory:
        return []


def create(node: "Node", name: str, thresholds: Thresholds = Thresholds()) -> Network:
    """Found the network, this node its first member. Conflict when there is one already or this is no coordinator."""
    _need_coordinator(node)
    now = node.now()
    request = _join_request(node)
    first = Members(
        network=name,
        version=1,
        issued=timestamp(now),
        referential=node.desk.referential().version,
        witness_quorum=0,
        members=[
            Member(
                id=request.id,
                name=request.name,
                role=request.role,
                base_url=request.base_url,
                commune=request.commune,
                epoch=request.epoch,
                keys=request.keys,
                status="active",
                joined=timestamp(now),
            )
        ],
    )
    try:
        registry = Registry.create(node.config.registry_dir, first, now, node.federation.random_bytes, thresholds)
    except FileExistsError:
        raise Conflict(
            _("“{path}” exists: this node coordinates a network already.").format(path=node.config.registry_dir)
        ) from None
    keep(node, registry)
    return Network(name, registry.root_fingerprint(), node.config.node.base_url)


def describe(node: "Node") -> Network:
    """The coordinator's own network."""
    registry = registry_of(node)
    return Network(registry.members().network, registry.root_fingerprint(), node.config.node.base_url)


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
    transport, folder = node.federation.transport, node.config.mirror_dir
    mirror.bootstrap(transport, url, root_sha256, folder)
    write_atomically(folder / _COORDINATOR, url.encode() + b"\n")
    directory = refresh(node)
    request, member = _join_request(node), directory.members.find(node.config.node.id)
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


def pending(node: "Node") -> list[PendingView]:
    """Coordinator: who waits to be admitted."""
    with node.database.read() as uow:
        requests = dict(uow.directory.join_requests())
    try:
        listed: Members | None = node.federation.members()
    except NoDirectory:
        listed = None
    return [_pending(node_id, data, listed, node.now()) for node_id, data in sorted(requests.items())]


def admit(node: "Node", node_id: str, expected: str = "") -> MemberView:
    """Coordinator: take a waiting node into the directory, exactly as its request says; with `expected`, only when that
    is the request's fingerprint (case and spaces do not count). NotFound when it does not wait; BadInput for another
    fingerprint; NotAdmitted."""
    registry = registry_of(node)
    with node.database.read() as uow:
        data = uow.directory.join_requests().get(node_id)
    if data is None:
        raise _nobody_waits()
    request = changing.read_request(registry.members(), data, node.now())
    if expected and "".join(expected.lower().split()) != fingerprint(request):
        raise BadInput(
            _(
                "The request that waits has another fingerprint: {fingerprint}. Ask the node over the phone; see: "
                "maillon network list"
            ).format(fingerprint=grouped(fingerprint(request)))
        )
    registry.publish(changing.admit(registry.members(), request, node.now()), node.now())
    keep(node, registry)
    with node.database.write() as uow:
        # Only the request that was just answered: another one may have come meanwhile.
        if uow.directory.join_requests().get(node_id) == data:
            uow.directory.drop_join_request(node_id)
    return _view(node.federation.member(node_id))


def refuse(node: "Node", node_id: str) -> None:
    """Coordinator: drop a waiting request, so that the name is free for another one. NotFound when none waits."""
    _need_coordinator(node)
    with node.database.write() as uow:
        if node_id not in uow.directory.join_requests():
            raise _nobody_waits()
        uow.directory.drop_join_request(node_id)


def grouped(text: str) -> str:
    """A fingerprint in groups of four, to be read out."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def suspend(node: "Node", node_id: str) -> MemberView:
    """Coordinator: nobody answers this member any longer, nor pulls from it, once they have refreshed. Needs nobody's
    key but the online ones. NotAMember."""
    _check_not_itself(node, node_id)
    registry = registry_of(node)
    try:
        registry.suspend(node_id, node.now())
    except NotEnoughKeys:
        # A directory of before the online role: the list itself says so, by the keys that sign it.
        registry.publish(changing.suspend(registry.members(), node_id, node.now()), node.now())
    keep(node, registry)
    return _view(node.federation.member(node_id))


def activate(node: "Node", node_id: str) -> MemberView:
    """Coordinator: end a suspension; NotAMember."""
    _check_not_itself(node, node_id)
    registry = registry_of(node)
    before = registry.members()
    after = changing.activate(before, node_id, node.now())
    if after is not before:
        registry.publish(after, node.now())
    keep(node, registry)
    return _view(node.federation.member(node_id))


def _check_not_itself(node: "Node", node_id: str) -> None:
    if node_id == node.config.node.id:
        raise Conflict(_("The coordinator cannot suspend itself."))


def _nobody_waits() -> NotFound:
    return NotFound(_("No node of that name waits to join. See: maillon network list"))


def _need_coordinator(node: "Node") -> None:
    if node.config.node.role != "coordinator":
        raise Conflict(
            _("Only a coordinator's node can do this; this one is “{role}”.").format(role=node.config.node.role)
        )


def registry_of(node: "Node") -> Registry:
    """Coordinator: the network's repository; Conflict elsewhere, and before the network is created."""
    _need_coordinator(node)
    if not node.config.registry_dir.is_dir():
        raise Conflict(_("There is no network yet: create it first (maillon network create)."))
    return Registry(node.config.registry_dir, node.federation.random_bytes)


def keep(node: "Node", registry: Registry) -> None:
    """The coordinator's node reads the list as every other node does: from what it verified last."""
    with node.database.write() as uow:
        keep_members(uow.directory, registry.members(), node.now())


def _bound(fetch: Callable[["Node"], Members], node: "Node") -> Callable[[], Members]:
    return lambda: fetch(node)


def _published(node: "Node") -> Members:
    registry = Registry(node.config.registry_dir)
    registry.refresh_timestamp(node.now())
    return registry.members()


def _mirrored(node: "Node") -> Members:
    return mirror.refresh(node.federation.transport, coordinator_url(node), node.config.mirror_dir, node.now())


def _join_request(node: "Node") -> JoinRequest:
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


def _view(member: Member) -> MemberView:
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


def _pending(node_id: str, data: bytes, listed: Members | None, now: datetime) -> PendingView:
    before = None if listed is None else listed.find(node_id)
    try:
        request = changing.read_request(listed, data, now)
    except (ProtocolError, FederationError) as error:
        return PendingView(node_id, "", "", "", "", None, str(error), member=before is not None)
    return PendingView(
        id=request.id,
        name=request.name,
        role=request.role,
        base_url=request.base_url,
        commune=request.commune,
        at=parse_timestamp(request.at),
        problem="",
        fingerprint=fingerprint(request),
        member=before is not None,
        changes=() if before is None else changing.changes(before, request),
    )


def as_json(value: MemberView | PendingView | Network) -> dict[str, object]:
    """For `--json`."""
    return asdict(value)
