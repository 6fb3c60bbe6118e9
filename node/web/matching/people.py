"""/offres/{node_id}/{offer_id}/personnes: an offer's people, told in sentences, one action each.

Guarantees: no person is in the address; whoever opens the list is in the trail, as whoever has it from a program or a
command is; those who are out are shown with the true reason. Read next: `services/matching/people.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response

from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.matching.exclusion import Exclusion, say_exclusion
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.mission.people.quality import CvLack
from node.requests import NodeOf
from node.services.accounts.trail import NOBODYS
from node.services.desk import Desk
from node.services.matching.choosing import choices_about
from node.services.matching.matching import Found
from node.services.matching.people import SHOWN, Excluded, people_of_offer
from node.web.forwards.told import ToldMatch, told_match
from node.web.frame.auth import require
from node.web.frame.pages import render
from node.web.people.file_frame import address, address_of_gap, leave_trace

router = APIRouter()

ReadsPeople = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.READ_OFFERS))]

CHANGED_AT: Final[Mapping[Exclusion, str]] = {
    Exclusion.NOT_LOOKING: "",
    Exclusion.NO_AGREEMENT: "dossier?offre={offer}#consents",
    Exclusion.TOO_FAR: "projet#mobility_km",
}
"""Where in a person's file what keeps them out is looked at; the other reasons are not the person's."""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person of the list: their file's address, where they live, the match told, what the CV lacks."""

    person: Candidate
    base: str
    place: str
    told: ToldMatch
    served: int
    gaps: tuple[CvLack, ...] = ()


@router.get("/offres/{node_id}/{offer_id}/personnes")
def people(request: Request, node: NodeOf, who: ReadsPeople, node_id: str, offer_id: str) -> Response:
    """Within reach, beyond, to prepare, and those who are out."""
    desk = node.desk
    found = people_of_offer(desk, f"{node_id}/{offer_id}")
    leave_trace(desk, who, NOBODYS, OpenedFor.LISTED)
    communes = desk.referential().communes
    return render(
        request,
        "matching/people.html",
        found=found,
        choices=choices_about(desk, found.offer.key),
        offer=found.offer,
        places=[communes.name(commune) for commune in dict.fromkeys(site.commune for site in found.offer.sites)],
        is_open=found.offer.takes_people(desk.today()),
        within=[_line(desk, one) for one in found.within],
        beyond=[_line(desk, one) for one in found.beyond],
        preparing=[_line(desk, one.found, one.gaps) for one in found.preparing],
        excluded=[
            (one.candidate, _changed_at(one, found.offer), _why(desk, one, found.offer)) for one in found.excluded
        ],
        gap_at=address_of_gap,
        limit=SHOWN,
    )


def _line(desk: Desk, found: Found, gaps: tuple[CvLack, ...] = ()) -> PersonLine:
    person, tables = found.candidate, desk.referential()
    told = told_match(found.match, person, found.offer, tables)
    return PersonLine(person, address(person.id), tables.communes.name(person.commune), told, found.served, gaps)


def _changed_at(one: Excluded, offer: Offer) -> str:
    return address(one.candidate.id, CHANGED_AT.get(one.why, "").format(offer=quote(offer.key, safe="")))


def _why(desk: Desk, one: Excluded, offer: Offer) -> str:
    return say_exclusion(one.why, one.candidate, offer, desk.referential().communes)
