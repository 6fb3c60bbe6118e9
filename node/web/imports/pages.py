"""/depots/importer: a list of people, CSV or XLSX, looked at first and then taken into the register.

Guarantees: nothing is written before somebody has seen what would be; then good lines are taken in and bad ones
reported with their number. The file waits for an hour between the two. Read next: docs/imports.md, `node/imports`.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from node.imports import read_candidates
from node.imports.spreadsheets import XLSX
from node.imports.templates import CSV, Listed, template, template_name
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.people.documents import DocumentKind
from node.requests import NodeOf
from node.schemas.imports import ImportPreviewOut
from node.services.deposits.waiting import drop_waiting, keep_waiting, take_waiting
from node.services.imports.importing import Effect, ImportReport, import_candidates
from node.services.node import Node
from node.services.people.documents import Upload
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import render

router = APIRouter()

Imports = Annotated[Account, Depends(require(Permission.IMPORT_DATA))]
SHOWN: Final = 200
"""Lines of a file that are listed, of each kind."""

TEMPLATES: Final = {template_name(listed, xlsx=xlsx): (listed, xlsx) for listed in Listed for xlsx in (True, False)}
"""Empty lists to download, by their names."""


@router.get("/depots/importer")
def choose(request: Request, who: Imports, modele: Annotated[str, Query(max_length=40)] = "") -> Response:
    """Choose the file; or an empty list, by its name."""
    if modele in TEMPLATES:
        listed, xlsx = TEMPLATES[modele]
        headers = {"Content-Disposition": f'attachment; filename="{modele}"'}
        return Response(template(listed, xlsx=xlsx), media_type=XLSX if xlsx else CSV, headers=headers)
    return _show(request, Form())


@router.post("/depots/importer")
def take(request: Request, node: NodeOf, who: Imports, form: Sent) -> Response:
    """Show what would be taken in (a file with `voir`), or take it in (a file, or the number of one that was shown)."""
    content, number = content_of(node, form), form.raw("fichier")
    if content is None:
        form.error("document", _("Choose the file again.") if number else _("Choose a file."))
        return _show(request, form, status=422)
    desk = node.desk
    lines = read_candidates(content, desk.referential(), desk.today())
    if [line.line for line in lines] == [1]:
        # What is wrong with the whole file stands at line 1, where no person does.
        form.error("document", lines[0].problem or "")
        return _show(request, form, status=422)
    preview = form.flag("voir")
    report = import_candidates(desk, lines, preview=preview)
    if not preview:
        drop_waiting(desk, number)
        return _show(request, form, report)
    kept = keep_waiting(desk, Upload("liste", "application/octet-stream", content, DocumentKind.OTHER))
    shown = ImportPreviewOut.preview_of(report, desk.referential(), SHOWN)
    return _show(request, form, report, shown, kept.id if kept else "")


def content_of(node: Node, form: Form) -> bytes | None:
    """The file that was chosen, or the one that waits since it was shown; None when there is neither."""
    if (file := form.file("document")) is not None:
        return file.file.read()
    waiting = take_waiting(node.desk, form.raw("fichier")) if form.raw("fichier") else None
    return waiting.content if waiting else None


def _show(
    request: Request,
    form: Form,
    report: ImportReport | None = None,
    preview: ImportPreviewOut | None = None,
    kept: str = "",
    status: int = 200,
) -> Response:
    return render(
        request,
        "imports/import.html",
        status=status,
        form=form,
        report=report,
        preview=preview,
        kept=kept,
        outcomes={one.value: one.label for one in Effect},
        shown=SHOWN,
    )
