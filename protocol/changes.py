"""`changes.json`: what the network's online role may change in the list of members between two signings of it.

Two things alone: the keys of a member, by a statement that it signed with a key which the list holds for it; and an
active member's suspension. All else needs those who sign `members.json` (SPEC.md section 12, "Changes").

Guarantees: `apply_changes` returns a list in which every other word is that of the base; whoever holds the online key
and nothing else can suspend, and can neither give a member a key, nor take one away, nor bring an old statement back. A
retired signing key stays listed with its end, so that what it signed before goes on verifying; a sealing key is listed
for 45 days more, and goes with its member's next change. Pure. Read next: members.py, keys.py."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Annotated

import msgspec
from msgspec import Meta

from protocol.errors import MalformedMessage, ProofMismatch, StaleMessage, UnknownKey
from protocol.keys import SIGNING, PublicKey, Purpose, newest
from protocol.members import (
    MAX_MEMBERS_BYTES,
    JoinRequest,
    Member,
    Members,
    SignedJoinRequest,
    verify_join_request,
)
from protocol.wire_json import decode, encode, parse_timestamp, timestamp
from protocol.wire_types import NodeId, Number, Short, Timestamp, WireStruct

OVERLAP = timedelta(days=7)
"""How long a replaced signing key stays valid."""
SEALING_KEPT = timedelta(days=45)
"""How long a replaced sealing key is still opened with, and listed."""
BEGINS_BEFORE = timedelta(hours=1)
"""How long before it is listed a new key may begin: nothing is signed for a past in which nobody knew the key."""
MAX_AHEAD = 1_000_000
"""How far the version may run ahead of the base: whoever holds the online key cannot use the numbers up."""
MAX_KEY_CHANGES = 50
"""Statements of one member between two signings of the list."""

OptionalTimestamp = Annotated[str, Meta(pattern=r"\A([0-9T:-]{19}Z)?\Z")]


class KeyChange(WireStruct, frozen=True):
    """A member's statement of its keys (a join request in which nothing but keys is new), and when it was listed."""

    listed: Timestamp
    request: SignedJoinRequest


class MemberChanges(WireStruct, frozen=True):
    """What changed of one member: its statements in their order, and when it was suspended; empty when it was not."""

    id: NodeId
    keys: Annotated[list[KeyChange], Meta(max_length=MAX_KEY_CHANGES)]
    suspended: OptionalTimestamp


class Changes(WireStruct, frozen=True):
    """All that changed since `members.json` of version `base`, sorted by id; `version` is that of the list it makes."""

    network: Short
    base: Number
    version: Number
    members: Annotated[list[MemberChanges], Meta(max_length=10_000)]


def no_changes(members: Members) -> Changes:
    """What is said beside a list that was just signed."""
    return Changes(network=members.network, base=members.version, version=members.version, members=[])


def encode_changes(changes: Changes) -> bytes:
    """The canonical `changes.json`."""
    return encode(changes, MAX_MEMBERS_BYTES)


def decode_changes(data: bytes) -> Changes:
    """The changes in these bytes, which TUF has vouched for; what they say is proven by `apply_changes`.

    MalformedMessage when they are not canonical, not sorted, name a member twice or say nothing of it, or when the
    version is not one that so many changes lead to."""
    changes = decode(data, Changes, MAX_MEMBERS_BYTES)
    if any(one.id >= following.id for one, following in pairwise(changes.members)):
        raise MalformedMessage("changes: not sorted by id, or one id twice")
    if any(not one.keys and not one.suspended for one in changes.members):
        raise MalformedMessage("changes: a member of whom nothing is said")
    said = sum(len(one.keys) + bool(one.suspended) for one in changes.members)
    if not said <= changes.version - changes.base <= (MAX_AHEAD if said else 0):
        raise MalformedMessage("changes: a version that these changes do not lead to")
    return changes


def apply_changes(members: Members, changes: Changes) -> Members:
    """The list in force: `members` as TUF's `targets` signed it, with these changes.

    Raises ProofMismatch when they are for another list, MalformedMessage, and what `verify_key_change` raises.
    """
    if (changes.network, changes.base) != (members.network, members.version):
        raise ProofMismatch("changes: of another list of members")
    if changes.version == members.version:
        return members
    changed, issued = {}, members.issued
    for one in changes.members:
        before = members.find(one.id)
        if before is None or before.status != "active":
            raise MalformedMessage("changes: of a node that is no active member")
        after, latest = _applied(before, one, members.issued)
        changed[one.id], issued = after, max(issued, latest)
    return msgspec.structs.replace(
        members,
        version=changes.version,
        issued=issued,
        members=[changed.get(member.id, member) for member in members.members],
    )


def verify_key_change(before: Member, change: KeyChange) -> Member:
    """The member with its new keys, once a key that the list held for it then has signed for them, and each of them.

    Raises UnknownKey when none of its keys was valid at `listed` or none of those has signed, MalformedMessage when
    anything but keys would change, nothing would, or a key would get another window than it has; BadSignature and
    StaleMessage as `verify_join_request`; StaleMessage for a new key that began earlier than `BEGINS_BEFORE`.
    """
    listed = parse_timestamp(change.listed)
    valid = [k for k in before.keys if k.purpose in SIGNING and k.not_before <= change.listed < k.not_after]
    if not valid:
        raise UnknownKey("changes: the member had no signing key that was valid then")
    request = verify_join_request(encode(change.request), listed, valid)
    if not only_keys_differ(before, request):
        raise MalformedMessage("changes: more than the keys of the member would change")
    known = {key.key_id: key for key in before.keys}
    new = [key for key in request.keys if key.key_id not in known]
    if not new or any(key != known[key.key_id] for key in request.keys if key.key_id in known):
        raise MalformedMessage("changes: no new key, or another window for one that is listed")
    if any(parse_timestamp(key.not_before) < listed - BEGINS_BEFORE for key in new):
        raise StaleMessage("changes: a new key that began before it was listed")
    return msgspec.structs.replace(before, keys=with_retired(before.keys, request.keys, listed))


def only_keys_differ(before: Member, request: JoinRequest) -> bool:
    """Whether the request says of the member what the list says, but for keys."""
    words = ("id", "name", "role", "base_url", "commune", "epoch")
    return all(getattr(before, word) == getattr(request, word) for word in words)


def with_retired(before: Sequence[PublicKey], new: Sequence[PublicKey], listed: datetime) -> list[PublicKey]:
    """`new`, and after them the keys that they replace, each with its end: a signing key after the overlap, the sealing
    key that was sealed to until now after 45 days. Sealing keys that have ended, and keys that never began, are
    dropped."""
    kept = {key.key_id for key in new}
    present = newest(key for key in before if key.purpose is Purpose.SEALING)
    retired = []
    for key in before:
        if key.key_id in kept:
            continue
        last = parse_timestamp(key.not_after)
        if key is present:
            last = listed + SEALING_KEPT
        elif key.purpose is not Purpose.SEALING:
            last = min(last, listed + OVERLAP)
        ended_sealing = key.purpose is Purpose.SEALING and last <= listed
        if parse_timestamp(key.not_before) < last and not ended_sealing:
            retired.append(msgspec.structs.replace(key, not_after=timestamp(last)))
    return [*new, *retired]


def with_key_change(members: Members, changes: Changes, request: bytes, now: datetime) -> Changes:
    """The changes with this member's statement after them; a former one that a sealing key alone was new in, and that
    this one replaces, goes, so that monthly rotations do not add up.

    Raises as `verify_key_change`; MalformedMessage for a node that is no active member; StaleMessage when there are
    `MAX_KEY_CHANGES` already: those who sign the list must take them into it first.
    """
    signed = decode(request, SignedJoinRequest)
    change = KeyChange(listed=timestamp(now), request=signed)
    entry = _entry(changes, signed.request.id)
    shorter = msgspec.structs.replace(entry, keys=[*entry.keys[:-1], change])
    if entry.keys and _seals_only(members, entry) and _seals_only(members, shorter):
        return _checked(members, changes, shorter)
    if len(entry.keys) >= MAX_KEY_CHANGES:
        raise StaleMessage("changes: too many key changes of this member since the list was signed")
    return _checked(members, changes, msgspec.structs.replace(entry, keys=[*entry.keys, change]))


def with_suspension(members: Members, changes: Changes, node_id: str, now: datetime) -> Changes:
    """The changes with this member's suspension; MalformedMessage when it is no active member of the list."""
    entry = _entry(changes, node_id)
    if entry.suspended:
        return changes
    return _checked(members, changes, msgspec.structs.replace(entry, suspended=timestamp(now)))


def _entry(changes: Changes, node_id: str) -> MemberChanges:
    empty = MemberChanges(id=node_id, keys=[], suspended="")
    return next((one for one in changes.members if one.id == node_id), empty)


def _checked(members: Members, changes: Changes, entry: MemberChanges) -> Changes:
    """With this entry in the place of its member's, at the next version, once its member is proven."""
    before = members.find(entry.id)
    if before is None or before.status != "active":
        raise MalformedMessage("changes: of a node that is no active member")
    _applied(before, entry, members.issued)
    others = [one for one in changes.members if one.id != entry.id]
    return msgspec.structs.replace(
        changes, version=changes.version + 1, members=sorted([*others, entry], key=lambda one: one.id)
    )


def _applied(before: Member, entry: MemberChanges, issued: str) -> tuple[Member, str]:
    """The member after all of its changes, and the moment of the last one."""
    return _proven(encode(before), encode(entry), issued)


@lru_cache(maxsize=2048)
def _proven(member: bytes, changes: bytes, issued: str) -> tuple[Member, str]:
    """What was proven once is not proven again: of 1,254 members, one has changed since the last look."""
    before, entry = decode(member, Member), decode(changes, MemberChanges)
    after, latest = before, issued
    for change in entry.keys:
        if change.listed < latest:
            raise MalformedMessage("changes: not in the order of their moments, or older than the list")
        after, latest = verify_key_change(after, change), change.listed
    if entry.suspended:
        parse_timestamp(entry.suspended)
        after, latest = msgspec.structs.replace(after, status="suspended"), max(latest, entry.suspended)
    return after, latest


def _seals_only(members: Members, entry: MemberChanges) -> bool:
    """Whether the last statement of the entry brought no new signing key."""
    base = members.find(entry.id)
    known = _key_ids(base.keys if base else [])
    for change in entry.keys[:-1]:
        known |= _key_ids(change.request.request.keys)
    return all(key.purpose is Purpose.SEALING or key.key_id in known for key in entry.keys[-1].request.request.keys)


def _key_ids(keys: Iterable[PublicKey]) -> set[str]:
    return {key.key_id for key in keys}
