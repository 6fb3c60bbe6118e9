"""A forward's life: the one table of who may move it whither, and how two copies of it agree again.

Each side keeps its own copy and moves may cross on their way. Guarantees:

- `make` is what a side may decide: it refuses whatever the table does not list, and what lacks its words (`saying.py`).
  Pages ask `allowed`, which reads the same table.
- `arrive` is what the other side decided, perhaps before it heard of ours. The state is always that which all known
  moves make together (`standing.py`), so both sides end equal whatever the order, the delay or the repetition of what
  arrives (a test plays every interleaving); a late duplicate changes nothing.
- Withdrawal wins over everything that it crosses. A late answer wins over expiry, for an answer is worth more than
  silence; it may therefore still be given later. What is corrected is as if it had not been said.

Read next: `drafting.py`, what a forward needs before it may be sent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from node.kit.i18n import gettext as _
from node.mission.forwards.forward import Forward, ForwardState, Move, MoveName, Side
from node.mission.forwards.saying import (
    CORRECTABLE,
    CORRECTED_WITHIN,
    MAX_TEXT,
    REASONS,
    IllegalMove,
    check_name,
    check_said,
    too_late,
)
from node.mission.forwards.standing import carried_out, latest_condition, standing, state_of
from node.mission.forwards.terms import Reason
from node.mission.offers.offer import ANSWER_DAYS

__all__ = [
    "ANSWERS",
    "MAX_TEXT",
    "MOVES",
    "OPEN_STATES",
    "OWNED",
    "REASONS",
    "REMINDERS",
    "IllegalMove",
    "ReplyRecord",
    "allowed",
    "answered_at",
    "answers_left",
    "arrive",
    "correctable",
    "expires_at",
    "expiry_due",
    "is_open",
    "make",
    "may_correct",
    "reasons_for",
    "reminder_due",
    "reply_record",
    "waiting_since",
]

S = ForwardState

_SECOND: Final = timedelta(seconds=1)

ANSWERS: Final = frozenset({S.HIRED, S.DECLINED, S.CONDITIONAL})
OPEN_STATES: Final = frozenset({S.SENT, S.RECEIVED, S.SEEN, S.INTERVIEW, S.CONDITIONAL, S.FULFILLED})
"""Sent and waiting, for an answer or for what « oui, si… » asks: what counts against caps."""

MOVES: Final[Mapping[Side, Mapping[ForwardState, frozenset[ForwardState]]]] = {
    Side.HOME: {
        S.DRAFT: frozenset({S.SENT, S.WITHDRAWN}),
        S.SENT: frozenset({S.WITHDRAWN, S.EXPIRED}),
        S.RECEIVED: frozenset({S.WITHDRAWN, S.EXPIRED}),
        S.SEEN: frozenset({S.WITHDRAWN, S.EXPIRED}),
        S.INTERVIEW: frozenset({S.WITHDRAWN, S.EXPIRED}),
        S.CONDITIONAL: frozenset({S.FULFILLED, S.WITHDRAWN, S.EXPIRED}),
        S.FULFILLED: frozenset({S.WITHDRAWN, S.EXPIRED, S.CORRECTED}),
        # Followed up one month and six months after the hire: the second time may say the same again.
        S.HIRED: frozenset({S.WITHDRAWN, S.CONFIRMED, S.BROKEN_OFF}),
        S.CONFIRMED: frozenset({S.CONFIRMED, S.BROKEN_OFF, S.CORRECTED}),
        S.BROKEN_OFF: frozenset({S.CORRECTED}),
    },
    Side.RECEIVER: {
        S.SENT: frozenset({S.RECEIVED, S.SEEN, S.INTERVIEW}) | ANSWERS,
        S.RECEIVED: frozenset({S.SEEN, S.INTERVIEW}) | ANSWERS,
        S.SEEN: frozenset({S.INTERVIEW}) | ANSWERS,
        S.INTERVIEW: ANSWERS,
        S.CONDITIONAL: frozenset({S.HIRED, S.DECLINED, S.CORRECTED}),
        S.FULFILLED: frozenset({S.INTERVIEW}) | ANSWERS,
        S.EXPIRED: ANSWERS,
        S.HIRED: frozenset({S.CORRECTED}),
        S.DECLINED: frozenset({S.CORRECTED}),
    },
}
"""Who may move a forward from which state, and how. What is not here is illegal. A correction leads to the answer that
it brings, or to the state before; it is possible for 24 hours (`may_correct`)."""

OWNED: Final[Mapping[Side, frozenset[ForwardState]]] = {
    side: frozenset().union(*table.values()) for side, table in MOVES.items()
}
"""The moves that each side may make at all."""

_NOT_AFTER_A_HIRE: Final = frozenset({Reason.NOT_MOBILE, Reason.DUPLICATE, Reason.POORLY_INFORMED})


def reasons_for(state: ForwardState, event: ForwardState) -> frozenset[Reason]:
    """Reasons that the event takes from that state, as a page offers them: of somebody who was hired, none that the
    hire itself answered; never that a person took their agreement back, which is recorded with the person."""
    known = REASONS.get(event, frozenset()) - {Reason.CONSENT_WITHDRAWN}
    return known - _NOT_AFTER_A_HIRE if state in {S.HIRED, S.CONFIRMED} else known


REMINDERS: Final = (timedelta(days=7), timedelta(days=14))
EXPIRES_AFTER_A_CONDITION: Final = timedelta(days=14)
"""After the day that a condition names, and after it was fulfilled."""


def allowed(state: ForwardState, by: Side) -> frozenset[ForwardState]:
    """What that side may do next; empty when the forward is over for it."""
    return MOVES[by].get(state, frozenset())


def answers_left(state: ForwardState) -> frozenset[ForwardState]:
    """What the receiving side may still answer; that it may correct what it said is none."""
    return allowed(state, Side.RECEIVER) - {S.CORRECTED}


def is_open(state: ForwardState) -> bool:
    """Sent, and neither answered nor ended."""
    return state in OPEN_STATES


def make(forward: Forward, wanted: Move) -> Forward:
    """The forward after this side's own decision, which is completed with the move that it is about. Its moment is put
    off by a second where it would meet another of the same name, or not come after the condition that it follows.
    Raises IllegalMove."""
    by, event = wanted.by, wanted.event
    may = allowed(forward.state, by)
    _check_owner(event, by, may)
    if event not in may:
        sentence = _("A forward that is “{state}” cannot become “{event}”.").format(
            state=forward.state.label, event=event.label
        )
        raise IllegalMove("not_from_here", sentence, may)
    condition = latest_condition(forward.moves)
    about, at = None, wanted.at
    if event is S.CORRECTED:
        about = correctable(forward, by)
        if about is None or wanted.at > about.at + CORRECTED_WITHIN:
            raise too_late()
        at = max(at, about.at)
    elif event in (S.FULFILLED, S.EXPIRED) and condition is not None:
        about = condition.name
    if event in (S.INTERVIEW, S.CONDITIONAL) and condition is not None:
        at = max(at, condition.move.at + _SECOND)
    while any((one.by, one.event, one.at) == (by, event, at) for one in forward.moves):
        at += _SECOND
    made = replace(wanted, at=at, about=about)
    _check(made, may)
    return _with(forward, made)


def arrive(forward: Forward, move: Move) -> Forward:
    """The forward after hearing of a move of the other side; a move that is known changes nothing. Raises IllegalMove
    when the event is not that side's, lacks its words, or names what it may not."""
    may = allowed(forward.state, move.by)
    _check_owner(move.event, move.by, may)
    _check(move, may)
    if any((one.by, one.name) == (move.by, move.name) for one in forward.moves):
        return forward
    return _with(forward, move)


def _with(forward: Forward, move: Move) -> Forward:
    moves = (*forward.moves, move)
    return replace(forward, state=state_of(moves), moves=moves)


def correctable(forward: Forward, by: Side) -> MoveName | None:
    """The answer of that side at which the forward stands, by the name under which it was first given."""
    found = standing(forward.moves)
    if found is None or found.move.by is not by or found.move.event not in CORRECTABLE[by]:
        return None
    named = next(one for one in forward.moves if one.by is by and one.name == found.name)
    return named.about if named.event is S.CORRECTED else named.name


def may_correct(forward: Forward, by: Side, now: datetime) -> bool:
    """Whether that side may still correct the answer at which the forward stands."""
    named = correctable(forward, by)
    return named is not None and now <= named.at + CORRECTED_WITHIN


def _check_owner(event: ForwardState, by: Side, instead: frozenset[ForwardState]) -> None:
    if event not in OWNED[by]:
        sentence = _("“{event}” is not for {side} to say.").format(event=event.label, side=by.label)
        raise IllegalMove("not_yours", sentence, instead)


def _check(move: Move, instead: frozenset[ForwardState]) -> None:
    try:
        check_said(move)
        check_name(move)
    except IllegalMove as error:
        error.allowed = instead
        raise


def waiting_since(forward: Forward) -> datetime | None:
    """Since when the home mission waits for a word; None unless the forward is open. That a node received it, or that
    somebody looked at it, is no word: an interview is. A condition gives time until its day, which may be still to
    come; once fulfilled, the answer is waited for anew."""
    if not is_open(forward.state):
        return None
    found = standing(forward.moves)
    if found is not None and found.move.condition is not None:
        return datetime.combine(found.move.condition.until, time(), UTC)
    if found is not None and found.move.event is S.FULFILLED:
        return found.move.at
    heard = [m.at for m in forward.moves if m.event in {S.SENT, S.INTERVIEW}]
    return max(heard, default=forward.created)


def answered_at(forward: Forward) -> datetime | None:
    """When the word came that the forward now stands at: an interview, « oui, si… », a hire, a refusal; None at any
    other state."""
    if forward.state not in {S.INTERVIEW, *ANSWERS}:
        return None
    found = standing(forward.moves)
    return found.move.at if found is not None and found.move.event is forward.state else None


def reminder_due(forward: Forward, now: datetime) -> int:
    """How many reminders both sides show by now: 0, 1 after 7 days of silence, 2 after 14."""
    since = waiting_since(forward)
    return 0 if since is None else sum(now - since >= delay for delay in REMINDERS)


def expires_at(forward: Forward, answer_days: int = ANSWER_DAYS) -> datetime | None:
    """When silence ends the forward, of whose offer these are the `answer_days`; None unless it is open."""
    since = waiting_since(forward)
    if since is None:
        return None
    on_condition = forward.state in {S.CONDITIONAL, S.FULFILLED}
    return since + (EXPIRES_AFTER_A_CONDITION if on_condition else timedelta(days=answer_days))


def expiry_due(forward: Forward, now: datetime, answer_days: int = ANSWER_DAYS) -> bool:
    """Whether the home mission expires the forward: after the days of silence that its offer allows, 14 after the day
    of a condition, or since it was fulfilled."""
    ends = expires_at(forward, answer_days)
    return ends is not None and now >= ends


@dataclass(frozen=True, slots=True)
class ReplyRecord:
    """How an employer answered the forwards that it got."""

    answered: int
    waiting: int
    expired: int

    @property
    def rate(self) -> int | None:
        """Answers in percent of the forwards that were answered or left to expire; None before the first."""
        ended = self.answered + self.expired
        return 100 * self.answered // ended if ended else None


def reply_record(forwards: Iterable[Forward]) -> ReplyRecord:
    """The record of one employer, from all forwards sent to it. What the home side withdrew counts for nothing unless
    it had been answered; « oui, si… » is an answer, and so is one that came after expiry."""
    answered = waiting = expired = 0
    for forward in forwards:
        if forward.state in ANSWERS or any(one.move.event in ANSWERS for one in carried_out(forward.moves)):
            answered += 1
        elif is_open(forward.state):
            waiting += 1
        elif forward.state is S.EXPIRED:
            expired += 1
    return ReplyRecord(answered, waiting, expired)
