"""What a counsellor does with a forward from wherever they see it: send, withdraw, follow up, remind, tell, prepare.

Guarantees: each act is one form of one address, asks the services alone, and leads back to where one was. Read next:
listing.py, the list; answering.py, what a local employer said.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from fastapi import APIRouter, Request, Response

from federation.errors import FederationError, NoDirectory
from node.kit.errors import sentence
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.trail import OpenedFor
from node.mission.forwards.forward import Forward, ForwardState, Words
from node.mission.people.contacts import ContactChannel
from node.requests import NodeOf
from node.services.desk import Desk, Refused
from node.services.forwards import answers, following, sending
from node.services.people.saving import BadFields
from node.web.forwards.steps import ENDINGS, PutsForward, withdrawal_reasons
from node.web.frame.forms import Form, Sent
from node.web.frame.pages import redirect
from node.web.people.file_frame import address, leave_trace
from protocol.errors import ProtocolError

router = APIRouter()

LIST: Final = "/mises-en-relation"
_LISTED: Final = re.compile(rf"{LIST}(/[\w-]+)?(\?[\w=&%.+~-]*)?", re.ASCII)
_OWN_MOVES: Final = (
    ForwardState.SENT,
    ForwardState.WITHDRAWN,
    ForwardState.FULFILLED,
    ForwardState.CORRECTED,
    *ENDINGS,
)
REMINDER, TOLD, COACHING = "reminder", "told", "coaching"


def way_back(given: str, forward: Forward) -> str:
    """Where somebody came from: a view of the list, at its row; else the person's offers, or the list where the
    application is nobody's of this town."""
    if _LISTED.fullmatch(given):
        return f"{given}#f-{forward.id}"
    return address(forward.candidate, "offres") if forward.candidate else LIST


def send_draft(request: Request, desk: Desk, drafted: Forward, who: Account, back: str) -> Response:
    """Send a draft; what cannot be sent now stays a draft, to be sent from the list. To an employer of the town it goes
    by a mail or a letter, which the next page asks."""
    if drafted.peer == desk.node_id and drafted.state is ForwardState.DRAFT:
        return redirect(request, f"/mises-en-relation/{drafted.id}/envoi")
    try:
        sending.send(desk, drafted.id, who.id)
    except NoDirectory:
        text = _(
            "Your draft is kept, and was not sent: this node is not connected to the network yet. Ask whoever runs it."
        )
        return redirect(request, back, text, "warning")
    except (Refused, FederationError, ProtocolError) as error:
        text = _("Your draft is kept, and was not sent. {why}").format(why=sentence(error))
        return redirect(request, back, text, "warning")
    return redirect(request, back, _("The application is sent, with your guarantee. You will see the answer here."))


@router.post("/mises-en-relation/{forward_id}")
def act(request: Request, node: NodeOf, who: PutsForward, form: Sent, forward_id: str) -> Response:
    """The home mission's move, or what it notes: send a draft, withdraw, confirm, broken off; reminded, told, to be
    prepared."""
    desk = node.desk
    known = sending.one_forward(desk, forward_id)
    back = way_back(form.raw("retour"), known)
    event = form.choice("event", [*_OWN_MOVES, *_NOTING], required=True)
    if not form.ok:
        return redirect(request, back, _("Choose one of the proposals."), "warning")
    if event == ForwardState.SENT:
        return send_draft(request, desk, known, who, back)
    try:
        said = _NOTING[event](desk, known, form, who) if event in _NOTING else _move(desk, known, form, who, event)
    except (Refused, BadFields) as error:
        return redirect(request, back, str(error), "warning")
    if form.errors:
        return redirect(request, back, " ".join(form.errors.values()), "warning")
    leave_trace(desk, who, known.candidate, OpenedFor.FORWARD)
    return redirect(request, back, said)


def _move(desk: Desk, known: Forward, form: Form, who: Account, event: str) -> str:
    reason = form.choice("reason", [code for code, _label in withdrawal_reasons(known)])
    ended = form.line("end_reason")
    if form.ok:
        said = Words(reason if event == ForwardState.WITHDRAWN else "")
        answers.home_move(desk, known.id, ForwardState.of(event), said, who.id, end_reason=ended)
    if event == ForwardState.FULFILLED and known.peer == desk.node_id:
        return _("Noted. Whoever has a private link by mail is written to; call the employer otherwise.")
    if event == ForwardState.FULFILLED:
        return _("Noted: the employer is told, and asked to answer within 14 days.")
    return _("Noted.")


def _remind(desk: Desk, known: Forward, form: Form, who: Account) -> str:
    channel = form.choice("channel", following.REMINDERS_BY, required=True)
    on, text = form.day("on"), form.text("text", longest=following.MAX_NOTE)
    if form.ok:
        following.note_reminder(desk, known.id, ContactChannel.of(channel), who.id, on=on, text=text)
    return _("The reminder is noted.")


def _tell(desk: Desk, known: Forward, form: Form, who: Account) -> str:
    channel, text = form.choice("channel", following.TOLD_BY, required=True), form.text("text", longest=1000)
    if form.ok:
        following.note_told(desk, known.id, ContactChannel.of(channel), who.id, text)
    return _("Noted: the person knows the answer. It is among their contacts too.")


def _coach(desk: Desk, known: Forward, form: Form, who: Account) -> str:
    on = form.day("on", required=True)
    if form.ok and on is not None:
        following.plan_coaching(desk, known.id, on, who.id)
    return _("The preparation is among your next steps.")


_NOTING: Final[Mapping[str, Callable[[Desk, Forward, Form, Account], str]]] = {
    REMINDER: _remind,
    TOLD: _tell,
    COACHING: _coach,
}
