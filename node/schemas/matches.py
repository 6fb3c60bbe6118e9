"""Matches, explained."""

from typing import TYPE_CHECKING, Self

from node.kit.i18n import speaking
from node.schemas.base import Schema, skill_labels

if TYPE_CHECKING:
    from node.mission.matching.match import Points
    from node.mission.matching.telling import ToldLine
    from node.referential import Referential
    from node.services.matching.matching import Found, MatchAnswer


class PointsOut(Schema):
    """What each criterion gave; the score is their sum."""

    occupation: int
    skills: int
    distance: int
    experience: int
    qualification: int
    contract: int
    licence: int
    language: int

    @classmethod
    def of(cls, points: "Points") -> Self:
        return cls(**points._asdict())


class ReasonOut(Schema):
    """One sentence of a match."""

    criterion: str
    """occupation, skills, wished, distance, experience, qualification, contract, licence, language or hours."""
    ok: bool | None
    """true: it fits; false: it is missing (also in `lacks`); null: neither, it costs points or is not known."""
    text: str
    """French, whatever the language of the node: the profession's own words."""

    @classmethod
    def of(cls, told: "ToldLine") -> Self:
        return cls(criterion=told.criterion.value, ok=told.ok, text=told.text)


class MatchOut(Schema):
    """One person of this town and one offer, with its best site for that person, and why."""

    candidate: str
    """The candidate's number."""
    reference: str
    """The town's own number of the candidate."""
    offer: str
    """The offer's name in the whole network."""
    title: str
    employer: str
    score: int
    """0 to 1000, the sum of the points."""
    points: PointsOut
    ready: bool
    """Whether the CV is signed as ready."""
    served: int
    """How often the person was put forward."""
    forward: str
    """The latest forward of this person to this offer, drafts included; empty when there is none."""
    relation: str
    """same, mobility (a near occupation) or domain."""
    relation_label: str
    through: str
    """The occupation of the person's that the relation rests on."""
    site: str
    commune: str
    commune_name: str
    reach: str
    """within, accepted, relocates, too_far or unknown."""
    km: float | None
    """Geodesic distance between the communes; null when one has no known point."""
    beyond_km: float
    """How many kilometres too many; 0 when it is not too far."""
    experience_months: int
    skills_covered: dict[str, str]
    """Required skills that the person has, code -> label."""
    skills_missing: dict[str, str]
    wished_covered: dict[str, str]
    wished_missing: dict[str, str]
    licences_missing: list[str]
    languages_missing: dict[str, str]
    """ISO 639-1 code -> level asked."""
    lacks: dict[str, str]
    """What stands between the person and the offer, code -> French label; empty for a full match."""
    reasons: list[ReasonOut]
    """The match in sentences, in the order of the criteria; what the offer does not ask for is left out."""
    training: list[str]
    """Codes of the skills to train, when nothing else is missing."""

    @classmethod
    def of(cls, found: "Found", referential: "Referential") -> Self:
        # Here, as a command that prints no match needs none of it.
        from node.mission.matching.telling import tell

        match, why = found.match, found.match.explanation
        with speaking("fr"):
            told = tell(match, found.candidate, found.offer, referential)
        return cls(
            candidate=match.candidate_id,
            reference=found.candidate.reference,
            offer=match.offer_key,
            title=found.offer.title,
            employer=found.offer.employer,
            score=match.score,
            points=PointsOut.of(why.points),
            ready=found.ready,
            served=found.served,
            forward=found.forward,
            relation=why.relation.value,
            relation_label=why.relation.label,
            through=why.through,
            site=match.site_id,
            commune=why.trip.commune,
            commune_name=referential.communes.name(why.trip.commune),
            reach=why.trip.reach.value,
            km=why.trip.km,
            beyond_km=why.trip.beyond_km,
            experience_months=why.experience_months,
            skills_covered=skill_labels(why.skills_covered, referential),
            skills_missing=skill_labels(why.skills_missing, referential),
            wished_covered=skill_labels(why.wished_covered, referential),
            wished_missing=skill_labels(why.wished_missing, referential),
            licences_missing=list(why.licences_missing),
            languages_missing=dict(why.languages_missing),
            lacks={lack.value: lack.label for lack in match.lacks},
            reasons=[ReasonOut.of(one) for one in told],
            training=list(match.training),
        )


class MatchAnswerOut(Schema):
    """Best first; at equal score, whoever was put forward less often comes first."""

    matches: list[MatchOut]
    """May be put forward."""
    to_prepare: list[MatchOut]
    """Match as well, and wait for a counsellor to sign the CV as ready."""

    @classmethod
    def of(cls, answer: "MatchAnswer", referential: "Referential") -> Self:
        return cls(
            matches=[MatchOut.of(found, referential) for found in answer.matches],
            to_prepare=[MatchOut.of(found, referential) for found in answer.to_prepare],
        )
