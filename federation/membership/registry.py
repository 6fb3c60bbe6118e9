"""The coordinator's side of the directory: a TUF repository in a folder.

Guarantees: `members.json` is vouched for by the threshold of `targets` keys, those by the threshold of `root` keys, and
its freshness by one online `snapshot` and one online `timestamp` key (The Update Framework 1.0, consistent snapshots).
`changes.json`, beside it, is signed by one online key, to which `targets` delegates that file alone. Every file is
written whole, and the timestamp last, so that a reader finds the old state or the new one. Without the threshold of
keys nothing is signed (NotEnoughKeys). One writer at a time, across processes.

    <folder>/metadata/   N.root.json, N.targets.json, N.changes.json, N.snapshot.json, timestamp.json
                                                                      served as /directory/metadata/
    <folder>/targets/    <sha256>.members.json, <sha256>.changes.json served as /directory/targets/
    <folder>/keys/       root-1.pem, targets-1.pem, changes-1.pem, snapshot-1.pem, timestamp-1.pem ...   never served

A registry of before `changes` gets that role with the next list that is published, or renewal. Read next: changing.py
(what changes in the list), renewal.py (a year more), role_keys.py, mirror.py (how a member reads it),
protocol/changes.py.
"""

import re
import secrets
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Key,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from federation.errors import BadDirectory, NotEnoughKeys
from federation.files import locked, write_atomically
from federation.membership.directory import ACTIVE, find_member
from federation.membership.role_keys import RoleKeys, S
from protocol.changes import (
    Changes,
    apply_changes,
    decode_changes,
    encode_changes,
    no_changes,
    with_key_change,
    with_suspension,
)
from protocol.errors import ProtocolError
from protocol.members import Members, SignedJoinRequest, decode_members, encode_members
from protocol.wire_json import decode

MEMBERS = "members.json"
CHANGES = "changes.json"
CHANGES_ROLE = "changes"
"""The online role that `targets` lets vouch for `changes.json`, and for nothing else."""
LIVES: Mapping[str, timedelta] = {
    Root.type: timedelta(days=365),
    Targets.type: timedelta(days=365),
    CHANGES_ROLE: timedelta(days=7),
    Snapshot.type: timedelta(days=7),
    Timestamp.type: timedelta(days=2),
}
"""How long what a role signs is good for. Online roles sign again when half of it is over."""

_HASH = "sha256"
_SERVED = re.compile(
    r"metadata/(timestamp|[1-9][0-9]{0,8}\.(root|targets|changes|snapshot))\.json"
    r"|targets/[0-9a-f]{64}\.(members|changes)\.json"
)


@dataclass(frozen=True, slots=True)
class Keys:
    """How many keys a role has, and how many of them must sign."""

    threshold: int = 1
    count: int = 1


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The offline roles; a network of several authorities takes 3 of 5 and 2 of 5. Online roles have one key each."""

    root: Keys = Keys()
    targets: Keys = Keys()


@dataclass(slots=True)
class InForce:
    """What the timestamp leads to. `changes` is None in a registry of before that role."""

    targets: Targets
    changes: Targets | None
    snapshot: Snapshot
    timestamp: Timestamp


class Registry:
    """The repository in one folder. Every method that writes takes the moment at which it does. `random_bytes` makes
    the key of the online role `changes` where a registry has none yet."""

    def __init__(self, folder: Path, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """Open what `create` made; BadDirectory when there is none."""
        self.folder = folder
        self.keys = RoleKeys(folder / "keys", random_bytes)
        if not (self.metadata / "timestamp.json").is_file():
            raise BadDirectory("no directory was created in this folder")

    @classmethod
    def create(
        cls,
        folder: Path,
        members: Members,
        now: datetime,
        random_bytes: Callable[[int], bytes],
        thresholds: Thresholds = Thresholds(),
    ) -> "Registry":
        """A new repository with new keys and this first list; all of it, or nothing. FileExistsError."""
        if folder.exists():
            raise FileExistsError(f"{folder} exists")
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as temporary:
            draft = cls.__new__(cls)
            draft.folder = Path(temporary) / "directory"
            draft.keys = RoleKeys(draft.folder / "keys", random_bytes)
            for name in ("metadata", "targets", "keys"):
                (draft.folder / name).mkdir(parents=True)
            draft.keys.folder.chmod(0o700)
            draft._write("metadata/1.root.json", draft._first_root(now, thresholds))
            draft._release(InForce(Targets(), None, Snapshot(), Timestamp()), members, now)
            draft.folder.rename(folder)
        return cls(folder, random_bytes)

    def members(self) -> Members:
        """The list in force: as it was signed, with the changes since."""
        return apply_changes(*self.published())

    def published(self) -> tuple[Members, Changes]:
        """The list as those who hold `targets` keys signed it, and what the online role changed since."""
        state = self.in_force()
        members = decode_members(self._target(state.targets, MEMBERS))
        changes = no_changes(members) if state.changes is None else decode_changes(self._target(state.changes, CHANGES))
        return members, changes

    def root_fingerprint(self) -> str:
        """SHA-256 of `1.root.json`, in hexadecimal: what a node is told, by another way, before it joins."""
        return sha256((self.metadata / "1.root.json").read_bytes()).hexdigest()

    def expiries(self) -> Mapping[str, datetime]:
        """When what only people can sign again ends: by role, `root` and `targets`."""
        return {Root.type: self.root().expires, Targets.type: self.in_force().targets.expires}

    def read(self, path: str) -> bytes | None:
        """A file that is served under `/directory/`; None when there is none of that name."""
        if not _SERVED.fullmatch(path):
            return None
        try:
            return (self.folder / path).read_bytes()
        except FileNotFoundError:
            return None

    def publish(self, members: Members, now: datetime) -> None:
        """Put this list in force, with the changes that it takes in. BadDirectory unless its version is the next;
        NotEnoughKeys."""
        with locked(self.folder):
            if members.version != self.members().version + 1:
                raise BadDirectory("somebody else changed the list meanwhile")
            self._release(_bumped(self.in_force()), members, now)

    def change(self, act: Callable[[Members, Changes], Changes], now: datetime) -> Members:
        """Put what `act` makes of the signed list and its changes in force, by the online keys alone; the list in
        force.

        Raises what `act` raises, and NotEnoughKeys when no online key for changes is here, as in a registry of before
        that role: the next list that is published, or a renewal, makes one.
        """
        with locked(self.folder):
            state = self.in_force()
            if state.changes is None:
                raise NotEnoughKeys("changes: this directory has no such role yet; renew it")
            members, before = self.published()
            after = act(members, before)
            if after != before:
                applied = apply_changes(members, after)
                self._write_changes(_bumped(state, targets=False), after, now)
                return applied
            return apply_changes(members, before)

    def list_keys(self, request: bytes, now: datetime) -> Members | None:
        """Put a member's new keys in force, as its signed request states them, by the online role; the list in force,
        also when they are listed already. None when a person must decide: the request is none that `changes.json` may
        carry."""
        asked = decode(request, SignedJoinRequest).request
        members = self.members()
        before = members.find(asked.id)
        if before is not None and all(key in before.keys for key in asked.keys):
            return members
        try:
            return self.change(lambda signed, changes: with_key_change(signed, changes, request, now), now)
        except (ProtocolError, NotEnoughKeys):
            return None

    def suspend(self, node_id: str, now: datetime) -> Members:
        """Shut an active member out, by the online role, so that it takes nobody's key; the list in force.
        NotAMember."""
        if find_member(self.members(), node_id).status == ACTIVE:
            self.change(lambda signed, changes: with_suspension(signed, changes, node_id, now), now)
        return self.members()

    def refresh_timestamp(self, now: datetime) -> bool:
        """Sign again what the online keys sign, when half of its life is over. False when nothing was due."""
        with locked(self.folder):
            state = self.in_force()
            changes, snapshot, timestamp = state.changes, state.snapshot, state.timestamp
            changes_due = changes is not None and _due(CHANGES_ROLE, changes, now)
            snapshot_due = changes_due or _due(Snapshot.type, snapshot, now)
            if not (snapshot_due or _due(Timestamp.type, timestamp, now)):
                return False
            if changes is not None and changes_due:
                changes.version += 1
                self._write_changes_metadata(state, now)
            if snapshot_due:
                snapshot.version += 1
                self._write_snapshot(state, now)
            timestamp.version += 1
            self._write_timestamp(state, now)
            return True

    @property
    def metadata(self) -> Path:
        """Where the metadata files are."""
        return self.folder / "metadata"

    def roots(self) -> Sequence[bytes]:
        """Every root, as it was signed, the first one first; one beyond the others is of a renewal that was
        interrupted, and holds."""
        found: list[bytes] = []
        while (data := self.read(f"metadata/{len(found) + 1}.root.json")) is not None:
            found.append(data)
        return found

    def root(self) -> Root:
        """The last root."""
        return _load(Root, self.metadata / f"{len(self.roots())}.root.json")

    def prepare_targets(self, targets: Targets, now: datetime) -> Targets:
        """These targets with a life that begins now, and with the role `changes`, whose key is made where there is
        none; unsigned. The version is the caller's affair."""
        targets.expires = now + LIVES[Targets.type]
        if targets.delegations is None:
            held = self.keys.signers(CHANGES_ROLE) or [self.keys.make(CHANGES_ROLE)]
            targets.delegations = changes_delegation(held[0].public_key)
        return targets

    def put_in_force(self, root: Metadata[Root], targets: Metadata[Targets], now: datetime) -> None:
        """Publish a renewal: a signed root, where it is the next one, and signed targets that leave the list as it is.
        The caller holds the folder's lock, and has compared both with those that are in force."""
        path = f"metadata/{root.signed.version}.root.json"
        if not (self.folder / path).is_file():
            self._write(path, root.to_bytes())
        state = _bumped(self.in_force())
        state.targets = targets.signed
        self._write(f"metadata/{state.targets.version}.targets.json", targets.to_bytes())
        if state.changes is None:
            self._write_changes(state, no_changes(decode_members(self._target(state.targets, MEMBERS))), now)
        else:
            self._write_changes_metadata(state, now)
            self._write_snapshot(state, now)
            self._write_timestamp(state, now)

    def in_force(self) -> InForce:
        """What the timestamp leads to; files beyond it are of a writer that was interrupted."""
        timestamp = _load(Timestamp, self.metadata / "timestamp.json")
        snapshot = _load(Snapshot, self.metadata / f"{timestamp.snapshot_meta.version}.snapshot.json")
        targets = _load(Targets, self.metadata / f"{snapshot.meta['targets.json'].version}.targets.json")
        listed = snapshot.meta.get(f"{CHANGES_ROLE}.json")
        changes = None if listed is None else _load(Targets, self.metadata / f"{listed.version}.{CHANGES_ROLE}.json")
        return InForce(targets, changes, snapshot, timestamp)

    def _target(self, vouching: Targets, name: str) -> bytes:
        target = vouching.targets[name]
        data = (self.folder / "targets" / f"{target.hashes[_HASH]}.{name}").read_bytes()
        try:
            target.verify_length_and_hashes(data)
        except RepositoryError:
            raise BadDirectory("a stored file is not the one that was signed") from None
        return data

    def _release(self, state: InForce, members: Members, now: datetime) -> None:
        """This list, and no changes to it yet. Nothing is written before it is signed."""
        data = encode_members(members)
        target = TargetFile.from_data(MEMBERS, data, [_HASH])
        state.targets.targets[MEMBERS] = target
        signed = self.keys.sign(self.prepare_targets(state.targets, now), Targets.type, self.root())
        self._write(f"targets/{target.hashes[_HASH]}.{MEMBERS}", data)
        self._write(f"metadata/{state.targets.version}.targets.json", signed)
        self._write_changes(state, no_changes(members), now)

    def _write_changes(self, state: InForce, changes: Changes, now: datetime) -> None:
        data = encode_changes(changes)
        target = TargetFile.from_data(CHANGES, data, [_HASH])
        state.changes = state.changes or Targets()
        state.changes.targets[CHANGES] = target
        self._write(f"targets/{target.hashes[_HASH]}.{CHANGES}", data)
        self._write_changes_metadata(state, now)
        self._write_snapshot(state, now)
        self._write_timestamp(state, now)

    def _write_changes_metadata(self, state: InForce, now: datetime) -> None:
        assert state.changes is not None
        state.changes.expires = now + LIVES[CHANGES_ROLE]
        signed = self.keys.sign(state.changes, CHANGES_ROLE, state.targets)
        self._write(f"metadata/{state.changes.version}.{CHANGES_ROLE}.json", signed)

    def _write_snapshot(self, state: InForce, now: datetime) -> None:
        state.snapshot.meta["targets.json"] = self._meta("targets", state.targets.version)
        if state.changes is not None:
            state.snapshot.meta[f"{CHANGES_ROLE}.json"] = self._meta(CHANGES_ROLE, state.changes.version)
        state.snapshot.expires = now + LIVES[Snapshot.type]
        signed = self.keys.sign(state.snapshot, Snapshot.type, self.root())
        self._write(f"metadata/{state.snapshot.version}.snapshot.json", signed)

    def _write_timestamp(self, state: InForce, now: datetime) -> None:
        state.timestamp.snapshot_meta = self._meta("snapshot", state.snapshot.version)
        state.timestamp.expires = now + LIVES[Timestamp.type]
        self._write("metadata/timestamp.json", self.keys.sign(state.timestamp, Timestamp.type, self.root()))

    def _meta(self, role: str, version: int) -> MetaFile:
        data = (self.metadata / f"{version}.{role}.json").read_bytes()
        return MetaFile.from_data(version, data, [_HASH])

    def _first_root(self, now: datetime, thresholds: Thresholds) -> bytes:
        root = Root(consistent_snapshot=True, expires=now + LIVES[Root.type])
        asked = {Root.type: thresholds.root, Targets.type: thresholds.targets}
        for role in (Root.type, Targets.type, Snapshot.type, Timestamp.type):
            keys = asked.get(role, Keys())
            if not 1 <= keys.threshold <= keys.count:
                raise ValueError("a threshold is between one and the number of keys")
            root.roles[role].threshold = keys.threshold
            for number in range(1, keys.count + 1):
                root.add_key(self.keys.make(role, number).public_key, role)
        return self.keys.sign(root, Root.type, root)

    def _write(self, path: str, data: bytes) -> None:
        write_atomically(self.folder / path, data)


def changes_delegation(key: Key) -> Delegations:
    """To the online role `changes`, which this key signs for: `changes.json`, and nothing else."""
    role = DelegatedRole(CHANGES_ROLE, [key.keyid], 1, terminating=True, paths=[CHANGES])
    return Delegations({key.keyid: key}, {CHANGES_ROLE: role})


def _load(kind: type[S], path: Path) -> S:
    try:
        signed = Metadata.from_bytes(path.read_bytes()).signed
    except (OSError, RepositoryError):
        raise BadDirectory(f"{path.name} is missing or not readable") from None
    if not isinstance(signed, kind):
        raise BadDirectory(f"{path.name} is not what it is named for")
    return signed


def _bumped(state: InForce, targets: bool = True) -> InForce:
    for signed in (state.targets if targets else None, state.changes, state.snapshot, state.timestamp):
        if signed is not None:
            signed.version += 1
    return state


def _due(role: str, signed: Targets | Snapshot | Timestamp, now: datetime) -> bool:
    return signed.expires - now <= LIVES[role] / 2
