"""A node's own keys through the years: new ones are made, listed, signed with once everybody knows them, and the former
ones destroyed when nothing needs them any more.

The order is the guarantee: a new private key is in the file, durably, before anybody is asked to list its public half;
a key is destroyed only when a directory that is fresh by this very clock lists its successor (a clock that is a year
ahead finds every directory expired, and so destroys nothing), and a sealing key only when no dossier that is kept here
needs it. A rotation that was interrupted anywhere goes on where it stopped, by the next call or by the scheduler.
Network calls are outside every lock and transaction. Read next: node/key_file.py, protocol/changes.py."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from federation.errors import FederationError, NoDirectory, problem_of
from federation.files import locked
from federation.membership import changing
from federation.membership.directory import Directory, stored_directory
from node import identity
from node.key_file import HeldKey, HeldKeys, newest_sealing
from node.kit.errors import Conflict, Unavailable
from node.kit.i18n import gettext as _
from node.kit.logging import get_logger
from node.mission.forwards.forward import Side
from node.services.network import coordinating
from node.services.network import membership as network
from protocol.dossier import open_dossier, seal_dossier, sealed_to
from protocol.errors import ProtocolError
from protocol.keys import SIGNING, PublicKey, Purpose
from protocol.members import JoinRequest, Member, sign_join_request
from protocol.wire_json import parse_timestamp, timestamp

if TYPE_CHECKING:
    from node.services.node import Node

SEALING_LASTS = timedelta(days=30)
"""After how long the scheduler replaces the sealing key."""
_RESEALS_BEFORE = timedelta(days=15)
"""How long before a sealing key is destroyed the dossiers sealed to it are sealed anew."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RotatedKey:
    """A key that was brought in: its name and window."""

    purpose: Purpose
    key_id: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation came to. `listed`: the directory names the new keys already; else `problem` is the stable word of
    what kept it from doing so, or empty when the coordinator must decide. `backup` and its passphrase, shown once, are
    of a new backup; empty when no signing key changed."""

    listed: bool
    problem: str
    keys: Sequence[RotatedKey]
    backup: Path | None = None
    backup_passphrase: str = ""


@dataclass(frozen=True, slots=True)
class KeyView:
    """A private key that is held here. `state`: in_use, next (listed, and signed with once the one before it is near
    its end), waiting (to be listed), retired, or unlisted; `not_after` is the directory's, None before it is listed;
    `destroyed`: when the private half goes, None while nothing has taken its place."""

    purpose: str
    key_id: str
    state: str
    not_after: datetime | None
    destroyed: datetime | None


def held_keys(node: "Node") -> list[KeyView]:
    """The keys that are held here, by purpose, the newest first."""
    try:
        own = node.federation.members().find(node.config.node.id)
    except NoDirectory:
        own = None
    listed = {} if own is None else {key.key_id: key for key in own.keys}
    held = node.keyring.held
    in_use = {node.keys.key_id(purpose) for purpose in SIGNING}
    if own is not None:
        in_use.add(newest_sealing(own.keys).key_id)
    waiting = {held.newest()[purpose].key_id for purpose in held.unlisted(list(listed.values()))}
    return [
        KeyView(
            purpose=one.purpose.value,
            key_id=one.key_id,
            state=_state(one, one.key_id in in_use, one.key_id in listed, one.key_id in waiting),
            not_after=parse_timestamp(listed[one.key_id].not_after) if one.key_id in listed else None,
            destroyed=one.ends,
        )
        for purpose in Purpose
        for one in held.of_purpose(purpose)
    ]


def _state(one: HeldKey, in_use: bool, listed: bool, waiting: bool) -> str:
    if in_use:
        return "in_use"
    if waiting:
        return "waiting"
    if one.ends is not None:
        return "retired"
    return "next" if listed else "unlisted"


def rotate(node: "Node", purposes: Collection[Purpose]) -> Rotated:
    """Replace the keys of these purposes; those of an interrupted rotation are brought in with them, and what has ended
    by itself is replaced too.

    Conflict when this node is no active member, Unavailable when the directory cannot be verified now: then nothing was
    made. Once the new keys are in the file, what keeps them from being listed is told in the result, and the scheduler
    asks again.
    """
    member = _own(node, _fresh(network.refresh(node)))
    path = node.config.keys_file
    with locked(path.parent):
        held = identity.load_keys(path, node.config.node.id)
        waiting = held.unlisted(member.keys)
        # A statement names a valid key of each purpose, and what it does not name is retired.
        ended = [one for one in Purpose if not _is_valid(held.newest()[one], member.keys, node.now())]
        needed = {*purposes, *ended, *held.lost(member.keys)}
        wanted = [one for one in Purpose if one in needed and one not in waiting]
        if wanted:
            held = held.with_new(wanted, node.federation.random_bytes)
            node.keyring.put(held, member.keys)
    new = {*wanted, *waiting}
    stated = {key.key_id: key for key in _statement(node, held, member).keys}
    keys = [stated[one.key_id] for purpose, one in held.newest().items() if purpose in new]
    backup = _back_up(node, held) if new & {*SIGNING} else (None, "")
    try:
        listed, problem = _bring_in(node, held, member), ""
    except (FederationError, ProtocolError) as error:
        listed, problem = False, problem_of(error)
    return Rotated(listed, problem, [_view(key) for key in keys], *backup)


def _bring_in(node: "Node", held: HeldKeys, member: Member) -> bool:
    """Have the newest keys listed; whether the directory names them now, else a person must decide."""
    if not _list(node, held, member):
        return False
    settle(node, network.refresh(node))
    return True


def _view(key: PublicKey) -> RotatedKey:
    return RotatedKey(key.purpose, key.key_id, parse_timestamp(key.not_before), parse_timestamp(key.not_after))


def look_after(node: "Node") -> None:
    """What the scheduler does by itself: the sealing key is replaced every month, or when a restored backup lacks it;
    an interrupted rotation goes on; what is over is destroyed. Does nothing while the directory is not fresh, or this
    node no active member."""
    with node.database.read() as uow:
        try:
            directory = stored_directory(uow.directory, node.now())
        except NoDirectory:
            return
    member = directory.members.find(node.config.node.id)
    if directory.status.degraded or member is None or member.status != "active":
        return
    held = identity.load_keys(node.config.keys_file, node.config.node.id)
    age = node.now() - parse_timestamp(newest_sealing(member.keys).not_before)
    lost = held.lost(member.keys)
    if {*lost} & {*SIGNING}:
        # A statement would retire keys that may come back with a newer backup: a person decides (`check` says so).
        log.warning("keys.lost", purposes=[one.value for one in lost])
        settle(node, directory)
    elif held.unlisted(member.keys):
        log.info("keys.asked_again", listed=_bring_in(node, held, member))
    elif age >= SEALING_LASTS or lost:
        rotated = rotate(node, [Purpose.SEALING])
        log.info("keys.rotated", purpose=Purpose.SEALING.value, listed=rotated.listed, problem=rotated.problem)
    else:
        settle(node, directory)


def settle(node: "Node", directory: Directory) -> None:
    """Give replaced keys their end, and destroy those whose end has come; nothing while the directory is not fresh."""
    member = directory.members.find(node.config.node.id)
    if directory.status.degraded or member is None:
        return
    path, now = node.config.keys_file, node.now()
    with locked(path.parent):
        held = identity.load_keys(path, node.config.node.id)
        ending = [one for one in held.of_purpose(Purpose.SEALING) if one.ends and one.ends - now <= _RESEALS_BEFORE]
        if ending:
            _seal_anew(node, member, {one.key_id for one in ending})
        settled = held.settled(member.keys, now)
        if settled != held:
            node.keyring.put(settled, member.keys)
            if destroyed := len(held.keys) - len(settled.keys):
                log.info("keys.destroyed", count=destroyed)
        else:
            node.keyring.choose(member.keys)


def _fresh(directory: Directory) -> Directory:
    if directory.status.degraded:
        raise Unavailable(
            _("The directory cannot be verified now, so that no key is replaced: see “maillon network refresh”.")
        )
    return directory


def _own(node: "Node", directory: Directory) -> Member:
    member = directory.members.find(node.config.node.id)
    if member is None:
        raise Conflict(_("This node is no member of the network yet: its keys are those of its request to join."))
    if member.status != "active":
        raise Conflict(_("This node is suspended: the coordinator lists no new keys for it."))
    return member


def _is_valid(held: HeldKey, listed: Sequence[PublicKey], now: datetime) -> bool:
    at = timestamp(now)
    return any(key.key_id == held.key_id and key.not_before <= at < key.not_after for key in listed)


def _statement(node: "Node", held: HeldKeys, member: Member) -> JoinRequest:
    """What the directory says of this node, but for the keys: of each purpose the newest, as listed, or from now on."""
    now, listed = node.now(), {key.key_id: key for key in member.keys}
    return JoinRequest(
        id=member.id,
        name=member.name,
        role=member.role,
        base_url=member.base_url,
        commune=member.commune,
        epoch=member.epoch,
        keys=[
            listed.get(one.key_id) or one.public(now - network.KEYS_BEGIN_BEFORE, now + network.KEYS_LAST)
            for one in held.newest().values()
        ],
        at=timestamp(now),
    )


def _list(node: "Node", held: HeldKeys, member: Member) -> bool:
    """Ask for it; whether the directory names the keys now. Else a person at the coordinator's decides."""
    signed = sign_join_request(_statement(node, held, member), held.as_newest(), held.in_use(member.keys, node.now()))
    if node.config.registry_dir.is_dir():
        registry = coordinating.registry_of(node)
        if registry.list_keys(signed, node.now()) is None:
            # Its keys have all ended, or the directory is of before the online role: the list itself must be signed.
            request = changing.read_request(registry.members(), signed, node.now())
            registry.publish(changing.admit(registry.members(), request, node.now()), node.now())
        coordinating.keep(node, registry)
        return True
    url = network.coordinator_url(node)
    answer = node.federation.transport.post_public(url + changing.JOIN_PATH, signed, "application/json")
    return answer.status == HTTPStatus.OK


def _back_up(node: "Node", held: HeldKeys) -> tuple[Path, str]:
    """A new encrypted backup beside the key file: the one before does not hold the new keys."""
    random_bytes = node.federation.random_bytes
    passphrase = identity.new_passphrase(random_bytes)
    path = node.config.data_dir / f"keys-backup-{node.now():%Y%m%d-%H%M%S}-{random_bytes(2).hex()}.json"
    identity.write_secret(path, identity.seal_backup(held, passphrase, random_bytes))
    return path, passphrase


def _seal_anew(node: "Node", member: Member, key_ids: Collection[str]) -> None:
    """Seal the dossiers that are kept here, and that these keys alone open, to the present one: they are needed until
    they are erased, and the keys are not."""
    to, keys, ours = newest_sealing(member.keys), node.keys, node.config.node.id
    with node.database.write() as uow:
        for forward in uow.forwards.all(Side.RECEIVER):
            papers = uow.forwards.papers(forward.id)
            if papers is None or sealed_to(papers.dossier) not in key_ids:
                continue
            # One that does not open now would open no better later: nothing is lost with the key.
            with suppress(ProtocolError):
                dossier = open_dossier(papers.dossier, forward.id, forward.peer, ours, keys)
                sealed = seal_dossier(dossier, forward.id, forward.peer, ours, to)
                uow.forwards.keep_papers(forward.id, replace(papers, dossier=sealed))
