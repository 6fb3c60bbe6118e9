"""A forward between Montluçon and an employer: who may say what, and how both copies agree again."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.mission.forwards.forward import ForwardState as S
from node.mission.forwards.forward import Move, Side, Words
from node.mission.forwards.moves import (
    ANSWERS,
    MOVES,
    OWNER,
    PRECEDENCE,
    REASONS,
    IllegalMove,
    allowed,
    arrive,
    expiry_due,
    move,
    reminder_due,
    reply_record,
)
from node.mission.forwards.terms import Reason
from tests.node.mission.samples import NOW, forward

HOME, RECEIVER = Side.HOME, Side.RECEIVER


def words(event: S, reason: str | None = None) -> Words:
    """The words that this event cannot do without."""
    text = "Le poste vient d'être pourvu." if event is S.DECLINED else ""
    return Words(reason or min(REASONS.get(event, {""})), text)


@pytest.mark.parametrize(("state", "event", "by"), list(product(S, S, Side)))
def test_only_what_the_table_lists_is_legal(state: S, event: S, by: Side) -> None:
    if event in MOVES[by].get(state, ()):
        assert move(state, event, by, words(event)) is event
    else:
        with pytest.raises(IllegalMove) as refused:
            move(state, event, by, words(event))
        assert refused.value.code == ("not_from_here" if OWNER.get(event) is by else "not_yours")
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
    assert {state for state in S if S.WITHDRAWN in allowed(state, HOME)} == set(S) - over


def test_follow_ups_are_the_home_sides_alone() -> None:
    for event in (S.CONFIRMED, S.BROKEN_OFF):
        assert OWNER[event] is HOME
        assert move(S.HIRED, event, HOME) is event
    assert move(S.CONFIRMED, S.CONFIRMED, HOME) is S.CONFIRMED
    assert move(S.CONFIRMED, S.BROKEN_OFF, HOME) is S.BROKEN_OFF


@pytest.mark.parametrize(
    ("event", "said", "code"),
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
def test_words_of_an_answer(event: S, said: dict[str, str], code: str) -> None:
    for decide in (move, arrive):
        with pytest.raises(IllegalMove) as refused:
            decide(S.RECEIVED, event, RECEIVER, Words(**said))
        assert refused.value.code == code


def test_thirteen_reasons_to_decline() -> None:
    assert len(REASONS[S.DECLINED]) == 13
    for reason in REASONS[S.DECLINED]:
        assert move(S.SEEN, S.DECLINED, RECEIVER, words(S.DECLINED, reason)) is S.DECLINED


def test_a_withdrawal_says_why() -> None:
    with pytest.raises(IllegalMove) as refused:
        move(S.SEEN, S.WITHDRAWN, HOME)
    assert refused.value.code == "no_reason"
    assert move(S.SEEN, S.WITHDRAWN, HOME, Words(reason=Reason.CONSENT_WITHDRAWN)) is S.WITHDRAWN


def test_no_legal_move_goes_down() -> None:
    for table in MOVES.values():
        for state, events in table.items():
            for event in events:
                assert PRECEDENCE.index(event) >= PRECEDENCE.index(state)
    assert set(PRECEDENCE) == set(S)


@pytest.mark.parametrize("event", [S.RECEIVED, S.SEEN, S.INTERVIEW, S.HIRED, S.DECLINED])
def test_a_withdrawal_wins_over_whatever_it_crosses(event: S) -> None:
    at_home = arrive(move(S.SENT, S.WITHDRAWN, HOME, words(S.WITHDRAWN)), event, RECEIVER, words(event))
    at_receiver = arrive(move(S.SENT, event, RECEIVER, words(event)), S.WITHDRAWN, HOME, words(S.WITHDRAWN))
    assert at_home is at_receiver is S.WITHDRAWN


@pytest.mark.parametrize("answer", sorted(ANSWERS))
def test_a_late_answer_is_worth_more_than_silence(answer: S) -> None:
    assert arrive(S.EXPIRED, answer, RECEIVER, words(answer)) is answer
    assert arrive(answer, S.EXPIRED, HOME, words(S.EXPIRED)) is answer
    assert move(S.EXPIRED, answer, RECEIVER, words(answer)) is answer


@given(st.data())
def test_both_sides_agree_after_any_interleaving(data: st.DataObject) -> None:
    """Each side decides from what it knows; messages wait, overtake one another, come twice, and all come at last."""
    state = {HOME: S.SENT, RECEIVER: S.SENT}
    under_way: dict[Side, list[S]] = {HOME: [], RECEIVER: []}
    said: list[tuple[Side, S]] = []
    for _step in range(data.draw(st.integers(0, 12))):
        side, other = data.draw(st.sampled_from([(HOME, RECEIVER), (RECEIVER, HOME)]))
        choices = sorted(allowed(state[side], side))
        decides: bool = data.draw(st.booleans())
        if choices and decides:
            event = data.draw(st.sampled_from(choices))
            state[side] = move(state[side], event, side, words(event))
            under_way[other].append(event)
            said.append((side, event))
        elif under_way[side]:
            position = data.draw(st.integers(0, len(under_way[side]) - 1))
            event = under_way[side][position]
            comes_again: bool = data.draw(st.booleans())
            if not comes_again:
                del under_way[side][position]
            state[side] = arrive(state[side], event, other, words(event))
    for side, other in ((HOME, RECEIVER), (RECEIVER, HOME)):
        for event in data.draw(st.permutations(under_way[side])):
            state[side] = arrive(state[side], event, other, words(event))
    assert state[HOME] is state[RECEIVER]
    assert state[HOME] is max((S.SENT, *(event for _side, event in said)), key=PRECEDENCE.index)
    if any(event is S.WITHDRAWN for _side, event in said):
        assert state[HOME] is S.WITHDRAWN


@given(st.sampled_from(sorted(S)), st.sampled_from(sorted(OWNER)))
def test_a_late_duplicate_changes_nothing(state: S, event: S) -> None:
    once = arrive(state, event, OWNER[event], words(event))
    assert arrive(once, event, OWNER[event], words(event)) is once


@pytest.mark.parametrize(
    ("days", "reminders", "expires"), [(0, 0, False), (6, 0, False), (7, 1, False), (14, 2, False), (30, 2, True)]
)
def test_silence_is_no_answer(days: int, reminders: int, expires: bool) -> None:
    waiting = forward(state=S.SEEN)
    now = NOW + timedelta(days=days)
    assert reminder_due(waiting, now) == reminders
    assert expiry_due(waiting, now) is expires


def test_an_interview_breaks_the_silence_and_an_answer_ends_it() -> None:
    met = forward(state=S.INTERVIEW)
    met = forward(
        state=S.INTERVIEW, moves=(*met.moves, Move(event=S.INTERVIEW, at=NOW + timedelta(days=20), by=RECEIVER))
    )
    assert reminder_due(met, NOW + timedelta(days=26)) == 0
    assert reminder_due(met, NOW + timedelta(days=27)) == 1
    for state in (S.DRAFT, S.DECLINED, S.HIRED, S.WITHDRAWN):
        assert reminder_due(forward(state=state), NOW + timedelta(days=90)) == 0
        assert not expiry_due(forward(state=state), NOW + timedelta(days=90))


def test_an_employer_who_never_answers_is_paused_until_it_does() -> None:
    silent = [forward(n, S.SENT if n % 2 else S.EXPIRED) for n in range(10)]
    record = reply_record(silent)
    assert (record.rate, record.is_paused) == (0, True)
    assert not reply_record(silent[:9]).is_paused
    answered = reply_record([*silent, forward(11, S.DECLINED)])
    assert (answered.rate, answered.is_paused) == (16, False)
    assert reply_record([]).rate is None


def test_an_answer_counts_even_when_withdrawn_afterwards() -> None:
    hired = Move(event=S.HIRED, at=NOW, by=RECEIVER)
    record = reply_record([forward(1, S.WITHDRAWN, moves=(hired,)), forward(2, S.WITHDRAWN), forward(3, S.CONFIRMED)])
    assert record.answered == 1
