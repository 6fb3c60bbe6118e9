"""/mises-en-relation/{forward_id}/annoncer: the employer's answer, ready to be told to the person, and noted as told.

Guarantees: the node sends nothing: whoever opens a link does, from their own telephone or mail. Read next:
`services/my_space/announcing.py`; `node/web/forwards/acting.py`, where it is noted.
"""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from node.documents.contact import contact_of
from node.kit.phone import dialled
from node.mission.accounts.trail import OpenedFor
from node.requests import NodeOf
from node.services.desk import Refused
from node.services.forwards import following
from node.services.my_space.announcing import SMS_LENGTH, announcement
from node.web.forwards.acting import LIST, TOLD
from node.web.forwards.steps import PutsForward
from node.web.frame.forms import labelled
from node.web.frame.pages import redirect, render
from node.web.people.file_frame import address, leave_trace

router = APIRouter()


@router.get(LIST + "/{forward_id}/annoncer")
def announce(request: Request, node: NodeOf, who: PutsForward, forward_id: str) -> Response:
    """A text to copy or to read out, links to send it, and the button for when it is done."""
    mission = contact_of(node.config)
    try:
        found = announcement(node.desk, forward_id, mission.name, mission.phone)
    except Refused as error:
        return redirect(request, f"{LIST}/{forward_id}", str(error), "warning")
    person = found.person
    leave_trace(node.desk, who, person.id, OpenedFor.READ)
    subject, text = quote(found.subject), quote(found.text)
    return render(
        request,
        "my_space/announcing.html",
        found=found,
        person=person,
        base=address(person.id),
        back=f"{LIST}/{found.forward.id}",
        sms=f"sms:{dialled(person.phone)}?body={quote(found.short)}" if person.phone else "",
        mail=f"mailto:{quote(person.email, safe='@')}?subject={subject}&body={text}" if person.email else "",
        most=SMS_LENGTH,
        event=TOLD,
        channels=labelled(following.TOLD_BY),
    )
