"""/ateliers: CV workshops for two or three people: who comes, who is invited, attendance, the CV before and after.

Guarantees: an invitation's calendar file is for one person and names nobody else; e-mails are sent where a mail server
is configured, and the page says whom to call where none is. Read next: plans.py,
`services/workshops/workshops.py`.
"""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from node import mailing
from node.documents.contact import contact_of
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.people.documents import DocumentKind
from node.mission.people.ports import Order, RegisterFilter, RegisterLine
from node.mission.workshops.workshop import Attendance, WorkshopState
from node.requests import NodeOf
from node.services.actors import names
from node.services.deposits.reading import FileRefused, handle
from node.services.desk import Refused
from node.services.people import files
from node.services.people.saving import BadFields
from node.services.workshops import workshops
from node.services.workshops.telling import calendar_file, tell_now, to_tell
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import redirect, render
from node.web.people.file_frame import leave_trace

router = APIRouter()

Runs = Annotated[Account, Depends(require(Permission.RUN_WORKSHOPS))]
PAST: Final = timedelta(days=60)
_FOUND: Final = 10
"""How many people a search for somebody to invite shows."""


@router.get("/ateliers")
def list_workshops(request: Request, node: NodeOf, who: Runs, pour: str = "") -> Response:
    """Those to come, and those of the last two months; `pour` is a person to be invited."""
    desk, now = node.desk, node.desk.now()
    person = files.person_file(desk, pour).person if pour else None
    return render(
        request,
        "workshops/workshops.html",
        coming=workshops.upcoming(desk, 180),
        past=[one for one in reversed(workshops.between(desk, now - PAST, now)) if one.ends < now],
        person=person,
        now=now,
        names=names(desk),
        planned=WorkshopState.PLANNED,
    )


@router.get("/ateliers/{workshop_id}")
def show(request: Request, node: NodeOf, who: Runs, workshop_id: str) -> Response:
    """Who comes, and who may be invited."""
    return _show(request, node, workshop_id, Form())


def _show(request: Request, node: NodeOf, workshop_id: str, form: Form, status: int = 200) -> Response:
    desk = node.desk
    workshop, lines = workshops.one_workshop(desk, workshop_id)
    untold = to_tell(desk, workshop_id)[1]
    text = form.raw("text").strip()[:100]
    found: tuple[RegisterLine, ...] = ()
    if text:
        wanted = RegisterFilter(text=text, order=Order.NAME)
        found = tuple(one for one in files.register_page(desk, wanted, 1, _FOUND).rows if one.id not in lines)
    return render(
        request,
        "workshops/workshop.html",
        status=status,
        workshop=workshop,
        lines=lines,
        form=form,
        text=text,
        found=found,
        names=names(desk),
        untold=untold,
        begun=desk.now() >= workshop.starts,
        over=desk.now() >= workshop.ends,
        mail=mailing.is_configured(node.config),
        attendance=Attendance,
        states=WorkshopState,
    )


@router.post("/ateliers/{workshop_id}/chercher")
def search(request: Request, node: NodeOf, who: Runs, form: Sent, workshop_id: str) -> Response:
    """People by name: what was typed stays out of addresses."""
    return _show(request, node, workshop_id, form)


@router.post("/ateliers/{workshop_id}/inviter")
def invite(request: Request, node: NodeOf, who: Runs, form: Sent, workshop_id: str) -> Response:
    """Give a place; send the invitation where mail is configured and the person has an address."""
    person = files.person_file(node.desk, form.line("personne")).person
    try:
        workshops.invite(node.desk, workshop_id, person.id, who.id)
    except Refused as error:
        return redirect(request, f"/ateliers/{workshop_id}", str(error), "warning")
    leave_trace(node.desk, who, person.id, OpenedFor.EDIT)
    done = tell_now(node, workshop_id)
    text, kind = _("The place is given. Tell the person, or hand over the calendar file."), "success"
    if person.id not in {one.id for one in done.left}:
        text = _("The place is given, and the invitation sent by e-mail.")
    elif done.leaving and person.email:
        text = _("The place is given, and the invitation is on its way.")
    elif person.email and mailing.is_configured(node.config):
        text, kind = _("The place is given, but the invitation did not leave: send it again below, or call."), "warning"
    return redirect(request, f"/ateliers/{workshop_id}", text, kind)


@router.get("/ateliers/{workshop_id}/{person}/invitation.ics")
def calendar(request: Request, node: NodeOf, who: Runs, workshop_id: str, person: str) -> Response:
    """The appointment for one person's calendar."""
    workshop, lines = workshops.one_workshop(node.desk, workshop_id)
    if person not in lines:
        raise HTTPException(404)
    known = files.person_file(node.desk, person).person
    content, media_type = calendar_file(node.desk, workshop, contact_of(node.config), known)
    headers = {"Content-Disposition": 'attachment; filename="invitation.ics"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


@router.post("/ateliers/{workshop_id}/{person}")
def attendance(request: Request, node: NodeOf, who: Runs, form: Sent, workshop_id: str, person: str) -> Response:
    """An answer before the workshop, or who came; perhaps with the CV as it is now."""
    known = files.person_file(node.desk, person).person.id
    said = form.choice("presence", list(Attendance))
    file = form.file("document")
    try:
        upload = None
        if file is not None:
            upload = handle(node.desk, file.file.read(), file.filename or "cv", DocumentKind.CV_AFTER).upload
        if said in (Attendance.ACCEPTED, Attendance.DECLINED):
            workshops.note_answer(node.desk, workshop_id, known, Attendance.of(said), who.id)
        elif said in (Attendance.PRESENT, Attendance.ABSENT):
            workshops.record_attendance(
                node.desk, workshop_id, known, said == Attendance.PRESENT, who.id, cv_after=upload
            )
        elif upload is not None:
            workshops.attach_cv(node.desk, workshop_id, known, upload, who.id)
    except (Refused, FileRefused, BadFields) as error:
        return redirect(request, f"/ateliers/{workshop_id}", str(error), "warning")
    leave_trace(node.desk, who, known, OpenedFor.EDIT)
    return redirect(request, f"/ateliers/{workshop_id}", _("Noted."))
