"""What becomes of a forward once sent: it is read, answered, withdrawn, followed up, or expires.

A move, the journal entry and the message that tells the peer are one unit of work; a move already made does nothing.
Whether a move is legal is asked of `node/mission/forwards/moves.py` alone. Read next: network/inbound.py (the peer's
moves, as they arrive) and agreements/withdrawing.py (a person who takes back their agreement).
"""

from collections.abc import Collection
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
from node.mission.offers.offer import ANSWER_DAYS
from node.mission.people.rules import FieldProblem
from node.mission.ports import MissionUnitOfWork
from node.mission.terms import Licence
from node.services.actors import SYSTEM, names_in
from node.services.desk import Desk, Gone, Refused, known_member
from node.services.forwards.asking_back import ask_back
from node.services.forwards.conditions import ask_for_answer
from node.services.forwards.hired import follow_hire
from node.services.forwards.lasting import let_links_last
from node.services.forwards.messages import move_message
from node.services.forwards.sending import find_forward, moved
from node.services.people.saving import BadFields, clean_line
from protocol.dossier import Dossier, open_dossier
from protocol.errors import ProtocolError

INTERVIEWS_WITHIN: Final = timedelta(days=366)
EXPIRED_AT_ONCE: Final = 50
"""Forwards that silence ends together, so that nobody who writes waits for all of them."""


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
    """The receiving side's move: seen, interview (on a day), « oui, si… » (with its condition), hired or declined (with
    a reason and both texts). Of a local employer's it is noted here, by whoever heard it. `seen` is how many moves they
    knew of. Raises NotFound, BadFields, Refused `not_ours`, `discriminating`, `answered_meanwhile` (there is one more),
    `illegal_move`."""
    with desk.federation.database.write() as uow:
        forward = find_forward(uow, forward_id)
        _check_answers_here(desk, forward)
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
    _check_answers_here(desk, forward)
    answered = make_move(uow, desk, forward, _said(uow, desk, forward, said, event, actor))
    if event is ForwardState.INTERVIEW and on is not None and answered != forward:
        now = desk.now()
        _check_interview(on, forward, now.date())
        uow.following.add_note(
            ForwardNote(id=desk.new_id(), forward=forward.id, kind=NoteKind.INTERVIEW, at=now, actor=actor, on=on)
        )
    return answered


def correct_answer(
    desk: Desk,
    forward_id: str,
    instead: ForwardState | None,
    said: Words = NO_WORDS,
    actor: str = SYSTEM,
) -> Forward:
    """The receiving side takes back the hire, the refusal or the « oui, si… » at which the forward stands, and gives
    the right answer with its words; None for `instead` brings back the state before. Within 24 hours; Refused after."""
    with desk.federation.database.write() as uow:
        return correct_in(uow, desk, find_forward(uow, forward_id), instead, said, actor)


def correct_in(
    uow: MissionUnitOfWork, desk: Desk, forward: Forward, instead: ForwardState | None, said: Words, actor: str
) -> Forward:
    """As `correct_answer`, in the caller's unit of work."""
    _check_answers_here(desk, forward)
    move = _said(uow, desk, forward, said, ForwardState.CORRECTED, actor)
    return make_move(uow, desk, forward, replace(move, instead=instead))


def _check_answers_here(desk: Desk, forward: Forward) -> None:
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


def _said(
    uow: MissionUnitOfWork,
    desk: Desk,
    forward: Forward,
    said: Words,
    event: ForwardState,
    actor: str,
) -> Move:
    """The receiving side's move, its words tidied and judged."""
    condition = said.condition and replace(said.condition, text=clean_line("condition", said.condition.text))
    guard_texts(said.to_candidate, said.to_guarantor, condition.text if condition else "")
    _check_codes(uow, desk, forward, said)
    return Move(
        event=event,
        at=desk.now(),
        by=Side.RECEIVER,
        reason=said.reason,
        to_candidate=said.to_candidate.strip(),
        to_guarantor=said.to_guarantor.strip(),
        lacking=said.lacking,
        condition=condition,
        actor=actor,
    )


def _check_codes(uow: MissionUnitOfWork, desk: Desk, forward: Forward, said: Words) -> None:
    """Missing demands are the offer's own; a condition's skills and licence are known ones."""
    if said.lacking:
        offer = uow.offers.get(*forward.offer.split("/", 1))
        asked = {code for code, _need in offer.skills} if offer is not None else set()
        if unknown := set(said.lacking) - asked:
            sentence = _("“{code}” is no skill that the offer asks for.").format(code=min(unknown)[:40])
            raise Refused("unknown_skill", sentence)
    if said.condition is None:
        return
    skills = desk.referential().skills
    for code in said.condition.codes:
        if not skills.label(code):
            raise Refused("unknown_skill", _("“{code}” is no skill of the reference tables.").format(code=code[:40]))
    if said.condition.licence and Licence.read(said.condition.licence) is None:
        raise Refused("unknown_licence", _("“{code}” is no licence.").format(code=said.condition.licence[:40]))


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
    """The home mission's move: withdrawn, that a condition is fulfilled, a follow-up (confirmed, broken_off;
    `end_reason` is then kept with the hire), or its own last word corrected. A draft is simply withdrawn. That a person
    took back their agreement is no such move: see
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
        after = make_move(uow, desk, forward, Move(event=event, at=now, by=Side.HOME, reason=said.reason, actor=actor))
        if event is ForwardState.FULFILLED:
            ask_for_answer(uow, after, now)
        return after


def make_move(uow: MissionUnitOfWork, desk: Desk, forward: Forward, move: Move) -> Forward:
    """Apply one of our own moves and tell the peer, in the caller's unit of work. A move already made does nothing,
    unless it may be made again (a second follow-up). Raises Refused `illegal_move` saying what is possible."""
    if forward.state is move.event and move.event not in moves.allowed(forward.state, move.by):
        return forward
    after = moved(forward, move)
    if forward.state is not ForwardState.DRAFT:
        message = move_message(forward.id, after.moves[-1])
        send_sealed(uow, desk.federation, known_member(uow, desk, forward.peer), message, move.at)
    uow.forwards.save(after)
    follow_hire(uow, forward, after, move.at)
    let_links_last(uow, desk, after, move.at)
    if move.event is ForwardState.WITHDRAWN:
        ask_back(uow, desk, forward, move.at)
    return after


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
    now, expired = desk.now(), list[Forward]()
    with desk.federation.database.read() as uow:
        due = [one.id for one in _silent(uow, uow.forwards.waiting(Side.HOME, now), now)]
    for start in range(0, len(due), EXPIRED_AT_ONCE):
        part = due[start : start + EXPIRED_AT_ONCE]
        with desk.federation.database.write() as uow:
            # An answer may have come since.
            known = uow.forwards.some(part)
            for forward in _silent(uow, [known[one] for one in part if one in known], now):
                move = Move(event=ForwardState.EXPIRED, at=now, by=Side.HOME, reason="no_answer", actor=SYSTEM)
                with suppress(FederationError, ProtocolError, Refused), uow.savepoint():
                    expired.append(make_move(uow, desk, forward, move))
    return expired


def _silent(uow: MissionUnitOfWork, forwards: Collection[Forward], now: datetime) -> list[Forward]:
    """Those that stayed unanswered for longer than their offers allow."""
    offers = uow.offers.many({one.offer for one in forwards})
    days = {key: offer.answer_days for key, offer in offers.items()}
    return [one for one in forwards if moves.expiry_due(one, now, days.get(one.offer, ANSWER_DAYS))]
