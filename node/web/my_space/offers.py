"""/mon-espace/offres: the offers that fit the person, told to them, and what they say of each.

Guarantees: what is shown is what a counsellor is shown for the same person, and no more than agreements cover; a choice
can be changed at any time, and nothing goes to an employer by it; where several people share a telephone no employer is
named. Read next: `services/matching/choosing.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from node.documents.contact import contact_of
from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.mission.matching.choices import NotForMe, OfferChoice
from node.mission.matching.own_words import tell_own
from node.mission.matching.telling import ToldLine, said_km
from node.mission.offers.hours import hours_text
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate, CandidateState
from node.mission.terms import Contract
from node.requests import NodeOf
from node.services.desk import Desk
from node.services.matching.choosing import OwnOffer, choose, own_offers
from node.services.my_space.telephones import shares_telephone
from node.web.frame.auth import OwnSpace
from node.web.frame.forms import Sent, labelled
from node.web.frame.pages import redirect
from node.web.my_space.pages import show

router = APIRouter()

PATH = "/mon-espace/offres"


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One offer as its person reads it. `place` is its town with the distance, `work` its contract and hours, `told`
    what fits and what does not, empty where it no longer fits."""

    offer: Offer
    employer: str
    place: str
    work: str
    told: Sequence[ToldLine]
    choice: OfferChoice | None
    is_forwarded: bool


@router.get(PATH)
def offers(request: Request, node: NodeOf, person: OwnSpace) -> Response:
    """Near, further away, and what was said of some already."""
    desk = node.desk
    found = own_offers(desk, person)
    hidden = shares_telephone(desk, found.person)

    def lines(of: Sequence[OwnOffer]) -> list[OwnLine]:
        return [_line(desk, found.person, one, hidden) for one in of]

    return show(
        request,
        "my_space/offers.html",
        PATH,
        near=lines([one for one in found.new if one.is_within]),
        further=lines([one for one in found.new if not one.is_within]),
        wanted=lines(found.wanted),
        unwanted=lines(found.unwanted),
        reasons=labelled(NotForMe),
        hidden=hidden,
        in_search=found.person.state is CandidateState.ACTIVE,
        mission=contact_of(node.config),
    )


def _line(desk: Desk, person: Candidate, one: OwnOffer, hidden: bool) -> OwnLine:
    offer, tables = one.offer, desk.referential()
    place = tables.communes.name(offer.sites[0].commune)
    told: Sequence[ToldLine] = ()
    if one.match is not None:
        trip = one.match.explanation.trip
        place = tables.communes.name(trip.commune)
        if trip.metres and trip.commune != person.commune:
            place = _("{town}, {km} km from your town").format(town=place, km=said_km(trip.metres))
        told = tell_own(one.match, person, offer, tables)
    return OwnLine(offer, "" if hidden else offer.employer, place, _work(offer), told, one.choice, one.is_forwarded)


def _work(offer: Offer) -> str:
    known = Contract.read(offer.contract)
    months = ngettext("{count} month", "{count} months", offer.months).format(count=offer.months)
    hours = _("{hours} a week").format(hours=hours_text(offer.hours))
    parts = (
        known.label if known is not None else offer.contract,
        months if offer.months else "",
        hours if offer.hours else "",
    )
    return ", ".join(filter(None, parts))


@router.post(PATH)
def say(request: Request, node: NodeOf, person: OwnSpace, form: Sent) -> Response:
    """It interests me, or it does not."""
    answer = form.choice("reponse", ["oui", "non"], required=True)
    reason = NotForMe.read(form.choice("raison", list(NotForMe)))
    if not form.ok:
        raise HTTPException(422)
    try:
        choose(node.desk, person, form.raw("offre"), wants=answer == "oui", reason=reason)
    except NotFound as error:
        return redirect(request, PATH, str(error), "warning")
    if answer == "oui":
        return redirect(request, PATH, _("Noted. The mission sees it, and speaks with you about it."))
    return redirect(request, PATH, _("Noted. You can change your mind at any time."))
