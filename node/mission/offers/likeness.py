"""Whether two offers are the same one that came twice: typed and imported, or from two sources.

Guarantees: signs, accents, capitals and blanks never make two offers differ; of one employer, two offers are alike when
they share a place and either the title or the occupation. Nothing is merged by itself: a counsellor says so.

Read next: `node/services/offers/merging.py`.
"""

from collections.abc import Iterable, Iterator

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
    if not traces(one) & traces(other):
        return None
    return Alike.SAME if said(one) == said(other) else Alike.NEAR


def said(offer: Offer) -> tuple[object, ...]:
    """What it says, but for signs, accents and case."""
    words = (fold(text) for text in (offer.title, offer.employer, offer.description))
    return (*words, communes(offer))


def communes(offer: Offer) -> frozenset[str]:
    """Where its posts are."""
    return frozenset(site.commune for site in offer.sites)


def traces(offer: Offer) -> frozenset[tuple[str, ...]]:
    """Two offers that are alike have one of these in common, and two that have one in common are alike."""
    employer, title = fold_employer(offer.employer), fold(offer.title)
    said = [("title", title), *([("rome", offer.rome)] if offer.rome else [])]
    return frozenset((employer, commune, *about) for commune in communes(offer) for about in said)


def pairs(offers: Iterable[Offer]) -> Iterator[tuple[Offer, Offer, Alike]]:
    """All pairs that are alike, each once; only those that share a trace are compared."""
    known: dict[tuple[str, ...], list[Offer]] = {}
    for one in offers:
        marks = traces(one)
        before = {other.id: other for mark in marks for other in known.get(mark, ())}
        for other in before.values():
            if (how := likeness(other, one)) is not None:
                yield other, one, how
        for mark in marks:
            known.setdefault(mark, []).append(one)
