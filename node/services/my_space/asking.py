"""What a person asks their mission for, of their own accord: a next step for whoever follows them, or for nobody yet.

Guarantees: a workshop is asked for once at a time. Read next: `services/people/contacts.py`.
"""

from node.kit.i18n import gettext as _
from node.kit.i18n import speaking
from node.mission.people.candidate import Candidate
from node.mission.people.contacts import Contact, ContactChannel
from node.mission.ports import MissionUnitOfWork
from node.services.actors import BY_PERSON
from node.services.desk import Desk
from node.services.people.contacts import MAX_NOTE, write_contact
from node.services.people.finding import find_candidate
from node.services.people.saving import clean_prose


def propose_correction(desk: Desk, candidate: str, note: str) -> Contact:
    """What the person would have corrected in their file, in their own words. NotFound."""
    with desk.federation.database.write() as uow:
        person = find_candidate(uow, candidate)
        return _step(uow, desk, person, note, _("Correct the file as the person proposes"))


def ask_workshop(desk: Desk, candidate: str, language: str) -> Contact:
    """The person would like a CV workshop; while that waits, what was asked first. `language`: the mission's, in which
    the step is written, whatever the page speaks. NotFound."""
    with speaking(language), desk.federation.database.write() as uow:
        person = find_candidate(uow, candidate)
        waiting = _waiting(uow, person.id)
        if waiting is not None:
            return waiting
        return _step(uow, desk, person, _("The person asks for a CV workshop."), _workshop_step())


def asked_workshop(desk: Desk, candidate: str, language: str) -> bool:
    """Whether that waits."""
    with speaking(language), desk.federation.database.read() as uow:
        return _waiting(uow, candidate) is not None


def _waiting(uow: MissionUnitOfWork, candidate: str) -> Contact | None:
    step, contacts = _workshop_step(), uow.files.contacts_of(candidate)
    return next((one for one in contacts if one.is_open and one.by == BY_PERSON and one.next_step == step), None)


def _workshop_step() -> str:
    return _("Invite to a CV workshop, as the person asks")


def _step(uow: MissionUnitOfWork, desk: Desk, person: Candidate, text: str, step: str) -> Contact:
    """From today on, whoever follows the person; of nobody's person, for everybody to see."""
    now, today = desk.now(), desk.today()
    asked = Contact(
        id=desk.new_id(),
        candidate=person.id,
        written=now,
        on=today,
        by=BY_PERSON,
        channel=ContactChannel.NOTE,
        text=clean_prose("text", text, MAX_NOTE),
        next_step=step,
        next_on=today,
        next_owner=person.owner,
    )
    return write_contact(uow, asked, now)
