"""What stands in the way of a person, who helps, and what became of that."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.kit.phone import read as read_phone
from node.mission.people.history import Occasion
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
from node.mission.people.rules import FieldProblem
from node.services.desk import Desk
from node.services.people.contacts import MAX_NOTE
from node.services.people.finding import find_candidate
from node.services.people.saving import BadFields, clean_line, clean_prose, history_line


def read_local(desk: Desk, name: str) -> Local:
    """Obstacles and eligibility; NotFound."""
    with desk.federation.database.read() as uow:
        return uow.files.local(find_candidate(uow, name).id)


def referrals_of(desk: Desk, person: str) -> Sequence[Referral]:
    """To which partners a person was sent, by their id."""
    with desk.federation.database.read() as uow:
        return uow.files.referrals_of(person)


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
    wanted = {kind: clean_prose("obstacles", text, 1000) for kind, text in obstacles}
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
        after = Local(
            obstacles=tuple(kept), eligibilities=frozenset(eligibilities), note=clean_prose("note", note, MAX_NOTE)
        )
        if after != before:
            uow.files.save_local(person.id, after)
            uow.files.record([history_line(person.id, now, actor, Occasion.LOCAL)])
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
    """A new partner, or a known one changed. Its telephone may be what no person has, such as 39 49 or an extension: it
    is kept as it was typed then. Raises NotFound, BadFields."""
    chosen, reached = frozenset(helps), clean_line("phone", phone)
    if not chosen:
        raise BadFields([FieldProblem("helps", _("Choose at least one thing that the partner helps with."))])
    with desk.federation.database.write() as uow:
        if partner_id and uow.files.partner(partner_id) is None:
            raise NotFound(_("No partner has that number."))
        partner = Partner(
            id=partner_id or desk.new_id(),
            name=clean_line("name", name, required=True),
            helps=chosen,
            person=clean_line("person", person),
            phone=read_phone(reached) or reached,
            email=clean_line("email", email),
            address=clean_line("address", address, 300),
            note=clean_prose("note", note, 2000),
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
        raise BadFields([FieldProblem("follow_up_on", _("Choose a day to come."))])
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
            why=clean_prose("why", why, 1000),
            follow_up_on=follow_up_on,
        )
        uow.files.add_referral(referral)
        uow.files.record([history_line(person.id, now, actor, Occasion.REFERRAL)])
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
            outcome=clean_prose("outcome", outcome, 1000),
            follow_up_on=follow_up_on if is_open else None,
            ended_on=None if is_open else today,
        )
        uow.files.save_referral(after)
        uow.files.record([history_line(before.candidate, now, actor, Occasion.REFERRAL_MOVED)])
        return after
