"""Montluçon receives a CV by the poster of a job fair, makes it good, signs it, and erases it one day."""

from datetime import timedelta

import pytest

from node.kit.errors import NotFound
from node.mission.agreements.consent import ConsentScope
from node.mission.deposits.deposit import DepositState, SourceKind
from node.mission.people.candidate import CvState, Met
from node.mission.people.contacts import ContactChannel
from node.mission.people.documents import DocumentKind
from node.mission.people.partners import Eligibility, Help, ObstacleKind
from node.mission.people.quality import LackCode
from node.mission.workshops.workshop import Attendance
from node.services.agreements import erasing
from node.services.deposits import deposits
from node.services.my_space import download
from node.services.people import contacts, documents, obstacles, quality
from node.services.people import files as people
from node.services.people.documents import Upload
from node.services.team import handover, today
from node.services.workshops import workshops
from tests.node.services.counter import ANNE, CV, REMI, confirmed, files_with, hand_in, known, wait
from tests.node.stage import Place


def test_from_the_poster_to_ready_and_to_the_erasure(town: Place) -> None:
    desk = town.desk
    poster = deposits.open_source(desk, SourceKind.EVENT, "Forum de l'emploi")
    waiting = hand_in(town, source=poster.id)
    page = deposits.waiting_deposits(desk)
    assert (page.count, page.rows[0].state) == (1, DepositState.WAITING)
    assert today.today(desk, ANNE).groups[0].items[0].id == waiting.id

    person = deposits.accept_deposit(desk, waiting.id, confirmed(town), ANNE)
    assert person.reference == "2026-00001"
    assert (person.owner, person.source, person.cv_state) == (ANNE, poster.id, CvState.RECEIVED)
    assert {one.scope for one in person.consents} == {ConsentScope.KEEP, ConsentScope.NETWORK}
    (cv,) = people.person_file(desk, person.id).documents
    assert documents.read_document(desk, cv.id) == (cv, CV.content)

    quality.set_cv_state(desk, person.id, CvState.TO_REWORK, ANNE)
    assert LackCode.NOT_MET in {gap.code for gap in quality.gaps(desk, person.id)}
    with pytest.raises(quality.NotReady):
        quality.sign_ready(desk, person.id, ANNE)

    workshop = workshops.plan(desk, desk.now() + timedelta(days=2), "Salle 2", ANNE)
    workshops.invite(desk, workshop.id, person.id, ANNE)
    assert known(town, person.id).cv_state is CvState.WORKSHOP
    workshops.note_answer(desk, workshop.id, person.id, Attendance.ACCEPTED, ANNE)
    wait(town, days=2, hours=3)
    after = Upload("cv.pdf", "application/pdf", b"%PDF-1.7 better", DocumentKind.CV_AFTER)
    held = workshops.record_attendance(desk, workshop.id, person.id, True, ANNE, after)
    assert [(place.cv_before != "", place.cv_after != "") for place in held.places] == [(True, True)]

    obstacles.save_local(
        desk, person.id, ANNE, obstacles=[(ObstacleKind.MOBILITY, "")], eligibilities=[Eligibility.RSA]
    )
    partner = obstacles.save_partner(desk, "Auto-école solidaire", [Help.MOBILITY])
    obstacles.refer(desk, person.id, partner.id, Help.MOBILITY, "Permis B", ANNE, follow_up_on=desk.today())
    day = desk.today()
    contacts.add_contact(desk, person.id, ContactChannel.PHONE, "Relance", ANNE, next_step="Rappeler", next_on=day)
    signed = quality.sign_ready(desk, person.id, ANNE, met=Met.IN_PERSON)
    assert signed.is_ready(day) and signed.cv_state is CvState.READY
    assert known(town, person.id) == signed
    shown = people.person_file(desk, person.id)
    assert [one.code for one in shown.gaps if one.blocking] == []
    told = {line.field for line in people.history(desk, person.id)}
    assert {"created", "workshop", "local", "ready", "consent_given", "referral", "contact"} <= told
    everything = str(download.everything_about(desk, person.id))
    assert "RSA" in everything and "Benmansour" in everything

    handover.hand_over(desk, person.id, REMI, ANNE, "Je pars en congé.")
    assert known(town, person.id).owner == REMI
    hand_in(town)
    assert files_with(town, "Benmansour")
    erasing.erase(desk, person.id)
    with pytest.raises(NotFound):
        people.person_file(desk, person.id)
    assert [files_with(town, word) for word in ("Benmansour", "benmansour", "0612345678", "en congé")] == [[]] * 4
    assert deposits.waiting_deposits(desk).count == 0
