"""Four towns in bad weather, with clocks that differ and processes that die: nothing lost, nothing twice.

Each run is one seed: towns write, send, visit and hint in any order while the network delays, loses, repeats, delivers
late and cuts, and visits are killed between any two steps. Then the weather clears, everybody visits everybody, and
both sides of every exchange must agree.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.audit.audit import audit
from federation.context import Limits
from federation.peers.hints import announce
from federation.peers.visit import pull_due
from federation.serving.journal import current_checkpoint
from tests.factories import moved, offer, release
from tests.federation.conftest import BAYONNE, COORDINATOR, DRANCY, MONTLUCON
from tests.simulator import KILL_POINTS, Crash, Simulation, Town, Weather, chosen

STORM = Weather(lose_request=0.15, lose_answer=0.2, repeat=0.2, late=0.1, delay=3)


def storm(towns: Simulation, chance: random.Random, steps: int) -> None:
    """So many random things happen."""
    names = list(towns.towns)
    for step in range(steps):
        town, other = (towns[name] for name in chance.sample(names, 2))
        match chance.randrange(9):
            case 0 | 1:
                town.publish(offer(f"offer-{step}"), release(step + 1))
            case 2 | 3:
                town.send(other, moved(f"f-{step}"))
            case 4:
                town.pull(other, max_pages=chance.choice([1, None]))
            case 5:
                dies_during_a_visit(town, other, chance.randrange(1, 12))
            case 6:
                announce(town.fed)
                pull_due(other.fed)
            case 7:
                towns.wait(minutes=chance.randrange(60))
                pull_due(town.fed)
            case _:
                pair = frozenset((town.node_id, other.node_id))
                towns.network.cut ^= {pair}


def dies_during_a_visit(town: Town, peer: Town, step: int) -> None:
    town.points.arm(step)
    try:
        town.pull(peer)
    except Crash:
        town.restart()
    town.points.arm(None)


def calm(towns: Simulation) -> None:
    """Good weather; everybody visits everybody until nothing is new."""
    towns.network.weather = Weather()
    towns.network.cut.clear()
    news = 1
    while news:
        reports = [town.pull(peer) for town, peer in permutations(towns.towns.values(), 2)]
        assert {(report.error, report.alarm) for report in reports} == {("", "")}
        news = sum(report.taken for report in reports)


def assert_nothing_lost_and_nothing_twice(towns: Simulation) -> None:
    for town, peer in permutations(towns.towns.values(), 2):
        assert town.applied(peer) == town.expected_from(peer)
        assert town.taken(peer) == peer.size()
        with town.database.read() as uow:
            assert uow.replica.refusals() == []
            assert uow.replica.evidence() == []
    report = audit(towns[COORDINATOR].fed)
    assert report.ok
    assert {pair.state for pair in report.pairs} <= {"agree"}


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_whatever_the_weather_everything_arrives_once(seed: int) -> None:
    weathered(seed, steps=40)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, 100, 10))
def test_through_long_storms_too(first: int, record_property: Callable[[str, object], None]) -> None:
    seeds = range(first, first + 10)
    record_property("seeds", len(seeds))
    for seed in seeds:
        weathered(seed, steps=200)


def weathered(seed: int, steps: int) -> None:
    """So many steps in bad weather, then calm; and nothing is amiss."""
    chance = random.Random(seed)
    with Simulation(COORDINATOR, DRANCY, MONTLUCON, BAYONNE, seed=seed, limits=Limits(page_records=5)) as towns:
        for town in towns.towns.values():
            town.clock.skew = timedelta(seconds=chance.randrange(-100, 100))
        towns.network.weather = STORM
        storm(towns, chance, steps)
        calm(towns)
        assert_nothing_lost_and_nothing_twice(towns)


def one_exchange(towns: Simulation) -> tuple[Town, Town]:
    drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
    drancy.publish(*(offer(f"offer-{number}") for number in range(4)))
    drancy.send(montlucon, moved("f1"), moved("f2"))
    return drancy, montlucon


def steps_of_a_visit() -> int:
    with Simulation(COORDINATOR, DRANCY, MONTLUCON, limits=Limits(page_records=3)) as towns:
        drancy, montlucon = one_exchange(towns)
        montlucon.points.arm(None)
        montlucon.pull(drancy)
        return len(montlucon.points.reached)


@pytest.mark.parametrize("how_many", KILL_POINTS)
def test_a_crash_between_any_two_steps_of_a_visit_loses_nothing_and_doubles_nothing(
    how_many: int | None, record_property: Callable[[str, object], None]
) -> None:
    steps = steps_of_a_visit()
    assert steps > 12
    points = chosen(steps, how_many)
    record_property("kill points", len(points))
    for step in points:
        with Simulation(COORDINATOR, DRANCY, MONTLUCON, limits=Limits(page_records=3)) as towns:
            drancy, montlucon = one_exchange(towns)
            montlucon.points.arm(step)
            with pytest.raises(Crash):
                montlucon.pull(drancy)
            montlucon.restart()
            calm(towns)
            assert_nothing_lost_and_nothing_twice(towns)


def test_a_crash_while_signing_signs_the_same_afterwards() -> None:
    for step in (1, 2, 3):
        with Simulation(DRANCY) as towns:
            drancy = towns[DRANCY]
            drancy.publish(offer())
            drancy.points.arm(step)
            with pytest.raises(Crash):
                current_checkpoint(drancy.fed)
            drancy.restart()
            note = current_checkpoint(drancy.fed)
            drancy.restart()
            assert current_checkpoint(drancy.fed) == note
