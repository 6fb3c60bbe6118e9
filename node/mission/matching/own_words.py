"""A match told to the person whom it concerns: the counsellor's sentences, those about the person's own wishes said to
them.

Guarantees: the same sentences, in the same order and as true, as `telling.py` gives; only the words change. Read next:
`telling.py`.
"""

from dataclasses import replace

from node.kit.i18n import gettext as _
from node.mission.matching.match import Match
from node.mission.matching.mobility import Reach
from node.mission.matching.seeker import Relation
from node.mission.matching.telling import MatchCriterion, ToldLine, is_about, said_km, tell
from node.mission.offers.hours import hours_text
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.mission.terms import Contract
from node.referential import Communes, Referential


def tell_own(match: Match, candidate: Candidate, offer: Offer, referential: Referential) -> tuple[ToldLine, ...]:
    """The match of these two, as the person reads it."""
    return tuple(
        replace(line, text=_own(line, match, candidate, offer, referential))
        for line in tell(match, candidate, offer, referential)
    )


def _own(line: ToldLine, match: Match, candidate: Candidate, offer: Offer, referential: Referential) -> str:
    match line.criterion:
        case MatchCriterion.OCCUPATION if match.explanation.relation is Relation.SAME:
            return _("you look for this occupation")
        case MatchCriterion.DISTANCE:
            return _distance(line, match, candidate, referential.communes)
        case MatchCriterion.CONTRACT:
            return _contract(candidate, offer)
        case MatchCriterion.HOURS:
            return (
                _("{hours} a week, as you wish") if line.ok else _("{hours} a week: you wish something else")
            ).format(hours=hours_text(offer.hours))
        case _:
            return line.text


def _distance(line: ToldLine, match: Match, candidate: Candidate, communes: Communes) -> str:
    trip = match.explanation.trip
    if trip.metres is None:
        return {
            Reach.ACCEPTED: _("a town where you agree to work"),
            Reach.RELOCATES: _("distance not known: you agree to move house"),
        }.get(trip.reach, line.text)
    if trip.commune == candidate.commune:
        return _("in your town")
    sentence = {
        Reach.WITHIN: _("{km} km from your town: you go as far as {limit} km"),
        Reach.ACCEPTED: _("{km} km, a town where you agree to work"),
        Reach.RELOCATES: _("{km} km: you agree to move house"),
        Reach.TOO_FAR: _("{km} km from your town: you said {limit} km at most"),
    }.get(trip.reach)
    if sentence is None:
        return line.text
    return sentence.format(
        km=said_km(trip.metres, is_about(candidate.commune, trip.commune, communes)), limit=trip.limit // 1000
    )


def _contract(candidate: Candidate, offer: Offer) -> str:
    known = Contract.read(offer.contract)
    name = known.label if known is not None else offer.contract
    if not candidate.contracts:
        sentence = _("{contract}: you take any contract")
    elif offer.contract in candidate.contracts:
        sentence = _("{contract}, as you wish")
    else:
        sentence = _("{contract}: you wish another contract")
    return sentence.format(contract=name)
