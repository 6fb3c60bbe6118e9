"""/depots: what people handed in, and what a counsellor makes of it: a new file, a part of a known one, or nothing.

Guarantees: a document is served to whoever may treat deposits, as a download that no browser runs; its proposed fields
become facts by the counsellor's form alone (people/proposals.py); whatever button is pressed, what was typed is shown
again; nothing is kept of a check before it is over. Read next: steps.py, people/fields.py, imports/pages.py.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.agreements.consent import ConsentScope
from node.mission.deposits.deposit import Channel, Deposit, DepositState
from node.mission.duplicates.comparing import Pair
from node.mission.people.candidate import CvState
from node.mission.people.identity import Identity
from node.reading.proposals import Remark
from node.requests import NodeOf
from node.services.deposits import deposits
from node.services.deposits.reading import (
    FileRefused,
    Reading,
    TakenApart,
    handle,
    look_into,
    reading_of,
)
from node.services.desk import Desk
from node.services.duplicates import merging
from node.services.people import documents, files
from node.services.people.saving import BadFields
from node.web.deposits import steps
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import redirect, render
from node.web.people.fields import GROUPS, act, blame, options, read
from node.web.people.file_frame import leave_trace
from node.web.people.filling import Fill
from node.web.people.list_frame import parts_of_list
from node.web.people.papers import serve_document
from node.web.people.proposals import ProposedForm, check_ticks, joined, proposed_form

router = APIRouter()

Treats = Annotated[Account, Depends(require(Permission.TREAT_DEPOSITS))]


@router.get("/depots")
def list_deposits(request: Request, node: NodeOf, who: Treats, page: int = 1) -> Response:
    """Those that wait, oldest first."""
    number = max(1, min(page, 10_000))
    found = deposits.waiting_deposits(node.desk, number)
    labels = {one.id: one.label for one in deposits.sources(node.desk)}
    last = max(1, -(-found.count // deposits.PAGE))
    return render(
        request,
        "deposits/received.html",
        parts_of_list=parts_of_list(node.desk, who, "/depots"),
        found=found,
        sources=labels,
        number=number,
        last=last,
    )


@router.get("/depots/nouveau")
def new(request: Request, who: Treats) -> Response:
    """At the desk: a file, or a name to type in."""
    return render(request, "deposits/new.html", form=Form())


@router.post("/depots/nouveau")
def take(request: Request, node: NodeOf, who: Treats, form: Sent) -> Response:
    """A deposit for what somebody brought; its fields come next."""
    file, taken_in = form.file("document"), None
    first, last = form.line("first_name"), form.line("last_name")
    if file is None and not (first or last):
        form.error("document", _("Choose a file, or write the person's name."))
    if file is not None:
        taken_in = _read(node.desk, form, file.filename or "cv", file.file.read())
    if not form.ok:
        return render(request, "deposits/new.html", form=form, status=422)
    try:
        taken = deposits.hand_in(
            node.desk,
            deposits.Handed(
                channel=_channel(taken_in, file.filename or "") if taken_in and file else Channel.DESK,
                first_name=first,
                last_name=last,
                upload=taken_in.cv if taken_in else None,
                others=taken_in.others if taken_in else (),
                proposal=taken_in.reading.stored() if taken_in else None,
            ),
        )
    except BadFields as error:
        blame(form, error.problems)
        return render(request, "deposits/new.html", form=form, status=422)
    return redirect(request, f"/depots/{taken.id}")


def _read(desk: Desk, form: Form, name: str, data: bytes) -> TakenApart | None:
    try:
        found = look_into(desk, data, name)
        if found.cv is None:
            raise FileRefused(_("This e-mail holds no CV that can be read: save its attachment and choose that file."))
    except FileRefused as error:
        form.error("document", str(error))
        return None
    return found


def _channel(message: TakenApart, name: str) -> Channel:
    if name.lower().endswith(".eml"):
        return Channel.MAIL
    of_resume = message.cv is not None and message.cv.media_type == "application/json"
    return Channel.FILE if of_resume else Channel.DESK


@router.get("/depots/{deposit_id}")
def show(request: Request, node: NodeOf, who: Treats, deposit_id: str) -> Response:
    """The document beside the first step."""
    deposit = deposits.one_deposit(node.desk, deposit_id)
    if deposit.state is not DepositState.WAITING:
        return redirect(request, f"/candidats/{deposit.candidate}", _("This deposit is part of this file already."))
    reading = _reading(node.desk, deposit)
    proposed = proposed_form(deposit, reading)
    return _show(request, node, deposit, reading, _fill(node.desk, proposed.form, proposed), steps.WHO)


@router.post("/depots/{deposit_id}")
def treat(request: Request, node: NodeOf, who: Treats, form: Sent, deposit_id: str) -> Response:
    """Go on or back, add, look up, or settle the deposit with what the counsellor confirmed."""
    desk = node.desk
    deposit = deposits.one_deposit(desk, deposit_id)
    reading = _reading(desk, deposit)
    proposed = proposed_form(deposit, reading)
    fill = _fill(desk, form, proposed)
    step, to = steps.here(form), steps.wanted(form)
    if form.raw("autre"):
        form.values["connu"] = []
        return _show(request, node, deposit, reading, fill, step)
    if to and to <= step:
        return _show(request, node, deposit, reading, fill, to)
    found = act(form, fill.referential)
    if found is not None:
        fill.found = dict(found)
        wrong = steps.first_fault(form, steps.ALL)
        return _show(request, node, deposit, reading, fill, wrong or steps.acted_on(form))
    if form.raw("joindre"):
        form.values["connu"] = [form.raw("joindre")]
        to = 0 if all(form.flag(f"checked_{group}") for group in proposed.to_check) else steps.SKILLS
    passed = steps.ALL if not to else range(steps.WHO, to)
    check_ticks(form, (group for one in passed for group in steps.TICKS_OF[one] if group in proposed.to_check))
    values = read(form, dict.fromkeys(group for one in passed for group in steps.GROUPS_OF[one]))
    wrong, known = steps.first_fault(form, passed), form.raw("connu")
    if to and not wrong:
        blame(form, files.field_problems(desk, values))
        wrong = steps.first_fault(form, passed)
    if not to and form.ok:
        try:
            person_id = _settle(node, who, deposit, form, values, known)
        except BadFields as error:
            blame(form, error.problems)
            wrong = steps.first_fault(form, steps.ALL)
        else:
            leave_trace(desk, who, person_id, OpenedFor.EDIT)
            text = _("The deposit was added to this file.") if known else _("The file is open: see what is missing.")
            return redirect(request, f"/candidats/{person_id}", text)
    return _show(request, node, deposit, reading, fill, wrong or to or step)


def _fill(desk: Desk, form: Form, proposed: ProposedForm) -> Fill:
    return Fill(form, desk.referential(), proposed.quotes, proposed.to_check, proposed.sure)


def _settle(node: NodeOf, who: Account, deposit: Deposit, form: Form, values: dict[str, Any], known: str) -> str:
    desk = node.desk
    if not known:
        how = form.line("how") or _("said at the desk")
        given = {scope: how for scope in (ConsentScope.KEEP, ConsentScope.NETWORK) if form.flag(f"agrees_{scope}")}
        state = CvState.TO_REWORK if deposit.document else CvState.RECEIVED
        return deposits.accept_deposit(desk, deposit.id, values, who.id, agreements=given, cv_state=state).id
    person = files.person_file(desk, known).person
    return deposits.join_deposit(desk, deposit.id, person.id, who.id, joined(person, values)).id


@router.get("/depots/{deposit_id}/document")
def document(request: Request, node: NodeOf, who: Treats, deposit_id: str) -> Response:
    """The file itself, of a deposit that waits."""
    deposit = deposits.one_deposit(node.desk, deposit_id)
    if deposit.state is not DepositState.WAITING:
        # It is a person's by now: whoever opens it is in their trail.
        return redirect(request, f"/candidats/{deposit.candidate}/documents/{deposit.document}")
    kept, content = documents.read_document(node.desk, deposit.document)
    return serve_document(kept, content)


@router.post("/depots/{deposit_id}/rappele")
def called(request: Request, node: NodeOf, who: Treats, deposit_id: str) -> Response:
    """The person was called."""
    deposits.called_back(node.desk, deposit_id, who.id)
    return redirect(request, f"/depots/{deposit_id}", _("Noted: this person was called back."))


@router.get("/depots/{deposit_id}/jeter")
def ask_discard(request: Request, node: NodeOf, who: Treats, deposit_id: str) -> Response:
    """Destroying cannot be undone: it is asked."""
    return render(request, "deposits/discard.html", deposit=deposits.one_deposit(node.desk, deposit_id))


@router.post("/depots/{deposit_id}/jeter")
def discard(request: Request, node: NodeOf, who: Treats, deposit_id: str) -> Response:
    """Destroy it with its document."""
    deposits.discard_deposit(node.desk, deposit_id, who.id)
    return redirect(request, "/depots", _("The deposit was destroyed, with its document."))


def _reading(desk: Desk, deposit: Deposit) -> Reading | None:
    """What the document says: read once, then kept with the deposit."""
    if not deposit.document or deposit.state is not DepositState.WAITING:
        return None
    known = reading_of(deposit)
    if known is not None:
        return known
    kept, content = documents.read_document(desk, deposit.document)
    try:
        reading = handle(desk, content, kept.name).reading
    except FileRefused:
        return None
    deposits.keep_proposal(desk, deposit.id, reading.stored())
    return reading


def _show(request: Request, node: NodeOf, deposit: Deposit, reading: Reading | None, fill: Fill, step: int) -> Response:
    """One step; the others travel along, out of sight."""
    desk, form = node.desk, fill.form
    kept = documents.read_document(desk, deposit.document)[0] if deposit.document else None
    known = form.raw("connu")
    return render(
        request,
        "deposits/treat.html",
        status=422 if form.errors else 200,
        deposit=deposit,
        document=kept,
        reading=reading,
        problem=reading.problem.sentence if reading is not None and reading.problem is not None else "",
        remarks=_remarks(deposit, reading),
        fill=fill,
        form=form,
        step=step,
        step_titles=[title() for title in steps.TITLES],
        options=options(),
        known=files.person_file(desk, known).person if known else None,
        alike=_alike(desk, deposit, form) if step == steps.WHO and not known else [],
        voiced=any(form.raw(name).strip() or name in form.errors for name in GROUPS["voice"]),
        scopes=[
            scope
            for scope in (*([ConsentScope.KEEP] if desk.asks_to_keep else []), ConsentScope.NETWORK)
            if not getattr(deposit, scope.value)
        ],
        labels=_labels(),
    )


def _remarks(deposit: Deposit, reading: Reading | None) -> list[Remark]:
    """What to look at in the document, unless the person typed it."""
    if reading is None:
        return []
    typed = {Remark.NO_CONTACT: deposit.email or deposit.phone, Remark.NO_NAME: deposit.name}
    return [one for one in reading.proposal.remarks if not typed.get(one)]


def _alike(desk: Desk, deposit: Deposit, form: Form) -> list[Pair]:
    """Who may be the person of this form: the name as typed so far."""
    return merging.duplicates_of_identity(
        desk,
        Identity(
            id=deposit.id,
            first_name=form.raw("first_name"),
            last_name=form.raw("last_name"),
            email=form.raw("email").strip(),
            phone=form.raw("phone"),
        ),
    )[:5]


def _labels() -> dict[str, str]:
    """The names of fields, for the list of faults."""
    return {
        "checked_identity": _("Identity"),
        "checked_search": _("Job search"),
        "checked_background": _("Background"),
        "last_name": _("Last name"),
        "commune": _("Commune"),
        "occupations": _("Occupations sought"),
        "skills": _("Skills"),
        "jobs": _("Experience"),
        "diplomas": _("Diplomas and training"),
        "languages": _("Languages"),
        "phone": _("Telephone"),
        "email": _("E-mail"),
    }
