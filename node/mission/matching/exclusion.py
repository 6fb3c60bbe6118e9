"""Why a person and an offer do not match at all: the true reason, one, said so that it can be acted on.

Guarantees: `exclusion` is None exactly where `match_pair` gives a match (a property test says so), and asks the same
questions in the same order. Read next: `telling.py`, what is said of those who match.
"""

from datetime import date

from node.kit.i18n import gettext as _
from node.mission.matching.mobility import best_trip, metres_between
from node.mission.matching.seeker import Seeker
from node.mission.matching.telling import is_about, said_km
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.mission.terms import Term
from node.referential import Communes, Referential


class Exclusion(Term):
    """What keeps a person out of an offer's list, in the order in which it is asked."""

    CLOSED = "closed", "offre fermée"
    NOT_LOOKING = "not_looking", "pas en recherche"
    NO_AGREEMENT = "no_agreement", "aucun accord ne couvre cette offre"
    OTHER_OCCUPATION = "other_occupation", "autre métier"
    TOO_FAR = "too_far", "hors de portée"


def exclusion(
    candidate: Candidate, offer: Offer, referential: Referential, today: date, home: str = ""
) -> Exclusion | None:
    """What excludes this pair; None when they match. `home` is the id of the town's own node."""
    seeker = Seeker(candidate, referential.occupations, home)
    if not offer.takes_people(today):
        return Exclusion.CLOSED
    if not seeker.is_looking():
        return Exclusion.NOT_LOOKING
    if not seeker.may_see(offer, today):
        return Exclusion.NO_AGREEMENT
    if seeker.relation_to(offer.rome) is None:
        return Exclusion.OTHER_OCCUPATION
    return Exclusion.TOO_FAR if best_trip(candidate, offer.sites, referential.communes) is None else None


def say_exclusion(why: Exclusion, candidate: Candidate, offer: Offer, communes: Communes) -> str:
    """The sentence: which state, how many kilometres."""
    match why:
        case Exclusion.CLOSED:
            return _("the offer is closed")
        case Exclusion.NOT_LOOKING:
            return _("not looking for work now: {state}").format(state=candidate.state.label.lower())
        case Exclusion.NO_AGREEMENT:
            return _("another town's offer, and no agreement covers it")
        case Exclusion.OTHER_OCCUPATION:
            return _("looks for another occupation")
        case Exclusion.TOO_FAR:
            return _too_far(candidate, offer, communes)


def _too_far(candidate: Candidate, offer: Offer, communes: Communes) -> str:
    known = [
        (metres, site.commune)
        for site in offer.sites
        if (metres := metres_between(candidate.commune, site.commune, communes)) is not None
    ]
    if not known:
        return _("the offer has no place")
    metres, commune = min(known)
    text = _("{km} km, beyond their {limit} km and what could be asked")
    return text.format(km=said_km(metres, is_about(candidate.commune, commune, communes)), limit=candidate.mobility_km)
