"""What is to be done about a forward, and when: the mission's list, as a town tells it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.mission.forwards import following
from node.mission.forwards.following import Around, FollowGroup, NextStep, Task, WaitingReply
from node.mission.forwards.forward import Condition, ConditionKind, Forward, ForwardState, Move, Side
from node.mission.forwards.hire import Hire, HireWay
from node.mission.forwards.moves import OPEN_STATES, waiting_since
from node.mission.forwards.notes import ForwardNote, NoteKind
from node.mission.offers.offer import ANSWER_DAYS
from tests.node.mission.samples import NOW, forward

S = ForwardState
DAY = timedelta(days=1)


def moved(*events: ForwardState, each: timedelta = DAY) -> Forward:
    """Sent now, then one move a day."""
    moves = tuple(
        Move(event=event, at=NOW + number * each, by=Side.HOME) for number, event in enumerate((S.SENT, *events))
    )
    return forward(state=moves[-1].event, moves=moves)


def noted(kind: NoteKind, at: datetime, **more: Any) -> ForwardNote:
    return ForwardNote(id=f"{kind}-{at}", forward="f1", kind=kind, at=at, actor="anne", **more)


def hire(**changes: Any) -> Hire:
    fields: dict[str, Any] = {
        "id": "h1", "candidate": "p1", "forward": "f1", "employer": "Entrepôts du Cher", "title": "Cariste",
        "contract": "CDD", "how": HireWay.FORWARD, "by": "anne", "at": NOW,
    }  # fmt: skip
    return Hire(**fields | changes)


def steps(one: Forward, around: Around = following.NOTHING_AROUND, at: datetime = NOW) -> list[NextStep]:
    return [task.step for task in following.due_tasks(one, around, at)]


def groups(one: Forward, around: Around, at: datetime) -> FollowGroup:
    return following.group(following.due(one, around), at)


def test_a_draft_is_to_be_sent_from_its_first_moment() -> None:
    draft = forward(state=S.DRAFT, moves=())
    assert following.tasks(draft) == (Task(NextStep.SEND, NOW),)
    assert groups(draft, Around(), NOW) is FollowGroup.TODO


@pytest.mark.parametrize("state", sorted(OPEN_STATES - {S.INTERVIEW}))
def test_silence_asks_for_a_reminder_after_seven_days(state: ForwardState) -> None:
    sent = forward(state=state)
    assert groups(sent, Around(), NOW + 6 * DAY) is FollowGroup.WAITING
    assert steps(sent, at=NOW + 7 * DAY) == [NextStep.REMIND]
    assert groups(sent, Around(), NOW + 7 * DAY) is FollowGroup.TODO


def test_a_reminder_is_enough_until_the_next_threshold_and_never_puts_off_the_end() -> None:
    sent = forward()
    week = Around((noted(NoteKind.REMINDER, NOW + 8 * DAY),))
    assert steps(sent, week, NOW + 13 * DAY) == []
    assert steps(sent, week, NOW + 14 * DAY) == [NextStep.REMIND]
    both = Around((*week.notes, noted(NoteKind.REMINDER, NOW + 15 * DAY)))
    assert groups(sent, both, NOW + 26 * DAY) is FollowGroup.WAITING
    end = NOW + ANSWER_DAYS * DAY
    assert following.due_tasks(sent, both, end - following.EXPIRES_SOON) == (
        Task(NextStep.EXPIRES, end - following.EXPIRES_SOON, end.date()),
    )
    early = Around((noted(NoteKind.REMINDER, NOW + 2 * DAY),))
    assert steps(sent, early, NOW + 7 * DAY) == [NextStep.REMIND], "before the first threshold none was owed"


def test_an_interview_is_told_and_prepared_and_asked_about_after_its_day() -> None:
    came = moved(S.INTERVIEW)
    at = NOW + DAY
    day = (at + 20 * DAY).date()
    assert steps(came, at=at) == [NextStep.COACH, NextStep.TELL]
    known = Around(
        (
            noted(NoteKind.INTERVIEW, at, on=day),
            noted(NoteKind.COACHING, at),
            noted(NoteKind.TOLD, at),
        )
    )
    assert following.interview_day(came, known) == day
    assert steps(came, known, at + 19 * DAY) == [], "nobody is asked before the interview"
    assert NextStep.REMIND in steps(came, known, at + 28 * DAY)


def test_whoever_was_spoken_with_since_knows_the_answer() -> None:
    no = moved(S.DECLINED)
    assert steps(no, at=NOW + DAY) == [NextStep.TELL]
    assert steps(no, Around(spoken=NOW), NOW + DAY) == [NextStep.TELL], "before it came"
    for around in (Around(spoken=NOW + DAY), Around((noted(NoteKind.TOLD, NOW + DAY),))):
        assert following.tasks(no, around) == ()
        assert groups(no, around, NOW + 99 * DAY) is FollowGroup.DONE


def test_a_reply_by_mail_waits_to_be_noted_until_an_answer_is() -> None:
    reply = Around(reply=WaitingReply("s1", NOW + DAY))
    assert steps(forward(), reply, NOW + DAY) == [NextStep.REPLY]
    later = moved(S.SEEN, S.DECLINED)
    assert NextStep.REPLY not in steps(later, reply, NOW + 9 * DAY)
    assert NextStep.REPLY in steps(moved(S.EXPIRED), reply, NOW + 9 * DAY), "late, and still an answer"


def test_a_hire_is_noted_and_followed_from_the_first_day_of_work() -> None:
    hired = moved(S.HIRED)
    told = Around(spoken=NOW + DAY)
    assert steps(hired, told, NOW + DAY) == [NextStep.NOTE_HIRE]
    assert following.follow_up(hired, None) == (1, date(2026, 12, 24)), "from the answer, while no start is known"
    started = hire(start=date(2027, 1, 31))
    assert following.follow_up(hired, started) == (1, date(2027, 2, 28))
    known = Around(hire=started, spoken=NOW + DAY)
    assert groups(hired, known, datetime(2027, 2, 27, 23, tzinfo=UTC)) is FollowGroup.WAITING
    assert steps(hired, known, datetime(2027, 2, 28, tzinfo=UTC)) == [NextStep.FOLLOW_UP]
    once = moved(S.HIRED, S.CONFIRMED)
    assert following.follow_up(once, started) == (6, date(2027, 7, 31))
    twice = moved(S.HIRED, S.CONFIRMED, S.CONFIRMED)
    assert groups(twice, known, datetime(2030, 1, 1, tzinfo=UTC)) is FollowGroup.DONE


@pytest.mark.parametrize("state", [S.WITHDRAWN, S.EXPIRED, S.BROKEN_OFF])
def test_what_ended_without_an_answer_asks_for_nothing(state: ForwardState) -> None:
    assert following.tasks(forward(state=state)) == ()


@pytest.mark.parametrize("state", list(S))
def test_the_side_that_receives_has_no_such_list(state: ForwardState) -> None:
    assert following.tasks(forward(state=state, side=Side.RECEIVER, candidate="")) == ()


def test_every_state_stands_in_one_column_of_the_board() -> None:
    stands = [state for states in following.columns().values() for state in states]
    assert sorted(stands) == sorted(set(S) - {S.CORRECTED}), "that a word was corrected is never a state"
    assert following.columns()[S.HIRED] == (S.HIRED, S.CONFIRMED, S.BROKEN_OFF)


@given(
    st.sampled_from(S),
    st.lists(st.sampled_from(S), max_size=6),
    st.lists(st.tuples(st.sampled_from(NoteKind), st.integers(0, 60)), max_size=5),
    st.none() | st.integers(0, 60),
    st.integers(0, 400),
)
def test_the_first_task_alone_says_the_group(
    state: ForwardState, events: list[S], notes: list[tuple[NoteKind, int]], spoken: int | None, days: int
) -> None:
    moves = tuple(Move(event=one, at=NOW + n * DAY, by=Side.HOME) for n, one in enumerate([S.SENT, *events, state]))
    one = forward(state=state, moves=moves)
    around = Around(
        tuple(noted(kind, NOW + at * DAY) for kind, at in sorted(notes, key=lambda pair: pair[1])),
        spoken=None if spoken is None else NOW + spoken * DAY,
    )
    at = NOW + days * DAY
    found = following.tasks(one, around)
    assert list(found) == sorted(found, key=lambda task: task.since)
    is_due = bool(following.due_tasks(one, around, at))
    wanted = FollowGroup.TODO if is_due else FollowGroup.WAITING if found else FollowGroup.DONE
    assert groups(one, around, at) is wanted
    if waiting_since(one) is not None:
        assert found, "what is waited for comes to an end that is said"


def test_a_condition_is_asked_about_before_its_day_and_nobody_is_reminded_until_then() -> None:
    condition = Condition(kind=ConditionKind.LICENCE, licence="B", until=(NOW + 100 * DAY).date())
    yes_if = Move(event=S.CONDITIONAL, at=NOW + DAY, by=Side.RECEIVER, condition=condition)
    waits = forward(state=S.CONDITIONAL, moves=(*forward().moves, yes_if))
    told = Around(spoken=NOW + 2 * DAY)
    assert groups(waits, told, NOW + 80 * DAY) is FollowGroup.WAITING
    assert steps(waits, told, NOW + 90 * DAY) == [NextStep.FULFIL]
    assert following.due_tasks(waits, told, NOW + 90 * DAY)[0].day == condition.until
    late = steps(waits, told, NOW + 113 * DAY)
    assert late == [NextStep.FULFIL, NextStep.REMIND, NextStep.EXPIRES]
    fulfilled = Move(event=S.FULFILLED, at=NOW + 50 * DAY, by=Side.HOME, about=yes_if.name)
    asks = forward(state=S.FULFILLED, moves=(*waits.moves, fulfilled))
    assert steps(asks, told, NOW + 57 * DAY) == [NextStep.REMIND]
