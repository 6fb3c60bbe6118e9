"""A match told to its person: the counsellor's sentences, in the second person."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.mission.matching.match import match_pair
from node.mission.matching.own_words import tell_own
from node.mission.matching.telling import tell
from node.mission.people.candidate import Hours
from node.referential import load
from tests.node.conftest import french
from tests.node.mission.crowds import Crowd
from tests.node.mission.samples import BAYONNE, DOMERAT, MONTLUCON, TODAY, candidate, offer, site

REFERENTIAL = load()


def told(who: dict[str, Any] | None = None, **asked: Any) -> dict[str, str]:
    person, wanted = candidate(**(who or {})), offer(**asked)
    match = match_pair(person, wanted, REFERENTIAL, TODAY)
    assert match is not None
    return {one.criterion.value: french(one.text) for one in tell_own(match, person, wanted, REFERENTIAL)}


def test_what_the_person_wishes_is_said_to_them() -> None:
    assert told() == {
        "occupation": "vous cherchez ce métier",
        "distance": "dans votre ville",
        "experience": "débutant accepté",
        "contract": "Contrat à durée indéterminée : tous les contrats vous vont",
    }


@pytest.mark.parametrize(
    ("who", "commune", "sentence"),
    [
        ({"mobility_km": 10}, DOMERAT, "km de votre ville : vous allez jusqu'à 10 km"),
        ({"mobility_km": 2}, DOMERAT, "km de votre ville : vous avez dit 2 km au plus"),
        ({"mobility_km": 2, "relocates": True}, BAYONNE, "km : vous êtes d'accord pour déménager"),
        ({"mobility_km": 2, "places": frozenset({DOMERAT})}, DOMERAT, "km : vous êtes d'accord pour y travailler"),
        ({"commune": ""}, MONTLUCON, "distance inconnue"),
    ],
)
def test_the_way_there(who: dict[str, Any], commune: str, sentence: str) -> None:
    assert sentence in told(who, sites=(site(commune),))["distance"]


def test_contract_and_hours_are_as_one_wishes_or_not() -> None:
    wish = {"contracts": frozenset({"CDI"}), "hours": Hours.FULL}
    said = told(wish, hours=35 * 60)
    assert said["contract"] == "Contrat à durée indéterminée, comme vous voulez"
    assert said["hours"] == "35 h par semaine, comme vous voulez"
    said = told(wish, hours=20 * 60, contract="CDD")
    assert said["contract"] == "Contrat à durée déterminée : vous voulez un autre contrat"
    assert said["hours"] == "20 h par semaine : vous voulez un autre temps de travail"


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_the_same_things_are_said_as_to_the_counsellor(seed: int) -> None:
    crowd = Crowd(REFERENTIAL, seed, occupations=3, communes=30)
    town = crowd.random.choice(REFERENTIAL.communes.largest(200))
    for person in crowd.candidates(4, town, radius_km=60):
        for wanted in crowd.offers(10):
            match = match_pair(person, wanted, REFERENTIAL, TODAY)
            if match is None:
                continue
            theirs, own = tell(match, person, wanted, REFERENTIAL), tell_own(match, person, wanted, REFERENTIAL)
            assert [(one.criterion, one.ok, one.next_step) for one in own] == [
                (one.criterion, one.ok, one.next_step) for one in theirs
            ]
            assert all(one.text for one in own)
