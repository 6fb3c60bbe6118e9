"""/comptes/consultations: who opened which person's file; and the end of the access that the mission's programs have.

Guarantees: what commands on the server did has a part of its own, which nothing else pushes out. Read next:
`services/accounts/trail.py`.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from node.identity import load_token
from node.kit.i18n import gettext as _
from node.kit.logging import get_logger
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import COMMAND
from node.requests import NodeOf
from node.services.accounts import trail as trails
from node.web.frame.auth import require
from node.web.frame.pages import redirect, render

log = get_logger(__name__)

router = APIRouter()


@router.post("/comptes/programmes/fin")
def end_programs(
    request: Request, node: NodeOf, who: Annotated[Account, Depends(require(Permission.READ_TRAIL))]
) -> Response:
    """The mission's programs open nothing any more."""
    trails.end_programs(node.desk, load_token(node.config.token_file), who.id)
    log.info("programs.ended", by=who.id)
    return redirect(request, "/comptes", _("Done: programs open nothing any more."))


@router.get("/comptes/consultations")
def trail(
    request: Request, node: NodeOf, who: Annotated[Account, Depends(require(Permission.READ_TRAIL))], compte: str = ""
) -> Response:
    """Who opened which person's file, newest first. Commands on the server have a part of their own, which nothing that
    programs do pushes out; what was shown whole is read."""
    with node.database.read() as uow:
        commands = uow.accounts.accesses(account=COMMAND) if not compte else ()
        lines = uow.accounts.accesses(account=compte, but="" if compte else COMMAND)
        people = uow.candidates.lines({one.candidate for one in (*commands, *lines)})
        everybody = uow.accounts.all()
    if not compte:
        trails.read_by(node.desk, who.id)
    return render(
        request,
        "accounts/trail.html",
        commands=commands,
        lines=lines,
        people=people,
        accounts=everybody,
        chosen=compte,
    )
