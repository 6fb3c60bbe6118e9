"""Whoever is invited to a workshop is told of it, of its changes and of its end: by e-mail, or by a counsellor."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from icalendar import Calendar, Event

from node.mission.accounts.roles import Role
from node.mission.people.candidate import Candidate
from node.mission.workshops.workshop import Attendance, Workshop
from node.services.people import files
from node.services.workshops import workshops
from tests.node.conftest import french
from tests.node.registering import register_person
from tests.node.web.conftest import Town, Visitor, words
from tests.node.web.mail_sink import Sink


def enrol(town: Town, first: str = "Aïcha", email: str = "aicha@exemple.fr", phone: str = "") -> Candidate:
    fields = {"first_name": first, "last_name": "N'Diaye", "email": email, "phone": phone}
    return register_person(town.node.desk, fields, "anne")


def planned(town: Town) -> Workshop:
    starts = town.node.desk.now() + timedelta(days=2)
    return workshops.plan(town.node.desk, starts, "Mairie, salle 2", "anne", note="Apportez votre ancien CV.")


def invite(visitor: Visitor, workshop: Workshop, person: Candidate) -> str:
    page = f"/ateliers/{workshop.id}"
    return words(visitor.send_form(f"{page}/inviter", page, personne=person.id))


def change(town: Town, visitor: Visitor, workshop: Workshop, **changes: str) -> str:
    day = f"{town.node.desk.now() + timedelta(days=4):%Y-%m-%d}"
    fields: dict[str, Any] = {
        "day": day,
        "hour": "10:30",
        "seats": "3",
        "minutes": "90",
        "room": "Mairie, salle 2",
        "title": "Atelier CV",
    }
    return words(visitor.send_form(f"/ateliers/{workshop.id}/modifier", **fields | changes))


def cancel(visitor: Visitor, workshop: Workshop) -> str:
    return words(visitor.send_form(f"/ateliers/{workshop.id}/annuler"))


def event_of(mail: EmailMessage) -> tuple[str, Event]:
    """The attached calendar file: what it asks for, and its only event."""
    (part,) = mail.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part.get_filename() == "atelier.ics"
    calendar = Calendar.from_ical(part.get_content())
    assert isinstance(calendar, Calendar)
    assert part.get_param("method") == str(calendar["METHOD"]), "RFC 6047, 2.4"
    assert part.get_param("charset") == "UTF-8"
    (event,) = calendar.events
    return str(calendar["METHOD"]), event


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return french(body.get_content().replace("\r\n", "\n"))


def test_an_invitation_is_french_and_goes_into_a_calendar(town: Town, sink: Sink) -> None:
    workshop, visitor = planned(town), town.signed_in(Role.COUNSELLOR)
    assert "l'invitation est partie par courriel" in invite(visitor, workshop, enrol(town))
    (mail,) = sink.mails
    assert (mail["To"], mail["Auto-Submitted"]) == ("aicha@exemple.fr", "auto-generated")
    assert french(mail["Subject"]).startswith("Invitation : Atelier CV, ")
    text = text_of(mail)
    assert text.startswith("Bonjour Aïcha,\n\nUne place dans cet atelier vous est réservée :\n\nAtelier CV\n")
    assert ", de 10:00 à 12:00\nMairie, salle 2\nApportez votre ancien CV.\n" in text
    assert text.rstrip().endswith("04 70 02 55 00 · emploi@montlucon.fr")
    method, event = event_of(mail)
    assert (method, event["UID"], event["SEQUENCE"]) == ("REQUEST", f"{workshop.id}@{town.node.desk.node_id}", 0)
    assert (event["ATTENDEE"], event.start) == ("mailto:aicha@exemple.fr", workshop.starts)


def test_the_mail_is_in_the_nodes_language_whatever_the_counsellor_reads(town: Town, sink: Sink) -> None:
    visitor = town.signed_in(Role.COUNSELLOR, **{"Accept-Language": "en"})
    invite(visitor, planned(town), enrol(town))
    assert text_of(sink.mails[0]).startswith("Bonjour Aïcha,")


def test_a_change_is_the_same_event_one_revision_later(town: Town, sink: Sink) -> None:
    workshop, visitor = planned(town), town.signed_in(Role.COUNSELLOR)
    aicha, paul = enrol(town), enrol(town, "Paul", "paul@exemple.fr")
    for person in (aicha, paul):
        invite(visitor, workshop, person)
    workshops.note_answer(town.node.desk, workshop.id, aicha.id, Attendance.ACCEPTED, "anne")
    page = change(town, visitor, workshop, room="Médiathèque")
    assert "2 personnes sont prévenues par courriel." in page and "Invitation envoyée" in page
    changed = workshops.one_workshop(town.node.desk, workshop.id)[0]
    for mail, person in zip(sink.mails[2:], (aicha, paul), strict=True):
        assert mail["To"] == person.email
        assert french(mail["Subject"]).startswith("Changement : Atelier CV, ")
        assert "Votre atelier a changé." in text_of(mail) and "Médiathèque" in text_of(mail)
        method, event = event_of(mail)
        assert (method, event["UID"], event["SEQUENCE"]) == ("REQUEST", f"{workshop.id}@{town.node.desk.node_id}", 1)
        assert (event.start, event["LOCATION"]) == (changed.starts, "Médiathèque")
        other = paul if person is aicha else aicha
        assert other.first_name not in mail.as_string() and other.email not in mail.as_string()
    told = [line.after for line in files.history(town.node.desk, aicha.id) if line.field == "workshop"]
    assert told[0] == "Atelier CV : message envoyé par courriel" and "Médiathèque" in told[1]


def test_what_the_invited_need_not_know_is_not_told(town: Town, sink: Sink) -> None:
    workshop, visitor = planned(town), town.signed_in(Role.COUNSELLOR)
    invite(visitor, workshop, enrol(town))
    shown = visitor.get(f"/ateliers/{workshop.id}/modifier").text
    assert 'value="10:00"' in shown and 'value="Mairie, salle 2"' in shown
    same = {"day": f"{workshop.starts:%Y-%m-%d}", "hour": "10:00", "minutes": "120", "note": workshop.note}
    assert "L'atelier est modifié." in change(town, visitor, workshop, **same, seats="5")
    assert len(sink.mails) == 1
    assert workshops.one_workshop(town.node.desk, workshop.id)[0].seats == 5


def test_a_cancellation_takes_the_appointment_out(town: Town, sink: Sink) -> None:
    workshop, visitor = planned(town), town.signed_in(Role.COUNSELLOR)
    invite(visitor, workshop, enrol(town))
    assert "N'Diaye" in visitor.text(f"/ateliers/{workshop.id}/annuler")
    assert "1 personne est prévenue par courriel." in cancel(visitor, workshop)
    mail = sink.mails[1]
    assert french(mail["Subject"]).startswith("Annulé : Atelier CV, ")
    assert "Cet atelier n'aura pas lieu :" in text_of(mail)
    method, event = event_of(mail)
    assert (method, event["SEQUENCE"], event["STATUS"]) == ("CANCEL", 1, "CANCELLED")
    cancel(visitor, workshop)
    assert len(sink.mails) == 2, "a second press cancels nothing"


def test_whoever_has_no_address_is_called(town: Town, sink: Sink) -> None:
    workshop, visitor = planned(town), town.signed_in(Role.COUNSELLOR)
    luc = enrol(town, "Luc", email="", phone="0612345678")
    assert "À prévenir" in invite(visitor, workshop, luc)
    page = f"/ateliers/{workshop.id}"
    assert "tel:+33612345678" in visitor.get(page).text
    assert "À prévenir" not in words(visitor.send_form(f"{page}/{luc.id}/prevenu", page, revision="0"))
    assert "1 personne reste à prévenir." in change(town, visitor, workshop)
    again = words(visitor.send_form(f"{page}/{luc.id}/prevenu", page, revision="0"))
    assert "À prévenir" in again, "the page said an earlier hour"
    assert "1 personne à prévenir" in visitor.text("/ateliers")
    workshops.note_answer(town.node.desk, workshop.id, luc.id, Attendance.ACCEPTED, "anne")
    assert "À prévenir" not in visitor.text(page)
    assert "1 personne reste à prévenir." in cancel(visitor, workshop)
    assert sink.mails == []


def test_a_message_that_does_not_leave_waits_and_is_sent_again(
    town: Town, sink: Sink, everything_told: Callable[[], str]
) -> None:
    workshop, visitor = planned(town), town.signed_in(Role.COUNSELLOR)
    aicha, paul = enrol(town), enrol(town, "Paul", "paul@exemple.fr")
    sink.refused = {"aicha@"}
    assert "l'invitation n'est pas partie" in invite(visitor, workshop, aicha)
    invite(visitor, workshop, paul)
    page = visitor.text(f"/ateliers/{workshop.id}")
    assert "1 courriel n'est pas parti." in page and "Paul" not in page.split('id="places"')[0]
    sink.patience = 1
    said = change(town, visitor, workshop)
    assert "2 personnes restent à prévenir." in said and "2 courriels ne sont pas partis." in said
    sink.refused, sink.patience = set(), 1000
    sent = words(visitor.send_form(f"/ateliers/{workshop.id}/prevenir", f"/ateliers/{workshop.id}"))
    assert "2 personnes sont prévenues par courriel." in sent and "À prévenir" not in sent
    assert [mail["To"] for mail in sink.mails] == ["paul@exemple.fr", "aicha@exemple.fr", "paul@exemple.fr"]
    first = french(sink.mails[1]["Subject"])
    assert first.startswith("Invitation : "), "nobody told her before"
    logged = everything_told()
    assert "mail." in logged
    assert not any(secret in logged for secret in ("aicha", "Aïcha", "N'Diaye", "paul@", "Médiathèque", "ancien CV"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"day": "2020-01-01"}, "Cet atelier serait déjà terminé"),
        ({"hour": "25:00"}, "Indiquez une heure telle que 14:00."),
        ({"seats": "0"}, "Un atelier a de 1 à 12 places."),
        ({"room": ""}, "Remplissez ce champ."),
        ({"leader": "nobody"}, "Choisissez une des propositions."),
    ],
)
def test_a_change_that_cannot_be_is_shown_again(town: Town, wrong: dict[str, str], said: str) -> None:
    workshop, visitor = planned(town), town.signed_in(Role.COUNSELLOR)
    page = change(town, visitor, workshop, **{"note": "Rien à apporter."} | wrong)
    assert said in page and "Rien à apporter." in page
    assert workshops.one_workshop(town.node.desk, workshop.id)[0] == workshop


def test_what_is_over_or_cancelled_is_not_changed(town: Town) -> None:
    workshop, visitor = planned(town), town.signed_in(Role.COUNSELLOR)
    cancel(visitor, workshop)
    assert "Cet atelier a été annulé" in change(town, visitor, workshop)
    other = planned(town)
    town.clock.moment += timedelta(days=3)
    late = town.signed_in(Role.COUNSELLOR)
    assert "Cet atelier est terminé" in change(town, late, other)
    assert f"/ateliers/{other.id}/modifier" not in late.get(f"/ateliers/{other.id}").text


def test_an_address_of_old_that_is_none_keeps_nobody_from_being_told(town: Town, sink: Sink) -> None:
    """Earlier versions took in « paul@exemple.fr, »: such a person is told by a counsellor."""
    workshop, visitor = planned(town), town.signed_in(Role.COUNSELLOR)
    aicha, paul = enrol(town), enrol(town, "Paul", "paul@exemple.fr")
    with town.node.database.write() as uow:
        uow.candidates.save(replace(paul, email="chef,paul@exemple.fr"))
    for person in (paul, aicha):
        invite(visitor, workshop, person)
    assert [mail["To"] for mail in sink.mails] == ["aicha@exemple.fr"]
    page = change(town, visitor, workshop, room="Médiathèque")
    assert "1 personne est prévenue par courriel." in page and "1 personne reste à prévenir." in page
    file = visitor.get(f"/ateliers/{workshop.id}/{paul.id}/invitation.ics")
    assert file.status_code == 200 and b"ATTENDEE" not in file.content
