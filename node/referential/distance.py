"""Distances between places, in kilometres.

Guarantees: ``distance_km`` is the geodesic on the WGS 84 ellipsoid, symmetric to the last bit, zero between equal
points. ``great_circle_km`` is its fast approximation for arrays, never off by more than ``GREAT_CIRCLE_ERROR``,
so that a prefilter at ``radius * (1 + GREAT_CIRCLE_ERROR)`` loses nobody.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from node.referential.arrays import np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


EARTH_MEAN_RADIUS_KM = 6371.0088
"""The sphere's radius: IUGG mean radius R1 of the WGS 84 ellipsoid."""

GREAT_CIRCLE_ERROR = 0.0057
"""Greatest relative error of ``great_circle_km`` against the geodesic: 0.56 % along a meridian at the equator."""


class Located(Protocol):
    """Anything with a WGS 84 position in decimal degrees."""

    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...


def distance_km(a: Located, b: Located) -> float:
    """Geodesic distance in kilometres (Karney's algorithm through geopy); recent pairs are remembered."""
    here, there = sorted(((a.latitude, a.longitude), (b.latitude, b.longitude)))
    return _geodesic_km(here, there)


def great_circle_km(
    latitude: float, longitude: float, latitudes: ArrayLike, longitudes: ArrayLike
) -> NDArray[np.float64]:
    """Great-circle distances in kilometres from one point to many (haversine on the mean sphere).

    ``latitudes`` and ``longitudes`` are decimal degrees and broadcast together; the answer has their shape.
    """
    phi = np.radians(np.asarray(latitudes, dtype=np.float64))
    half_dphi = (phi - np.radians(latitude)) / 2
    half_dlambda = np.radians(np.asarray(longitudes, dtype=np.float64) - longitude) / 2
    h = np.sin(half_dphi) ** 2 + np.cos(np.radians(latitude)) * np.cos(phi) * np.sin(half_dlambda) ** 2
    distances: NDArray[np.float64] = 2 * EARTH_MEAN_RADIUS_KM * np.arcsin(np.sqrt(np.clip(h, 0.0, 1.0)))
    return distances


@lru_cache(maxsize=16_384)
def _geodesic_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    if here == there:
        return 0.0
    # geopy loads every geocoder that it knows: a node at rest, and commands that measure nothing, do without.
    from geopy.distance import geodesic

    return float(geodesic(here, there).km)
