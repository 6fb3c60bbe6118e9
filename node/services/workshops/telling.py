"""Those who are invited to a workshop are told: by e-mail, or by a counsellor.

Guarantees: who is still to be told is kept with the places (`Place.told`), so that no message is lost: one that did not
leave stays on the list, is tried again, and may be said by telephone. Mails leave after the change was committed,
whoever made it and how (`services/listening.py`), and what left is noted in one transaction with the history; a node
that dies in between sends the same revision again, of which calendars make one (RFC 5546, 2.1.5). A mail is for one
person and names nobody else.

Read next: `workshops.py`, `documents/invitation.py`, `node/mailing.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from node import mailing
from node.documents.contact import MissionContact, contact_of
from node.documents.invitation import Appointment as Appointment
from node.documents.invitation import Guest, cancellation, invitation, invitation_method
from node.kit.clean_text import is_email
from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.kit.i18n import language, speaking
from node.mission.happened import Event, Happened
from node.mission.people.candidate import Candidate
from node.mission.people.history import Occasion
from node.mission.workshops import workshop as rules
from node.mission.workshops.workshop import Way, Workshop, WorkshopState
from node.services.desk import Desk
from node.services.listening import deliver
from node.services.people.saving import history_line

if TYPE_CHECKING:
    from node.services.node import Node


@dataclass(frozen=True, slots=True)
class Told:
    """What became of telling people: how many know now, and who is still to be told; `leaving` says that mails to them
    are on their way."""

    mailed: int
    left: Sequence[Candidate]
    leaving: bool


def to_tell(desk: Desk, workshop_id: str) -> tuple[Workshop, Sequence[Candidate]]:
    """A workshop, and who does not know how it stands, by name; NotFound."""
    with desk.federation.database.read() as uow:
        workshop = uow.workshops.get(workshop_id)
        if workshop is None:
            raise NotFound(_("No workshop has that number."))
        found = [uow.candidates.get(place.candidate) for place in workshop.untold(desk.now())]
    return workshop, sorted((one for one in found if one is not None), key=lambda one: one.name)


def tell_now(node: "Node", workshop_id: str) -> Told:
    """What was done just now is told at once, for a page that shows what came of it. NotFound."""
    people = to_tell(node.desk, workshop_id)[1]
    leaving = deliver(node, workshop_id).elsewhere
    left = to_tell(node.desk, workshop_id)[1]
    return Told(mailed=len(people) - len(left), left=left, leaving=leaving)


def tell_again(desk: Desk, workshop_id: str, actor: str) -> None:
    """Whoever is still to be told is to be written to once more."""
    with desk.federation.database.write() as uow:
        uow.events.add(Event(Happened.WORKSHOP_UNTOLD, workshop_id, desk.now(), {"by": actor}), instead=True)


def hear(node: "Node", event: Event) -> None:
    """Mail everybody who is to be told and has an address; the others stay on the list, and everybody does on a node
    without mail. Unavailable when the mail server did not take one of them."""
    if not mailing.is_configured(node.config):
        return
    try:
        workshop, people = to_tell(node.desk, event.subject)
    except NotFound:
        return
    wanted = [one for one in people if is_email(one.email)]
    with speaking(node.config.locale.language):
        mails = [_mail(node, workshop, one) for one in wanted]
    taken = mailing.send_all(node.config, mails) if mails else []
    reached = [one.id for one, left in zip(wanted, taken, strict=True) if left]
    if reached:
        _note(node.desk, workshop.id, reached, workshop.revision, Way.EMAIL, event.detail["by"])
    if len(reached) < len(wanted):
        raise mailing.not_taken()


def told_by_voice(desk: Desk, workshop_id: str, candidate: str, revision: int, actor: str) -> None:
    """A counsellor told the person what the page said, which was that revision. NotFound."""
    _note(desk, workshop_id, [candidate], revision, Way.SPOKEN, actor)


def _note(desk: Desk, workshop_id: str, people: Sequence[str], revision: int, way: Way, actor: str) -> None:
    now = desk.now()
    with desk.federation.database.write() as uow:
        workshop = uow.workshops.get(workshop_id)
        if workshop is None:
            raise NotFound(_("No workshop has that number."))
        known = min(revision, workshop.revision)
        lines = []
        for name in people:
            place = workshop.place_of(name)
            if place is None or (place.told is not None and place.told >= known):
                continue
            workshop = rules.tell(workshop, name, known)
            lines.append(history_line(name, now, actor, Occasion.WORKSHOP, f"{workshop.title} : {way.label}"))
        uow.workshops.save(workshop)
        uow.files.record(lines)


def appointment(desk: Desk, workshop: Workshop, mission: MissionContact) -> Appointment:
    """The workshop as a calendar file shows it."""
    return Appointment(
        uid=f"{workshop.id}@{desk.node_id}",
        title=workshop.title,
        starts=workshop.starts,
        ends=workshop.ends,
        place=workshop.room,
        mission=mission,
        notes=workshop.note,
        revision=workshop.revision,
    )


def calendar_file(desk: Desk, workshop: Workshop, mission: MissionContact, person: Candidate) -> tuple[bytes, str]:
    """The .ics for one person, which takes the appointment out once the workshop is cancelled, and its media type."""
    shown, guest = appointment(desk, workshop, mission), Guest(name=person.name, email=_usable(person.email))
    if workshop.state is WorkshopState.CANCELLED:
        content, method = cancellation(shown, guest, desk.now()), "CANCEL"
    else:
        content, method = invitation(shown, guest, desk.now()), str(invitation_method(shown, guest))
    return content, f"text/calendar; charset=UTF-8; method={method}"


def _usable(email: str) -> str:
    """What was taken in of old, and is no address, is left out: the others are to be told all the same."""
    return email if is_email(email) else ""


def _mail(node: "Node", workshop: Workshop, person: Candidate) -> mailing.Mail:
    place, mission = workshop.place_of(person.id), contact_of(node.config)
    zone = ZoneInfo(node.config.locale.timezone)
    day = format_date(workshop.starts.astimezone(zone), "full", locale=language())
    begins, ends = (format_time(at, "short", tzinfo=zone, locale=language()) for at in (workshop.starts, workshop.ends))
    when = _("{day}, from {begins} to {ends}").format(day=day, begins=begins, ends=ends)
    if workshop.state is WorkshopState.CANCELLED:
        subject = _("Cancelled: {title}, {when}")
        opening = _("This workshop will not take place:")
        ending = _("We will offer you another day. The attached file takes this one out of your calendar.")
    elif place is not None and place.told is not None:
        subject = _("Changed: {title}, {when}")
        opening = _("Your workshop has changed. Here is how it stands now:")
        ending = _("The attached file changes your calendar. If you cannot come, please tell us.")
    else:
        subject = _("Invitation: {title}, {when}")
        opening = _("A place in this workshop is kept for you:")
        ending = _("The attached file puts it into your calendar. If you cannot come, please tell us.")
    reach = " · ".join(one for one in (mission.name, mission.phone, mission.email) if one)
    parts = (
        _("Good day {name},").format(name=person.first_name or person.last_name),
        opening,
        "\n".join(one for one in (workshop.title, when, workshop.room, workshop.note) if one),
        ending,
        reach,
    )
    content, media_type = calendar_file(node.desk, workshop, mission, person)
    return mailing.Mail(
        to=person.email,
        subject=subject.format(title=workshop.title, when=when),
        text="\n\n".join(parts) + "\n",
        attachments=(mailing.Enclosure("atelier.ics", media_type, content),),
    )
