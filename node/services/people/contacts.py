"""What is written in a person's file: contacts and next steps, agreements, obstacles, referrals.

Guarantees: obstacles and eligibility are read and written by `read_local` and `save_local` alone, so that a page can
ask for their own permission; the history says that they changed, never what they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import Candidate, CandidateState
from node.mission.people.contacts import Contact, ContactChannel
from node.mission.people.partners import (
    OPEN_REFERRALS,
    Eligibility,
    Help,
    Local,
    Obstacle,
    ObstacleKind,
    Partner,
    Referral,
    ReferralState,
)
from node.mission.people.rules import Problem
from node.services.desk import Desk
from node.services.forwards.sending import find_candidate
from node.services.people.saving import BadFields, agreed, agreement_events, event, line, prose, save

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
    step = line("next_step", next_step)
    problems = []
    if day > today:
        problems.append(Problem("on", _("A contact cannot be in the future: write it as a next step.")))
    if step and next_on is None:
        problems.append(Problem("next_on", _("Give the day of the next step.")))
    if next_on is not None and not step:
        problems.append(Problem("next_step", _("Say what is to be done on that day.")))
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
            text=prose("text", text, MAX_NOTE),
            next_step=step,
            next_on=next_on,
            next_owner=(line("next_owner", next_owner) or actor) if step else "",
        )
        uow.files.add_contact(contact)
        after = person if channel is ContactChannel.NOTE else person.contacted(day)
        save(uow, person, after, now, actor, event(person.id, now, actor, "contact", channel.label))
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
        uow.files.record([event(contact.candidate, now, actor, "step_done", contact.next_step)])
        return done


def postpone_step(desk: Desk, contact_id: str, to: date, actor: str) -> Contact:
    """The next step waits until that day. NotFound, BadFields (a day in the past)."""
    if to < desk.today():
        raise BadFields([Problem("next_on", _("Choose a day to come."))])
    with desk.federation.database.write() as uow:
        contact = uow.files.contact(contact_id)
        if contact is None or not contact.is_open:
            raise NotFound(_("This contact is not here any more."))
        later = replace(contact, next_on=to)
        uow.files.save_contact(later)
        return later


def give_consent(
    desk: Desk,
    name: str,
    scope: ConsentScope,
    how: str,
    actor: str,
    *,
    given_on: date | None = None,
    until: date | None = None,
    offer: str = "",
) -> Candidate:
    """Record an agreement that the person gave. Raises NotFound, BadFields (days that cannot be, no manner)."""
    now, today = desk.now(), desk.today()
    day = given_on or today
    said = line("how", how, required=True)
    if day > today:
        raise BadFields([Problem("given_on", _("An agreement cannot be given in the future."))])
    if until is not None and until < today:
        raise BadFields([Problem("until", _("An agreement cannot end in the past."))])
    if (scope is ConsentScope.OFFER) != bool(offer):
        raise BadFields([Problem("offer", _("Name the offer when the agreement is for one offer, and only then."))])
    with desk.federation.database.write() as uow:
        before = find_candidate(uow, name)
        after, consent = agreed(desk, before, scope, said, day, until=until, offer=offer)
        if after == before:
            return before
        return save(uow, before, after, now, actor, *agreement_events(before.id, [consent], now, actor))


def set_state(desk: Desk, name: str, state: CandidateState, actor: str) -> Candidate:
    """The person looks for work, or has found it. That they leave is `rights.withdraw`. Raises NotFound, BadFields."""
    if state is CandidateState.WITHDRAWN:
        raise BadFields([Problem("state", _("Record that the agreement is withdrawn: all else follows."))])
    with desk.federation.database.write() as uow:
        before = find_candidate(uow, name)
        return save(uow, before, replace(before, state=state), desk.now(), actor)


def read_local(desk: Desk, name: str) -> Local:
    """Obstacles and eligibility; NotFound."""
    with desk.federation.database.read() as uow:
        return uow.files.local(find_candidate(uow, name).id)


def save_local(
    desk: Desk,
    name: str,
    actor: str,
    *,
    obstacles: Iterable[tuple[ObstacleKind, str]],
    eligibilities: Iterable[Eligibility],
    note: str = "",
) -> Local:
    """The obstacles that stand, each with its note, and eligibility. One that is named no more is solved today; one
    that comes back stands since today. Raises NotFound, BadFields."""
    now, today = desk.now(), desk.today()
    wanted = {kind: prose("obstacles", text, 1000) for kind, text in obstacles}
    with desk.federation.database.write() as uow:
        person = find_candidate(uow, name)
        before = uow.files.local(person.id)
        known = {one.kind: one for one in before.obstacles}
        kept: list[Obstacle] = []
        for kind in ObstacleKind:
            old = known.get(kind)
            if kind in wanted:
                since = old.since if old is not None and old.solved_on is None else today
                kept.append(Obstacle(kind=kind, note=wanted[kind], since=since))
            elif old is not None:
                kept.append(replace(old, solved_on=old.solved_on or today))
        after = Local(obstacles=tuple(kept), eligibilities=frozenset(eligibilities), note=prose("note", note, MAX_NOTE))
        if after != before:
            uow.files.save_local(person.id, after)
            uow.files.record([event(person.id, now, actor, "local")])
        return after


def partners(desk: Desk) -> Sequence[Partner]:
    """By name, inactive ones too."""
    with desk.federation.database.read() as uow:
        return uow.files.partners()


def save_partner(
    desk: Desk,
    name: str,
    helps: Iterable[Help],
    *,
    partner_id: str = "",
    person: str = "",
    phone: str = "",
    email: str = "",
    address: str = "",
    note: str = "",
    active: bool = True,
) -> Partner:
    """A new partner, or a known one changed. Raises NotFound, BadFields."""
    chosen = frozenset(helps)
    if not chosen:
        raise BadFields([Problem("helps", _("Choose at least one thing that the partner helps with."))])
    with desk.federation.database.write() as uow:
        if partner_id and uow.files.partner(partner_id) is None:
            raise NotFound(_("No partner has that number."))
        partner = Partner(
            id=partner_id or desk.new_id(),
            name=line("name", name, required=True),
            helps=chosen,
            person=line("person", person),
            phone=line("phone", phone),
            email=line("email", email),
            address=line("address", address, 300),
            note=prose("note", note, 2000),
            active=active,
        )
        uow.files.save_partner(partner)
        return partner


def refer(
    desk: Desk, name: str, partner_id: str, helped: Help, why: str, actor: str, *, follow_up_on: date | None = None
) -> Referral:
    """Send a person to a partner. Raises NotFound, BadFields."""
    now, today = desk.now(), desk.today()
    if follow_up_on is not None and follow_up_on < today:
        raise BadFields([Problem("follow_up_on", _("Choose a day to come."))])
    with desk.federation.database.write() as uow:
        person = find_candidate(uow, name)
        partner = uow.files.partner(partner_id)
        if partner is None or not partner.active:
            raise NotFound(_("No partner has that number."))
        referral = Referral(
            id=desk.new_id(),
            candidate=person.id,
            partner=partner.id,
            help=helped,
            on=today,
            by=actor,
            why=prose("why", why, 1000),
            follow_up_on=follow_up_on,
        )
        uow.files.add_referral(referral)
        uow.files.record([event(person.id, now, actor, "referral")])
        return referral


def follow_up(
    desk: Desk, referral_id: str, state: ReferralState, outcome: str, actor: str, *, follow_up_on: date | None = None
) -> Referral:
    """What became of a referral, and when to ask again while it is open. Raises NotFound, BadFields."""
    now, today = desk.now(), desk.today()
    with desk.federation.database.write() as uow:
        before = uow.files.referral(referral_id)
        if before is None:
            raise NotFound(_("This referral is not here any more."))
        is_open = state in OPEN_REFERRALS
        after = replace(
            before,
            state=state,
            outcome=prose("outcome", outcome, 1000),
            follow_up_on=follow_up_on if is_open else None,
            ended_on=None if is_open else today,
        )
        uow.files.save_referral(after)
        uow.files.record([event(before.candidate, now, actor, "referral_moved")])
        return after
