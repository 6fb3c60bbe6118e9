"""/mises-en-relation/{id}/envoi: a person put forward to an employer of the town goes by mail or by letter.

Guarantees: a draft is sent with it, or stays a draft and the page says why; what was typed is shown again. Read next:
`services/employers/sending.py`.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from federation.errors import FederationError, NoDirectory
from node.kit.errors import NodeError, sentence
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.forwards.after_hire import is_live
from node.mission.forwards.forward import Forward
from node.mission.forwards.terms import GUARANTEE_SAYS
from node.requests import NodeOf
from node.services.forwards import sending as forwards
from node.services.node import Node
from node.services.offers.finding import one_offer
from node.web.employers import contact_form
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import redirect
from node.web.people.file_frame import address, leave_trace, open_part, show_part
from protocol.errors import ProtocolError

router = APIRouter()

Sends = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.PUT_FORWARD))]


@router.get("/mises-en-relation/{draft_id}/envoi")
def choose(request: Request, node: NodeOf, who: Sends, draft_id: str) -> Response:
    """By mail or by letter, to whom."""
    known = _local(node, draft_id)
    first = contact_form.first_values(node, one_offer(node.desk, known.offer))
    return _page(request, node, who, known, Form.of(**first))


@router.post("/mises-en-relation/{draft_id}/envoi")
def send(request: Request, node: NodeOf, who: Sends, form: Sent, draft_id: str) -> Response:
    """Send it."""
    known = _local(node, draft_id)
    wanted = contact_form.read(node, form)
    if form.ok:
        try:
            made, text, kind = contact_form.send(node, [known.id], wanted, who.id)
        except (NodeError, FederationError, ProtocolError) as error:
            form.error("", why_not(error))
        else:
            leave_trace(node.desk, who, known.candidate, OpenedFor.FORWARD)
            return redirect(request, f"/envois/{made.id}", text, kind)
    return _page(request, node, who, known, form, status=422)


def why_not(error: Exception) -> str:
    """What a counsellor is told of a sending that could not be made."""
    if isinstance(error, NoDirectory):
        return _("This mission is not connected to the network yet, and can sign nothing. Ask whoever runs it.")
    return sentence(error)


def _local(node: Node, forward_id: str) -> Forward:
    known = forwards.one_forward(node.desk, forward_id)
    if known.peer != node.desk.node_id or not known.candidate:
        raise HTTPException(404)
    return known


def _page(request: Request, node: Node, who: Account, known: Forward, form: Form, status: int = 200) -> Response:
    file = open_part(node.desk, who, known.candidate, OpenedFor.READ)
    offer = one_offer(node.desk, known.offer)
    return show_part(
        request,
        node.desk,
        who,
        file,
        "envoi",
        "employers/choose.html",
        status=status,
        form=form,
        known=known,
        offer=offer,
        is_live=is_live(known),
        guarantee_says=GUARANTEE_SAYS,
        back=address(known.candidate, "offres"),
        **contact_form.context(node),
    )
