"""What a move must say and may not: its reason, its texts, its condition, the move that it is about.

The same rules for what this side decides and for what the other side sent. Read next: `moves.py`, who may move a
forward whither.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from node.kit.i18n import gettext as _
from node.mission.forwards.forward import Condition, ConditionKind, ForwardState, Move, Side, Words
from node.mission.forwards.terms import Reason

S = ForwardState

MAX_TEXT: Final = 4000
MAX_CONDITION_TEXT: Final = 200
MAX_CODES: Final = 10
MAX_DAYS: Final = 90
"""The longest immersion, in days."""
CONDITION_WITHIN: Final = timedelta(days=366)
"""How far ahead the day of a condition may be."""
CORRECTED_WITHIN: Final = timedelta(hours=24)
"""For so long the side that gave an answer may correct it."""

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

CORRECTABLE: Final[Mapping[Side, frozenset[ForwardState]]] = {
    Side.HOME: frozenset({S.FULFILLED, S.CONFIRMED, S.BROKEN_OFF}),
    Side.RECEIVER: frozenset({S.HIRED, S.DECLINED, S.CONDITIONAL}),
}
"""What each side may correct of its own. A withdrawal stands: papers were destroyed on it."""


class IllegalMove(Exception):
    """The move is not this side's, not from this state, or incomplete. `code` is stable: `not_yours`, `not_from_here`,
    `no_reason`, `wrong_reason`, `no_text`, `needless_text`, `long_text`, `needless_lacking`, `no_condition`,
    `needless_condition`, `wrong_condition`, `wrong_day`, `wrong_correction`, `too_late`, `wrong_name`; `allowed` is
    what the side may do instead."""

    def __init__(self, code: str, sentence: str, allowed: frozenset[ForwardState] = frozenset()) -> None:
        super().__init__(sentence)
        self.code = code
        self.allowed = allowed


def check_said(move: Move) -> None:
    """Raises IllegalMove when it lacks a word that it needs, or carries one that it may not."""
    event = move.event
    if event is S.CORRECTED:
        if move.instead is not None and move.instead not in CORRECTABLE[Side.RECEIVER]:
            raise IllegalMove("wrong_correction", _("That is no answer that could stand instead."))
        if move.by is Side.HOME and move.instead is not None:
            raise IllegalMove("wrong_correction", _("The mission takes its own word back, and puts none in its place."))
        event = move.instead or S.CORRECTED
    elif move.instead is not None:
        raise IllegalMove("wrong_correction", _("Only a correction puts an answer in the place of another."))
    _check_words(event, move.answer)
    _check_condition(event, move)


def check_name(move: Move) -> None:
    """Of a move that came from the other side: it names the move that it is about where it must. Raises IllegalMove."""
    named = move.about
    if move.event is S.CORRECTED:
        if named is None or named.event not in CORRECTABLE[move.by]:
            raise IllegalMove("wrong_name", _("A correction names an answer of its own side."))
        if not named.at <= move.at <= named.at + CORRECTED_WITHIN:
            raise too_late()
    elif move.event is S.FULFILLED:
        if named is None or named.event not in (S.CONDITIONAL, S.CORRECTED):
            raise IllegalMove("wrong_name", _("What is fulfilled is a condition that was named."))
    elif named is not None and (move.event is not S.EXPIRED or named.event not in (S.CONDITIONAL, S.CORRECTED)):
        raise IllegalMove("wrong_name", _("This move is about no other."))


def too_late() -> IllegalMove:
    """The answer is older than a correction may be."""
    sentence = _("An answer can be corrected for 24 hours: after that it stands. Tell the other side by telephone.")
    return IllegalMove("too_late", sentence)


def _check_words(event: ForwardState, answer: Words) -> None:
    reasons = REASONS.get(event, frozenset())
    if reasons and not answer.reason:
        sentence = _("“{event}” needs a reason: {reasons}.").format(event=event.label, reasons=_listed(reasons))
        raise IllegalMove("no_reason", sentence)
    if answer.reason and answer.reason not in reasons:
        sentence = _("This reason does not go with “{event}”.").format(event=event.label)
        if reasons:
            sentence += " " + _("Choose among: {reasons}.").format(reasons=_listed(reasons))
        raise IllegalMove("wrong_reason", sentence)
    if event is S.DECLINED:
        if not answer.to_candidate.strip():
            raise IllegalMove("no_text", _("A refusal needs a text that the candidate can read."))
        if max(len(answer.to_candidate), len(answer.to_guarantor)) > MAX_TEXT:
            raise IllegalMove("long_text", _("A text has at most {limit} characters.").format(limit=MAX_TEXT))
    elif answer.to_candidate or answer.to_guarantor:
        raise IllegalMove("needless_text", _("Only a refusal carries texts."))
    if answer.lacking and answer.reason != Reason.LACKING_SKILLS:
        raise IllegalMove("needless_lacking", _("Demands that were missing go with the reason “lacking skills” alone."))
    if len(set(answer.lacking)) < len(answer.lacking):
        raise IllegalMove("needless_lacking", _("Each missing demand is named once."))


def _check_condition(event: ForwardState, move: Move) -> None:
    condition = move.condition
    if event is not S.CONDITIONAL:
        if condition is not None:
            raise IllegalMove("needless_condition", _("Only “yes, if…” carries a condition."))
        return
    if condition is None:
        raise IllegalMove("no_condition", _("“Yes, if…” needs its condition and the day by which."))
    if fault := _fault_of(condition):
        raise IllegalMove("wrong_condition", fault)
    today = move.at.date()
    if not today < condition.until <= today + CONDITION_WITHIN:
        raise IllegalMove("wrong_day", _("The day of the condition is after today, and at most twelve months ahead."))


def _fault_of(condition: Condition) -> str:
    """What is wrong with it, in a sentence; empty when nothing is."""
    kind = condition.kind
    if len(condition.text) > MAX_CONDITION_TEXT:
        return _("The condition has at most {limit} characters.").format(limit=MAX_CONDITION_TEXT)
    if kind is ConditionKind.SKILL and not 1 <= len(set(condition.codes)) <= MAX_CODES:
        return _("Choose the skill, one to ten.")
    if kind is ConditionKind.LICENCE and not condition.licence:
        return _("Choose the licence.")
    if kind is ConditionKind.IMMERSION and not 1 <= condition.days <= MAX_DAYS:
        return _("An immersion has 1 to {limit} days.").format(limit=MAX_DAYS)
    if kind is ConditionKind.OTHER and not condition.text.strip():
        return _("Say what the condition is.")
    given = {
        ConditionKind.SKILL: bool(condition.codes),
        ConditionKind.LICENCE: bool(condition.licence),
        ConditionKind.IMMERSION: bool(condition.days),
    }
    if any(there and one is not kind for one, there in given.items()):
        return _("A condition names one thing: a skill, a licence, an immersion or something else.")
    return ""


def _listed(reasons: frozenset[Reason]) -> str:
    """Reasons in words, each with its code, in the order of `Reason`."""
    # That an agreement was taken back is recorded on the person, and all else follows.
    told = reasons - {Reason.CONSENT_WITHDRAWN}
    return "; ".join(f"{reason.label} ({reason})" for reason in Reason if reason in told)
