"""Matching at home: all open offers, the town's own and its peers', against the town's full register.

The register never leaves; what is found is for the counsellor, who then puts a person forward. Whether a pair matches
and why is `node/mission/matching/match.py`'s to say; this module adds what the register knows of each person: whether
the CV is signed as ready, how often the person was put forward, and whether that offer was among them.
"""

from dataclasses import dataclass

from node.mission.matching.match import Match
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.services.desk import Desk
from node.services.matching.asking import asking
from node.services.offers.finding import find_offer
from node.services.people.finding import find_candidate

DEFAULT_LIMIT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One person and one offer that match. `ready` says whether the person may be put forward today, `served` how
    often they were, and `forward` is the id of the latest forward to this very offer, drafts included, or empty."""

    match: Match
    candidate: Candidate
    offer: Offer
    ready: bool
    served: int
    forward: str


@dataclass(frozen=True, slots=True)
class MatchAnswer:
    """`matches` may be put forward; `to_prepare` match as well, and wait for a counsellor to sign their CV as ready.
    Both best first; at equal score, whoever was put forward less often comes first. Of an offer, `fitting` are the
    numbers of all who match, shown or not."""

    matches: tuple[Found, ...]
    to_prepare: tuple[Found, ...]
    fitting: frozenset[str] = frozenset()


def match_offer(desk: Desk, name: str, *, limit: int = DEFAULT_LIMIT) -> MatchAnswer:
    """The town's people for one open offer, `limit` at most of each kind. NotFound; a closed offer has no match."""
    with asking(desk) as ask:
        uow = ask.uow
        offer = find_offer(uow, desk, name)
        fitting = ask.people_for(offer)
        served = uow.forwards.times_sent([person.id for _match, person in fitting])
        ranked = sorted(
            fitting,
            key=lambda pair: (-pair[0].score, served.get(pair[1].id, 0), pair[1].reference),
        )
        ready = [match for match, person in ranked if person.is_ready(ask.today)][:limit]
        waiting = [match for match, person in ranked if not person.is_ready(ask.today)][:limit]
        people = uow.candidates.many([match.candidate_id for match in (*ready, *waiting)])
        forwarded = {one.candidate: one.id for one in reversed(uow.forwards.of_offer(*offer.keys))}

        def found(matches: list[Match], is_ready: bool) -> tuple[Found, ...]:
            return tuple(
                Found(
                    match=match,
                    candidate=people[match.candidate_id],
                    offer=offer,
                    ready=is_ready,
                    served=served.get(match.candidate_id, 0),
                    forward=forwarded.get(match.candidate_id, ""),
                )
                for match in matches
            )

        return MatchAnswer(
            found(ready, True), found(waiting, False), frozenset(match.candidate_id for match, _person in ranked)
        )


def match_candidate(desk: Desk, name: str, *, limit: int = DEFAULT_LIMIT) -> MatchAnswer:
    """The open offers for one person, `limit` at most. NotFound; nothing for a person who is not looking; of
    other towns' offers, those alone that an agreement covers."""
    with asking(desk) as ask:
        uow = ask.uow
        candidate = find_candidate(uow, name)
        matches = ask.offers_for(candidate, limit)
        offers = uow.offers.many([match.offer_key for match in matches])
        forwarded = {one.offer: one.id for one in reversed(uow.forwards.of_candidate(candidate.id))}
        served = uow.forwards.times_sent([candidate.id]).get(candidate.id, 0)
    ready = candidate.is_ready(ask.today)
    found = tuple(
        Found(
            match=match,
            candidate=candidate,
            offer=offers[match.offer_key],
            ready=ready,
            served=served,
            forward=forwarded.get(match.offer_key, ""),
        )
        for match in matches
    )
    return MatchAnswer(found, ()) if ready else MatchAnswer((), found)
