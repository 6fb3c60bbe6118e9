"""The private keys of the directory's roles: one folder, a file a key, each for its owner alone.

Guarantees: nothing is signed below the threshold of a role (NotEnoughKeys); a key that is not the role's adds no
signature. All but the online ones may be taken elsewhere, and brought back, or asked for a signature where they are
(renewal.py). Read next: registry.py.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner, Signature
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp

from federation.errors import BadDirectory, NotEnoughKeys
from federation.files import write_atomically

S = TypeVar("S", Root, Targets, Snapshot, Timestamp)

_KEY_FILE = re.compile(r"([a-z]+)-[0-9]+\.pem")


class RoleKeys:
    """The keys that are in one folder. `random_bytes` makes new ones."""

    def __init__(self, folder: Path, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self.folder = folder
        self._random_bytes = random_bytes

    def make(self, role: str, number: int = 1) -> CryptoSigner:
        """A new key, durable on return."""
        signer = CryptoSigner(Ed25519PrivateKey.from_private_bytes(self._random_bytes(32)))
        write_atomically(self.folder / f"{role}-{number}.pem", signer.private_bytes, 0o600)
        return signer

    def files(self, role: str) -> Sequence[Path]:
        """The files of a role's keys, in the order of their names."""
        found = ((path, _KEY_FILE.fullmatch(path.name)) for path in sorted(self.folder.iterdir()))
        return [path for path, match in found if match is not None and match[1] == role]

    def signers(self, role: str) -> Sequence[CryptoSigner]:
        """The keys of a role that are here; BadDirectory for a file that holds none."""
        return [_read(path) for path in self.files(role)]

    def sign(self, signed: S, role: str, vouching: Root | Targets) -> bytes:
        """With the signatures of the role's keys that are here; NotEnoughKeys when they do not reach its threshold."""
        return complete(signed, role, vouching, signatures(signed, role, vouching, self.signers(role))).to_bytes()


def load_key(pem: bytes) -> CryptoSigner:
    """The private key in these bytes; ValueError when there is none, or not one that stands open."""
    try:
        return CryptoSigner(load_pem_private_key(pem, None))
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("no key that can be used") from error


def signatures(
    signed: S, role: str, vouching: Root | Targets, signers: Iterable[CryptoSigner]
) -> Mapping[str, Signature]:
    """What those of these keys that are the role's sign, by key id."""
    known, metadata = vouching.get_delegated_role(role).keyids, Metadata(signed)
    for signer in signers:
        if signer.public_key.keyid in known:
            metadata.sign(signer, append=True)
    return metadata.signatures


def complete(signed: S, role: str, vouching: Root | Targets, by_key: Mapping[str, Signature]) -> Metadata[S]:
    """It with the signatures that hold; NotEnoughKeys when they do not reach the threshold."""
    found = vouching.get_verification_result(role, Metadata(signed).signed_bytes, dict(by_key))
    if not found:
        raise NotEnoughKeys(f"{role}: {found.threshold} keys must sign, {len(found.signed)} are here")
    return Metadata(signed, {key_id: one for key_id, one in by_key.items() if key_id in found.signed})


def _read(path: Path) -> CryptoSigner:
    try:
        return load_key(path.read_bytes())
    except ValueError:
        raise BadDirectory(f"{path.name} holds no key") from None
