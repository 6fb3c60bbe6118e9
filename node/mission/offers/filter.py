"""What a list of offers is asked for, and what that means for one offer: the plain reading.

Guarantees: `fits` says of each offer alone whether it belongs to the list, whatever keeps the offers; an index that
answers faster answers the same. Words are compared folded: neither accents nor case nor punctuation count.

Read next: `node/services/offers/searching.py`, which answers a page of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from node.mission.offers.offer import LISTED, Offer, OfferState
from node.mission.offers.published import Searched
from node.mission.terms import Term
from node.referential import Communes, distance_km
from node.referential.text import fold

DISTANCES: Final = (10, 20, 30, 50)
"""Kilometres that pages propose."""
SOON: Final = timedelta(days=7)
"""An offer that closes within that time closes soon."""


class Area(Term):
    """Where to look."""

    OWN = "ville", "Ma ville"
    NEAR = "km", "Autour de ma ville"
    NETWORK = "reseau", "Tout le réseau"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFilter:
    """All of it holds at once; what is empty asks for nothing.

    `text`: words that all stand, whole or as parts of others, in title, employer, description or reference; `area` OWN:
    what this town published, NEAR: a site within `km` kilometres of the town; `rome`: a ROME code or its beginning;
    `contract`: a code; `employer`: the employer's name; `commune`: the INSEE code of a site's; `closing`: closes within
    that many days; `closed`: the town's own closed and past ones too; `clause`: with an insertion clause; `needs`: the
    needs of the town's employers, and no offer.
    """

    text: str = ""
    area: Area = Area.NETWORK
    km: int = 30
    rome: str = ""
    contract: str = ""
    employer: str = ""
    commune: str = ""
    closing: int | None = None
    closed: bool = False
    clause: bool = False
    needs: bool = False


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Who looks, and when: this node's id, its day, and how far a commune is from the town in km (None: not known)."""

    node: str
    today: date
    km: Callable[[str], float | None]


def fits(offer: Offer, wanted: OfferFilter, seen: Viewpoint) -> bool:
    """Whether the offer belongs to the list."""
    return all(_answers(offer, wanted, seen))


def _answers(offer: Offer, wanted: OfferFilter, seen: Viewpoint) -> Iterator[bool]:
    own = offer.node == seen.node
    if wanted.needs:
        yield own and offer.state is OfferState.NEED and seen.today <= offer.closes
    else:
        yield offer.is_open(seen.today) or (wanted.closed and own and offer.state in LISTED)
    yield wanted.area is not Area.OWN or own
    yield offer.rome.startswith(wanted.rome)
    yield wanted.contract in ("", offer.contract)
    yield not wanted.commune or any(site.commune == wanted.commune for site in offer.sites)
    yield offer.clause or not wanted.clause
    yield wanted.closing is None or offer.closes <= seen.today + timedelta(days=wanted.closing)
    yield not wanted.employer or fold(offer.employer) == fold(wanted.employer)
    if wanted.area is Area.NEAR:
        distance = nearest_km(offer, seen)
        yield distance is not None and distance <= wanted.km
    yield says(wanted.text, offer)


def says(text: str, offer: Offer | Searched) -> bool:
    """Whether all words of a text stand in what an offer says, whole or as parts of others."""
    if not (words := fold(text).split()):
        return True
    said = fold(f"{offer.title} {offer.employer} {offer.description} {offer.reference}")
    return all(word in said for word in words)


def names_employer(text: str, offer: Offer | Searched) -> bool:
    """Whether all words of a text, at least one, stand in the name of the offer's employer, whole or as parts."""
    words = fold(text).split()
    return bool(words) and all(word in fold(offer.employer) for word in words)


def nearest_km(offer: Offer, seen: Viewpoint) -> float | None:
    """How far the nearest of the offer's sites is from the town; None where no place is known."""
    return min((km for site in offer.sites if (km := seen.km(site.commune)) is not None), default=None)


def newest_first(offer: Offer) -> tuple[bool, float, str, str]:
    """The key of a list that is sorted in reverse: the last published first; of one instant, the greatest name."""
    published = offer.published
    return published is not None, published.timestamp() if published else 0.0, offer.node, offer.id


def km_from(communes: Communes, home: str) -> Callable[[str], float | None]:
    """How far communes are from the town whose INSEE code is `home`; each is measured once."""
    town = communes.get(home)
    known: dict[str, float | None] = {}

    def km(code: str) -> float | None:
        if town is None:
            return None
        if code not in known:
            place = communes.get(code)
            known[code] = None if place is None else distance_km(town, place)
        return known[code]

    return km
