"""Can the node work? `ready` for a supervisor, on every request; `check` for a person, everything once.

Nothing is changed, but for a checkpoint that is due. Each finding says what to do.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from federation.errors import NoDirectory
from federation.serving.journal import JournalDamaged, check_journal, checkpoint_of, current_checkpoint
from node import identity
from node.config import Config
from node.key_file import HeldKeys
from node.kit import labels
from node.kit.errors import NodeError, sentence
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.services.network.ends import Ahead, End, look_ahead
from node.services.network.peer_clocks import peer_clocks
from node.storage import DiskFull, LostDatabase, StorageError, lease_for, require_file
from node.storage.health import inspect_database, shown_url
from protocol.keys import SIGNING

if TYPE_CHECKING:
    from federation.serving.ports import Journal
    from node.services.node import Node

BROKEN = (StorageError, SQLAlchemyError, sqlite3.Error)
"""What a database raises when it cannot answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `name` is stable; `detail` is what was found, `advice` what to do, empty if ok."""

    name: str
    ok: bool
    detail: str
    advice: str = ""


def ready(node: "Node") -> list[str]:
    """Stable words for what keeps the node from working; empty when nothing does. Writes nothing: anyone may ask."""
    problems = []
    try:
        check_journal(node.federation)
    except JournalDamaged:
        problems.append("journal")
    except BROKEN:
        problems.append("database")
    try:
        identity.load_keys(node.config.keys_file, node.config.node.id)
    except NodeError:
        problems.append("keys")
    return problems


def check(config: Config, open_node: Callable[[Config], "Node"]) -> Iterator[Finding]:
    """Look at everything, one finding after another; what needs an open node comes last, if it can be opened."""
    yield Finding("config", True, _("{id}, {role}").format(id=config.node.id, role=labels.role(config.node.role)))
    yield _secret("keys", lambda: identity.load_keys(config.keys_file, config.node.id))
    yield _secret("token", lambda: identity.load_token(config.token_file))
    yield from _database(config)
    try:
        node = open_node(config)
    except (NodeError, *BROKEN) as error:
        yield Finding("node", False, sentence(error), _("Mend what is said above, then check again."))
        return
    try:
        yield _journal(node)
        yield from _keys_in_use(node)
        yield from _clock_and_directory(node)
        yield from _sign_on(node)
    finally:
        node.close()
    yield _port(config)


def check_backup(config: Config, data: bytes, passphrase: str) -> Finding:
    """Does this backup open, and does it hold this node's present keys?"""
    try:
        backed = identity.open_backup(data, passphrase)
    except NodeError as error:
        return Finding("backup", False, _("does not open"), str(error))
    try:
        keys = identity.load_keys(config.keys_file, config.node.id)
    except NodeError:
        same = backed.node_id == config.node.id
    else:
        # Sealing keys are replaced every month, and asked for anew after a restore: those that sign are the node.
        same = _signing_ids(backed) == _signing_ids(keys)
    if same:
        return Finding("backup", True, _("opens, and holds this node's keys"))
    return Finding("backup", False, _("opens, and holds other keys"), _("Keep looking for this node's own backup."))


def _signing_ids(held: HeldKeys) -> set[str]:
    return {one.key_id for purpose, one in held.newest().items() if purpose in SIGNING}


def _keys_in_use(node: "Node") -> Iterator[Finding]:
    """Nothing before the node is listed. A backup of before a rotation, put back, lacks the keys that others expect."""
    try:
        own = node.federation.members().find(node.config.node.id)
    except NoDirectory:
        own = None
    if own is None:
        return
    if {*node.keyring.held.lost(own.keys)} & {*SIGNING}:
        advice = _("Put back the newest key backup; without one, run “maillon keys rotate” at once.")
        yield Finding("keys_in_use", False, _("not those that the directory lists"), advice)
    else:
        yield Finding("keys_in_use", True, _("those that the directory lists"))


def _secret(name: str, read: Callable[[], object]) -> Finding:
    try:
        read()
    except NodeError as error:
        return Finding(name, False, _("unusable"), str(error))
    return Finding(name, True, _("readable by its owner alone"))


def _database(config: Config) -> Iterator[Finding]:
    restore = _("Stop the node and put back the last backup of the database.")
    try:
        require_file(config.database_url)
        health = inspect_database(config.database_url)
    except (DiskFull, LostDatabase) as error:
        yield Finding("database", False, _("full disk") if isinstance(error, DiskFull) else _("none"), sentence(error))
        return
    except BROKEN as error:
        yield Finding("database", False, type(error).__name__, restore)
        return
    if health.revision is None:
        yield Finding("database", False, _("none"), sentence(LostDatabase(shown_url(config.database_url))))
        return
    if health.faults:
        yield Finding("database", False, "; ".join(health.faults[:3]), restore)
    else:
        yield Finding("database", True, _("sound"))
    advice = "" if health.current else _("Start the node once with “maillon serve”: it brings the schema up to date.")
    yield Finding("migrations", health.current, _("schema {revision}").format(revision=health.revision), advice)


def _journal(node: "Node") -> Finding:
    """The node was just opened: its tree is grown again from every stored entry."""
    try:
        size = checkpoint_of(current_checkpoint(node.federation)).size
        with node.database.read() as uow:
            kept, entries = uow.journal.range(), uow.journal.size()
            there, recomputed = _root_of_entries(uow.journal, entries)
    except JournalDamaged as error:
        detail = str(error)
    except BROKEN as error:
        detail = type(error).__name__
    else:
        if kept.size == entries and kept.root() == recomputed:
            said = ngettext("{size} entry, one root by both paths", "{size} entries, one root by both paths", size)
            return Finding("journal", True, said.format(size=size))
        detail = _("two roots")
        if there < entries:
            detail = _("entries are missing: {there} of {size} are there").format(there=there, size=entries)
    return Finding("journal", False, detail, _("Stop the node and tell the coordinator: nothing must be signed now."))


def _root_of_entries(journal: "Journal", size: int) -> tuple[int, bytes]:
    """How many of the entries are there, and their root."""
    from protocol.tree import MerkleTree

    tree = MerkleTree()
    while tree.size < size and (entries := journal.entries(tree.size, min(65_536, size - tree.size))):
        tree.extend(entries)
    return tree.size, tree.root()


def _clock_and_directory(node: "Node") -> Iterator[Finding]:
    now, ahead = node.now(), look_ahead(node)
    directory = ahead.directory
    with node.database.read() as uow:
        seen = [moment for state in uow.peers.all() if (moment := state.last_success) is not None]
    if directory is not None and directory.verified_at is not None:
        seen.append(directory.verified_at)
    advice = ""
    if any(moment > now for moment in seen):
        advice = _("This clock is behind what the node has already seen: set it, and install a time service.")
    elif ahead.unconfirmed is not None:
        advice = _(
            "No other node has confirmed this clock since {day}: set it, and install a time service. If it is right, "
            "run “maillon sync”."
        ).format(day=_day(ahead.unconfirmed))
    detail = now.strftime("%Y-%m-%d %H:%M:%S UTC")
    if (clocks := peer_clocks(node)) is not None:
        names, seconds = ", ".join(clocks.names), int(abs(clocks.ahead).total_seconds())
        said = _("{seconds} s ahead of {peers}") if clocks.ahead > timedelta(0) else _("{seconds} s behind {peers}")
        detail = f"{detail}, {said.format(seconds=seconds, peers=names)}"
        if not clocks.agrees:
            advice = _("Peers refuse requests of a clock that differs so: set it, and install a time service.")
    yield Finding("clock", not advice, detail, advice)
    yield _directory(ahead)
    yield _ends(ahead)


def _directory(ahead: Ahead) -> Finding:
    if ahead.directory is None:
        return Finding("directory", True, _("no network joined yet"))
    version = _("version {version}").format(version=ahead.directory.version)
    if ahead.suspended:
        said, advice = (
            labels.member_status("suspended"),
            _("Ask the network's coordination why, and what is to be done."),
        )
    elif ahead.expired is not None:
        said = _("expired since {day}: no new member is taken in, all else goes on").format(day=_day(ahead.expired))
        advice = _("Run “maillon network renew”.")
        if not ahead.coordinates:
            advice = _("The coordinator must run “maillon network renew”; then run “maillon network refresh” here.")
    elif ahead.unverified is not None:
        days = (ahead.at - ahead.unverified).days
        said = ngettext(
            "not verified for {days} day: no new member is taken in, all else goes on",
            "not verified for {days} days: no new member is taken in, all else goes on",
            days,
        ).format(days=days)
        advice = _("Run “maillon network refresh”: it says why. If the coordinator does not answer, tell it.")
    else:
        return Finding("directory", True, version)
    return Finding("directory", False, f"{version}, {said}", advice)


def _ends(ahead: Ahead) -> Finding:
    """What a person must act on: with advice from 60 days before, and not in order once something is over."""
    if not ahead.ends:
        return Finding("ends", True, _("nothing"))
    if not ahead.soon:
        return Finding("ends", True, _("first {end}").format(end=_said(ahead.ends[0])))
    advice = dict.fromkeys(
        _("{who}: {command}").format(who=labels.who_acts(end.who_acts, ahead.own, ahead.names), command=end.command)
        for end in ahead.soon
    )
    return Finding(
        "ends", not any(end.over for end in ahead.soon), "; ".join(map(_said, ahead.soon)), "; ".join(advice)
    )


def _said(end: End) -> str:
    said = _("{what} since {day}") if end.over else _("{what} on {day}")
    return said.format(what=labels.end(end.what), day=_day(end.on))


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d")


def _sign_on(node: "Node") -> Iterator[Finding]:
    """Nothing where no provider is configured."""
    if node.sign_on is None:
        return
    try:
        node.sign_on.prepare()
    except NodeError as error:
        advice = _("Check issuer in [sign_on]; on a private network, its block belongs into allow_private_addresses.")
        yield Finding("sign_on", False, str(error), advice)
    else:
        yield Finding("sign_on", True, _("{provider} answers").format(provider=node.sign_on.name))


def _port(config: Config) -> Finding:
    """Free, or served by this very node."""
    import socket

    host, port = config.server.host, config.server.port
    address = f"{host}:{port}"
    with lease_for(config.database_url) as lease:
        holder = lease.holder()
    if holder:
        # It brings a command of its own along: only whom a node serves waits for it.
        import httpx

        try:
            host_in_url = f"[{host}]" if ":" in host else host
            answer = httpx.get(f"http://{host_in_url}:{port}/readyz", timeout=5, trust_env=False)
        except httpx.HTTPError:
            return Finding(
                "port", False, address, _("Process {pid} holds the node and does not answer.").format(pid=holder)
            )
        if answer.status_code != httpx.codes.OK:
            return Finding(
                "port",
                False,
                address,
                _("The node answers that it is not ready: {what}.").format(what=answer.text[:200]),
            )
        return Finding("port", True, _("{address}, served by process {pid}").format(address=address, pid=holder))
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return Finding("port", True, _("{address}, free").format(address=address))
    except OSError as error:
        return Finding("port", False, f"{address}: {error.strerror}", _("Free this port, or change [server] port."))
