"""A year more for root and targets, by whoever holds their keys: in one place, or each where the holder is.

A draft is one file with all that a holder needs to judge it: every root so far, the targets in force, and the next root
and targets, which gather signatures. It may be copied; the signatures of copies add up.

Guarantees: a draft changes nothing but versions and ends, and adds the role `changes` to a directory of before it:
everything else is compared with what the thresholds signed last, from the first root on, by each who signs and again by
the coordinator. Under the threshold, after a change of the list, or for longer than a year nothing is published. What
was interrupted ends well when it is done again. What takes a registry uses its folder; all else is pure. Read next:
registry.py, role_keys.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Annotated, Literal

from msgspec import Meta
from securesystemslib.signer import CryptoSigner, Signature
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Targets

from federation.errors import BadDraft, DraftFault, NotEnoughKeys
from federation.files import locked
from federation.membership.registry import Registry
from federation.membership.repository import CHANGES_ROLE, LIVES, changes_delegation
from federation.membership.role_keys import S, complete, signatures
from protocol.errors import ProtocolError
from protocol.wire_json import decode, encode
from protocol.wire_types import WireStruct

ROLES = (Root.type, Targets.type)
MAX_DRAFT_BYTES = 4 * 1024 * 1024
"""Some hundreds of renewals."""
_MARGIN = timedelta(days=1)
"""How far the clock of who made the draft may be ahead."""


class _File(WireStruct, frozen=True):
    """A draft as a file: canonical JSON, in which each part of TUF is a text, so that not one of its bytes is lost."""

    format: Literal["maillon-renewal/1"]
    roots: Annotated[list[str], Meta(min_length=1, max_length=1000)]
    targets: str
    next_root: str
    next_targets: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be signed: `next_root` and `next_targets`. `roots`, the first one first, and `targets` are those of
    before, as files."""

    roots: Sequence[bytes]
    targets: bytes
    next_root: Metadata[Root]
    next_targets: Metadata[Targets]


@dataclass(frozen=True, slots=True)
class Standing:
    """One role of a draft: the version that it is to have (now one less), until when, and how many of its keys have
    signed of those that must."""

    role: str
    version: int
    until: datetime
    threshold: int
    keys: int
    signed: int

    @property
    def missing(self) -> int:
        """How many signatures it still needs."""
        return max(0, self.threshold - self.signed)


def draft(registry: Registry, now: datetime) -> Draft:
    """What would renew this directory, signed by the keys that are here. A directory of before the role `changes` gets
    that role's key now."""
    with locked(registry.folder):
        return _signed_here(registry, _draft(registry, now))


def renew(registry: Registry, now: datetime) -> Draft:
    """Renew at once, by the keys that are here; what was published. NotEnoughKeys, and nothing is written."""
    with locked(registry.folder):
        for one in keys_here(registry):
            if one.missing:
                raise NotEnoughKeys(f"{one.role}: {one.threshold} keys must sign, {one.signed} are here")
        renewed = _signed_here(registry, _draft(registry, now))
        _publish(registry, renewed, now)
        return renewed


def gather(registry: Registry, drafts: Sequence[Draft]) -> Draft:
    """One draft with the signatures of all these copies of it and of the keys that are here; BadDraft when they
    differ."""
    return _signed_here(registry, merge(drafts))


def publish(registry: Registry, one: Draft, now: datetime) -> None:
    """Put a draft in force; again is harmless. BadDraft, also for an end that is past, or further than a year, and for
    one that follows another state of the directory; NotEnoughKeys: nothing is written."""
    with locked(registry.folder):
        _publish(registry, one, now)


def keys_here(registry: Registry) -> Sequence[Standing]:
    """How many of the keys of each role are in the registry's folder (as `signed`), for the state in force."""
    root = registry.root()
    here = {role: {one.public_key.keyid for one in registry.keys.signers(role)} for role in ROLES}
    versions = {Root.type: root, Targets.type: registry.in_force().targets}
    return [
        Standing(
            role=role,
            version=versions[role].version,
            until=versions[role].expires,
            threshold=root.roles[role].threshold,
            keys=len(root.roles[role].keyids),
            signed=len(here[role].intersection(root.roles[role].keyids)),
        )
        for role in ROLES
    ]


def encode_draft(one: Draft) -> bytes:
    """The file."""
    file = _File(
        format="maillon-renewal/1",
        roots=[root.decode() for root in one.roots],
        targets=one.targets.decode(),
        next_root=one.next_root.to_bytes().decode(),
        next_targets=one.next_targets.to_bytes().decode(),
    )
    return encode(file, MAX_DRAFT_BYTES)


def decode_draft(data: bytes) -> Draft:
    """The draft in these bytes, once it is proven that the thresholds signed what it follows, each root by the one
    before, and that it changes nothing but versions and ends; BadDraft. Whether its signatures hold is `standing`'s."""
    try:
        file = decode(data, _File, MAX_DRAFT_BYTES)
        roots = [_loaded(Root, text) for text in file.roots]
        targets = _loaded(Targets, file.targets)
        next_root, next_targets = _loaded(Root, file.next_root), _loaded(Targets, file.next_targets)
    except (ProtocolError, RepositoryError, ValueError):
        raise BadDraft(DraftFault.FORM) from None
    last = roots[-1].signed
    try:
        for before, after in pairwise([roots[0], *roots]):
            for vouching in (before.signed, after.signed):
                vouching.verify_delegate(Root.type, after.signed_bytes, after.signatures)
        last.verify_delegate(Targets.type, targets.signed_bytes, targets.signatures)
        unaltered = (
            [root.signed.version for root in roots] == list(range(1, len(roots) + 1))
            and _follows(last, next_root)
            and _follows(targets.signed, next_targets)
        )
    except (RepositoryError, ValueError):
        unaltered = False
    if not unaltered:
        raise BadDraft(DraftFault.ALTERED)
    return Draft([text.encode() for text in file.roots], file.targets.encode(), next_root, next_targets)


def fingerprint(one: Draft) -> str:
    """What holders compare over the phone: SHA-256 of what they sign, root before targets, in hexadecimal."""
    return sha256(one.next_root.signed_bytes + one.next_targets.signed_bytes).hexdigest()


def network_root(one: Draft) -> str:
    """SHA-256 of the network's first root, from which the draft follows: the one that every node was told."""
    return sha256(one.roots[0]).hexdigest()


def standing(one: Draft) -> Sequence[Standing]:
    """Root and targets: what they become, and which signatures are there."""
    root = one.next_root.signed
    return [_standing(root, Root.type, one.next_root), _standing(root, Targets.type, one.next_targets)]


def sign(one: Draft, signers: Iterable[CryptoSigner], now: datetime) -> Draft:
    """With the signatures of these keys, each for the roles that it has; BadDraft for a key that has none, and for an
    end that is past, or further than a year."""
    _check_ends(one, now)
    signers, root = list(signers), one.next_root.signed
    known = {key_id for role in ROLES for key_id in root.roles[role].keyids}
    if any(signer.public_key.keyid not in known for signer in signers):
        raise BadDraft(DraftFault.OTHER_KEY)
    return _signed(one, dict.fromkeys(ROLES, signers))


def merge(drafts: Sequence[Draft]) -> Draft:
    """One draft with the signatures of all these copies of it, as far as they hold; BadDraft when they differ."""
    first = drafts[0]
    if any(fingerprint(one) != fingerprint(first) for one in drafts):
        raise BadDraft(DraftFault.OTHER_COPY)
    root = first.next_root.signed
    by_root: dict[str, Signature] = {}
    by_targets: dict[str, Signature] = {}
    for one in drafts:
        by_root |= _holding(root, Root.type, one.next_root).signatures
        by_targets |= _holding(root, Targets.type, one.next_targets).signatures
    return replace(
        first, next_root=Metadata(root, by_root), next_targets=Metadata(first.next_targets.signed, by_targets)
    )


def _draft(registry: Registry, now: datetime) -> Draft:
    root, targets = registry.root(), registry.in_force().targets
    before = registry.read(f"metadata/{targets.version}.targets.json")
    assert before is not None
    root.version, root.expires = root.version + 1, now + LIVES[Root.type]
    targets.version += 1
    return Draft(registry.roots(), before, Metadata(root), Metadata(registry.prepare_targets(targets, now)))


def _publish(registry: Registry, one: Draft, now: datetime) -> None:
    _check_ends(one, now)
    if _is_next(registry, one):
        root = one.next_root.signed
        signed_root = complete(root, Root.type, root, one.next_root.signatures)
        signed_targets = complete(one.next_targets.signed, Targets.type, root, one.next_targets.signatures)
        registry.put_in_force(signed_root, signed_targets, now)


def _is_next(registry: Registry, one: Draft) -> bool:
    """Whether this is to be published; False when it is in force already. BadDraft when it follows another state."""
    roots, follows = registry.roots(), list(one.roots)
    if roots[0] != follows[0]:
        raise BadDraft(DraftFault.OTHER_NETWORK)
    # A renewal that was interrupted has written its root: it is the very same, or the draft is an older one.
    written = len(roots) - len(follows)
    same = written == 0 or Metadata(registry.root()).signed_bytes == one.next_root.signed_bytes
    if roots[: len(follows)] != follows or not same:
        raise BadDraft(DraftFault.OLDER)
    targets = registry.in_force().targets
    in_force = Metadata(targets).signed_bytes
    if written and in_force == one.next_targets.signed_bytes:
        return False
    if in_force != _loaded(Targets, one.targets).signed_bytes:
        raise BadDraft(DraftFault.OLDER)
    if targets.delegations is None:
        ours = [changes_delegation(signer.public_key) for signer in registry.keys.signers(CHANGES_ROLE)]
        if one.next_targets.signed.delegations not in ours[:1]:
            raise BadDraft(DraftFault.ALTERED)
    return True


def _signed_here(registry: Registry, one: Draft) -> Draft:
    return _signed(one, {role: registry.keys.signers(role) for role in ROLES})


def _signed(one: Draft, signers: Mapping[str, Sequence[CryptoSigner]]) -> Draft:
    """With the signatures of these keys."""

    def more(role: str, metadata: Metadata[S]) -> Metadata[S]:
        root = one.next_root.signed
        new = signatures(metadata.signed, role, root, signers[role])
        return _holding(root, role, Metadata(metadata.signed, {**metadata.signatures, **new}))

    return replace(one, next_root=more(Root.type, one.next_root), next_targets=more(Targets.type, one.next_targets))


def _holding(root: Root, role: str, metadata: Metadata[S]) -> Metadata[S]:
    """With no signatures but those of the role's keys that hold, in the order of the keys, and nothing beside them."""
    found = root.get_verification_result(role, metadata.signed_bytes, metadata.signatures).signed
    # A signature may be spelt at any length, with spaces or with fields that nobody knows: readers cap the file.
    plain = {key_id: bytes.fromhex(metadata.signatures[key_id].signature).hex() for key_id in found}
    return Metadata(metadata.signed, {key_id: Signature(key_id, text) for key_id, text in plain.items()})


def _standing(root: Root, role: str, metadata: Metadata[S]) -> Standing:
    return Standing(
        role=role,
        version=metadata.signed.version,
        until=metadata.signed.expires,
        threshold=root.roles[role].threshold,
        keys=len(root.roles[role].keyids),
        signed=len(_holding(root, role, metadata).signatures),
    )


def _follows(before: S, after: Metadata[S]) -> bool:
    """Whether nothing but the next version, another end, and perhaps the new role `changes` tells them apart."""
    expected = deepcopy(before)
    expected.version, expected.expires = before.version + 1, after.signed.expires
    if isinstance(expected, Targets) and expected.delegations is None:
        assert isinstance(after.signed, Targets)
        new = after.signed.delegations
        if new is None or len(new.keys) != 1:
            return False
        expected.delegations = changes_delegation(*new.keys.values())
    return Metadata(expected).signed_bytes == after.signed_bytes


def _check_ends(one: Draft, now: datetime) -> None:
    for signed in (one.next_root.signed, one.next_targets.signed):
        if signed.expires <= now:
            raise BadDraft(DraftFault.PAST)
        if signed.expires > now + LIVES[signed.type] + _MARGIN:
            raise BadDraft(DraftFault.FAR)


def _loaded(kind: type[S], data: str | bytes) -> Metadata[S]:
    """ValueError for another kind, RepositoryError for none."""
    metadata = Metadata[S].from_bytes(data.encode() if isinstance(data, str) else data)
    if not isinstance(metadata.signed, kind):
        raise ValueError("another kind of metadata")
    return metadata
