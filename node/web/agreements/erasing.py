"""/candidats/{id}/effacer: a person erased, here and wherever the CV went.

Guarantees: erasing asks for the person's name in writing, and says what it does.
Read next: people/file_frame.py, `services/agreements/withdrawing.py`.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.people.identity import fold_name
from node.requests import NodeOf
from node.services.agreements import erasing
from node.services.people import files
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import redirect
from node.web.people.file_frame import open_part, show_part

router = APIRouter()

Erases = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.ERASE_FILES))]


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
    erasing.erase(node.desk, person.id, who.id)
    return redirect(request, "/candidats", _("The person is erased, and whoever received the CV is told to erase it."))
