"""/employeurs/pause: the head of mission pauses what is sent to an employer, does not now, or lifts the pause.

Guarantees: nobody else may; the forms stand on « Aujourd'hui » and where somebody would be put forward. Read next:
`services/forwards/pauses.py`.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.requests import NodeOf
from node.services.forwards import pauses
from node.services.people.saving import BadFields
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import redirect

router = APIRouter()

Pauses = Annotated[Account, Depends(require(Permission.PAUSE_EMPLOYERS))]

_BACK = "/aujourdhui"
_PAUSE, _PUT_OFF = "pause", "put_off"


@router.post("/employeurs/pause")
def decide(request: Request, node: NodeOf, who: Pauses, form: Sent) -> Response:
    """Pause, or not now."""
    act = form.choice("act", [_PAUSE, _PUT_OFF], required=True)
    of, employer = form.line("node", required=True), form.line("employer", required=True)
    if act == _PAUSE:
        return _pause(request, node, who, form, of, employer)
    if not form.ok:
        return redirect(request, _BACK, _("Choose one of the proposals."), "warning")
    decided = pauses.put_off(node.desk, of, employer, who.id)
    text = _(
        "Noted: people can be put forward to this employer. A pause is proposed again after {day} at the earliest."
    )
    return redirect(request, _BACK, text.format(day=f"{decided.until:%d/%m/%Y}"))


def _pause(request: Request, node: NodeOf, who: Account, form: Form, of: str, employer: str) -> Response:
    until = form.day("until", required=True)
    if not form.ok or until is None:
        return redirect(request, _BACK, _("Choose a day after today, within a year."), "warning")
    try:
        decided = pauses.pause(node.desk, of, employer, until, who.id)
    except BadFields as error:
        return redirect(request, _BACK, str(error), "warning")
    text = _("Paused until {day}: nobody is put forward to {employer} before. You can lift it on this page.")
    return redirect(request, _BACK, text.format(day=f"{decided.until:%d/%m/%Y}", employer=employer))
