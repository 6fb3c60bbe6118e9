"""What is written in a person's file: contacts and next steps, agreements, obstacles, referrals.

Guarantees: obstacles and eligibility are read and written by `read_local` and `save_local` alone, so that a page can
ask for their own permission; the history says that they changed, never what they are.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.mission.people.contacts import Contact, ContactChannel
from node.mission.people.history import Occasion
from node.mission.people.rules import FieldProblem
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk
from node.services.people.finding import find_candidate
from node.services.people.saving import BadFields, clean_line, clean_prose, history_line, save

MAX_NOTE: Final = 4000


def add_contact(
    desk: Desk,
    name: str,
    channel: ContactChannel,
    text: str,
    actor: str,
    *,
    on: date | None = None,
    next_step: str = "",
    next_on: date | None = None,
    next_owner: str = "",
) -> Contact:
    """Note a contact, today unless told, and what comes next (for the actor unless told). Raises NotFound, BadFields
    (a contact in the future, a next step without its day)."""
    now, today = desk.now(), desk.today()
    day = on or today
    step = clean_line("next_step", next_step)
    problems = []
    if day > today:
        problems.append(FieldProblem("on", _("A contact cannot be in the future: write it as a next step.")))
    if step and next_on is None:
        problems.append(FieldProblem("next_on", _("Give the day of the next step.")))
    if next_on is not None and not step:
        problems.append(FieldProblem("next_step", _("Say what is to be done on that day.")))
    if problems:
        raise BadFields(problems)
    with desk.federation.database.write() as uow:
        person = find_candidate(uow, name)
        contact = Contact(
            id=desk.new_id(),
            candidate=person.id,
            written=now,
            on=day,
            by=actor,
            channel=channel,
            text=clean_prose("text", text, MAX_NOTE),
            next_step=step,
            next_on=next_on,
            next_owner=(clean_line("next_owner", next_owner) or actor) if step else "",
        )
        return write_contact(uow, contact, now)


def write_contact(uow: MissionUnitOfWork, contact: Contact, now: datetime) -> Contact:
    """Keep a contact that is whole, in the caller's unit of work, as part of what else is done with the person."""
    person = find_candidate(uow, contact.candidate)
    uow.files.add_contact(contact)
    after = person if contact.channel is ContactChannel.NOTE else person.contacted(contact.on)
    line = history_line(person.id, now, contact.by, Occasion.CONTACT, contact.channel.label)
    save(uow, person, after, now, contact.by, line)
    # Whoever was spoken with knows the answers that came.
    uow.following.refresh(person.id)
    return contact


def complete_step(desk: Desk, contact_id: str, actor: str) -> Contact:
    """The next step is done; completing it twice does nothing. NotFound."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        contact = uow.files.contact(contact_id)
        if contact is None:
            raise NotFound(_("This contact is not here any more."))
        if not contact.is_open:
            return contact
        done = replace(contact, done_on=desk.today())
        uow.files.save_contact(done)
        uow.files.record([history_line(contact.candidate, now, actor, Occasion.STEP_DONE, contact.next_step)])
        return done


def postpone_step(desk: Desk, contact_id: str, to: date, actor: str) -> Contact:
    """The next step waits until that day. NotFound, BadFields (a day in the past)."""
    if to < desk.today():
        raise BadFields([FieldProblem("next_on", _("Choose a day to come."))])
    with desk.federation.database.write() as uow:
        contact = uow.files.contact(contact_id)
        if contact is None or not contact.is_open:
            raise NotFound(_("This contact is not here any more."))
        later = replace(contact, next_on=to)
        uow.files.save_contact(later)
        before = contact.next_on.isoformat() if contact.next_on else ""
        postponed = history_line(contact.candidate, desk.now(), actor, Occasion.STEP_POSTPONED, to.isoformat(), before)
        uow.files.record([postponed])
        return later
