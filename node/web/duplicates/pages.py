"""Duplicates made one and taken apart, and a person erased.

Guarantees: erasing asks for the person's name in writing, and says what it does; a merge says that it can be undone.
Read next: people/file_frame.py, `services/duplicates/merging.py`, `services/agreements/withdrawing.py`.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.people.identity import fold_name
from node.requests import NodeOf
from node.services.agreements import withdrawing
from node.services.desk import Refused
from node.services.duplicates import merging
from node.services.people import files
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import redirect, render
from node.web.people.file_frame import address, leave_trace, open_part, show_part

router = APIRouter()

Merges = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.MERGE_FILES))]
Erases = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.ERASE_FILES))]
SHOWN = 50


@router.get("/doublons")
def pairs(request: Request, node: NodeOf, who: Merges) -> Response:
    """All pairs of the register that may be one person."""
    found = merging.all_duplicates(node.desk)
    return render(request, "duplicates/duplicates.html", pairs=found[:SHOWN], count=len(found))


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


@router.get("/candidats/{name}/effacer")
def ask_erase(request: Request, node: NodeOf, who: Erases, name: str) -> Response:
    """What goes, and the name to be typed."""
    return _erase(request, node, who, name, Form())


def _erase(request: Request, node: NodeOf, who: Account, name: str, form: Form, status: int = 200) -> Response:
    file = open_part(node.desk, who, name, OpenedFor.READ)
    return show_part(request, node.desk, who, file, "effacer", "agreements/erase.html", status=status, form=form)


@router.post("/candidats/{name}/effacer")
def erase(request: Request, node: NodeOf, who: Erases, form: Sent, name: str) -> Response:
    """Erase the person here, and order it everywhere else."""
    person = files.person_file(node.desk, name).person
    if fold_name(form.line("name", required=True)) not in (fold_name(person.name), fold_name(person.last_name)):
        form.error("name", _("Type the person's last name, as it stands above."))
    if not form.ok:
        return _erase(request, node, who, name, form, status=422)
    withdrawing.erase(node.desk, person.id)
    return redirect(request, "/candidats", _("The person is erased, and whoever received the CV is told to erase it."))
