"""What the online role may say of members, and what it may not: Montluçon replaces its keys, the employer is
suspended."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from protocol.changes import (
    BEGINS_BEFORE,
    MAX_AHEAD,
    MAX_KEY_CHANGES,
    OVERLAP,
    SEALING_KEPT,
    Changes,
    KeyChange,
    MemberChanges,
    apply_changes,
    decode_changes,
    encode_changes,
    no_changes,
    with_key_change,
    with_retired,
    with_suspension,
)
from protocol.errors import BadSignature, MalformedMessage, ProofMismatch, ProtocolError, StaleMessage, UnknownKey
from protocol.keys import SIGNING, NodeKeys, PublicKey, Purpose, find_key, find_sealing_key
from protocol.members import JoinRequest, Member, Members, SignedJoinRequest, decode_members, encode_members
from protocol.members import sign_join_request as sign
from protocol.wire_json import decode, encode, parse_timestamp, timestamp
from tests.protocol.conftest import seeded_bytes
from tests.vectors import story

BASE, HOME = story.MEMBERS, story.HOME
NOW = parse_timestamp(BASE.issued) + timedelta(days=1)
YEAR = timedelta(days=365)
DAY = timedelta(days=1)


def member(members: Members = BASE, node: str = HOME) -> Member:
    found = members.find(node)
    assert found is not None
    return found


def made(name: str) -> NodeKeys:
    return NodeKeys.generate(HOME, seeded_bytes(name))


def with_purposes(keys: NodeKeys, new: NodeKeys, *purposes: Purpose) -> NodeKeys:
    """`keys` with those of `new` for these purposes."""
    parts = {one.value: (new if one in purposes else keys).signing_key(one) for one in SIGNING}
    sealing = (*new.sealing, *keys.sealing) if Purpose.SEALING in purposes else keys.sealing
    return NodeKeys(HOME, sealing=sealing, **parts)


def statement(members: Members, keys: NodeKeys, at: datetime, former: NodeKeys | None = None, **changes: Any) -> bytes:
    """Of each key that the list has, the window that it has; new ones begin at that moment."""
    before = member(members)
    listed = {key.key_id: key for key in before.keys}
    stated = [listed.get(key.key_id, key) for key in keys.public_keys(at, at + 2 * YEAR)]
    asked = JoinRequest(
        id=before.id,
        name=before.name,
        role=before.role,
        base_url=before.base_url,
        commune=before.commune,
        epoch=before.epoch,
        keys=stated,
        at=timestamp(at),
    )
    return sign(replace(asked, **changes), keys, former)


def listed(changes: Changes, data: bytes, at: datetime = NOW, members: Members = BASE) -> Changes:
    return with_key_change(members, changes, data, at)


def test_the_golden_list_is_what_base_and_changes_make() -> None:
    made_of_both = apply_changes(BASE, decode_changes(encode_changes(story.CHANGES)))
    assert (made_of_both.version, made_of_both.issued) == (5, "2026-12-02T10:00:00Z")
    assert member(made_of_both, story.EMPLOYER).status == "suspended"
    home = member(made_of_both)
    assert find_sealing_key(home.keys, parse_timestamp(made_of_both.issued)) == story.NEW_SEALING
    former = story.sealing_key(HOME)
    (retired,) = [key for key in home.keys if key.key_id == former.key_id]
    assert retired.not_after == "2027-01-15T08:00:07Z", "45 days after its successor was listed"
    assert decode_members(encode_members(made_of_both)) == made_of_both


def test_nothing_said_leaves_the_list_as_it_was_signed() -> None:
    assert apply_changes(BASE, no_changes(BASE)) == BASE
    assert decode_changes(encode_changes(no_changes(BASE))) == no_changes(BASE)


@pytest.mark.parametrize("purposes", [*((one,) for one in Purpose), tuple(Purpose)])
def test_a_member_replaces_keys_and_the_former_ones_end(purposes: tuple[Purpose, ...]) -> None:
    old = story.KEYS[HOME]
    new = with_purposes(old, made("next"), *purposes)
    after = apply_changes(BASE, listed(no_changes(BASE), statement(BASE, new, NOW, old)))
    keys = member(after).keys
    for purpose in SIGNING:
        for held in (old, new):
            assert find_key(keys, purpose, NOW, held.key_id(purpose)), "both count in the overlap"
        former = next(key for key in keys if key.key_id == old.key_id(purpose))
        replaced = purpose in purposes
        assert (former.not_after == timestamp(NOW + OVERLAP)) is replaced
        # What it signed in its time it goes on verifying, for ever.
        assert find_key(keys, purpose, NOW - DAY, old.key_id(purpose))
        if replaced:
            with pytest.raises(StaleMessage):
                find_key(keys, purpose, NOW + OVERLAP, old.key_id(purpose))
    assert find_sealing_key(keys, NOW).key_id == new.key_id(Purpose.SEALING)
    rest = [(one, other) for one, other in zip(BASE.members, after.members, strict=True) if one.id != HOME]
    assert all(one == other for one, other in rest)


def test_a_stranger_gives_nobody_keys() -> None:
    thief = made("thief")
    with pytest.raises(UnknownKey):
        listed(no_changes(BASE), statement(BASE, thief, NOW))
    with pytest.raises(BadSignature):
        listed(no_changes(BASE), statement(BASE, thief, NOW, made("another")))
    forged = decode(statement(BASE, thief, NOW, story.KEYS[HOME]), SignedJoinRequest)
    without = replace(forged, signatures=forged.signatures[:4])
    with pytest.raises(UnknownKey):
        listed(no_changes(BASE), encode(without))


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Mission emploi de Vichy"},
        {"role": "employer"},
        {"base_url": "https://elsewhere.example"},
        {"commune": "03310"},
        {"epoch": 2},
    ],
)
def test_nothing_but_keys_changes_by_a_statement(changed: dict[str, Any]) -> None:
    new = with_purposes(story.KEYS[HOME], made("next"), Purpose.HTTP)
    with pytest.raises(MalformedMessage, match="more than the keys"):
        listed(no_changes(BASE), statement(BASE, new, NOW, **changed))


def test_a_listed_key_gets_no_other_window_and_a_new_one_no_past() -> None:
    old = story.KEYS[HOME]
    new = with_purposes(old, made("next"), Purpose.HTTP)
    asked = decode(statement(BASE, new, NOW), SignedJoinRequest).request
    longer = [
        key if key.purpose is Purpose.HTTP else replace(key, not_after="2099-01-01T00:00:00Z") for key in asked.keys
    ]
    with pytest.raises(MalformedMessage, match="another window"):
        listed(no_changes(BASE), sign(replace(asked, keys=longer), new, old))
    begins = timestamp(NOW - BEGINS_BEFORE - timedelta(seconds=1))
    earlier = [replace(key, not_before=begins) if key.purpose is Purpose.HTTP else key for key in asked.keys]
    with pytest.raises(StaleMessage, match="before it was listed"):
        listed(no_changes(BASE), sign(replace(asked, keys=earlier), new, old))
    with pytest.raises(MalformedMessage, match="no new key"):
        listed(no_changes(BASE), statement(BASE, old, NOW))


def test_a_key_that_has_ended_lists_no_other() -> None:
    old = story.KEYS[HOME]
    for moment in (story.NOT_AFTER, story.NOT_AFTER + YEAR):
        with pytest.raises(UnknownKey):
            listed(no_changes(BASE), statement(BASE, made("next"), moment, old), moment)


def test_the_key_that_a_rotation_retired_lists_no_other() -> None:
    """Whoever finds the former keys when their overlap is over cannot use them, in any order of statements."""
    old, second, thief = story.KEYS[HOME], made("second"), made("thief")
    changes = listed(no_changes(BASE), statement(BASE, second, NOW, old))
    later = NOW + OVERLAP
    now_listed = apply_changes(BASE, changes)
    stolen = statement(now_listed, thief, later, old)
    with pytest.raises((UnknownKey, BadSignature)):
        listed(changes, stolen, later)
    # Put in the place of the statement that retired them: then they are still valid at that moment, and only the
    # readers' memory helps (`federation.membership.directory.keep_members`).
    assert member(apply_changes(BASE, listed(no_changes(BASE), stolen, later)))


def test_statements_of_years_are_applied_in_their_order() -> None:
    changes, keys, at = no_changes(BASE), story.KEYS[HOME], NOW
    for number in range(6):
        new = with_purposes(keys, made(f"year {number}"), Purpose.HTTP, Purpose.SEALING)
        changes = listed(changes, statement(apply_changes(BASE, changes), new, at, keys), at)
        keys, at = new, at + timedelta(days=20)
    home = member(apply_changes(BASE, changes))
    assert sum(key.purpose is Purpose.HTTP for key in home.keys) == 7, "every signing key stays"
    sealing = [key for key in home.keys if key.purpose is Purpose.SEALING]
    assert len(sealing) == 4, "one in force, and those replaced in the last 45 days"
    entry = next(one for one in changes.members if one.id == HOME)
    swapped = replace(changes, members=[replace(entry, keys=entry.keys[::-1])])
    with pytest.raises(ProtocolError):
        apply_changes(BASE, swapped)
    missing = replace(changes, members=[replace(entry, keys=entry.keys[1:])])
    with pytest.raises(ProtocolError):
        apply_changes(BASE, missing)


def test_monthly_sealing_keys_do_not_add_up() -> None:
    changes, keys, at = no_changes(BASE), story.KEYS[HOME], NOW
    for number in range(11):
        keys = with_purposes(keys, made(f"month {number}"), Purpose.SEALING)
        changes = listed(changes, statement(apply_changes(BASE, changes), keys, at), at)
        assert find_sealing_key(member(apply_changes(BASE, changes)).keys, at).key_id == keys.key_id(Purpose.SEALING)
        at += timedelta(days=30)
    (entry,) = changes.members
    assert len(entry.keys) == 1
    assert changes.version == BASE.version + 11
    rotated = with_purposes(keys, made("http"), Purpose.HTTP)
    changes = listed(changes, statement(apply_changes(BASE, changes), rotated, at), at)
    assert len(changes.members[0].keys) == 2, "a signing key is never left out"


def test_a_sealing_key_that_was_replaced_is_listed_until_its_last_second() -> None:
    oldest, present, new = (
        next(key for key in made(name).public_keys(NOW - age, NOW + YEAR) if key.purpose is Purpose.SEALING)
        for name, age in (("oldest", 90 * DAY), ("present", 60 * DAY), ("new", 0 * DAY))
    )
    held = replace(oldest, not_after=timestamp(NOW + timedelta(seconds=1)))
    assert held in with_retired([held, present], [new], NOW)
    ended = replace(oldest, not_after=timestamp(NOW))
    assert [key.key_id for key in with_retired([ended, present], [new], NOW)] == [new.key_id, present.key_id]


def test_statements_have_an_end_between_two_signings() -> None:
    changes, keys, at = no_changes(BASE), story.KEYS[HOME], NOW
    for number in range(MAX_KEY_CHANGES):
        keys, former = with_purposes(keys, made(f"http {number}"), Purpose.HTTP), keys
        changes = listed(changes, statement(apply_changes(BASE, changes), keys, at, former), at)
        at += DAY
    last = with_purposes(keys, made("one more"), Purpose.HTTP)
    with pytest.raises(StaleMessage, match="too many"):
        listed(changes, statement(apply_changes(BASE, changes), last, at, keys), at)
    assert decode_changes(encode_changes(changes)) == changes


def test_a_suspension_is_all_that_the_role_decides() -> None:
    changes = with_suspension(BASE, no_changes(BASE), HOME, NOW)
    suspended = apply_changes(BASE, changes)
    assert member(suspended) == replace(member(), status="suspended")
    assert with_suspension(BASE, changes, HOME, NOW + DAY) is changes
    with pytest.raises(MalformedMessage):
        with_suspension(BASE, changes, "lormont.emploi.example", NOW)
    signed = replace(suspended, version=9)
    with pytest.raises(MalformedMessage, match="no active member"):
        with_suspension(signed, no_changes(signed), HOME, NOW)
    with pytest.raises(MalformedMessage, match="no active member"):
        listed(no_changes(signed), statement(BASE, made("x"), NOW, story.KEYS[HOME]), NOW, signed)


@pytest.mark.parametrize(
    "wrong",
    [
        {"network": "Another"},
        {"base": 2},
        {"base": 4},
    ],
)
def test_changes_of_another_list_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ProofMismatch):
        apply_changes(BASE, replace(story.CHANGES, **wrong))


def test_changes_of_who_is_no_active_member_are_refused() -> None:
    """Suspended in the list that was signed, or not in it: the online role brings nobody back."""
    others = [one for one in BASE.members if one.id != HOME]
    suspended = sorted([*others, replace(member(), status="suspended")], key=lambda one: one.id)
    for members in (suspended, others):
        with pytest.raises(MalformedMessage, match="no active member"):
            apply_changes(replace(BASE, members=members), story.CHANGES)


def test_malformed_changes_are_refused() -> None:
    first, second = story.CHANGES.members
    wrong = [
        replace(story.CHANGES, members=[second, first]),
        replace(story.CHANGES, members=[first, first]),
        replace(story.CHANGES, members=[MemberChanges(id=HOME, keys=[], suspended="")]),
        replace(story.CHANGES, version=BASE.version + 1),
        replace(story.CHANGES, version=BASE.version + MAX_AHEAD + 1),
        replace(story.CHANGES, version=BASE.version + 1, members=[]),
        replace(story.CHANGES, version=BASE.version - 1, members=[]),
    ]
    for one in wrong:
        with pytest.raises(MalformedMessage):
            decode_changes(encode_changes(one))
    for version in (BASE.version + 2, BASE.version + MAX_AHEAD):
        assert decode_changes(encode_changes(replace(story.CHANGES, version=version)))


@given(st.integers(-3, 60), st.integers(-40, 40), st.booleans())
def test_when_it_may_be_listed(days: int, delay: int, both: bool) -> None:
    """Whatever is listed was signed by a key valid then, not before the list was signed, at most 30 days earlier."""
    at = NOW + timedelta(days=days)
    moment = at + timedelta(days=delay)
    old, new = story.KEYS[HOME], made("next")
    keys = new if both else with_purposes(old, new, Purpose.SEALING)
    fits = parse_timestamp(BASE.issued) <= moment and 0 <= delay <= 30
    begun = delay == 0
    try:
        changes = listed(no_changes(BASE), statement(BASE, keys, at, old), moment)
    except ProtocolError:
        assert not (fits and begun)
    else:
        assert fits and begun
        assert apply_changes(BASE, changes).version == BASE.version + 1


class TestRetiring:
    """Properties of what is left listed, over any rhythm of rotations."""

    @given(st.lists(st.tuples(st.integers(0, 25), st.sampled_from([*Purpose])), min_size=1, max_size=12))
    def test_over_any_rhythm(self, steps: list[tuple[int, Purpose]]) -> None:
        members, keys, at = BASE, story.KEYS[HOME], NOW
        ends: dict[str, str] = {}
        for number, (days, purpose) in enumerate(steps):
            at += timedelta(days=days, hours=1)
            new = with_purposes(keys, made(f"{number}"), purpose)
            changes = listed(no_changes(members), statement(members, new, at, keys), at, members)
            after = apply_changes(members, changes)
            assert _signing_ids(member(members)) <= _signing_ids(member(after))
            for key in member(after).keys:
                if key.key_id in ends:
                    assert key.not_after <= ends[key.key_id], "an end is never put off"
                if key.purpose is Purpose.SEALING and key.key_id != new.key_id(Purpose.SEALING):
                    assert timestamp(at) < key.not_after <= timestamp(at + SEALING_KEPT)
                    ends[key.key_id] = key.not_after
                elif key.key_id not in {k.key_id for k in new.public_keys(at, at + DAY)}:
                    ends[key.key_id] = key.not_after
            for one in Purpose:
                valid = [
                    k for k in member(after).keys if k.purpose is one and k.not_before <= timestamp(at) < k.not_after
                ]
                assert valid, "each purpose has a key that is valid"
            assert decode_members(encode_members(after)) == after
            assert all(one.id < other.id for one, other in pairwise(after.members))
            members, keys = after, new


def _signing_ids(one: Member) -> set[str]:
    return {key.key_id for key in one.keys if key.purpose in SIGNING}


@given(st.data())
def test_one_changed_byte_is_refused_or_says_the_same(data: st.DataObject) -> None:
    """Whoever alters what the role signed (holding its key) makes no list with other keys of a member."""
    encoded = encode_changes(story.CHANGES)
    at = data.draw(st.integers(0, len(encoded) - 1))
    changed = encoded[:at] + bytes([encoded[at] ^ data.draw(st.integers(1, 255))]) + encoded[at + 1 :]
    try:
        after = apply_changes(BASE, decode_changes(changed))
    except ProtocolError:
        return
    genuine = apply_changes(BASE, story.CHANGES)
    for one, other in zip(after.members, genuine.members, strict=True):
        assert {_of(key) for key in one.keys} == {_of(key) for key in other.keys}


def _of(key: PublicKey) -> tuple[str, str, str]:
    """A key but for its end, which follows from the moment at which the coordinator says that it listed the next."""
    return (key.key_id, key.public, key.not_before)


def test_a_change_is_read_as_it_was_written() -> None:
    change = KeyChange(listed=timestamp(NOW), request=story.KEY_STATEMENT)
    assert decode(encode(change), KeyChange) == change
