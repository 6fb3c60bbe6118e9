"""What is to be done about a forward, by whom it waits, and since when: the list « Mises en relation ».

Guarantees: `tasks` is the only place that says what comes next; whether a move is possible, whether an answer is waited
for and which word came is asked of `moves.py`. A forward's group follows from its tasks alone: one that is due, one to
come, or none; so that the moment of the first of them (`due`), kept beside the forward, is all that a list needs.

Read next: `notes.py` and `hire.py`, what is known beside the moves; `node/storage/forwards/following.py`, the lists.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from node.mission.forwards.forward import Forward, ForwardState, Side
from node.mission.forwards.hire import FOLLOW_UPS, Hire, months_after
from node.mission.forwards.moves import (
    ANSWERS,
    REMINDERS,
    allowed,
    answered_at,
    answers_left,
    expires_at,
    waiting_since,
)
from node.mission.forwards.notes import ForwardNote, NoteKind
from node.mission.forwards.standing import standing
from node.mission.offers.offer import ANSWER_DAYS
from node.mission.terms import Term


class FollowGroup(Term):
    """The three groups of the list."""

    TODO = "todo", "À faire"
    WAITING = "waiting", "En attente"
    DONE = "done", "Terminées"


class NextStep(Term):
    """What may be to do."""

    SEND = "send", "Envoyer"
    REPLY = "reply", "Noter la réponse reçue"
    COACH = "coach", "Préparer l'entretien"
    FULFIL = "fulfil", "Condition à remplir"
    TELL = "tell", "Annoncer la réponse à la personne"
    REMIND = "remind", "Relancer"
    NOTE_HIRE = "note_hire", "Noter l'embauche"
    FOLLOW_UP = "follow_up", "Noter le suivi"
    EXPIRES = "expires", "Bientôt sans réponse"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, from `since` on; `day` is the day that it is about, where there is one: of the interview, the
    follow-up, the end of waiting; `months` after how many months the follow-up is."""

    step: NextStep
    since: datetime
    day: date | None = None
    months: int = 0


class WaitingReply(NamedTuple):
    """What an employer answered to the mail of a sending, and nobody dealt with yet: the sending, and when it came."""

    sending: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """What is known beside a forward's moves: its notes, oldest first; the hire that was noted of it; when the person
    was spoken with last (the moment when that was written down); how many days of silence the offer allows; the last
    mail of an employer that a colleague is still to read."""

    notes: tuple[ForwardNote, ...] = ()
    hire: Hire | None = None
    spoken: datetime | None = None
    answer_days: int = ANSWER_DAYS
    reply: WaitingReply | None = None

    def last(self, *kinds: NoteKind, since: datetime | None = None) -> ForwardNote | None:
        """The last note of these kinds that was written at that moment or later."""
        found = (one for one in reversed(self.notes) if one.kind in kinds and (since is None or one.at >= since))
        return next(found, None)


NOTHING_AROUND: Final = Around()
NEARS: Final = timedelta(days=14)
"""How long before its day a condition is asked about."""
EXPIRES_SOON: Final = timedelta(days=3)
"""How long before silence ends a forward that is said."""

BOARD: Final[Mapping[ForwardState, ForwardState]] = {
    ForwardState.RECEIVED: ForwardState.SENT,
    ForwardState.FULFILLED: ForwardState.CONDITIONAL,
    ForwardState.CONFIRMED: ForwardState.HIRED,
    ForwardState.BROKEN_OFF: ForwardState.HIRED,
}
"""States that stand in another one's column on the board; every other state has its own. That a word was corrected is
never a state."""


def columns() -> dict[ForwardState, tuple[ForwardState, ...]]:
    """The board: each column's own state, and all that stand in it."""
    states = [state for state in ForwardState if state is not ForwardState.CORRECTED]
    own = [state for state in states if state not in BOARD]
    return {state: tuple(one for one in states if BOARD.get(one, one) is state) for state in own}


def tasks(forward: Forward, around: Around = NOTHING_AROUND) -> tuple[Task, ...]:
    """All that is to be done and will be, the soonest first; nothing on the receiving side."""
    if forward.side is not Side.HOME:
        return ()
    # In the order of the steps, which sorting by moment keeps among those of one moment.
    found = (task for rule in _RULES.values() for task in rule(forward, around))
    return tuple(sorted(found, key=lambda task: task.since))


def due_tasks(forward: Forward, around: Around, now: datetime) -> tuple[Task, ...]:
    """What is to be done now."""
    return tuple(task for task in tasks(forward, around) if task.since <= now)


def due_task(step: NextStep, forward: Forward, around: Around, now: datetime) -> Task | None:
    """That one thing to do, where it is to be done now."""
    if forward.side is not Side.HOME:
        return None
    return next((task for task in _RULES[step](forward, around) if task.since <= now), None)


def due(forward: Forward, around: Around = NOTHING_AROUND) -> datetime | None:
    """From when on something is to be done; None when nothing ever will be."""
    found = tasks(forward, around)
    return found[0].since if found else None


def group(due_at: datetime | None, now: datetime) -> FollowGroup:
    """The group of a forward that is due at that moment."""
    if due_at is None:
        return FollowGroup.DONE
    return FollowGroup.TODO if due_at <= now else FollowGroup.WAITING


def waits_since(forward: Forward, found: Sequence[Task]) -> datetime | None:
    """Since when somebody waits: the mission for an answer, the person for theirs, the forward for the mission."""
    return waiting_since(forward) or answered_at(forward) or (found[0].since if found else None)


def reminded(forward: Forward, around: Around) -> ForwardNote | None:
    """The last reminder of what is waited for now."""
    since = waiting_since(forward)
    return None if since is None else around.last(NoteKind.REMINDER, since=since)


def interview_day(forward: Forward, around: Around) -> date | None:
    """The day of the interview that the forward now stands at, where it was noted."""
    if forward.state is not ForwardState.INTERVIEW:
        return None
    note = around.last(NoteKind.INTERVIEW, since=answered_at(forward))
    return None if note is None else note.on


def follow_up(forward: Forward, hire: Hire | None) -> tuple[int, date] | None:
    """The follow-up that is asked for next: after how many months, and its day, counted from the first day of work
    where it is known, else from the answer; None when none is."""
    if ForwardState.CONFIRMED not in allowed(forward.state, Side.HOME):
        return None
    made = sum(move.event is ForwardState.CONFIRMED for move in forward.moves)
    hired = next((move.at.date() for move in forward.moves if move.event is ForwardState.HIRED), None)
    start = hire.start if hire is not None and hire.start is not None else hired
    if start is None or made >= len(FOLLOW_UPS):
        return None
    return FOLLOW_UPS[made], months_after(start, FOLLOW_UPS[made])


def _send(forward: Forward, around: Around) -> Iterator[Task]:
    if ForwardState.SENT in allowed(forward.state, Side.HOME):
        yield Task(NextStep.SEND, forward.created)


def _reply(forward: Forward, around: Around) -> Iterator[Task]:
    """A reply that came, and whose answer is not noted yet; late ones too."""
    reply = around.reply
    if reply is None or not answers_left(forward.state):
        return
    noted = (move.at for move in forward.moves if move.event in _NOTED and move.by is Side.RECEIVER)
    if not any(at >= reply.at for at in noted):
        yield Task(NextStep.REPLY, reply.at)


_NOTED: Final = frozenset({ForwardState.INTERVIEW, *ANSWERS})
"""What a reply may have said."""


def _tell(forward: Forward, around: Around) -> Iterator[Task]:
    answered = answered_at(forward)
    if answered is None or around.last(NoteKind.TOLD, since=answered) is not None:
        return
    if around.spoken is None or around.spoken < answered:
        yield Task(NextStep.TELL, answered)


def _coach(forward: Forward, around: Around) -> Iterator[Task]:
    answered = answered_at(forward)
    if forward.state is not ForwardState.INTERVIEW or answered is None:
        return
    if around.last(NoteKind.COACHING, since=answered) is None:
        yield Task(NextStep.COACH, answered, interview_day(forward, around))


def _remind(forward: Forward, around: Around) -> Iterator[Task]:
    """After each threshold, unless a reminder was noted since. Nobody is asked before the day of the interview."""
    since = waiting_since(forward)
    if since is None:
        return
    day = interview_day(forward, around)
    start = since if day is None else max(since, _morning(day))
    last = around.last(NoteKind.REMINDER, since=since)
    open_ones = (start + delay for delay in REMINDERS if last is None or last.at < start + delay)
    if (moment := next(open_ones, None)) is not None:
        yield Task(NextStep.REMIND, moment)


def _expires(forward: Forward, around: Around) -> Iterator[Task]:
    end = expires_at(forward, around.answer_days)
    if end is not None:
        yield Task(NextStep.EXPIRES, end - EXPIRES_SOON, end.date())


def _hire(forward: Forward, around: Around) -> Iterator[Task]:
    """While the mission follows a hire, what it was is noted once."""
    hired = next((move.at for move in reversed(forward.moves) if move.event is ForwardState.HIRED), None)
    if around.hire is None and hired is not None and ForwardState.CONFIRMED in allowed(forward.state, Side.HOME):
        yield Task(NextStep.NOTE_HIRE, hired)


def _follow_up(forward: Forward, around: Around) -> Iterator[Task]:
    if (asked := follow_up(forward, around.hire)) is not None:
        months, day = asked
        yield Task(NextStep.FOLLOW_UP, _morning(day), day, months)


def _fulfil(forward: Forward, around: Around) -> Iterator[Task]:
    """While « oui, si… » stands, it is asked about before its day."""
    found = standing(forward.moves)
    if found is None or found.move.condition is None or ForwardState.FULFILLED not in allowed(forward.state, Side.HOME):
        return
    until = found.move.condition.until
    yield Task(NextStep.FULFIL, max(found.move.at, _morning(until - NEARS)), until)


_RULES: Final[Mapping[NextStep, Callable[[Forward, Around], Iterator[Task]]]] = {
    NextStep.SEND: _send,
    NextStep.REPLY: _reply,
    NextStep.COACH: _coach,
    NextStep.FULFIL: _fulfil,
    NextStep.TELL: _tell,
    NextStep.REMIND: _remind,
    NextStep.NOTE_HIRE: _hire,
    NextStep.FOLLOW_UP: _follow_up,
    NextStep.EXPIRES: _expires,
}
"""Each thing to do, by the one rule that says when; at most one of a kind. In the order of `NextStep`, in which those
of one moment come."""


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
