"""A whole register's likenesses: what is kept from one look to the next changes no answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from node.mission.duplicates.comparing import SHOWN_FROM, compare_people
from node.mission.duplicates.likenesses import CROWD, Likenesses
from node.mission.people.identity import Identity

_people = st.lists(
    st.builds(
        Identity,
        id=st.sampled_from("abcdefghijkl"),
        reference=st.sampled_from(["2026-1", "2026-2", "2026-3"]),
        first_name=st.sampled_from(
            ["Amina", "Amine", "Anima", "Bruno", "Jean", "Jean Pierre", "J", "Zoulikha", "Zoulika", ""]
        ),
        last_name=st.sampled_from(["Benmansour", "Benmansur", "Petit", "Petti", "De Sa", "Desa", ""]),
        email=st.sampled_from(["", "a@b.fr", "A@b.fr", "c@d.fr"]),
        phone=st.sampled_from(["", "0612345678", "+33612345678", "0700000000"]),
        birth_date=st.sampled_from([None, date(1980, 1, 1), date(1990, 2, 2)]),
    ),
    max_size=12,
    unique_by=lambda person: person.id,
)


def _ids(people: Sequence[Identity]) -> set[frozenset[str]]:
    return {frozenset((pair.one.id, pair.other.id)) for pair in Likenesses().pairs(people)}


@given(_people)
def test_no_pair_is_missed_that_comparing_everybody_finds(people: list[Identity]) -> None:
    assert _ids(people) == {
        frozenset((one.id, two.id))
        for one, two in combinations(people, 2)
        if compare_people(one, two).percent >= SHOWN_FROM
    }


@given(st.lists(_people, max_size=6), st.sampled_from([1, 2, 3, CROWD]))
def test_a_register_that_changes_is_seen_as_it_is(registers: list[list[Identity]], crowd: int) -> None:
    """People come, go, are corrected, merged and taken apart: an answer knows nothing of what was before, whatever is a
    crowd."""
    kept = Likenesses(crowd)
    for people in registers:
        assert kept.pairs(people) == Likenesses(crowd).pairs(people)
        assert all(kept.of(person, people) == Likenesses(crowd).of(person, people) for person in people)
    assert kept.pairs([]) == []


def test_a_second_look_compares_nobody_twice() -> None:
    one = Identity(id="1", reference="2026-1", first_name="Amina", last_name="Petit")
    two = replace(one, id="2", reference="2026-2")
    kept = Likenesses()
    [first], [second] = kept.pairs([two, one]), kept.pairs([one, two])
    assert (first.one, first.other) == (one, two)
    assert first.likeness is second.likeness
    [corrected] = kept.pairs([one, replace(two, first_name="Amine")])
    assert corrected.likeness.percent < first.likeness.percent


def test_nothing_is_like_nothing() -> None:
    named = Identity(id="c", first_name="Amina", last_name="Petit")
    assert Likenesses().pairs([Identity(id="a"), Identity(id="b"), named]) == []


def _crowd(size: int) -> list[Identity]:
    names = [sha256(bytes([n % 256, n // 256])).hexdigest() for n in range(size)]
    return [Identity(id=name, first_name=name[:12], last_name=name[12:24], phone="0470000000") for name in names]


def test_an_associations_telephone_does_not_compare_everybody_with_everybody() -> None:
    assert Likenesses().pairs(_crowd(300)) == []


def test_a_number_tells_people_apart_again_when_the_crowd_is_gone() -> None:
    people = _crowd(CROWD)
    people[3] = replace(people[3], first_name="Bruno", last_name="Petit")
    people[7] = replace(people[7], first_name="", last_name="Petit")
    more = [*people, Identity(id="more", first_name="Karim", last_name="Sow", phone="04 70 00 00 00")]
    kept = Likenesses()
    assert [len(kept.pairs(register)) for register in (people, more, people)] == [1, 0, 1]
