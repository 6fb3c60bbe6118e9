"""« Oui, si… » on a person's file, in their own space, on « Aujourd'hui », and on paper."""

from datetime import timedelta
from typing import Any

import pytest

from node.documents.dates import french_date
from node.mission.accounts.roles import Role
from node.mission.forwards.forward import Condition, ConditionKind, ForwardState, Move, Side, Words
from node.mission.people.candidate import Candidate
from node.services.forwards import answers, sending
from node.services.my_space import download
from tests.node.documents.reading import Document
from tests.node.mirrored import put_in_network
from tests.node.mission import samples
from tests.node.web.conftest import Town, words
from tests.node.web.forwards.test_offers import by, ended, person, published

__all__ = ["person"]


@pytest.fixture
def condition(town: Town) -> Condition:
    desk = town.node.desk
    until, code = desk.today() + timedelta(days=90), min(desk.referential().skills.for_occupation(samples.WAREHOUSE))
    return Condition(kind=ConditionKind.SKILL, codes=(code,), text="CACES R489", until=until)


@pytest.fixture
def asked(town: Town, person: Candidate, condition: Condition) -> str:
    """The number of an application to an employer of the town, who said « oui, si… »."""
    put_in_network(town.node, town.node.now() + timedelta(days=300), town.node.now())
    offer = published(town)
    ended(town, 1, person, offer, by(Side.RECEIVER, town, ForwardState.SEEN))
    return answers.give_answer(town.node.desk, "f1", ForwardState.CONDITIONAL, Words(condition=condition)).id


def test_the_condition_its_day_and_its_promise_are_on_the_file(
    town: Town, person: Candidate, condition: Condition, asked: str
) -> None:
    visitor = town.signed_in(Role.COUNSELLOR)
    page = words(visitor.get(f"/candidats/{person.id}/offres")).replace("\u00a0", " ")
    day = french_date(condition.until).replace("\u00a0", " ")
    assert f"Oui, si : CACES R489 avant le {day}" in page and "La condition est remplie" in page
    answer = visitor.get(f"/mises-en-relation/{asked}/promesse.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert Document(answer.content).comes_in_order(
        "dit oui à Luc Fabre", "CACES R489", french_date(condition.until)[:2]
    )
    assert visitor.get("/mises-en-relation/f9/promesse.pdf").status_code == 404


def test_the_counsellor_tells_that_it_is_fulfilled_and_may_take_that_back(
    town: Town, person: Candidate, asked: str
) -> None:
    visitor, path, back = (
        town.signed_in(Role.COUNSELLOR),
        f"/mises-en-relation/{asked}",
        f"/candidats/{person.id}/offres",
    )
    page = words(visitor.send_form(path, back, event="fulfilled"))
    assert "appelez-le" in page and "Condition remplie" in page
    known = sending.one_forward(town.node.desk, asked)
    assert (known.state, known.moves[-1].actor) == (ForwardState.FULFILLED, town.account(Role.COUNSELLOR).id)
    visitor.send_form(path, back, event="corrected")
    assert sending.one_forward(town.node.desk, asked).state is ForwardState.CONDITIONAL


def test_an_answer_noted_by_mistake_is_taken_back_for_a_day(town: Town, person: Candidate, asked: str) -> None:
    visitor, back = town.signed_in(Role.COUNSELLOR), f"/candidats/{person.id}/offres"
    assert "Reprendre : «" in words(visitor.get(back))
    page = words(visitor.send_form(f"/mises-en-relation/{asked}/corriger", back))
    assert sending.one_forward(town.node.desk, asked).state is ForwardState.SEEN
    assert "Notez maintenant la bonne" in page and "Reprendre : «" not in page and "Oui, si :" not in page
    page = words(visitor.send_form(f"/mises-en-relation/{asked}/corriger", back))
    assert "ne peut pas" in page or "Réponse corrigée" in page
    assert sending.one_forward(town.node.desk, asked).state is ForwardState.SEEN


def test_the_person_reads_it_in_plain_words_and_takes_it_along(
    town: Town, person: Candidate, condition: Condition, asked: str
) -> None:
    own: Any = town.signed_in(candidate=person.id)
    page = words(own.get("/mon-espace/suivi")).replace("\u00a0", " ")
    assert "L'employeur dit oui, si une chose est faite : CACES R489, avant le" in page
    answers.home_move(town.node.desk, asked, ForwardState.FULFILLED)
    page = words(own.get("/mon-espace/suivi")).replace("\u00a0", " ")
    assert "Vous avez fait ce que l'employeur demandait : CACES R489." in page
    assert "CACES R489" in str(download.everything_about(town.node.desk, person.id))


def test_it_waits_on_today_like_other_answers(town: Town, person: Candidate, condition: Condition) -> None:
    later = town.node.now() + timedelta(minutes=5)
    yes_if = Move(event=ForwardState.CONDITIONAL, at=later, by=Side.RECEIVER, condition=condition)
    ended(town, 1, person, published(town), yes_if)
    town.clock.moment = later
    page = words(town.signed_in(Role.COUNSELLOR).get("/aujourdhui")).replace("\u00a0", " ")
    assert f"Oui, si : CACES R489 avant le {condition.until:%d/%m/%Y}" in page
