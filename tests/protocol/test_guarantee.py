"""A guarantee holds for one recipient, one forward, one dossier, one revision of one offer, until its day."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from protocol.errors import (
    BadSignature,
    MalformedMessage,
    ProofMismatch,
    ProtocolError,
    StaleMessage,
    UnknownKey,
)
from protocol.guarantee import Guarantee, SignedGuarantee, sign_guarantee, verify_forward, verify_guarantee
from protocol.keys import Purpose
from protocol.wire_json import base64, decode, encode, parse_timestamp
from tests.protocol.conftest import Golden
from tests.vectors import generate, story

HOME, EMPLOYER, FORWARD = story.HOME, story.EMPLOYER, story.FORWARD
GUARANTEE = story.GUARANTEE.guarantee
ISSUED, EXPIRES = parse_timestamp(GUARANTEE.issued), parse_timestamp(GUARANTEE.expires)
SECOND = timedelta(seconds=1)


def check(signed: SignedGuarantee = story.GUARANTEE, **changed: Any) -> Guarantee:
    facts: dict[str, Any] = {
        "recipient": EMPLOYER,
        "forward": FORWARD,
        "sealed_dossier": story.SEALED_DOSSIER,
        "now": ISSUED,
        "home_keys": story.PUBLIC_KEYS[HOME],
    } | changed
    return verify_guarantee(signed, **facts)


def signed_with(**changed: Any) -> SignedGuarantee:
    return sign_guarantee(replace(GUARANTEE, **changed), story.KEYS[HOME])


def test_the_employer_verifies_it_offline() -> None:
    assert check() == GUARANTEE
    assert check(now=EXPIRES - SECOND) == GUARANTEE
    assert check(decode(encode(story.GUARANTEE), SignedGuarantee)) == GUARANTEE


@pytest.mark.parametrize(
    "facts",
    [
        {"recipient": "bayonne.emploi.example"},
        {"forward": "f-other"},
        {"sealed_dossier": story.SEALED_DOSSIER + b"\x00"},
        {"sealed_dossier": b""},
    ],
)
def test_it_holds_for_nothing_else(facts: dict[str, Any]) -> None:
    with pytest.raises(ProofMismatch):
        check(**facts)


def test_it_ends() -> None:
    for late in (EXPIRES, EXPIRES + timedelta(days=1)):
        with pytest.raises(StaleMessage, match="expired"):
            check(now=late)


def test_it_is_not_from_the_future() -> None:
    assert check(now=ISSUED - timedelta(seconds=300)) == GUARANTEE
    with pytest.raises(StaleMessage) as ahead:
        check(now=ISSUED - timedelta(seconds=301))
    assert ahead.value.skew_seconds == 301


@given(st.data())
def test_a_changed_byte_is_not_signed(data: st.DataObject) -> None:
    body = bytearray(encode(story.GUARANTEE))
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ProtocolError):
        check(decode(bytes(body), SignedGuarantee))


@pytest.mark.parametrize(
    "change",
    [
        {"offer": "mag-2026-118"},
        {"revision": 2},
        {"checked": GUARANTEE.checked[:1]},
        {"expires": "2028-01-01T00:00:00Z"},
        {"recipient": "bayonne.emploi.example"},
    ],
)
def test_what_was_signed_cannot_be_changed(change: dict[str, Any]) -> None:
    with pytest.raises(BadSignature):
        check(replace(story.GUARANTEE, guarantee=replace(GUARANTEE, **change)))


def test_only_the_home_missions_guarantee_key_counts() -> None:
    with pytest.raises(UnknownKey):
        check(home_keys=story.PUBLIC_KEYS[EMPLOYER])
    with pytest.raises(UnknownKey):
        check(replace(story.GUARANTEE, key_id=story.KEYS[HOME].key_id(Purpose.HTTP)))
    for purpose in (Purpose.HTTP, Purpose.JOURNAL):
        signature = story.KEYS[HOME].sign(purpose, b"maillon/guarantee/1\x00" + encode(GUARANTEE))
        with pytest.raises(BadSignature):
            check(replace(story.GUARANTEE, signature=base64(signature)))


def test_a_signature_without_its_label_does_not_count() -> None:
    bare = story.KEYS[HOME].sign(Purpose.GUARANTEE, encode(GUARANTEE))
    with pytest.raises(BadSignature):
        check(replace(story.GUARANTEE, signature=base64(bare)))


def test_no_mission_guarantees_in_anothers_name() -> None:
    with pytest.raises(MalformedMessage):
        sign_guarantee(replace(GUARANTEE, home=EMPLOYER), story.KEYS[HOME])
    borrowed = replace(GUARANTEE, home="bayonne.emploi.example")
    signature = story.KEYS[HOME].sign(Purpose.GUARANTEE, b"maillon/guarantee/1\x00" + encode(borrowed))
    with pytest.raises(ProofMismatch, match="home"):
        check(SignedGuarantee(guarantee=borrowed, key_id=story.GUARANTEE.key_id, signature=base64(signature)))


def test_a_retired_key_vouches_for_what_it_signed_before_its_end() -> None:
    ended = story.KEYS[HOME].public_keys(ISSUED - timedelta(days=300), ISSUED + SECOND)
    assert check(home_keys=ended, now=ISSUED + timedelta(days=30)) == GUARANTEE
    ended = story.KEYS[HOME].public_keys(ISSUED - timedelta(days=300), ISSUED)
    with pytest.raises(StaleMessage, match="window"):
        check(home_keys=ended)


def test_impossible_days_are_refused() -> None:
    for field in ("issued", "expires"):
        with pytest.raises(MalformedMessage):
            check(signed_with(**{field: "2027-02-30T00:00:00Z"}))


def test_a_forward_says_what_its_guarantee_says() -> None:
    facts: dict[str, Any] = {
        "home_keys": story.PUBLIC_KEYS[HOME],
        "recipient": EMPLOYER,
        "now": ISSUED,
        "journaled": ISSUED,
    }
    assert verify_forward(story.FORWARD_SENT, **facts) == GUARANTEE
    for change in (
        {"offer": "mag-2026-118"},
        {"revision": 2},
        {"offer_entry": story.OPENED_ENTRY},
        {"forward": "f-other"},
        {"dossier": base64(b"another person's")},
    ):
        fields: dict[str, Any] = change
        with pytest.raises(ProofMismatch):
            verify_forward(replace(story.FORWARD_SENT, **fields), **facts)
    with pytest.raises(MalformedMessage):
        verify_forward(replace(story.FORWARD_SENT, dossier="QQ"), **facts)
    facts["home_keys"] = story.KEYS[HOME].public_keys(ISSUED - timedelta(days=300), ISSUED + SECOND)
    assert verify_forward(story.FORWARD_SENT, **facts) == GUARANTEE
    with pytest.raises(StaleMessage):
        verify_forward(story.FORWARD_SENT, **facts | {"journaled": ISSUED + SECOND})


def test_golden(golden: Golden) -> None:
    vector = generate.guarantee()
    golden("guarantee", vector)
    assert check(decode(vector["signed_guarantee"].encode(), SignedGuarantee)) == GUARANTEE
