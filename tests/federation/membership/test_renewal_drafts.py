"""The file in which a renewal is signed: what a holder signs, what nobody does, and what is no such file."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root, TargetFile

from federation.errors import BadDraft, DraftFault
from federation.membership.registry import Registry
from federation.membership.renewal import (
    MAX_DRAFT_BYTES,
    Draft,
    decode_draft,
    draft,
    encode_draft,
    merge,
    renew,
    sign,
    standing,
)
from protocol.keys import NodeKeys
from tests.federation.conftest import NOW, member_of, members_of, seeded
from tests.federation.membership.test_registry import AUTHORITIES

LATER = NOW + timedelta(days=300)


@dataclass(frozen=True)
class Made:
    """A second renewal's file, which nobody has signed, and the keys that may."""

    file: bytes
    homes: dict[str, CryptoSigner]
    online: CryptoSigner

    def signed(self, *names: str) -> Draft:
        """After it was in these homes, one after the other."""
        one = decode_draft(self.file)
        for name in names:
            one = decode_draft(encode_draft(sign(one, [self.homes[name]], LATER)))
        return one

    def altered(self, part: str, change: Callable[[dict[str, Any]], None]) -> bytes:
        """With one part's signed content changed."""
        file = json.loads(self.file)
        metadata = json.loads(file[part])
        change(metadata["signed"])
        return canonical({**file, part: json.dumps(metadata)})


def canonical(file: dict[str, Any]) -> bytes:
    return json.dumps(file, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, node_keys: dict[str, NodeKeys]) -> Made:
    members = members_of([member_of(keys) for keys in node_keys.values()])
    folder = tmp_path_factory.mktemp("made") / "directory"
    registry = Registry.create(folder, members, NOW, seeded(4), AUTHORITIES)
    renew(registry, NOW)
    homes = {}
    for role in ("root", "targets"):
        for path, signer in zip(registry.keys.files(role), registry.keys.signers(role), strict=True):
            homes[path.stem] = signer
            path.unlink()
    return Made(encode_draft(draft(registry, LATER)), homes, registry.keys.signers("timestamp")[0])


def test_a_key_that_is_nobodys_signs_nothing(made: Made) -> None:
    stranger = CryptoSigner(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    rsa = CryptoSigner(generate_private_key(65537, 2048))
    for other in (stranger, made.online, rsa):
        with pytest.raises(BadDraft) as refused:
            sign(decode_draft(made.file), [made.homes["root-1"], other], LATER)
        assert refused.value.word is DraftFault.OTHER_KEY


def test_who_alters_what_is_compared_with_has_not_its_signatures(made: Made) -> None:
    file = json.loads(made.altered("next_targets", _another_list))
    file["targets"] = json.loads(made.altered("targets", _another_list))["targets"]
    with pytest.raises(BadDraft) as refused:
        decode_draft(canonical(file))
    assert refused.value.word is DraftFault.ALTERED


def test_a_root_that_its_own_new_keys_did_not_sign_is_followed_by_nobody(made: Made) -> None:
    """As TUF has it: the keys of before vouch for it, and those that it names."""
    file = json.loads(made.file)
    forged = Metadata[Root].from_bytes(file["roots"][1].encode())
    for key_id in list(forged.signed.roles["root"].keyids):
        forged.signed.revoke_key(key_id, "root")
    forged.signed.add_key(CryptoSigner(Ed25519PrivateKey.from_private_bytes(bytes(32))).public_key, "root")
    forged.signed.roles["root"].threshold = 1
    forged.signatures.clear()
    for number in range(1, 6):
        forged.sign(made.homes[f"root-{number}"], append=True)
    following = Metadata[Root].from_bytes(forged.to_bytes())
    following.signed.version, following.signed.expires = 3, decode_draft(made.file).next_root.signed.expires
    file["roots"][1], file["next_root"] = forged.to_bytes().decode(), following.to_bytes().decode()
    with pytest.raises(BadDraft) as refused:
        decode_draft(canonical(file))
    assert refused.value.word is DraftFault.ALTERED


def test_signing_twice_with_one_key_changes_nothing(made: Made) -> None:
    once = made.signed("root-3", "root-1", "targets-2")
    for name in ("root-1", "root-3", "targets-2"):
        assert encode_draft(sign(once, [made.homes[name]], LATER)) == encode_draft(once)
    thrice = [made.signed("root-1") for _time in range(3)]
    assert standing(merge(thrice))[0].signed == 1


def _another_list(signed: dict[str, Any]) -> None:
    signed["targets"]["members.json"] = TargetFile.from_data("members.json", b"{}", ["sha256"]).to_dict()


def _another_key(signed: dict[str, Any]) -> None:
    key = CryptoSigner(Ed25519PrivateKey.from_private_bytes(bytes(32))).public_key
    signed["keys"][key.keyid] = key.to_dict()
    signed["roles"]["timestamp"]["keyids"] = [key.keyid]


def _further_delegation(signed: dict[str, Any]) -> None:
    roles = signed["delegations"]["roles"]
    roles.append({**roles[0], "name": "more", "paths": ["*"]})


ALTERATIONS: list[tuple[str, Callable[[dict[str, Any]], None]]] = [
    ("next_targets", _another_list),
    ("next_targets", _further_delegation),
    ("next_targets", lambda signed: signed["targets"].clear()),
    ("next_targets", lambda signed: signed["targets"].update(more=signed["targets"]["members.json"])),
    ("next_targets", lambda signed: signed["delegations"]["roles"][0].update(paths=["members.json"])),
    ("next_targets", lambda signed: signed["delegations"]["roles"][0].update(terminating=False)),
    ("next_targets", lambda signed: signed.pop("delegations")),
    ("next_targets", lambda signed: signed.update(version=4)),
    ("next_targets", lambda signed: signed.update(version=2)),
    ("next_targets", lambda signed: signed.update(remark="x")),
    ("next_root", _another_key),
    ("next_root", lambda signed: signed["roles"]["root"].update(threshold=1)),
    ("next_root", lambda signed: signed["roles"]["targets"]["keyids"].pop()),
    ("next_root", lambda signed: signed["roles"]["root"]["keyids"].reverse()),
    ("next_root", lambda signed: signed.update(version=4)),
    ("next_root", lambda signed: signed.update(consistent_snapshot=False)),
    ("next_root", lambda signed: signed.update(spec_version="1.0.99")),
    # Who alters what is compared with as well has not its signatures.
    ("targets", _another_list),
    ("targets", lambda signed: signed.update(version=1)),
]


@pytest.mark.parametrize(("part", "change"), ALTERATIONS)
def test_what_changes_more_than_dates_is_signed_by_nobody(
    made: Made, part: str, change: Callable[[dict[str, Any]], None]
) -> None:
    with pytest.raises(BadDraft) as refused:
        decode_draft(made.altered(part, change))
    assert refused.value.word is DraftFault.ALTERED


def test_a_chain_of_roots_that_does_not_hold_is_signed_by_nobody(made: Made) -> None:
    """A thief's root in front of a genuine next one, a root left out, and one twice."""
    file = json.loads(made.file)
    first, second = file["roots"]
    thief = CryptoSigner(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    forged = Metadata[Root].from_bytes(first.encode())
    for key_id in list(forged.signed.roles["root"].keyids):
        forged.signed.revoke_key(key_id, "root")
    forged.signed.add_key(thief.public_key, "root")
    forged.signed.roles["root"].threshold = 1
    forged.sign(thief)
    for roots in ([second], [first, first, second], [first], [second, first], [forged.to_bytes().decode(), second]):
        with pytest.raises(BadDraft) as refused:
            decode_draft(canonical({**file, "roots": roots}))
        assert refused.value.word is DraftFault.ALTERED


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"null",
        b"\xff\xfe",
        b'"\\ud800"',
        b"[" * 100_000,
        b'{"format":' + b"[" * 100_000,
        b" " * 10_000_000,
        b'{"format":"maillon-renewal/1","next_root":"{}","next_targets":"{}","roots":["{}"],"targets":"{}"}',
        b'{"format":"maillon-renewal/2","next_root":"{}","next_targets":"{}","roots":["{}"],"targets":"{}"}',
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_is_no_draft_is_said_so(data: bytes) -> None:
    with pytest.raises(BadDraft) as refused:
        decode_draft(data)
    assert refused.value.word is DraftFault.FORM


def test_deep_or_odd_metadata_inside_is_said_so(made: Made) -> None:
    file = json.loads(made.file)
    assert decode_draft(made.file)
    for part in ("next_root", "next_targets", "targets"):
        for text in ("", "null", "[" * 50_000, '{"signed":' * 50_000, "\x00", file["roots"][0][:-1]):
            with pytest.raises(BadDraft):
                decode_draft(canonical({**file, part: text}))
    for one in (file["targets"], "[" * 50_000):
        with pytest.raises(BadDraft):
            decode_draft(canonical({**file, "roots": [one]}))
    with pytest.raises(BadDraft):
        decode_draft(canonical({**file, "roots": file["roots"] * 1001}))
    assert len(made.file) < MAX_DRAFT_BYTES / 100


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(BadDraft):
        decode_draft(data)


@given(st.data())
def test_a_file_that_is_cut_or_has_a_byte_changed_is_refused_or_says_the_same(made: Made, data: st.DataObject) -> None:
    at, byte = data.draw(st.integers(0, len(made.file) - 1)), data.draw(st.integers(0, 255))
    for damaged in (made.file[:at], made.file[:at] + bytes([byte]) + made.file[at + 1 :]):
        try:
            read = decode_draft(damaged)
        except BadDraft:
            continue
        assert _without_ends(read) == _without_ends(decode_draft(made.file))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_metadata_with_anything_in_any_place_is_refused_or_says_the_same(made: Made, data: st.DataObject) -> None:
    file = json.loads(made.file)
    part = data.draw(st.sampled_from(["next_root", "next_targets", "targets", "roots"]))
    metadata = json.loads(file["roots"][0] if part == "roots" else file[part])
    holder, key = data.draw(st.sampled_from(list(_places(metadata))))
    holder[key] = data.draw(JSON)
    text = json.dumps(metadata)
    file[part] = [text] if part == "roots" else text
    try:
        read = decode_draft(canonical(file))
    except BadDraft:
        return
    standing(read)
    encode_draft(read)
    assert _without_ends(read) == _without_ends(decode_draft(made.file))


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Each place in a JSON value, as its container and the key or index there."""
    for key, below in list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree)):
        yield tree, key
        if isinstance(below, dict | list):
            yield from _places(below)


def _without_ends(one: Draft) -> list[dict[str, Any]]:
    read = [one.next_root.signed.to_dict(), one.next_targets.signed.to_dict()]
    return [{name: value for name, value in signed.items() if name != "expires"} for signed in read]
