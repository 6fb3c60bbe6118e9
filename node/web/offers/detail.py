"""/offres/{town}/{offer}: one offer, whole; closed with its reason; as a JobPosting.

Guarantees: whom to call is shown of this town's own offers alone; closing says what becomes of the people who are put
forward before it is done. Read next: form.py, `services/offers/publishing.py`.
"""

import json
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from node.documents.job_posting import job_posting
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.offers.hours import hours_text
from node.mission.offers.offer import CLOSINGS, LISTED, NO_CONTACT, UNTOLD, Need, Offer, OfferState
from node.mission.terms import ExperienceAsked, Licence, Qualification, language_name
from node.requests import NodeOf
from node.services.actors import names
from node.services.node import Node
from node.services.offers.finding import one_offer
from node.services.offers.merging import hidden_behind, offers_like
from node.services.offers.publishing import close_offer
from node.services.offers.searching import open_forwards, viewpoint
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.pages import redirect, render
from node.web.offers.needs import show_need
from node.web.offers.showing import address_of, clause_text, closes_soon, contract_name, occupation, publishers

router = APIRouter()

ReadsOffers = Annotated[Account, Depends(require(Permission.READ_OFFERS))]
EditsOffers = Annotated[Account, Depends(require(Permission.EDIT_OFFERS))]


@router.get("/offres/{node_id}/{offer_id}")
def detail(request: Request, node: NodeOf, who: ReadsOffers, node_id: str, offer_id: str) -> Response:
    """The offer."""
    offer = one_offer(node.desk, f"{node_id}/{offer_id}")
    if offer.state in UNTOLD:
        return show_need(request, node, offer)
    tables, desk = node.desk.referential(), node.desk
    seen, publisher_of, behind = viewpoint(desk), publishers(node), hidden_behind(desk, offer)
    sites = [(site, tables.communes.name(site.commune), seen.km(site.commune)) for site in offer.sites]

    def skills(need: Need) -> list[str]:
        return [tables.skills.label(code) or code for code, asked in offer.skills if asked is need]

    return render(
        request,
        "offers/detail.html",
        offer=offer,
        base=address_of(offer),
        own=offer.node == desk.node_id,
        is_open=offer.is_open(seen.today),
        soon=closes_soon(offer, seen.today),
        sites=sorted(sites, key=lambda one: (one[2] is None, one[2] or 0.0)),
        occupation=occupation(offer, tables),
        contract=contract_name(offer),
        terms=_terms(offer),
        demands=_demands(offer),
        required=skills(Need.REQUIRED),
        wished=skills(Need.WISHED),
        contact=offer.contact if offer.contact != NO_CONTACT else None,
        publisher=publisher_of(offer.node),
        put_forward=open_forwards(desk, [offer])[offer.key],
        names=names(desk),
        like=[(one, address_of(one.offer), publisher_of(one.offer.node)) for one in offers_like(desk, offer)],
        hidden=[(one, address_of(one)) for one in behind],
        hidden_forwards=open_forwards(desk, behind),
        kept=one_offer(desk, f"{desk.node_id}/{offer.merged_into}") if offer.merged_into else None,
    )


def _terms(offer: Offer) -> list[tuple[str, str]]:
    """What the post offers, with what is not said."""
    unsaid = _("not said")
    months = ngettext("{count} month", "{count} months", offer.months).format(count=offer.months)
    hours = hours_text(offer.hours)
    return [
        (_("Salary"), offer.salary or unsaid),
        (_("Hours a week"), hours or unsaid),
        *([(_("How long"), months)] if offer.months else []),
        *([(_("Insertion clause"), clause_text(offer))] if offer.clause else []),
    ]


def _demands(offer: Offer) -> list[tuple[str, str]]:
    """What it asks for, beside skills."""
    asked = ExperienceAsked.read(offer.experience)
    experience = asked.label if asked else offer.experience
    if offer.experience_months:
        months = ngettext("{count} month", "{count} months", offer.experience_months)
        experience = f"{experience}, {months.format(count=offer.experience_months)}"
    known = Qualification.read(str(offer.qualification))
    licences = [f"{one} ({said.label})" if (said := Licence.read(one)) else one for one in sorted(offer.licences)]
    languages = [f"{language_name(code)} {level}" for code, level in offer.languages]
    told = [
        (_("Experience"), experience),
        (_("Qualification"), known.label if known else ""),
        (_("Driving licences"), ", ".join(licences)),
        (_("Languages"), ", ".join(languages)),
    ]
    return [(term, said) for term, said in told if said]


@router.get("/offres/{node_id}/{offer_id}/jobposting.json")
def posting(request: Request, node: NodeOf, who: ReadsOffers, node_id: str, offer_id: str) -> Response:
    """The same as schema.org/JobPosting."""
    offer = one_offer(node.desk, f"{node_id}/{offer_id}")
    if offer.state not in LISTED:
        return redirect(request, address_of(offer), _("Only an offer goes to a job board."), "warning")
    made: dict[str, Any] = job_posting(offer, node.desk.referential())
    return Response(
        json.dumps(made, ensure_ascii=False, indent=2),
        media_type="application/ld+json",
        headers={"Content-Disposition": 'attachment; filename="offre.json"', "Cache-Control": "no-store"},
    )


@router.get("/offres/{node_id}/{offer_id}/fermer")
def ask_close(request: Request, node: NodeOf, who: EditsOffers, node_id: str, offer_id: str) -> Response:
    """Why, and what becomes of the people who are put forward."""
    return _closing(request, node, node_id, offer_id, Form.of())


@router.post("/offres/{node_id}/{offer_id}/fermer")
def close(request: Request, node: NodeOf, who: EditsOffers, form: Sent, node_id: str, offer_id: str) -> Response:
    """Close it."""
    reason = form.choice("reason", list(CLOSINGS), required=True)
    if not form.ok:
        return _closing(request, node, node_id, offer_id, form, status=422)
    closed = close_offer(node.desk, f"{node_id}/{offer_id}", reason, who.id)
    said = _("The need is over.") if closed.state is OfferState.NEED else _("The offer is closed.")
    return redirect(request, address_of(closed), said)


def _may_close(offer: Offer, today: date) -> bool:
    """An offer also after its last day; a need while it stands."""
    return offer.state is OfferState.OPEN or (offer.state is OfferState.NEED and offer.takes_people(today))


def _closing(request: Request, node: Node, node_id: str, offer_id: str, form: Form, status: int = 200) -> Response:
    offer = one_offer(node.desk, f"{node_id}/{offer_id}")
    if offer.node != node.desk.node_id or not _may_close(offer, node.desk.today()):
        return redirect(request, address_of(offer), _("Only an open offer of your town can be closed."), "warning")
    return render(
        request,
        "offers/close.html",
        status=status,
        offer=offer,
        base=address_of(offer),
        form=form,
        reasons=labelled(CLOSINGS),
        put_forward=open_forwards(node.desk, [offer])[offer.key],
    )
