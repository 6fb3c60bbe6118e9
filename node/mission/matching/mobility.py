"""How far a post is from a person, against how far the person will go: distance is the obstacle, so it is always said.

Guarantees: whatever is decided or shown rests on the geodesic between the two communes, in whole metres; a commune
without a known point is "unknown", never near and never out of reach, unless it is the person's own. A site at most
`TOO_FAR_M` beyond what the person accepts stays visible, with the missing kilometres; further is out of reach.

Read next: `match.py`; `index.py`, which rules sites out by bounds and leaves every decision to this module.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, overload

from node.mission.columns import Ints
from node.mission.offers.offer import OfferSite
from node.mission.people.candidate import Candidate
from node.mission.terms import Term
from node.referential import Communes, distance_km

TOO_FAR_M: Final = 30_000
"""Beyond the person's mobility by at most this, a site stays visible as a near miss."""

BEST_POINTS: Final = 150
FAR_POINTS: Final = 100
NEAR_MISS_POINTS: Final = 60
UNKNOWN_POINTS: Final = 30

_CITIES: Final = (("751", "75056"), ("6938", "69123"), ("132", "13055"))


class Reach(Term):
    """How a site stands to a person's mobility."""

    WITHIN = "within", "à portée"
    ACCEPTED = "accepted", "commune acceptée"
    RELOCATES = "relocates", "déménagerait"
    TOO_FAR = "too_far", "trop loin"
    UNKNOWN = "unknown", "distance inconnue"


@dataclass(frozen=True, slots=True)
class Trip:
    """From a person's commune to a site. `metres` is the geodesic, None when a point is unknown; `limit` is the
    person's mobility in metres; `points` at most `BEST_POINTS`."""

    site: str
    commune: str
    reach: Reach
    metres: int | None
    limit: int
    points: int

    @property
    def km(self) -> float | None:
        """Kilometres, to the hundred metres."""
        return None if self.metres is None else round(self.metres / 1000, 1)

    @property
    def beyond_km(self) -> float:
        """Kilometres too many, to the hundred metres; 0 when the site is not too far."""
        if self.metres is None or self.reach is not Reach.TOO_FAR:
            return 0.0
        return round((self.metres - self.limit) / 1000, 1)


def city_of(commune: str) -> str:
    """The city of a municipal arrondissement of Paris, Lyon or Marseille; any other commune is its own."""
    return next((city for beginning, city in _CITIES if commune.startswith(beginning)), commune)


def metres_between(here: str, there: str, communes: Communes) -> int | None:
    """The geodesic between two communes by INSEE code, in whole metres; None when either has no known point."""
    if here == there:
        return 0
    start, end = communes.get(here), communes.get(there)
    return None if start is None or end is None else round(1000 * distance_km(start, end))


def reach_of(candidate: Candidate, commune: str, metres: int | None) -> tuple[Reach, int] | None:
    """How that commune, so many metres away, stands to the person's mobility, and the points; None when out of reach.
    For one person and commune the points never grow with the distance."""
    limit = 1000 * candidate.mobility_km
    if metres is not None and metres <= limit:
        return Reach.WITHIN, within_points(metres, limit)
    if commune in candidate.places or city_of(commune) in candidate.places:
        return Reach.ACCEPTED, FAR_POINTS
    if candidate.relocates:
        return Reach.RELOCATES, FAR_POINTS
    if metres is None:
        return Reach.UNKNOWN, UNKNOWN_POINTS
    beyond = metres - limit
    if beyond <= TOO_FAR_M:
        return Reach.TOO_FAR, near_miss_points(beyond)
    return None


@overload
def within_points(metres: int, limit: int) -> int: ...
@overload
def within_points(metres: Ints, limit: int) -> Ints: ...
def within_points(metres: int | Ints, limit: int) -> int | Ints:
    """Points of a site within the person's mobility: all next door, `FAR_POINTS` at its edge."""
    return BEST_POINTS - (BEST_POINTS - FAR_POINTS) * metres // max(limit, 1)


@overload
def near_miss_points(beyond: int) -> int: ...
@overload
def near_miss_points(beyond: Ints) -> Ints: ...
def near_miss_points(beyond: int | Ints) -> int | Ints:
    """Points of a site that many metres beyond the person's mobility, 0 at `TOO_FAR_M`."""
    return NEAR_MISS_POINTS * (TOO_FAR_M - beyond) // TOO_FAR_M


def best_trip(candidate: Candidate, sites: Iterable[OfferSite], communes: Communes) -> Trip | None:
    """The trip with the most points, then the shortest, then to the site named first; None when all are out of
    reach."""
    best: Trip | None = None
    for site in sites:
        metres = metres_between(candidate.commune, site.commune, communes)
        if (reached := reach_of(candidate, site.commune, metres)) is None:
            continue
        trip = Trip(site.id, site.commune, reached[0], metres, 1000 * candidate.mobility_km, reached[1])
        if best is None or _rank(trip) < _rank(best):
            best = trip
    return best


def _rank(trip: Trip) -> tuple[int, float]:
    return -trip.points, float("inf") if trip.metres is None else trip.metres
