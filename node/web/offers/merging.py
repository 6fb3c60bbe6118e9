"""/offres/doublons, and on an offer's page « C'est la même offre » and « Ce n'est pas la même ».

Guarantees: two offers are made one when a counsellor says so, never by themselves; it can be undone; another town's
offer is told as alike and has no button. Read next: `services/offers/merging.py`.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.requests import NodeOf
from node.services.desk import Refused
from node.services.offers import merging
from node.services.offers.finding import one_offer
from node.web.frame.auth import require
from node.web.frame.forms import Sent
from node.web.frame.pages import redirect, render
from node.web.offers.showing import address_of, lines_of

router = APIRouter()

EditsOffers = Annotated[Account, Depends(require(Permission.EDIT_OFFERS))]
SHOWN: Final = 50
LIST: Final = "/offres/doublons"


@router.get("/offres/doublons")
def pairs(request: Request, node: NodeOf, who: EditsOffers) -> Response:
    """All pairs of the town's open offers that may be one."""
    found = merging.all_like(node.desk)
    shown = found[:SHOWN]
    lines = lines_of(node, list({one.key: one for pair in shown for one in pair[:2]}.values()))
    return render(
        request,
        "offers/twice.html",
        pairs=[(one, other, how.label) for one, other, how in shown],
        lines={one.offer.key: one for one in lines},
        count=len(found),
    )


@router.post("/offres/{node_id}/{offer_id}/reunir")
def merge(request: Request, node: NodeOf, who: EditsOffers, form: Sent, node_id: str, offer_id: str) -> Response:
    """The other offer is the same as this one, which is kept."""
    kept = one_offer(node.desk, f"{node_id}/{offer_id}")
    back = LIST if form.flag("liste") else address_of(kept)
    try:
        merging.merge_offers(node.desk, kept.key, form.line("autre", required=True), who.id)
    except Refused as error:
        return redirect(request, back, str(error), "warning")
    return redirect(request, back, _("The two offers are one. You can take them apart again."))


@router.post("/offres/{node_id}/{offer_id}/distinguer")
def keep_apart(request: Request, node: NodeOf, who: EditsOffers, form: Sent, node_id: str, offer_id: str) -> Response:
    """The other offer is not the same as this one: it is not proposed again."""
    one = one_offer(node.desk, f"{node_id}/{offer_id}")
    merging.keep_apart(node.desk, one.key, form.line("autre", required=True))
    said = _("These are two offers: they are not proposed as the same any more.")
    return redirect(request, LIST if form.flag("liste") else address_of(one), said)


@router.post("/offres/{node_id}/{offer_id}/separer")
def unmerge(request: Request, node: NodeOf, who: EditsOffers, node_id: str, offer_id: str) -> Response:
    """This offer was merged into another one, and is another after all."""
    try:
        back = merging.unmerge_offer(node.desk, f"{node_id}/{offer_id}", who.id)
    except Refused as error:
        return redirect(request, f"/offres/{node_id}/{offer_id}", str(error), "warning")
    return redirect(request, address_of(back), _("The offers are two again; this one is open, as it was."))
