"""Invitations to workshops, as calendar files (RFC 5545, iTIP RFC 5546).

Guarantees: one file is for one person and names nobody else; the UID stays the same from the invitation to the
cancellation, so that a calendar replaces what it holds; times are in Paris with their own time zone definition, for
calendars that know none.

Read next: `dates.py`.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from node.documents.contact import MissionContact
from node.documents.dates import PARIS
from node.documents.lettering import one_line
from node.kit.clean_text import is_line

PRODUCT: Final = "-//Maillon//Ateliers//FR"
REMINDER: Final = timedelta(days=1)
_ADDRESS: Final = re.compile(r"[^@\s\x00-\x1f\x7f\";,<>]+@[^@\s\x00-\x1f\x7f\";,<>]+")
HALF_A_YEAR: Final = timedelta(days=183)
"""Around the workshop: enough of the time zone's history for any calendar to place it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A workshop as a calendar shows it. `uid` is unique in the world and stable ("<workshop>@<node>"); `revision` goes
    up by one at each change that is sent, the cancellation included; `starts` and `ends` are aware datetimes."""

    uid: str
    title: str
    starts: datetime
    ends: datetime
    place: str
    mission: MissionContact
    notes: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Who is invited. Without an e-mail address the file carries no attendee."""

    name: str
    email: str = ""


Method = Literal["REQUEST", "PUBLISH", "CANCEL"]
"""What a calendar is asked to do (RFC 5546, 3.2)."""


def invitation(workshop: Appointment, guest: Guest, now: datetime) -> bytes:
    """The .ics that puts the workshop into a calendar, or moves it: a request that can be answered when both have an
    e-mail address, else an appointment (`invitation_method`). Raises ValueError for naive times, an end before the
    start, no UID, or an e-mail address that is none."""
    return _calendar(workshop, guest, now, invitation_method(workshop, guest))


def invitation_method(workshop: Appointment, guest: Guest) -> Method:
    """What the invitation asks for; a mail that carries it must say the same (RFC 6047, 2.4)."""
    return "REQUEST" if guest.email and workshop.mission.email else "PUBLISH"


def cancellation(workshop: Appointment, guest: Guest, now: datetime) -> bytes:
    """The .ics that takes the workshop out again; its revision must be above the invitation's. Raises as above."""
    return _calendar(workshop, guest, now, "CANCEL")


def _calendar(workshop: Appointment, guest: Guest, now: datetime, method: Method) -> bytes:
    from icalendar import Alarm, Calendar, Event, vCalAddress, vText

    if any(at.tzinfo is None for at in (workshop.starts, workshop.ends, now)):
        raise ValueError("a workshop's times are aware")
    if workshop.ends <= workshop.starts or not workshop.uid or not is_line(workshop.uid):
        raise ValueError("a workshop has a UID and ends after it starts")
    for address in (guest.email, workshop.mission.email):
        if address and _ADDRESS.fullmatch(address) is None:
            raise ValueError("an e-mail address is something@somewhere")

    event = Event()
    event.add("uid", workshop.uid)
    event.add("dtstamp", now)
    event.add("sequence", workshop.revision)
    event.add("summary", one_line(workshop.title))
    event.add("dtstart", workshop.starts.astimezone(PARIS))
    event.add("dtend", workshop.ends.astimezone(PARIS))
    event.add("location", one_line(workshop.place))
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("class", "PRIVATE")
    notes = "\n".join(part for part in (workshop.notes.strip(), _reach(workshop.mission)) if part)
    event.add("description", notes)
    if workshop.mission.email:
        organiser = vCalAddress(f"mailto:{workshop.mission.email}")
        organiser.params["CN"] = vText(_parameter(workshop.mission.name))
        event.add("organizer", organiser, encode=False)
    if guest.email:
        attendee = vCalAddress(f"mailto:{guest.email}")
        attendee.params["CN"] = vText(_parameter(guest.name))
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        attendee.params["RSVP"] = vText("TRUE")
        event.add("attendee", attendee, encode=False)
    if method != "CANCEL":
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -REMINDER)
        alarm.add("description", one_line(workshop.title))
        event.add_component(alarm)

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    around = workshop.starts.astimezone(PARIS).date()
    calendar.add_missing_timezones(around - HALF_A_YEAR, around + HALF_A_YEAR)
    content: bytes = calendar.to_ical()
    return content


def _reach(mission: MissionContact) -> str:
    return " · ".join(part for part in (mission.name, mission.phone, mission.email) if part)


def _parameter(name: str) -> str:
    """A name as a parameter may hold it: no quotes (RFC 5545, 3.2), no line breaks."""
    return one_line(name).replace('"', "'")
