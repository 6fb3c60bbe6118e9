"""Invitations to workshops go into any calendar, and out again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event, Timezone

from node.documents.dates import french_moment
from node.documents.invitation import Appointment, Guest, cancellation, invitation
from tests.node.documents.people import MONTLUCON, NOW

WORKSHOP = Appointment(
    uid="atelier-12@montlucon.emploi.example",
    title="Atelier CV",
    starts=datetime(2027, 3, 29, 7, 30, tzinfo=UTC),
    ends=datetime(2027, 3, 29, 9, 30, tzinfo=UTC),
    place="Mairie, salle 2",
    mission=MONTLUCON,
    notes="Venez avec votre CV, s'il y en a un.",
)
AICHA = Guest(name="Aïcha N'Diaye", email="aicha@example.fr")


def _event(content: bytes) -> Event:
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.events
    return event


def test_an_invitation_says_when_and_where_in_paris() -> None:
    content = invitation(WORKSHOP, AICHA, NOW)
    event = _event(content)
    assert Calendar.from_ical(content)["METHOD"] == "REQUEST"
    assert event["UID"] == WORKSHOP.uid
    assert event.start == WORKSHOP.starts
    assert event.end == WORKSHOP.ends
    assert b"DTSTART;TZID=Europe/Paris:20270329T093000" in content
    assert b"BEGIN:VTIMEZONE" in content
    assert event["LOCATION"] == "Mairie, salle 2"
    assert event["ATTENDEE"] == "mailto:aicha@example.fr"
    assert event["ATTENDEE"].params["CN"] == "Aïcha N'Diaye"
    assert event["ORGANIZER"] == "mailto:emploi@montlucon.example"
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_a_cancellation_takes_out_the_same_event() -> None:
    content = cancellation(replace(WORKSHOP, revision=1), AICHA, NOW)
    event = _event(content)
    assert Calendar.from_ical(content)["METHOD"] == "CANCEL"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (WORKSHOP.uid, 1, "CANCELLED")


def test_without_an_address_it_is_an_appointment() -> None:
    content = invitation(WORKSHOP, Guest(name="Paul"), NOW)
    assert Calendar.from_ical(content)["METHOD"] == "PUBLISH"
    assert "ATTENDEE" not in _event(content)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_typed_there_is_one_event_and_one_guest(title: str, name: str, notes: str) -> None:
    content = invitation(
        replace(WORKSHOP, title=title, notes=notes, place=title), Guest(name=name, email="a@b.fr"), NOW
    )
    event = _event(content)
    assert event["ATTENDEE"] == "mailto:a@b.fr"
    assert event["UID"] == WORKSHOP.uid
    assert len(Calendar.from_ical(content).walk("VALARM")) == 1


@pytest.mark.parametrize("address", ["a@b.fr\r\nATTENDEE:mailto:c@d.fr", "a@b.fr\nSUMMARY:x", "a b@c.fr", "@", "a"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        invitation(WORKSHOP, Guest(name="x", email=address), NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends": WORKSHOP.starts},
        {"starts": datetime(2027, 3, 29, 7, 30)},  # noqa: DTZ001
        {"uid": ""},
        {"uid": "a\nb"},
    ],
)
def test_a_workshop_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="workshop"):
        invitation(replace(WORKSHOP, **wrong), AICHA, NOW)  # type: ignore[arg-type]


def test_the_time_zone_is_in_the_file() -> None:
    (zone,) = Calendar.from_ical(invitation(WORKSHOP, AICHA, NOW)).walk("VTIMEZONE")
    assert isinstance(zone, Timezone)
    assert zone.to_tz().utcoffset(datetime(2027, 3, 29, 9, 30)) == timedelta(hours=2)  # noqa: DTZ001


def test_moments_are_said_in_paris() -> None:
    assert french_moment(WORKSHOP.starts).replace("\u00a0", " ") == "29 mars 2027 à 9 h 30"
