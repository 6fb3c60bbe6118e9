"""« Oui, si… » between a town and an employer, a mistaken answer corrected, and what crosses on the way."""

from datetime import date, timedelta

import pytest

from node.mission.forwards.forward import Condition, ConditionKind, Forward, ForwardState, Side, Words
from node.services.agreements import erasing, withdrawing
from node.services.desk import Refused
from node.services.forwards import answers
from node.services.forwards.conditions import thing_asked
from node.services.forwards.promises import promise_of
from tests.node.documents.people import MONTLUCON as MISSION
from tests.node.mission.samples import NOW, candidate, site
from tests.node.stage import Place, Stage, campaign, put_forward

S = ForwardState
UNTIL = NOW.date() + timedelta(days=90)
LICENCE = Condition(kind=ConditionKind.LICENCE, licence="B", text="passé", until=UNTIL)
YES_IF = Words(condition=LICENCE)
NO = Words(reason="no_position", to_candidate="Le poste vient d'être pourvu.")


@pytest.fixture
def sent(stage: Stage) -> str:
    """Camille, of Montluçon, put forward to Les Grands Moulins."""
    stage.montlucon.enrol(candidate(1))
    (offer,) = stage.moulins.post(campaign())
    stage.sync()
    forward = put_forward(stage.montlucon, "p1", offer.key)
    stage.sync()
    return forward.id


def both(stage: Stage, forward: str) -> Forward:
    """The forward as both sides keep it, alike but for whose it is and who acted."""
    stage.sync()
    home, there = stage.montlucon.forward(forward), stage.moulins.forward(forward)
    assert (home.state, set(home.moves)) == (there.state, set(there.moves))
    return home


def test_yes_if_becomes_a_hire_once_the_licence_is_there(stage: Stage, sent: str) -> None:
    answers.give_answer(stage.moulins.desk, sent, S.CONDITIONAL, YES_IF)
    asked = both(stage, sent)
    assert (asked.state, asked.moves[-1].condition) == (S.CONDITIONAL, LICENCE)
    with stage.moulins.node.database.read() as uow:
        assert uow.forwards.count_open(asked.offer) == 1, "it keeps its place"
    stage.wait(days=40)
    assert not answers.expire_silent(stage.montlucon.desk), "it waits for the day that was named"
    answers.home_move(stage.montlucon.desk, sent, S.FULFILLED)
    assert both(stage, sent).state is S.FULFILLED
    answers.give_answer(stage.moulins.desk, sent, S.INTERVIEW)
    answers.give_answer(stage.moulins.desk, sent, S.HIRED)
    assert both(stage, sent).state is S.HIRED


def test_a_condition_that_nobody_fulfils_ends_fourteen_days_after_its_day(stage: Stage, sent: str) -> None:
    answers.give_answer(stage.moulins.desk, sent, S.CONDITIONAL, YES_IF)
    stage.sync()
    stage.wait(days=90 + 13)
    assert not answers.expire_silent(stage.montlucon.desk)
    stage.wait(days=1)
    assert [one.id for one in answers.expire_silent(stage.montlucon.desk)] == [sent]
    assert both(stage, sent).state is S.EXPIRED
    answers.give_answer(stage.moulins.desk, sent, S.HIRED)
    assert both(stage, sent).state is S.HIRED, "a late answer is an answer"


def test_an_answer_is_asked_for_within_fourteen_days_of_the_fulfilment(stage: Stage, sent: str) -> None:
    answers.give_answer(stage.moulins.desk, sent, S.CONDITIONAL, YES_IF)
    stage.sync()
    answers.home_move(stage.montlucon.desk, sent, S.FULFILLED)
    stage.wait(days=13)
    assert not answers.expire_silent(stage.montlucon.desk)
    stage.wait(days=1)
    assert [one.id for one in answers.expire_silent(stage.montlucon.desk)] == [sent]


def test_a_mistaken_refusal_is_corrected_within_the_day_and_stands_after(stage: Stage, sent: str) -> None:
    answers.give_answer(stage.moulins.desk, sent, S.DECLINED, NO)
    assert both(stage, sent).state is S.DECLINED
    with pytest.raises(Refused):
        answers.give_answer(stage.moulins.desk, sent, S.HIRED)
    stage.wait(hours=3)
    answers.correct_answer(stage.moulins.desk, sent, S.HIRED)
    assert both(stage, sent).state is S.HIRED
    answers.correct_answer(stage.moulins.desk, sent, None)
    assert both(stage, sent).state is S.RECEIVED
    answers.give_answer(stage.moulins.desk, sent, S.DECLINED, NO)
    stage.wait(hours=25)
    with pytest.raises(Refused, match="24 heures") as refused:
        answers.correct_answer(stage.moulins.desk, sent, S.HIRED)
    assert refused.value.problem == "illegal_move"
    assert both(stage, sent).state is S.DECLINED


def test_moves_that_cross_end_alike(stage: Stage, sent: str) -> None:
    """The mission says that the licence is there, while the employer names another day, then gives up."""
    answers.give_answer(stage.moulins.desk, sent, S.CONDITIONAL, YES_IF)
    both(stage, sent)
    answers.home_move(stage.montlucon.desk, sent, S.FULFILLED)
    later = Words(condition=Condition(kind=ConditionKind.IMMERSION, days=5, until=UNTIL))
    answers.correct_answer(stage.moulins.desk, sent, S.CONDITIONAL, later)
    asked = both(stage, sent)
    assert asked.state is S.CONDITIONAL, "what was fulfilled was another condition"
    answers.home_move(stage.montlucon.desk, sent, S.FULFILLED)
    answers.give_answer(stage.moulins.desk, sent, S.DECLINED, NO)
    assert both(stage, sent).state is S.DECLINED, "an answer is worth more"


def test_a_withdrawal_wins_over_the_condition_that_it_crosses(stage: Stage, sent: str) -> None:
    answers.give_answer(stage.moulins.desk, sent, S.CONDITIONAL, YES_IF)
    withdrawing.withdraw(stage.montlucon.desk, "p1")
    stage.sync()
    assert stage.montlucon.forward(sent).state is stage.moulins.forward(sent).state is S.WITHDRAWN
    (asked,) = (one for one in stage.moulins.forward(sent).moves if one.event is S.CONDITIONAL)
    assert asked.condition is not None and (asked.condition.licence, asked.condition.text) == ("B", "")


def test_who_is_erased_leaves_no_word_of_a_condition(stage: Stage, sent: str) -> None:
    answers.give_answer(stage.moulins.desk, sent, S.CONDITIONAL, YES_IF)
    stage.sync()
    erasing.erase(stage.montlucon.desk, "p1")
    for place in (stage.montlucon, stage.moulins):
        stage.sync()
        texts = [one.condition.text for one in place.forward(sent).moves if one.condition is not None]
        assert texts == [""]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (Words(condition=Condition(kind=ConditionKind.SKILL, codes=("999999999",), until=UNTIL)), "unknown_skill"),
        (Words(condition=Condition(kind=ConditionKind.LICENCE, licence="ZZ", until=UNTIL)), "unknown_licence"),
        (
            Words(condition=Condition(kind=ConditionKind.OTHER, text="Qu'elle habite plus près", until=UNTIL)),
            "discriminating",
        ),
        (Words(condition=Condition(kind=ConditionKind.OTHER, text="x", until=date(2000, 1, 1))), "illegal_move"),
        (Words(), "illegal_move"),
    ],
)
def test_a_condition_that_cannot_be_meant_is_refused(stage: Stage, sent: str, said: Words, problem: str) -> None:
    before = stage.moulins.snapshot()
    with pytest.raises(Refused) as refused:
        answers.give_answer(stage.moulins.desk, sent, S.CONDITIONAL, said)
    assert refused.value.problem == problem
    assert stage.moulins.snapshot() == before


def test_the_demand_that_was_missing_is_one_of_the_offers(stage: Stage, sent: str) -> None:
    with stage.moulins.node.database.read() as uow:
        offer = uow.offers.get(*stage.moulins.forward(sent).offer.split("/", 1))
    assert offer is not None
    asked = [code for code, _need in offer.skills]
    named = Words("lacking_skills", "Il manque une compétence.", lacking=("1",))
    with pytest.raises(Refused) as refused:
        answers.give_answer(stage.moulins.desk, sent, S.DECLINED, named)
    assert refused.value.problem == "unknown_skill"
    told = Words("lacking_skills", "Il manque une compétence.", lacking=tuple(asked[:1]))
    answers.give_answer(stage.moulins.desk, sent, S.DECLINED, told)
    assert both(stage, sent).moves[-1].lacking == tuple(asked[:1])


def test_a_local_employers_answer_is_noted_by_who_heard_it_and_taken_back(town: Place) -> None:
    town.enrol(candidate(1))
    (offer,) = town.post(campaign(sites=(site(posts=1),)))
    sent = put_forward(town, "p1", offer.key, site="s1").id
    noted = answers.give_answer(town.desk, sent, S.CONDITIONAL, YES_IF, actor="anne")
    assert (noted.state, noted.moves[-1].by, noted.moves[-1].actor) == (S.CONDITIONAL, Side.RECEIVER, "anne")
    promise = promise_of(town.desk, sent, MISSION)
    assert (promise.employer, promise.thing, promise.number) == (offer.employer, "permis B (passé)", "")
    assert answers.correct_answer(town.desk, sent, None, actor="anne").state is S.SENT
    answers.give_answer(town.desk, sent, S.CONDITIONAL, YES_IF)
    answers.home_move(town.desk, sent, S.FULFILLED)
    assert answers.home_move(town.desk, sent, S.CORRECTED).state is S.CONDITIONAL, "the wrong person's licence"
    answers.home_move(town.desk, sent, S.FULFILLED)
    assert answers.give_answer(town.desk, sent, S.HIRED).state is S.HIRED


def test_the_promise_of_a_peer_names_its_signed_message(stage: Stage, sent: str) -> None:
    answers.give_answer(stage.moulins.desk, sent, S.CONDITIONAL, YES_IF)
    stage.sync()
    move = stage.montlucon.forward(sent).moves[-1]
    promise = promise_of(stage.montlucon.desk, sent, MISSION)
    assert (promise.signed_by, promise.number) == ("Les Grands Moulins", f"{move.epoch}/{move.index}")
    assert (promise.person, promise.until) == ("Camille Petit", UNTIL)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Condition(kind=ConditionKind.SKILL, codes=("999999999",), until=UNTIL), "999999999"),
        (Condition(kind=ConditionKind.SKILL, codes=("999999999",), text="CACES R489", until=UNTIL), "CACES R489"),
        (Condition(kind=ConditionKind.LICENCE, licence="B", until=UNTIL), "permis B"),
        (Condition(kind=ConditionKind.IMMERSION, days=1, until=UNTIL), "une immersion de 1 jour"),
        (
            Condition(kind=ConditionKind.IMMERSION, days=5, text="au quai", until=UNTIL),
            "une immersion de 5 jours (au quai)",
        ),
        (Condition(kind=ConditionKind.OTHER, text="Être libre le samedi", until=UNTIL), "Être libre le samedi"),
        (Condition(kind=ConditionKind.OTHER, until=UNTIL), "autre chose"),
    ],
)
def test_a_condition_in_words(town: Place, condition: Condition, said: str) -> None:
    assert thing_asked(condition, town.desk.referential()) == said
