"""Which of the keys held signs, and when one is destroyed."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.key_file import SWITCHES_BEFORE, HeldKeys
from protocol.changes import OVERLAP, SEALING_KEPT, with_retired
from protocol.errors import MalformedMessage
from protocol.keys import SIGNING, NodeKeys, PublicKey, Purpose
from protocol.wire_json import timestamp
from tests.federation.conftest import DRANCY, NOW, seeded

FIRST = HeldKeys.of(NodeKeys.generate(DRANCY, seeded(1)))
BEFORE, LIFE, HOUR = timedelta(minutes=10), timedelta(days=730), timedelta(hours=1)


def stated(held: HeldKeys, listed: Sequence[PublicKey] = (), at: timedelta = timedelta()) -> list[PublicKey]:
    """What the node asks to list: of each purpose the newest, as listed, or from now on."""
    known = {key.key_id: key for key in listed}
    newest = held.newest().values()
    return [known.get(one.key_id) or one.public(NOW + at - BEFORE, NOW + at + LIFE) for one in newest]


LISTED = stated(FIRST)


def test_a_file_holds_what_was_put_into_it() -> None:
    second = FIRST.with_new([Purpose.HTTP, Purpose.SEALING], seeded(2))
    settled = second.settled(with_retired(LISTED, stated(second, LISTED), NOW), NOW)
    for held in (FIRST, second, settled):
        assert HeldKeys.from_bytes(held.to_bytes()) == held
    assert "raw" not in repr(second)


def test_a_file_of_the_released_version_is_read() -> None:
    keys = NodeKeys.generate(DRANCY, seeded(1))
    assert HeldKeys.from_bytes(keys.to_bytes()) == FIRST
    assert FIRST.as_newest().to_bytes() == keys.to_bytes()


@pytest.mark.parametrize("data", [b"", b"{}", FIRST.to_bytes()[:-9], FIRST.to_bytes().replace(b"witness", b"sealing")])
def test_what_is_no_key_file_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        HeldKeys.from_bytes(data)


def test_the_former_key_signs_until_a_day_before_its_end() -> None:
    second = FIRST.with_new([Purpose.HTTP], seeded(2))
    assert second.unlisted(LISTED) == [Purpose.HTTP]
    assert second.in_use(LISTED, NOW).key_id(Purpose.HTTP) == FIRST.as_newest().key_id(Purpose.HTTP), "not listed yet"
    listed = with_retired(LISTED, stated(second, LISTED), NOW)
    switch = NOW + OVERLAP - SWITCHES_BEFORE
    for moment, signer in ((NOW, FIRST), (switch - HOUR, FIRST), (switch, second), (NOW + LIFE / 2, second)):
        in_use = second.in_use(listed, moment)
        assert in_use.key_id(Purpose.HTTP) == signer.as_newest().key_id(Purpose.HTTP)
        assert in_use.key_id(Purpose.JOURNAL) == FIRST.as_newest().key_id(Purpose.JOURNAL)


def test_before_it_is_a_member_a_node_signs_with_what_it_has() -> None:
    assert FIRST.in_use((), NOW).to_bytes() == FIRST.as_newest().to_bytes()
    assert FIRST.one_of_each()
    assert not FIRST.with_new([Purpose.HTTP], seeded(2)).one_of_each()


def test_keys_that_have_all_ended_are_used_all_the_same() -> None:
    """Nobody believes them; asking for new ones needs them."""
    assert FIRST.in_use(LISTED, NOW + 2 * LIFE).to_bytes() == FIRST.as_newest().to_bytes()


def test_a_sealing_key_is_held_for_45_days_after_its_successor_is_listed() -> None:
    second = FIRST.with_new([Purpose.SEALING], seeded(2))
    former = FIRST.newest()[Purpose.SEALING].key_id
    assert second.settled(LISTED, NOW + LIFE) == second, "the successor is not listed"
    listed = with_retired(LISTED, stated(second, LISTED), NOW)
    settled = second.settled(listed, NOW)
    for days, held in ((0, True), (44, True), (45, False), (400, False)):
        left = settled.settled(listed, NOW + timedelta(days=days))
        assert (left.in_use(listed, NOW).sealing_key(former) is not None) is held
        assert left.newest() == second.newest()
    # Also when the list has meanwhile dropped it: the end was noted when the successor was seen.
    shorter = [key for key in listed if key.key_id != former]
    assert settled.settled(shorter, NOW + timedelta(days=44)).in_use(shorter, NOW).sealing_key(former)


@given(st.lists(st.tuples(st.integers(0, 60), st.sets(st.sampled_from([*Purpose])), st.booleans()), max_size=10))
def test_over_any_rhythm_what_signs_is_believed_and_what_is_needed_is_held(
    steps: list[tuple[int, set[Purpose], bool]],
) -> None:
    """`listed` False: the coordinator was asked and the answer never came; the next step goes on with the same keys."""
    held, listed, at = FIRST, LISTED, timedelta()
    sealed_to: dict[str, timedelta] = {}
    for number, (days, purposes, answered) in enumerate(steps):
        at += timedelta(days=days)
        now = NOW + at
        held = held.settled(listed, now)
        wanted = [one for one in purposes if one not in held.unlisted(listed)]
        held = held.with_new(wanted, seeded(number + 10))
        if answered and held.unlisted(listed):
            listed = with_retired(listed, stated(held, listed, at), now)
            held = held.settled(listed, now)
        in_use = held.in_use(listed, now)
        windows = {key.key_id: key for key in listed}
        for purpose in SIGNING:
            key = windows[in_use.key_id(purpose)]
            assert key.not_before <= timestamp(now) < key.not_after, "peers believe it"
        newest = max((k for k in listed if k.purpose is Purpose.SEALING), key=lambda k: (k.not_before, k.not_after))
        sealed_to[newest.key_id] = at
        for key_id, last in sealed_to.items():
            if at - last < SEALING_KEPT:
                assert in_use.sealing_key(key_id) is not None, "what was sealed lately opens"
        assert {one.purpose for one in held.keys} == {*Purpose}
        assert len(held.keys) <= len(Purpose) * (2 + number)
