"""/ateliers: a workshop planned, changed, cancelled, and those who are invited told of it.

Guarantees: cancelling is asked; after a change and a cancellation everybody who is to come is told by e-mail where the
node sends mail and the person has an address, and stands on the page until then, or until a counsellor says that they
were told. Read next: pages.py, `services/workshops/telling.py`.
"""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response

from node import mailing
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.workshops.workshop import DEFAULT_MINUTES, DEFAULT_SEATS, Workshop
from node.requests import NodeOf
from node.services.actors import counsellors, names
from node.services.desk import Refused
from node.services.people.saving import BadFields
from node.services.workshops import telling, workshops
from node.services.workshops.telling import Told
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import redirect, render
from node.web.people.fields import blame

router = APIRouter()

Runs = Annotated[Account, Depends(require(Permission.RUN_WORKSHOPS))]


@router.get("/ateliers/nouveau")
def new(request: Request, node: NodeOf, who: Runs) -> Response:
    """When, where, for how many."""
    form = Form.of(seats=DEFAULT_SEATS, minutes=DEFAULT_MINUTES, hour="14:00", leader=who.id)
    return _form(request, node, form)


@router.post("/ateliers/nouveau")
def plan(request: Request, node: NodeOf, who: Runs, form: Sent) -> Response:
    """Plan it."""
    fields = _read(form, node, [code for code, _name in counsellors(node.desk)])
    if fields is not None:
        try:
            fields["leader"] = fields["leader"] or who.id
            made = workshops.plan(node.desk, **fields)
        except BadFields as error:
            _blame(form, error)
        else:
            return redirect(request, f"/ateliers/{made.id}", _("The workshop is planned: invite people."))
    return _form(request, node, form, status=422)


@router.get("/ateliers/{workshop_id}/modifier")
def ask_change(request: Request, node: NodeOf, who: Runs, workshop_id: str) -> Response:
    """The workshop as it is, to be changed."""
    workshop, _lines = workshops.one_workshop(node.desk, workshop_id)
    starts = workshop.starts.astimezone(ZoneInfo(node.config.locale.timezone))
    form = Form.of(
        title=workshop.title,
        day=starts.date(),
        hour=f"{starts:%H:%M}",
        minutes=workshop.minutes,
        seats=workshop.seats,
        room=workshop.room,
        leader=workshop.leader,
        note=workshop.note,
    )
    return _form(request, node, form, workshop)


@router.post("/ateliers/{workshop_id}/modifier")
def change(request: Request, node: NodeOf, who: Runs, form: Sent, workshop_id: str) -> Response:
    """Change it, then tell those who are to come, when there is something to tell."""
    before, _lines = workshops.one_workshop(node.desk, workshop_id)
    fields = _read(form, node, [code for code, _name in _leaders(node, before)])
    if fields is not None:
        try:
            after = workshops.change(node.desk, workshop_id, **fields, actor=who.id)
        except BadFields as error:
            _blame(form, error)
        except Refused as error:
            return redirect(request, f"/ateliers/{workshop_id}", str(error), "warning")
        else:
            if after.revision == before.revision:
                return redirect(request, f"/ateliers/{workshop_id}", _("The workshop is changed."))
            return _tell(request, node, workshop_id, _("The workshop is changed."))
    return _form(request, node, form, before, status=422)


@router.get("/ateliers/{workshop_id}/annuler")
def ask_cancel(request: Request, node: NodeOf, who: Runs, workshop_id: str) -> Response:
    """Who was to come, and how each of them will know."""
    workshop, lines = workshops.one_workshop(node.desk, workshop_id)
    return render(
        request,
        "workshops/cancel.html",
        workshop=workshop,
        coming=[lines[place.candidate] for place in workshop.coming()],
        mail=mailing.is_configured(node.config),
    )


@router.post("/ateliers/{workshop_id}/annuler")
def cancel(request: Request, node: NodeOf, who: Runs, workshop_id: str) -> Response:
    """Whoever was invited waits again for a workshop, and is told."""
    try:
        workshops.cancel(node.desk, workshop_id, who.id)
    except Refused as error:
        return redirect(request, f"/ateliers/{workshop_id}", str(error), "warning")
    return _tell(request, node, workshop_id, _("The workshop is cancelled."))


@router.post("/ateliers/{workshop_id}/prevenir")
def tell_again(request: Request, node: NodeOf, who: Runs, workshop_id: str) -> Response:
    """Send what did not leave."""
    telling.tell_again(node.desk, workshop_id, who.id)
    return _tell(request, node, workshop_id, "")


@router.post("/ateliers/{workshop_id}/{person}/prevenu")
def told(request: Request, node: NodeOf, who: Runs, form: Sent, workshop_id: str, person: str) -> Response:
    """The counsellor told the person what the page said."""
    revision = form.whole("revision", required=True)
    if revision is not None:
        telling.told_by_voice(node.desk, workshop_id, person, revision, who.id)
    return redirect(request, f"/ateliers/{workshop_id}", _("Noted."))


def _tell(request: Request, node: NodeOf, workshop_id: str, opening: str) -> Response:
    done = telling.tell_now(node, workshop_id)
    text = " ".join(one for one in (opening, sentence(done)) if one)
    kind = "warning" if done.left and not done.leaving else "success"
    return redirect(request, f"/ateliers/{workshop_id}", text, kind)


def sentence(done: Told) -> str:
    """Who was told, and who is still to be told."""
    mailed = ngettext("{count} person was told by e-mail.", "{count} people were told by e-mail.", done.mailed)
    left = ngettext("{count} person is still to be told.", "{count} people are still to be told.", len(done.left))
    said = ((mailed, done.mailed), (left, len(done.left)))
    return " ".join(text.format(count=count) for text, count in said if count)


def _form(request: Request, node: NodeOf, form: Form, workshop: Workshop | None = None, status: int = 200) -> Response:
    return render(
        request,
        "workshops/form.html",
        status=status,
        form=form,
        workshop=workshop,
        leaders=_leaders(node, workshop),
        mail=mailing.is_configured(node.config),
    )


def _leaders(node: NodeOf, workshop: Workshop | None) -> list[tuple[str, str]]:
    """Counsellors, and whoever leads it so far: an account may have been closed since."""
    known = counsellors(node.desk)
    if workshop is None or workshop.leader in dict(known):
        return known
    return [*known, (workshop.leader, names(node.desk)[workshop.leader])]


def _read(form: Form, node: NodeOf, leaders: list[str]) -> dict[str, Any] | None:
    """The fields of a workshop; None when one of them is at fault."""
    day, hour = form.day("day", required=True), form.line("hour", required=True, longest=5)
    fields = {
        "seats": form.whole("seats", required=True, most=99),
        "minutes": form.whole("minutes", required=True, most=999),
        "room": form.line("room", required=True),
        "leader": form.choice("leader", leaders),
        "title": form.line("title", longest=120),
        "note": form.text("note", longest=2000),
    }
    try:
        at = datetime.strptime(hour, "%H:%M").time()  # noqa: DTZ007 - the zone follows
    except ValueError:
        form.error("hour", _("Give an hour such as 14:00."))
    if not form.ok or day is None:
        return None
    return fields | {"starts": datetime.combine(day, at, ZoneInfo(node.config.locale.timezone))}


def _blame(form: Form, error: BadFields) -> None:
    blame(form, error.problems)
    if "starts" in form.errors:
        form.errors["day"] = form.errors.pop("starts")
