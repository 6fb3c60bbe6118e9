"""A dossier opens for one recipient, and for the forward that it was sealed for."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from protocol.dossier import Dossier, Occupation, Skill, open_dossier, seal_dossier
from protocol.errors import CannotOpen, MalformedMessage, ProtocolError, UnknownKey
from protocol.guarantee import Checked, sign_guarantee
from protocol.keys import PublicKey
from protocol.messages import ForwardSent
from protocol.sealing import seal_message
from protocol.wire_json import MAX_BYTES, base64, encode
from tests.protocol.wire_values import values_of
from tests.vectors import generate, story

HOME, EMPLOYER, FORWARD = story.HOME, story.EMPLOYER, story.FORWARD
KEYS = story.KEYS[EMPLOYER]
PUBLIC: PublicKey = story.sealing_key(EMPLOYER)
SEALED = seal_dossier(story.DOSSIER, FORWARD, HOME, EMPLOYER, PUBLIC)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(values_of(Dossier))
def test_a_dossier_comes_back(dossier: Dossier) -> None:
    sealed = seal_dossier(dossier, FORWARD, HOME, EMPLOYER, PUBLIC)
    assert open_dossier(sealed, FORWARD, HOME, EMPLOYER, KEYS) == dossier


def test_it_names_the_key_that_opens_it() -> None:
    name = PUBLIC.key_id.encode()
    assert SEALED.startswith(len(name).to_bytes(2, "big") + name)
    assert "Inès".encode() not in SEALED


def test_it_opens_in_no_other_place() -> None:
    for forward, home, recipient in (
        ("f-other", HOME, EMPLOYER),
        (FORWARD, "bayonne.emploi.example", EMPLOYER),
        (FORWARD, HOME, "drancy.emploi.example"),
        (FORWARD, EMPLOYER, HOME),
    ):
        with pytest.raises(CannotOpen):
            open_dossier(SEALED, forward, home, recipient, KEYS)
    with pytest.raises(CannotOpen, match="not held"):
        open_dossier(SEALED, FORWARD, HOME, EMPLOYER, story.KEYS[HOME])


@settings(max_examples=200)
@given(st.data())
def test_a_changed_or_missing_byte_does_not_open(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SEALED) - 1))
    changed = bytearray(SEALED)
    changed[at] ^= data.draw(st.integers(1, 127))
    for damaged in (bytes(changed), SEALED[:at]):
        with pytest.raises(ProtocolError):
            open_dossier(damaged, FORWARD, HOME, EMPLOYER, KEYS)


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00\x00", b"\xff\xff", b"\x00\x02\xc3\xa9x"])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        open_dossier(data, FORWARD, HOME, EMPLOYER, KEYS)


def test_it_is_sealed_to_its_recipient_alone() -> None:
    with pytest.raises(UnknownKey):
        seal_dossier(story.DOSSIER, FORWARD, EMPLOYER, HOME, PUBLIC)
    with pytest.raises(UnknownKey):
        seal_dossier(story.DOSSIER, FORWARD, HOME, EMPLOYER, story.PUBLIC_KEYS[EMPLOYER][0])


def test_a_dossier_that_is_not_well_formed_is_not_sealed() -> None:
    for wrong in (
        replace(story.DOSSIER, commune="Montluçon"),
        replace(story.DOSSIER, availability="demain"),
        replace(story.DOSSIER, occupations=[Occupation(rome="N1103", months=-1)]),
    ):
        with pytest.raises(MalformedMessage):
            seal_dossier(wrong, FORWARD, HOME, EMPLOYER, PUBLIC)


def test_the_largest_forward_still_fits_into_one_message() -> None:
    """Every field at its limit, in characters that need six bytes each."""
    name, text = "\x01" * 200, "\x01" * 4000
    largest = replace(
        story.DOSSIER,
        first_name=name,
        last_name=name,
        email=name,
        phone=name,
        occupations=[Occupation(rome="N1103", months=1200)] * 50,
        skills=[Skill(code="999999999", label=name)] * 200,
        contracts=["CDI"] * 20,
        languages=story.DOSSIER.languages * 25,
        summary=text,
    )
    sealed = seal_dossier(largest, FORWARD, HOME, EMPLOYER, PUBLIC)
    guarantee = replace(story.GUARANTEE.guarantee, checked=[Checked(what="references", on="2026-11-23")] * 20)
    forward: ForwardSent = replace(
        story.FORWARD_SENT,
        reason=text,
        dossier=base64(sealed),
        guarantee=sign_guarantee(guarantee, story.KEYS[HOME]),
    )
    assert len(encode(seal_message(forward, HOME, EMPLOYER, PUBLIC))) <= MAX_BYTES
    assert open_dossier(sealed, FORWARD, HOME, EMPLOYER, KEYS) == largest


def test_the_golden_dossier_opens() -> None:
    vector = generate.sealing()["dossier"]
    opened = open_dossier(bytes.fromhex(vector["sealed_hex"]), vector["forward"], vector["home"], EMPLOYER, KEYS)
    assert encode(opened).decode() == vector["opens_to"]
