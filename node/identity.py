"""What proves that a node is itself: its key file, the API's token, and the encrypted backup of the keys.

Guarantees: secret files are created with mode 0600 and never overwritten, but the key file by a rotation, whole or not
at all; a secret file that others may read is refused; the backup is one self-describing text file whose header is
authenticated with the content, sealed under a passphrase of 125 random bits (Argon2id, RFC 9106 second recommended
option; ChaCha20-Poly1305, RFC 8439). No secret is logged or quoted in an error. Read next: key_file.py (what the key
file holds)."""

import json
import os
import stat
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from federation.files import write_atomically
from node.key_file import HeldKeys
from node.kit.errors import BadInput, Conflict, NodeError
from node.kit.i18n import gettext as _
from protocol.errors import ProtocolError

FORMAT = "maillon-key-backup/1"
MAX_FILE_BYTES = 64 * 1024

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 32 letters and digits that are not mistaken for one another
_GROUPS, _GROUP_LENGTH = 5, 5
_ITERATIONS, _LANES, _MEMORY_KIB = 3, 4, 64 * 1024
_SALT, _NONCE, _KEY = 16, 12, 32

RandomBytes = Callable[[int], bytes]


class IdentityError(NodeError):
    """A secret file is missing, unreadable, open to others, or not what it should be."""

    status = 500
    problem = "identity"


def write_secret(path: Path, content: bytes) -> None:
    """Create a file that its owner alone may read; Conflict when it exists. Durable on return."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(_("“{path}” exists already and is never overwritten.").format(path=path)) from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_secret(path: Path) -> bytes:
    """The content of a secret file; IdentityError when it is missing, too large, or readable by others."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise IdentityError(
                    _("“{path}” may be read by others (mode {mode}): run “chmod 600 {path}”.").format(
                        path=path, mode=f"{mode:04o}"
                    )
                )
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise IdentityError(
            _("“{path}” is missing: put it back from the key backup with “maillon init --restore-keys”.").format(
                path=path
            )
        ) from None
    except OSError as error:
        raise IdentityError(_("“{path}” cannot be read ({detail}).").format(path=path, detail=error.strerror)) from None
    if len(content) > MAX_FILE_BYTES:
        raise IdentityError(_("“{path}” is too large to be a secret file of this node.").format(path=path))
    return content


def load_keys(path: Path, node_id: str) -> HeldKeys:
    """All private keys of the node; IdentityError when they are unreadable or those of another node."""
    try:
        keys = HeldKeys.from_bytes(read_secret(path))
    except (ProtocolError, ValueError):
        raise IdentityError(
            _("“{path}” is not a key file: put it back from the key backup.").format(path=path)
        ) from None
    if keys.node_id != node_id:
        raise IdentityError(
            _("“{path}” holds the keys of {found}, and the configuration names {expected}.").format(
                path=path, found=keys.node_id, expected=node_id
            )
        )
    return keys


def replace_keys(path: Path, keys: HeldKeys) -> None:
    """Put these keys in the place of those in the file: the old ones or the new ones are there at any moment."""
    write_atomically(path, keys.to_bytes(), 0o600)


def new_token(random_bytes: RandomBytes) -> str:
    """A bearer token of 256 bits (RFC 6750 alphabet)."""
    return "mln_" + random_bytes(32).hex()


def load_token(path: Path) -> str:
    """The API's bearer token."""
    return read_secret(path).decode("ascii", "replace").strip()


def new_passphrase(random_bytes: RandomBytes) -> str:
    """125 random bits in five groups that can be written on paper, `K7QFM-...`."""
    letters = "".join(_ALPHABET[byte % 32] for byte in random_bytes(_GROUPS * _GROUP_LENGTH))
    return "-".join(letters[start : start + _GROUP_LENGTH] for start in range(0, len(letters), _GROUP_LENGTH))


def seal_backup(keys: HeldKeys, passphrase: str, random_bytes: RandomBytes) -> bytes:
    """The encrypted backup of the keys, as a JSON text file."""
    header = {
        "format": FORMAT,
        "node": keys.node_id,
        "kdf": "argon2id",
        "iterations": _ITERATIONS,
        "lanes": _LANES,
        "memory_kib": _MEMORY_KIB,
        "salt": b64encode(random_bytes(_SALT)).decode(),
        "nonce": b64encode(random_bytes(_NONCE)).decode(),
        "cipher": "chacha20-poly1305",
    }
    cipher = ChaCha20Poly1305(_derive(passphrase, b64decode(str(header["salt"]))))
    sealed = cipher.encrypt(b64decode(str(header["nonce"])), keys.to_bytes(), _associated(header))
    return json.dumps({**header, "sealed": b64encode(sealed).decode()}, indent=2).encode() + b"\n"


def open_backup(data: bytes, passphrase: str) -> HeldKeys:
    """The keys in a backup; BadInput when it is not one, was altered, or the passphrase is wrong."""
    not_a_backup = _("This is not a key backup of this version of Maillon.")
    try:
        header = json.loads(data)
        sealed = b64decode(header.pop("sealed"), validate=True)
        salt = b64decode(header["salt"], validate=True)
        nonce = b64decode(header["nonce"], validate=True)
        parameters = (header["format"], header["kdf"], header["iterations"], header["lanes"], header["memory_kib"])
    except (ValueError, KeyError, TypeError, AttributeError, Base64Error, RecursionError):
        raise BadInput(not_a_backup) from None
    if parameters != (FORMAT, "argon2id", _ITERATIONS, _LANES, _MEMORY_KIB):
        raise BadInput(not_a_backup)
    if len(salt) != _SALT or len(nonce) != _NONCE:
        raise BadInput(not_a_backup)
    try:
        return HeldKeys.from_bytes(
            ChaCha20Poly1305(_derive(passphrase, salt)).decrypt(nonce, sealed, _associated(header))
        )
    except InvalidTag:
        raise BadInput(_("The backup does not open: the passphrase is wrong, or the file was altered.")) from None
    except (ProtocolError, ValueError):
        raise BadInput(not_a_backup) from None


def _derive(passphrase: str, salt: bytes) -> bytes:
    """Case, spaces and dashes do not count, so that a passphrase copied from paper opens."""
    letters = "".join(passphrase.upper().split()).replace("-", "")
    kdf = Argon2id(salt=salt, length=_KEY, iterations=_ITERATIONS, lanes=_LANES, memory_cost=_MEMORY_KIB)
    return kdf.derive(letters.encode())


def _associated(header: dict[str, object]) -> bytes:
    return json.dumps(header, sort_keys=True).encode()
