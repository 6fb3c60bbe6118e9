"""/offres/{node}/{offer}/preselection: up to five people for one offer of the town, in one mail or letter.

Guarantees: whoever has no draft yet gets one, by the same rules as alone, with a sentence of their own; drafts that
were made stay when the sending fails, and are ticked when the page comes back. Read next: choosing.py.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from federation.errors import FederationError
from node.kit.errors import NodeError
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.employers.sending import MOST
from node.mission.forwards.after_hire import is_live
from node.mission.forwards.forward import Forward
from node.mission.forwards.terms import GUARANTEE_SAYS
from node.mission.offers.offer import Offer
from node.requests import NodeOf
from node.services.forwards import sending as forwards
from node.services.matching.matching import match_offer
from node.services.node import Node
from node.services.offers.finding import one_offer
from node.web.employers import contact_form
from node.web.employers.choosing import Sends, why_not
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import redirect, render
from node.web.people.file_frame import leave_trace
from protocol.errors import ProtocolError

router = APIRouter()

SHOWN: Final = 20
"""People who fit and are not put forward yet."""


@dataclass(frozen=True, slots=True)
class Choosable:
    """One person to choose: with a forward, or with what a new one needs."""

    candidate: str
    name: str
    forward: str = ""
    state: str = ""
    why: str = ""
    must_agree: bool = False


@router.get("/offres/{node_id}/{offer_id}/preselection")
def choose(
    request: Request,
    node: NodeOf,
    who: Annotated[Account, Depends(require(Permission.READ_OFFERS, Permission.READ_FILES, Permission.PUT_FORWARD))],
    node_id: str,
    offer_id: str,
) -> Response:
    """Whom, how, to whom."""
    offer = _own(node, node_id, offer_id)
    return _page(request, node, offer, Form.of(**contact_form.first_values(node, offer)))


@router.post("/offres/{node_id}/{offer_id}/preselection")
def send(request: Request, node: NodeOf, who: Sends, form: Sent, node_id: str, offer_id: str) -> Response:
    """Draft whom it needs, and send them together."""
    offer = _own(node, node_id, offer_id)
    rows = {one.candidate: one for one in _rows(node, offer)}
    ticked = form.choices("people", rows, required=True)
    chosen = [row for name, row in rows.items() if name in ticked]
    if len(chosen) > MOST:
        form.error("people", _("Choose {most} people at most.").format(most=MOST))
    for one in chosen:
        if not one.forward and not form.text(f"why-{one.candidate}", longest=1000):
            form.error(f"why-{one.candidate}", _("Say in your own words why this person."))
        if one.must_agree and not form.line(f"agreed-{one.candidate}"):
            form.error(f"agreed-{one.candidate}", _("Say how the person agreed to this offer."))
    wanted = contact_form.read(node, form)
    if form.ok:
        try:
            drafts = [one.forward or _draft(node, who, form, one, offer) for one in chosen]
            made, text, kind = contact_form.send(node, drafts, wanted, who.id)
        except (NodeError, FederationError, ProtocolError) as error:
            form.error("", why_not(error))
        else:
            for one in chosen:
                leave_trace(node.desk, who, one.candidate, OpenedFor.FORWARD)
            return redirect(request, f"/envois/{made.id}", text, kind)
    return _page(request, node, offer, form, status=422)


def _draft(node: Node, who: Account, form: Form, row: Choosable, offer: Offer) -> str:
    demand = forwards.Demand(
        candidate=row.candidate,
        offer=offer.key,
        why=form.text(f"why-{row.candidate}"),
        agreed=form.line(f"agreed-{row.candidate}"),
    )
    return forwards.create(node.desk, demand, who.id).id


def _own(node: Node, node_id: str, offer_id: str) -> Offer:
    if node_id != node.desk.node_id:
        raise HTTPException(404)
    return one_offer(node.desk, f"{node_id}/{offer_id}")


def _rows(node: Node, offer: Offer) -> list[Choosable]:
    """Drafts and open applications first, then those who fit."""
    desk = node.desk
    with desk.federation.database.read() as uow:
        live = [one for one in uow.forwards.of_offer(offer.key) if one.candidate and is_live(one)]
        people = uow.candidates.lines([one.candidate for one in live])
    known = {one.candidate: _row(one, people[one.candidate].name) for one in live if one.candidate in people}
    fitting = (found.candidate for found in match_offer(desk, offer.key, limit=SHOWN).matches if not found.forward)
    return [
        *known.values(),
        *(
            Choosable(one.id, one.name, must_agree=forwards.agreement_for(desk, one, offer) is None)
            for one in fitting
            if one.id not in known
        ),
    ]


def _row(forward: Forward, name: str) -> Choosable:
    return Choosable(forward.candidate, name, forward.id, forward.state.label, forward.why)


def _page(request: Request, node: Node, offer: Offer, form: Form, status: int = 200) -> Response:
    return render(
        request,
        "employers/preselect.html",
        status=status,
        form=form,
        offer=offer,
        rows=_rows(node, offer),
        most=MOST,
        guarantee_says=GUARANTEE_SAYS,
        **contact_form.context(node),
    )
