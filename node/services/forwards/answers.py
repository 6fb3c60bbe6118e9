"""What becomes of a forward once sent: it is read, answered, withdrawn, followed up, or expires.

A move, the journal entry and the message that tells the peer are one unit of work; a move already made does nothing.
Whether a move is legal is asked of `node/mission/forwards/moves.py` alone. Read next: network/inbound.py (the peer's
moves, as they arrive) and agreements/withdrawing.py (a person who takes back their agreement).
"""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from federation.errors import FederationError
from federation.outbox import send_sealed
from node.kit.i18n import gettext as _
from node.mission.forwards import moves
from node.mission.forwards.forward import NO_WORDS, Forward, ForwardState, Move, Side, Words
from node.mission.forwards.notes import ForwardNote, NoteKind
from node.mission.forwards.terms import Reason
from node.mission.forwards.wording import criterion_named
from node.mission.people.rules import FieldProblem
from node.mission.ports import MissionUnitOfWork
from node.services.actors import SYSTEM, names_in
from node.services.desk import Desk, Gone, Refused, known_member
from node.services.forwards.asking_back import ask_back
from node.services.forwards.sending import find_forward, is_live, moved
from node.services.people.saving import BadFields, clean_line
from protocol import wire_json
from protocol.dossier import Dossier, open_dossier
from protocol.errors import ProtocolError
from protocol.messages import ForwardMoved

INTERVIEWS_WITHIN: Final = timedelta(days=366)


def give_answer(
    desk: Desk,
    forward_id: str,
    event: ForwardState,
    said: Words = NO_WORDS,
    actor: str = SYSTEM,
    *,
    seen: int | None = None,
    on: date | None = None,
) -> Forward:
    """The receiving side's move: seen, interview (on a day), hired or declined (with a reason and both texts). `seen`
    is how many moves whoever answers knew of. Raises NotFound, BadFields, Refused `not_ours`, `discriminating`,
    `answered_meanwhile` (there is one more), `illegal_move`."""
    with desk.federation.database.write() as uow:
        forward = find_forward(uow, forward_id)
        _check_side(desk, forward)
        if seen is not None and len(forward.moves) != seen:
            raise Refused("answered_meanwhile", _said_meanwhile(uow, forward))
        return answer_in(uow, desk, forward, event, said, actor, on=on)


def answer_in(
    uow: MissionUnitOfWork,
    desk: Desk,
    forward: Forward,
    event: ForwardState,
    said: Words,
    actor: str,
    *,
    on: date | None = None,
) -> Forward:
    """As `give_answer`, in the caller's unit of work, by whoever `actor` is."""
    now = desk.now()
    _check_side(desk, forward)
    guard_texts(said.to_candidate, said.to_guarantor)
    move = Move(
        event=event,
        at=now,
        by=Side.RECEIVER,
        reason=said.reason,
        to_candidate=said.to_candidate.strip(),
        to_guarantor=said.to_guarantor.strip(),
        actor=actor,
    )
    answered = make_move(uow, desk, forward, move)
    if event is ForwardState.INTERVIEW and on is not None and answered != forward:
        _check_interview(on, forward, now.date())
        uow.following.add_note(
            ForwardNote(id=desk.new_id(), forward=forward.id, kind=NoteKind.INTERVIEW, at=now, actor=actor, on=on)
        )
    if forward.peer == desk.node_id and event is ForwardState.HIRED:
        close_others(uow, desk, answered, now)
    return answered


def _check_side(desk: Desk, forward: Forward) -> None:
    if forward.side is not Side.RECEIVER and forward.peer != desk.node_id:
        raise Refused("not_ours", _("The answer belongs to the side that received the application."))


def _said_meanwhile(uow: MissionUnitOfWork, forward: Forward) -> str:
    last = forward.moves[-1]
    who = names_in(uow)[last.actor] if last.actor else last.by.label
    sentence = _("{who} noted “{state}” on {day} meanwhile: nothing was noted twice. Look before you note again.")
    return sentence.format(who=who, state=last.event.label, day=f"{last.at:%d/%m/%Y}")


def _check_interview(on: date, forward: Forward, today: date) -> None:
    sent = next((move.at.date() for move in forward.moves if move.event is ForwardState.SENT), forward.created.date())
    if not sent <= on <= today + INTERVIEWS_WITHIN:
        sentence = _("The interview lies between the day of sending, {day}, and a year from now: check the day.")
        raise BadFields([FieldProblem("on", sentence.format(day=f"{sent:%d/%m/%Y}"))])


def guard_texts(*texts: str) -> None:
    """Refused `discriminating` for a text that speaks of what the law keeps out of a recruitment."""
    for text in texts:
        if (criterion := criterion_named(text)) is not None:
            raise Refused(
                "discriminating",
                _(
                    "The text speaks of {criterion}: the law keeps that out of a recruitment (Code du travail, "
                    "L1132-1). Write what the post asks for, and what was missing."
                ).format(criterion=criterion.label),
            )


def home_move(
    desk: Desk,
    forward_id: str,
    event: ForwardState,
    said: Words = NO_WORDS,
    actor: str = SYSTEM,
    *,
    end_reason: str = "",
) -> Forward:
    """The home mission's move: withdrawn, or a follow-up (confirmed, broken_off; `end_reason` is then kept with the
    hire). A draft is simply withdrawn. That a person took back their agreement is no such move: see
    agreements/withdrawing.py, which also recalls the dossiers."""
    now = desk.now()
    if said.reason == Reason.CONSENT_WITHDRAWN:
        raise Refused("use_consent", _("Record on the candidate that the agreement is withdrawn: all else follows."))
    with desk.federation.database.write() as uow:
        forward = find_forward(uow, forward_id)
        if forward.side is not Side.HOME:
            raise Refused("not_ours", _("This move belongs to the home mission."))
        hire = uow.hires.of_forward(forward.id) if event is ForwardState.BROKEN_OFF else None
        if hire is not None:
            ended = clean_line("end_reason", end_reason)
            uow.hires.save(replace(hire, ended_on=now.date(), end_reason=ended))
        return make_move(uow, desk, forward, Move(event=event, at=now, by=Side.HOME, reason=said.reason, actor=actor))


def make_move(uow: MissionUnitOfWork, desk: Desk, forward: Forward, move: Move) -> Forward:
    """Apply one of our own moves and tell the peer, in the caller's unit of work. A move already made does nothing,
    unless it may be made again (a second follow-up). Raises Refused `illegal_move` saying what is possible."""
    if forward.state is move.event and move.event not in moves.allowed(forward.state, move.by):
        return forward
    after = moved(forward, move)
    if forward.state is not ForwardState.DRAFT:
        message = ForwardMoved(
            forward=forward.id,
            event=move.event.value,  # type: ignore[arg-type]
            at=wire_json.timestamp(move.at),
            reason=move.reason,  # type: ignore[arg-type]
            to_candidate=move.to_candidate,
            to_guarantor=move.to_guarantor,
        )
        send_sealed(uow, desk.federation, known_member(uow, desk, forward.peer), message, move.at)
    uow.forwards.save(after)
    if move.event is ForwardState.WITHDRAWN:
        ask_back(uow, desk, forward, move.at)
    return after


def close_others(uow: MissionUnitOfWork, desk: Desk, hired: Forward, now: datetime) -> list[Forward]:
    """A hire closes the person's other forwards. One that cannot be told to its recipient now stays open: it must not
    stand in the way of the hire, which is another node's."""
    closed = []
    for forward in uow.forwards.of_candidate(hired.candidate):
        if forward.id != hired.id and is_live(forward):
            move = Move(event=ForwardState.WITHDRAWN, at=now, by=Side.HOME, reason="hired_elsewhere", actor=SYSTEM)
            with suppress(FederationError, ProtocolError, Refused), uow.savepoint():
                closed.append(make_move(uow, desk, forward, move))
    return closed


def read_dossier(desk: Desk, forward_id: str) -> Dossier:
    """Open the dossier of a forward that this node received; the first opening is told to the home mission (`seen`).
    Raises NotFound, Refused `not_ours` on the home side, Gone when it was erased."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        forward = find_forward(uow, forward_id)
        if forward.side is not Side.RECEIVER:
            raise Refused("not_ours", _("This mission sent the dossier: the person's own record is in its register."))
        papers = uow.forwards.papers(forward_id)
        if papers is None:
            raise Gone("dossier_erased", _("This node holds no dossier for that forward: it was erased."))
        dossier = open_dossier(papers.dossier, forward.id, forward.peer, desk.node_id, desk.federation.keys)
        if forward.state in (ForwardState.SENT, ForwardState.RECEIVED):
            make_move(uow, desk, forward, Move(event=ForwardState.SEEN, at=now, by=Side.RECEIVER, actor=SYSTEM))
        return dossier


def expire_silent(desk: Desk) -> list[Forward]:
    """End the forwards that stayed unanswered too long; called by the scheduler, safe to call twice. One that cannot be
    told to its recipient now waits for the next call, and keeps no other waiting."""
    now = desk.now()
    expired = []
    with desk.federation.database.write() as uow:
        for forward in uow.forwards.all(Side.HOME):
            if moves.expiry_due(forward, now):
                move = Move(event=ForwardState.EXPIRED, at=now, by=Side.HOME, reason="no_answer", actor=SYSTEM)
                with suppress(FederationError, ProtocolError, Refused), uow.savepoint():
                    expired.append(make_move(uow, desk, forward, move))
    return expired
