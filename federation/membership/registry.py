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

A registry of before `changes` gets that role with the next list that is published, or renewal. Read next: repository.py
(its files), changing.py (what changes in the list), renewal.py (a year more), role_keys.py, mirror.py (how a member
reads it), protocol/changes.py.
"""

import secrets
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from tuf.api.metadata import (
    Metadata,
    Root,
    Snapshot,
    Targets,
    Timestamp,
)

from federation.errors import BadDirectory, NotEnoughKeys
from federation.files import locked
from federation.membership.directory import ACTIVE, find_member
from federation.membership.repository import CHANGES, CHANGES_ROLE, LIVES, MEMBERS, InForce, Repository, Thresholds
from federation.membership.role_keys import RoleKeys
from protocol.changes import (
    Changes,
    apply_changes,
    decode_changes,
    no_changes,
    with_key_change,
    with_suspension,
)
from protocol.errors import ProtocolError
from protocol.members import Members, SignedJoinRequest, decode_members
from protocol.wire_json import decode


class Registry(Repository):
    """The repository in one folder. Every method that writes takes the moment at which it does. `random_bytes` makes
    the key of the online role `changes` where a registry has none yet."""

    def __init__(self, folder: Path, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """Open what `create` made; BadDirectory when there is none."""
        super().__init__(folder, RoleKeys(folder / "keys", random_bytes))
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
            made = Path(temporary) / "directory"
            draft = Repository(made, RoleKeys(made / "keys", random_bytes))
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


def _bumped(state: InForce, targets: bool = True) -> InForce:
    for signed in (state.targets if targets else None, state.changes, state.snapshot, state.timestamp):
        if signed is not None:
            signed.version += 1
    return state


def _due(role: str, signed: Targets | Snapshot | Timestamp, now: datetime) -> bool:
    return signed.expires - now <= LIVES[role] / 2
