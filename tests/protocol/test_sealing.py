"""Sealed messages: one recipient, one context, sizes that say little, and only kinds that travel sealed."""

import os
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from protocol.errors import CannotOpen, MalformedMessage, UnknownKey, UnknownVersion
from protocol.keys import NodeKeys, Purpose
from protocol.messages import SEALED_KINDS, ForwardMoved, ForwardSent, Message, Sealed, kind_of
from protocol.sealing import (
    BUCKET_STEP,
    MAX_PADDED,
    bucket,
    make_info,
    open_message,
    open_sealed,
    seal,
    seal_message,
)
from protocol.wire_json import MAX_BYTES, base64, encode, unbase64
from tests.protocol.conftest import Golden
from tests.vectors import generate, hpke_reference, story

HOME, EMPLOYER = story.HOME, story.EMPLOYER
KEYS = story.KEYS[EMPLOYER]
PUBLIC = story.sealing_key(EMPLOYER)
INFO = make_info("maillon/test/1", "drancy.emploi.example")


def sealed_raw(padded: bytes, info: bytes = INFO) -> bytes:
    """Sealed as it is, without the padding that `seal` adds."""
    suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
    return suite.encrypt(padded, X25519PublicKey.from_public_bytes(PUBLIC.raw()), info)


def sealed_body(body: bytes) -> Sealed:
    """A `sealed/1` that holds any bytes at all."""
    info = make_info("maillon/sealed/1", HOME, EMPLOYER, PUBLIC.key_id)
    return replace(story.SEALED, sealed=base64(seal(body, PUBLIC, info)))


def test_the_reference_used_for_vectors_is_that_of_the_rfc() -> None:
    """RFC 9180, appendix A.2.1."""
    recipient = X25519PrivateKey.from_private_bytes(
        bytes.fromhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb")
    )
    sealed = hpke_reference.seal(
        b"Beauty is truth, truth beauty",
        recipient.public_key(),
        b"Ode on a Grecian Urn",
        X25519PrivateKey.from_private_bytes(
            bytes.fromhex("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600")
        ),
        b"Count-0",
    )
    assert sealed.hex() == (
        "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a"
        "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
    )


@settings(max_examples=50)
@given(st.binary(max_size=40_000))
def test_what_was_sealed_opens(plaintext: bytes) -> None:
    assert open_sealed(seal(plaintext, PUBLIC, INFO), KEYS, PUBLIC.key_id, INFO) == plaintext


@settings(max_examples=50)
@given(st.binary(max_size=5000))
def test_our_seal_and_the_reference_agree(plaintext: bytes) -> None:
    sealed = story.seal_with("any seed", plaintext, PUBLIC, INFO)
    assert open_sealed(sealed, KEYS, PUBLIC.key_id, INFO) == plaintext
    assert len(sealed) == len(seal(plaintext, PUBLIC, INFO))


@given(st.integers(1, MAX_PADDED))
def test_buckets(size: int) -> None:
    padded = bucket(size)
    assert size <= padded <= max(1024, 2 * size)
    assert padded == bucket(padded)
    assert padded in (1024, 2048, 4096, 8192, 16384) or padded % BUCKET_STEP == 0


def test_sizes_say_little() -> None:
    sizes = {len(seal(bytes(size), PUBLIC, INFO)) for size in range(0, 3000, 97)}
    assert sizes == {1024 + 48, 2048 + 48, 4096 + 48}


@given(st.data())
def test_a_changed_byte_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(seal(b"bonjour", PUBLIC, INFO))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.sampled_from([1, 2, 64]))
    with pytest.raises(CannotOpen):
        open_sealed(bytes(sealed), KEYS, PUBLIC.key_id, INFO)


def test_another_key_or_context_does_not_open() -> None:
    sealed = seal(b"bonjour", PUBLIC, INFO)
    with pytest.raises(CannotOpen):
        open_sealed(sealed, KEYS, PUBLIC.key_id, INFO + b"\x00")
    with pytest.raises(CannotOpen, match="not held"):
        open_sealed(sealed, story.KEYS[HOME], PUBLIC.key_id, INFO)
    with pytest.raises(CannotOpen):
        open_sealed(sealed, story.KEYS[HOME], story.KEYS[HOME].key_id(Purpose.SEALING), INFO)
    for short in (b"", sealed[:31], sealed[:-1]):
        with pytest.raises(CannotOpen):
            open_sealed(short, KEYS, PUBLIC.key_id, INFO)


def test_parts_of_the_context_do_not_run_into_each_other() -> None:
    assert make_info("a", "bc") != make_info("ab", "c")
    assert make_info("a", "b", "") != make_info("a", "b")
    assert make_info("maillon/x/1", "é") == b"\x00\x0bmaillon/x/1\x00\x02\xc3\xa9"


@pytest.mark.parametrize(
    "padded",
    [
        (5).to_bytes(4, "big") + b"hello".ljust(1019, b"\x00") + b"\x01",
        (5).to_bytes(4, "big") + b"hello" + bytes(2048 - 9),
        (5).to_bytes(4, "big") + b"hello",
        (1021).to_bytes(4, "big") + bytes(1020),
        (2**32 - 1).to_bytes(4, "big") + bytes(1020),
        b"\x00\x00\x00",
        b"",
    ],
)
def test_padding_has_one_form(padded: bytes) -> None:
    with pytest.raises(MalformedMessage):
        open_sealed(sealed_raw(padded), KEYS, PUBLIC.key_id, INFO)


def test_sizes_are_capped() -> None:
    largest = seal(bytes(MAX_PADDED - 4), PUBLIC, INFO)
    assert len(open_sealed(largest, KEYS, PUBLIC.key_id, INFO)) == MAX_PADDED - 4
    assert len(encode(replace(story.SEALED, key_id=f"{'a' * 251}.b#sealing-{'0' * 16}", sealed=base64(largest)))) <= (
        MAX_BYTES
    )
    with pytest.raises(MalformedMessage):
        seal(bytes(MAX_PADDED - 3), PUBLIC, INFO)
    with pytest.raises(MalformedMessage, match="largest"):
        open_sealed(largest + b"\x00", KEYS, PUBLIC.key_id, INFO)


def test_only_a_sealing_key_of_the_recipient_seals() -> None:
    with pytest.raises(UnknownKey):
        seal(b"", story.PUBLIC_KEYS[EMPLOYER][0], INFO)
    with pytest.raises(UnknownKey):
        seal_message(story.FORWARD_MOVED, EMPLOYER, HOME, PUBLIC)


@pytest.mark.parametrize("message", [m for m in story.MESSAGES if kind_of(m) in SEALED_KINDS], ids=kind_of)
def test_a_message_opens_for_its_recipient(message: Message) -> None:
    sealed = seal_message(message, HOME, EMPLOYER, PUBLIC)
    assert open_message(sealed, HOME, EMPLOYER, KEYS) == (kind_of(message), message, encode(message))


def test_a_message_opens_between_these_two_nodes_only() -> None:
    """A relay cannot pass Montluçon's message off as Bayonne's, nor hand it to another node."""
    sealed = seal_message(story.FORWARD_MOVED, HOME, EMPLOYER, PUBLIC)
    for sender, recipient in (("bayonne.emploi.example", EMPLOYER), (HOME, HOME), (EMPLOYER, HOME)):
        with pytest.raises(CannotOpen):
            open_message(sealed, sender, recipient, KEYS)
    with pytest.raises(CannotOpen):
        open_message(sealed, HOME, EMPLOYER, story.KEYS[HOME])


def test_after_a_rotation_the_older_key_still_opens() -> None:
    sealed = seal_message(story.FORWARD_MOVED, HOME, EMPLOYER, PUBLIC)
    newer = NodeKeys.generate(EMPLOYER, os.urandom).sealing[0]
    rotated = NodeKeys(EMPLOYER, KEYS.journal, KEYS.http, KEYS.guarantee, KEYS.witness, (newer, *KEYS.sealing))
    assert open_message(sealed, HOME, EMPLOYER, rotated)[1] == story.FORWARD_MOVED
    assert rotated.public_keys(story.NOW, story.NOW + timedelta(days=30))[4].key_id != PUBLIC.key_id
    shredded = NodeKeys(EMPLOYER, KEYS.journal, KEYS.http, KEYS.guarantee, KEYS.witness, (newer,))
    with pytest.raises(CannotOpen, match="not held"):
        open_message(sealed, HOME, EMPLOYER, shredded)


def test_what_travels_in_clear_is_not_sealed() -> None:
    with pytest.raises(MalformedMessage, match="in clear"):
        seal_message(story.OFFER, HOME, EMPLOYER, PUBLIC)
    with pytest.raises(MalformedMessage, match="in clear"):
        open_message(sealed_body(encode(story.OFFER)), HOME, EMPLOYER, KEYS)


def test_a_later_kind_inside_a_seal_is_told_apart() -> None:
    with pytest.raises(UnknownVersion):
        open_message(sealed_body(b'{"kind":"forward.sent/2"}'), HOME, EMPLOYER, KEYS)


@pytest.mark.parametrize("body", [b"", b"{}", encode(story.FORWARD_MOVED) + b" ", b'{"kind":"forward.moved/1"}'])
def test_a_sealed_body_is_canonical(body: bytes) -> None:
    with pytest.raises(MalformedMessage):
        open_message(sealed_body(body), HOME, EMPLOYER, KEYS)


def test_a_message_that_is_not_well_formed_is_not_sealed() -> None:
    for wrong in (replace(story.FORWARD_MOVED, forward="a b"), replace(story.FORWARD_SENT, dossier="x" * MAX_BYTES)):
        with pytest.raises(MalformedMessage):
            seal_message(wrong, HOME, EMPLOYER, PUBLIC)
    assert isinstance(story.FORWARD_MOVED, ForwardMoved)


def test_golden(golden: Golden) -> None:
    vector = generate.sealing()
    golden("sealing", vector)
    opened = open_message(story.SEALED, HOME, EMPLOYER, KEYS)
    assert opened[2].decode() == vector["message"]["opens_to"]
    assert isinstance(opened[1], ForwardSent)
    assert len(unbase64(story.SEALED.sealed)) == 4096 + 48
