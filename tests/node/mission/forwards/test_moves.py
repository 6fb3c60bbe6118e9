"""A forward between Montluçon and an employer: who may say what, and how both copies agree again."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.mission.forwards.forward import Condition, ConditionKind, Forward, Move, MoveName, Side, Words
from node.mission.forwards.forward import ForwardState as S
from node.mission.forwards.moves import (
    ANSWERS,
    MOVES,
    OWNED,
    REASONS,
    IllegalMove,
    allowed,
    arrive,
    expires_at,
    expiry_due,
    make,
    may_correct,
    reminder_due,
    reply_record,
    waiting_since,
)
from node.mission.forwards.standing import standing, state_of
from node.mission.forwards.terms import Reason
from tests.node.mission.samples import NOW, forward

HOME, RECEIVER = Side.HOME, Side.RECEIVER
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CACES = Condition(
    kind=ConditionKind.SKILL, codes=("300424",), text="CACES R489 catégorie 1", until=NOW.date() + timedelta(days=90)
)


def words(event: S | None, reason: str | None = None) -> Words:
    """The words that this event cannot do without."""
    text = "Le poste vient d'être pourvu." if event is S.DECLINED else ""
    condition = CACES if event is S.CONDITIONAL else None
    return Words(reason or min(REASONS.get(event, {""})) if event else "", text, condition=condition)


def said(event: S, by: Side, at: datetime = NOW, instead: S | None = None, **changes: Any) -> Move:
    """A move with the words that it needs."""
    needed = words(instead if event is S.CORRECTED else event)
    fields: dict[str, Any] = {
        "reason": needed.reason,
        "to_candidate": needed.to_candidate,
        "condition": needed.condition,
    }
    return Move(event=event, at=at, by=by, instead=instead, **(fields | changes))


def move(state: S, event: S, by: Side, answer: Words | None = None) -> S:
    """The state after a decision from that one."""
    needed = {name: getattr(answer or words(event), name) for name in ("reason", "to_candidate", "to_guarantor")}
    start = forward(state=state)
    if event is S.FULFILLED and state is S.CONDITIONAL:
        start = make(forward(), said(state, RECEIVER))
    return make(start, said(event, by, NOW + HOUR, **needed)).moves[-1].event


def played(*steps: tuple[S, Side] | tuple[S, Side, S | None]) -> Forward:
    """A forward that was sent, and then moved by one side or the other, an hour apart."""
    found = forward()
    for hours, step in enumerate(steps, start=1):
        event, by, *instead = step
        found = make(found, said(event, by, NOW + hours * HOUR, instead[0] if instead else None))
    return found


@pytest.mark.parametrize(("state", "event", "by"), list(product(S, S, Side)))
def test_only_what_the_table_lists_is_legal(state: S, event: S, by: Side) -> None:
    if event is S.CORRECTED and event in allowed(state, by):
        with pytest.raises(IllegalMove) as refused:
            move(state, event, by)
        assert refused.value.code == "too_late", "there is nothing to correct among the moves"
    elif event in MOVES[by].get(state, ()):
        assert move(state, event, by, words(event)) is event
    else:
        with pytest.raises(IllegalMove) as refused:
            move(state, event, by, words(event))
        assert refused.value.code == ("not_from_here" if event in OWNED[by] else "not_yours")
        assert refused.value.allowed == allowed(state, by)
        assert event.label in str(refused.value), "said in words"


def test_the_receiver_may_skip_steps_and_the_home_side_may_not_answer() -> None:
    assert move(S.SENT, S.DECLINED, RECEIVER, words(S.DECLINED)) is S.DECLINED
    assert move(S.RECEIVED, S.HIRED, RECEIVER) is S.HIRED
    with pytest.raises(IllegalMove) as refused:
        move(S.SEEN, S.HIRED, HOME)
    assert refused.value.code == "not_yours"
    assert refused.value.allowed == {S.WITHDRAWN, S.EXPIRED}


def test_the_home_side_may_withdraw_whatever_is_not_over() -> None:
    over = {S.DECLINED, S.WITHDRAWN, S.EXPIRED, S.CONFIRMED, S.BROKEN_OFF}
    assert {state for state in S if S.WITHDRAWN in allowed(state, HOME)} == set(S) - over - {S.CORRECTED}


def test_follow_ups_are_the_home_sides_alone() -> None:
    for event in (S.CONFIRMED, S.BROKEN_OFF):
        assert event in OWNED[HOME] - OWNED[RECEIVER]
        assert move(S.HIRED, event, HOME) is event
    assert move(S.CONFIRMED, S.CONFIRMED, HOME) is S.CONFIRMED
    assert move(S.CONFIRMED, S.BROKEN_OFF, HOME) is S.BROKEN_OFF


@pytest.mark.parametrize(
    ("event", "words_said", "code"),
    [
        (S.DECLINED, {"to_candidate": "Merci"}, "no_reason"),
        (S.DECLINED, {"reason": "not_mobile"}, "no_text"),
        (S.DECLINED, {"reason": "not_mobile", "to_candidate": "  \n"}, "no_text"),
        (S.DECLINED, {"reason": "other", "to_guarantor": "seen"}, "no_text"),
        (S.DECLINED, {"reason": "no_answer", "to_candidate": "Merci"}, "wrong_reason"),
        (S.DECLINED, {"reason": "ugly", "to_candidate": "Merci"}, "wrong_reason"),
        (S.DECLINED, {"reason": "other", "to_candidate": "é" * 4001}, "long_text"),
        (S.HIRED, {"reason": "other"}, "wrong_reason"),
        (S.SEEN, {"to_candidate": "Merci"}, "needless_text"),
    ],
)
def test_words_of_an_answer(event: S, words_said: dict[str, Any], code: str) -> None:
    answer = Move(event=event, at=NOW + HOUR, by=RECEIVER, **words_said)
    for decide in (make, arrive):
        with pytest.raises(IllegalMove) as refused:
            decide(forward(state=S.RECEIVED), answer)
        assert refused.value.code == code
        assert refused.value.allowed == allowed(S.RECEIVED, RECEIVER)


def test_missing_demands_are_named_with_their_reason_alone() -> None:
    named = said(S.DECLINED, RECEIVER, reason="lacking_skills", lacking=("300424", "121396"))
    assert make(forward(), named).moves[-1].lacking == ("300424", "121396")
    for wrong in (replace(named, reason="not_mobile"), replace(named, lacking=("300424", "300424"))):
        with pytest.raises(IllegalMove) as refused:
            make(forward(), wrong)
        assert refused.value.code == "needless_lacking"


def test_thirteen_reasons_to_decline() -> None:
    assert len(REASONS[S.DECLINED]) == 13
    for reason in REASONS[S.DECLINED]:
        assert move(S.SEEN, S.DECLINED, RECEIVER, words(S.DECLINED, reason)) is S.DECLINED


def test_a_withdrawal_says_why() -> None:
    with pytest.raises(IllegalMove) as refused:
        move(S.SEEN, S.WITHDRAWN, HOME, Words())
    assert refused.value.code == "no_reason"
    assert move(S.SEEN, S.WITHDRAWN, HOME, Words(reason=Reason.CONSENT_WITHDRAWN)) is S.WITHDRAWN


@pytest.mark.parametrize("event", [S.RECEIVED, S.SEEN, S.INTERVIEW, S.CONDITIONAL, S.HIRED, S.DECLINED])
def test_a_withdrawal_wins_over_whatever_it_crosses(event: S) -> None:
    ours, theirs = said(S.WITHDRAWN, HOME, NOW + HOUR), said(event, RECEIVER, NOW + 2 * HOUR)
    at_home = arrive(make(forward(), ours), theirs)
    at_receiver = arrive(make(forward(), theirs), ours)
    assert at_home.state is at_receiver.state is S.WITHDRAWN


@pytest.mark.parametrize("answer", sorted(ANSWERS))
def test_a_late_answer_is_worth_more_than_silence(answer: S) -> None:
    silence, word = said(S.EXPIRED, HOME, NOW + 2 * HOUR), said(answer, RECEIVER, NOW + HOUR)
    assert arrive(make(forward(), silence), word).state is answer
    assert arrive(make(forward(), word), silence).state is answer
    assert make(make(forward(), silence), word).state is answer


def test_yes_if_becomes_a_hire_once_the_thing_is_there() -> None:
    states = [
        played(*steps).state
        for steps in (
            [(S.CONDITIONAL, RECEIVER)],
            [(S.CONDITIONAL, RECEIVER), (S.FULFILLED, HOME)],
            [(S.CONDITIONAL, RECEIVER), (S.FULFILLED, HOME), (S.INTERVIEW, RECEIVER)],
            [(S.CONDITIONAL, RECEIVER), (S.FULFILLED, HOME), (S.INTERVIEW, RECEIVER), (S.HIRED, RECEIVER)],
            [(S.CONDITIONAL, RECEIVER), (S.FULFILLED, HOME), (S.CONDITIONAL, RECEIVER)],
            [(S.CONDITIONAL, RECEIVER), (S.FULFILLED, HOME), (S.CONDITIONAL, RECEIVER), (S.FULFILLED, HOME)],
        )
    ]
    assert states == [S.CONDITIONAL, S.FULFILLED, S.INTERVIEW, S.HIRED, S.CONDITIONAL, S.FULFILLED]


def test_an_answer_may_come_without_the_condition_and_cross_its_fulfilment() -> None:
    asked = played((S.INTERVIEW, RECEIVER), (S.CONDITIONAL, RECEIVER))
    done, no = said(S.FULFILLED, HOME, NOW + 9 * HOUR), said(S.DECLINED, RECEIVER, NOW + 8 * HOUR)
    assert (
        arrive(make(asked, done), no).state is arrive(make(asked, no), make(asked, done).moves[-1]).state is S.DECLINED
    )


@pytest.mark.parametrize("late", [(), ((S.FULFILLED, HOME),)])
def test_a_condition_that_ran_out_may_still_be_answered(late: tuple[tuple[S, Side], ...]) -> None:
    ended = played((S.CONDITIONAL, RECEIVER), *late, (S.EXPIRED, HOME))
    assert ended.state is S.EXPIRED
    for answer in sorted(ANSWERS):
        assert make(ended, said(answer, RECEIVER, NOW + 9 * HOUR)).state is answer


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (None, "no_condition"),
        (replace(CACES, codes=()), "wrong_condition"),
        (replace(CACES, codes=tuple(str(code) for code in range(11))), "wrong_condition"),
        (replace(CACES, licence="B"), "wrong_condition"),
        (replace(CACES, text="é" * 201), "wrong_condition"),
        (replace(CACES, kind=ConditionKind.LICENCE, codes=()), "wrong_condition"),
        (replace(CACES, kind=ConditionKind.IMMERSION, codes=(), days=91), "wrong_condition"),
        (replace(CACES, kind=ConditionKind.OTHER, codes=(), text=" "), "wrong_condition"),
        (replace(CACES, until=NOW.date()), "wrong_day"),
        (replace(CACES, until=NOW.date() + timedelta(days=367)), "wrong_day"),
        (replace(CACES, until=date(1999, 1, 1)), "wrong_day"),
    ],
)
def test_a_condition_names_one_thing_and_a_day_within_twelve_months(wrong: Condition | None, code: str) -> None:
    for decide in (make, arrive):
        with pytest.raises(IllegalMove) as refused:
            decide(forward(), said(S.CONDITIONAL, RECEIVER, condition=wrong))
        assert refused.value.code == code
    with pytest.raises(IllegalMove) as refused:
        make(forward(), said(S.HIRED, RECEIVER, condition=CACES))
    assert refused.value.code == "needless_condition"


@pytest.mark.parametrize(
    "right",
    [
        CACES,
        Condition(kind=ConditionKind.LICENCE, licence="B", until=CACES.until),
        Condition(kind=ConditionKind.IMMERSION, days=5, until=NOW.date() + timedelta(days=366)),
        Condition(kind=ConditionKind.OTHER, text="Être libre le samedi", until=NOW.date() + timedelta(days=1)),
    ],
)
def test_four_kinds_of_condition(right: Condition) -> None:
    assert make(forward(), said(S.CONDITIONAL, RECEIVER, condition=right)).state is S.CONDITIONAL


def test_a_mistaken_answer_gives_place_to_the_right_one_or_to_what_was_before() -> None:
    for wrong, instead in product(sorted(ANSWERS), [None, *sorted(ANSWERS)]):
        found = played((S.SEEN, RECEIVER), (wrong, RECEIVER), (S.CORRECTED, RECEIVER, instead))
        assert found.state is (instead or S.SEEN)
        assert found.moves[-1].about == MoveName(wrong, NOW + 2 * HOUR)


def test_a_hire_after_a_refusal_is_possible_by_a_correction_alone() -> None:
    refused = played((S.DECLINED, RECEIVER))
    with pytest.raises(IllegalMove) as error:
        make(refused, said(S.HIRED, RECEIVER, NOW + 2 * HOUR))
    assert error.value.code == "not_from_here"
    assert arrive(refused, said(S.HIRED, RECEIVER, NOW + 2 * HOUR)).state is S.DECLINED, (
        "a peer that says so all the same"
    )
    assert make(refused, said(S.CORRECTED, RECEIVER, NOW + 2 * HOUR, S.HIRED)).state is S.HIRED


def test_what_was_corrected_may_be_corrected_again_within_its_day() -> None:
    twice = played((S.HIRED, RECEIVER), (S.CORRECTED, RECEIVER, S.DECLINED), (S.CORRECTED, RECEIVER, S.CONDITIONAL))
    assert twice.state is S.CONDITIONAL
    assert {one.about for one in twice.moves[2:]} == {MoveName(S.HIRED, NOW + HOUR)}
    fulfilled = make(twice, said(S.FULFILLED, HOME, NOW + 4 * HOUR))
    assert (fulfilled.state, fulfilled.moves[-1].about) == (S.FULFILLED, MoveName(S.CORRECTED, NOW + 3 * HOUR))


def test_after_a_day_an_answer_stands() -> None:
    hired = played((S.HIRED, RECEIVER))
    assert may_correct(hired, RECEIVER, NOW + HOUR + DAY)
    assert not may_correct(hired, RECEIVER, NOW + HOUR + DAY + timedelta(seconds=1))
    assert not may_correct(hired, HOME, NOW + 2 * HOUR)
    late = said(S.CORRECTED, RECEIVER, NOW + 2 * HOUR + DAY, S.DECLINED)
    with pytest.raises(IllegalMove) as refused:
        make(hired, late)
    assert refused.value.code == "too_late"
    with pytest.raises(IllegalMove) as refused:
        arrive(hired, replace(late, about=hired.moves[-1].name))
    assert refused.value.code == "too_late"


def test_the_home_side_takes_back_what_it_said_and_puts_nothing_in_its_place() -> None:
    asked = played((S.CONDITIONAL, RECEIVER), (S.FULFILLED, HOME), (S.CORRECTED, HOME))
    assert asked.state is S.CONDITIONAL
    assert make(asked, said(S.FULFILLED, HOME, NOW + 9 * HOUR)).state is S.FULFILLED
    assert played((S.HIRED, RECEIVER), (S.BROKEN_OFF, HOME), (S.CORRECTED, HOME)).state is S.HIRED
    with pytest.raises(IllegalMove) as refused:
        played((S.HIRED, RECEIVER), (S.BROKEN_OFF, HOME), (S.CORRECTED, HOME, S.DECLINED))
    assert refused.value.code == "wrong_correction"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (said(S.CORRECTED, RECEIVER), "wrong_name"),
        (said(S.CORRECTED, RECEIVER, about=MoveName(S.SEEN, NOW)), "wrong_name"),
        (said(S.CORRECTED, RECEIVER, about=MoveName(S.HIRED, NOW + HOUR)), "too_late"),
        (said(S.CORRECTED, HOME, about=MoveName(S.WITHDRAWN, NOW)), "wrong_name"),
        (said(S.FULFILLED, HOME), "wrong_name"),
        (said(S.FULFILLED, HOME, about=MoveName(S.HIRED, NOW)), "wrong_name"),
        (said(S.SEEN, RECEIVER, about=MoveName(S.SENT, NOW)), "wrong_name"),
        (said(S.EXPIRED, HOME, about=MoveName(S.SENT, NOW)), "wrong_name"),
        (said(S.SEEN, RECEIVER, instead=S.HIRED), "wrong_correction"),
        (said(S.CORRECTED, RECEIVER, instead=S.SEEN, about=MoveName(S.HIRED, NOW)), "wrong_correction"),
    ],
)
def test_what_a_peer_may_not_name(wrong: Move, code: str) -> None:
    with pytest.raises(IllegalMove) as refused:
        arrive(forward(state=S.SEEN), wrong)
    assert refused.value.code == code


def test_a_correction_may_come_before_what_it_corrects() -> None:
    whole = played((S.HIRED, RECEIVER), (S.CORRECTED, RECEIVER, S.DECLINED))
    early = arrive(forward(), whole.moves[2])
    assert early.state is S.SENT, "without effect yet"
    assert arrive(early, whole.moves[1]).state is S.DECLINED


def test_moves_of_one_second_keep_their_order() -> None:
    """A clock that stands still: no two moves of a side bear one name, and none falls behind the condition."""
    found = forward()
    for event, by in (
        (S.CONDITIONAL, RECEIVER),
        (S.FULFILLED, HOME),
        (S.CORRECTED, HOME),
        (S.FULFILLED, HOME),
        (S.INTERVIEW, RECEIVER),
        (S.CONDITIONAL, RECEIVER),
        (S.CORRECTED, RECEIVER),
        (S.CONDITIONAL, RECEIVER),
    ):
        found = make(found, said(event, by))
        assert event is S.CORRECTED or found.state is event
    assert len({(one.by, one.name) for one in found.moves}) == len(found.moves)


CORRECTIONS = [S.HIRED, S.DECLINED, S.CONDITIONAL, None]


@settings(max_examples=400)
@given(st.data())
def test_both_sides_agree_after_any_interleaving(data: st.DataObject) -> None:
    """Each side decides from what it knows, by its own clock; messages wait, overtake one another, come twice, and all
    come at last."""
    copies = {HOME: forward(), RECEIVER: forward()}
    clocks = {HOME: NOW, RECEIVER: NOW + data.draw(st.integers(-300, 300)) * timedelta(seconds=1)}
    under_way: dict[Side, list[Move]] = {HOME: [], RECEIVER: []}
    for _step in range(data.draw(st.integers(0, 16))):
        side, other = data.draw(st.sampled_from([(HOME, RECEIVER), (RECEIVER, HOME)]))
        clocks[side] += data.draw(st.sampled_from([0, 1, 60, 3600])) * timedelta(seconds=1)
        choices = sorted(allowed(copies[side].state, side))
        decides: bool = data.draw(st.booleans())
        if choices and decides:
            event = data.draw(st.sampled_from(choices))
            instead = data.draw(st.sampled_from(CORRECTIONS)) if event is S.CORRECTED and side is RECEIVER else None
            try:
                copies[side] = make(copies[side], said(event, side, clocks[side], instead))
            except IllegalMove as error:
                assert (error.code, event) == ("too_late", S.CORRECTED)
            else:
                under_way[other].append(copies[side].moves[-1])
        elif under_way[side]:
            position = data.draw(st.integers(0, len(under_way[side]) - 1))
            arriving = under_way[side][position]
            comes_again: bool = data.draw(st.booleans())
            if not comes_again:
                del under_way[side][position]
            copies[side] = arrive(copies[side], arriving)
    for side in (HOME, RECEIVER):
        for arriving in data.draw(st.permutations(under_way[side])):
            copies[side] = arrive(copies[side], arriving)
    assert copies[HOME].state is copies[RECEIVER].state
    assert standing(copies[HOME].moves) == standing(copies[RECEIVER].moves)
    assert len(copies[HOME].moves) == len(copies[RECEIVER].moves)
    if any(one.event is S.WITHDRAWN for one in copies[HOME].moves):
        assert copies[HOME].state is S.WITHDRAWN


@given(st.data())
def test_what_a_side_decides_knowing_all_takes_effect(data: st.DataObject) -> None:
    found, now = forward(), NOW
    for _step in range(data.draw(st.integers(1, 12))):
        side = data.draw(st.sampled_from([HOME, RECEIVER]))
        now += data.draw(st.sampled_from([0, 1, 60, 3600])) * timedelta(seconds=1)
        choices = sorted(allowed(found.state, side) - {S.CORRECTED})
        if choices:
            event = data.draw(st.sampled_from(choices))
            found = make(found, said(event, side, now))
            assert found.state is event


FORMER = (S.SENT, S.RECEIVED, S.SEEN, S.INTERVIEW, S.EXPIRED, S.DECLINED, S.CONFIRMED, S.BROKEN_OFF, S.WITHDRAWN)


@given(st.lists(st.sampled_from(FORMER[1:-3]), max_size=6, unique=True), st.booleans())
def test_moves_of_former_times_make_the_state_that_they_made_then(events: list[S], withdrawn: bool) -> None:
    """Then the later in one fixed order won."""
    named = [*events, *([S.WITHDRAWN] if withdrawn else [])]
    moves = [
        said(event, HOME if event in OWNED[HOME] else RECEIVER, NOW + hours * HOUR) for hours, event in enumerate(named)
    ]
    assert state_of([*forward().moves, *moves]) is max((S.SENT, *named), key=FORMER.index)


@pytest.mark.parametrize(
    ("days", "reminders", "expires"), [(0, 0, False), (6, 0, False), (7, 1, False), (14, 2, False), (30, 2, True)]
)
def test_silence_is_no_answer(days: int, reminders: int, expires: bool) -> None:
    waiting = forward(state=S.SEEN)
    now = NOW + timedelta(days=days)
    assert reminder_due(waiting, now) == reminders
    assert expiry_due(waiting, now) is expires


def test_an_offer_may_ask_for_an_answer_sooner_or_later() -> None:
    waiting = forward(state=S.SEEN)
    assert [expiry_due(waiting, NOW + 7 * DAY, days) for days in (7, 8, 60)] == [True, False, False]
    assert not expiry_due(waiting, NOW + 59 * DAY, 60)


def test_an_interview_breaks_the_silence_and_an_answer_ends_it() -> None:
    met = forward(state=S.INTERVIEW)
    met = forward(
        state=S.INTERVIEW, moves=(*met.moves, Move(event=S.INTERVIEW, at=NOW + timedelta(days=20), by=RECEIVER))
    )
    assert reminder_due(met, NOW + timedelta(days=26)) == 0
    assert reminder_due(met, NOW + timedelta(days=27)) == 1
    for state in (S.DRAFT, S.DECLINED, S.HIRED, S.WITHDRAWN, S.EXPIRED):
        assert reminder_due(forward(state=state), NOW + timedelta(days=90)) == 0
        assert not expiry_due(forward(state=state), NOW + timedelta(days=90))


def test_a_condition_gives_time_until_its_day_and_its_fulfilment_asks_anew() -> None:
    asked = played((S.CONDITIONAL, RECEIVER))
    day = datetime.combine(CACES.until, NOW.timetz().replace(hour=0, minute=0, second=0))
    assert waiting_since(asked) == day
    assert [reminder_due(asked, day + days * DAY) for days in (-30, 0, 6, 7, 14)] == [0, 0, 0, 1, 2]
    assert expires_at(asked) == day + 14 * DAY
    assert not expiry_due(asked, day + 13 * DAY) and expiry_due(asked, day + 14 * DAY)
    done = make(asked, said(S.FULFILLED, HOME, NOW + 40 * DAY))
    assert waiting_since(done) == NOW + 40 * DAY
    assert [reminder_due(done, NOW + days * DAY) for days in (46, 47)] == [0, 1]
    assert not expiry_due(done, NOW + 53 * DAY) and expiry_due(done, NOW + 54 * DAY)


def test_yes_if_is_an_answer_and_a_corrected_answer_is_none() -> None:
    asked, fulfilled = played((S.CONDITIONAL, RECEIVER)), played((S.CONDITIONAL, RECEIVER), (S.FULFILLED, HOME))
    taken_back = played((S.HIRED, RECEIVER), (S.CORRECTED, RECEIVER))
    record = reply_record([asked, fulfilled, taken_back])
    assert (record.answered, record.waiting) == (2, 1)


def test_the_rate_of_an_employer_who_hardly_answers() -> None:
    silent = [forward(n, S.SENT if n % 2 else S.EXPIRED) for n in range(10)]
    record = reply_record(silent)
    assert (record.rate, record.waiting, record.expired) == (0, 5, 5)
    answered = reply_record([*silent, forward(11, S.DECLINED)])
    assert answered.rate == 16
    assert reply_record([]).rate is None


def test_an_answer_counts_even_when_withdrawn_afterwards() -> None:
    hired = Move(event=S.HIRED, at=NOW, by=RECEIVER)
    record = reply_record([forward(1, S.WITHDRAWN, moves=(hired,)), forward(2, S.WITHDRAWN), forward(3, S.CONFIRMED)])
    assert record.answered == 1
