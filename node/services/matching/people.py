"""An offer's people, as a counsellor works through them: who may be put forward, who could with one step more, whose CV
waits, and who is out, and why.

Guarantees: the order is `match_offer`'s (best first, the less served first at equal fit); whoever seeks a related
occupation is in one of the lists or is counted with the true reason; nobody is out for two reasons. Read next:
`node/mission/matching/exclusion.py`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from typing import Final

from node.mission.forwards.forward import Forward
from node.mission.forwards.room import is_spent
from node.mission.matching.exclusion import Exclusion
from node.mission.matching.match import Lack
from node.mission.matching.news import MatchSeen
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.mission.people.quality import CvLack, blocking, missing_for_ready
from node.services.desk import Desk
from node.services.matching.asking import asking
from node.services.matching.matching import Found, ranked
from node.services.offers.finding import find_offer
from node.services.people.files import days_met

SHOWN: Final = 30
"""People of a list, at most."""
EXCLUDED_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Preparing:
    """Somebody who fits, and what their CV lacks before it may be signed."""

    found: Found
    gaps: tuple[CvLack, ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """Somebody who seeks such an occupation, and why this offer is not for them today."""

    candidate: Candidate
    why: Exclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPeople:
    """`within` may be put forward; `beyond` could be, if they went further; `preparing` fit, with a CV that is not
    signed. `counts` tells how many are out for each reason, `excluded` the first of them, by reference; `others` how
    many look for other work. By candidate, `forwards` are those that stand, and `aside` says for whom the offer was set
    aside."""

    offer: Offer
    within: tuple[Found, ...]
    beyond: tuple[Found, ...]
    preparing: tuple[Preparing, ...]
    counts: Mapping[Exclusion, int]
    excluded: tuple[Excluded, ...]
    others: int
    forwards: Mapping[str, Forward]
    aside: Mapping[str, MatchSeen]


def people_of_offer(desk: Desk, name: str, *, limit: int = SHOWN) -> OfferPeople:
    """Who fits the offer, `limit` of each kind at most, and who does not. NotFound."""
    with asking(desk) as ask:
        uow = ask.uow
        offer = find_offer(uow, desk, name)
        compared = ask.people_for(offer)
        answer = ranked(ask, offer, compared.fits, limit)
        met = days_met(uow, [one.candidate for one in answer.to_prepare])
        counts = Counter(why for _person, why in compared.out)
        others = uow.candidates.count() - len(compared.fits) - len(compared.out)
        shown = nsmallest(EXCLUDED_SHOWN, compared.out, key=lambda one: one[0].reference)
        named = uow.candidates.many([person.id for person, _why in shown])
        return OfferPeople(
            offer=offer,
            within=tuple(one for one in answer.matches if is_within(one)),
            beyond=tuple(one for one in answer.matches if not is_within(one)),
            preparing=tuple(
                Preparing(one, _gaps(desk, one.candidate, met[one.candidate.id])) for one in answer.to_prepare
            ),
            counts={why: counts[why] for why in Exclusion if counts[why]},
            excluded=tuple(Excluded(named[person.id], why) for person, why in shown),
            others=others,
            aside={one.candidate: one for one in uow.match_news.of_offer(offer.key) if one.reason},
            forwards={one.candidate: one for one in reversed(uow.forwards.of_offer(*offer.keys)) if not is_spent(one)},
        )


def is_within(found: Found) -> bool:
    """Whether the person can go there as things stand."""
    return Lack.DISTANCE not in found.match.lacks


def _gaps(desk: Desk, person: Candidate, met: date | None) -> tuple[CvLack, ...]:
    """What keeps the CV from being signed; none when a signature is all that is missing."""
    gaps = missing_for_ready(person, met_on=met, today=desk.today(), asks_to_keep=desk.asks_to_keep)
    return tuple(blocking(gaps))
