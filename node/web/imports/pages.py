"""/depots/importer: a list of people, CSV or XLSX, into the register.

Guarantees: good lines are taken in and bad ones reported with their number; the report repeats no cell. Read next:
docs/imports.md, `node/imports`.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from node.imports import read_candidates
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.requests import NodeOf
from node.services.imports.importing import ImportReport, import_candidates
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import render

router = APIRouter()

Imports = Annotated[Account, Depends(require(Permission.IMPORT_DATA))]
SHOWN: Final = 200
"""Problems of a file that are listed."""


@router.get("/depots/importer")
def choose(request: Request, who: Imports) -> Response:
    """Choose the file."""
    return _show(request, Form())


@router.post("/depots/importer")
def take(request: Request, node: NodeOf, who: Imports, form: Sent) -> Response:
    """Take in what is right, report the rest."""
    file, report = form.file("document"), None
    if file is None:
        form.error("document", _("Choose a file."))
    else:
        desk = node.desk
        lines = read_candidates(file.file.read(), desk.referential(), desk.today())
        if [line.line for line in lines] == [1]:
            form.error("document", lines[0].problem or "")
        else:
            report = import_candidates(desk, lines)
    return _show(request, form, report, status=200 if form.ok else 422)


def _show(request: Request, form: Form, report: ImportReport | None = None, status: int = 200) -> Response:
    return render(request, "imports/import.html", status=status, form=form, report=report, shown=SHOWN)
