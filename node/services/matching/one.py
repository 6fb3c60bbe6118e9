"""One person and one offer: whether they match, why, or what keeps them apart. Nothing else is compared for it."""

from dataclasses import dataclass

from node.mission.matching.exclusion import Exclusion, exclusion
from node.mission.matching.match import Match, match_pair
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.services.desk import Desk


@dataclass(frozen=True, slots=True)
class OnePair:
    """A person and an offer: their match, or what excludes it; never both, never neither."""

    candidate: Candidate
    offer: Offer
    match: Match | None
    why_not: Exclusion | None


def one_pair(desk: Desk, candidate: Candidate, offer: Offer) -> OnePair:
    """These two, today."""
    referential, today = desk.referential(), desk.today()
    match = match_pair(candidate, offer, referential, today, desk.node_id)
    why_not = exclusion(candidate, offer, referential, today, desk.node_id) if match is None else None
    return OnePair(candidate, offer, match, why_not)
