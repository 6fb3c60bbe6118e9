"""The directory's list, and the signed request to stand in it."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from protocol.errors import BadSignature, MalformedMessage, ProtocolError, StaleMessage, UnknownKey
from protocol.keys import SIGNING, NodeKeys, PublicKey, Purpose
from protocol.members import (
    MAX_MEMBERS_BYTES,
    JoinRequest,
    Member,
    SignedJoinRequest,
    decode_members,
    encode_members,
    fingerprint,
    sign_join_request,
    verify_join_request,
)
from protocol.wire_json import base64, decode, encode, parse_timestamp
from tests.protocol.conftest import Golden, seeded_bytes
from tests.vectors import generate, story

LIST = story.MEMBERS
REQUEST = story.JOIN_REQUEST
SIGNED = sign_join_request(REQUEST, story.KEYS[story.HOME])
ASKED = parse_timestamp(REQUEST.at)


def test_the_list_comes_back() -> None:
    assert decode_members(encode_members(LIST)) == LIST


def test_a_member_is_found_by_id() -> None:
    for member in LIST.members:
        assert LIST.find(member.id) is member
    for unknown in ("a.example", "lormont.emploi.example", "zz.example", ""):
        assert LIST.find(unknown) is None
    assert replace(LIST, members=[]).find(story.HOME) is None


def test_a_list_out_of_order_or_with_a_member_twice_is_refused() -> None:
    for members in (LIST.members[::-1], [LIST.members[0], *LIST.members]):
        with pytest.raises(MalformedMessage, match="members"):
            encode_members(replace(LIST, members=members))
        with pytest.raises(MalformedMessage, match="members"):
            decode_members(encode(replace(LIST, members=members), MAX_MEMBERS_BYTES))


def test_a_key_stands_under_its_own_member_alone() -> None:
    first, second = LIST.members[:2]
    for keys in (second.keys, first.keys[:-1], [*first.keys, first.keys[0]]):
        wrong = replace(LIST, members=[replace(first, keys=keys), *LIST.members[1:]])
        with pytest.raises(MalformedMessage, match="key"):
            decode_members(encode(wrong, MAX_MEMBERS_BYTES))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8401", "https://maillon.drancy.fr", "http://localhost:1", "https://[::1]:65535"]
)
def test_base_urls_of_nodes(url: str) -> None:
    assert decode(encode(replace(REQUEST, base_url=url)), JoinRequest).base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "https://drancy.fr/",
        "https://drancy.fr/maillon",
        "https://drancy.fr?x=1",
        "https://drancy.fr#x",
        "https://jean@drancy.fr",
        "https://drancy.fr:0",
        "https://drancy.fr:65536",
        "https://drancy.fr:",
        "HTTPS://drancy.fr",
        "https://Drancy.fr",
        "ftp://drancy.fr",
        "file:///etc/passwd",
        "https://",
        "https://.fr",
        "https://drancy.fr\n",
        "https://drancy fr",
    ],
)
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(MalformedMessage):
        encode(replace(REQUEST, base_url=url))


def test_a_town_that_holds_its_keys_may_ask_to_join() -> None:
    assert verify_join_request(SIGNED, ASKED) == REQUEST
    assert verify_join_request(SIGNED, ASKED + timedelta(days=30)) == REQUEST
    assert verify_join_request(SIGNED, ASKED - timedelta(seconds=300)) == REQUEST


def test_an_old_request_and_one_from_the_future_are_refused() -> None:
    with pytest.raises(StaleMessage):
        verify_join_request(SIGNED, ASKED + timedelta(days=30, seconds=1))
    with pytest.raises(StaleMessage) as ahead:
        verify_join_request(SIGNED, ASKED - timedelta(seconds=301))
    assert ahead.value.skew_seconds == 301


def test_a_request_whose_keys_have_ended_is_refused() -> None:
    keys = story.KEYS[story.HOME].public_keys(ASKED - timedelta(days=2), ASKED - timedelta(days=1))
    with pytest.raises(StaleMessage, match="window"):
        verify_join_request(sign_join_request(replace(REQUEST, keys=keys), story.KEYS[story.HOME]), ASKED)


def test_nobody_enters_a_key_that_they_do_not_hold() -> None:
    """Trélazé would put Montluçon's journal key under its own name, or have another sign for it."""
    intruder = NodeKeys.generate(story.HOME, seeded_bytes("intruder"))
    with pytest.raises(MalformedMessage, match="other signing keys"):
        sign_join_request(REQUEST, intruder)
    signed = decode(SIGNED, SignedJoinRequest)
    for purpose, position in zip(SIGNING, range(len(SIGNING)), strict=True):
        statement = b"maillon/join/1\x00" + encode(REQUEST)
        forged = list(signed.signatures)
        forged[position] = replace(forged[position], signature=base64(intruder.sign(purpose, statement)))
        with pytest.raises(BadSignature):
            verify_join_request(encode(replace(signed, signatures=forged)), ASKED)


def test_every_signing_key_signs_once_and_in_order() -> None:
    signed = decode(SIGNED, SignedJoinRequest)
    for signatures in (
        signed.signatures[:-1],
        signed.signatures[::-1],
        [*signed.signatures, signed.signatures[0]],
        [signed.signatures[0]] * len(signed.signatures),
    ):
        with pytest.raises(BadSignature):
            verify_join_request(encode(replace(signed, signatures=signatures)), ASKED)


NEW = NodeKeys.generate(story.HOME, seeded_bytes("new keys"))
KNOWN = story.PUBLIC_KEYS[story.HOME]


def change_of_keys(former: NodeKeys | None) -> bytes:
    keys = NEW.public_keys(ASKED - timedelta(days=1), ASKED + timedelta(days=300))
    return sign_join_request(replace(REQUEST, keys=keys), NEW, former)


def test_whoever_holds_no_key_of_a_member_cannot_speak_for_it() -> None:
    alone = change_of_keys(None)
    assert verify_join_request(alone, ASKED).id == story.HOME, "for a name that nobody has"
    with pytest.raises(UnknownKey):
        verify_join_request(alone, ASKED, KNOWN)
    stranger = NodeKeys.generate(story.HOME, seeded_bytes("stranger"))
    with pytest.raises(BadSignature, match="does not hold"):
        verify_join_request(change_of_keys(stranger), ASKED, KNOWN)


def test_a_member_changes_all_its_keys_with_the_signature_of_a_present_one() -> None:
    endorsed = change_of_keys(story.KEYS[story.HOME])
    assert verify_join_request(endorsed, ASKED, KNOWN).keys[0].key_id == NEW.key_id(Purpose.JOURNAL)
    assert verify_join_request(SIGNED, ASKED, KNOWN) == REQUEST
    signed = decode(endorsed, SignedJoinRequest)
    last = signed.signatures[-1]
    for wrong in ([*signed.signatures, last], [*signed.signatures[:-1], replace(last, signature=base64(bytes(64)))]):
        with pytest.raises(BadSignature):
            verify_join_request(encode(replace(signed, signatures=wrong)), ASKED, KNOWN)


def test_a_key_that_was_replaced_speaks_for_nobody_and_one_that_just_ended_still_does() -> None:
    def ended(keys: NodeKeys, days: int) -> list[PublicKey]:
        return keys.public_keys(ASKED - timedelta(days=90), ASKED - timedelta(days=days))

    present = NEW.public_keys(ASKED - timedelta(days=60), ASKED + timedelta(days=60))
    with pytest.raises(UnknownKey):
        verify_join_request(SIGNED, ASKED, [*present, *ended(story.KEYS[story.HOME], 30)])
    with pytest.raises(UnknownKey):
        verify_join_request(SIGNED, ASKED, [*ended(NEW, 20), *ended(story.KEYS[story.HOME], 30)])
    assert verify_join_request(SIGNED, ASKED, ended(story.KEYS[story.HOME], 1)) == REQUEST


def test_the_fingerprint_covers_what_the_directory_would_say_and_not_the_moment() -> None:
    read_out = fingerprint(REQUEST)
    assert len(read_out) == 20
    assert fingerprint(replace(REQUEST, at="2026-11-19T15:00:01Z", keys=REQUEST.keys[::-1])) == read_out
    others: list[JoinRequest] = [
        replace(REQUEST, role="employer"),
        replace(REQUEST, base_url="https://elsewhere.example"),
        replace(REQUEST, name=REQUEST.name + "."),
        replace(REQUEST, epoch=2),
        replace(REQUEST, commune=""),
        replace(REQUEST, keys=NEW.public_keys(ASKED - timedelta(days=1), ASKED + timedelta(days=300))),
    ]
    assert len({read_out, *map(fingerprint, others)}) == len(others) + 1


def test_a_request_needs_a_key_for_each_purpose_under_its_own_name() -> None:
    keys = story.KEYS[story.HOME]
    for wrong in (
        [key for key in REQUEST.keys if key.purpose is not Purpose.SEALING],
        story.PUBLIC_KEYS[story.EMPLOYER],
        [*REQUEST.keys, REQUEST.keys[0]],
    ):
        with pytest.raises(MalformedMessage):
            sign_join_request(replace(REQUEST, keys=wrong), keys)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_changed_byte_spoils_the_request(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SIGNED) - 1))
    changed = bytearray(SIGNED)
    changed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ProtocolError):
        verify_join_request(bytes(changed), ASKED)


def test_a_network_of_all_1254_intercommunalites_fits() -> None:
    member = LIST.members[1]
    many = [named(member, f"commune{number:05}.emploi.example") for number in range(1254)]
    network = replace(LIST, members=many)
    encoded = encode_members(network)
    assert len(encoded) < MAX_MEMBERS_BYTES / 4
    assert decode_members(encoded).find("commune00777.emploi.example") == many[777]


def named(member: Member, node_id: str) -> Member:
    keys = [replace(key, key_id=key.key_id.replace(member.id, node_id)) for key in member.keys]
    return replace(member, id=node_id, keys=keys)


def test_golden(golden: Golden) -> None:
    golden("members", generate.members())
