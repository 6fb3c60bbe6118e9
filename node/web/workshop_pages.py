"""/ateliers: CV workshops for two or three people: planned, people invited, attendance, the CV before and after.

Guarantees: an invitation's calendar file is for one person and names nobody else; e-mails are sent where a mail server
is configured, and the page says what to hand over where none is. Read next: `services/reception/workshops.py`.
"""

from datetime import datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from node import mailing
from node.api.security import NodeOf
from node.documents.invitation import Guest, cancellation, invitation
from node.documents.invitation import Workshop as Appointment
from node.errors import Unavailable
from node.i18n import gettext as _
from node.mission.accounts import Account, Permission
from node.mission.candidates import Candidate
from node.mission.reception import DocumentKind
from node.mission.reception_ports import Order, RegisterFilter, RegisterLine
from node.mission.workshops import DEFAULT_MINUTES, DEFAULT_SEATS, Attendance, Workshop, WorkshopState
from node.services.desk import Refused
from node.services.people_names import counsellors, names
from node.services.reception import people, workshops
from node.services.reception.common import BadFields
from node.services.reception.reading import FileRefused, handle
from node.web.auth import require
from node.web.forms import Form, Sent
from node.web.mission_contact import contact_of
from node.web.pages import redirect, render
from node.web.person_fields import blame

router = APIRouter()

Runs = Annotated[Account, Depends(require(Permission.RUN_WORKSHOPS))]
PAST: Final = timedelta(days=60)
_FOUND: Final = 10
"""How many people a search for somebody to invite shows."""


@router.get("/ateliers")
def list_workshops(request: Request, node: NodeOf, who: Runs, pour: str = "") -> Response:
    """Those to come, and those of the last two months; `pour` is a person to be invited."""
    desk, now = node.desk, node.desk.now()
    person = people.person_file(desk, pour).person if pour else None
    return render(
        request,
        "workshops.html",
        coming=workshops.upcoming(desk, 180),
        past=[one for one in reversed(workshops.between(desk, now - PAST, now)) if one.ends < now],
        person=person,
        names=names(desk),
        planned=WorkshopState.PLANNED,
    )


@router.get("/ateliers/nouveau")
def new(request: Request, node: NodeOf, who: Runs) -> Response:
    """When, where, for how many."""
    form = Form.of(seats=DEFAULT_SEATS, minutes=DEFAULT_MINUTES, hour="14:00", leader=who.id)
    return render(request, "workshop_new.html", form=form, leaders=counsellors(node.desk))


@router.post("/ateliers/nouveau")
def plan(request: Request, node: NodeOf, who: Runs, form: Sent) -> Response:
    """Plan it."""
    day, hour = form.day("day", required=True), form.line("hour", required=True, longest=5)
    seats, minutes = form.whole("seats", required=True, most=99), form.whole("minutes", required=True, most=999)
    room, leader = (
        form.line("room", required=True),
        form.choice("leader", [code for code, _n in counsellors(node.desk)]),
    )
    title, note = form.line("title", longest=120), form.text("note", longest=2000)
    starts = None
    if day is not None:
        try:
            at = datetime.strptime(hour, "%H:%M").time()  # noqa: DTZ007 - the zone follows
            starts = datetime.combine(day, at, ZoneInfo(node.config.locale.timezone))
        except ValueError:
            form.error("hour", _("Give an hour such as 14:00."))
    if form.ok and starts is not None and seats is not None and minutes is not None:
        try:
            made = workshops.plan(
                node.desk, starts, room, leader or who.id, title=title, minutes=minutes, seats=seats, note=note
            )
        except BadFields as error:
            blame(form, error.problems)
            if "starts" in form.errors:
                form.errors["day"] = form.errors.pop("starts")
        else:
            return redirect(request, f"/ateliers/{made.id}", _("The workshop is planned: invite people."))
    return render(request, "workshop_new.html", status=422, form=form, leaders=counsellors(node.desk))


@router.get("/ateliers/{workshop_id}")
def show(request: Request, node: NodeOf, who: Runs, workshop_id: str) -> Response:
    """Who comes, and who may be invited."""
    return _show(request, node, workshop_id, Form())


def _show(request: Request, node: NodeOf, workshop_id: str, form: Form, status: int = 200) -> Response:
    desk = node.desk
    workshop, lines = workshops.one_workshop(desk, workshop_id)
    text = form.raw("text").strip()[:100]
    found: tuple[RegisterLine, ...] = ()
    if text:
        wanted = RegisterFilter(text=text, order=Order.NAME)
        found = tuple(one for one in people.register_page(desk, wanted, 1, _FOUND).rows if one.id not in lines)
    return render(
        request,
        "workshop.html",
        status=status,
        workshop=workshop,
        lines=lines,
        form=form,
        text=text,
        found=found,
        names=names(desk),
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
    person = people.person_file(node.desk, form.line("personne")).person
    try:
        workshop = workshops.invite(node.desk, workshop_id, person.id, who.id)
    except Refused as error:
        return redirect(request, f"/ateliers/{workshop_id}", str(error), "warning")
    text, kind = _("The place is given. Tell the person, or hand over the calendar file."), "success"
    if person.email and mailing.is_configured(node.config):
        try:
            _send(node, workshop, person)
            text = _("The place is given, and the invitation sent by e-mail.")
        except Unavailable as error:
            text, kind = str(error), "warning"
    return redirect(request, f"/ateliers/{workshop_id}", text, kind)


def _send(node: NodeOf, workshop: Workshop, person: Candidate) -> None:
    content = invitation(_appointment(node, workshop), Guest(name=person.name, email=person.email), node.desk.now())
    text = _("You are invited: {title}. Open the attached file to put it into your calendar.")
    mail = mailing.Mail(
        to=person.email,
        subject=workshop.title,
        text=text.format(title=workshop.title),
        attachments=(mailing.Attachment("invitation.ics", "text/calendar; method=REQUEST", content),),
    )
    mailing.send(node.config, mail)


def _appointment(node: NodeOf, workshop: Workshop) -> Appointment:
    cancelled = workshop.state is WorkshopState.CANCELLED
    return Appointment(
        uid=f"{workshop.id}@{node.config.node.id}",
        title=workshop.title,
        starts=workshop.starts,
        ends=workshop.ends,
        place=workshop.room,
        mission=contact_of(node.config),
        notes=workshop.note,
        revision=int(cancelled),
    )


@router.post("/ateliers/{workshop_id}/annuler")
def cancel(request: Request, node: NodeOf, who: Runs, workshop_id: str) -> Response:
    """Whoever was invited waits again for a workshop."""
    try:
        workshops.cancel(node.desk, workshop_id, who.id)
    except Refused as error:
        return redirect(request, f"/ateliers/{workshop_id}", str(error), "warning")
    return redirect(request, f"/ateliers/{workshop_id}", _("The workshop is cancelled: tell those who were invited."))


@router.get("/ateliers/{workshop_id}/{person}/invitation.ics")
def calendar(request: Request, node: NodeOf, who: Runs, workshop_id: str, person: str) -> Response:
    """The appointment for one person's calendar."""
    workshop, lines = workshops.one_workshop(node.desk, workshop_id)
    if person not in lines:
        raise HTTPException(404)
    known = people.person_file(node.desk, person).person
    make = cancellation if workshop.state is WorkshopState.CANCELLED else invitation
    content = make(_appointment(node, workshop), Guest(name=known.name, email=known.email), node.desk.now())
    headers = {"Content-Disposition": 'attachment; filename="invitation.ics"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/calendar", headers=headers)


@router.post("/ateliers/{workshop_id}/{person}")
def attendance(request: Request, node: NodeOf, who: Runs, form: Sent, workshop_id: str, person: str) -> Response:
    """An answer before the workshop, or who came; perhaps with the CV as it is now."""
    said = form.choice("presence", list(Attendance))
    file = form.file("document")
    try:
        upload = None
        if file is not None:
            upload = handle(node.desk, file.file.read(), file.filename or "cv", DocumentKind.CV_AFTER).upload
        if said in (Attendance.ACCEPTED, Attendance.DECLINED):
            workshops.answer(node.desk, workshop_id, person, Attendance.of(said), who.id)
        elif said in (Attendance.PRESENT, Attendance.ABSENT):
            workshops.record_attendance(
                node.desk, workshop_id, person, said == Attendance.PRESENT, who.id, cv_after=upload
            )
        elif upload is not None:
            workshops.attach_cv(node.desk, workshop_id, person, upload, who.id)
    except (Refused, FileRefused, BadFields) as error:
        return redirect(request, f"/ateliers/{workshop_id}", str(error), "warning")
    return redirect(request, f"/ateliers/{workshop_id}", _("Noted."))
