"""Workshops and posters, from a counsellor's pages."""

from datetime import timedelta

from node.mission.accounts.roles import Role
from node.mission.deposits.deposit import Channel
from node.mission.people.candidate import CvState
from node.mission.workshops.workshop import Attendance, WorkshopState
from node.services.deposits import deposits
from node.services.people import files
from node.services.workshops import workshops
from tests.node.registering import register_person
from tests.node.web.conftest import Town, words


def test_a_workshop_from_its_plan_to_who_came(town: Town) -> None:
    desk, visitor = town.node.desk, town.signed_in(Role.COUNSELLOR)
    person = register_person(desk, {"first_name": "Luc", "last_name": "Fabre"}, "anne")
    day = desk.today() + timedelta(days=2)
    wrong = visitor.send_form(
        "/ateliers/nouveau", day=day.isoformat(), hour="25:00", seats="3", minutes="120", room="Salle 2"
    )
    assert wrong.status_code == 422 and 'value="25:00"' in wrong.text
    answer = visitor.send_form(
        "/ateliers/nouveau", follow=False, day=day.isoformat(), hour="14:00", seats="1", minutes="120", room="Salle 2"
    )
    path = answer.headers["location"]
    workshop_id = path.rpartition("/")[2]
    assert workshops.one_workshop(desk, workshop_id)[0].starts.hour in (12, 13), "14:00 in Paris"
    assert person.id in visitor.send_form(f"{path}/chercher", path, text="fabre").text
    visitor.send_form(f"{path}/inviter", path, personne=person.id)
    assert files.person_file(desk, person.id).person.cv_state is CvState.WORKSHOP
    other = register_person(desk, {"last_name": "Petit"}, "anne")
    visitor.send_form(f"{path}/inviter", path, personne=other.id)
    assert workshops.one_workshop(desk, workshop_id)[0].taken == 1, "it is full"
    calendar = visitor.get(f"{path}/{person.id}/invitation.ics")
    assert b"BEGIN:VEVENT" in calendar.content and b"Petit" not in calendar.content
    assert visitor.get(f"{path}/{other.id}/invitation.ics").status_code == 404
    visitor.send_form(f"{path}/{person.id}", path, presence="accepted")
    town.clock.moment += timedelta(days=2, hours=4)
    again = town.signed_in(Role.COUNSELLOR)
    again.send_form(f"{path}/{person.id}", path, presence="present")
    place = workshops.one_workshop(desk, workshop_id)[0].place_of(person.id)
    assert place is not None and place.attendance is Attendance.PRESENT
    with town.node.database.read() as uow:
        trail = [(one.account, one.what) for one in uow.accounts.accesses_to(person.id)]
        assert trail == [(town.account(Role.COUNSELLOR).id, "edit")] * 3, "the place, the answer, who came"
        assert not uow.accounts.accesses_to(other.id), "there was no place"


def test_cancelling(town: Town) -> None:
    desk, visitor = town.node.desk, town.signed_in(Role.COUNSELLOR)
    workshop = workshops.plan(desk, desk.now() + timedelta(days=1), "Salle 2", "anne")
    person = register_person(desk, {"last_name": "Fabre"}, "anne")
    workshops.invite(desk, workshop.id, person.id, "anne")
    visitor.send_form(f"/ateliers/{workshop.id}/annuler", f"/ateliers/{workshop.id}")
    assert workshops.one_workshop(desk, workshop.id)[0].state is WorkshopState.CANCELLED
    assert b"METHOD:CANCEL" in visitor.get(f"/ateliers/{workshop.id}/{person.id}/invitation.ics").content


def test_posters_tell_deposits_apart(town: Town) -> None:
    desk, visitor = town.node.desk, town.signed_in(Role.COUNSELLOR)
    assert visitor.send_form("/affiches", label="").status_code == 422
    visitor.send_form("/affiches", label="Forum de l'emploi", kind="event")
    (source,) = deposits.sources(desk)
    handed = deposits.Handed(channel=Channel.QR, source=source.id, last_name="Fabre", phone="0611223344")
    deposits.hand_in(desk, handed)
    page = visitor.text("/affiches")
    assert f"/deposer/{source.id}" in page and "Forum de l'emploi" in page
    assert visitor.get(f"/affiches/{source.id}.pdf").content.startswith(b"%PDF")
    visitor.send_form(f"/affiches/{source.id}", label="Forum de Montluçon")
    assert deposits.sources(desk)[0].label == "Forum de Montluçon"
    empty = visitor.send_form(f"/affiches/{source.id}", label="")
    assert empty.status_code == 422 and "Remplissez ce champ." in words(empty)
    shown = visitor.text(f"/affiches/{source.id}")
    assert "<dt>Reçus</dt><dd>1</dd>" in shown and "<dt>En attente</dt><dd>1</dd>" in shown
    visitor.send_form(f"/affiches/{source.id}/fermer", f"/affiches/{source.id}")
    assert f"/affiches/{source.id}.pdf" not in visitor.text("/affiches") + visitor.text(f"/affiches/{source.id}")
    assert deposits.sources(desk)[0].closed is not None
    for unknown in ("/affiches/inconnu.pdf", "/affiches/inconnu"):
        assert visitor.get(unknown).status_code == 404


def test_a_cv_after_the_workshop(town: Town) -> None:
    desk, visitor = town.node.desk, town.signed_in(Role.COUNSELLOR)
    workshop = workshops.plan(desk, desk.now() + timedelta(minutes=30), "Salle 2", "anne")
    person = register_person(desk, {"last_name": "Fabre"}, "anne")
    workshops.invite(desk, workshop.id, person.id, "anne")
    town.clock.moment += timedelta(hours=1)
    page = f"/ateliers/{workshop.id}"
    csrf = visitor.get(page).text.split('name="csrf" value="')[1].split('"')[0]
    visitor.post(
        f"{page}/{person.id}",
        data={"csrf": csrf},
        files={"document": ("cv.txt", b"Luc Fabre, preparateur", "text/plain")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    place = workshops.one_workshop(desk, workshop.id)[0].place_of(person.id)
    assert place is not None and place.cv_after
