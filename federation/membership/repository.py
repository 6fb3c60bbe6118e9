"""The directory as files: what the timestamp leads to, each role's file signed and written in its turn.

The layout and its guarantees are those of registry.py, which decides what is signed. Read next: role_keys.py.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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

from federation.errors import BadDirectory
from federation.files import write_atomically
from federation.membership.role_keys import RoleKeys, S
from protocol.changes import (
    Changes,
    encode_changes,
    no_changes,
)
from protocol.members import Members, encode_members

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


class Repository:
    """The files in one folder, read, and written under the caller's lock of the folder. Nothing here decides what the
    list says."""

    def __init__(self, folder: Path, keys: RoleKeys) -> None:
        self.folder = folder
        self.keys = keys

    @property
    def metadata(self) -> Path:
        """Where the metadata files are."""
        return self.folder / "metadata"

    def read(self, path: str) -> bytes | None:
        """A file that is served under `/directory/`; None when there is none of that name."""
        if not _SERVED.fullmatch(path):
            return None
        try:
            return (self.folder / path).read_bytes()
        except FileNotFoundError:
            return None

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

    def in_force(self) -> InForce:
        """What the timestamp leads to; files beyond it are of a writer that was interrupted."""
        timestamp = _load(Timestamp, self.metadata / "timestamp.json")
        snapshot = _load(Snapshot, self.metadata / f"{timestamp.snapshot_meta.version}.snapshot.json")
        targets = _load(Targets, self.metadata / f"{snapshot.meta['targets.json'].version}.targets.json")
        listed = snapshot.meta.get(f"{CHANGES_ROLE}.json")
        changes = None if listed is None else _load(Targets, self.metadata / f"{listed.version}.{CHANGES_ROLE}.json")
        return InForce(targets, changes, snapshot, timestamp)

    def prepare_targets(self, targets: Targets, now: datetime) -> Targets:
        """These targets with a life that begins now, and with the role `changes`, whose key is made where there is
        none; unsigned. The version is the caller's affair."""
        targets.expires = now + LIVES[Targets.type]
        if targets.delegations is None:
            held = self.keys.signers(CHANGES_ROLE) or [self.keys.make(CHANGES_ROLE)]
            targets.delegations = changes_delegation(held[0].public_key)
        return targets

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
