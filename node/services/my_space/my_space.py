"""« Mon espace »: ways in for a candidate, and what the person sees of their own file.

Guarantees: asking for a link says nothing about who is known; a link works once and a printed code until it is
replaced; whoever is erased has no way in left. What the person sees of each application are the state, and the reason
and the text written for them; what was written for the mission is in the download (`download.py`).

Read next: node/web/my_space/pages.py; node/services/people/cards.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from federation.errors import NoDirectory
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.mailing import Mail
from node.mission.accounts.account import LINK_LASTS, PAPER_CODE_LASTS, LinkPurpose, fold_email
from node.mission.accounts.trail import Access, OpenedFor
from node.mission.forwards.forward import Forward, ForwardState, Side
from node.mission.forwards.terms import Reason
from node.mission.people.candidate import ERASED_AFTER_NOTICE, Candidate
from node.mission.people.documents import Document
from node.mission.ports import MissionUnitOfWork
from node.mission.workshops.workshop import Place, Workshop
from node.services.accounts.links import add_link, link_url
from node.services.desk import Desk
from node.services.people.finding import find_candidate

MOST_LINKS = 6
"""People behind one address that get a link in one mail: a family, at most."""


@dataclass(frozen=True, slots=True)
class Application:
    """One forward, as the person reads it. `answered` is when the state was reached; `reason` and `text` are the
    employer's, empty without an answer."""

    title: str
    employer: str
    place: str
    state: str
    sent: datetime
    answered: datetime
    reason: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Who received the full CV and when; when it was called back, and when they said that it is destroyed."""

    holder: str
    at: datetime
    recalled: datetime | None
    erased: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """All that the pages of a person's own space show."""

    person: Candidate
    counsellor: str
    workshops: tuple[tuple[Workshop, Place], ...]
    applications: tuple[Application, ...]
    disclosed: tuple[Disclosed, ...]
    accesses: tuple[Access, ...]
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
            applications=tuple(_application(uow, one) for one in forwards if one.state is not ForwardState.DRAFT),
            disclosed=_disclosed(uow, desk, person.id),
            accesses=tuple(uow.accounts.accesses_to(person.id)),
            documents=tuple(uow.documents.of_candidate(person.id)),
        )


def _application(uow: MissionUnitOfWork, forward: Forward) -> Application:
    offer = uow.offers.get(*forward.offer.split("/", 1))
    site = next((one for one in offer.sites if one.id == forward.site), None) if offer else None
    last = next((move for move in reversed(forward.moves) if move.event is forward.state), None)
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
    )


def _disclosed(uow: MissionUnitOfWork, desk: Desk, candidate: str) -> tuple[Disclosed, ...]:
    members = member_names(uow, desk)
    return tuple(
        Disclosed(members.get(one.holder, one.holder), one.disclosed_at, one.ordered_at, one.receipt_at)
        for one in uow.disclosures.of_candidate(candidate)
    )


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


def link_mail(desk: Desk, site: str, email: str) -> Mail | None:
    """The mail with a link for each person of that address, None when nobody has it. Called once the visitor has their
    answer, which is the same for everybody."""
    wanted = fold_email(email)
    with desk.federation.database.read() as uow:
        known = [one for one in uow.candidates.identities() if one.email and fold_email(one.email) == wanted]
    if not known:
        return None
    with desk.federation.database.write() as uow:
        links = [
            (one.first_name or one.last_name, link_url(desk, add_link(uow, desk, LinkPurpose.CANDIDATE, one.id)))
            for one in known[:MOST_LINKS]
        ]
    return own_mail(site, known[0].email, links)


def own_mail(site: str, email: str, links: Sequence[tuple[str, str]]) -> Mail:
    """The mail that carries these links, pairs of first name and address."""
    minutes = int(LINK_LASTS.total_seconds() // 60)
    shown = "\n\n".join(f"{name}\n{url}" for name, url in links)
    opening = ngettext("Good day,\n\nHere is the link to your space:", "Good day,\n\nHere are the links:", len(links))
    ending = _(
        "It works once, for {minutes} minutes. If you did not ask for it, leave it alone: nothing happens.\n\n{site}"
    ).format(minutes=minutes, site=site)
    return Mail(
        to=email, subject=_("Your space at {site}").format(site=site), text=f"{opening}\n\n{shown}\n\n{ending}\n"
    )


def notice_mail(desk: Desk, site: str, candidate: str) -> Mail | None:
    """What a person is written who gave no sign of life for two years; None without an address: a counsellor calls."""
    with desk.federation.database.read() as uow:
        person = uow.candidates.get(candidate)
    if person is None or not person.email:
        return None
    text = _(
        "Good day {name},\n\nWe have not heard from you for two years. In {days} days the mission emploi erases your "
        "file.\n\nTo keep it, open your space:\n\n{url}\n\nTo leave, do nothing.\n\n{site}\n"
    )
    url = f"{desk.federation.base_url}/mon-espace/entrer"
    name, days = person.first_name or person.last_name, ERASED_AFTER_NOTICE.days
    return Mail(
        to=person.email,
        subject=_("Your file at {site} will be erased").format(site=site),
        text=text.format(name=name, days=days, url=url, site=site),
    )


def code_lasts_until(desk: Desk) -> datetime:
    """Until when a code that is printed now opens the space."""
    return desk.now() + PAPER_CODE_LASTS
