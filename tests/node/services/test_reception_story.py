"""Montluçon receives a CV by the poster of a job fair, makes it good, signs it, and erases it one day."""

from datetime import timedelta
from pathlib import Path

import pytest

from node.errors import NotFound
from node.mission.candidates import CandidateState, ConsentScope, CvState, Diploma, Experience, Hours, Job, Met
from node.mission.files import ContactChannel
from node.mission.partners import Eligibility, Help, ObstacleKind
from node.mission.quality import GapCode
from node.mission.reception import Channel, DepositState, DocumentKind, SourceKind
from node.mission.workshops import Attendance
from node.services.reception import deposits, documents, files, people, quality, rights, today, workshops
from node.services.reception.documents import Upload
from tests.node.mission.samples import MONTLUCON, WAREHOUSE
from tests.node.stage import Place

ANNE, REMI = "anne", "remi"
CV = Upload("cv.pdf", "application/pdf", b"%PDF-1.7 Zoulikha Benmansour" * 50)


def hand_in(town: Place, **changes: object) -> str:
    fields = {
        "channel": Channel.QR,
        "first_name": "Zoulikha",
        "last_name": "Benmansour",
        "phone": "06 12 34 56 78",
        "keep": True,
        "network": True,
        "upload": CV,
    }
    return deposits.deposit(town.desk, deposits.Handed(**fields | changes)).id  # type: ignore[arg-type]


def confirmed(town: Place, skills: int = 3) -> dict[str, object]:
    known = town.desk.referential().skills
    codes = known.for_occupation(WAREHOUSE)[:skills]
    return {
        "first_name": "Zoulikha",
        "last_name": "Benmansour",
        "phone": "06 12 34 56 78",
        "commune": MONTLUCON,
        "occupations": (Experience(rome=WAREHOUSE, months=48),),
        "skills": frozenset(codes),
        "jobs": (Job(title="Préparatrice de commandes", employer="Entrepôts du Cher", start="2021-03", current=True),),
        "diplomas": (Diploma(label="CAP Vente", level=3, year=2004),),
        "hours": Hours.FULL,
        "vehicle": True,
    }


def test_from_the_poster_to_ready_and_to_the_erasure(town: Place, tmp_path: Path) -> None:
    desk = town.desk
    poster = deposits.open_source(desk, SourceKind.EVENT, "Forum de l'emploi")
    waiting = hand_in(town, source=poster.id)
    assert hand_in(town, source=poster.id) == waiting, "the form sent twice is one deposit"
    page = deposits.waiting_deposits(desk)
    assert (page.count, page.rows[0].state) == (1, DepositState.WAITING)
    assert today.today(desk, ANNE).groups[0].items[0].id == waiting

    person = deposits.accept_deposit(desk, waiting, confirmed(town), ANNE)
    assert person.reference == "2026-00001"
    assert (person.owner, person.source, person.cv_state) == (ANNE, poster.id, CvState.RECEIVED)
    assert {one.scope for one in person.consents} == {ConsentScope.KEEP, ConsentScope.NETWORK}
    (cv,) = documents.documents_of(desk, person.id)
    assert documents.read_document(desk, cv.id)[1] == CV.content

    quality.set_cv_state(desk, person.id, CvState.TO_REWORK, ANNE)
    assert GapCode.NOT_MET in {gap.code for gap in quality.gaps(desk, person.id)}
    with pytest.raises(quality.NotReady):
        quality.sign_ready(desk, person.id, ANNE)

    workshop = workshops.plan(desk, desk.now() + timedelta(days=2), "Salle 2", ANNE)
    workshops.invite(desk, workshop.id, person.id, ANNE)
    assert town.candidate(person.id).cv_state is CvState.WORKSHOP  # type: ignore[union-attr]
    workshops.answer(desk, workshop.id, person.id, Attendance.ACCEPTED, ANNE)
    town.node.federation.clock.moment += timedelta(days=2, hours=3)  # type: ignore[attr-defined]
    after = Upload("cv.pdf", "application/pdf", b"%PDF-1.7 better", DocumentKind.CV_AFTER)
    workshops.record_attendance(desk, workshop.id, person.id, True, ANNE, after)

    files.save_local(desk, person.id, ANNE, obstacles=[(ObstacleKind.MOBILITY, "")], eligibilities=[Eligibility.RSA])
    partner = files.save_partner(desk, "Auto-école solidaire", [Help.MOBILITY])
    files.refer(desk, person.id, partner.id, Help.MOBILITY, "Permis B", ANNE, follow_up_on=desk.today())
    files.add_contact(
        desk, person.id, ContactChannel.PHONE, "Relance", ANNE, next_step="Rappeler", next_on=desk.today()
    )
    signed = quality.sign_ready(desk, person.id, ANNE, met=Met.IN_PERSON)
    assert signed.is_ready(desk.today()) and signed.cv_state is CvState.READY
    assert town.candidate(person.id) == signed
    shown = people.person_file(desk, person.id)
    assert [one.code for one in shown.gaps if one.blocking] == []
    told = {line.field for line in people.history(desk, person.id)}
    assert {"created", "workshop", "local", "ready", "consent_given"} <= told
    everything = rights.everything_about(desk, person.id)
    assert "RSA" in str(everything) and "Benmansour" in str(everything)

    files.hand_over(desk, person.id, REMI, ANNE, "Je pars en congé.")
    assert town.candidate(person.id).owner == REMI  # type: ignore[union-attr]
    hand_in(town)
    folder = Path(town.node.config.database_url.removeprefix("sqlite:///")).parent
    assert any(b"Benmansour" in file.read_bytes() for file in folder.glob("*.db*"))
    rights.erase(desk, person.id)
    with pytest.raises(NotFound):
        people.person_file(desk, person.id)
    assert not any(b"Benmansour" in file.read_bytes() for file in folder.glob("*.db*"))
    assert not any(b"benmansour" in file.read_bytes() for file in folder.glob("*.db*"))
    assert deposits.waiting_deposits(desk).count == 0


def test_withdrawing_to_keep(town: Place) -> None:
    person = deposits.accept_deposit(town.desk, hand_in(town), confirmed(town), ANNE)
    rights.withdraw(town.desk, person.id, "candidate", ConsentScope.KEEP)
    left = town.candidate(person.id)
    assert left is not None
    assert left.state is CandidateState.WITHDRAWN
    assert all(one.withdrawn_at for one in left.consents)
    assert rights.apply_retention(town.desk).erased == 0
    town.node.federation.clock.moment += timedelta(days=31)  # type: ignore[attr-defined]
    assert rights.apply_retention(town.desk).erased == 1
    assert town.candidate(person.id) is None
