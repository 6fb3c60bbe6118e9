"""Distances between towns, against figures measured elsewhere, and the bound that prefilters rely on."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.referential import distance_km, great_circle_km, load
from node.referential.distance import GREAT_CIRCLE_ERROR


@dataclass(frozen=True)
class Point:
    latitude: float
    longitude: float


points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("home", "neighbour", "km"),
    [
        ("03185", "03098", 2.1),
        ("03185", "03101", 5.7),
        ("03185", "03211", 5.9),
        ("93029", "93013", 1.2),
        ("93029", "93008", 1.8),
        ("64102", "64024", 3.8),
        ("64102", "64140", 3.9),
    ],
)
def test_neighbours_of_the_towns_of_the_story(home: str, neighbour: str, km: float) -> None:
    communes = load().communes
    a, b = communes.get(home), communes.get(neighbour)
    assert a is not None
    assert b is not None
    assert not (a.approximate or b.approximate)
    assert distance_km(a, b) == pytest.approx(km, abs=0.3)


def test_an_approximate_neighbour_of_trelaze() -> None:
    """2.7 km between the centroids; Saint-Barthélemy's point is noted by hand, to about a kilometre."""
    communes = load().communes
    trelaze, saint_barthelemy = communes.get("49353"), communes.get("49267")
    assert trelaze is not None
    assert saint_barthelemy is not None
    assert saint_barthelemy.approximate
    assert distance_km(trelaze, saint_barthelemy) == pytest.approx(2.7, abs=1.0)


@given(points, points)
def test_distance_is_symmetric_and_zero_only_at_home(a: Point, b: Point) -> None:
    assert distance_km(a, b) == distance_km(b, a) >= 0
    assert distance_km(a, a) == 0


@given(points, st.lists(points, min_size=1, max_size=8))
def test_the_great_circle_keeps_its_bound(centre: Point, others: list[Point]) -> None:
    approximate = great_circle_km(
        centre.latitude, centre.longitude, [p.latitude for p in others], [p.longitude for p in others]
    )
    assert approximate.shape == (len(others),)
    for km, other in zip(approximate, others, strict=True):
        exact = distance_km(centre, other)
        assert abs(km - exact) <= GREAT_CIRCLE_ERROR * exact + 1e-6


def test_the_bound_is_tight_along_a_meridian_at_the_equator() -> None:
    exact = distance_km(Point(0, 0), Point(0.1, 0))
    (approximate,) = great_circle_km(0, 0, [0.1], [0])
    assert 0.0055 < approximate / exact - 1 < GREAT_CIRCLE_ERROR


def test_great_circle_broadcasts() -> None:
    grid = great_circle_km(46.34, 2.6, np.array([[46.0], [47.0]]), np.array([2.0, 2.6, 3.0]))
    assert grid.shape == (2, 3)
    assert np.isfinite(grid).all()
