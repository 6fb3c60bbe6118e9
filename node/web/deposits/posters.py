"""/affiches: posters with a QR code, one a desk, company or event, and how many CVs came by each.

Guarantees: a poster's address holds its id and nothing else; a poster that is closed still takes CVs, as paper stays on
walls. Read next: `services/deposits/deposits.py`, `documents/poster.py`.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from node.documents.contact import contact_of
from node.documents.poster import Poster, poster_pdf
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.deposits.deposit import Source, SourceKind
from node.requests import NodeOf
from node.services.deposits import deposits
from node.services.people.saving import BadFields
from node.services.team.figures import SourceFigures, team
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.pages import redirect, render
from node.web.people.fields import blame

router = APIRouter()

Manages = Annotated[Account, Depends(require(Permission.MANAGE_DESKS))]
COUNTED: Final = timedelta(days=365)


def address_of_poster(node: NodeOf, source: Source) -> str:
    """What the QR code opens."""
    return f"{node.config.node.base_url}/deposer/{source.id}"


@router.get("/affiches")
def posters(request: Request, node: NodeOf, who: Manages) -> Response:
    """All posters with their figures of the last year, and a form for one more."""
    return _posters(request, node, Form())


def _posters(request: Request, node: NodeOf, form: Form, status: int = 200) -> Response:
    figures = team(node.desk, node.desk.today() - COUNTED).deposits
    known = deposits.sources(node.desk)
    return render(
        request,
        "deposits/posters.html",
        status=status,
        form=form,
        rows=[(one, _sum(figures, one.id)) for one in known],
        addresses={one.id: address_of_poster(node, one) for one in known},
        elsewhere=_sum(figures, ""),
        kinds=labelled(SourceKind),
    )


def _sum(figures: Sequence[SourceFigures], source: str) -> dict[str, int]:
    mine = [one for one in figures if one.source == source]
    return {
        name: sum(getattr(one, name) for one in mine)
        for name in ("received", "waiting", "accepted", "joined", "discarded")
    }


@router.post("/affiches")
def create(request: Request, node: NodeOf, who: Manages, form: Sent) -> Response:
    """A new poster."""
    kind = form.choice("kind", list(SourceKind), required=True)
    label = form.line("label", required=True, longest=80)
    if form.ok:
        try:
            deposits.open_source(node.desk, SourceKind.of(kind), label)
        except BadFields as error:
            blame(form, error.problems)
        else:
            return redirect(request, "/affiches", _("The poster is ready: print it."))
    return _posters(request, node, form, status=422)


@router.get("/affiches/{source_id}.pdf")
def pdf(request: Request, node: NodeOf, who: Manages, source_id: str) -> Response:
    """The poster, A4."""
    source = _found(node, source_id)
    content = poster_pdf(
        Poster(mission=contact_of(node.config), url=address_of_poster(node, source), source=source.label)
    )
    return Response(
        content,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="affiche-{source.id}.pdf"'},
    )


@router.get("/affiches/{source_id}")
def one_poster(request: Request, node: NodeOf, who: Manages, source_id: str) -> Response:
    """One poster: its figures, its name, and whether it is still printed."""
    source = _found(node, source_id)
    return _poster(request, node, source, Form.of(label=source.label))


def _found(node: NodeOf, source_id: str) -> Source:
    source = deposits.source(node.desk, source_id)
    if source is None:
        raise HTTPException(404)
    return source


def _poster(request: Request, node: NodeOf, source: Source, form: Form, status: int = 200) -> Response:
    figures = team(node.desk, node.desk.today() - COUNTED).deposits
    return render(
        request, "deposits/poster.html", status=status, source=source, form=form, count=_sum(figures, source.id)
    )


@router.post("/affiches/{source_id}")
def rename(request: Request, node: NodeOf, who: Manages, form: Sent, source_id: str) -> Response:
    """Another name for the place where it hangs."""
    label = form.line("label", required=True, longest=80)
    if form.ok:
        try:
            deposits.rename_source(node.desk, source_id, label)
        except BadFields as error:
            blame(form, error.problems)
        else:
            return redirect(request, "/affiches", _("The poster is renamed."))
    return _poster(request, node, _found(node, source_id), form, status=422)


@router.post("/affiches/{source_id}/fermer")
def close(request: Request, node: NodeOf, who: Manages, source_id: str) -> Response:
    """Printed no more; what hangs on walls still takes CVs."""
    deposits.close_source(node.desk, source_id)
    return redirect(request, "/affiches", _("This poster is printed no more. Those on walls still take CVs."))
