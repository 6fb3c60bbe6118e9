"""/equipe/relais: all that a counsellor has in hand goes to a colleague, when somebody leaves or is away for long.

Guarantees: the page says how many people, next steps and workshops move before anything does, and a box is ticked for
it; names that came with an imported file stay out of addresses. Read next: `services/team/handover.py`.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.kit.logging import get_logger
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.requests import NodeOf
from node.services.actors import counsellors, names
from node.services.team import handover
from node.services.team.handover import Load
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import redirect, render

router = APIRouter()

log = get_logger(__name__)

Leads = Annotated[Account, Depends(require(Permission.SEE_TEAM, Permission.HAND_OVER))]
NOBODY = "-"
"""How the form says whose people are nobody's: an empty choice is none."""


@router.get("/equipe/relais")
def ask(request: Request, node: NodeOf, who: Leads, de: str = "") -> Response:
    """What everybody has in hand, and who gives what to whom; `de` is the account of whoever leaves."""
    return _show(request, node, Form.of(owner=de))


@router.post("/equipe/relais")
def hand_over_all(request: Request, node: NodeOf, who: Leads, form: Sent) -> Response:
    """Everything goes over, at once."""
    team = dict(counsellors(node.desk))
    owner = form.choice("owner", [_code(one) for one in handover.loads(node.desk)], required=True)
    to = form.choice("to", team, required=True)
    if to and to == owner:
        form.error("to", _("Choose another person than the one who hands over."))
    if not form.flag("sure"):
        form.error("sure", _("Tick this box: handing over is not undone at one stroke."))
    if not form.ok:
        return _show(request, node, form, status=422)
    done = handover.hand_over_all(node.desk, "" if owner == NOBODY else owner, to, who.id)
    log.info("people.handed_over", by=who.id, to=to, people=done.people, steps=done.steps, workshops=done.workshops)
    text = _("{name} now has: {load}.").format(name=team[to], load=sentence(done))
    return redirect(request, "/equipe/relais", text)


def sentence(load: Load) -> str:
    """« 12 personnes, 3 prochaines étapes, 1 atelier »."""
    return ", ".join(
        (
            ngettext("{count} person", "{count} people", load.people).format(count=load.people),
            ngettext("{count} next step", "{count} next steps", load.steps).format(count=load.steps),
            ngettext("{count} workshop", "{count} workshops", load.workshops).format(count=load.workshops),
        )
    )


def _code(load: Load) -> str:
    return load.owner or NOBODY


def _show(request: Request, node: NodeOf, form: Form, status: int = 200) -> Response:
    known, team = names(node.desk), counsellors(node.desk)
    found = [(known[one.owner], one) for one in handover.loads(node.desk)]
    return render(
        request,
        "team/hand_over_all.html",
        status=status,
        form=form,
        loads=found,
        owners=[(_code(one), f"{name} ({sentence(one)})") for name, one in found],
        team=team,
        working={code for code, _name in team},
    )
