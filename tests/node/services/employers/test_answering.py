"""The private link: looking changes nothing, an answer is given once, and whoever was withdrawn is gone."""

from datetime import date

import msgspec
import pytest

from node.kit.errors import NotFound
from node.mission.agreements.consent import ConsentScope
from node.mission.employers.sending import Validity
from node.mission.forwards.forward import ForwardState, Side, Words
from node.mission.team.today import Waiting
from node.services.actors import BY_LINK, names
from node.services.agreements import erasing, withdrawing
from node.services.agreements.retention import apply_retention
from node.services.desk import Gone, Refused
from node.services.employers import answering, sending, verifying
from node.services.employers.answering import LinkAnswer
from node.services.forwards import disclosures
from node.services.forwards.answers import home_move
from node.services.listening import deliver
from node.services.team.today import today
from tests.node.conftest import french
from tests.node.services.employers.conftest import LETTER, House

INTERVIEW = LinkAnswer(event=ForwardState.INTERVIEW, said="À 9 h, à la boutique.", day=date(2026, 12, 3))
NO = LinkAnswer(
    event=ForwardState.DECLINED,
    words=Words("lacking_skills", "Il faut savoir désosser.", "Une formation courte suffirait."),
)


def test_looking_changes_nothing(house: House) -> None:
    made, token = house.mailed("p1", "p2")
    before = house.stage.montlucon.snapshot()
    for _time in range(3):
        opened = answering.open_link(house.node.desk, token)
    assert house.stage.montlucon.snapshot() == before
    assert [one.person.name for one in opened.people if one.person] == ["Amina Benali-Roy", "Luc Fabre"]
    assert opened.has_unread and not any(one.shows_cv for one in opened.people)
    assert opened.sending == made or opened.sending.mailed is not None


def test_the_cvs_are_opened_by_a_button_which_the_mission_sees_once(house: House) -> None:
    made, token = house.mailed("p1")
    assert answering.open_cvs(house.node.desk, token).people[0].shows_cv
    answering.open_cvs(house.node.desk, token)
    moves = [(one.event, one.by, one.actor) for one in house.forward_of(made).moves]
    assert moves[1:] == [(ForwardState.SEEN, Side.RECEIVER, BY_LINK)]
    assert names(house.node.desk)[BY_LINK] == french(names(house.node.desk)[BY_LINK])


def test_an_answer_is_the_employers_word_and_waits_on_today(house: House) -> None:
    made, token = house.mailed("p1", "p2")
    answering.answer(house.node.desk, token, 1, INTERVIEW)
    answering.answer(house.node.desk, token, 2, NO)
    invited, declined = house.forward_of(made, 1), house.forward_of(made, 2)
    assert (invited.state, invited.moves[-1].actor) == (ForwardState.INTERVIEW, BY_LINK)
    assert declined.moves[-1].answer == NO.words
    (said,) = answering.words_for(house.node.desk, [invited.id])[invited.id]
    assert said.text == "Entretien : 03/12/2026\nÀ 9 h, à la boutique." and said.settled is not None
    groups = {group.kind: group for group in today(house.node.desk, "anne", team=True).groups}
    assert groups[Waiting.ANSWER].count == 2


def test_a_second_answer_by_a_colleague_is_told_and_nothing_is_doubled(house: House) -> None:
    made, token = house.mailed("p1")
    answering.answer(house.node.desk, token, 1, NO)
    before = house.forward_of(made)
    for given in (NO, INTERVIEW, LinkAnswer(event=ForwardState.HIRED)):
        with pytest.raises(Refused) as caught:
            answering.answer(house.node.desk, token, 1, given)
        assert caught.value.problem == "already_answered"
    assert house.forward_of(made) == before
    shown = answering.open_link(house.node.desk, token).people[0]
    assert shown.answer is not None and shown.answer.event is ForwardState.DECLINED and not shown.shows_cv


def test_after_an_interview_comes_a_hire(house: House) -> None:
    made, token = house.mailed("p1")
    answering.answer(house.node.desk, token, 1, INTERVIEW)
    answering.answer(house.node.desk, token, 1, LinkAnswer(event=ForwardState.HIRED, day=date(2026, 12, 14)))
    assert house.forward_of(made).state is ForwardState.HIRED


def test_a_refusal_needs_a_reason_and_a_text_and_no_text_discriminates(house: House) -> None:
    made, token = house.mailed("p1")
    desk = house.node.desk
    for given, problem in (
        (LinkAnswer(event=ForwardState.DECLINED), "illegal_move"),
        (LinkAnswer(event=ForwardState.DECLINED, words=Words("other")), "illegal_move"),
        (LinkAnswer(event=ForwardState.DECLINED, words=Words("other", "Elle est trop âgée.")), "discriminating"),
        (LinkAnswer(event=ForwardState.INTERVIEW, said="Elle habite trop loin ?"), "discriminating"),
        (LinkAnswer(event=ForwardState.SEEN), "already_answered"),
    ):
        with pytest.raises(Refused) as caught:
            answering.answer(desk, token, 1, given)
        assert caught.value.problem == problem
    assert house.forward_of(made).state is ForwardState.SENT


def test_a_link_that_ended_opens_nothing_and_one_that_never_was_neither(house: House) -> None:
    made, token = house.mailed("p1")
    sending.end(house.node.desk, made.id)
    for act in (answering.open_link, answering.open_cvs):
        with pytest.raises(Gone):
            act(house.node.desk, token)
    with pytest.raises(NotFound):
        answering.open_link(house.node.desk, token[:-1])
    _made, later = house.mailed("p2")
    house.stage.wait(days=60)
    with pytest.raises(Gone):
        answering.answer(house.node.desk, later, 1, NO)


def test_whoever_takes_their_yes_back_is_gone_from_the_link_at_once(house: House) -> None:
    made, token = house.mailed("p1", "p2")
    answering.open_cvs(house.node.desk, token)
    withdrawing.withdraw(house.node.desk, "p1", "anne", ConsentScope.OFFER)
    shown = answering.open_link(house.node.desk, token)
    assert [one.person is None for one in shown.people] == [True, False]
    with pytest.raises(NotFound):
        answering.answer(house.node.desk, token, 1, NO)
    deliver(house.node, made.id)
    request = house.sink.mails[-1]
    body = request.get_body()
    assert body is not None and "détru" in request["Subject"]
    assert "Amina Benali-Roy (personne n° 1)" in french(body.get_content()) and "Luc" not in body.get_content()
    assert not sending.sending_file(house.node.desk, made.id).to_tell
    deliver(house.node, made.id)
    assert len(house.sink.mails) == 2


def test_who_never_had_the_cv_is_asked_nothing(house: House) -> None:
    made, _token = house.mailed("p1")
    withdrawing.withdraw(house.node.desk, "p1", "anne", ConsentScope.OFFER)
    assert not deliver(house.node, made.id).heard
    assert not sending.sending_file(house.node.desk, made.id).to_tell


def test_an_erased_person_is_asked_back_by_number_and_no_word_of_them_stays(house: House) -> None:
    made, token = house.mailed("p1", with_cvs=True)
    answering.answer(house.node.desk, token, 1, INTERVIEW)
    forward = house.forward_of(made).id
    erasing.erase(house.node.desk, "p1", "anne")
    assert answering.words_for(house.node.desk, [forward]) == {forward: ()}
    deliver(house.node, made.id)
    text = french(house.sink.mails[-1].get_body().get_content())  # type: ignore[union-attr]
    assert "personne n° 1" in text and "Amina" not in text


def test_a_letter_is_asked_back_by_a_letter(house: House) -> None:
    made = house.send("p1", "p2", wanted=LETTER)
    forward = made.parts[0].forward
    home_move(house.node.desk, forward, ForwardState.WITHDRAWN, Words("in_training"), "anne")
    assert not deliver(house.node).heard
    (waits,) = sending.sending_file(house.node.desk, made.id).to_tell
    assert waits.forward.id == forward
    sending.note_told(house.node.desk, made.id, {forward})
    assert not sending.sending_file(house.node.desk, made.id).to_tell


def test_the_certificate_says_paper(house: House) -> None:
    made = house.send("p1", wanted=LETTER)
    ((order, _holder),) = withdrawing.withdraw(house.node.desk, "p1", "anne", ConsentScope.OFFER).orders
    statement = msgspec.json.decode(disclosures.certificate(house.node.desk, order))["statement"]
    assert "Papier" in statement and made.contact.name not in statement


def test_what_is_known_of_an_employer_goes_two_years_after_the_links_end(house: House) -> None:
    made, _token = house.mailed("p1")
    house.stage.wait(days=60 + 729)
    apply_retention(house.node.desk)
    assert sending.sending_file(house.node.desk, made.id).sending.contact.name == "Mme Roche"
    house.stage.wait(days=3)
    apply_retention(house.node.desk)
    with pytest.raises(NotFound):
        sending.sending_file(house.node.desk, made.id)


def test_the_code_and_the_name_together_tell_what_was_checked(house: House) -> None:
    made, _token = house.mailed("p1", "p2")
    desk = house.node.desk
    found = verifying.verify(desk, made.code.lower(), "amina BENALI roy")
    assert found is not None and found.validity is Validity.ONGOING
    assert [label for label, _day in found.checked][:2] == ["Rencontre en personne", "CV retravaillé avec la mission"]
    assert verifying.verify(desk, made.code, "Benali-Roy") is not None
    for code, name in (
        (made.code, "Amina"), (made.code, "Benali"), (made.code, "Amina Fabre"), (made.code, ""), (made.code, "-"),
        ("", "Benali-Roy"), (made.code[::-1], "Benali-Roy"),
    ):  # fmt: skip
        assert verifying.verify(desk, code, name) is None, (code, name)
    withdrawing.withdraw(desk, "p1", "anne", ConsentScope.OFFER)
    gone = verifying.verify(desk, made.code, "Amina Benali-Roy")
    assert gone is not None and gone.validity is Validity.WITHDRAWN
    house.stage.wait(days=61)
    over = verifying.verify(desk, made.code, "Luc Fabre")
    assert over is not None and over.validity is Validity.ENDED
