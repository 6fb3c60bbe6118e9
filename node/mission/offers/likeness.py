"""Whether two offers are the same one that came twice: typed and imported, or from two sources.

Guarantees: signs, accents, capitals and blanks never make two offers differ; of one employer, two offers are alike when
they share a place and either the title or the occupation. Nothing is merged by itself: a counsellor says so.

Read next: `node/services/offers/merging.py`.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations

from node.mission.agreements.consent import fold_employer
from node.mission.offers.offer import Offer
from node.mission.terms import Term
from node.referential.text import fold


class Alike(Term):
    """How alike; the label says why, on pages."""

    SAME = "same", "mêmes mots : seuls des signes, des majuscules ou des espaces diffèrent"
    NEAR = "near", "même employeur, même commune, même intitulé ou même métier"


def likeness(one: Offer, other: Offer) -> Alike | None:
    """None of two different offers, and of two of which somebody said that they are not the same."""
    if one.key == other.key or other.id in one.unlike or one.id in other.unlike:
        return None
    if fold_employer(one.employer) != fold_employer(other.employer):
        return None
    if said(one) == said(other):
        return Alike.SAME
    about = fold(one.title) == fold(other.title) or one.rome == other.rome != ""
    return Alike.NEAR if about and communes(one) & communes(other) else None


def said(offer: Offer) -> tuple[object, ...]:
    """What it says, but for signs, accents and case."""
    words = (fold(text) for text in (offer.title, offer.employer, offer.description))
    return (*words, communes(offer))


def communes(offer: Offer) -> frozenset[str]:
    """Where its posts are."""
    return frozenset(site.commune for site in offer.sites)


def by_employer(offers: Iterable[Offer]) -> dict[str, list[Offer]]:
    """By the employer's name, as names are compared: only those of one are alike."""
    found: dict[str, list[Offer]] = {}
    for one in offers:
        found.setdefault(fold_employer(one.employer), []).append(one)
    return found


def pairs(offers: Iterable[Offer]) -> Iterator[tuple[Offer, Offer, Alike]]:
    """All pairs that are alike."""
    for group in by_employer(offers).values():
        for one, other in combinations(group, 2):
            if (how := likeness(one, other)) is not None:
                yield one, other, how
