"""« Déposer une offre »: an employer's few lines, without an account; and what waits for a counsellor.

Guarantees: nothing is published by a deposit; what was typed comes back with every fault, refusal and wait; words that
the law forbids are named to whoever wrote them, before anybody reads them. Read next: `services/offers/proposals.py`,
form.py, where a counsellor makes an offer of it.
"""

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from node.documents.contact import contact_of
from node.imports.working_hours import read_weekly_minutes
from node.kit import phone
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.offers.offer import OfferContact, OfferSite
from node.mission.offers.proposal import KEPT
from node.mission.offers.rules import MAX_DESCRIPTION, MAX_MONTHS, MAX_POSTS
from node.mission.terms import Contract
from node.requests import NodeOf
from node.services.desk import Refused
from node.services.node import Node
from node.services.offers.proposals import propose_offer, put_aside, waiting_proposals
from node.services.people.saving import BadFields
from node.web.frame.auth import address_of, require
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.pace import seconds_to_wait
from node.web.frame.pages import redirect, render
from node.web.frame.robots import TRAP, is_hasty, refresh, stamp

router = APIRouter()

EditsOffers = Annotated[Account, Depends(require(Permission.EDIT_OFFERS))]
A_MINUTE: Final = 10
"""Offers taken from one network address at once, and in each minute."""
OPEN_FOR: Final = timedelta(days=60)
"""Unless the employer says until when."""


@router.get("/deposer-une-offre")
def form_page(request: Request, node: NodeOf) -> Response:
    """The form."""
    return _page(request, node, Form.of(debut=stamp(node), posts=1, contract="CDI"))


@router.post("/deposer-une-offre")
def send(request: Request, node: NodeOf, form: Sent) -> Response:
    """Hand it in."""
    _town_only(node)
    wait = seconds_to_wait(request, "offers", address_of(request), node.now(), A_MINUTE, timedelta(minutes=1))
    if wait:
        text = ngettext("Wait {count} second, then send again.", "Wait {count} seconds, then send again.", wait)
        response = _page(request, node, form, 429, wait=text.format(count=wait))
        response.headers["Retry-After"] = str(wait)
        return response
    fields = _read(node, form)
    if form.ok and is_hasty(node, form):
        return _page(request, node, form, 422, again=True)
    if form.ok:
        try:
            propose_offer(node.desk, fields)
        except BadFields as error:
            for problem in error.problems:
                form.error("place" if problem.field == "sites" else problem.field, problem.sentence)
        except Refused as error:
            form.error("", str(error))
    if not form.ok:
        return _page(request, node, form, 422)
    return redirect(request, "/deposer-une-offre/merci")


@router.get("/deposer-une-offre/merci")
def thanks(request: Request, node: NodeOf) -> Response:
    """What happens next."""
    _town_only(node)
    return render(request, "offers/thanks.html", mission=contact_of(node.config))


@router.get("/offres/recues")
def received(request: Request, node: NodeOf, who: EditsOffers) -> Response:
    """What waits, oldest first."""
    communes = node.desk.referential().communes
    return render(
        request,
        "offers/received.html",
        waiting=[(one, communes.name(one.offer.sites[0].commune)) for one in waiting_proposals(node.desk).rows],
        days=KEPT.days,
    )


@router.post("/offres/recues/{proposal_id}/ecarter")
def dismiss(request: Request, node: NodeOf, who: EditsOffers, proposal_id: str) -> Response:
    """Destroy it."""
    gone = put_aside(node.desk, proposal_id)
    said = _("The deposited offer is destroyed.") if gone else _("A colleague dealt with it already.")
    return redirect(request, "/offres/recues", said, "success" if gone else "info")


def _read(node: Node, form: Form) -> dict[str, Any]:
    """What was typed, with faults by field."""
    place = form.line("place", required=True, longest=100)
    commune = node.desk.referential().communes.resolve(place) if place else None
    if place and commune is None:
        form.error("place", _("No commune of that name is known: add its postal code, such as 03100 Montluçon."))
    typed = form.line("hours", longest=40)
    minutes = read_weekly_minutes(typed) if typed else 0
    if minutes is None:
        form.error("hours", _("Write hours a week such as 35 or 35h30; 60 at most."))
    posts = form.whole("posts", required=True, least=1, most=MAX_POSTS)
    number = form.line("contact_phone", longest=40)
    code = commune.insee if commune else ""
    return {
        "title": form.line("title", required=True),
        "employer": form.line("employer", required=True),
        "description": form.text("description", required=True, longest=MAX_DESCRIPTION),
        "contract": form.choice("contract", list(Contract), required=True),
        "months": form.whole("months", most=MAX_MONTHS) or 0,
        "hours": minutes or 0,
        "salary": form.line("salary"),
        "sites": (OfferSite(id=code or "s1", commune=code, label="", posts=posts or 1),),
        "closes": form.day("closes") or node.desk.today() + OPEN_FOR,
        "contact": OfferContact(
            name=form.line("contact_name", required=True),
            email=form.line("contact_email"),
            phone=phone.read(number) or number,
        ),
    }


def _page(
    request: Request, node: Node, form: Form, status: int = 200, *, again: bool = False, wait: str = ""
) -> Response:
    _town_only(node)
    refresh(node, form)
    return render(
        request,
        "offers/handing_in.html",
        status=status,
        form=form,
        trap=TRAP,
        again=again,
        wait=wait,
        contracts=labelled(Contract),
        mission=contact_of(node.config),
        days=KEPT.days,
    )


def _town_only(node: Node) -> None:
    """Employers and coordinators receive no offers."""
    if node.config.node.role != "town":
        raise HTTPException(404)
