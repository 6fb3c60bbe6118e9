"""The private keys that a node holds, as its key file has them: of each purpose the newest first, replaced ones until
they are destroyed.

Guarantees: which key signs depends on what the directory lists and on the time alone (`in_use`): a new key once the one
before it is near its end, so that who has not seen the new one yet still believes us; a key is dropped only when its
successor is listed and its time is over (`settled`). Files of the first version are read. Pure; nothing here is shown
by `repr`. Read next: identity.py (the file and its backup), keyring.py (a serving process), services/network/keys.py
(rotation)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from msgspec import Meta

from protocol.changes import OVERLAP, SEALING_KEPT, OptionalTimestamp
from protocol.errors import MalformedMessage
from protocol.keys import KEY_SIZE, SIGNING, NodeKeys, PublicKey, Purpose, make_key_id, newest
from protocol.wire_json import base64, decode, encode, parse_timestamp, timestamp, unbase64
from protocol.wire_types import Base64, NodeId, WireStruct

SWITCHES_BEFORE = timedelta(days=1)
"""How long before its end a replaced key is no longer signed with."""

_VERSIONED = b'"format"'
_ORDER = {purpose: number for number, purpose in enumerate(Purpose)}


class _StoredKey(WireStruct, frozen=True):
    purpose: Purpose
    private: Base64
    ends: OptionalTimestamp


class _KeyFile(WireStruct, frozen=True, tag_field="format", tag="maillon-keys/2"):
    node_id: NodeId
    keys: Annotated[list[_StoredKey], Meta(min_length=len(Purpose), max_length=200)]


@dataclass(frozen=True, slots=True)
class HeldKey:
    """One private key, raw. `ends`: when it is destroyed; None until a successor is listed."""

    key_id: str
    purpose: Purpose
    raw: bytes = field(repr=False)
    ends: datetime | None = None

    def public(self, not_before: datetime, not_after: datetime) -> PublicKey:
        """As the directory states it."""
        public = _public(self.purpose, self.raw)
        return PublicKey(
            key_id=self.key_id,
            purpose=self.purpose,
            public=base64(public),
            not_before=timestamp(not_before),
            not_after=timestamp(not_after),
        )


@dataclass(frozen=True, slots=True)
class HeldKeys:
    """All private keys of a node: at least one of each purpose, of each purpose the newest first."""

    node_id: str
    keys: tuple[HeldKey, ...]

    @classmethod
    def of(cls, keys: NodeKeys) -> "HeldKeys":
        """Those of a new node."""
        raw = [(purpose, keys.signing_key(purpose).private_bytes_raw()) for purpose in SIGNING]
        raw += [(Purpose.SEALING, key.private_bytes_raw()) for key in keys.sealing]
        return cls(keys.node_id, tuple(_held(keys.node_id, purpose, one) for purpose, one in raw))

    @classmethod
    def from_bytes(cls, data: bytes) -> "HeldKeys":
        """What a key file or a backup holds; MalformedMessage when it is neither version of one."""
        if _VERSIONED not in data:
            return cls.of(NodeKeys.from_bytes(data))
        stored = decode(data, _KeyFile)
        keys = [
            replace(
                _held(stored.node_id, one.purpose, _private(one.private)),
                ends=parse_timestamp(one.ends) if one.ends else None,
            )
            for one in stored.keys
        ]
        if {one.purpose for one in keys} != set(Purpose):
            raise MalformedMessage("key file: a purpose has no key")
        return cls(stored.node_id, tuple(keys))

    def to_bytes(self) -> bytes:
        """All private keys, unencrypted, for a file that only the node's account can read."""
        keys = [
            _StoredKey(
                purpose=one.purpose,
                private=base64(one.raw),
                ends="" if one.ends is None else timestamp(one.ends),
            )
            for one in self.keys
        ]
        return encode(_KeyFile(node_id=self.node_id, keys=keys))

    def of_purpose(self, purpose: Purpose) -> Sequence[HeldKey]:
        """The newest first."""
        return [one for one in self.keys if one.purpose is purpose]

    def newest(self) -> Mapping[Purpose, HeldKey]:
        """The newest of each purpose, listed yet or not."""
        return {purpose: self.of_purpose(purpose)[0] for purpose in Purpose}

    def as_newest(self) -> NodeKeys:
        """What signs when the newest of each purpose do: a statement that brings them in."""
        return self._node_keys({purpose: held.raw for purpose, held in self.newest().items()})

    def in_use(self, listed: Sequence[PublicKey], now: datetime) -> NodeKeys:
        """The keys that sign now, by what the directory lists of this node, and all that open."""
        windows = {key.key_id: key for key in listed}
        return self._node_keys({p: _signer(self.of_purpose(p), windows, now).raw for p in SIGNING})

    def one_of_each(self) -> bool:
        """Whether there is no choice of which key signs."""
        return all(len(self.of_purpose(purpose)) == 1 for purpose in SIGNING)

    def unlisted(self, listed: Sequence[PublicKey]) -> Sequence[Purpose]:
        """The purposes whose newest key is not in the directory: a rotation that was not finished."""
        known = {key.key_id for key in listed}
        return [purpose for purpose, held in self.newest().items() if held.key_id not in known]

    def lost(self, listed: Sequence[PublicKey]) -> Sequence[Purpose]:
        """The purposes whose newest key in the directory is not held: a backup of before a rotation was put back."""
        held = {one.key_id for one in self.keys}
        return [one for one in Purpose if newest(k for k in listed if k.purpose is one).key_id not in held]

    def with_new(self, purposes: Iterable[Purpose], random_bytes: Callable[[int], bytes]) -> "HeldKeys":
        """With a new key for each of these purposes; `random_bytes(n)` must be unpredictable."""
        new = [_held(self.node_id, purpose, random_bytes(KEY_SIZE)) for purpose in purposes]
        return replace(self, keys=tuple(sorted([*new, *self.keys], key=lambda one: _ORDER[one.purpose])))

    def settled(self, listed: Sequence[PublicKey], now: datetime) -> "HeldKeys":
        """Each key whose successor is listed has its end; those whose end has come are gone."""
        windows = {key.key_id: key for key in listed}
        kept: list[HeldKey] = []
        for purpose in Purpose:
            replaced = False
            for one in self.of_purpose(purpose):
                if replaced:
                    one = replace(one, ends=one.ends or _end(one, windows.get(one.key_id), now))
                if one.ends is None or now < one.ends:
                    kept.append(one)
                replaced = replaced or one.key_id in windows
        return replace(self, keys=tuple(kept))

    def _node_keys(self, signing: Mapping[Purpose, bytes]) -> NodeKeys:
        journal, http, guarantee, witness = (Ed25519PrivateKey.from_private_bytes(signing[one]) for one in SIGNING)
        sealing = tuple(X25519PrivateKey.from_private_bytes(one.raw) for one in self.of_purpose(Purpose.SEALING))
        return NodeKeys(self.node_id, journal, http, guarantee, witness, sealing)


def _signer(held: Sequence[HeldKey], windows: Mapping[str, PublicKey], now: datetime) -> HeldKey:
    """The oldest that is listed and not near its end: everybody knows it. Else the newest that is listed and valid,
    else the newest listed; before the node is listed at all, the oldest."""
    at, soon = timestamp(now), timestamp(now + SWITCHES_BEFORE)
    listed = [(one, windows[one.key_id]) for one in held if one.key_id in windows]
    settled = [one for one, key in listed if key.not_before <= at and soon < key.not_after]
    valid = [one for one, key in listed if key.not_before <= at < key.not_after]
    return next(iter(settled[::-1] or valid or [one for one, _key in listed] or held[::-1]))


def _end(one: HeldKey, listed: PublicKey | None, now: datetime) -> datetime:
    if one.purpose is Purpose.SEALING:
        return now + SEALING_KEPT
    return now + OVERLAP if listed is None else min(now + OVERLAP, parse_timestamp(listed.not_after))


def _held(node_id: str, purpose: Purpose, raw: bytes) -> HeldKey:
    return HeldKey(make_key_id(node_id, purpose, _public(purpose, raw)), purpose, raw)


def _public(purpose: Purpose, raw: bytes) -> bytes:
    if purpose is Purpose.SEALING:
        return X25519PrivateKey.from_private_bytes(raw).public_key().public_bytes_raw()
    return Ed25519PrivateKey.from_private_bytes(raw).public_key().public_bytes_raw()


def _private(text: str) -> bytes:
    raw = unbase64(text)
    if len(raw) != KEY_SIZE:
        raise MalformedMessage("private key: not 32 bytes")
    return raw


def newest_sealing(listed: Sequence[PublicKey]) -> PublicKey:
    """The sealing key that others seal to, of a member's keys."""
    return newest(key for key in listed if key.purpose is Purpose.SEALING)
