"""« Oui, si… » by the private link: what it asks for, the mail once it is there, and answers taken back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from node.mission.employers.sending import LONGEST, Sending
from node.mission.forwards.forward import Condition, ConditionKind, ForwardState, Side, Words
from node.mission.offers.offer import Need
from node.services.actors import BY_LINK
from node.services.desk import Gone, Refused
from node.services.employers import answering, sending
from node.services.employers.answering import LinkAnswer
from node.services.forwards import answers
from node.services.forwards.answers import home_move
from node.services.listening import deliver
from tests.node.conftest import french
from tests.node.mission import samples
from tests.node.services.employers.conftest import LETTER, House

S = ForwardState
HIRE = LinkAnswer(event=S.HIRED)
NO = Words("lacking_skills", "Il faut savoir désosser.")


def yes_if(house: House, **changes: Any) -> LinkAnswer:
    until = house.node.desk.today() + timedelta(days=30)
    asked: dict[str, Any] = {"kind": ConditionKind.LICENCE, "licence": "B", "until": until}
    return LinkAnswer(event=S.CONDITIONAL, words=Words(condition=Condition(**asked | changes)))


def skills(house: House) -> list[str]:
    """Two that the offer asks for, and one that it does not."""
    known = sorted(house.node.desk.referential().skills.for_occupation(samples.WAREHOUSE))[:3]
    with house.node.database.write() as uow:
        uow.offers.save(replace(house.offer, skills=tuple((code, Need.REQUIRED) for code in known[:2])))
    return known


def fulfil(house: House, made: Sending) -> None:
    home_move(house.node.desk, made.parts[0].forward, S.FULFILLED, actor="anne")


def body(house: House) -> str:
    found = house.sink.mails[-1].get_body()
    assert found is not None
    return french(found.get_content())


def test_yes_if_waits_for_its_condition_and_a_hire_may_still_be_told(house: House) -> None:
    made, token = house.mailed("p1")
    (shown,) = answering.answer(house.node.desk, token, 1, yes_if(house)).people
    forward = house.forward_of(made)
    assert (forward.state, forward.moves[-1].actor) == (S.CONDITIONAL, BY_LINK)
    assert shown.answer is not None and shown.answer.condition == yes_if(house).words.condition
    assert shown.answers == (S.HIRED, S.DECLINED) and shown.answers_by is None and shown.shows_cv


def test_once_it_is_there_a_mail_asks_for_the_answer_and_names_nobody(house: House) -> None:
    made, token = house.mailed("p1", "p2")
    answering.answer(house.node.desk, token, 1, yes_if(house, text="Amina doit conduire"))
    assert not deliver(house.node, made.parts[0].forward).heard
    fulfil(house, made)
    assert len(deliver(house.node, made.parts[0].forward).heard) == 1
    asked = house.sink.mails[-1]
    assert asked["To"] == "roche@boucherie.example" and made.code[:4] in asked["Subject"]
    day = house.node.desk.today() + timedelta(days=14)
    assert "personne n° 1" in body(house) and f"{day.day} " in body(house) and "Amina" not in body(house)
    (shown, other) = answering.open_link(house.node.desk, house.token()).people
    assert shown.answers == (S.INTERVIEW, S.HIRED, S.DECLINED) and other.answers_by is None
    assert shown.answers_by is not None and shown.answers_by.date() == day
    answering.answer(house.node.desk, token, 1, HIRE)
    assert house.forward_of(made).state is S.HIRED


@pytest.mark.parametrize("meanwhile", ["taken back", "withdrawn", "answered", "ended"])
def test_whatever_came_in_between_no_mail_asks_for_nothing(house: House, meanwhile: str) -> None:
    made, token = house.mailed("p1")
    forward = made.parts[0].forward
    answering.answer(house.node.desk, token, 1, yes_if(house))
    fulfil(house, made)
    match meanwhile:
        case "taken back":
            home_move(house.node.desk, forward, S.CORRECTED, actor="anne")
        case "withdrawn":
            home_move(house.node.desk, forward, S.WITHDRAWN, Words("in_training"), "anne")
        case "answered":
            answering.answer(house.node.desk, token, 1, HIRE)
        case "ended":
            sending.end(house.node.desk, made.id)
    deliver(house.node, forward)
    assert len(house.sink.mails) == 1


def test_whoever_got_a_letter_gets_no_mail(house: House) -> None:
    made = house.send("p1", wanted=LETTER)
    with house.node.database.write() as uow:
        token = sending.new_link(uow, house.node.desk, made, house.node.now()).rpartition("/")[2]
    answering.answer(house.node.desk, token, 1, yes_if(house))
    fulfil(house, made)
    assert not deliver(house.node, made.parts[0].forward).heard and not house.sink.mails


def test_what_no_condition_may_say(house: House) -> None:
    made, token = house.mailed("p1")
    desk, today = house.node.desk, house.node.desk.today()
    skill = {"kind": ConditionKind.SKILL, "licence": ""}
    for given, problem in (
        (LinkAnswer(event=S.CONDITIONAL), "illegal_move"),
        (yes_if(house, until=today - timedelta(days=1)), "illegal_move"),
        (yes_if(house, until=today + timedelta(days=400)), "illegal_move"),
        (yes_if(house, licence=""), "illegal_move"),
        (yes_if(house, licence="Z"), "unknown_licence"),
        (yes_if(house, kind=ConditionKind.IMMERSION, licence="", days=500), "illegal_move"),
        (yes_if(house, kind=ConditionKind.OTHER, licence="", text=" "), "illegal_move"),
        (yes_if(house, **skill, codes=()), "illegal_move"),
        (yes_if(house, **skill, codes=("inconnue",)), "unknown_skill"),
        (yes_if(house, text="Qu'il soit plus jeune, moins de 30 ans."), "discriminating"),
    ):
        with pytest.raises(Refused) as caught:
            answering.answer(desk, token, 1, given)
        assert caught.value.problem == problem, given
    assert house.forward_of(made).state is S.SENT


def test_a_second_condition_is_none(house: House) -> None:
    made, token = house.mailed("p1")
    desk = house.node.desk
    answering.answer(desk, token, 1, yes_if(house))
    for _time in ("while it waits", "once it is met"):
        with pytest.raises(Refused) as caught:
            answering.answer(desk, token, 1, yes_if(house, licence="C"))
        assert caught.value.problem == "already_answered"
        if house.forward_of(made).state is S.CONDITIONAL:
            fulfil(house, made)


def test_the_link_lasts_until_the_answer_can_be_given_and_for_that_person_alone(house: House) -> None:
    """A condition for the 120th day of a link of 60: named, met late, answered later still."""
    made, token = house.mailed("p1", "p2")
    desk, wait = house.node.desk, house.stage.wait
    until = desk.today() + timedelta(days=120)
    answering.answer(desk, token, 1, yes_if(house, until=until))
    file = sending.sending_file(desk, made.id).sending
    assert file.lasts_until.date() == until + timedelta(days=14) and file.until == made.until
    wait(days=61)
    shown, other = answering.open_link(desk, token).people
    assert shown.person is not None and other.person is None
    assert [one.candidate for one in (house.forward_of(made, 2),)] == ["p2"]
    wait(days=70)
    fulfil(house, made)
    assert len(deliver(house.node, made.parts[0].forward).heard) == 1
    day = desk.today() + timedelta(days=14)
    assert f"{day.day} " in body(house)
    wait(days=13)
    answering.answer(desk, house.token(), 1, HIRE)
    assert house.forward_of(made).state is S.HIRED
    wait(days=2)
    with pytest.raises(Gone):
        answering.open_link(desk, token)


def test_no_link_lasts_for_ever_and_one_that_was_ended_stays_so(house: House) -> None:
    made, token = house.mailed("p1")
    desk, part = house.node.desk, made.parts[0]
    assert made.lasting(part, made.until - timedelta(days=1)) == made
    assert made.lasting(part, made.made + timedelta(days=9999)).lasts_until == made.made + LONGEST
    sending.end(desk, made.id)
    condition = yes_if(house, until=desk.today() + timedelta(days=200)).words
    answers.give_answer(desk, part.forward, S.CONDITIONAL, condition, "anne")
    with pytest.raises(Gone):
        answering.open_link(desk, token)
    assert sending.sending_file(desk, made.id).sending.lasts_until == made.until


def test_a_refusal_tells_which_skills_were_missing(house: House) -> None:
    first, _second, foreign = skills(house)
    made, token = house.mailed("p1")
    with pytest.raises(Refused) as caught:
        answering.answer(house.node.desk, token, 1, LinkAnswer(event=S.DECLINED, words=replace(NO, lacking=(foreign,))))
    assert caught.value.problem == "unknown_skill"
    answering.answer(house.node.desk, token, 1, LinkAnswer(event=S.DECLINED, words=replace(NO, lacking=(first,))))
    assert house.forward_of(made).moves[-1].lacking == (first,)


@pytest.mark.parametrize("event", [S.HIRED, S.DECLINED, S.CONDITIONAL])
def test_an_answer_by_mistake_is_taken_back_once_and_asked_for_anew(house: House, event: ForwardState) -> None:
    made, token = house.mailed("p1")
    desk = house.node.desk
    answering.answer(desk, token, 1, LinkAnswer(event=S.INTERVIEW))
    given = {S.CONDITIONAL: yes_if(house), S.DECLINED: LinkAnswer(event=event, words=NO)}.get(event, HIRE)
    (shown,) = answering.answer(desk, token, 1, given).people
    assert shown.may_correct
    seen = len(shown.forward.moves)
    (after,) = answering.take_back(desk, token, 1, seen).people
    assert after.forward.state is S.INTERVIEW and after.forward.moves[-1].actor == BY_LINK
    assert after.answer is not None and after.answer.event is S.INTERVIEW and not after.may_correct
    with pytest.raises(Refused) as caught:
        answering.take_back(desk, token, 1, seen)
    assert caught.value.problem == "answered_meanwhile"
    answering.answer(desk, token, 1, HIRE)
    assert house.forward_of(made).state is S.HIRED


def test_the_first_answer_taken_back_leaves_none(house: House) -> None:
    made, token = house.mailed("p1")
    (shown,) = answering.answer(house.node.desk, token, 1, HIRE).people
    (after,) = answering.take_back(house.node.desk, token, 1, len(shown.forward.moves)).people
    assert after.answer is None and after.answers == answering.BY_LINK_ANSWERS
    assert house.forward_of(made).moves[-1].by is Side.RECEIVER


def test_after_a_day_an_answer_stands(house: House) -> None:
    made, token = house.mailed("p1")
    (shown,) = answering.answer(house.node.desk, token, 1, HIRE).people
    house.stage.wait(hours=25)
    assert not answering.open_link(house.node.desk, token).people[0].may_correct
    with pytest.raises(Refused) as caught:
        answering.take_back(house.node.desk, token, 1, len(shown.forward.moves))
    assert caught.value.problem == "illegal_move"
    assert house.forward_of(made).state is S.HIRED
