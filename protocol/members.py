"""The network's list of members, and the signed request to join it.

Guarantees: what `decode_members` returns is canonical, sorted, without repetition, and every key in it is named by its
own hash under its own member's id; what `verify_join_request` returns was signed by each of the signing keys that it
names, so nobody can enter a key that they do not hold, and for a member by a key that the list holds for it, so nobody
can take its place. The list itself is a TUF target (see SPEC.md, "Directory"):
its signatures are checked before these bytes are read. Read next: keys.py.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Sequence, Set
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Annotated, Literal

from msgspec import Meta

from protocol.errors import BadSignature, MalformedMessage, StaleMessage, UnknownKey
from protocol.keys import MAX_SKEW, SIGNING, NodeKeys, PublicKey, Purpose, check_public_key, find_key, verify
from protocol.wire_json import base64, decode, encode, parse_timestamp, timestamp, unbase64
from protocol.wire_types import Base64, BaseUrl, KeyId, NodeId, Number, Short, Timestamp, WireStruct

MAX_MEMBERS_BYTES = 16 * 1024 * 1024
JOIN_REQUEST_LIVES = timedelta(days=30)
"""A coordinator may take this long to decide."""

_JOIN_LABEL = b"maillon/join/1\x00"
_FINGERPRINT_LABEL = b"maillon/join-fingerprint/1\x00"

Role = Literal["town", "employer", "coordinator"]
OptionalCommune = Annotated[str, Meta(pattern=r"\A([0-9][0-9AB][0-9]{3})?\Z")]
Keys = Annotated[list[PublicKey], Meta(min_length=1)]
"""Of a member: retired signing keys stay, so that only the size of the list bounds them."""
RequestKeys = Annotated[list[PublicKey], Meta(min_length=1, max_length=50)]


class Member(WireStruct, frozen=True):
    """One node of the network. `commune` is an INSEE code, empty for a node that is no town's; `epoch` is that of its
    present journal; `keys` include retired ones whose signatures still count for what they signed before their end."""

    id: NodeId
    name: Short
    role: Role
    base_url: BaseUrl
    commune: OptionalCommune
    epoch: Number
    keys: Keys
    status: Literal["active", "suspended"]
    joined: Timestamp


class Members(WireStruct, frozen=True):
    """`members.json`: the whole list, sorted by id. `witness_quorum` is how many witnesses must have cosigned a
    checkpoint before it counts; `referential` is the version of the shared vocabulary."""

    network: Short
    version: Number
    issued: Timestamp
    referential: Short
    witness_quorum: Annotated[int, Meta(ge=0, le=100)]
    members: Annotated[list[Member], Meta(max_length=10_000)]

    def find(self, node_id: str) -> Member | None:
        """The member of this id, whatever its status; None when there is none."""
        at = bisect_left(self.members, node_id, key=lambda member: member.id)
        return self.members[at] if at < len(self.members) and self.members[at].id == node_id else None


class JoinRequest(WireStruct, frozen=True):
    """What a node says of itself when it asks to join, or to change what the directory says of it."""

    id: NodeId
    name: Short
    role: Role
    base_url: BaseUrl
    commune: OptionalCommune
    epoch: Number
    keys: RequestKeys
    at: Timestamp


class KeySignature(WireStruct, frozen=True):
    """One key's signature over the request."""

    key_id: KeyId
    signature: Base64


class SignedJoinRequest(WireStruct, frozen=True):
    """A join request with one signature for each signing key in it, in the order of the keys; after those, of a member
    that changes all its keys, signatures by keys that the directory holds for it."""

    request: JoinRequest
    signatures: Annotated[list[KeySignature], Meta(min_length=1, max_length=50)]


def encode_members(members: Members) -> bytes:
    """The canonical `members.json`; MalformedMessage as `decode_members`."""
    _check_members(members)
    return encode(members, MAX_MEMBERS_BYTES)


def decode_members(data: bytes) -> Members:
    """The list in these bytes, which TUF has vouched for.

    MalformedMessage when it is not canonical, not sorted, names a member or key twice, or a key that is not its
    member's.
    """
    members = decode(data, Members, MAX_MEMBERS_BYTES)
    _check_members(members)
    return members


def sign_join_request(request: JoinRequest, keys: NodeKeys, former: NodeKeys | None = None) -> bytes:
    """The canonical bytes of a `SignedJoinRequest`, signed by each of the node's signing keys. `former` are the keys
    that the directory holds for a member that changes its keys: they sign too.

    MalformedMessage when the request is not well formed or names a signing key that is not held.
    """
    _check_keys(request.keys, request.id)
    if sorted(key.key_id for key in _signing_keys(request)) != sorted(keys.key_id(purpose) for purpose in SIGNING):
        raise MalformedMessage("join request: names other signing keys than those held")
    statement = _JOIN_LABEL + encode(request)
    signers = [(key.key_id, key.purpose, keys) for key in _signing_keys(request)]
    if former is not None:
        named = {key_id for key_id, _purpose, _keys in signers}
        signers += [(former.key_id(one), one, former) for one in SIGNING if former.key_id(one) not in named]
    return encode(
        SignedJoinRequest(
            request=request,
            signatures=[
                KeySignature(key_id=key_id, signature=base64(holder.sign(purpose, statement)))
                for key_id, purpose, holder in signers
            ],
        )
    )


def verify_join_request(data: bytes, now: datetime, known: Sequence[PublicKey] = ()) -> JoinRequest:
    """The request in these bytes, once every signing key in it has signed it.

    `known` are the keys that the directory holds for that id: when there are any, one of them that is valid now (or of
    a purpose that has none valid, the last one) must have signed too, as a key of the request or after those. Raises
    MalformedMessage (also when a purpose has no key), BadSignature, UnknownKey when no such key has signed,
    StaleMessage when it is more than 30 days old or more than 300 s from the future, or when a purpose has no key that
    is valid now.
    """
    signed = decode(data, SignedJoinRequest)
    request = signed.request
    _check_keys(request.keys, request.id)
    keys = _signing_keys(request)
    own, further = signed.signatures[: len(keys)], signed.signatures[len(keys) :]
    if [one.key_id for one in own] != [key.key_id for key in keys]:
        raise BadSignature("join request: not one signature for each signing key, in order")
    statement = _JOIN_LABEL + encode(request)
    for key, one in zip(keys, own, strict=True):
        verify(key, unbase64(one.signature), statement)
    _verify_known(known, {one.key_id for one in own}, further, statement, now)
    ahead = parse_timestamp(request.at) - now
    if not -JOIN_REQUEST_LIVES <= ahead <= MAX_SKEW:
        raise StaleMessage("join request: too old, or from the future", skew_seconds=int(ahead.total_seconds()))
    for purpose in Purpose:
        find_key(request.keys, purpose, now)
    return request


def fingerprint(request: JoinRequest) -> str:
    """What applicant and coordinator read to each other: 80 bits of SHA-256 over all that the directory would say of
    the node and its sorted key ids, as 20 hexadecimal digits. Asking again with the same content does not change it."""
    names = (request.id, request.name, request.role, request.base_url, request.commune, str(request.epoch))
    parts = [part.encode() for part in (*names, *sorted(key.key_id for key in request.keys))]
    named = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    return hashlib.sha256(_FINGERPRINT_LABEL + named).hexdigest()[:20]


def _verify_known(
    known: Sequence[PublicKey], own: Set[str], further: Sequence[KeySignature], statement: bytes, now: datetime
) -> None:
    """That a key which the directory holds signed: one of the request's own (verified already), or a further one."""
    signing = {key.key_id: key for key in known if key.purpose in SIGNING}
    names = [one.key_id for one in further]
    if len({*names}) != len(names) or not signing.keys() - own >= {*names}:
        raise BadSignature("join request: a further signature by a key that the directory does not hold")
    for one in further:
        verify(signing[one.key_id], unbase64(one.signature), statement)
    if signing and not _in_force([*signing.values()], now) & {*names, *own}:
        raise UnknownKey("join request: no key that the directory holds for this member has signed it")


def _in_force(keys: Sequence[PublicKey], now: datetime) -> set[str]:
    """The ids of the keys that are valid now; of a purpose that has none, of the last one: what ended by itself still
    names its member, what a rotation replaced does not."""
    moment, found = timestamp(now), set()
    for purpose in SIGNING:
        one = [key for key in keys if key.purpose is purpose]
        valid = [key for key in one if key.not_before <= moment < key.not_after]
        found |= {key.key_id for key in valid or sorted(one, key=lambda key: key.not_after)[-1:]}
    return found


def _signing_keys(request: JoinRequest) -> list[PublicKey]:
    return [key for key in request.keys if key.purpose in SIGNING]


def _check_members(members: Members) -> None:
    if any(one.id >= following.id for one, following in pairwise(members.members)):
        raise MalformedMessage("members: not sorted by id, or one id twice")
    for member in members.members:
        _check_keys(member.keys, member.id)


def _check_keys(keys: Sequence[PublicKey], node_id: str) -> None:
    for key in keys:
        check_public_key(key, node_id)
    if len({key.key_id for key in keys}) != len(keys):
        raise MalformedMessage("keys: one key twice")
    if {key.purpose for key in keys} != set(Purpose):
        raise MalformedMessage("keys: a purpose has no key")
