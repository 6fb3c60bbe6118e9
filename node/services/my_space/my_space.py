"""« Mon espace »: ways in for a candidate, and what the person sees of their own file.

Guarantees: asking for a link says nothing about who is known; a link works once and a printed code until it is
replaced; whoever is erased has no way in left. What the person sees of each application are the state, and the reason
and the text written for them; what was written for the mission is in the download (`download.py`).

Read next: node/web/my_space/pages.py; node/services/people/cards.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from federation.errors import NoDirectory
from node.kit.i18n import gettext as _
from node.mission.accounts.account import PAPER_CODE_LASTS, LinkPurpose
from node.mission.accounts.trail import Access, OpenedFor
from node.mission.employers.sending import holds_cv
from node.mission.forwards.forward import Forward, ForwardState, Side
from node.mission.forwards.standing import standing
from node.mission.forwards.terms import Reason
from node.mission.people.candidate import Candidate
from node.mission.people.documents import Document
from node.mission.ports import MissionUnitOfWork
from node.mission.workshops.workshop import Place, Workshop
from node.services.accounts.links import add_link, link_url
from node.services.desk import Desk
from node.services.forwards.conditions import condition_of, thing_asked
from node.services.people.finding import find_candidate


@dataclass(frozen=True, slots=True)
class Application:
    """One forward, as the person reads it. `answered` is when the state was reached; `reason` and `text` are the
    employer's, empty without an answer; `asked` is what « oui, si… » asks for, `until` the day by which, while that
    stands, `is_done` that the mission said it was fulfilled."""

    title: str
    employer: str
    place: str
    state: str
    sent: datetime
    answered: datetime
    reason: str = ""
    text: str = ""
    asked: str = ""
    until: date | None = None
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Who received the full CV and when; when it was called back, and when they said that it is destroyed. `on_paper`:
    an employer of the town, by letter, mail or link, whom nobody can make attest it."""

    holder: str
    at: datetime
    recalled: datetime | None
    erased: datetime | None
    on_paper: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody did with the file on one day: the last time of it, and how often."""

    last: Access
    times: int


def folded(lines: Iterable[Access]) -> tuple[Seen, ...]:
    """The trail, the newest first, with what the same person did in the same way on one day as one line."""
    seen: dict[tuple[object, ...], Seen] = {}
    for one in lines:
        key = (one.at.date(), one.account, one.name, one.what, one.because)
        first = seen.get(key)
        seen[key] = Seen(one, 1) if first is None else Seen(first.last, first.times + 1)
    return tuple(seen.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """All that the pages of a person's own space show."""

    person: Candidate
    counsellor: str
    workshops: tuple[tuple[Workshop, Place], ...]
    applications: tuple[Application, ...]
    disclosed: tuple[Disclosed, ...]
    accesses: tuple[Seen, ...]
    documents: tuple[Document, ...]


def own_file(desk: Desk, candidate: str) -> OwnFile:
    """The person's own view; NotFound."""
    with desk.federation.database.read() as uow:
        person = find_candidate(uow, candidate)
        owner = uow.accounts.get(person.owner) if person.owner else None
        forwards = [one for one in uow.forwards.of_candidate(person.id) if one.side is Side.HOME]
        return OwnFile(
            person=person,
            counsellor=owner.name if owner is not None else "",
            workshops=tuple(
                (one, place)
                for one in uow.workshops.of_candidate(person.id)
                if (place := one.place_of(person.id)) is not None
            ),
            applications=tuple(
                application_of(uow, desk, one) for one in forwards if one.state is not ForwardState.DRAFT
            ),
            disclosed=_disclosed(uow, desk, person.id),
            accesses=folded(uow.accounts.accesses_to(person.id)),
            documents=tuple(uow.documents.of_candidate(person.id)),
        )


def application_of(uow: MissionUnitOfWork, desk: Desk, forward: Forward) -> Application:
    """The forward, as its person reads it."""
    offer = uow.offers.get(*forward.offer.split("/", 1))
    site = next((one for one in offer.sites if one.id == forward.site), None) if offer else None
    found = standing(forward.moves)
    last = found.move if found is not None else None
    waits = forward.state in (ForwardState.CONDITIONAL, ForwardState.FULFILLED)
    condition = condition_of(forward) if waits else None
    reason = Reason.read(last.reason) if last is not None and last.reason else None
    return Application(
        title=offer.title if offer else _("An offer that is no longer published"),
        employer=offer.employer if offer else "",
        place=site.label if site else "",
        state=forward.state.label,
        sent=forward.moves[0].at if forward.moves else forward.created,
        answered=last.at if last is not None else forward.created,
        reason=reason.label if reason is not None else "",
        text=last.to_candidate if last is not None else "",
        asked=thing_asked(condition, desk.referential()) if condition is not None else "",
        until=condition.until if condition is not None else None,
        is_done=forward.state is ForwardState.FULFILLED,
    )


def _disclosed(uow: MissionUnitOfWork, desk: Desk, candidate: str) -> tuple[Disclosed, ...]:
    members, found = member_names(uow, desk), []
    for one in uow.disclosures.of_candidate(candidate):
        forward = uow.forwards.get(one.forward) if one.holder == desk.node_id else None
        if forward is None:
            name = members.get(one.holder, one.holder)
            found.append(Disclosed(name, one.disclosed_at, one.ordered_at, one.receipt_at))
        else:
            found += by_the_town(uow, forward)
    return tuple(found)


def by_the_town(uow: MissionUnitOfWork, forward: Forward) -> list[Disclosed]:
    """What an employer of the town has by each sending, nothing while nobody opened it; what was sent without one was
    handed over."""
    offer = uow.offers.get(*forward.offer.split("/", 1))
    name = offer.employer if offer is not None else ""
    sendings = uow.sendings.of_forward(forward.id)
    sent = next((move.at for move in forward.moves if move.event is ForwardState.SENT), None)
    if not sendings and sent is not None:
        ended = next((move.at for move in forward.moves if move.event is ForwardState.WITHDRAWN), None)
        return [Disclosed(name, sent, ended, None, on_paper=True)]
    return [
        Disclosed(name, one.made, one.part_of(forward.id).asked_back, None, on_paper=True)
        for one in sendings
        if holds_cv(one, forward)
    ]


def member_names(uow: MissionUnitOfWork, desk: Desk) -> dict[str, str]:
    """The network's nodes by the names that the directory gives them; empty before there is one."""
    try:
        return {one.id: one.name for one in desk.members(uow).members}
    except NoDirectory:
        return {}


def opened_for(what: OpenedFor) -> str:
    """A line of the trail in words, as the person reads it."""
    return {
        OpenedFor.READ: _("looked at your file"),
        OpenedFor.EDIT: _("changed your file"),
        OpenedFor.PRINT: _("printed your CV"),
        OpenedFor.CODE: _("printed your access code"),
        OpenedFor.LINK: _("made a link to your space"),
        OpenedFor.DOCUMENT: _("opened a document"),
        OpenedFor.OBSTACLES: _("looked at obstacles and eligibility"),
        OpenedFor.FORWARD: _("put you forward"),
        OpenedFor.LISTED: _("listed people, you among them"),
    }.get(what, _("opened your file"))


def printed_code(desk: Desk, candidate: str) -> tuple[Candidate, str]:
    """A new code to print for the person; the one before opens nothing any more. NotFound."""
    with desk.federation.database.write() as uow:
        person = find_candidate(uow, candidate)
        return person, add_link(uow, desk, LinkPurpose.PAPER, person.id)


def own_link(desk: Desk, candidate: str) -> tuple[Candidate, str]:
    """A link into the person's space, for whoever hands it over; it works once. NotFound."""
    with desk.federation.database.write() as uow:
        person = find_candidate(uow, candidate)
        return person, link_url(desk, add_link(uow, desk, LinkPurpose.CANDIDATE, person.id))


def code_lasts_until(desk: Desk) -> datetime:
    """Until when a code that is printed now opens the space."""
    return desk.now() + PAPER_CODE_LASTS
