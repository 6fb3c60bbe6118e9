"""The coordinator: founds the network, takes members in, refuses, suspends.

The list is published first and then kept like any other verified list, so that the coordinator's node reads members the
same way as every other. Read next: membership.py (a member's side), federation/membership/registry.py.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from federation.errors import FederationError, NoDirectory, NotEnoughKeys
from federation.membership import changing
from federation.membership.directory import keep_members
from federation.membership.registry import Registry
from federation.membership.repository import Thresholds
from node.kit.errors import BadInput, Conflict, NotFound
from node.kit.i18n import gettext as _
from node.services.network.membership import MemberView, make_join_request, member_view
from protocol.errors import ProtocolError
from protocol.members import (
    Member,
    Members,
    fingerprint,
)
from protocol.wire_json import parse_timestamp, timestamp

if TYPE_CHECKING:
    from node.services.node import Node


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
class Anchor:
    """What the coordinator says over the phone: the SHA-256 of the network's root."""

    network: str
    root_sha256: str
    coordinator_url: str


def create(node: "Node", name: str, thresholds: Thresholds = Thresholds()) -> Anchor:
    """Found the network, this node its first member. Conflict when there is one already or this is no coordinator."""
    _need_coordinator(node)
    now = node.now()
    request = make_join_request(node)
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
    return Anchor(name, registry.root_fingerprint(), node.config.node.base_url)


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
    return member_view(node.federation.member(node_id))


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
    return member_view(node.federation.member(node_id))


def activate(node: "Node", node_id: str) -> MemberView:
    """Coordinator: end a suspension; NotAMember."""
    _check_not_itself(node, node_id)
    registry = registry_of(node)
    before = registry.members()
    after = changing.activate(before, node_id, node.now())
    if after is not before:
        registry.publish(after, node.now())
    keep(node, registry)
    return member_view(node.federation.member(node_id))


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


def as_json(value: MemberView | PendingView | Anchor) -> dict[str, object]:
    """For `--json`."""
    return asdict(value)
