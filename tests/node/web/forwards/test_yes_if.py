"""« Oui, si… », noted by a counsellor for an employer of the town, on the list and on the page of one application."""

from datetime import timedelta
from typing import Any

import pytest

from node.mission.accounts.roles import Role
from node.mission.forwards.forward import Condition, ConditionKind, ForwardState
from node.mission.offers.offer import Need, Offer
from node.mission.people.candidate import Candidate
from node.referential import load
from node.services.forwards import sending
from tests.node.mirrored import put_in_network
from tests.node.mission.samples import WAREHOUSE
from tests.node.web.conftest import Town, Visitor, words
from tests.node.web.forwards.test_listing import LIST, put, row, state
from tests.node.web.forwards.test_offers import person, published

__all__ = ["person"]

SKILL = load().skills.for_occupation(WAREHOUSE)[0]


@pytest.fixture
def offer(town: Town) -> Offer:
    put_in_network(town.node, town.node.now() + timedelta(days=300), town.node.now())
    return published(town, skills=((SKILL, Need.REQUIRED),))


@pytest.fixture
def visitor(town: Town) -> Visitor:
    return town.signed_in(Role.COUNSELLOR)


def asked(town: Town, **changes: Any) -> dict[str, Any]:
    """What a counsellor fills in."""
    until = town.node.desk.today() + timedelta(days=100)
    fields = {"event": "conditional", "kind": "skill", "skills": SKILL, "text": "CACES R489", "until": str(until)}
    return {**fields, "seen": "1", "retour": LIST, **changes}


def test_it_is_noted_told_fulfilled_and_becomes_a_hire(
    town: Town, person: Candidate, offer: Offer, visitor: Visitor
) -> None:
    put(town, person, offer)
    path, until = f"{LIST}/f1", town.node.desk.today() + timedelta(days=100)
    visitor.send_form(f"{path}/reponse", **asked(town))
    (*_, yes_if) = sending.one_forward(town.node.desk, "f1").moves
    assert yes_if.condition == Condition(kind=ConditionKind.SKILL, codes=(SKILL,), text="CACES R489", until=until)
    said = row(visitor.text(LIST)).replace("\u00a0", " ")
    assert f"Oui, si : CACES R489 avant le {until:%d/%m/%Y}" in said and "La condition est remplie" in said
    page = words(visitor.get(path)).replace("\u00a0", " ")
    assert "Imprimer la promesse" in page and "Une erreur ?" in page
    visitor.send_form(path, event="fulfilled", retour=LIST)
    assert state(town) is ForwardState.FULFILLED
    visitor.send_form(f"{path}/reponse", event="hired", seen="3", retour=LIST)
    assert state(town) is ForwardState.HIRED


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": ""}, "Choisissez"),
        ({"skills": "900000000"}, "Choisissez parmi"),
        ({"skills": "", "text": ""}, "Cochez la compétence"),
        ({"until": ""}, "Remplissez ce champ"),
        ({"until": "2020-01-01"}, "au plus tôt"),
        ({"until": "9999-12-31"}, "au plus tard"),
        ({"kind": "immersion", "days": "500"}, "de 1 à 90"),
        ({"kind": "licence"}, "Choisissez"),
        ({"kind": "other", "text": ""}, "Dites quelle est la condition"),
        ({"text": "Trop âgée pour ce poste"}, "L1132-1"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    town: Town, person: Candidate, offer: Offer, visitor: Visitor, changes: dict[str, Any], said: str
) -> None:
    put(town, person, offer)
    answer = visitor.send_form(f"{LIST}/f1/reponse", **asked(town, **changes))
    assert answer.status_code == 422 and said in words(answer)
    assert state(town) is ForwardState.SENT


@pytest.mark.parametrize(
    ("changes", "condition"),
    [
        ({"kind": "licence", "licence": "B"}, {"kind": ConditionKind.LICENCE, "licence": "B"}),
        ({"kind": "immersion", "days": "5"}, {"kind": ConditionKind.IMMERSION, "days": 5}),
        ({"kind": "other"}, {"kind": ConditionKind.OTHER}),
    ],
)
def test_what_was_filled_in_for_another_kind_is_left_aside(
    town: Town, person: Candidate, offer: Offer, visitor: Visitor, changes: dict[str, Any], condition: dict[str, Any]
) -> None:
    put(town, person, offer)
    visitor.send_form(f"{LIST}/f1/reponse", **asked(town, **changes))
    until = town.node.desk.today() + timedelta(days=100)
    (*_, yes_if) = sending.one_forward(town.node.desk, "f1").moves
    assert yes_if.condition == Condition(text="CACES R489", until=until, **condition)


def test_a_refusal_says_which_demand_was_missing(town: Town, person: Candidate, offer: Offer, visitor: Visitor) -> None:
    put(town, person, offer)
    refusal: dict[str, Any] = {"event": "declined", "reason": "lacking_skills", "to_candidate": "Il manque le CACES."}
    visitor.send_form(f"{LIST}/f1/reponse", lacking=SKILL, seen="1", **refusal)
    (*_, no) = sending.one_forward(town.node.desk, "f1").moves
    assert no.lacking == (SKILL,)
    label = load().skills.label(SKILL) or ""
    assert label in words(visitor.get(f"{LIST}/f1")).replace("&#39;", "'")


def test_an_answer_noted_by_mistake_is_taken_back_from_its_page(
    town: Town, person: Candidate, offer: Offer, visitor: Visitor
) -> None:
    put(town, person, offer)
    visitor.send_form(f"{LIST}/f1/reponse", event="hired", seen="1")
    answer = visitor.send_form(f"{LIST}/f1/corriger", f"{LIST}/f1", follow=False, retour=f"{LIST}/f1")
    assert answer.headers["location"] == f"{LIST}/f1#f-f1"
    assert state(town) is ForwardState.SENT
