"""/candidats/selection: something done with several people of the list at once: followed by somebody else, invited to a
workshop, downloaded.

Guarantees: who was chosen travels in the form, never in an address; who may not do it with one person may not with
several; each person's history, or the trail, says so. Read next: register.py.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from node.documents.lists import csv_list, xlsx_list
from node.imports.spreadsheets import XLSX
from node.imports.templates import CSV
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.kit.logging import get_logger
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.requests import NodeOf
from node.services.actors import counsellors
from node.services.people.listing import COLUMNS, list_rows
from node.services.team import handover
from node.services.workshops.workshops import invite_some
from node.web.frame.auth import record_access, require
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import redirect
from node.web.people.register import kept_search, listed, open_workshops

router = APIRouter()

Reads = Annotated[Account, Depends(require(Permission.READ_FILES))]
MOST: Final = 5000
"""People of one list to download: a town has no more."""

log = get_logger(__name__)


@router.post("/candidats/selection")
def act(request: Request, node: NodeOf, who: Reads, form: Sent) -> Response:
    """What the button says, with the people who are ticked."""
    chosen = list(dict.fromkeys(one for one in form.all("person") if one))[:MOST]
    match form.choice("faire", ("confier", "inviter", "csv", "xlsx"), required=True):
        case ("csv" | "xlsx") as kind:
            return _download(request, node, who, chosen, kind)
        case _ if not chosen:
            return _back(request, _("Tick the people first."))
        case "confier":
            return _hand_over(request, node, who, form, chosen)
        case "inviter":
            return _invite(request, node, who, form, chosen)
    return _back(request, _("Choose one of the proposals."))


def _hand_over(request: Request, node: NodeOf, who: Account, form: Form, chosen: list[str]) -> Response:
    team = dict(counsellors(node.desk))
    to = form.choice("to", team, required=True)
    if not who.may(Permission.HAND_OVER) or not to:
        return _back(request, _("Choose who follows these people from now on."))
    moved = handover.hand_over_some(node.desk, chosen, to, who.id)
    log.info("people.handed_over", by=who.id, to=to, people=moved)
    said = ngettext("{name} follows {count} more person.", "{name} follows {count} more people.", moved)
    return redirect(request, "/candidats", said.format(name=team[to], count=moved))


def _invite(request: Request, node: NodeOf, who: Account, form: Form, chosen: list[str]) -> Response:
    workshop = form.choice("workshop", [one.id for one in open_workshops(node.desk)], required=True)
    if not who.may(Permission.RUN_WORKSHOPS) or not workshop:
        return _back(request, _("Choose a workshop that has places left."))
    invited, refused = invite_some(node.desk, workshop, chosen, who.id)
    said = [ngettext("{count} person is invited.", "{count} people are invited.", invited).format(count=invited)]
    said += [f"{count} × {sentence}" for sentence, count in refused.items()]
    said += [_("Tell them, from here.")] if invited else []
    kind = "warning" if refused else "success"
    return redirect(request, f"/ateliers/{workshop}#prevenir" if invited else "/candidats", " ".join(said), kind)


def _download(request: Request, node: NodeOf, who: Account, chosen: list[str], kind: str) -> Response:
    """Those who are ticked; with nobody ticked, the whole list as it is filtered."""
    desk = node.desk
    if not chosen:
        found = listed(desk, kept_search(request), who, size=MOST)
        if found.count > MOST:
            said = _("{count} people are too many for one file ({most} at most): filter the list first.")
            return _back(request, said.format(count=found.count, most=MOST))
        chosen = [one.id for one in found.rows]
    rows = list(list_rows(desk, chosen))
    with desk.federation.database.write() as uow:
        for one in chosen:
            record_access(uow, who, one, OpenedFor.EXPORTED, desk.now())
    log.info("people.exported", by=who.id, people=len(rows))
    content = csv_list(COLUMNS, rows) if kind == "csv" else xlsx_list(_("People"), COLUMNS, rows)
    headers = {"Content-Disposition": f'attachment; filename="personnes.{kind}"', "Cache-Control": "no-store"}
    return Response(content, media_type=CSV if kind == "csv" else XLSX, headers=headers)


def _back(request: Request, said: str) -> Response:
    return redirect(request, "/candidats", said, "warning")
