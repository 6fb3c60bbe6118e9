"""Lists of people (/depots/importer: CSV, XLSX) and of offers (/offres/importer: also the JSON of France Travail and of
job boards), looked at first and then taken in.

Guarantees: nothing is written before somebody has seen what would be; then good lines are taken in and bad ones
reported with their number. The file waits for an hour between the two. Read next: docs/imports.md, `node/imports`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from node.imports import read_candidates, read_offers
from node.imports.lines import ParsedLine
from node.imports.spreadsheets import XLSX
from node.imports.templates import CSV, Listed, template, template_name
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.people.documents import DocumentKind
from node.requests import NodeOf
from node.schemas.imports import ImportPreviewOut
from node.services.deposits.waiting import drop_waiting, keep_waiting, take_waiting
from node.services.imports.importing import Effect, ImportReport, import_candidates, import_offers
from node.services.node import Node
from node.services.people.documents import Upload
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import render

router = APIRouter()

People = Annotated[Account, Depends(require(Permission.IMPORT_DATA))]
Offers = Annotated[Account, Depends(require(Permission.IMPORT_DATA, Permission.EDIT_OFFERS))]
SHOWN: Final = 200
"""Lines of a file that are listed, of each kind."""

TEMPLATES: Final = {template_name(listed, xlsx=xlsx): (listed, xlsx) for listed in Listed for xlsx in (True, False)}
"""Empty lists to download, by their names."""


@dataclass(frozen=True, slots=True)
class ListKind:
    """What differs between the two lists: who reads the file, who takes its lines in, the words of the page."""

    read: Callable[..., Sequence[ParsedLine[Any]]]
    take_in: Callable[..., ImportReport]
    page: str


PEOPLE: Final = ListKind(read_candidates, import_candidates, "imports/people.html")
OFFERS: Final = ListKind(read_offers, import_offers, "imports/offers.html")


@router.get("/depots/importer")
def choose_people(request: Request, who: People, modele: Annotated[str, Query(max_length=40)] = "") -> Response:
    """Choose the file; or an empty list, by its name."""
    if modele in TEMPLATES:
        listed, xlsx = TEMPLATES[modele]
        headers = {"Content-Disposition": f'attachment; filename="{modele}"'}
        return Response(template(listed, xlsx=xlsx), media_type=XLSX if xlsx else CSV, headers=headers)
    return _show(request, PEOPLE, Form())


@router.get("/offres/importer")
def choose_offers(request: Request, who: Offers) -> Response:
    """Choose the file."""
    return _show(request, OFFERS, Form())


@router.post("/depots/importer")
def take_people(request: Request, node: NodeOf, who: People, form: Sent) -> Response:
    """Show what would be taken in (a file with `voir`), or take it in (a file, or the number of one that was shown)."""
    return _take(request, node, PEOPLE, form)


@router.post("/offres/importer")
def take_offers(request: Request, node: NodeOf, who: Offers, form: Sent) -> Response:
    """As of people."""
    return _take(request, node, OFFERS, form)


def _take(request: Request, node: Node, kind: ListKind, form: Form) -> Response:
    content, number = _content_of(node, form), form.raw("fichier")
    if content is None:
        form.error("document", _("Choose the file again.") if number else _("Choose a file."))
        return _show(request, kind, form, status=422)
    desk = node.desk
    lines = kind.read(content, desk.referential(), desk.today())
    if len(lines) == 1 and lines[0].line == 1 and lines[0].value is None:
        # What is wrong with the whole file stands at line 1.
        form.error("document", lines[0].problem or "")
        return _show(request, kind, form, status=422)
    preview = form.flag("voir")
    report = kind.take_in(desk, lines, preview=preview)
    if not preview:
        drop_waiting(desk, number)
        return _show(request, kind, form, report)
    kept = keep_waiting(desk, Upload("liste", "application/octet-stream", content, DocumentKind.OTHER))
    shown = ImportPreviewOut.preview_of(report, desk.referential(), SHOWN)
    return _show(request, kind, form, report, shown, kept.id if kept else "")


def _content_of(node: Node, form: Form) -> bytes | None:
    """The file that was chosen, or the one that waits since it was shown; None when there is neither."""
    if (file := form.file("document")) is not None:
        return file.file.read()
    waiting = take_waiting(node.desk, form.raw("fichier")) if form.raw("fichier") else None
    return waiting.content if waiting else None


def _show(
    request: Request,
    kind: ListKind,
    form: Form,
    report: ImportReport | None = None,
    preview: ImportPreviewOut | None = None,
    kept: str = "",
    status: int = 200,
) -> Response:
    return render(
        request,
        kind.page,
        status=status,
        here=request.url.path,
        form=form,
        report=report,
        preview=preview,
        kept=kept,
        outcomes={one.value: one.label for one in Effect},
        shown=SHOWN,
    )
