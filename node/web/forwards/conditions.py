"""What « oui, si… » brings on a person's file: the promise on paper, and a local employer's answer taken back.

Read next: pages.py (the forward itself), services/forwards/promises.py.
"""

from fastapi import APIRouter, Request, Response

from node.documents.contact import contact_of
from node.documents.promise import promise_pdf
from node.kit.i18n import gettext as _
from node.mission.accounts.trail import OpenedFor
from node.requests import NodeOf
from node.services.desk import Refused
from node.services.forwards import answers, promises, sending
from node.web.forwards.acting import way_back
from node.web.forwards.pages import ReadsOffers
from node.web.forwards.steps import PutsForward
from node.web.frame.forms import Sent
from node.web.frame.pages import redirect
from node.web.people.file_frame import open_part

router = APIRouter()


@router.get("/mises-en-relation/{forward_id}/promesse.pdf")
def print_promise(node: NodeOf, who: ReadsOffers, forward_id: str) -> Response:
    """The employer's promise, for whoever pays the training."""
    promise = promises.promise_of(node.desk, forward_id, contact_of(node.config))
    open_part(node.desk, who, sending.one_forward(node.desk, forward_id).candidate, OpenedFor.READ)
    headers = {"Content-Disposition": 'inline; filename="promesse.pdf"', "Cache-Control": "no-store"}
    return Response(promise_pdf(promise), media_type="application/pdf", headers=headers)


@router.post("/mises-en-relation/{forward_id}/corriger")
def take_back(request: Request, node: NodeOf, who: PutsForward, form: Sent, forward_id: str) -> Response:
    """A local employer's answer that was noted by mistake: the state before stands again, and the right one can be
    noted."""
    back = way_back(form.raw("retour"), sending.one_forward(node.desk, forward_id))
    try:
        answers.correct_answer(node.desk, forward_id, None, actor=who.id)
    except Refused as error:
        return redirect(request, back, str(error), "warning")
    return redirect(request, back, _("Taken back. Now note the right answer."))
