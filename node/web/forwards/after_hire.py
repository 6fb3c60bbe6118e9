"""What a hire brings along, as a counsellor decides it: the others are withdrawn now rather than a day after, and
whether the person still looks for work.

Guarantees: both are possible from the file, the application and « Aujourd'hui », and lead back there. Read next:
`services/forwards/after_hire.py`.
"""

from typing import Final

from fastapi import APIRouter, Request, Response

from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.mission.accounts.trail import OpenedFor
from node.requests import NodeOf
from node.services.desk import Refused
from node.services.forwards import after_hire
from node.services.people.saving import BadFields
from node.web.forwards.steps import PutsForward
from node.web.frame.forms import Sent
from node.web.frame.pages import redirect
from node.web.people.file_frame import Edits, address, leave_trace

router = APIRouter()

_YES, _NO = "yes", "no"
_BACK: Final = {"aujourdhui": "/aujourdhui"}


@router.post("/embauches/{hire_id}/autres")
def close_now(request: Request, node: NodeOf, who: PutsForward, hire_id: str) -> Response:
    """The person's other applications are withdrawn at once."""
    person = after_hire.person_of(node.desk, hire_id)
    back = address(person, "offres")
    try:
        closed = after_hire.close_now(node.desk, hire_id, who.id)
    except Refused as error:
        return redirect(request, back, str(error), "warning")
    leave_trace(node.desk, who, person, OpenedFor.FORWARD)
    said = ngettext("{count} application is withdrawn.", "{count} applications are withdrawn.", len(closed))
    text = said.format(count=len(closed))
    if any(one.after.id == hire_id and one.others for one in after_hire.sequels_of(node.desk, person)):
        text += " " + _("The rest cannot be told to its recipient now, and is tried again by itself.")
        return redirect(request, back, text, "warning")
    return redirect(request, back, text)


@router.post("/embauches/{hire_id}/recherche")
def say_whether_looking(request: Request, node: NodeOf, who: Edits, form: Sent, hire_id: str) -> Response:
    """The person still looks for work, or has found it."""
    person = after_hire.person_of(node.desk, hire_id)
    back = _BACK.get(form.raw("vers"), address(person, "offres"))
    looks = form.choice("looks", [_YES, _NO], required=True)
    if not form.ok:
        return redirect(request, back, _("Choose one of the proposals."), "warning")
    try:
        after_hire.say_whether_looking(node.desk, hire_id, looks == _YES, who.id)
    except BadFields as error:
        return redirect(request, back, str(error), "warning")
    leave_trace(node.desk, who, person, OpenedFor.EDIT)
    if looks == _YES:
        return redirect(request, back, _("Noted: the person still looks for work, and stays in the publications."))
    return redirect(
        request, back, _("Noted: the person has found work, and is in no publication from the next one on.")
    )
