"""Keys: named by their own hash, used for one purpose, inside their window."""

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from protocol.errors import BadSignature, MalformedMessage, StaleMessage, UnknownKey
from protocol.keys import (
    MAX_SKEW,
    SIGNING,
    NodeKeys,
    PublicKey,
    Purpose,
    check_public_key,
    find_key,
    find_key_journaled,
    find_sealing_key,
    make_key_id,
    verify,
)
from protocol.wire_json import base64, timestamp
from tests.protocol.conftest import Golden, seeded_bytes
from tests.vectors import generate

DRANCY = NodeKeys.generate("drancy.emploi.example", seeded_bytes("drancy"))
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
YEAR = timedelta(days=365)
PUBLIC = DRANCY.public_keys(NOW, NOW + YEAR)


def of(purpose: Purpose, keys: list[PublicKey] = PUBLIC) -> PublicKey:
    return find_key(keys, purpose, NOW)


def test_keys_come_back_from_their_file() -> None:
    again = NodeKeys.from_bytes(DRANCY.to_bytes())
    assert again.to_bytes() == DRANCY.to_bytes()
    assert again.public_keys(NOW, NOW + YEAR) == PUBLIC
    assert again.node_id == "drancy.emploi.example"


def test_two_nodes_have_different_keys() -> None:
    other = NodeKeys.generate("drancy.emploi.example", os.urandom)
    assert not {key.public for key in PUBLIC} & {key.public for key in other.public_keys(NOW, NOW + YEAR)}
    assert len({key.public for key in PUBLIC}) == len(Purpose)


def test_private_keys_are_not_shown() -> None:
    private = json.loads(DRANCY.to_bytes())
    for secret in (private["journal"], private["sealing"][0], DRANCY.journal.private_bytes_raw().hex()):
        assert secret not in repr(DRANCY)
    assert repr(DRANCY) == "NodeKeys(node_id='drancy.emploi.example')"


@pytest.mark.parametrize("purpose", SIGNING)
@given(data=st.binary(max_size=200))
def test_a_signature_holds_for_its_key_and_data_alone(purpose: Purpose, data: bytes) -> None:
    signature = DRANCY.sign(purpose, data)
    assert len(signature) == 64
    verify(of(purpose), signature, data)
    with pytest.raises(BadSignature):
        verify(of(purpose), signature, data + b"\x00")
    with pytest.raises(BadSignature):
        verify(of(purpose), signature[:-1], data)
    with pytest.raises(BadSignature):
        verify(of(purpose), signature[:-1] + bytes([signature[-1] ^ 1]), data)
    for other in SIGNING:
        if other is not purpose:
            with pytest.raises(BadSignature):
                verify(of(other), signature, data)


def test_a_sealing_key_signs_nothing() -> None:
    with pytest.raises(ValueError, match="signs nothing"):
        DRANCY.sign(Purpose.SEALING, b"")
    with pytest.raises(BadSignature, match="signs nothing"):
        verify(of(Purpose.SEALING), bytes(64), b"")


def test_a_key_id_is_the_hash_of_its_key() -> None:
    for key in PUBLIC:
        check_public_key(key, "drancy.emploi.example")
        assert key.key_id == make_key_id("drancy.emploi.example", key.purpose, key.raw()) == DRANCY.key_id(key.purpose)
    journal, http = of(Purpose.JOURNAL), of(Purpose.HTTP)
    for wrong in (
        replace(journal, public=http.public),
        replace(journal, purpose=Purpose.HTTP),
        replace(journal, key_id=http.key_id),
        replace(journal, public=base64(bytes(31))),
        replace(journal, public="QQ"),
        replace(journal, not_after=journal.not_before),
        replace(journal, not_after="2026-02-30T00:00:00Z"),
    ):
        with pytest.raises(MalformedMessage):
            check_public_key(wrong, "drancy.emploi.example")
    with pytest.raises(MalformedMessage):
        check_public_key(journal, "bayonne.emploi.example")


def test_a_window_opens_with_its_first_second_and_ends_before_its_last() -> None:
    key = of(Purpose.HTTP)
    assert find_key(PUBLIC, Purpose.HTTP, NOW, key.key_id) is key
    assert find_key(PUBLIC, Purpose.HTTP, NOW + YEAR - timedelta(seconds=1)) is key
    for outside in (NOW - timedelta(seconds=1), NOW + YEAR, NOW + 2 * YEAR):
        with pytest.raises(StaleMessage):
            find_key(PUBLIC, Purpose.HTTP, outside, key.key_id)
        with pytest.raises(StaleMessage):
            find_key(PUBLIC, Purpose.HTTP, outside)


def test_an_unknown_key_is_told_apart_from_an_old_one() -> None:
    with pytest.raises(UnknownKey):
        find_key(PUBLIC, Purpose.HTTP, NOW, "drancy.emploi.example#http-0000000000000000")
    with pytest.raises(UnknownKey):
        find_key(PUBLIC, Purpose.HTTP, NOW, DRANCY.key_id(Purpose.JOURNAL))
    with pytest.raises(UnknownKey):
        find_key([], Purpose.HTTP, NOW)


def test_a_sealing_key_is_sealed_to_once_it_has_begun_and_its_end_is_not_judged() -> None:
    key = of(Purpose.SEALING)
    assert find_sealing_key(PUBLIC, NOW) == find_sealing_key(PUBLIC, NOW + 5 * YEAR) == key
    with pytest.raises(StaleMessage):
        find_sealing_key(PUBLIC, NOW - timedelta(seconds=1))
    with pytest.raises(UnknownKey):
        find_sealing_key([one for one in PUBLIC if one is not key], NOW)


def test_a_statement_counts_when_its_key_held_at_both_its_moments() -> None:
    """The one that it names, and that of the entry that carries it."""
    key, second = of(Purpose.GUARANTEE), timedelta(seconds=1)
    for stated, journaled in ((NOW, NOW), (NOW, NOW + YEAR - second), (NOW + MAX_SKEW, NOW)):
        assert find_key_journaled(PUBLIC, Purpose.GUARANTEE, stated, journaled, key.key_id) is key
    for stated, journaled in ((NOW - second, NOW), (NOW, NOW + YEAR), (NOW + MAX_SKEW + second, NOW)):
        with pytest.raises(StaleMessage):
            find_key_journaled(PUBLIC, Purpose.GUARANTEE, stated, journaled, key.key_id)


def test_in_the_overlap_of_a_rotation_both_keys_hold_and_the_newest_is_used() -> None:
    overlap = timedelta(days=7)
    successor = NodeKeys.generate("drancy.emploi.example", seeded_bytes("drancy, next year"))
    old = of(Purpose.HTTP)
    new = of(Purpose.HTTP, successor.public_keys(NOW, NOW + 2 * YEAR))
    new = replace(new, not_before=timestamp(NOW + YEAR - overlap))
    keys = [old, new]
    during = NOW + YEAR - timedelta(days=1)
    assert find_key(keys, Purpose.HTTP, NOW) == old
    assert find_key(keys, Purpose.HTTP, during) == new
    assert find_key(keys, Purpose.HTTP, during, old.key_id) == old
    assert find_key(keys, Purpose.HTTP, NOW + YEAR) == new


def test_older_sealing_keys_are_still_found_by_name() -> None:
    newer = NodeKeys.generate("drancy.emploi.example", seeded_bytes("drancy, december")).sealing[0]
    rotated = NodeKeys(
        DRANCY.node_id, DRANCY.journal, DRANCY.http, DRANCY.guarantee, DRANCY.witness, (newer, *DRANCY.sealing)
    )
    assert rotated.sealing_key(DRANCY.key_id(Purpose.SEALING)) is DRANCY.sealing[0]
    assert rotated.sealing_key(rotated.key_id(Purpose.SEALING)) is newer
    assert DRANCY.sealing_key(rotated.key_id(Purpose.SEALING)) is None
    (stated,) = [key for key in rotated.public_keys(NOW, NOW + YEAR) if key.purpose is Purpose.SEALING]
    assert stated.key_id == rotated.key_id(Purpose.SEALING)
    assert NodeKeys.from_bytes(rotated.to_bytes()).key_id(Purpose.SEALING) == rotated.key_id(Purpose.SEALING)


@pytest.mark.parametrize(
    "change",
    [{"http": "QQ=="}, {"sealing": []}, {"sealing": [base64(bytes(33))]}, {"extra": ""}, {"node_id": "Drancy"}],
)
def test_a_damaged_key_file_is_refused_without_being_quoted(change: dict[str, Any]) -> None:
    stored = json.loads(DRANCY.to_bytes()) | change
    damaged = json.dumps(stored, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(MalformedMessage) as refusal:
        NodeKeys.from_bytes(damaged)
    assert stored["journal"] not in str(refusal.value)


def test_golden(golden: Golden) -> None:
    golden("keys", generate.keys())
