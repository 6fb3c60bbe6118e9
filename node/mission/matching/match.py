"""One person and one offer: whether they match, how well, and why. Exact, integer, and never a black box.

Guarantees: the score is the sum of the points in the explanation, 0 to 1000, in integers, so that two computations
never differ. What excludes a pair is short and hard (`match_pair` says it); all else only costs points and is named in
`lacks`, so that a near miss stays visible: a match that lacks only skills is the beginning of a training.

Excluded: a person who is not looking; an offer of another town, unless an agreement covers it (other towns, that
employer, or that offer); an offer that is closed; an occupation with no relation to any that the person seeks; a place
out of reach (see `mobility.py`). The own town's offers need no agreement before somebody is put forward. Readiness does
not exclude: the counsellor sees for whom the CV is worth reworking.

Read next: `index.py`, the same answer over many pairs at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from node.mission.matching.mobility import BEST_POINTS, Reach, Trip, best_trip
from node.mission.matching.seeker import Related, Relation, Seeker, qualification_rank
from node.mission.offers.offer import Need, Offer
from node.mission.people.candidate import Candidate
from node.mission.terms import Term
from node.referential import Referential

RULES_VERSION: Final = 1
"""Of these rules, as the public page names them: one more whenever a number or a rule changes what somebody scores."""
RULES_SINCE: Final = date(2026, 11, 30)
"""The day from which this version holds."""

REQUIRED_SKILLS: Final = 200
WISHED_SKILLS: Final = 50
EXPERIENCE: Final = 80
QUALIFICATION: Final = 40
CONTRACT: Final = 40
LICENCE: Final = 20
LANGUAGE: Final = 20


OCCUPATION: Final[Mapping[Relation, int]] = {Relation.SAME: 400, Relation.MOBILITY: 260, Relation.DOMAIN: 160}


class Lack(Term):
    """What stands between a person and an offer, and can be worked on."""

    SKILLS = "skills", "compétences à acquérir"
    DISTANCE = "distance", "trop loin"
    EXPERIENCE = "experience", "expérience insuffisante"
    QUALIFICATION = "qualification", "qualification inférieure"
    CONTRACT = "contract", "contrat non souhaité"
    LICENCE = "licence", "permis manquant"
    LANGUAGE = "language", "niveau de langue insuffisant"


class Points(NamedTuple):
    """What each criterion gave."""

    occupation: int
    skills: int
    distance: int
    experience: int
    qualification: int
    contract: int
    licence: int
    language: int


MOST: Final = Points(
    occupation=max(OCCUPATION.values()),
    skills=REQUIRED_SKILLS + WISHED_SKILLS,
    distance=BEST_POINTS,
    experience=EXPERIENCE,
    qualification=QUALIFICATION,
    contract=CONTRACT,
    licence=LICENCE,
    language=LANGUAGE,
)
"""The most that each criterion gives: a score is out of their sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a match scores what it scores.

    `through` is the occupation of the person's that the relation rests on; `experience_months` the months that count
    (those in another occupation count half); skills are codes, in the offer's order; `languages_missing` are
    (ISO 639-1 code, level asked).
    """

    relation: Relation
    through: str
    skills_covered: tuple[str, ...]
    skills_missing: tuple[str, ...]
    wished_covered: tuple[str, ...]
    wished_missing: tuple[str, ...]
    trip: Trip
    experience_months: int
    licences_missing: tuple[str, ...]
    languages_missing: tuple[tuple[str, str], ...]
    points: Points
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """One person, one offer, its best site for that person."""

    candidate_id: str
    offer_key: str
    site_id: str
    score: int
    explanation: Explanation

    @property
    def lacks(self) -> tuple[Lack, ...]:
        return self.explanation.lacks

    @property
    def lacks_only(self) -> Lack | None:
        """The one thing that is missing, when it is one; None for a full match or a distant one."""
        return self.lacks[0] if len(self.lacks) == 1 else None

    @property
    def training(self) -> tuple[str, ...]:
        """Skills to train so that the person can be put forward: those missing, when nothing else is."""
        return self.explanation.skills_missing if self.lacks_only is Lack.SKILLS else ()


def match_pair(
    candidate: Candidate, offer: Offer, referential: Referential, today: date, home: str = ""
) -> Match | None:
    """The match of one person and one offer, None when something excludes it. `home` is the id of the town's own node.
    The definition that `index.MatchIndex` and `people.PeopleIndex` must equal."""
    seeker = Seeker(candidate, referential.occupations, home)
    if not offer.takes_people(today) or not seeker.may_see(offer, today):
        return None
    if seeker.relation_to(offer.rome) is None:
        return None
    trip = best_trip(candidate, offer.sites, referential.communes)
    return None if trip is None else explain(seeker, offer, trip)


class OfferAsked:
    """An offer with what every comparison asks again."""

    __slots__ = ("languages", "months", "offer", "rank", "required", "wished")

    def __init__(self, offer: Offer) -> None:
        self.offer = offer
        self.required = [code for code, need in offer.skills if need is Need.REQUIRED]
        self.wished = [code for code, need in offer.skills if need is Need.WISHED]
        self.languages = [(one, f"{one[0]} {one[1]}") for one in offer.languages]
        self.months = months_asked(offer)
        self.rank = qualification_rank(offer.qualification)


def explain(seeker: Seeker, offer: Offer, trip: Trip) -> Match:
    """Score and explanation of a pair that nothing excludes."""
    related = seeker.relation_to(offer.rome)
    assert related is not None
    return Fit(seeker, OfferAsked(offer), related, trip).explained()


class Fit:
    """A pair that nothing excludes, with its points; why they are what they are is worked out for those who are shown
    (`explained`)."""

    __slots__ = ("_asked", "_related", "points", "score", "seeker", "trip")

    def __init__(self, seeker: Seeker, asked: OfferAsked, related: Related, trip: Trip) -> None:
        offer, candidate = asked.offer, seeker.candidate
        skills, contracts = candidate.skills, candidate.contracts
        self.seeker, self.trip = seeker, trip
        self._asked, self._related = asked, related
        self.points = Points(
            occupation=OCCUPATION[related.relation],
            skills=skills_points(
                sum(code in skills for code in asked.required),
                len(asked.required),
                sum(code in skills for code in asked.wished),
                len(asked.wished),
            ),
            distance=trip.points,
            experience=experience_points(asked.months, related.months),
            qualification=qualification_points(asked.rank, seeker.rank),
            contract=CONTRACT if not contracts or offer.contract in contracts else 0,
            licence=LICENCE if offer.licences <= seeker.licences else 0,
            language=LANGUAGE if all(seeker.speaks(one) for _code, one in asked.languages) else 0,
        )
        self.score = sum(self.points)

    @property
    def candidate(self) -> Candidate:
        return self.seeker.candidate

    def explained(self) -> Match:
        """The match, with what is covered and what is missing."""
        asked, seeker, trip, points = self._asked, self.seeker, self.trip, self.points
        offer, candidate = asked.offer, seeker.candidate
        covered, missing = _split(asked.required, candidate.skills)
        wished_covered, wished_missing = _split(asked.wished, candidate.skills)
        lacks = {
            Lack.SKILLS: bool(missing),
            Lack.DISTANCE: trip.reach in {Reach.TOO_FAR, Reach.UNKNOWN},
            Lack.EXPERIENCE: offer.experience == "E" and points.experience < EXPERIENCE,
            Lack.QUALIFICATION: 0 <= seeker.rank < asked.rank,
            Lack.CONTRACT: not points.contract,
            Lack.LICENCE: not points.licence,
            Lack.LANGUAGE: not points.language,
        }
        explanation = Explanation(
            relation=self._related.relation,
            through=self._related.through,
            skills_covered=covered,
            skills_missing=missing,
            wished_covered=wished_covered,
            wished_missing=wished_missing,
            trip=trip,
            experience_months=self._related.months,
            licences_missing=tuple(sorted(offer.licences - seeker.licences)),
            languages_missing=tuple(one for one, spoken in asked.languages if not seeker.speaks(spoken)),
            points=points,
            lacks=tuple(lack for lack, lacking in lacks.items() if lacking),
        )
        return Match(candidate.id, offer.key, trip.site, self.score, explanation)


def skills_points(covered: int, required: int, wished_covered: int, wished: int) -> int:
    """Points by the share of skills that the person has; an offer that asks for none gives all."""
    return (REQUIRED_SKILLS * covered // required if required else REQUIRED_SKILLS) + (
        WISHED_SKILLS * wished_covered // wished if wished else WISHED_SKILLS
    )


def months_asked(offer: Offer) -> int:
    """Months of experience that the offer asks for; 0 when it takes beginners. "Required" alone means at least one."""
    return 0 if offer.experience == "D" else max(1, offer.experience_months)


def experience_points(asked: int, months: int) -> int:
    """Points by the share of the months asked, 0 meaning none."""
    return EXPERIENCE * min(months, asked) // asked if asked else EXPERIENCE


def qualification_points(asked: int, held: int) -> int:
    """Points by rank, -1 meaning none asked, or unknown: half for one rank below, or for a person who did not say."""
    if asked < 0 or held >= asked:
        return QUALIFICATION
    return QUALIFICATION // 2 if held == -1 or held == asked - 1 else 0


def _split(wanted: list[str], held: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(code for code in wanted if code in held), tuple(code for code in wanted if code not in held)
