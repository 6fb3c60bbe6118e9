"""Duplicates made one and taken apart.

Guarantee: a merge says that it can be undone. Read next: people/file_frame.py, `services/duplicates/merging.py`.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.requests import NodeOf
from node.services.desk import Refused
from node.services.duplicates import merging
from node.services.people import files
from node.web.frame.auth import require
from node.web.frame.forms import Sent
from node.web.frame.pages import redirect, render
from node.web.people.file_frame import address, leave_trace, open_part, show_part
from node.web.people.list_frame import parts_of_list

router = APIRouter()

Merges = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.MERGE_FILES))]
SHOWN = 50


@router.get("/doublons")
def pairs(request: Request, node: NodeOf, who: Merges) -> Response:
    """All pairs of the register that may be one person."""
    found = merging.all_duplicates(node.desk)
    return render(
        request,
        "duplicates/duplicates.html",
        parts_of_list=parts_of_list(node.desk, who, "/doublons"),
        pairs=found[:SHOWN],
        count=len(found),
    )


@router.get("/candidats/{name}/doublons")
def of_person(request: Request, node: NodeOf, who: Merges, name: str) -> Response:
    """Who may be this person, and what was merged already."""
    file = open_part(node.desk, who, name, OpenedFor.READ)
    return show_part(
        request,
        node.desk,
        who,
        file,
        "doublons",
        "duplicates/file.html",
        pairs=merging.duplicates_of(node.desk, file.person.id),
        merges=merging.merges_of(node.desk, file.person.id),
    )


@router.post("/candidats/{name}/reunir")
def merge(request: Request, node: NodeOf, who: Merges, form: Sent, name: str) -> Response:
    """The other entry becomes part of this one."""
    kept = files.person_file(node.desk, name).person
    try:
        merging.merge(node.desk, kept.id, form.line("autre", required=True), who.id)
    except Refused as error:
        return redirect(request, address(kept.id, "doublons"), str(error), "warning")
    leave_trace(node.desk, who, kept.id, OpenedFor.EDIT)
    return redirect(request, address(kept.id), _("The two files are one. You can take them apart again."))


@router.post("/candidats/{name}/separer")
def unmerge(request: Request, node: NodeOf, who: Merges, name: str) -> Response:
    """Undo the last merge."""
    kept = files.person_file(node.desk, name).person
    try:
        mine, theirs = merging.unmerge(node.desk, kept.id, who.id)
    except Refused as error:
        return redirect(request, address(kept.id, "doublons"), str(error), "warning")
    for person in (mine, theirs):
        leave_trace(node.desk, who, person.id, OpenedFor.EDIT)
    text = _(
        "The files are two again; the other one is number {reference}. Codes and links that were made for them while "
        "they were one open nothing any more."
    )
    return redirect(request, address(kept.id), text.format(reference=theirs.reference))
