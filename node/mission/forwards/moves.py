"""A forward's life: the one table of who may move it whither, and how two copies of it agree again.

Each side keeps its own copy and moves may cross on their way. Guarantees:

- `move` is what a side may decide: it refuses whatever the table does not list, and a decline without its reason and
  its text for the candidate. Pages ask `allowed`, which reads the same table.
- `arrive` is what the other side decided, perhaps before it heard of ours. It keeps the state that stands higher in
  `PRECEDENCE`. Since that is a maximum, both sides end equal whatever the order, the delay or the repetition of what
  arrives (a test plays every interleaving); a late duplicate changes nothing.
- Withdrawal stands highest: it wins over everything that it crosses. A late answer wins over expiry, for an answer
  is worth more than silence; it may therefore still be given after 30 days.

Read next: `drafting.py`, what a forward needs before it may be sent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from node.kit.i18n import gettext as _
from node.mission.forwards.forward import NO_WORDS, Forward, ForwardState, Side, Words
from node.mission.forwards.terms import Reason

S = ForwardState

ANSWERS: Final = frozenset({S.HIRED, S.DECLINED})
OPEN_STATES: Final = frozenset({S.SENT, S.RECEIVED, S.SEEN, S.INTERVIEW})
"""Sent and waiting for an answer: what counts against caps."""

MOVES: Final[Mapping[Side, Mapping[ForwardState, frozenset[ForwardState]]]] = {
    Side.HOME: {
        S.DRAFT: frozenset({S.SENT, S.WITHDRAWN}),
        S.SENT: frozenset({S.WITHDRAWN, S.EXPIRED}),
        S.RECEIVED: frozenset({S.WITHDRAWN, S.EXPIRED}),
        S.SEEN: frozenset({S.WITHDRAWN, S.EXPIRED}),
        S.INTERVIEW: frozenset({S.WITHDRAWN, S.EXPIRED}),
        # Followed up one month and six months after the hire: the second time may say the same again.
        S.HIRED: frozenset({S.WITHDRAWN, S.CONFIRMED, S.BROKEN_OFF}),
        S.CONFIRMED: frozenset({S.CONFIRMED, S.BROKEN_OFF}),
    },
    Side.RECEIVER: {
        S.SENT: frozenset({S.RECEIVED, S.SEEN, S.INTERVIEW}) | ANSWERS,
        S.RECEIVED: frozenset({S.SEEN, S.INTERVIEW}) | ANSWERS,
        S.SEEN: frozenset({S.INTERVIEW}) | ANSWERS,
        S.INTERVIEW: ANSWERS,
        S.EXPIRED: ANSWERS,
    },
}
"""Who may move a forward from which state to which. What is not here is illegal."""

PRECEDENCE: Final = (
    S.DRAFT, S.SENT, S.RECEIVED, S.SEEN, S.INTERVIEW, S.EXPIRED, S.DECLINED, S.HIRED, S.CONFIRMED, S.BROKEN_OFF,
    S.WITHDRAWN,
)  # fmt: skip
"""Which of two crossing moves wins: the later in this order. No legal move goes down."""

OWNER: Final[Mapping[ForwardState, Side]] = {
    event: side for side, table in MOVES.items() for events in table.values() for event in events
}
"""The side whose word a state is."""

REASONS: Final[Mapping[ForwardState, frozenset[Reason]]] = {
    S.DECLINED: frozenset(Reason) - {Reason.CONSENT_WITHDRAWN, Reason.NO_ANSWER},
    S.WITHDRAWN: frozenset(
        {
            Reason.CONSENT_WITHDRAWN,
            Reason.HIRED_ELSEWHERE,
            Reason.IN_TRAINING,
            Reason.NOT_INTERESTED,
            Reason.NOT_MOBILE,
            Reason.UNAVAILABLE,
            Reason.DUPLICATE,
            Reason.POORLY_INFORMED,
        }
    ),
    S.EXPIRED: frozenset({Reason.NO_ANSWER}),
}
"""Moves that need a reason, and which they take; other moves carry none."""

_NOT_AFTER_A_HIRE: Final = frozenset({Reason.NOT_MOBILE, Reason.DUPLICATE, Reason.POORLY_INFORMED})


def reasons_for(state: ForwardState, event: ForwardState) -> frozenset[Reason]:
    """Reasons that the event takes from that state, as a page offers them: of somebody who was hired, none that the
    hire itself answered; never that a person took their agreement back, which is recorded with the person."""
    known = REASONS.get(event, frozenset()) - {Reason.CONSENT_WITHDRAWN}
    return known - _NOT_AFTER_A_HIRE if state in {S.HIRED, S.CONFIRMED} else known


MAX_TEXT: Final = 4000

REMINDERS: Final = (timedelta(days=7), timedelta(days=14))
EXPIRES_AFTER: Final = timedelta(days=30)


class IllegalMove(Exception):
    """The move is not this side's, not from this state, or incomplete. `code` is stable: `not_yours`, `not_from_here`,
    `no_reason`, `wrong_reason`, `no_text`, `needless_text`, `long_text`; `allowed` is what the side may do instead."""

    def __init__(self, code: str, sentence: str, allowed: frozenset[ForwardState]) -> None:
        super().__init__(sentence)
        self.code = code
        self.allowed = allowed


def allowed(state: ForwardState, by: Side) -> frozenset[ForwardState]:
    """What that side may do next; empty when the forward is over for it."""
    return MOVES[by].get(state, frozenset())


def is_open(state: ForwardState) -> bool:
    """Sent, and neither answered nor ended."""
    return state in OPEN_STATES


def move(
    state: ForwardState,
    event: ForwardState,
    by: Side,
    answer: Words = NO_WORDS,
) -> ForwardState:
    """The state after this side's own decision; raises IllegalMove."""
    _check_owner(event, by, allowed(state, by))
    if event not in allowed(state, by):
        sentence = _("A forward that is “{state}” cannot become “{event}”.").format(
            state=state.label, event=event.label
        )
        raise IllegalMove("not_from_here", sentence, allowed(state, by))
    _check_words(event, answer, allowed(state, by))
    return event


def arrive(
    state: ForwardState,
    event: ForwardState,
    by: Side,
    answer: Words = NO_WORDS,
) -> ForwardState:
    """Our state after hearing of a move of the other side (`by`); unchanged when ours outranks it or already says so.
    Raises IllegalMove when the event is not that side's, or lacks its words."""
    _check_owner(event, by, allowed(state, by))
    _check_words(event, answer, allowed(state, by))
    return max(state, event, key=PRECEDENCE.index)


def _check_owner(event: ForwardState, by: Side, instead: frozenset[ForwardState]) -> None:
    if OWNER.get(event) is not by:
        sentence = _("“{event}” is not for {side} to say.").format(event=event.label, side=by.label)
        raise IllegalMove("not_yours", sentence, instead)


def _check_words(event: ForwardState, answer: Words, instead: frozenset[ForwardState]) -> None:
    reasons = REASONS.get(event, frozenset())
    if reasons and not answer.reason:
        sentence = _("“{event}” needs a reason: {reasons}.").format(event=event.label, reasons=_listed(reasons))
        raise IllegalMove("no_reason", sentence, instead)
    if answer.reason and answer.reason not in reasons:
        sentence = _("This reason does not go with “{event}”.").format(event=event.label)
        if reasons:
            sentence += " " + _("Choose among: {reasons}.").format(reasons=_listed(reasons))
        raise IllegalMove("wrong_reason", sentence, instead)
    if event is S.DECLINED:
        if not answer.to_candidate.strip():
            raise IllegalMove("no_text", _("A refusal needs a text that the candidate can read."), instead)
        if max(len(answer.to_candidate), len(answer.to_guarantor)) > MAX_TEXT:
            sentence = _("A text has at most {limit} characters.").format(limit=MAX_TEXT)
            raise IllegalMove("long_text", sentence, instead)
    elif answer.to_candidate or answer.to_guarantor:
        raise IllegalMove("needless_text", _("Only a refusal carries texts."), instead)


def _listed(reasons: frozenset[Reason]) -> str:
    """Reasons in words, each with its code, in the order of `Reason`."""
    # That an agreement was taken back is recorded on the person, and all else follows.
    told = reasons - {Reason.CONSENT_WITHDRAWN}
    return "; ".join(f"{reason.label} ({reason})" for reason in Reason if reason in told)


def waiting_since(forward: Forward) -> datetime | None:
    """Since when the home mission waits for a word; None unless the forward is open. That a node received it, or that
    somebody looked at it, is no word: an interview is."""
    if not is_open(forward.state):
        return None
    heard = [m.at for m in forward.moves if m.event in {S.SENT, S.INTERVIEW}]
    return max(heard, default=forward.created)


def answered_at(forward: Forward) -> datetime | None:
    """When the word came that the forward now stands at: an interview, a hire, a refusal; None at any other state."""
    if forward.state not in {S.INTERVIEW, *ANSWERS}:
        return None
    return next((m.at for m in reversed(forward.moves) if m.event is forward.state), None)


def reminder_due(forward: Forward, now: datetime) -> int:
    """How many reminders both sides show by now: 0, 1 after 7 days of silence, 2 after 14."""
    since = waiting_since(forward)
    return 0 if since is None else sum(now - since >= delay for delay in REMINDERS)


def expiry_due(forward: Forward, now: datetime) -> bool:
    """Whether 30 days of silence have passed, so that the home mission expires the forward."""
    since = waiting_since(forward)
    return since is not None and now - since >= EXPIRES_AFTER


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

    @property
    def is_paused(self) -> bool:
        """Ten forwards and no answer: no more until one is answered."""
        return self.answered == 0 and self.waiting + self.expired >= PAUSED_AT


PAUSED_AT: Final = 10


def reply_record(forwards: Iterable[Forward]) -> ReplyRecord:
    """The record of one employer, from all forwards sent to it. What the home side withdrew counts for nothing unless
    it had been answered; an answer that came after expiry counts as one."""
    answered = waiting = expired = 0
    for forward in forwards:
        if forward.state in ANSWERS or any(m.event in ANSWERS for m in forward.moves):
            answered += 1
        elif is_open(forward.state):
            waiting += 1
        elif forward.state is S.EXPIRED:
            expired += 1
    return ReplyRecord(answered, waiting, expired)
