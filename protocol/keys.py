"""A node's keys: one a purpose, named by their own hash, each valid for a window that the directory states.

Guarantees: a key id is `<node id>#<purpose>-<first 16 hexadecimal digits of SHA-256(raw public key)>`, so it cannot
name another key than the one it was made for (`check_public_key` proves it); a key is used only for its own purpose
and inside its window [not_before, not_after), except that the newest sealing key of a member is sealed to until its
successor is listed. Signatures are Ed25519 (RFC 8032), sealing keys X25519 (RFC 7748).
Read next: members.py (where keys and windows are published), changes.py (how they are replaced), sealing.py.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from msgspec import Meta

from protocol.errors import BadSignature, MalformedMessage, StaleMessage, UnknownKey
from protocol.wire_json import base64, decode, encode, parse_timestamp, timestamp, unbase64
from protocol.wire_types import Base64, KeyId, NodeId, Timestamp, WireStruct

KEY_SIZE = 32


class Purpose(StrEnum):
    """What a key is for; all but `SEALING` sign."""

    JOURNAL = "journal"
    HTTP = "http"
    GUARANTEE = "guarantee"
    WITNESS = "witness"
    SEALING = "sealing"


SIGNING = (Purpose.JOURNAL, Purpose.HTTP, Purpose.GUARANTEE, Purpose.WITNESS)


class PublicKey(WireStruct, frozen=True):
    """A public key as the directory states it: valid from `not_before`, no longer at `not_after`."""

    key_id: KeyId
    purpose: Purpose
    public: Base64
    not_before: Timestamp
    not_after: Timestamp

    def raw(self) -> bytes:
        """The 32 bytes of the key; MalformedMessage when they are not."""
        raw = unbase64(self.public)
        if len(raw) != KEY_SIZE:
            raise MalformedMessage("public key: not 32 bytes")
        return raw


def make_key_id(node_id: str, purpose: Purpose, public: bytes) -> str:
    """The name of a public key (32 raw bytes)."""
    return f"{node_id}#{purpose}-{sha256(public).hexdigest()[:16]}"


def check_public_key(key: PublicKey, node_id: str) -> None:
    """MalformedMessage unless the id names this very key, purpose and node, and the window is not empty."""
    if key.key_id != make_key_id(node_id, key.purpose, key.raw()):
        raise MalformedMessage("public key: the id does not fit the key")
    if parse_timestamp(key.not_before) >= parse_timestamp(key.not_after):
        raise MalformedMessage("public key: it ends before it begins")


def find_key(keys: Sequence[PublicKey], purpose: Purpose, at: datetime, key_id: str | None = None) -> PublicKey:
    """The key for a purpose that is valid at a moment: the one named, else the newest.

    Raises UnknownKey when there is none of that purpose (and name), StaleMessage when there is and none is inside its
    window.
    """
    candidates = [key for key in keys if key.purpose is purpose and key_id in (None, key.key_id)]
    if not candidates:
        raise UnknownKey(f"no {purpose} key of that name" if key_id else f"no {purpose} key")
    moment = timestamp(at)
    valid = [key for key in candidates if key.not_before <= moment < key.not_after]
    if not valid:
        raise StaleMessage(f"the {purpose} key is outside its window of validity")
    return newest(valid)


MAX_SKEW = timedelta(seconds=300)
"""How far ahead of another one a clock may be."""


def find_key_journaled(
    keys: Sequence[PublicKey], purpose: Purpose, stated: datetime, journaled: datetime, key_id: str
) -> PublicKey:
    """The key named, of a statement that a journal carries, once it was valid both at the moment that the statement
    names and at the time of the header: who finds a retired key can put neither into the past.

    Raises UnknownKey, and StaleMessage outside its window, also for a statement from the future of its header.
    """
    if stated > journaled + MAX_SKEW:
        raise StaleMessage("a statement from the future of the entry that carries it")
    find_key(keys, purpose, stated, key_id)
    return find_key(keys, purpose, journaled, key_id)


def find_sealing_key(keys: Sequence[PublicKey], at: datetime) -> PublicKey:
    """The key that is sealed to at a moment: the newest one that has begun. Its end is not judged: a member that was
    away for years, and has no successor listed, still holds it.

    Raises UnknownKey when there is none, StaleMessage when none has begun (this clock is behind).
    """
    candidates = [key for key in keys if key.purpose is Purpose.SEALING]
    if not candidates:
        raise UnknownKey("no sealing key")
    begun = [key for key in candidates if key.not_before <= timestamp(at)]
    if not begun:
        raise StaleMessage("no sealing key has begun")
    return newest(begun)


def newest(keys: Iterable[PublicKey]) -> PublicKey:
    """The key that begins last; of several, the one that ends last, then the last by name. ValueError for none."""
    return max(keys, key=lambda key: (key.not_before, key.not_after, key.key_id))


def verify(public: PublicKey, signature: bytes, data: bytes) -> None:
    """BadSignature unless `signature` (64 bytes) is this key's over `data`. The window is the caller's affair."""
    if public.purpose is Purpose.SEALING:
        raise BadSignature("a sealing key signs nothing")
    try:
        Ed25519PublicKey.from_public_bytes(public.raw()).verify(signature, data)
    except InvalidSignature:
        raise BadSignature(f"wrong signature by {public.key_id}") from None


class _StoredKeys(WireStruct, frozen=True):
    """The file that holds a node's private keys; raw bytes in base64."""

    node_id: NodeId
    journal: Base64
    http: Base64
    guarantee: Base64
    witness: Base64
    sealing: Annotated[list[Base64], Meta(min_length=1, max_length=100)]


@dataclass(frozen=True, slots=True)
class NodeKeys:
    """A node's private keys. `sealing` is newest first; the older ones still open what was sealed to them."""

    node_id: str
    journal: Ed25519PrivateKey = field(repr=False)
    http: Ed25519PrivateKey = field(repr=False)
    guarantee: Ed25519PrivateKey = field(repr=False)
    witness: Ed25519PrivateKey = field(repr=False)
    sealing: tuple[X25519PrivateKey, ...] = field(repr=False)

    @property
    def current(self) -> "NodeKeys":
        """Itself: a key ring that never changes."""
        return self

    @classmethod
    def generate(cls, node_id: str, random_bytes: Callable[[int], bytes]) -> "NodeKeys":
        """New keys; `random_bytes(n)` must be unpredictable."""
        return cls._from_raw(node_id, [random_bytes(KEY_SIZE) for _ in SIGNING], [random_bytes(KEY_SIZE)])

    def to_bytes(self) -> bytes:
        """All private keys, unencrypted, for a file that only the node's account can read."""
        return encode(
            _StoredKeys(
                node_id=self.node_id,
                journal=base64(self.journal.private_bytes_raw()),
                http=base64(self.http.private_bytes_raw()),
                guarantee=base64(self.guarantee.private_bytes_raw()),
                witness=base64(self.witness.private_bytes_raw()),
                sealing=[base64(key.private_bytes_raw()) for key in self.sealing],
            )
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> "NodeKeys":
        """The inverse of `to_bytes`; MalformedMessage when it is not one."""
        stored = decode(data, _StoredKeys)
        signing = (stored.journal, stored.http, stored.guarantee, stored.witness)
        return cls._from_raw(stored.node_id, map(_private_bytes, signing), map(_private_bytes, stored.sealing))

    @classmethod
    def _from_raw(cls, node_id: str, signing: Iterable[bytes], sealing: Iterable[bytes]) -> "NodeKeys":
        journal, http, guarantee, witness = map(Ed25519PrivateKey.from_private_bytes, signing)
        return cls(node_id, journal, http, guarantee, witness, tuple(map(X25519PrivateKey.from_private_bytes, sealing)))

    def signing_key(self, purpose: Purpose) -> Ed25519PrivateKey:
        """The private key that signs for this purpose; ValueError for `SEALING`."""
        match purpose:
            case Purpose.JOURNAL:
                return self.journal
            case Purpose.HTTP:
                return self.http
            case Purpose.GUARANTEE:
                return self.guarantee
            case Purpose.WITNESS:
                return self.witness
            case Purpose.SEALING:
                raise ValueError("a sealing key signs nothing")

    def key_id(self, purpose: Purpose) -> str:
        """The name of the key for this purpose, of the newest one for `SEALING`."""
        key = self.sealing[0] if purpose is Purpose.SEALING else self.signing_key(purpose)
        return make_key_id(self.node_id, purpose, key.public_key().public_bytes_raw())

    def sign(self, purpose: Purpose, data: bytes) -> bytes:
        """64 bytes of Ed25519; ValueError for `SEALING`."""
        return self.signing_key(purpose).sign(data)

    def sealing_key(self, key_id: str) -> X25519PrivateKey | None:
        """The private sealing key of this name, or None when it is not held (any longer)."""
        for key in self.sealing:
            if make_key_id(self.node_id, Purpose.SEALING, key.public_key().public_bytes_raw()) == key_id:
                return key
        return None

    def public_keys(self, not_before: datetime, not_after: datetime) -> list[PublicKey]:
        """One public key a purpose, as a join request and the directory state them, valid for one common window."""
        keys: list[tuple[Purpose, bytes]] = [
            (purpose, self.signing_key(purpose).public_key().public_bytes_raw()) for purpose in SIGNING
        ]
        keys.append((Purpose.SEALING, self.sealing[0].public_key().public_bytes_raw()))
        return [
            PublicKey(
                key_id=make_key_id(self.node_id, purpose, public),
                purpose=purpose,
                public=base64(public),
                not_before=timestamp(not_before),
                not_after=timestamp(not_after),
            )
            for purpose, public in keys
        ]


def _private_bytes(text: str) -> bytes:
    raw = unbase64(text)
    if len(raw) != KEY_SIZE:
        raise MalformedMessage("private key: not 32 bytes")
    return raw
