"""A person's file at Montluçon: fields, contacts, agreements, obstacles, referrals, the signature."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from node.kit.errors import BadInput, NotFound
from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import CandidateState, CvState, Met
from node.mission.people.contacts import ContactChannel
from node.mission.people.history import Change
from node.mission.people.partners import Eligibility, Help, Local, ObstacleKind, ReferralState
from node.mission.people.ports import RegisterFilter
from node.mission.people.quality import LackCode
from node.mission.workshops.workshop import Attendance
from node.services.actors import BY_PERSON
from node.services.agreements import recording
from node.services.desk import Refused
from node.services.people import contacts, files, obstacles, quality
from node.services.people import files as people
from node.services.people.documents import Upload
from node.services.people.saving import BadFields
from node.services.workshops import workshops
from tests.node.registering import register_person
from tests.node.services.counter import ANNE, REMI, confirmed, known, register, wait
from tests.node.stage import Place


def last_line(town: Place, name: str) -> Change:
    """The newest of a person's history."""
    with town.node.database.read() as uow:
        return uow.files.history(name)[0]


def fields_of(caught: "pytest.ExceptionInfo[BadFields]") -> list[str]:
    return [problem.field for problem in caught.value.problems]


def told(town: Place, name: str) -> list[tuple[str, str, str]]:
    """The history, oldest first: field, before, after."""
    return [(line.field, line.before, line.after) for line in reversed(people.history(town.desk, name))]


def test_a_file_is_opened_and_amended_with_its_history(town: Place) -> None:
    person = register(town)
    assert (person.reference, person.owner, person.registered) == ("2026-00001", ANNE, town.desk.today())
    assert register(town, first_name="Léa").reference == "2026-00002"
    after = people.amend(
        town.desk, person.reference, {"phone": "07 00 00 00 00", "birth_date": date(1980, 5, 1), "vehicle": False}, REMI
    )
    assert after == known(town, person.id)
    assert told(town, person.id)[3:] == [
        ("phone", "+33612345678", "+33700000000"),
        ("birth_date", "", ""),
        ("vehicle", "oui", "non"),
    ]
    assert people.amend(town.desk, person.id, {"phone": "0700000000"}, REMI) == after
    assert len(told(town, person.id)) == 6
    with pytest.raises(BadFields) as caught:
        people.amend(town.desk, person.id, {"phone": "demain", "email": "x", "mobility_km": -3}, REMI)
    assert fields_of(caught) == ["email", "phone", "mobility_km"]
    assert known(town, person.id) == after
    with pytest.raises(ValueError, match="readiness"):
        people.amend(town.desk, person.id, {"readiness": None}, REMI)
    with pytest.raises(NotFound):
        people.amend(town.desk, "nobody", {}, REMI)


def test_a_number_that_nobody_could_read_stays_until_it_is_corrected(town: Place) -> None:
    person = register(town)
    with town.node.database.write() as uow:
        uow.candidates.save(replace(person, phone="061234567"))
    for typed in ({}, {"phone": "061234567"}):
        after = people.amend(town.desk, person.id, typed | {"vehicle": not known(town, person.id).vehicle}, REMI)
        assert after.phone == "061234567" == people.amend_own(town.desk, person.id, typed | {"words": "Bonjour"}).phone
    with pytest.raises(BadFields) as caught:
        people.amend(town.desk, person.id, {"phone": "06123456"}, REMI)
    assert fields_of(caught) == ["phone"] and "06123456" not in str(caught.value)
    assert people.amend(town.desk, person.id, {"phone": "+262 (0)692 12 34 56"}, REMI).phone == "+262692123456"


def test_the_person_corrects_their_own_data(town: Place) -> None:
    person = register(town)
    wait(town, days=3)
    after = people.amend_own(town.desk, person.id, {"email": "z@courriel.example"})
    assert (after.email, after.last_seen) == ("z@courriel.example", town.desk.today())
    assert people.history(town.desk, person.id)[0].by == BY_PERSON
    wait(town, days=1)
    people.seen(town.desk, person.id)
    assert known(town, person.id).last_seen == town.desk.today()
    people.seen(town.desk, person.id)


def test_the_register_comes_in_pages(town: Place) -> None:
    for name in ("Ali", "Bao", "Chloé"):
        register(town, first_name=name, last_name="Zed")
    first = people.register_page(town.desk, RegisterFilter(), 1, 2)
    second = people.register_page(town.desk, RegisterFilter(), 2, 2)
    assert (first.count, [one.first_name for one in (*first.rows, *second.rows)]) == (3, ["Ali", "Bao", "Chloé"])


def test_a_contact_with_its_next_step(town: Place) -> None:
    person, day = register(town), town.desk.today()
    contact = contacts.add_contact(
        town.desk, person.id, ContactChannel.PHONE, "Cherche à mi-temps", ANNE, next_step="Rappeler", next_on=day
    )
    assert (contact.next_owner, known(town, person.id).last_contact) == (ANNE, day)
    later = contacts.postpone_step(town.desk, contact.id, day + timedelta(days=2), ANNE)
    line = last_line(town, contact.candidate)
    assert (line.field, line.by, line.after) == ("step_postponed", ANNE, (day + timedelta(days=2)).isoformat())
    assert later.next_on == day + timedelta(days=2)
    done = contacts.complete_step(town.desk, contact.id, REMI)
    assert done.done_on == day
    assert contacts.complete_step(town.desk, contact.id, REMI) == done
    with pytest.raises(NotFound):
        contacts.postpone_step(town.desk, contact.id, day, ANNE)
    with pytest.raises(BadFields):
        contacts.postpone_step(town.desk, contact.id, day - timedelta(days=1), ANNE)
    with pytest.raises(NotFound):
        contacts.complete_step(town.desk, "nothing", ANNE)


def test_an_internal_note_is_no_contact(town: Place) -> None:
    person = register(town)
    contacts.add_contact(town.desk, person.id, ContactChannel.NOTE, "Dossier complet", ANNE)
    assert known(town, person.id).last_contact is None


def test_contacts_that_cannot_be(town: Place) -> None:
    person, day = register(town), town.desk.today()
    call = ContactChannel.PHONE
    with pytest.raises(BadFields) as caught:
        contacts.add_contact(town.desk, person.id, call, "", ANNE, on=day + timedelta(days=1), next_step="Rappeler")
    assert fields_of(caught) == ["on", "next_on"]
    with pytest.raises(BadFields) as caught:
        contacts.add_contact(town.desk, person.id, call, "", ANNE, next_on=day)
    assert fields_of(caught) == ["next_step"]
    with pytest.raises(BadFields) as caught:
        contacts.add_contact(town.desk, person.id, call, "x" * 4001, ANNE)
    assert fields_of(caught) == ["text"]
    assert people.person_file(town.desk, person.id).contacts == ()


def test_signed_after_a_meeting_and_lapsed_after_six_months(town: Place) -> None:
    person = register(town)
    with pytest.raises(quality.NotReady) as caught:
        quality.sign_ready(town.desk, person.id, ANNE)
    assert [gap.code for gap in caught.value.gaps] == [LackCode.NOT_MET]
    with pytest.raises(BadFields):
        quality.sign_ready(town.desk, person.id, ANNE, met=Met.BY_PHONE, met_on=town.desk.today() + timedelta(days=1))
    assert people.person_file(town.desk, person.id).contacts == ()

    contacts.add_contact(town.desk, person.id, ContactChannel.PHONE, "", ANNE)
    wait(town, days=4)
    signed = quality.sign_ready(town.desk, person.id, ANNE)
    assert signed.readiness is not None
    assert (signed.readiness.met, signed.readiness.met_on) == (Met.BY_PHONE, town.desk.today() - timedelta(days=4))
    assert (signed.readiness.by, signed.readiness.on) == (ANNE, town.desk.today())
    assert quality.lapse_signatures(town.desk) == 0
    wait(town, days=184)
    assert not known(town, person.id).is_ready(town.desk.today())
    assert quality.lapse_signatures(town.desk) == 1
    assert quality.lapse_signatures(town.desk) == 0
    assert known(town, person.id).cv_state is CvState.TO_REWORK
    assert "ready_lapsed" in {line[0] for line in told(town, person.id)}
    again = quality.sign_ready(town.desk, person.id, REMI, met=Met.IN_PERSON)
    assert again.first_ready == signed.first_ready
    assert people.person_file(town.desk, person.id).contacts[0].channel is ContactChannel.IN_PERSON


def test_back_to_rework_takes_the_signature_off(town: Place) -> None:
    person = register(town)
    quality.sign_ready(town.desk, person.id, ANNE, met=Met.IN_PERSON)
    after = quality.set_cv_state(town.desk, person.id, CvState.TO_REWORK, ANNE)
    assert (after.readiness, after.cv_state) == (None, CvState.TO_REWORK)
    assert told(town, person.id)[-1] == ("cv_state", "Prêt", "À retravailler")
    with pytest.raises(BadInput):
        quality.set_cv_state(town.desk, person.id, CvState.READY, ANNE)


def test_agreements_are_recorded_once(town: Place) -> None:
    person, day = register(town), town.desk.today()
    same = recording.give_consent(town.desk, person.id, ConsentScope.KEEP, "encore", ANNE)
    assert same.consents == person.consents
    offer = recording.give_consent(town.desk, person.id, ConsentScope.OFFER, "au téléphone", ANNE, offer="n/o1")
    assert offer.consents[-1].until == day + timedelta(days=90)
    for wrong, field in (
        ({"given_on": day + timedelta(days=1)}, "given_on"),
        ({"until": day - timedelta(days=1)}, "until"),
        ({"offer": "n/o1"}, "offer"),
    ):
        with pytest.raises(BadFields) as caught:
            recording.give_consent(town.desk, person.id, ConsentScope.NETWORK, "signé", ANNE, **wrong)
        assert fields_of(caught) == [field]
    with pytest.raises(BadFields):
        recording.give_consent(town.desk, person.id, ConsentScope.KEEP, " ", ANNE)


def test_found_work(town: Place) -> None:
    person = register(town)
    assert files.set_state(town.desk, person.id, CandidateState.PLACED, ANNE).state is CandidateState.PLACED
    assert told(town, person.id)[-1] == ("state", "En recherche", "En poste")
    with pytest.raises(BadFields):
        files.set_state(town.desk, person.id, CandidateState.WITHDRAWN, ANNE)


def test_obstacles_come_and_go_and_the_history_never_says_which(town: Place) -> None:
    person, day = register(town), town.desk.today()
    assert obstacles.read_local(town.desk, person.id) == Local()

    def write(*standing: tuple[ObstacleKind, str]) -> Local:
        return obstacles.save_local(
            town.desk, person.id, ANNE, obstacles=standing, eligibilities=[Eligibility.RQTH], note="Suivi CCAS"
        )

    write((ObstacleKind.MOBILITY, "Sans permis"), (ObstacleKind.HEALTH, ""))
    wait(town, days=5)
    solved = write((ObstacleKind.HEALTH, "Mieux"))
    assert {one.kind: (one.since, one.solved_on) for one in solved.obstacles} == {
        ObstacleKind.MOBILITY: (day, day + timedelta(days=5)),
        ObstacleKind.HEALTH: (day, None),
    }
    wait(town, days=1)
    back = write((ObstacleKind.MOBILITY, "Permis suspendu"))
    assert [one.kind for one in back.standing()] == [ObstacleKind.MOBILITY]
    assert back.standing()[0].since == day + timedelta(days=6)
    assert obstacles.read_local(town.desk, person.id) == back
    assert write((ObstacleKind.MOBILITY, "Permis suspendu")) == back
    lines = [line for line in told(town, person.id) if line[0] == "local"]
    assert lines == [("local", "", "")] * 3
    shown = str(people.history(town.desk, person.id)) + str(people.person_file(town.desk, person.id))
    assert "permis" not in shown.casefold() and "RQTH" not in shown and "CCAS" not in shown


def test_sent_to_a_partner_and_followed_up(town: Place) -> None:
    person, day = register(town), town.desk.today()
    partner = obstacles.save_partner(town.desk, "Auto-école solidaire", [Help.MOBILITY], phone="0470000000")
    known_as = obstacles.save_partner(
        town.desk, "Auto-école solidaire du Cher", [Help.MOBILITY, Help.PLIE], partner_id=partner.id
    )
    assert obstacles.partners(town.desk) == [known_as]
    assert (partner.phone, known_as.phone) == ("+33470000000", "")
    for typed in ("39 49", "04 70 00 00 00 poste 12"):
        # What no person has, a partner may.
        known_as = obstacles.save_partner(town.desk, known_as.name, known_as.helps, partner_id=partner.id, phone=typed)
        assert known_as.phone == typed
    referral = obstacles.refer(
        town.desk, person.id, partner.id, Help.MOBILITY, "Code de la route", ANNE, follow_up_on=day
    )
    taken = obstacles.follow_up(
        town.desk, referral.id, ReferralState.UNDER_WAY, "Inscrite", ANNE, follow_up_on=day + timedelta(days=30)
    )
    assert (taken.follow_up_on, taken.ended_on) == (day + timedelta(days=30), None)
    done = obstacles.follow_up(town.desk, referral.id, ReferralState.DONE, "Permis obtenu", ANNE, follow_up_on=day)
    assert (done.follow_up_on, done.ended_on) == (None, day)
    assert people.person_file(town.desk, person.id).referrals == (done,)
    obstacles.save_partner(town.desk, "Auto-école", [Help.MOBILITY], partner_id=partner.id, active=False)
    for wrong in (partner.id, "nothing"):
        with pytest.raises(NotFound):
            obstacles.refer(town.desk, person.id, wrong, Help.MOBILITY, "", ANNE)
    with pytest.raises(NotFound):
        obstacles.follow_up(town.desk, "nothing", ReferralState.DONE, "", ANNE)
    with pytest.raises(NotFound):
        obstacles.save_partner(town.desk, "X", [Help.OTHER], partner_id="nothing")
    with pytest.raises(BadFields):
        obstacles.save_partner(town.desk, "X", [])


def test_workshops_move_the_cv(town: Place) -> None:
    desk, person = town.desk, register(town)
    first = workshops.plan(desk, desk.now() + timedelta(days=1), "Salle 2", ANNE, seats=2)
    second = workshops.plan(desk, desk.now() + timedelta(days=2), "Salle 2", ANNE, title="Écrire son CV")
    workshops.invite(desk, first.id, person.id, ANNE)
    workshops.invite(desk, second.id, person.id, ANNE)
    workshops.note_answer(desk, first.id, person.id, Attendance.DECLINED, "candidate")
    assert known(town, person.id).cv_state is CvState.WORKSHOP, "another one waits"
    workshops.cancel(desk, second.id, ANNE)
    assert known(town, person.id).cv_state is CvState.TO_REWORK
    assert [one.id for one in workshops.upcoming(desk)] == [first.id, second.id]
    workshop, people_there = workshops.one_workshop(desk, first.id)
    assert workshop.taken == 0 and people_there[person.id].first_name == "Zoulikha"
    workshops.invite(desk, first.id, person.id, ANNE)
    wait(town, days=1, hours=1)
    workshops.record_attendance(desk, first.id, person.id, False, ANNE)
    assert (known(town, person.id).cv_state, known(town, person.id).last_contact) == (CvState.TO_REWORK, None)
    workshops.record_attendance(desk, first.id, person.id, True, ANNE)
    assert known(town, person.id).cv_state is CvState.WORKSHOP
    assert known(town, person.id).last_contact == desk.today()
    place = workshops.attach_cv(desk, first.id, person.id, Upload("a", "text/plain", b"after"), ANNE)
    assert place.cv_after


def test_a_signed_cv_stays_signed_in_a_workshop(town: Place) -> None:
    desk, person = town.desk, register(town)
    quality.sign_ready(desk, person.id, ANNE, met=Met.IN_PERSON)
    workshop = workshops.plan(desk, desk.now() + timedelta(days=1), "Salle 2", ANNE)
    workshops.invite(desk, workshop.id, person.id, ANNE)
    assert known(town, person.id).cv_state is CvState.READY


def test_workshops_that_cannot_be(town: Place) -> None:
    desk, person = town.desk, register(town)
    for wrong, field in (({"seats": 0}, "seats"), ({"minutes": 5}, "minutes"), ({"title": "x" * 200}, "title")):
        with pytest.raises(BadFields) as caught:
            workshops.plan(desk, desk.now() + timedelta(days=1), "Salle 2", ANNE, **wrong)
        assert fields_of(caught) == [field]
    with pytest.raises(BadFields) as caught:
        workshops.plan(desk, desk.now() - timedelta(days=1), "Salle 2", ANNE)
    assert fields_of(caught) == ["starts"]
    workshop = workshops.plan(desk, desk.now() + timedelta(days=1), "Salle 2", ANNE, seats=2)
    workshops.invite(desk, workshop.id, person.id, ANNE)
    workshops.invite(desk, workshop.id, register(town, first_name="Léa").id, ANNE)
    with pytest.raises(Refused) as refused:
        workshops.invite(desk, workshop.id, register(town, first_name="Ali").id, ANNE)
    assert refused.value.problem == "workshop_full"
    with pytest.raises(BadFields):
        workshops.change(desk, workshop.id, seats=1, actor=ANNE)
    assert workshops.change(desk, workshop.id, seats=3, room="Salle 4", actor=ANNE).room == "Salle 4"
    with pytest.raises(NotFound):
        workshops.one_workshop(desk, "nothing")


def test_a_file_opened_with_wrong_fields_is_not_opened(town: Place) -> None:
    with pytest.raises(BadFields) as caught:
        register_person(
            town.desk, confirmed(town, birth_date=town.desk.today() + timedelta(days=9), commune="00000"), ANNE
        )
    assert fields_of(caught) == ["commune", "birth_date"]
    assert people.register_page(town.desk, RegisterFilter()).count == 0
