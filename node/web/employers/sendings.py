"""/envois/{id}: one sending as the mission follows it: its people, their answers, the employer's words, its paper.

Guarantees: a letter is printed by a button, for each print makes a link; who prints is in the trail of each person.
Read next: `services/employers/sending.py`, `services/employers/letters.py`.
"""

from fastapi import APIRouter, Request, Response

from node.documents.contact import contact_of
from node.kit.i18n import gettext as _
from node.mission.accounts.trail import OpenedFor
from node.mission.employers.codes import shown_code
from node.requests import NodeOf
from node.services.actors import names
from node.services.employers import letters, sending, telling
from node.services.offers.finding import one_offer
from node.web.employers.choosing import Sends
from node.web.frame.forms import Sent
from node.web.frame.pages import redirect, render
from node.web.people.file_frame import leave_trace

router = APIRouter()


@router.get("/envois/{sending_id}")
def show(request: Request, node: NodeOf, who: Sends, sending_id: str) -> Response:
    """Where it stands."""
    desk = node.desk
    file = sending.sending_file(desk, sending_id)
    return render(
        request,
        "employers/sending.html",
        file=file,
        sending=file.sending,
        offer=one_offer(desk, file.sending.offer),
        code=shown_code(file.sending.code),
        stands=file.sending.stands(desk.now()),
        by_forward={one.forward.id: one for one in file.people},
        names=names(desk),
    )


@router.post("/envois/{sending_id}/lettre")
def print_letter(node: NodeOf, who: Sends, sending_id: str) -> Response:
    """The letter, with the CVs."""
    pdf = letters.print_letter(node.desk, sending_id, contact_of(node.config))
    for one in sending.sending_file(node.desk, sending_id).people:
        if one.person is not None:
            leave_trace(node.desk, who, one.person.id, OpenedFor.PRINT)
    return _pdf(pdf, "lettre.pdf")


@router.post("/envois/{sending_id}/courriel")
def mail_again(request: Request, node: NodeOf, who: Sends, sending_id: str) -> Response:
    """Try the mail again."""
    if telling.send_again(node, sending_id).mailed is not None:
        return redirect(request, f"/envois/{sending_id}", _("The mail has left."))
    text = _("The mail server did not take it. Check the address, send a letter, or call.")
    return redirect(request, f"/envois/{sending_id}", text, "warning")


@router.get("/envois/{sending_id}/destruction.pdf")
def print_destruction(node: NodeOf, who: Sends, sending_id: str) -> Response:
    """The letter that asks for a CV's destruction."""
    return _pdf(letters.print_destruction(node.desk, sending_id, contact_of(node.config)), "destruction.pdf")


@router.post("/envois/{sending_id}/destruction")
def asked(request: Request, node: NodeOf, who: Sends, form: Sent, sending_id: str) -> Response:
    """The employer was asked to destroy what the page listed."""
    sending.note_told(node.desk, sending_id, set(form.all("forward")))
    return redirect(request, f"/envois/{sending_id}", _("Noted: the employer was asked to destroy the CV."))


@router.post("/envois/{sending_id}/mots/{word_id}")
def settle(request: Request, node: NodeOf, who: Sends, sending_id: str, word_id: str) -> Response:
    """The reply was dealt with."""
    sending.settle_word(node.desk, sending_id, word_id, who.id)
    return redirect(request, f"/envois/{sending_id}", _("Noted."))


@router.post("/envois/{sending_id}/fin")
def end(request: Request, node: NodeOf, who: Sends, sending_id: str) -> Response:
    """The link opens nothing any more."""
    sending.end(node.desk, sending_id)
    return redirect(request, f"/envois/{sending_id}", _("The link opens nothing any more."))


def _pdf(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)
