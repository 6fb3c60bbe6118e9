"""/offres: all offers that this town knows, its own and the network's, newest first.

Guarantees: filters are in the address, so that a list can be kept and shared among colleagues; nothing about a person
is. Read next: wanted.py, showing.py, detail.py.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.terms import Contract
from node.requests import NodeOf
from node.services.offers.proposals import waiting_proposals
from node.services.offers.searching import PAGE, offers_page
from node.web.frame.auth import require
from node.web.frame.forms import Form, labelled
from node.web.frame.lookups import find
from node.web.frame.pages import redirect, render
from node.web.offers.showing import lines_of
from node.web.offers.wanted import NAMES, Wanted

router = APIRouter()

ReadsOffers = Annotated[Account, Depends(require(Permission.READ_OFFERS))]
LOOKED_UP = {"metier": "metiers", "commune": "communes"}


@router.get("/offres")
def offers(request: Request, node: NodeOf, who: ReadsOffers, page: int = 1) -> Response:
    """The list, filtered by its address."""
    query = request.query_params
    wanted = Wanted.of(query)
    name, _colon, code = query.get("ajouter", "").partition(":")
    if name in LOOKED_UP:
        return redirect(request, wanted.address(**{name: code[:5]}))
    tables = node.desk.referential()
    typed = {name: query.get(f"q_{name}", "")[:200] for name in LOOKED_UP}
    found = {name: find(tables, LOOKED_UP[name], text) for name, text in typed.items() if text.strip()}
    number = max(1, min(page, 10_000))
    shown = offers_page(node.desk, wanted.filter, number)
    form = Form.of(**{name: wanted.given.get(name, "") for name in NAMES}, **{f"q_{k}": v for k, v in typed.items()})
    return render(
        request,
        "offers/list.html",
        wanted=wanted,
        needs=wanted.filter.needs,
        today=node.desk.today(),
        form=form,
        found=found,
        count=shown.count,
        lines=lines_of(node, shown.rows),
        chosen=list(wanted.chosen(tables)),
        number=number,
        last=max(1, -(-shown.count // PAGE)),
        contracts=labelled(Contract, coded=True),
        deposited=waiting_proposals(node.desk).count if who.may(Permission.EDIT_OFFERS) else 0,
        has_town=tables.communes.get(node.config.node.commune) is not None,
    )
