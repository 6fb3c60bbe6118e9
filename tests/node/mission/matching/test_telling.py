"""A match in sentences: what a counsellor reads of Montluçon's people and offers."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.kit.i18n import speaking
from node.mission.matching.match import MOST, Lack, Points, match_pair
from node.mission.matching.mobility import Reach
from node.mission.matching.seeker import Relation
from node.mission.matching.telling import (
    MatchCriterion,
    StepToTake,
    ToldLine,
    missing,
    next_told,
    said_km,
    tell,
)
from node.mission.offers.offer import Need
from node.mission.people.candidate import Experience, Hours
from node.referential import load
from tests.node.conftest import french
from tests.node.mission.crowds import Crowd
from tests.node.mission.samples import (
    BAYONNE,
    DOMERAT,
    MONTLUCON,
    TODAY,
    candidate,
    offer,
    site,
)

REFERENTIAL = load()
FORKLIFT_SKILL, DRIVING = REFERENTIAL.skills.for_occupation("N1103")[:2]


def told(who: dict[str, Any] | None = None, **asked: Any) -> dict[str, ToldLine]:
    """The sentences about Camille and an offer, by criterion."""
    person, wanted = candidate(**(who or {})), offer(**asked)
    match = match_pair(person, wanted, REFERENTIAL, TODAY)
    assert match is not None
    sentences = tell(match, person, wanted, REFERENTIAL)
    return {one.criterion.value: replace(one, text=french(one.text)) for one in sentences}


def test_a_full_match_says_what_fits_and_nothing_that_nobody_asked_for() -> None:
    said = told()
    assert {name: (one.ok, one.text) for name, one in said.items()} == {
        "occupation": (True, "métier recherché"),
        "distance": (True, "dans sa commune"),
        "experience": (True, "débutant accepté"),
        "contract": (True, "CDI ; tout contrat convient"),
    }
    assert next_told(tuple(said.values())) is None


def test_a_near_occupation_is_named_as_the_person_calls_it() -> None:
    mover = next(code for code in REFERENTIAL.occupations.codes() if REFERENTIAL.occupations.related(code))
    near = REFERENTIAL.occupations.related(mover)[0]
    seeks = (Experience(rome=mover, months=24, appellation="Magasinière"),)
    said = told({"occupations": seeks}, rome=near, experience="E", experience_months=24)
    assert (said["occupation"].ok, said["occupation"].text) == (None, "métier proche de « Magasinière »")
    assert said["experience"].text == "1 an d'expérience ; exigé : 2 ans (compté pour moitié : autre métier)"
    unknown = told({"occupations": (Experience(rome="N1199", months=0),)})
    assert unknown["occupation"].text == "même domaine que « N1199 »"


def test_missing_skills_are_named_with_a_training_to_be_found() -> None:
    skills = ((FORKLIFT_SKILL, Need.REQUIRED), (DRIVING, Need.REQUIRED), ("900007", Need.WISHED))
    said = told({"skills": frozenset({FORKLIFT_SKILL})}, skills=skills)
    label = REFERENTIAL.skills.label(DRIVING)
    assert said["skills"].text == f"1 compétence demandée sur 2 ; manque : {label}"
    assert (said["skills"].ok, said["skills"].next_step) == (False, StepToTake.TRAINING)
    assert said["wished"].ok is None and said["wished"].next_step is None
    full = told({"skills": frozenset(code for code, _need in skills)}, skills=skills)
    assert (full["skills"].text, full["wished"].text) == ("les 2 compétences demandées", "la compétence souhaitée")


@pytest.mark.parametrize(
    ("who", "commune", "ok", "text", "step"),
    [
        ({"mobility_km": 20}, DOMERAT, True, "5,7 km, dans son rayon de 20 km", None),
        ({"mobility_km": 2}, DOMERAT, False, "5,7 km : 3,7 km de trop", StepToTake.MOBILITY),
        ({"places": frozenset({BAYONNE})}, BAYONNE, True, "451 km, commune acceptée", None),
        ({"relocates": True}, BAYONNE, None, "451 km : accepte de déménager", None),
        ({"commune": "99999"}, MONTLUCON, None, "distance inconnue", StepToTake.ASK),
        ({"commune": "99999", "relocates": True}, MONTLUCON, None, "distance inconnue : accepte de déménager", None),
        ({"commune": "99999", "places": frozenset({MONTLUCON})}, MONTLUCON, True, "commune acceptée", None),
        ({"mobility_km": 30}, "03279", True, "environ 3,2 km, dans son rayon de 30 km", None),
    ],
)
def test_distance_is_always_said(
    who: dict[str, Any], commune: str, ok: bool | None, text: str, step: StepToTake | None
) -> None:
    said = told(who, sites=(site(commune),))["distance"]
    assert (said.ok, said.text, said.next_step) == (ok, text, step)


@pytest.mark.parametrize(
    ("asked", "months", "ok", "text"),
    [
        ({"experience": "E", "experience_months": 24}, 30, True, "30 mois d'expérience ; demandé : 2 ans"),
        ({"experience": "E", "experience_months": 24}, 6, False, "6 mois d'expérience ; exigé : 2 ans"),
        ({"experience": "E", "experience_months": 0}, 0, False, "sans expérience de ce métier ; exigé : 1 mois"),
        ({"experience": "S", "experience_months": 12}, 6, None, "6 mois d'expérience ; souhaité : 1 an"),
        ({"experience": "S", "experience_months": 12}, 0, None, "sans expérience de ce métier ; souhaité : 1 an"),
    ],
)
def test_experience(asked: dict[str, Any], months: int, ok: bool | None, text: str) -> None:
    said = told({"occupations": (Experience(rome="N1103", months=months),)}, **asked)["experience"]
    assert (said.ok, said.text) == (ok, text)
    assert said.next_step is (StepToTake.IMMERSION if ok is False else None)


def test_what_else_is_asked_for() -> None:
    asked: dict[str, Any] = {
        "qualification": 6,
        "contract": "CDD",
        "licences": frozenset({"B"}),
        "languages": (("en", "B1"), ("de", "A2")),
        "hours": 17 * 60 + 30,
    }
    lacking = told(
        {"qualification": 5, "contracts": frozenset({"CDI"}), "languages": (("en", "A2"),), "hours": Hours.FULL},
        **asked,
    )
    assert {name: one.text for name, one in lacking.items() if one.ok is not True} == {
        "qualification": "qualification inférieure à celle demandée : Employé qualifié",
        "contract": "CDD : pas le contrat souhaité",
        "licence": "il manque : permis B",
        "language": "il manque : anglais B1 (a A2), allemand A2",
        "hours": "17 h 30 par semaine ; souhaité : temps plein",
    }
    fits = told(
        {
            "qualification": 9,
            "contracts": frozenset({"CDD"}),
            "licences": frozenset({"C"}),
            "languages": (("en", "B1"), ("de", "C1")),
            "hours": Hours.PART,
        },
        **asked,
    )
    assert all(one.ok for one in fits.values())
    assert fits["hours"].text == "17 h 30 par semaine, comme souhaité"
    assert "hours" not in told({"hours": Hours.FULL}), "nothing is compared that one side does not say"
    unsaid = told(**asked)["qualification"]
    assert (unsaid.ok, unsaid.next_step) == (None, StepToTake.COMPLETE)


def test_a_contract_with_a_name_is_called_by_it_and_an_unknown_one_by_its_code() -> None:
    assert told(contract="SAI")["contract"].text == "Contrat saisonnier ; tout contrat convient"
    assert told({"contracts": frozenset({"CUI"})}, contract="CUI")["contract"].text == "CUI, comme souhaité"


def test_what_is_missing_comes_before_what_is_to_be_asked() -> None:
    said = tuple(told(qualification=6, licences=frozenset({"B"})).values())
    first = next_told(said)
    assert first is not None and first.criterion is MatchCriterion.LICENCE
    assert [one.criterion for one in missing(said)] == [MatchCriterion.LICENCE]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_every_lack_is_told_and_nothing_else_is_said_to_be_missing(seed: int) -> None:
    crowd = Crowd(REFERENTIAL, seed, occupations=3, communes=30)
    town = crowd.random.choice(REFERENTIAL.communes.largest(200))
    for person in crowd.candidates(4, town, radius_km=60):
        for wanted in crowd.offers(10):
            match = match_pair(person, wanted, REFERENTIAL, TODAY)
            if match is None:
                continue
            said = tell(match, person, wanted, REFERENTIAL)
            unknown = {Lack.DISTANCE} if match.explanation.trip.reach is Reach.UNKNOWN else set()
            assert {one.criterion.value for one in missing(said)} == set(match.lacks) - unknown
            assert all(one.next_step is not None for one in missing(said)), "each has something to be done"
            assert [one.criterion for one in said] == sorted(
                {one.criterion for one in said}, key=list(MatchCriterion).index
            )
            assert all(one.text and "{" not in one.text for one in said)


def test_each_code_has_its_sentence() -> None:
    """Every relation, reach and lack is told, in both languages; every criterion that counts has a name."""
    assert {*Points._fields} | {"wished", "hours"} == {one.value for one in MatchCriterion}
    assert {one.value for one in Lack} <= {one.value for one in MatchCriterion}
    sentences = {}
    for language in ("fr", "en"):
        with speaking(language):
            mover = next(code for code in REFERENTIAL.occupations.codes() if REFERENTIAL.occupations.related(code))
            near = REFERENTIAL.occupations.related(mover)[0]
            relations = {
                Relation.SAME: told(),
                Relation.MOBILITY: told({"occupations": (Experience(rome=mover, months=0),)}, rome=near),
                Relation.DOMAIN: told({"occupations": (Experience(rome="N1199", months=0),)}),
            }
            reaches = {
                Reach.WITHIN: told(sites=(site(DOMERAT),)),
                Reach.ACCEPTED: told({"places": frozenset({BAYONNE})}, sites=(site(BAYONNE),)),
                Reach.RELOCATES: told({"relocates": True}, sites=(site(BAYONNE),)),
                Reach.TOO_FAR: told({"mobility_km": 1}, sites=(site(DOMERAT),)),
                Reach.UNKNOWN: told(sites=(site("99999"),)),
            }
        assert set(relations) == set(Relation) and set(reaches) == set(Reach)
        sentences[language] = [one["occupation"].text for one in relations.values()]
        sentences[language] += [one["distance"].text for one in reaches.values()]
        assert len(set(sentences[language])) == len(Relation) + len(Reach)
    assert not set(sentences["fr"]) & set(sentences["en"])


def test_points_are_out_of_a_thousand() -> None:
    perfect = match_pair(candidate(), offer(), REFERENTIAL, TODAY)
    assert perfect is not None and perfect.explanation.points == MOST and sum(MOST) == 1000


def test_numbers_as_people_say_them() -> None:
    assert [said_km(metres) for metres in (0, 30, 5700, 9990, 12_400, 34_500)] == ["0", "0,1", "5,7", "10", "12", "34"]
