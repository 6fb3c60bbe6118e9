"""/equipe/reprises: people whom an earlier release took out of the register though they refused other towns alone,
shown to the head of mission before anything is done."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from node.kit.i18n import ngettext
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.requests import NodeOf
from node.services.people import resuming
from node.web.frame.auth import require
from node.web.frame.forms import Sent
from node.web.frame.pages import redirect, render

router = APIRouter()

Leads = Annotated[Account, Depends(require(Permission.SEE_TEAM, Permission.EDIT_FILES))]


@router.get("/equipe/reprises")
def show(request: Request, node: NodeOf, who: Leads) -> Response:
    """Who, and what it does."""
    return render(request, "people/resuming.html", people=resuming.taken_out(node.desk))


@router.post("/equipe/reprises")
def resume(request: Request, node: NodeOf, who: Leads, form: Sent) -> Response:
    """Take those up again that the page showed."""
    known = [one.id for one in resuming.taken_out(node.desk)]
    count = resuming.resume(node.desk, form.choices("person", known), who.id)
    text = ngettext("{number} person is helped again.", "{number} people are helped again.", count)
    return redirect(request, "/aujourdhui", text.format(number=count))
