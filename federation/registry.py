"""The coordinator's side of the directory: a TUF repository in a folder.

Guarantees: `members.json` is vouched for by the threshold of `targets` keys, those by the threshold of `root` keys, and
its freshness by one online `snapshot` and one online `timestamp` key (The Update Framework 1.0, consistent snapshots).
Every file is written whole, and the timestamp last, so that a reader finds the old state or the new one. Key files are
0600 in `keys/`; all but the online ones may be taken elsewhere, and brought back when they are needed: without the
threshold of keys nothing is signed (NotEnoughKeys). One writer at a time, across processes.

    <folder>/metadata/   N.root.json, N.targets.json, N.snapshot.json, timestamp.json    served as /directory/metadata/
    <folder>/targets/    <sha256>.members.json                                           served as /directory/targets/
    <folder>/keys/       root-1.pem, targets-1.pem, snapshot-1.pem, timestamp-1.pem ...  never served

Read next: membership.py (what changes in the list), mirror.py (how a member reads it).
"""

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import RepositoryError, UnsignedMetadataError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from federation.errors import BadDirectory, NotEnoughKeys
from federation.files import locked, write_atomically
from protocol.members import Members, decode_members, encode_members

MEMBERS = "members.json"
LIVES: Mapping[str, timedelta] = {
    Root.type: timedelta(days=365),
    Targets.type: timedelta(days=365),
    Snapshot.type: timedelta(days=7),
    Timestamp.type: timedelta(days=2),
}
"""How long what a role signs is good for. Online roles sign again when half of it is over."""

_HASH = "sha256"
_SERVED = re.compile(
    r"metadata/(timestamp|[1-9][0-9]{0,8}\.(root|targets|snapshot))\.json|targets/[0-9a-f]{64}\.members\.json"
)
_KEY_FILE = re.compile(r"(root|targets|snapshot|timestamp)-[0-9]+\.pem")

S = TypeVar("S", Root, Targets, Snapshot, Timestamp)


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


class Registry:
    """The repository in one folder. Every method that writes takes the moment at which it does."""

    def __init__(self, folder: Path) -> None:
        """Open what `create` made; BadDirectory when there is none."""
        self._folder = folder
        if not (self._metadata / "timestamp.json").is_file():
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
            draft._folder = Path(temporary) / "directory"
            for name in ("metadata", "targets", "keys"):
                (draft._folder / name).mkdir(parents=True)
            (draft._folder / "keys").chmod(0o700)
            draft._write("metadata/1.root.json", draft._first_root(now, random_bytes, thresholds))
            draft._release(Targets(), Snapshot(), Timestamp(), members, now)
            draft._folder.rename(folder)
        return cls(folder)

    def members(self) -> Members:
        """The list as published."""
        return decode_members(self._members_json())

    def root_fingerprint(self) -> str:
        """SHA-256 of `1.root.json`, in hexadecimal: what a node is told, by another way, before it joins."""
        return sha256((self._metadata / "1.root.json").read_bytes()).hexdigest()

    def read(self, path: str) -> bytes | None:
        """A file that is served under `/directory/`; None when there is none of that name."""
        if not _SERVED.fullmatch(path):
            return None
        try:
            return (self._folder / path).read_bytes()
        except FileNotFoundError:
            return None

    def publish(self, members: Members, now: datetime) -> None:
        """Put this list in force. BadDirectory unless its version is the next; NotEnoughKeys."""
        with locked(self._folder):
            if members.version != self.members().version + 1:
                raise BadDirectory("somebody else changed the list meanwhile")
            self._release(*_bumped(*self._in_force()), members, now)

    def refresh_timestamp(self, now: datetime) -> bool:
        """Sign again what the online keys sign, when half of its life is over. False when nothing was due."""
        with locked(self._folder):
            targets, snapshot, timestamp = self._in_force()
            if not (_due(snapshot, now) or _due(timestamp, now)):
                return False
            if _due(snapshot, now):
                snapshot.version += 1
                self._write_snapshot(snapshot, targets.version, now)
            timestamp.version += 1
            self._write_timestamp(timestamp, snapshot.version, now)
            return True

    def renew(self, now: datetime) -> None:
        """A year more for root and targets, by those who hold their keys; NotEnoughKeys."""
        with locked(self._folder):
            root = self._root()
            root.version += 1
            targets, snapshot, timestamp = _bumped(*self._in_force())
            signed_root, signed_targets = self._signed(root, now), self._signed(targets, now)
            self._write(f"metadata/{root.version}.root.json", signed_root)
            self._write_targets(targets, signed_targets, snapshot, timestamp, now)

    @property
    def _metadata(self) -> Path:
        return self._folder / "metadata"

    def _root(self) -> Root:
        version = 1
        while (self._metadata / f"{version + 1}.root.json").is_file():
            version += 1
        return _load(Root, self._metadata / f"{version}.root.json")

    def _in_force(self) -> tuple[Targets, Snapshot, Timestamp]:
        """What the timestamp leads to; files beyond it are of a writer that was interrupted."""
        timestamp = _load(Timestamp, self._metadata / "timestamp.json")
        snapshot = _load(Snapshot, self._metadata / f"{timestamp.snapshot_meta.version}.snapshot.json")
        targets = _load(Targets, self._metadata / f"{snapshot.meta['targets.json'].version}.targets.json")
        return targets, snapshot, timestamp

    def _members_json(self) -> bytes:
        targets, _, _ = self._in_force()
        target = targets.targets[MEMBERS]
        data = (self._folder / "targets" / f"{target.hashes[_HASH]}.{MEMBERS}").read_bytes()
        try:
            target.verify_length_and_hashes(data)
        except RepositoryError:
            raise BadDirectory("the stored list is not the one that was signed") from None
        return data

    def _release(
        self, targets: Targets, snapshot: Snapshot, timestamp: Timestamp, members: Members, now: datetime
    ) -> None:
        data = encode_members(members)
        target = TargetFile.from_data(MEMBERS, data, [_HASH])
        targets.targets[MEMBERS] = target
        signed = self._signed(targets, now)
        self._write(f"targets/{target.hashes[_HASH]}.{MEMBERS}", data)
        self._write_targets(targets, signed, snapshot, timestamp, now)

    def _write_targets(
        self, targets: Targets, signed: bytes, snapshot: Snapshot, timestamp: Timestamp, now: datetime
    ) -> None:
        self._write(f"metadata/{targets.version}.targets.json", signed)
        self._write_snapshot(snapshot, targets.version, now)
        self._write_timestamp(timestamp, snapshot.version, now)

    def _write_snapshot(self, snapshot: Snapshot, targets_version: int, now: datetime) -> None:
        snapshot.meta["targets.json"] = self._meta("targets", targets_version)
        self._write(f"metadata/{snapshot.version}.snapshot.json", self._signed(snapshot, now))

    def _write_timestamp(self, timestamp: Timestamp, snapshot_version: int, now: datetime) -> None:
        timestamp.snapshot_meta = self._meta("snapshot", snapshot_version)
        self._write("metadata/timestamp.json", self._signed(timestamp, now))

    def _meta(self, role: str, version: int) -> MetaFile:
        data = (self._metadata / f"{version}.{role}.json").read_bytes()
        return MetaFile.from_data(version, data, [_HASH])

    def _signed(self, signed: S, now: datetime) -> bytes:
        """What a role says from now on, with the signatures of the keys that are here."""
        root = signed if isinstance(signed, Root) else self._root()
        signed.expires = now + LIVES[signed.type]
        metadata = Metadata(signed)
        for signer in self._signers(signed.type):
            metadata.sign(signer, append=True)
        try:
            root.verify_delegate(signed.type, metadata.signed_bytes, metadata.signatures)
        except UnsignedMetadataError:
            needed, present = root.roles[signed.type].threshold, len(metadata.signatures)
            raise NotEnoughKeys(f"{signed.type}: {needed} keys must sign, {present} are here") from None
        return metadata.to_bytes()

    def _signers(self, role: str) -> Sequence[CryptoSigner]:
        return [
            CryptoSigner(load_pem_private_key(path.read_bytes(), None))
            for path in sorted((self._folder / "keys").iterdir())
            if _KEY_FILE.fullmatch(path.name) and path.name.startswith(f"{role}-")
        ]

    def _first_root(self, now: datetime, random_bytes: Callable[[int], bytes], thresholds: Thresholds) -> bytes:
        root = Root(consistent_snapshot=True)
        roles = {Root.type: thresholds.root, Targets.type: thresholds.targets}
        for role in LIVES:
            keys = roles.get(role, Keys())
            if not 1 <= keys.threshold <= keys.count:
                raise ValueError("a threshold is between one and the number of keys")
            root.roles[role].threshold = keys.threshold
            for number in range(1, keys.count + 1):
                signer = CryptoSigner(Ed25519PrivateKey.from_private_bytes(random_bytes(32)))
                root.add_key(signer.public_key, role)
                write_atomically(self._folder / "keys" / f"{role}-{number}.pem", signer.private_bytes, 0o600)
        return self._signed(root, now)

    def _write(self, path: str, data: bytes) -> None:
        write_atomically(self._folder / path, data)


def _load(kind: type[S], path: Path) -> S:
    try:
        signed = Metadata.from_bytes(path.read_bytes()).signed
    except (OSError, RepositoryError):
        raise BadDirectory(f"{path.name} is missing or not readable") from None
    if not isinstance(signed, kind):
        raise BadDirectory(f"{path.name} is not what it is named for")
    return signed


def _bumped(targets: Targets, snapshot: Snapshot, timestamp: Timestamp) -> tuple[Targets, Snapshot, Timestamp]:
    for signed in (targets, snapshot, timestamp):
        signed.version += 1
    return targets, snapshot, timestamp


def _due(signed: Snapshot | Timestamp, now: datetime) -> bool:
    return signed.expires - now <= LIVES[signed.type] / 2
