"""Who fits an offer, and what is said of it: Montluçon and its neighbours."""

from datetime import timedelta
from typing import Any

import pytest

from node.mission.agreements.consent import ConsentScope
from node.mission.matching.match import Lack, Match, match_pair
from node.mission.matching.mobility import Reach
from node.mission.matching.seeker import Relation
from node.mission.offers.offer import Need, OfferState
from node.mission.people.candidate import CandidateState, Experience
from node.mission.terms import Contract
from node.referential import load
from tests.node.mission.samples import (
    ANGLET,
    BAYONNE,
    DESERTINES,
    DOMERAT,
    DRANCY,
    MONTLUCON,
    NOW,
    TODAY,
    candidate,
    network_consent,
    offer,
    site,
)

REFERENTIAL = load()


def match(who: dict[str, Any] | None = None, **asked: Any) -> Match | None:
    return match_pair(candidate(**(who or {})), offer(**asked), REFERENTIAL, TODAY)


def found(who: dict[str, Any] | None = None, **asked: Any) -> Match:
    answer = match(who, **asked)
    assert answer is not None
    assert answer.score == sum(answer.explanation.points)
    return answer


def test_a_perfect_match_next_door_has_every_point() -> None:
    perfect = found()
    assert perfect.score == 1000
    assert perfect.lacks == ()
    assert perfect.explanation.relation is Relation.SAME
    assert perfect.explanation.trip.reach is Reach.WITHIN


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        ({"state": CandidateState.PLACED}, {}),
        ({"consents": ()}, {}),
        ({"consents": (network_consent(scope=ConsentScope.KEEP),)}, {}),
        ({"consents": (network_consent(withdrawn_at=NOW),)}, {}),
        ({"consents": (network_consent(until=TODAY - timedelta(days=1)),)}, {}),
        ({}, {"state": OfferState.CLOSED}),
        ({}, {"closes": TODAY - timedelta(days=1)}),
        ({}, {"rome": "J1501"}),
        ({}, {"sites": (site(BAYONNE),)}),
        ({}, {"sites": ()}),
    ],
)
def test_what_excludes(who: dict[str, Any], asked: dict[str, Any]) -> None:
    assert match(who, **asked) is None


def test_an_agreement_for_one_offer_shows_that_offer_alone() -> None:
    named = network_consent(scope=ConsentScope.OFFER, offer=offer(1).key)
    assert match({"consents": (named,)}) is not None
    assert match_pair(candidate(consents=(named,)), offer(2), REFERENTIAL, TODAY) is None


def test_a_cv_that_is_not_ready_yet_still_shows_its_chances() -> None:
    assert found({"readiness": None}).score == 1000


def test_an_occupation_is_the_same_near_or_of_the_domain() -> None:
    mover = next(code for code in REFERENTIAL.occupations.codes() if REFERENTIAL.occupations.related(code))
    near = REFERENTIAL.occupations.related(mover)[0]
    seeks = {"occupations": (Experience(rome=mover, months=24),)}
    same, moving = found(seeks, rome=mover), found(seeks, rome=near)
    assert (same.explanation.relation, same.explanation.experience_months) == (Relation.SAME, 24)
    assert (moving.explanation.relation, moving.explanation.through) == (Relation.MOBILITY, mover)
    assert moving.explanation.experience_months == 12
    unknown = found({"occupations": (Experience(rome="N1199", months=0),)})
    assert unknown.explanation.relation is Relation.DOMAIN
    assert same.score > moving.score > unknown.score


def test_the_best_of_several_occupations_counts_and_then_the_most_months() -> None:
    several = tuple(Experience(rome=rome, months=months) for rome, months in (("N1198", 5), ("N1197", 40)))
    assert found({"occupations": several}).explanation.through == "N1197"
    with_same = (*several, Experience(rome="N1103", months=1))
    assert found({"occupations": with_same}).explanation.through == "N1103"


def test_a_missing_skill_is_the_beginning_of_a_training() -> None:
    skills = (("900016", Need.REQUIRED), ("900004", Need.REQUIRED), ("900007", Need.WISHED))
    lacking = found({"skills": frozenset({"900016"})}, skills=skills)
    assert lacking.lacks_only is Lack.SKILLS
    assert lacking.training == ("900004",)
    assert lacking.explanation.skills_covered == ("900016",)
    assert lacking.explanation.wished_missing == ("900007",)
    assert lacking.explanation.points.skills == 100
    full = found({"skills": frozenset({"900016", "900004", "900007"})}, skills=skills)
    assert (full.training, full.score) == ((), 1000)
    two_things = found({"skills": frozenset()}, skills=skills, licences=frozenset({"C"}))
    assert two_things.lacks == (Lack.SKILLS, Lack.LICENCE)
    assert (two_things.lacks_only, two_things.training) == (None, ())


@pytest.mark.parametrize(
    ("who", "commune", "reach"),
    [
        ({"mobility_km": 10}, DOMERAT, Reach.WITHIN),
        ({"mobility_km": 2}, DOMERAT, Reach.TOO_FAR),
        ({"mobility_km": 0}, MONTLUCON, Reach.WITHIN),
        ({"places": frozenset({BAYONNE})}, BAYONNE, Reach.ACCEPTED),
        ({"places": frozenset({"75056"})}, "75111", Reach.ACCEPTED),
        ({"relocates": True}, BAYONNE, Reach.RELOCATES),
        ({"relocates": True}, DOMERAT, Reach.WITHIN),
        ({"commune": "99999"}, MONTLUCON, Reach.UNKNOWN),
        ({"commune": "99999"}, "99999", Reach.WITHIN),
        ({}, "99999", Reach.UNKNOWN),
    ],
)
def test_reach(who: dict[str, Any], commune: str, reach: Reach) -> None:
    trip = found(who, sites=(site(commune),)).explanation.trip
    assert trip.reach is reach
    assert (trip.beyond_km > 0) is (reach is Reach.TOO_FAR)
    assert (trip.km is None) is (reach is Reach.UNKNOWN)


def test_a_site_too_far_says_by_how_much() -> None:
    far = found({"mobility_km": 2}, sites=(site(DOMERAT),))
    assert far.lacks_only is Lack.DISTANCE
    assert far.explanation.trip.km == pytest.approx(5.7, abs=0.6)
    assert far.explanation.trip.beyond_km == pytest.approx(3.7, abs=0.6)


def test_a_campaign_is_matched_at_its_nearest_site() -> None:
    sites = tuple(site(c, identifier=c) for c in (DRANCY, DOMERAT, DESERTINES, ANGLET))
    assert found(sites=sites).site_id == DESERTINES
    assert found({"commune": BAYONNE}, sites=sites).site_id == ANGLET
    twins = (site(DOMERAT, identifier="b"), site(DOMERAT, identifier="a"))
    assert found(sites=twins).site_id == "b"


@pytest.mark.parametrize(
    ("asked", "months", "points", "lacks"),
    [
        ({"experience": "D", "experience_months": 24}, 0, 80, ()),
        ({"experience": "S", "experience_months": 24}, 6, 20, ()),
        ({"experience": "E", "experience_months": 24}, 6, 20, (Lack.EXPERIENCE,)),
        ({"experience": "E", "experience_months": 24}, 24, 80, ()),
        ({"experience": "E", "experience_months": 0}, 0, 0, (Lack.EXPERIENCE,)),
        ({"experience": "E", "experience_months": 0}, 1, 80, ()),
    ],
)
def test_experience(asked: dict[str, Any], months: int, points: int, lacks: tuple[Lack, ...]) -> None:
    worked = found({"occupations": (Experience(rome="N1103", months=months),)}, **asked)
    assert worked.explanation.points.experience == points
    assert worked.lacks == lacks


@pytest.mark.parametrize(
    ("held", "asked", "points", "lacks"),
    [(0, 0, 40, ()), (0, 6, 20, ()), (6, 3, 40, ()), (5, 3, 20, (Lack.QUALIFICATION,)), (9, 1, 40, ()),
     (1, 8, 0, (Lack.QUALIFICATION,)), (5, 4, 0, (Lack.QUALIFICATION,))],
)  # fmt: skip
def test_qualification_by_rank_not_by_code(held: int, asked: int, points: int, lacks: tuple[Lack, ...]) -> None:
    answer = found({"qualification": held}, qualification=asked)
    assert (answer.explanation.points.qualification, answer.lacks) == (points, lacks)


def test_contract_licence_and_language() -> None:
    asked = {"contract": Contract.CDD, "licences": frozenset({"B"}), "languages": (("en", "B1"), ("fr", "A2"))}
    lacking = found({"contracts": frozenset({"CDI"}), "languages": (("en", "A2"), ("fr", "C2"))}, **asked)
    assert lacking.lacks == (Lack.CONTRACT, Lack.LICENCE, Lack.LANGUAGE)
    assert lacking.explanation.licences_missing == ("B",)
    assert lacking.explanation.languages_missing == (("en", "B1"),)
    fits = {"licences": frozenset({"C"}), "languages": (("en", "B2"), ("fr", "A2"))}
    assert found(fits, **asked).score == 1000


def test_readability_of_one_explanation() -> None:
    """A counsellor reads points that add up, criterion by criterion."""
    answer = found({"skills": frozenset()}, skills=(("900016", Need.REQUIRED),), sites=(site(DOMERAT),))
    points = answer.explanation.points._asdict()
    assert sum(points.values()) == answer.score
    assert points["skills"] == 50
    assert 100 <= points["distance"] < 150
