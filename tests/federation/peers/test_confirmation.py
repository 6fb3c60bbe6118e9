"""A clock that leaps ahead is believed again as soon as anybody confirms it, and nobody can keep it from that alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.peers.confirmation import LEAP, unconfirmed_since
from federation.peers.ports import PeerState
from federation.peers.schedule import Failed, Pace, next_state
from federation.peers.visit import pull
from protocol.keys import NodeKeys
from tests.federation.conftest import BAYONNE, COORDINATOR, DRANCY, MONTLUCON, NOW, member_of, members_of, seeded
from tests.simulator import Simulation, Town

DAY = timedelta(days=1)
WEEK = 7 * DAY
YEAR = 365 * DAY
NETWORK = members_of([member_of(NodeKeys.generate(name, seeded(7))) for name in (DRANCY, BAYONNE, MONTLUCON)])


def peer(
    name: str = DRANCY, success: timedelta | None = None, failing: timedelta | None = None, vain: int = 1
) -> PeerState:
    """Visited with success, and in vain since, so often, so long after NOW."""
    return PeerState(
        peer=name,
        due=NOW,
        failures=0 if failing is None else vain,
        last_success=None if success is None else NOW + success,
        failing_since=None if failing is None else NOW + failing,
    )


HOUR = timedelta(hours=1)
NONE = timedelta()


@pytest.mark.parametrize(
    ("states", "passed", "doubted"),
    [
        pytest.param([], YEAR, False, id="nobody to ask"),
        pytest.param([peer()], YEAR, False, id="never visited"),
        pytest.param([peer(success=NONE)], DAY, False, id="confirmed yesterday"),
        pytest.param([peer(success=NONE)], LEAP, False, id="as long as nobody may have been due"),
        pytest.param([peer(success=NONE)], YEAR, True, id="a year ahead, nobody asked yet"),
        pytest.param([peer(success=NONE, failing=YEAR)], YEAR + HOUR, True, id="a year ahead, in vain"),
        pytest.param([peer(success=NONE, failing=YEAR)], HOUR, True, id="set right, nobody asked yet"),
        pytest.param([peer(success=NONE, failing=HOUR)], YEAR, False, id="cut off little by little"),
        pytest.param([peer(success=NONE, failing=YEAR, vain=24)], YEAR + WEEK, False, id="nobody is left"),
        pytest.param([peer(success=NONE, failing=YEAR, vain=24)], YEAR + WEEK - HOUR, True, id="not yet"),
        pytest.param([peer(success=NONE, failing=YEAR, vain=23)], 2 * YEAR, True, id="ahead a second time"),
        pytest.param([peer(success=NONE, failing=YEAR), peer(BAYONNE, success=YEAR)], YEAR, False, id="one is enough"),
        pytest.param(
            [peer(success=NONE, failing=HOUR), peer(BAYONNE, success=DAY)], YEAR, True, id="one was down before"
        ),
    ],
)
def test_when_a_clock_is_doubted(states: list[PeerState], passed: timedelta, doubted: bool) -> None:
    found = unconfirmed_since(states, NETWORK, MONTLUCON, NOW + passed)
    assert (found is not None) is doubted
    if doubted:
        assert found == max(state.last_success for state in states if state.last_success is not None)


moments = st.one_of(st.none(), st.timedeltas(min_value=-YEAR, max_value=YEAR))


@given(st.lists(st.builds(peer, success=moments, failing=moments), max_size=5), st.timedeltas(-YEAR, YEAR), st.data())
def test_a_visit_that_goes_through_is_enough(states: list[PeerState], passed: timedelta, data: st.DataObject) -> None:
    lately = data.draw(st.timedeltas(NONE, LEAP))
    latest = max((one.last_success - NOW for one in states if one.last_success is not None), default=-YEAR)
    states.insert(data.draw(st.integers(0, len(states))), peer(BAYONNE, success=max(passed - lately, latest + HOUR)))
    assert unconfirmed_since(states, NETWORK, MONTLUCON, NOW + passed) is None


def in_vain(state: PeerState, now: datetime) -> Iterator[tuple[datetime, bool]]:
    """A month of visits in vain from then on, each when it is due: when, and whether the clock is doubted after it."""
    end = now + 30 * DAY
    while now < end:
        state = next_state(MONTLUCON, state, Failed("unreachable"), now, 0.5, Pace())
        yield now, unconfirmed_since([state], NETWORK, MONTLUCON, now) is not None
        now = state.due


def test_whoever_leapt_and_sees_nobody_again_believes_the_clock_after_a_week() -> None:
    leapt = NOW + YEAR
    believed = [now - leapt for now, doubted in in_vain(peer(success=NONE), leapt) if not doubted]
    assert WEEK <= believed[0] < WEEK + DAY


def test_a_clock_that_was_set_right_is_believed_though_nobody_is_seen_again() -> None:
    """An hour after the last visit that went through, with one in vain a year ahead in between."""
    ahead = next_state(MONTLUCON, peer(success=NONE), Failed("stale"), NOW + YEAR, 0.5, Pace())
    assert not any(doubted for _now, doubted in in_vain(ahead, NOW + HOUR))


def doubted(towns: Simulation, town: Town) -> datetime | None:
    with town.database.read() as uow:
        return unconfirmed_since(uow.peers.all(), towns.members, town.node_id, town.clock.now())


def test_a_town_that_leaps_a_year_ahead_and_back() -> None:
    with Simulation(COORDINATOR, DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        assert doubted(towns, drancy) is None
        assert pull(drancy.fed, MONTLUCON).error == ""
        confirmed = drancy.clock.now()
        drancy.clock.skew = YEAR
        assert doubted(towns, drancy) == confirmed
        assert pull(drancy.fed, MONTLUCON).error == "stale"
        assert doubted(towns, drancy) == confirmed
        drancy.clock.skew = NONE
        assert doubted(towns, drancy) == confirmed
        assert pull(drancy.fed, MONTLUCON).error == ""
        assert doubted(towns, drancy) is None
        # Whoever is suspended, or has left, is not waited for.
        drancy.clock.skew = YEAR
        towns.change(MONTLUCON, status="suspended")
        assert doubted(towns, drancy) is None
        assert montlucon.size()
