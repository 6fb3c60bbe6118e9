"""Matching at home: all open offers, the town's own and its peers', against the town's full register.

The register never leaves; what is found is for the counsellor, who then puts a person forward. Whether a pair matches
and why is `node/mission/matching/match.py`'s to say; this module adds what the register knows of each person: whether
the CV is signed as ready, how often the person was put forward, and whether that offer was among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest

from node.mission.matching.match import Fit, Match
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.services.desk import Desk
from node.services.matching.asking import Asking, asking
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
    Both best first; at equal score, whoever was put forward less often comes first."""

    matches: tuple[Found, ...]
    to_prepare: tuple[Found, ...]


def match_offer(desk: Desk, name: str, *, limit: int = DEFAULT_LIMIT) -> MatchAnswer:
    """The town's people for one open offer, `limit` at most of each kind. NotFound; a closed offer has no match."""
    with asking(desk) as ask:
        offer = find_offer(ask.uow, desk, name)
        return ranked(ask, offer, ask.people_for(offer).fits, limit)


def ranked(ask: Asking, offer: Offer, fits: Sequence[Fit], limit: int) -> MatchAnswer:
    """The best of those who match that offer, `limit` at most of each kind, each explained."""
    uow = ask.uow
    ready, waiting = list[Fit](), list[Fit]()
    for fit in fits:
        (ready if fit.candidate.is_ready(ask.today) else waiting).append(fit)
    ready, waiting = _front(ready, limit), _front(waiting, limit)
    served = uow.forwards.times_sent([one.candidate.id for one in (*ready, *waiting)])
    for some in (ready, waiting):
        some.sort(key=lambda one: (-one.score, served.get(one.candidate.id, 0), one.candidate.reference))
        del some[limit:]
    people = uow.candidates.many([one.candidate.id for one in (*ready, *waiting)])
    forwarded = {one.candidate: one.id for one in reversed(uow.forwards.of_offer(*offer.keys))}

    def found(some: Sequence[Fit], is_ready: bool) -> tuple[Found, ...]:
        return tuple(
            Found(
                match=one.explained(),
                candidate=people[one.candidate.id],
                offer=offer,
                ready=is_ready,
                served=served.get(one.candidate.id, 0),
                forward=forwarded.get(one.candidate.id, ""),
            )
            for one in some
        )

    return MatchAnswer(found(ready, True), found(waiting, False))


def _front(fits: list[Fit], limit: int) -> list[Fit]:
    """Those who can be among the first by their score: how often the others were put forward does not matter."""
    best = nlargest(limit, (one.score for one in fits))
    return [one for one in fits if one.score >= best[-1]] if best else []


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
