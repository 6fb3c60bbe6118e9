"""Matching at home: all open offers, the town's own and its peers', against the town's full register.

The register never leaves; what is found is for the counsellor, who then puts a person forward. Whether a pair matches
and why is `node/mission/matching/match.py`'s to say; this module adds what the register knows of each person: whether
the CV is signed as ready, how often the person was put forward, and whether that offer was among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from node.mission.forwards.forward import Forward, ForwardState
from node.mission.matching.index import MatchIndex
from node.mission.matching.match import Match, match_pair
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk
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
    today, referential = desk.today(), desk.referential()
    with desk.federation.database.read() as uow:
        offer = find_offer(uow, desk, name)
        found = []
        for candidate in uow.candidates.all():
            match = match_pair(candidate, offer, referential, today, desk.node_id)
            if match is not None:
                found.append((match, candidate))
        ready = {candidate.id: candidate.is_ready(today) for _match, candidate in found}
        served = _served(uow)
        found.sort(key=lambda pair: (-pair[0].score, served.get(pair[1].id, 0), pair[1].reference))
        forwarded = _latest(uow.forwards.of_offer(offer.key))

        def kind(is_ready: bool) -> tuple[Found, ...]:
            chosen = [pair for pair in found if ready[pair[1].id] is is_ready][:limit]
            return tuple(
                Found(
                    match=match,
                    candidate=candidate,
                    offer=offer,
                    ready=is_ready,
                    served=served.get(candidate.id, 0),
                    forward=forwarded.get(candidate.id, ""),
                )
                for match, candidate in chosen
            )

        return MatchAnswer(kind(True), kind(False))


def match_candidate(desk: Desk, name: str, *, limit: int = DEFAULT_LIMIT) -> MatchAnswer:
    """The open offers for one person, `limit` at most. NotFound; nothing for a person who is not looking; of
    other towns' offers, those alone that an agreement covers."""
    today = desk.today()
    with desk.federation.database.read() as uow:
        candidate = find_candidate(uow, name)
        offers = {offer.key: offer for offer in uow.offers.open(today)}
        forwards = uow.forwards.of_candidate(candidate.id)
    index = MatchIndex(offers.values(), desk.referential(), desk.node_id)
    matches = index.match_candidates([candidate], today, limit)[candidate.id]
    forwarded = {forward.offer: forward.id for forward in reversed(forwards)}
    ready, served = candidate.is_ready(today), sum(1 for forward in forwards if _was_sent(forward))
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


def _served(uow: MissionUnitOfWork) -> dict[str, int]:
    """Candidate id -> how often the person was put forward, whatever became of it."""
    counts: dict[str, int] = {}
    for forward in uow.forwards.all():
        if _was_sent(forward):
            counts[forward.candidate] = counts.get(forward.candidate, 0) + 1
    return counts


def _was_sent(forward: Forward) -> bool:
    return any(move.event is ForwardState.SENT for move in forward.moves)


def _latest(forwards: Sequence[Forward]) -> dict[str, str]:
    """Candidate id -> id of the newest of these forwards; they come newest first."""
    return {forward.candidate: forward.id for forward in reversed(forwards)}
