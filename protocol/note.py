"""Signed notes (C2SP signed-note): a text, a blank line, and a line for each signature; keys as one line of text.

Guarantees: a text is returned only when a known key signed it, and never when a known key signed it badly; there is one
form of each note. The signatures are Ed25519's, plain ones and those of witnesses, which carry a moment.

Read next: checkpoint.py (what a node signs so), cosignature.py (what a witness adds).
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from protocol.errors import BadSignature, MalformedMessage
from protocol.merkle import MAX_SIZE

ED25519 = 0x01


COSIGNATURE = 0x04
MAX_NOTE_BYTES = 64 * 1024
MAX_SIGNATURES = 100
_KEY_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,512}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name, for one algorithm (`ED25519` or `COSIGNATURE`)."""

    name: str
    public: bytes
    algorithm: int = ED25519

    @property
    def key_id(self) -> bytes:
        """The four bytes that mark this key's signatures."""
        return key_id(self.name, self.public, self.algorithm)


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: the key's name, its four-byte id, and what follows the id."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A parsed note, not verified yet; `text` ends in a newline."""

    text: str
    signatures: tuple[NoteSignature, ...]

    @classmethod
    def parse(cls, note: bytes) -> "SignedNote":
        """Split a note; MalformedMessage when it is not one, or beyond the caps."""
        if len(note) > MAX_NOTE_BYTES:
            raise MalformedMessage(f"note: more than {MAX_NOTE_BYTES} bytes")
        try:
            decoded = note.decode("utf-8")
        except UnicodeDecodeError:
            raise MalformedMessage("note: not UTF-8") from None
        if _CONTROL.search(decoded):
            raise MalformedMessage("note: control characters")
        body, separator, lines = decoded.rpartition("\n\n")
        if not separator or not body or not lines.endswith("\n"):
            raise MalformedMessage("note: no signature lines after a blank line")
        signature_lines = lines[:-1].split("\n")
        if len(signature_lines) > MAX_SIGNATURES:
            raise MalformedMessage(f"note: more than {MAX_SIGNATURES} signatures")
        return cls(body + "\n", tuple(map(_parse_signature_line, signature_lines)))

    def encode(self) -> bytes:
        """The note's bytes."""
        return (self.text + "\n" + "".join(map(signature_line, self.signatures))).encode()


def key_id(name: str, public_key: bytes, algorithm: int = ED25519) -> bytes:
    """First four bytes of SHA-256(name, newline, algorithm, public key), as signed-note recommends."""
    return sha256(name.encode() + b"\n" + bytes([algorithm]) + public_key).digest()[:4]


def vkey(name: str, public_key: bytes, algorithm: int = ED25519) -> str:
    """A public key as one line of text, `name+hexid+base64(algorithm || key)`, as other verifiers take it."""
    check_name(name)
    encoded = b64encode(bytes([algorithm]) + public_key).decode()
    return f"{name}+{key_id(name, public_key, algorithm).hex()}+{encoded}"


def parse_vkey(text: str) -> VerifierKey:
    """The inverse of `vkey`; MalformedMessage when it is not one, or when the id does not fit the key."""
    name, _, rest = text.partition("+")
    _, _, encoded = rest.partition("+")
    material = decode_base64(encoded, "key")
    if len(material) != 33 or material[0] not in (ED25519, COSIGNATURE):
        raise MalformedMessage("key: not an Ed25519 key of a known algorithm")
    key = VerifierKey(name, material[1:], material[0])
    if vkey(key.name, key.public, key.algorithm) != text:
        raise MalformedMessage("key: the id does not fit, or not the canonical form")
    return key


def sign_note(text: str, name: str, private_key: Ed25519PrivateKey) -> bytes:
    """A note with one Ed25519 signature over `text`, which must end in a newline."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise ValueError("a note's text ends in a newline and has no control characters")
    check_name(name)
    public = private_key.public_key().public_bytes_raw()
    signature = NoteSignature(name, key_id(name, public), private_key.sign(text.encode()))
    return SignedNote(text, (signature,)).encode()


def verify_note(note: bytes, vkeys: Iterable[str | VerifierKey]) -> str:
    """The note's text, once at least one of the given keys has signed it.

    Signatures by other keys are ignored. Raises MalformedMessage, and BadSignature when no given key
    signed, or when a signature of a given key is wrong, whatever the others say.
    """
    parsed = SignedNote.parse(note)
    if not verified_signatures(parsed, map(as_key, vkeys)):
        raise BadSignature("note: no signature by a known key")
    return parsed.text


def add_signatures(note: bytes, lines: bytes) -> bytes:
    """The note with further signature lines, as a witness answered them; MalformedMessage when it is none
    then."""
    return SignedNote.parse(note + lines).encode()


def verified_signatures(note: SignedNote, keys: Iterable[VerifierKey]) -> list[bytes]:
    """The signatures by these keys, all verified; BadSignature when one of them is wrong."""
    known = {(key.name, key.key_id): key for key in keys}
    verified = []
    for one in note.signatures:
        key = known.get((one.name, one.key_id))
        if key is not None:
            _verify_signature(note.text, one.signature, key)
            verified.append(one.signature)
    return verified


def _verify_signature(text: str, signature: bytes, key: VerifierKey) -> None:
    message, raw = text.encode(), signature
    if key.algorithm == COSIGNATURE:
        if len(signature) != 72 or cosigned_at(signature) > MAX_SIZE:
            raise BadSignature(f"note: malformed cosignature by {key.name}")
        message, raw = cosigned_message(cosigned_at(signature), text), signature[8:]
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(raw, message)
    except InvalidSignature:
        raise BadSignature(f"note: wrong signature by {key.name}") from None


def cosigned_at(cosignature: bytes) -> int:
    return int.from_bytes(cosignature[:8], "big")


def cosigned_message(timestamp: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def signature_line(signature: NoteSignature) -> str:
    return f"— {signature.name} {b64encode(signature.key_id + signature.signature).decode()}\n"


def _parse_signature_line(line: str) -> NoteSignature:
    matched = _SIGNATURE_LINE.fullmatch(line)
    if not matched:
        raise MalformedMessage("note: signature line")
    data = decode_base64(matched[2], "note: signature")
    if len(data) < 5:
        raise MalformedMessage("note: signature too short")
    return NoteSignature(matched[1], data[:4], data[4:])


def decode_base64(text: str, what: str) -> bytes:
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        raise MalformedMessage(f"{what}: not base64") from None
    # Leftover bits in the last character decode silently: one value would have several spellings.
    if b64encode(data).decode() != text:
        raise MalformedMessage(f"{what}: not canonical base64")
    return data


def as_key(key: str | VerifierKey) -> VerifierKey:
    return parse_vkey(key) if isinstance(key, str) else key


def check_name(name: str) -> None:
    if not _KEY_NAME.fullmatch(name):
        raise MalformedMessage("name of a key or journal: empty, too long, or with spaces, plus or controls")
