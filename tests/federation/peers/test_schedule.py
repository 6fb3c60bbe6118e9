"""When Montluçon visits Drancy: the state machine, on paper."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.peers.ports import PeerState
from federation.peers.schedule import (
    Alarm,
    Failed,
    Heard,
    Hinted,
    Outcome,
    Pace,
    Succeeded,
    SuspendedByDirectory,
    alarm_of,
    due,
    first_state,
    next_slot,
    next_state,
    status_of,
)
from tests.federation.conftest import BAYONNE, DRANCY, MONTLUCON, NOW

PACE = Pace()
STATE = PeerState(peer=DRANCY, due=NOW)


def after(*outcomes: Outcome, state: PeerState = STATE, jitter: float = 0.5) -> PeerState:
    for outcome in outcomes:
        state = next_state(MONTLUCON, state, outcome, NOW, jitter, PACE)
    return state


def test_a_success_is_followed_by_the_pairs_own_slot_within_one_interval() -> None:
    state = after(Succeeded())
    assert NOW < state.due <= NOW + PACE.interval
    assert state.due == next_slot(MONTLUCON, DRANCY, NOW, PACE.interval)
    assert next_slot(MONTLUCON, DRANCY, state.due, PACE.interval) == state.due + PACE.interval
    assert (state.last_success, state.failures, status_of(state, NOW)) == (NOW, 0, "healthy")


def test_slots_differ_by_pair_and_direction() -> None:
    slots = {
        next_slot(a, b, NOW, PACE.interval) for a, b in [(DRANCY, MONTLUCON), (MONTLUCON, DRANCY), (DRANCY, BAYONNE)]
    }
    assert len(slots) == 3


def test_retries_double_from_a_minute_to_six_hours() -> None:
    waits = [after(*[Failed("unreachable")] * count).due - NOW for count in range(1, 13)]
    minutes = [wait / timedelta(minutes=1) for wait in waits]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 500))
def test_jitter_moves_a_retry_by_a_quarter_at_most(jitter: float, failures: int) -> None:
    state = replace(STATE, failures=failures)
    wait = after(Failed("unreachable"), state=state, jitter=jitter).due - NOW
    exact = min(timedelta(minutes=1) * 2 ** min(failures, 20), timedelta(hours=6))
    assert 0.75 * exact <= wait <= 1.25 * exact


def test_silence_is_shown_after_a_day_and_alarms_after_three() -> None:
    state = after(Failed("unreachable"))
    shown = [
        (status_of(state, NOW + timedelta(hours=hours)), alarm_of(state, NOW + timedelta(hours=hours)))
        for hours in (0, 23, 24, 71, 72)
    ]
    assert shown == [
        ("retrying", ""),
        ("retrying", ""),
        ("unreachable", ""),
        ("unreachable", ""),
        ("unreachable", "unreachable"),
    ]
    assert status_of(after(Succeeded(), state=state), NOW + timedelta(hours=72)) == "healthy"


def test_a_sign_of_life_clears_the_back_off_and_not_the_history() -> None:
    tired = replace(after(*[Failed("unreachable")] * 9), failing_since=NOW - timedelta(hours=9))
    later = NOW + timedelta(minutes=1)
    for sign in (Heard(), Hinted()):
        heard = next_state(MONTLUCON, tired, sign, later, 0.5, PACE)
        assert (heard.due, heard.failures, heard.failing_since) == (later, 0, tired.failing_since)
        assert next_state(MONTLUCON, heard, Failed("unreachable"), later, 0.5, PACE).due == later + timedelta(minutes=1)
    healthy = after(Succeeded())
    assert after(Heard(), state=healthy) == healthy


def test_a_failing_peer_that_speaks_without_end_is_visited_once_a_minute() -> None:
    tired = replace(after(*[Failed("unreachable")] * 9), failing_since=NOW - timedelta(hours=9))
    for sign in (Heard(), Hinted()):
        heard = after(*[sign] * 50, state=tired)
        assert (heard.due, heard.failures) == (NOW + timedelta(minutes=1), 9)


def test_the_first_failure_is_soon_forgiven_and_the_next_ones_a_minute_apart() -> None:
    """A town that was restarted speaks again: it is visited at once, not at the next retry."""
    once = after(Succeeded(), Failed("unreachable"))
    back = after(Heard(), state=once)
    assert back.due == NOW + timedelta(seconds=5)
    again = next_state(MONTLUCON, back, Failed("unreachable"), back.due, 0.5, PACE)
    assert after(*[Hinted()] * 50, state=again).due == back.due + timedelta(minutes=1)


def test_a_hint_makes_due_after_a_pause_and_never_later() -> None:
    assert after(Hinted()).due == NOW
    assert after(Succeeded(), *[Hinted()] * 50).due == NOW + timedelta(seconds=5)
    earlier = replace(STATE, due=NOW - timedelta(hours=1))
    assert after(Hinted(), state=earlier).due == earlier.due


@pytest.mark.parametrize("alarm", [Alarm.FORK, Alarm.EQUIVOCATION])
def test_a_proven_lie_stays_on_record(alarm: Alarm) -> None:
    state = after(Failed("fork", alarm), Succeeded(), Failed("gap", Alarm.GAP))
    assert state.alarm == alarm


def test_other_alarms_end_with_a_success_and_outlive_a_plain_failure() -> None:
    assert after(Failed("gap", Alarm.GAP), Failed("unreachable")).alarm == "gap"
    assert after(Failed("gap", Alarm.GAP), Succeeded()).alarm == ""
    assert after(Succeeded(Alarm.WITHHELD)).alarm == "withheld"


def test_a_suspended_peer_says_so_until_it_is_visited_again() -> None:
    state = after(SuspendedByDirectory())
    assert status_of(state, NOW) == "suspended"
    assert status_of(after(Succeeded(), state=state), NOW) == "healthy"


def test_an_overdue_erasure_shows_unless_something_worse_does() -> None:
    assert alarm_of(after(Succeeded()), NOW, erasure_overdue=True) == "erasure_overdue"
    assert alarm_of(after(Failed("fork", Alarm.FORK)), NOW, erasure_overdue=True) == "fork"


def test_due_lists_the_longest_overdue_first() -> None:
    states = [PeerState(peer=str(n), due=NOW + timedelta(minutes=n)) for n in (1, -3, 0, -1)]
    assert due(states, NOW) == ["-3", "-1", "0"]


def test_a_clock_that_was_a_year_ahead_keeps_nobody_waiting() -> None:
    next_year = NOW + timedelta(days=365)
    healthy = next_state(MONTLUCON, STATE, Succeeded(), next_year, 0.5, PACE)
    failing = next_state(MONTLUCON, STATE, Failed("refused"), next_year, 0.5, PACE)
    for state in (healthy, failing):
        assert due([state], NOW, PACE) == [DRANCY]
        for hint in (Hinted(), Heard()):
            assert after(hint, state=replace(state, due=NOW + PACE.interval)).due <= NOW + PACE.interval
        assert after(Hinted(), state=state).due == NOW
    assert after(Hinted(), state=after(Succeeded(), state=failing)).due == NOW + timedelta(seconds=5)
    late = STATE
    for _failure in range(12):
        late = next_state(MONTLUCON, late, Failed("unreachable"), NOW, 0.999, PACE)
        assert due([late], NOW, PACE) == [], "nobody waits longer than the retries do"
    assert due([after(Succeeded())], NOW, PACE) == []


def test_a_first_visit_comes_within_one_interval() -> None:
    assert NOW < first_state(MONTLUCON, DRANCY, NOW, PACE).due <= NOW + PACE.interval
