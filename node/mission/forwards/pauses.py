"""An employer who leaves applications without an answer: when a pause is proposed to the head of mission, and what was
decided.

Guarantees: the same forwards make the same figures, in whatever order; nothing is paused but by a decision, which has a
last day. Read next: `drafting.py`, which a pause keeps from sending; `node/services/forwards/pauses.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from node.mission.forwards.forward import Forward, ForwardState
from node.mission.forwards.moves import ANSWERS, is_open
from node.mission.forwards.standing import carried_out

LOOKED_BACK: Final = timedelta(days=60)
"""Answers that were due within this time count."""
LATE_AT_LEAST: Final = 10
OLDEST: Final = timedelta(days=180)
"""No application that is older is looked at: an answer takes 60 days at most, and after an interview as many more."""
NOT_NOW_FOR: Final = timedelta(days=30)
"""For so long a proposal that was put off, or a pause that was lifted, is not made again."""
PAUSED_AT_MOST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class SilenceRecord:
    """Of the applications whose answer was `due` within the last 60 days: how many came `late` or not at all, and how
    many were `answered`, late ones too."""

    due: int
    late: int
    answered: int

    @property
    def proposes_pause(self) -> bool:
        """At least ten late or without an answer, and fewer than half of all answered."""
        return self.late >= LATE_AT_LEAST and 2 * self.answered < self.due


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerPause:
    """What the head of mission `by` decided on an employer of a node, by the name that it has in offers: `paused` until
    that day, included; or, not paused, that no pause is proposed until then."""

    node: str
    employer: str
    paused: bool
    by: str
    at: datetime
    until: date

    def holds(self, today: date) -> bool:
        """Whether it is still in force."""
        return today <= self.until

    def stops(self, today: date) -> bool:
        """Whether nobody is put forward to that employer now."""
        return self.paused and self.holds(today)


def answer_due(forward: Forward, answer_days: int) -> datetime | None:
    """When an answer was due: that many days after sending, or after the last interview that was told in time; of one
    that ended without an answer, when it did. None for what was never sent, and for what the home mission withdrew
    before."""
    moves = sorted((one.move for one in carried_out(forward.moves)), key=lambda move: move.at)
    expired = [move.at for move in forward.moves if move.event is ForwardState.EXPIRED]
    if expired:
        return min(expired)
    sent = next((move.at for move in moves if move.event is ForwardState.SENT), None)
    answered = next((move.at for move in moves if move.event in ANSWERS), None)
    if sent is None or (answered is None and not is_open(forward.state)):
        return None
    days = timedelta(days=answer_days)
    due = sent + days
    for move in moves:
        if move.event is ForwardState.INTERVIEW and move.at <= due and (answered is None or move.at < answered):
            due = max(due, move.at + days)
    return due


def silence_record(forwards: Iterable[tuple[Forward, int]], now: datetime) -> SilenceRecord:
    """The record of one employer, from all forwards sent to it, each with the days of silence that its offer allows."""
    due = late = answered = 0
    for forward, answer_days in forwards:
        moment = answer_due(forward, answer_days)
        if moment is None or not now - LOOKED_BACK <= moment <= now:
            continue
        due += 1
        is_answered = any(one.move.event in ANSWERS for one in carried_out(forward.moves))
        answered += is_answered
        late += not is_answered or any(move.event is ForwardState.EXPIRED for move in forward.moves)
    return SilenceRecord(due, late, answered)
