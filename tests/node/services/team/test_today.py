"""What waits for Anne this morning, what the head of mission sees, and what a person may ask of the mission."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from node.kit.errors import NotFound
from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.forward import ForwardState
from node.mission.people.candidate import CandidateState, Met
from node.mission.people.contacts import ContactChannel
from node.mission.people.partners import Eligibility, Help, ObstacleKind
from node.mission.team.today import Waiting
from node.services.actors import BY_PERSON
from node.services.agreements import retention, withdrawing
from node.services.deposits import deposits
from node.services.desk import Refused
from node.services.forwards import answers
from node.services.my_space import download
from node.services.people import contacts, documents, obstacles, quality
from node.services.people import files as people
from node.services.team import figures as team
from node.services.team import handover, today
from node.services.workshops import telling, workshops
from tests.node.mission.samples import candidate
from tests.node.services.counter import ANNE, CV, REMI, confirmed, hand_in, known, register, wait
from tests.node.stage import Place, Stage, campaign, put_forward


def waiting(town: Place, actor: str = ANNE, *, whole_team: bool = False) -> dict[Waiting, list[str]]:
    """Kind -> ids of its items; the count always fits."""
    groups = today.today(town.desk, actor, team=whole_team).groups
    assert all(group.count == len(group.items) for group in groups)
    return {group.kind: [item.id for item in group.items] for group in groups}


def test_a_quiet_morning(town: Place) -> None:
    found = today.today(town.desk, ANNE)
    assert (found.groups, found.count) == ((), 0)


def test_a_change_of_a_workshop_waits_until_everybody_knows(town: Place) -> None:
    desk, person = town.desk, register(town)
    workshop = workshops.plan(desk, desk.now() + timedelta(days=20), "Salle 2", ANNE)
    workshops.invite(desk, workshop.id, person.id, ANNE)
    assert Waiting.UNTOLD not in waiting(town), "nobody knew it otherwise"
    telling.told_by_voice(desk, workshop.id, person.id, 0, ANNE)
    workshops.change(desk, workshop.id, room="Salle 3", actor=ANNE)
    assert waiting(town)[Waiting.UNTOLD] == [workshop.id]
    telling.told_by_voice(desk, workshop.id, person.id, 1, ANNE)
    assert Waiting.UNTOLD not in waiting(town)
    workshops.cancel(desk, workshop.id, ANNE)
    assert waiting(town)[Waiting.UNTOLD] == [workshop.id]
    wait(town, days=21)
    assert Waiting.UNTOLD not in waiting(town)


def test_everything_that_waits_one_day_or_another(town: Place) -> None:
    desk, day = town.desk, town.desk.today()
    cv, call = hand_in(town), hand_in(town, upload=None, call_back=True)
    assert waiting(town) == {Waiting.CALL_BACK: [call.id], Waiting.DEPOSIT: [cv.id]}

    person = deposits.accept_deposit(desk, cv.id, confirmed(town), ANNE)
    deposits.discard_deposit(desk, call.id, ANNE)
    contact = contacts.add_contact(
        desk, person.id, ContactChannel.PHONE, "", ANNE, next_step="Rappeler", next_on=day + timedelta(days=2)
    )
    partner = obstacles.save_partner(desk, "CCAS", [Help.HOUSING])
    referral = obstacles.refer(
        desk, person.id, partner.id, Help.HOUSING, "", ANNE, follow_up_on=day + timedelta(days=3)
    )
    workshop = workshops.plan(desk, desk.now() + timedelta(days=6), "Salle 2", ANNE)
    workshops.invite(desk, workshop.id, person.id, ANNE)
    assert waiting(town) == {Waiting.WORKSHOP: [workshop.id]}
    assert waiting(town, REMI) == {}
    assert waiting(town, REMI, whole_team=True) == {Waiting.WORKSHOP: [workshop.id]}

    wait(town, days=7)
    assert waiting(town) == {
        Waiting.NEXT_STEP: [contact.id],
        Waiting.ATTENDANCE: [workshop.id],
        Waiting.REFERRAL: [referral.id],
    }
    (group,) = [one for one in today.today(desk, ANNE).groups if one.kind is Waiting.NEXT_STEP]
    assert (group.items[0].title, group.items[0].detail) == ("Zoulikha Benmansour", "Rappeler")

    wait(town, days=24)
    assert waiting(town)[Waiting.CONTACT] == [person.id]
    wait(town, days=310)
    assert waiting(town)[Waiting.CONSENT] == [person.id]
    (group,) = [one for one in today.today(desk, ANNE).groups if one.kind is Waiting.CONSENT]
    assert "réseau" in group.items[0].detail
    wait(town, days=40)
    assert Waiting.CONSENT not in waiting(town)


def test_signatures_about_to_lapse(town: Place) -> None:
    person = register(town)
    quality.sign_ready(town.desk, person.id, ANNE, met=Met.IN_PERSON)
    wait(town, days=152)
    assert Waiting.READINESS not in waiting(town)
    wait(town, days=1)
    assert waiting(town)[Waiting.READINESS] == [person.id]
    wait(town, days=60)
    assert waiting(town)[Waiting.READINESS] == [person.id], "a lapsed one is to be renewed"


def test_only_some_are_shown_and_all_are_counted(town: Place) -> None:
    for number in range(25):
        hand_in(town, upload=None, phone=f"06123456{number:02}")
    (group,) = today.today(town.desk, ANNE).groups
    assert (group.count, len(group.items)) == (25, 20)


def test_late_replies_of_employers(stage: Stage) -> None:
    home = stage.montlucon
    home.enrol(candidate(1, owner=ANNE, last_contact=home.desk.today()), candidate(2, owner=REMI))
    (offer,) = stage.moulins.post(campaign())
    stage.sync()
    late = put_forward(home, "p1", offer.key)
    other = put_forward(home, "p2", offer.key)
    stage.sync()
    stage.wait(days=6)
    assert Waiting.REPLY not in waiting(home)
    stage.wait(days=1)
    assert waiting(home)[Waiting.REPLY] == [late.id]
    assert set(waiting(home, whole_team=True)[Waiting.REPLY]) == {late.id, other.id}
    withdrawing.recall_forward(home.desk, late.id)
    assert Waiting.REPLY not in waiting(home)


def test_an_answer_that_came_home_waits_until_the_person_was_spoken_with(stage: Stage) -> None:
    home, away = stage.montlucon, stage.moulins
    home.enrol(candidate(1, owner=ANNE, last_contact=home.desk.today()))
    (offer,) = away.post(campaign())
    stage.sync()
    sent = put_forward(home, "p1", offer.key)
    stage.sync()
    assert Waiting.ANSWER not in waiting(home), "that it was received is no answer"
    stage.wait(hours=1)
    answers.give_answer(away.desk, sent.id, ForwardState.INTERVIEW)
    stage.sync()
    assert waiting(home)[Waiting.ANSWER] == [sent.id]
    assert Waiting.ANSWER not in waiting(home, REMI), "she is Anne's"
    (item,) = next(one for one in today.today(home.desk, ANNE).groups if one.kind is Waiting.ANSWER).items
    assert (item.title, item.detail) == ("Camille Petit", f"{ForwardState.INTERVIEW.label} · {offer.title}")
    contacts.add_contact(home.desk, "p1", ContactChannel.NOTE, "Lui dire.", ANNE)
    assert waiting(home)[Waiting.ANSWER] == [sent.id], "a note tells nobody"
    contacts.add_contact(home.desk, "p1", ContactChannel.PHONE, "Entretien mardi.", ANNE)
    assert Waiting.ANSWER not in waiting(home)
    stage.wait(days=3)
    answers.give_answer(away.desk, sent.id, ForwardState.HIRED)
    stage.sync()
    assert waiting(home)[Waiting.ANSWER] == [sent.id], "another answer, to be told in its turn"
    stage.wait(days=61)
    assert Waiting.ANSWER not in waiting(home)


def test_the_heads_figures(town: Place) -> None:
    desk, day = town.desk, town.desk.today()
    first, second = register(town), register(town, first_name="Léa")
    handover.hand_over(desk, second.id, REMI, ANNE)
    wait(town, days=10)
    quality.sign_ready(desk, first.id, ANNE, met=Met.IN_PERSON)
    workshop = workshops.plan(desk, desk.now() + timedelta(hours=1), "Salle 2", ANNE, seats=2)
    for who in (first, second):
        workshops.invite(desk, workshop.id, who.id, ANNE)
    wait(town, hours=2)
    workshops.record_attendance(desk, workshop.id, first.id, True, ANNE)
    workshops.record_attendance(desk, workshop.id, second.id, False, ANNE)
    figures = team.team(desk, day)
    assert [(one.owner, one.people, one.waiting, one.ready) for one in figures.counsellors] == [
        (ANNE, 1, 0, 1),
        (REMI, 1, 1, 0),
    ]
    assert (figures.signed, figures.days_to_ready, figures.not_contacted) == (1, 10.0, 1)
    held = figures.workshops
    assert (held.workshops, held.seats, held.invited, held.present, held.absent) == (1, 2, 2, 1, 1)
    assert team.team(desk, day + timedelta(days=11)).days_to_ready is None


def test_who_came_from_a_list_with_a_signed_cv_did_not_wait_zero_days(town: Place) -> None:
    desk, day = town.desk, town.desk.today()
    signed = register(town)
    with desk.federation.database.write() as uow:
        uow.candidates.save(replace(signed, first_ready=day - timedelta(days=30)))
    figures = team.team(desk, day - timedelta(days=60))
    assert (figures.signed, figures.days_to_ready) == (1, None)


def test_a_person_reads_everything_in_french_and_it_is_plain_json(stage: Stage) -> None:
    home = stage.montlucon
    home.enrol(candidate(1, words="J'aime les gens."))
    (offer,) = stage.moulins.post(campaign())
    stage.sync()
    put_forward(home, "p1", offer.key)
    documents.add_document(home.desk, "p1", CV, ANNE)
    contacts.add_contact(
        home.desk, "p1", ContactChannel.PHONE, "Motivée", ANNE, next_step="Rappeler", next_on=home.desk.today()
    )
    obstacles.save_local(
        home.desk,
        "p1",
        ANNE,
        obstacles=[(ObstacleKind.MOBILITY, "Sans permis")],
        eligibilities=[Eligibility.RSA],
        note="Suivi",
    )
    partner = obstacles.save_partner(home.desk, "Garage solidaire", [Help.MOBILITY])
    obstacles.refer(home.desk, "p1", partner.id, Help.MOBILITY, "Permis", ANNE)
    workshop = workshops.plan(home.desk, home.desk.now() + timedelta(days=1), "Salle 2", ANNE)
    workshops.invite(home.desk, workshop.id, "p1", ANNE)
    people.amend(home.desk, "p1", confirmed(home), ANNE)

    sections = download.everything_about(home.desk, "p1")

    text = json.dumps(sections, ensure_ascii=False)
    for words in (
        "J'aime les gens.", "Motivée", "Rappeler", "Sans permis", "Bénéficiaire du RSA", "Suivi", "Garage solidaire",
        "Salle 2", "Préparateur de commandes, Les Grands Moulins", "grands-moulins.emploi.example", "cv.pdf",
        "CAP Vente", "Zoulikha", "Ponctuelle, cinq ans en entrepôt.",
        "Autres villes : missions emploi et employeurs du réseau",
        "Préparatrice de commandes", "signed at the desk",
    ):  # fmt: skip
        assert words in text, words
    assert all(isinstance(label, str) and label for rows in sections.values() for row in rows for label in row)
    assert "p1" not in {value for rows in sections.values() for row in rows for value in row.values()}
    with pytest.raises(NotFound):
        download.everything_about(home.desk, "nobody")


def test_withdrawing_from_the_network_keeps_the_file(stage: Stage) -> None:
    home = stage.montlucon
    home.enrol(candidate(1))
    (offer,) = stage.moulins.post(campaign())
    stage.sync()
    sent = put_forward(home, "p1", offer.key)
    stage.sync()
    done = withdrawing.withdraw(home.desk, "p1", BY_PERSON)
    assert (done.withdrawn, len(done.orders)) == ((sent.id,), 1)
    assert home.forward(sent.id).state is ForwardState.WITHDRAWN
    assert known(home, "p1").state is CandidateState.ACTIVE
    lines = {(line.field, line.by) for line in people.history(home.desk, "p1")}
    assert ("consent_withdrawn", BY_PERSON) in lines and ("state", BY_PERSON) not in lines
    with pytest.raises(Refused):
        put_forward(home, "p1", offer.key)


def test_who_wants_to_be_kept_no_longer_is_erased_after_a_month(town: Place) -> None:
    person, other = register(town), register(town, first_name="Léa")
    for one in (person, other):
        withdrawing.withdraw(town.desk, one.id, BY_PERSON, ConsentScope.KEEP)
    left = known(town, person.id)
    assert left.readiness is None and all(one.withdrawn_at for one in left.consents)
    wait(town, days=29)
    people.set_state(town.desk, other.id, CandidateState.ACTIVE, ANNE)
    assert retention.apply_retention(town.desk) == retention.Retention((), 0)
    wait(town, days=2)
    assert retention.apply_retention(town.desk) == retention.Retention((), 1)
    assert town.candidate(person.id) is None
    assert known(town, other.id).state is CandidateState.ACTIVE


def test_two_years_of_silence_a_notice_and_a_month_more(town: Place) -> None:
    silent, answers, active = register(town), register(town, first_name="Léa"), register(town, first_name="Ali")
    wait(town, days=729)
    contacts.add_contact(town.desk, active.id, ContactChannel.PHONE, "", ANNE)
    assert retention.apply_retention(town.desk) == retention.Retention((), 0)
    wait(town, days=2)
    assert set(retention.apply_retention(town.desk).noticed) == {silent.id, answers.id}
    assert retention.apply_retention(town.desk) == retention.Retention((), 0)
    assert set(waiting(town)[Waiting.NOTICE]) == {silent.id, answers.id}
    wait(town, days=29)
    people.seen(town.desk, answers.id)
    assert retention.apply_retention(town.desk) == retention.Retention((), 0)
    wait(town, days=1)
    assert retention.apply_retention(town.desk) == retention.Retention((), 1)
    assert town.candidate(silent.id) is None
    assert known(town, answers.id).notice_on is None
    wait(town, days=800)
    assert set(retention.apply_retention(town.desk).noticed) == {answers.id, active.id}, "a new silence, a new notice"


def test_somebody_of_whom_nothing_is_known_counts_from_now_on(town: Place) -> None:
    town.enrol(candidate(1, readiness=None, consents=()))
    assert retention.apply_retention(town.desk) == retention.Retention((), 0)
    assert known(town, "p1").registered == town.desk.today()
    wait(town, days=729)
    assert retention.apply_retention(town.desk) == retention.Retention((), 0)


def test_a_notice_that_was_answered_elsewhere_is_cleared(town: Place) -> None:
    town.enrol(candidate(1, notice_on=town.desk.today() - timedelta(days=40), last_seen=town.desk.today()))
    assert retention.apply_retention(town.desk) == retention.Retention((), 0)
    assert known(town, "p1") == replace(candidate(1, last_seen=town.desk.today()), notice_on=None)
