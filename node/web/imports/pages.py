"""/depots/importer: a list of people, CSV or XLSX, into the register.

Guarantees: good lines are taken in and bad ones reported with their number; the report repeats no cell. Read next:
docs/imports.md, `node/imports`.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from node.imports import read_candidates
from node.imports.candidates_xlsx import is_xlsx, xlsx_as_csv
from node.imports.lines import UnreadableFile
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
        data = file.file.read()
        try:
            table = xlsx_as_csv(data) if is_xlsx(data) else data
        except UnreadableFile as error:
            form.error("document", str(error))
        else:
            desk = node.desk
            report = import_candidates(desk, read_candidates(table, desk.referential(), desk.today()))
    return _show(request, form, report, status=200 if form.ok else 422)


def _show(request: Request, form: Form, report: ImportReport | None = None, status: int = 200) -> Response:
    return render(request, "imports/import.html", status=status, form=form, report=report, shown=SHOWN)
