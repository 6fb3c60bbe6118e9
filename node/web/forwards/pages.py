"""/candidats/{id}/offres: offers that fit the person and why, being put forward, and what employers answered.

Guarantees: the explanation shows every point of the score; putting forward asks the rules of
`mission/forwards/drafting.py`, and says every obstacle at once; what the counsellor wrote is shown again. Read next:
people/file_frame.py, `services/forwards/sending.py`.
"""

from calendar import monthrange
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from federation.errors import FederationError, NoDirectory
from node.kit.errors import sentence
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import OpenedFor
from node.mission.forwards import moves as forwarding
from node.mission.forwards.forward import Forward, ForwardState, Side, Words
from node.mission.forwards.terms import Check, Reason
from node.mission.forwards.wording import criterion_named
from node.mission.matching.match import Points
from node.mission.matching.mobility import Trip
from node.mission.offers.offer import Offer
from node.mission.people.candidate import CandidateState
from node.referential import Communes
from node.requests import NodeOf
from node.services.desk import Desk, Refused
from node.services.forwards import answers, sending
from node.services.forwards.conditions import condition_of, thing_asked
from node.services.matching.matching import Found, match_candidate
from node.services.my_space.my_space import member_names
from node.services.offers.finding import offer_title, one_offer
from node.services.people import files
from node.web.frame.auth import require
from node.web.frame.forms import Form, Sent, labelled
from node.web.frame.pages import redirect
from node.web.people.fields import code_label
from node.web.people.file_frame import address, leave_trace, open_part, show_part
from protocol.errors import ProtocolError

router = APIRouter()

ReadsOffers = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.READ_OFFERS))]
PutsForward = Annotated[Account, Depends(require(Permission.READ_FILES, Permission.PUT_FORWARD))]

SHOWN = 20
_ENDINGS = (ForwardState.CONFIRMED, ForwardState.BROKEN_OFF)
_OWN_MOVES = (
    ForwardState.SENT,
    ForwardState.WITHDRAWN,
    ForwardState.FULFILLED,
    ForwardState.CORRECTED,
    *_ENDINGS,
)


def point_labels() -> dict[str, str]:
    """What each part of a score is, in the order of `Points`."""
    return dict(
        zip(
            Points._fields,
            (
                _("Occupation"),
                _("Skills"),
                _("Distance"),
                _("Experience"),
                _("Qualification"),
                _("Contract"),
                _("Licence"),
                _("Language"),
            ),
            strict=True,
        )
    )


@router.get("/candidats/{name}/offres")
def offers(request: Request, node: NodeOf, who: ReadsOffers, name: str) -> Response:
    """Offers that fit, best first, and the person's forwards."""
    desk = node.desk
    file = open_part(desk, who, name, OpenedFor.READ)
    answer = match_candidate(desk, file.person.id, limit=SHOWN)
    tables = desk.referential()
    return show_part(
        request,
        desk,
        who,
        file,
        "offres",
        "forwards/offers.html",
        found=answer.matches or answer.to_prepare,
        is_ready=file.person.is_ready(desk.today()),
        in_search=file.person.state is CandidateState.ACTIVE,
        points=point_labels(),
        skill=lambda code: code_label(tables, "skills", code),
        commune=lambda code: code_label(tables, "commune", code),
        is_about=lambda trip: _is_about(tables.communes, file.person.commune, trip),
        forwards=[
            (one, offer_title(desk, one.offer), _home_moves(one, desk.now()), _withdrawal_reasons(one))
            for one in file.forwards
        ],
        condition_of=condition_of,
        thing_asked=lambda condition: thing_asked(condition, tables),
        lacking_of=lambda step: ", ".join(code_label(tables, "skills", code) for code in step.lacking),
        may_take_back=lambda one: one.peer == desk.node_id and forwarding.may_correct(one, Side.RECEIVER, desk.now()),
        asks_whether_placed=file.person.state is CandidateState.ACTIVE
        and any(one.state in (ForwardState.HIRED, ForwardState.CONFIRMED) for one in file.forwards),
        reason_labels={one.value: one.label for one in Reason},
    )


def _is_about(communes: Communes, home: str, trip: Trip) -> bool:
    """Whether the distance rests on a point that is a mean of its neighbours', or was noted by hand."""
    if home == trip.commune:
        return False
    return any((known := communes.get(code)) is not None and known.approximate for code in (home, trip.commune))


def _home_moves(forward: Forward, now: datetime) -> list[tuple[str, str]]:
    """What the home mission may still do, as pairs (move, label)."""
    if forward.side is not Side.HOME:
        return []
    allowed = forwarding.allowed(forward.state, Side.HOME)
    moves = [("sent", _("Send"))] if forward.state is ForwardState.DRAFT else []
    if ForwardState.FULFILLED in allowed:
        moves.append(("fulfilled", _("The condition is fulfilled")))
    moves += [(one.value, _follow_up(forward, one)) for one in _ENDINGS if one in allowed]
    if forwarding.may_correct(forward, Side.HOME, now):
        moves.append(("corrected", _("Correct: “{word}” was a mistake").format(word=forward.state.label)))
    return [*moves, *([("withdrawn", _("Withdraw"))] if ForwardState.WITHDRAWN in allowed else [])]


def _follow_up(forward: Forward, event: ForwardState) -> str:
    """The follow-up that is asked for, with its day: one month after the hire, then six."""
    hired = next((move.at.date() for move in forward.moves if move.event is ForwardState.HIRED), None)
    if hired is None or event is not ForwardState.CONFIRMED:
        return event.label
    again = any(move.event is ForwardState.CONFIRMED for move in forward.moves)
    due = _months_after(hired, 6 if again else 1)
    said = _("{label}, at six months ({day})") if again else _("{label}, at one month ({day})")
    return said.format(label=event.label, day=f"{due:%d/%m/%Y}")


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _withdrawal_reasons(forward: Forward) -> list[tuple[str, str]]:
    known = forwarding.reasons_for(forward.state, ForwardState.WITHDRAWN)
    return labelled(one for one in Reason if one in known)


@router.get("/candidats/{name}/mise-en-relation")
def draft(request: Request, node: NodeOf, who: PutsForward, name: str, offre: str) -> Response:
    """Why this person, and what was checked."""
    return _draft(request, node, who, name, one_offer(node.desk, offre), Form())


def _draft(
    request: Request, node: NodeOf, who: Account, name: str, offer: Offer, form: Form, status: int = 200
) -> Response:
    file = open_part(node.desk, who, name, OpenedFor.READ)
    tables = node.desk.referential()
    match = _match(node.desk, file.person.id, offer)
    if match is not None and not form.raw("site"):
        form.values["site"] = [match.match.site_id]
    return show_part(
        request,
        node.desk,
        who,
        file,
        "offres",
        "forwards/forward.html",
        status=status,
        form=form,
        offer=offer,
        match=match,
        must_agree=sending.agreement_for(node.desk, file.person, offer) is None,
        is_own=offer.node == node.desk.node_id,
        replies=_replies(sending.employer_record(node.desk, offer)),
        options={
            "checked": labelled(one for one in Check if one.value in sending.FURTHER_CHECKS),
            "site": [(one.id, one.label or code_label(tables, "commune", one.commune)) for one in offer.sites],
        },
    )


def _replies(record: forwarding.ReplyRecord) -> str:
    """What a counsellor knows of the employer before putting somebody forward: its reply rate."""
    said = []
    if record.rate is not None:
        ended = record.answered + record.expired
        sentence = _("Applications of the mission that this employer answered: {answered} of {ended}.")
        said.append(sentence.format(answered=record.answered, ended=ended))
    if record.waiting:
        waiting = ngettext("{number} still waits for an answer.", "{number} still wait for an answer.", record.waiting)
        said.append(waiting.format(number=record.waiting))
    return " ".join(said) or _("The mission has sent nobody to this employer yet.")


def _match(desk: Desk, person: str, offer: Offer) -> Found | None:
    answer = match_candidate(desk, person, limit=200)
    return next((one for one in (*answer.matches, *answer.to_prepare) if one.offer.key == offer.key), None)


@router.post("/candidats/{name}/mise-en-relation")
def put_forward(request: Request, node: NodeOf, who: PutsForward, form: Sent, name: str, offre: str) -> Response:
    """Draft and send; every obstacle is named."""
    desk = node.desk
    offer = one_offer(desk, offre)
    person = files.person_file(desk, name).person
    why = form.text("why", required=True, longest=1000)
    site = form.choice("site", [one.id for one in offer.sites])
    checked = form.choices("checked", sorted(sending.FURTHER_CHECKS))
    agreed = form.line("agreed")
    if form.ok:
        demand = sending.Demand(
            candidate=person.id, offer=offer.key, site=site, why=why, checked=tuple(checked), agreed=agreed
        )
        try:
            drafted = sending.create(desk, demand, who.id)
        except Refused as error:
            form.error("", str(error))
        else:
            leave_trace(desk, who, person.id, OpenedFor.FORWARD)
            return _send(request, desk, drafted, who)
    return _draft(request, node, who, name, offer, form, status=422)


def _send(request: Request, desk: Desk, drafted: Forward, who: Account) -> Response:
    """Send a draft; what cannot be sent now stays a draft, to be sent from the list."""
    back = address(drafted.candidate, "offres")
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
    if drafted.peer == desk.node_id:
        text = _("Recorded, with your guarantee. Nothing is sent from here: print the CV and hand it to the employer.")
    else:
        text = _("The application is sent, with your guarantee. You will see the answer here.")
    return redirect(request, back, text)


@router.get("/mises-en-relation/{forward_id}/signaler")
def report(request: Request, node: NodeOf, who: PutsForward, forward_id: str) -> Response:
    """The proof of a refusal, to be printed, and where to turn with it."""
    desk = node.desk
    known = sending.one_forward(desk, forward_id)
    refusal = next((one for one in reversed(known.moves) if one.event is ForwardState.DECLINED), None)
    if refusal is None:
        raise HTTPException(404)
    file = open_part(desk, who, known.candidate, OpenedFor.READ)
    named = criterion_named(refusal.to_candidate) or criterion_named(refusal.to_guarantor)
    with desk.federation.database.read() as uow:
        sender = member_names(uow, desk).get(known.peer, known.peer)
    return show_part(
        request,
        desk,
        who,
        file,
        "offres",
        "forwards/report.html",
        title=offer_title(desk, known.offer),
        move=refusal,
        reason=Reason.of(refusal.reason).label,
        criterion=named.label if named is not None else "",
        sender=sender,
        number=f"{refusal.epoch}/{refusal.index}" if refusal.index >= 0 else "-",
    )


@router.post("/mises-en-relation/{forward_id}")
def move(request: Request, node: NodeOf, who: PutsForward, form: Sent, forward_id: str) -> Response:
    """The home mission's move: send a draft, withdraw, tell that the condition is fulfilled, confirm, tell that it
    broke off, or take the last word back."""
    known = sending.one_forward(node.desk, forward_id)
    event = form.choice("event", _OWN_MOVES, required=True)
    reason = form.choice("reason", [code for code, _label in _withdrawal_reasons(known)])
    back = address(known.candidate, "offres")
    if not form.ok:
        return redirect(request, back, _("Choose one of the proposals."), "warning")
    if event == ForwardState.SENT:
        return _send(request, node.desk, known, who)
    try:
        said = Words(reason if event == ForwardState.WITHDRAWN else "")
        answers.home_move(node.desk, forward_id, ForwardState.of(event), said, who.id)
    except Refused as error:
        return redirect(request, back, str(error), "warning")
    if event == ForwardState.FULFILLED:
        return redirect(request, back, _("Noted: the employer is told, and asked to answer within 14 days."))
    return redirect(request, back, _("Noted."))
