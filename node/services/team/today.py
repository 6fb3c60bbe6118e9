"""Aujourd'hui: what waits for one counsellor, or for the whole team. Reads only, columns alone, in one snapshot."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from node.kit.i18n import gettext as _
from node.mission.agreements.consent import ConsentScope
from node.mission.deposits.deposit import Deposit, DepositState
from node.mission.parts import Counted
from node.mission.people.ports import RegisterLine
from node.mission.ports import MissionUnitOfWork
from node.mission.team.today import (
    ENDS_WITHIN,
    NOT_CONTACTED_FOR,
    SHOWN,
    UNTOLD_WITHIN,
    WORKSHOPS_WITHIN,
    Group,
    Item,
    Today,
    Waiting,
)
from node.mission.workshops.workshop import MAX_MINUTES, Workshop, WorkshopState
from node.services.desk import Desk
from node.services.offers.needs import needs_to_ask, noted_by
from node.services.team import applications


def today(desk: Desk, actor: str, *, team: bool = False) -> Today:
    """What waits for the actor: their own people and those whom nobody follows; of everybody for the `team`. A group
    without items is left out."""
    owner = None if team else actor
    with desk.federation.database.read() as uow:
        groups = [find(uow, desk, owner) for find in _FINDERS]
    return Today(desk.today(), tuple(group for group in groups if group.count))


def _call_backs(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    return _deposits(Waiting.CALL_BACK, uow.deposits.page(DepositState.WAITING, 0, SHOWN, call_back=True))


def _cvs(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    return _deposits(Waiting.DEPOSIT, uow.deposits.page(DepositState.WAITING, 0, SHOWN, call_back=False))


def _offers(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    found = uow.offer_proposals.waiting(SHOWN)
    items = (
        Item(kind=Waiting.OFFER, id=one.id, title=one.offer.title, on=one.received.date(), detail=one.offer.employer)
        for one in found.rows
    )
    return Group(Waiting.OFFER, found.count, tuple(items))


def _needs(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    """Employers who said that they would need somebody, and are to be asked again."""
    found = needs_to_ask(uow, desk, owner)
    items = (
        Item(
            kind=Waiting.NEED,
            id=one.key,
            title=one.employer,
            on=one.ask_again,
            owner=noted_by(one),
            detail=" · ".join(filter(None, (one.title, one.when))),
        )
        for one in found[:SHOWN]
    )
    return Group(Waiting.NEED, len(found), tuple(items))


def _deposits(kind: Waiting, found: Counted[Deposit]) -> Group:
    items = (
        Item(kind=kind, id=one.id, title=one.name, on=one.received.date(), detail=one.channel.label)
        for one in found.rows
    )
    return Group(kind, found.count, tuple(items))


def _steps(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    found = uow.files.steps_due(desk.today(), owner, SHOWN)
    people = uow.candidates.lines(one.candidate for one in found.rows)
    items = (
        Item(
            kind=Waiting.NEXT_STEP,
            id=one.id,
            title=people[one.candidate].name,
            on=one.next_on,
            candidate=one.candidate,
            owner=one.next_owner,
            detail=one.next_step,
        )
        for one in found.rows
    )
    return Group(Waiting.NEXT_STEP, found.count, tuple(items))


def _untold(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    """Whoever has a place and was told of none yet comes with the workshop of the week: these knew it otherwise."""
    now = desk.now()
    found = uow.workshops.between(now - timedelta(minutes=MAX_MINUTES), now + UNTOLD_WITHIN)
    changed = (one for one in found if any(one.overtaken(place) for place in one.untold(now)))
    return _of_workshops(Waiting.UNTOLD, changed, owner)


def _workshops(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    now = desk.now()
    coming = uow.workshops.between(now, now + WORKSHOPS_WITHIN)
    return _of_workshops(Waiting.WORKSHOP, (one for one in coming if one.state is WorkshopState.PLANNED), owner)


def _attendance(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    return _of_workshops(Waiting.ATTENDANCE, uow.workshops.unmarked(desk.now()), owner)


def _of_workshops(kind: Waiting, found: Iterable[Workshop], owner: str | None) -> Group:
    mine = [one for one in found if owner is None or one.leader in (owner, "")]
    items = (
        Item(
            kind=kind,
            id=one.id,
            title=one.title,
            on=one.starts.date(),
            owner=one.leader,
            detail=_detail(one),
        )
        for one in mine[:SHOWN]
    )
    return Group(kind, len(mine), tuple(items))


def _detail(workshop: Workshop) -> str:
    if workshop.state is WorkshopState.CANCELLED:
        return workshop.state.label
    return _("{taken} of {seats} places taken").format(taken=workshop.taken, seats=workshop.seats)


def _interested(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    """Whom an offer interests, until somebody puts them forward or sets it aside."""
    found = uow.offer_choices.waiting(owner, desk.today(), SHOWN)
    people = uow.candidates.lines(one.candidate for one in found.rows)
    offers = uow.offers.many(one.offer for one in found.rows)
    items = (
        Item(
            kind=Waiting.INTERESTED,
            id=one.offer,
            title=people[one.candidate].name,
            on=one.at.date(),
            candidate=one.candidate,
            owner=people[one.candidate].owner,
            detail=offers[one.offer].title if one.offer in offers else "",
        )
        for one in found.rows
    )
    return Group(Waiting.INTERESTED, found.count, tuple(items))


def _matches(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    """Who newly fits what, until somebody looks."""
    found = uow.match_news.waiting(owner, desk.today(), SHOWN)
    people = uow.candidates.lines(one.candidate for one in found.rows)
    offers = uow.offers.many({one.offer for one in found.rows})
    titles = {key: (offer.title,) for key, offer in offers.items()}
    items = (
        Item(
            kind=Waiting.MATCH,
            id=one.id,
            title=people[one.candidate].name,
            on=one.found.date(),
            candidate=one.candidate,
            owner=people[one.candidate].owner,
            detail=" · ".join([one.because.label, *titles.get(one.offer, ())]),
        )
        for one in found.rows
    )
    return Group(Waiting.MATCH, found.count, tuple(items))


def _referrals(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    found = uow.files.referrals_due(desk.today(), owner, SHOWN)
    people = uow.candidates.lines(one.candidate for one in found.rows)
    items = (
        Item(
            kind=Waiting.REFERRAL,
            id=one.id,
            title=people[one.candidate].name,
            on=one.follow_up_on,
            candidate=one.candidate,
            owner=one.by,
        )
        for one in found.rows
    )
    return Group(Waiting.REFERRAL, found.count, tuple(items))


def _signatures(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    found = uow.candidates.signatures_ending(desk.today() + ENDS_WITHIN, owner, SHOWN)
    return _people(Waiting.READINESS, found, lambda one: one.ready_until)


def _agreements(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    day = desk.today()
    scopes = [ConsentScope.NETWORK, *([ConsentScope.KEEP] if desk.asks_to_keep else [])]
    found = uow.candidates.agreements_ending(scopes, day, day + ENDS_WITHIN, owner, SHOWN)
    items = (
        Item(
            kind=Waiting.CONSENT,
            id=one.candidate,
            title=one.name,
            on=one.until,
            candidate=one.candidate,
            owner=one.owner,
            detail=one.scope.label,
        )
        for one in found.rows
    )
    return Group(Waiting.CONSENT, found.count, tuple(items))


def _not_contacted(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    found = uow.candidates.not_contacted_since(desk.today() - NOT_CONTACTED_FOR, owner, SHOWN)
    return _people(Waiting.CONTACT, found, lambda one: one.last_contact)


def _noticed(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Group:
    return _people(Waiting.NOTICE, uow.candidates.noticed(owner, SHOWN), lambda one: one.notice_on)


def _people(kind: Waiting, found: Counted[RegisterLine], day: Callable[[RegisterLine], object]) -> Group:
    items = (
        Item(kind=kind, id=one.id, title=one.name, on=day(one), candidate=one.id, owner=one.owner)  # type: ignore[arg-type]
        for one in found.rows
    )
    return Group(kind, found.count, tuple(items))


_FINDERS = (
    _call_backs,
    _cvs,
    _offers,
    _needs,
    _steps,
    _untold,
    _workshops,
    _attendance,
    applications.ended,
    applications.notes,
    applications.unsent,
    applications.destructions,
    applications.after_hires,
    applications.answers,
    applications.replies,
    _interested,
    _matches,
    applications.follow_ups,
    _referrals,
    _signatures,
    _agreements,
    _not_contacted,
    _noticed,
)
