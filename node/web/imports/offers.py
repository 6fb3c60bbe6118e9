"""/offres/importer: a list of offers (CSV, XLSX, France Travail JSON, JobPosting JSON-LD), looked at first and
then taken in.

Guarantees: as of people (pages.py): nothing is written before somebody has seen what would be; good lines are taken in
and bad ones reported with their number. Read next: docs/imports.md, `node/imports`.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from node.imports import read_offers
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.people.documents import DocumentKind
from node.requests import NodeOf
from node.schemas.imports import ImportPreviewOut
from node.services.deposits.waiting import drop_waiting, keep_waiting
from node.services.imports.importing import Effect, ImportReport, import_offers
from node.services.people.documents import Upload
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import render
from node.web.imports.pages import SHOWN, content_of

router = APIRouter()

Imports = Annotated[Account, Depends(require(Permission.IMPORT_DATA, Permission.EDIT_OFFERS))]


@router.get("/offres/importer")
def choose(request: Request, who: Imports) -> Response:
    """Choose the file."""
    return _show(request, Form())


@router.post("/offres/importer")
def take(request: Request, node: NodeOf, who: Imports, form: Sent) -> Response:
    """Show what would be taken in (a file with `voir`), or take it in (a file, or the number of one that was shown)."""
    content, number = content_of(node, form), form.raw("fichier")
    if content is None:
        form.error("document", _("Choose the file again.") if number else _("Choose a file."))
        return _show(request, form, status=422)
    desk = node.desk
    lines = read_offers(content, desk.referential(), desk.today())
    if len(lines) == 1 and lines[0].line == 1 and lines[0].value is None:
        # What is wrong with the whole file stands at line 1.
        form.error("document", lines[0].problem or "")
        return _show(request, form, status=422)
    preview = form.flag("voir")
    report = import_offers(desk, lines, preview=preview)
    if not preview:
        drop_waiting(desk, number)
        return _show(request, form, report)
    kept = keep_waiting(desk, Upload("liste", "application/octet-stream", content, DocumentKind.OTHER))
    shown = ImportPreviewOut.preview_of(report, desk.referential(), SHOWN)
    return _show(request, form, report, shown, kept.id if kept else "")


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
        "imports/offers.html",
        status=status,
        form=form,
        report=report,
        preview=preview,
        kept=kept,
        outcomes={one.value: one.label for one in Effect},
        shown=SHOWN,
    )
