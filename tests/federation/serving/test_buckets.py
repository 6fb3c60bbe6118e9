"""Whoever asks too often waits; whoever asks now and then never does."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from federation.serving.buckets import MOST_NAMES, Buckets


@given(st.integers(1, 30), st.lists(st.floats(0, 20), max_size=120))
def test_no_minute_sees_more_than_twice_the_rate(a_minute: int, pauses: list[float]) -> None:
    """A full bucket, and what refills meanwhile."""
    buckets, now, allowed = Buckets(a_minute), 0.0, []
    for pause in pauses:
        now += pause
        if not buckets.take("drancy", now):
            allowed.append(now)
    for first in allowed:
        assert sum(first <= at < first + 60 for at in allowed) <= 2 * a_minute


@given(st.integers(1, 60), st.integers(1, 50))
def test_whoever_asks_at_the_rate_is_never_refused(a_minute: int, times: int) -> None:
    buckets = Buckets(a_minute)
    moments = [number * (60 / a_minute + 0.001) for number in range(times)]
    assert all(second > first for first, second in pairwise(moments))
    assert not any(buckets.take("montlucon", moment) for moment in moments)


@given(st.integers(1, 30), st.integers(1, 7200), st.floats(0, 0.9))
def test_whoever_waits_as_long_as_told_may_and_not_a_second_before(most: int, seconds: int, part: float) -> None:
    """Whoever comes back while the bucket has filled by a part of one."""
    buckets, now, late = Buckets(most, seconds), 1_800_000_000.0, part * seconds / most
    assert [buckets.take("drancy", now) for _time in range(most)] == [0] * most
    wait = buckets.take("drancy", now + late)
    assert 1 <= wait <= seconds / most + 1
    earlier = Buckets(most, seconds, levels=buckets.levels.copy())
    assert buckets.take("drancy", now + late + wait) == 0
    assert wait == 1 or earlier.take("drancy", now + late + wait - 1.001) > 0


def test_names_do_not_pay_for_one_another_and_a_clock_that_goes_back_gives_nothing() -> None:
    buckets = Buckets(1)
    assert not buckets.take("drancy", 100.0)
    assert buckets.take("drancy", 100.0) == 60
    assert not buckets.take("bayonne", 100.0)
    assert buckets.take("drancy", 40.0) == 60
    assert not buckets.take("drancy", 161.0)


def test_the_names_seen_longest_ago_are_forgotten() -> None:
    buckets = Buckets(1)
    for number in range(MOST_NAMES + 5):
        buckets.take(str(number), 0.0)
    assert len(buckets.levels) == MOST_NAMES
    assert not buckets.take("0", 0.0), "who was forgotten begins anew"
    assert buckets.take(str(MOST_NAMES), 0.0)
