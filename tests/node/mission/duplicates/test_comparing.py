"""Two entries, one person? Typing errors, families behind one address, one association's telephone."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.mission.duplicates.comparing import (
    SHOWN_FROM,
    Clue,
    compare_people,
    find_alike,
    fold_person,
    plainly_same,
    typing_errors,
)
from node.mission.people.identity import Identity, fold_name, phone_key

ZOULIKHA = Identity(
    id="1",
    reference="2026-00001",
    first_name="Zoulikha",
    last_name="Benmansour",
    email="famille.benmansour@courriel.example",
    phone="06 12 34 56 78",
    birth_date=date(1981, 4, 3),
)


def other(**changes: object) -> Identity:
    bare: dict[str, object] = {"id": "2", "reference": "2026-00002", "email": "", "phone": "", "birth_date": None}
    return replace(ZOULIKHA, **bare | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "clues"),
    [
        ({}, [Clue.SAME_NAME]),
        ({"first_name": "ZOULIKHA", "last_name": "Bén-mansour"}, [Clue.CLOSE_NAME]),
        ({"first_name": "Benmansour", "last_name": "Zoulikha"}, [Clue.SWAPPED_NAME]),
        ({"first_name": "Zoulika", "last_name": "Benmansuor"}, [Clue.CLOSE_NAME]),
        ({"first_name": "Z."}, [Clue.CLOSE_NAME]),
        ({"last_name": "Benmansour Saïdi"}, [Clue.CLOSE_NAME]),
        ({"phone": "+33 6 12 34 56 78", "first_name": ""}, [Clue.SAME_LAST_NAME, Clue.SAME_PHONE]),
        ({"email": "Famille.Benmansour@courriel.example"}, [Clue.SAME_NAME, Clue.SAME_EMAIL]),
        ({"birth_date": date(1981, 4, 3)}, [Clue.SAME_NAME, Clue.SAME_BIRTH_DATE]),
    ],
)
def test_what_is_shown(changes: dict[str, object], clues: list[Clue]) -> None:
    found = compare_people(ZOULIKHA, other(**changes))
    assert list(found.clues) == clues
    assert found.percent >= SHOWN_FROM
    assert found.sentence


@pytest.mark.parametrize(
    "changes",
    [
        {"first_name": "Karim"},
        {"first_name": "Karim", "birth_date": date(1981, 4, 3)} | {"last_name": "Petit"},
        {"first_name": "Karim", "last_name": "Petit", "phone": "0612345678"},
        {"birth_date": date(2004, 1, 9)},
    ],
)
def test_what_is_not_shown(changes: dict[str, object]) -> None:
    assert compare_people(ZOULIKHA, other(**changes)).percent < SHOWN_FROM


def test_a_family_behind_one_address_is_told_apart() -> None:
    brother = other(first_name="Karim", email=ZOULIKHA.email)
    found = compare_people(ZOULIKHA, brother)
    assert found.clues == (Clue.SAME_LAST_NAME, Clue.SAME_EMAIL, Clue.OTHER_FIRST_NAME)
    assert found.percent == SHOWN_FROM < compare_people(ZOULIKHA, other(email=ZOULIKHA.email)).percent
    assert not plainly_same(ZOULIKHA, brother)
    assert plainly_same(ZOULIKHA, other(email=ZOULIKHA.email))
    assert not plainly_same(ZOULIKHA, other())


def test_names_in_other_scripts_are_names() -> None:
    arabic = other(first_name="زليخة", last_name="بن منصور")
    assert compare_people(arabic, replace(arabic, id="3")).clues == (Clue.SAME_NAME,)
    assert compare_people(arabic, other(first_name="علي", last_name="حسن")).percent == 0
    assert fold_name("Ngọc  d'Étrée") == "ngoc d etree"


def test_nothing_is_like_nothing() -> None:
    nobody = Identity(id="a")
    assert compare_people(nobody, Identity(id="b")).percent == 0


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("04.70.00-00 00", "+33470000000"),
        ("+33 (0)4 70 00 00 00", "+33470000000"),
        ("0033470000000", "+33470000000"),
        ("0692 12 34 56", "+262692123456"),
        ("061 234 567", "061234567"),
        ("12", ""),
    ],
)
def test_telephone_numbers(text: str, key: str) -> None:
    assert phone_key(text) == key


def test_the_most_alike_come_first_and_the_person_is_left_out() -> None:
    close, same = other(first_name="Zoulika", id="3"), other(phone=ZOULIKHA.phone)
    others = map(fold_person, (close, ZOULIKHA, same, other(first_name="Karim", id="4")))
    assert [pair.other.id for pair in find_alike(fold_person(ZOULIKHA), others)] == ["2", "3"]


_NAMES = st.sampled_from(["Amina", "Amine", "Anima", "Bruno", "Jean", "Jean Pierre", "J", "Zoulikha", "Zoulika", ""])
_LASTS = st.sampled_from(["Benmansour", "Benmansur", "Petit", "Petti", "De Sa", "Desa", ""])
_people = st.lists(
    st.builds(
        Identity,
        id=st.uuids().map(str),
        first_name=_NAMES,
        last_name=_LASTS,
        email=st.sampled_from(["", "a@b.fr", "A@b.fr", "c@d.fr"]),
        phone=st.sampled_from(["", "0612345678", "+33612345678", "0700000000"]),
        birth_date=st.sampled_from([None, date(1980, 1, 1), date(1990, 2, 2)]),
    ),
    max_size=12,
)


@given(_people)
def test_likeness_is_symmetric_and_bounded(people: list[Identity]) -> None:
    for one, two in combinations(people, 2):
        found, back = compare_people(one, two), compare_people(two, one)
        assert found == back
        assert 0 <= found.percent <= 100


def _slow(one: str, two: str) -> int:
    """Optimal string alignment, as it is defined."""
    if not one or not two:
        return len(one) + len(two)
    cost = min(_slow(one[:-1], two) + 1, _slow(one, two[:-1]) + 1, _slow(one[:-1], two[:-1]) + (one[-1] != two[-1]))
    if len(one) > 1 and len(two) > 1 and one[-1] == two[-2] and one[-2] == two[-1]:
        cost = min(cost, _slow(one[:-2], two[:-2]) + 1)
    return cost


@given(st.text("abc", max_size=5), st.text("abc", max_size=5), st.integers(0, 3))
def test_errors_are_counted_as_defined(one: str, two: str, most: int) -> None:
    wanted = _slow(one, two)
    assert typing_errors(one, two, most) == (wanted if wanted <= most else None)
