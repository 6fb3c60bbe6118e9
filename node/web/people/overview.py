"""/candidats/{id}: the first part of a file, « Résumé », and the fields, changed by group on pages of their own.

Guarantees: what is missing leads each to its field; fields are saved by group, whole or not at all, and what was typed
is shown again. Read next: file_frame.py, fields.py; curriculum.py, where the CV is signed.
"""

from collections.abc import Iterator
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.trail import OpenedFor
from node.mission.forwards.stage import DueTask
from node.mission.people.candidate import Candidate
from node.mission.terms import Contract
from node.referential import Referential
from node.requests import NodeOf
from node.services.desk import Desk
from node.services.forwards.stages import opened_file
from node.services.offers.finding import offer_title
from node.services.people import files as people
from node.services.people.papers import occupation_labels, skill_labels
from node.services.people.saving import BadFields
from node.web.frame.forms import Sent
from node.web.frame.pages import redirect
from node.web.people.fields import act, blame, code_label, form_of, options, read
from node.web.people.file_frame import (
    CV,
    DOSSIER,
    Edits,
    Reads,
    address,
    address_of_gap,
    address_of_task,
    leave_trace,
    moved,
    open_part,
    part_over,
    show_part,
)
from node.web.people.filling import Fill

router = APIRouter()

GROUP_OF: Final = {
    "identite": "identity",
    "projet": "search",
    "parcours": "background",
    "presentation": "voice",
}
"""The groups of fields by the address of their page."""


@router.get("/candidats/{name}")
def overview(request: Request, node: NodeOf, who: Reads, name: str) -> Response:
    """What is sought, what is missing, what waits."""
    desk = node.desk
    file = open_part(desk, who, name, OpenedFor.READ)
    tables, person = desk.referential(), file.person
    return show_part(
        request,
        desk,
        who,
        file,
        "",
        "people/overview.html",
        gaps=[(gap, address_of_gap(person.id, gap)) for gap in file.gaps],
        occupations=list(
            zip(occupation_labels(person, tables), (one.months for one in person.occupations), strict=True)
        ),
        skills=skill_labels(person, tables),
        commune=code_label(tables, "commune", person.commune) if person.commune else "",
        mobility=list(_mobility(person, tables)),
        contracts=", ".join(Contract.called(code) for code in sorted(person.contracts)),
        open_steps=[one for one in file.contacts if one.is_open],
        due=[(one, _about(desk, one), address_of_task(person.id, one)) for one in file.stage.due],
    )


def _about(desk: Desk, task: DueTask) -> str:
    """The offer that somebody applied for, or the job that they found."""
    if task.forward is not None:
        return offer_title(desk, task.forward.offer)
    return f"{task.hire.title}, {task.hire.employer}" if task.hire is not None else ""


def _mobility(person: Candidate, tables: Referential) -> Iterator[str]:
    """How far, and how, in a few words each."""
    yield _("anywhere") if person.relocates else _("up to {km} km").format(km=person.mobility_km)
    if person.places:
        yield ", ".join(sorted(tables.communes.name(code) or code for code in person.places))
    if person.licences:
        yield _("licence {codes}").format(codes=", ".join(sorted(person.licences)))
    if person.vehicle:
        yield _("vehicle")
    if person.public_transport:
        yield _("public transport")


def show_group(request: Request, node: NodeOf, who: Reads, name: str) -> Response:
    """A group of fields, to be amended."""
    group = request.url.path.rpartition("/")[2]
    file = open_part(node.desk, who, name, OpenedFor.READ)
    fill = Fill(form_of(file.person), node.desk.referential())
    return show_part(request, node.desk, who, file, group, "people/fields.html", **_of_group(fill, group))


def _of_group(fill: Fill, group: str) -> dict[str, Any]:
    return {
        "fill": fill,
        "form": fill.form,
        "group": GROUP_OF[group],
        "options": options(),
        "over": part_over(group),
    }


def save_group(request: Request, node: NodeOf, who: Edits, form: Sent, name: str) -> Response:
    """Save a group, or show it again with what was added, looked up, or found wrong."""
    group = request.url.path.rpartition("/")[2]
    desk = node.desk
    person = people.person_file(desk, name).person
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
                leave_trace(desk, who, person.id, OpenedFor.EDIT)
                part = group if form.raw("rester") else part_over(group)
                return redirect(request, address(person.id, part), _("The file is saved."))
    fill.found = dict(found or {})
    status = 422 if form.errors else 200
    return show_part(
        request, desk, who, opened_file(desk, person.id), group, "people/fields.html", status=status,
        **_of_group(fill, group),
    )  # fmt: skip


for _part in GROUP_OF:
    router.add_api_route(f"/candidats/{{name}}/{_part}", show_group, methods=["GET"])
    router.add_api_route(f"/candidats/{{name}}/{_part}", save_group, methods=["POST"])

router.add_api_route("/candidats/{name}/documents", moved(CV), methods=["GET"])
router.add_api_route("/candidats/{name}/accords", moved(DOSSIER), methods=["GET"])
