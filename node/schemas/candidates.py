"""Candidates of the town's own register."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from node.mission.parts import Counted
from node.mission.people.candidate import Candidate
from node.schemas.base import Schema, skill_labels

if TYPE_CHECKING:
    from node.referential import Referential


class ExperienceOut(Schema):
    """An occupation that the person seeks, and the months worked in it."""

    rome: str
    label: str
    months: int
    appellation: str
    """The name that was chosen among those of the occupation; empty for its own label."""


class ConsentOut(Schema):
    """One agreement."""

    id: str
    scope: str
    """keep, network, employer or offer."""
    given_on: date
    until: date
    how: str
    offer: str
    """The offer's name when the scope is offer, else empty."""
    employer: str
    """The employer's name when the scope is employer, else empty."""
    withdrawn_at: datetime | None


class ReadinessOut(Schema):
    """A counsellor's signature that the CV is worth guaranteeing."""

    by: str
    on: date
    met: str
    """in_person or by_phone."""
    met_on: date


class CandidateOut(Schema):
    """A person of the town's own register; read by the town's own staff alone."""

    id: str
    reference: str
    """The town's own number."""
    first_name: str
    last_name: str
    email: str
    phone: str
    """E.164, such as +33612345678; what an earlier version took in and nobody can read is as it was typed."""
    commune: str
    """INSEE code."""
    commune_name: str
    occupations: list[ExperienceOut]
    """The preferred one first."""
    skills: dict[str, str]
    """Code -> label."""
    qualification: int
    """France Travail's 1 to 9, 0 when unknown."""
    licences: list[str]
    languages: dict[str, str]
    """ISO 639-1 code -> CEFR level."""
    contracts: list[str]
    """Contract types accepted; empty for any."""
    mobility_km: int
    places: list[str]
    """INSEE codes accepted beyond that distance."""
    relocates: bool
    availability: date | None
    summary: str
    state: str
    """active, placed, limited (on hold, as the person asked) or withdrawn (they left)."""
    ready: bool
    """Whether the CV is signed as ready, and the signature has not lapsed."""
    published: bool
    """Whether the person counts in a release today."""
    readiness: ReadinessOut | None
    consents: list[ConsentOut]

    @classmethod
    def of(cls, candidate: Candidate, referential: "Referential", today: date) -> Self:
        """With labels beside codes; a code that the tables do not know stands for itself."""
        return cls(
            id=candidate.id,
            reference=candidate.reference,
            first_name=candidate.first_name,
            last_name=candidate.last_name,
            email=candidate.email,
            phone=candidate.phone,
            commune=candidate.commune,
            commune_name=referential.communes.name(candidate.commune),
            occupations=[
                ExperienceOut(
                    rome=e.rome,
                    label=referential.occupations.label(e.rome) or e.rome,
                    months=e.months,
                    appellation=e.appellation,
                )
                for e in candidate.occupations
            ],
            skills=skill_labels(sorted(candidate.skills), referential),
            qualification=candidate.qualification,
            licences=sorted(candidate.licences),
            languages=dict(candidate.languages),
            contracts=sorted(candidate.contracts),
            mobility_km=candidate.mobility_km,
            places=sorted(candidate.places),
            relocates=candidate.relocates,
            availability=candidate.availability,
            summary=candidate.summary,
            state=candidate.state.value,
            ready=candidate.is_ready(today),
            published=candidate.may_be_published(today),
            readiness=ReadinessOut.model_validate(candidate.readiness) if candidate.readiness else None,
            consents=[ConsentOut.model_validate(consent) for consent in candidate.consents],
        )


class CandidateList(Schema):
    """Part of the town's register, by reference."""

    candidates: list[CandidateOut]
    offset: int
    """How many people come before these."""
    total: int
    """How many people the whole register has."""

    @classmethod
    def of(cls, part: Counted[Candidate], offset: int, referential: "Referential", today: date) -> Self:
        people = [CandidateOut.of(one, referential, today) for one in part.rows]
        return cls(candidates=people, offset=offset, total=part.count)
