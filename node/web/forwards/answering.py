"""/mises-en-relation/{id}/reponse: what an employer of the town said, noted by a counsellor.

Guarantees: a refusal has its reason and a text that the person can read, and passes the guard of every refusal; of two
colleagues who note one answer the second is told, and nothing is noted twice. Read next: `services/forwards/`.
"""

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.trail import OpenedFor
from node.mission.forwards.forward import ForwardState, Words
from node.mission.forwards.moves import MAX_TEXT, REASONS, answers_left
from node.mission.forwards.terms import Reason
from node.requests import NodeOf
from node.services.desk import Refused
from node.services.employers.sending import settle_words_about
from node.services.forwards import answers, following
from node.services.forwards.following import FollowedForward
from node.services.people.saving import BadFields
from node.web.forwards.acting import way_back
from node.web.forwards.steps import TONES, PutsForward
from node.web.forwards.yes_if import choices, read_condition
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.pages import redirect, render
from node.web.people.fields import blame
from node.web.people.file_frame import leave_trace

router = APIRouter()


@router.get("/mises-en-relation/{forward_id}/reponse")
def ask(request: Request, node: NodeOf, who: PutsForward, forward_id: str, retour: str = "") -> Response:
    """What was answered."""
    one = following.one_followed(node.desk, forward_id)
    form = Form.of(seen=len(one.forward.moves), retour=retour)
    return _show(request, node, who, one, form)


@router.post("/mises-en-relation/{forward_id}/reponse")
def note(request: Request, node: NodeOf, who: PutsForward, form: Sent, forward_id: str) -> Response:
    """Note it, in the counsellor's name."""
    desk = node.desk
    one = following.one_followed(desk, forward_id)
    back = way_back(form.raw("retour"), one.forward)
    event = form.choice("event", list(ForwardState), required=True)
    seen, on = form.whole("seen", most=10_000), form.day("on")
    reason = form.choice("reason", sorted(REASONS[ForwardState.DECLINED]))
    to_candidate = form.text("to_candidate", longest=MAX_TEXT)
    to_guarantor = form.text("to_guarantor", longest=MAX_TEXT)
    is_refusal = event == ForwardState.DECLINED
    if is_refusal and not reason:
        form.error("reason", _("Choose the reason that the employer gave."))
    if is_refusal and not to_candidate:
        form.error("to_candidate", _("A refusal needs a text that the candidate can read."))
    lacking = form.choices("lacking", [code for code, _need in one.offer.skills] if one.offer is not None else [])
    condition = read_condition(form, one.offer, desk.today()) if event == ForwardState.CONDITIONAL else None
    if form.ok:
        missing = tuple(sorted(lacking)) if reason == Reason.LACKING_SKILLS else ()
        refusal = Words(reason, to_candidate, to_guarantor, missing)
        said = refusal if is_refusal else Words(condition=condition)
        try:
            answered = answers.give_answer(desk, one.forward.id, ForwardState.of(event), said, who.id, seen=seen, on=on)
        except BadFields as error:
            blame(form, error.problems)
        except Refused as error:
            if error.problem == "answered_meanwhile":
                return redirect(request, back, str(error), "warning")
            text = "text" if event == ForwardState.CONDITIONAL else "to_candidate"
            form.error(text if error.problem == "discriminating" else "", str(error))
        else:
            leave_trace(desk, who, one.forward.candidate, OpenedFor.FORWARD)
            settle_words_about(desk, one.forward.id, who.id)
            said_so = _("Noted: {state}. Look at what comes next.").format(state=answered.state.label)
            return redirect(request, back, said_so)
    return _show(request, node, who, one, form, status=422)


def _show(
    request: Request, node: NodeOf, who: Account, one: FollowedForward, form: Form, status: int = 200
) -> Response:
    if not one.is_local:
        raise HTTPException(404)
    possible = answers_left(one.forward.state) - {ForwardState.RECEIVED}
    return render(
        request,
        "forwards/answer.html",
        status=status,
        one=one,
        form=form,
        events=labelled(state for state in ForwardState if state in possible),
        choices=choices(one.offer, node.desk.referential(), node.desk.today()),
        reasons=labelled(reason for reason in Reason if reason in REASONS[ForwardState.DECLINED]),
        back=way_back(form.raw("retour"), one.forward),
        tones=TONES,
        today=node.desk.today(),
    )
