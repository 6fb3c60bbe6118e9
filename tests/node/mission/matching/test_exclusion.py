"""Why somebody is not among an offer's people: the true reason, and only one."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.mission.matching.exclusion import Exclusion, exclusion, say_exclusion
from node.mission.matching.match import match_pair
from node.mission.offers.offer import OfferState
from node.mission.people.candidate import CandidateState
from node.referential import load
from tests.node.conftest import french
from tests.node.mission.crowds import Crowd
from tests.node.mission.samples import BAYONNE, TODAY, candidate, offer, site

REFERENTIAL = load()
HOME = "montlucon.emploi.example"


@pytest.mark.parametrize(
    ("who", "asked", "home", "why", "said"),
    [
        ({}, {}, "", None, ""),
        ({"consents": ()}, {}, HOME, None, ""),
        ({}, {"state": OfferState.CLOSED}, "", Exclusion.CLOSED, "offre fermée"),
        ({}, {"closes": TODAY - timedelta(days=1)}, "", Exclusion.CLOSED, "offre fermée"),
        (
            {"state": CandidateState.PLACED},
            {},
            "",
            Exclusion.NOT_LOOKING,
            "pas en recherche en ce moment : en poste",
        ),
        (
            {"state": CandidateState.LIMITED, "commune": BAYONNE},
            {},
            HOME,
            Exclusion.NOT_LOOKING,
            "pas en recherche en ce moment : dossier en pause à sa demande",
        ),
        (
            {"consents": ()},
            {},
            "",
            Exclusion.NO_AGREEMENT,
            "offre d'une autre ville, et aucun accord ne la couvre",
        ),
        ({}, {"rome": "J1501"}, "", Exclusion.OTHER_OCCUPATION, "cherche un autre métier"),
        (
            {"mobility_km": 20},
            {"sites": (site(BAYONNE),)},
            "",
            Exclusion.TOO_FAR,
            "451 km : au-delà de son rayon de 20 km et de ce qui peut se demander",
        ),
        ({}, {"sites": ()}, "", Exclusion.TOO_FAR, "l'offre ne dit pas où"),
    ],
)
def test_the_true_reason(
    who: dict[str, Any], asked: dict[str, Any], home: str, why: Exclusion | None, said: str
) -> None:
    person, wanted = candidate(**who), offer(**asked)
    assert exclusion(person, wanted, REFERENTIAL, TODAY, home) is why
    if why is not None:
        assert french(say_exclusion(why, person, wanted, REFERENTIAL.communes)) == said


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["", HOME]))
def test_nothing_excludes_whoever_matches_and_something_whoever_does_not(seed: int, home: str) -> None:
    crowd = Crowd(REFERENTIAL, seed, occupations=4, communes=60)
    town = crowd.random.choice(REFERENTIAL.communes.largest(200))
    people, offers = crowd.candidates(6, town, radius_km=60), crowd.offers(12)
    for person in people:
        for wanted in offers:
            match = match_pair(person, wanted, REFERENTIAL, TODAY, home)
            assert (exclusion(person, wanted, REFERENTIAL, TODAY, home) is None) is (match is not None)
