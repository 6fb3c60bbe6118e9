"""/candidats/{id}: the overview of a file, its fields, and the counsellor's signature that the CV is ready.

Guarantees: nothing is signed while something that blocks is missing, and each thing missing leads to its field; fields
are saved by group, whole or not at all, and what was typed is shown again. Read next: file_frame.py, fields.py.
"""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.people.candidate import CandidateState, CvState, Met
from node.mission.people.labels import CHANGES
from node.mission.team.today import ENDS_WITHIN
from node.requests import NodeOf
from node.services.people import files, quality
from node.services.people import files as people
from node.services.people.papers import occupation_labels, skills_told
from node.services.people.saving import BadFields
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.pages import redirect
from node.web.people.fields import Fill, act, blame, code_label, form_of, options, read
from node.web.people.file_frame import Edits, Reads, address, address_of_gap, leave_trace, open_part, show_part

router = APIRouter()

Signs = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.SIGN_READY))]
GROUP_OF: Final = {
    "identite": "identity",
    "projet": "search",
    "parcours": "background",
    "presentation": "voice",
}
"""The groups of fields by the address of their page."""


@router.get("/candidats/{name}")
def overview(request: Request, node: NodeOf, who: Reads, name: str) -> Response:
    """Where the person stands, what is missing, what comes next."""
    return _overview(request, node, who, name, Form())


def _overview(request: Request, node: NodeOf, who: Account, name: str, form: Form, status: int = 200) -> Response:
    file = open_part(node.desk, who, name, OpenedFor.READ)
    tables, person = node.desk.referential(), file.person
    return show_part(
        request,
        node.desk,
        who,
        file,
        "",
        "people/overview.html",
        status=status,
        form=form,
        gaps=[(gap, address_of_gap(person.id, gap)) for gap in file.gaps],
        must_meet=any(gap.code == "not_met" for gap in file.gaps),
        is_signed=person.ready_until is not None and person.ready_until > node.desk.today() + ENDS_WITHIN,
        blocked=any(gap.blocking for gap in file.gaps if gap.code != "not_met"),
        occupations=zip(occupation_labels(person, tables), (one.months for one in person.occupations), strict=True),
        commune=code_label(tables, "commune", person.commune) if person.commune else "",
        open_steps=[one for one in file.contacts if one.is_open],
        options={
            "met": [("in_person", _("In person")), ("by_phone", _("By telephone"))],
            "cv_state": labelled(one for one in CvState if one is not CvState.READY),
            "state": labelled([CandidateState.ACTIVE, CandidateState.PLACED]),
        },
    )


@router.post("/candidats/{name}/pret")
def sign(request: Request, node: NodeOf, who: Signs, form: Sent, name: str) -> Response:
    """Sign today that the CV is ready, saying how and when the person was met."""
    today = node.desk.today()
    met, day = form.choice("met", list(Met)), form.day("met_on", latest=today)
    if form.ok:
        try:
            person = quality.sign_ready(node.desk, name, who.id, met=Met.of(met) if met else None, met_on=day)
        except BadFields as error:
            blame(form, error.problems)
        except quality.NotReady as error:
            form.error("", str(error))
        else:
            leave_trace(node.desk, who, person.id, OpenedFor.EDIT)
            return redirect(request, address(person.id), _("The CV is signed as ready."))
    return _overview(request, node, who, name, form, status=422)


@router.post("/candidats/{name}/etat")
def change_state(request: Request, node: NodeOf, who: Edits, form: Sent, name: str) -> Response:
    """The state of the CV, or the person's situation."""
    cv_state = form.choice("cv_state", [one for one in CvState if one is not CvState.READY])
    state = form.choice("state", [CandidateState.ACTIVE, CandidateState.PLACED])
    person = people.person_file(node.desk, name).person
    if form.ok and cv_state:
        quality.set_cv_state(node.desk, name, CvState.of(cv_state), who.id)
    if form.ok and state:
        files.set_state(node.desk, name, CandidateState.of(state), who.id)
    leave_trace(node.desk, who, person.id, OpenedFor.EDIT)
    return redirect(request, address(person.id), _("Noted."))


@router.get("/candidats/{name}/historique")
def history(request: Request, node: NodeOf, who: Reads, name: str) -> Response:
    """Every change, newest first."""
    file = open_part(node.desk, who, name, OpenedFor.READ)
    tables = node.desk.referential()
    lines = [
        replace(line, before=skills_told(line.before, tables), after=skills_told(line.after, tables))
        if line.field in ("skills", "card_skills")
        else line
        for line in people.history(node.desk, name)
    ]
    return show_part(request, node.desk, who, file, "historique", "people/history.html", lines=lines, changes=CHANGES)


def show_group(request: Request, node: NodeOf, who: Reads, name: str) -> Response:
    """A group of fields, to be amended."""
    group = request.url.path.rpartition("/")[2]
    file = open_part(node.desk, who, name, OpenedFor.READ)
    fill = Fill(form_of(file.person), node.desk.referential())
    return show_part(
        request,
        node.desk,
        who,
        file,
        group,
        "people/fields.html",
        fill=fill,
        form=fill.form,
        group=GROUP_OF[group],
        options=options(),
    )


def save_group(request: Request, node: NodeOf, who: Edits, form: Sent, name: str) -> Response:
    """Save a group, or show it again with what was added, looked up, or found wrong."""
    group = request.url.path.rpartition("/")[2]
    desk = node.desk
    file = people.person_file(desk, name)
    fill = Fill(form, desk.referential())
    found = act(form, fill.referential)
    if found is None:
        values = read(form, [GROUP_OF[group]])
        if form.ok:
            try:
                people.amend(desk, name, values, who.id)
            except BadFields as error:
                blame(form, error.problems)
            else:
                leave_trace(desk, who, file.person.id, OpenedFor.EDIT)
                part = group if form.raw("rester") else ""
                return redirect(request, address(file.person.id, part), _("The file is saved."))
    fill.found = dict(found or {})
    return show_part(
        request,
        desk,
        who,
        file,
        group,
        "people/fields.html",
        status=422 if form.errors else 200,
        fill=fill,
        form=form,
        group=GROUP_OF[group],
        options=options(),
    )


for _part in GROUP_OF:
    router.add_api_route(f"/candidats/{{name}}/{_part}", show_group, methods=["GET"])
    router.add_api_route(f"/candidats/{{name}}/{_part}", save_group, methods=["POST"])
