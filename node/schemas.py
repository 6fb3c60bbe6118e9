"""What programs read: the JSON shapes that the API answers and that commands print with `--json`, one and the same.

Built from domain values; nothing here decides anything. Dates are ISO 8601, moments UTC.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from federation.ports import Disclosure
from node.mission.candidates import Candidate
from node.mission.offers import Offer
from node.referential import Referential
from node.services.importing import ImportReport
from node.services.publishing import ReleaseResult
from node.services.searching import SheetAnswer


class Schema(BaseModel):
    """Read from the domain value's attributes."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class ExperienceOut(Schema):
    rome: str
    label: str
    months: int


class ConsentOut(Schema):
    id: str
    scope: str
    given_on: date
    until: date
    how: str
    offer: str
    withdrawn_at: datetime | None


class ReadinessOut(Schema):
    by: str
    on: date
    met: str
    met_on: date


class CandidateOut(Schema):
    """A person of the town's own register; read by the town's own staff alone."""

    id: str
    reference: str
    first_name: str
    last_name: str
    email: str
    phone: str
    commune: str
    commune_name: str
    occupations: list[ExperienceOut]
    skills: dict[str, str]
    qualification: int
    licences: list[str]
    languages: dict[str, str]
    contracts: list[str]
    mobility_km: int
    availability: date | None
    summary: str
    state: str
    ready: bool
    published: bool
    readiness: ReadinessOut | None
    consents: list[ConsentOut]

    @classmethod
    def of(cls, candidate: Candidate, referential: Referential, today: date) -> Self:
        """With labels beside codes; a code that the tables do not know stands for itself."""
        commune = referential.communes.get(candidate.commune)
        return cls(
            id=candidate.id,
            reference=candidate.reference,
            first_name=candidate.first_name,
            last_name=candidate.last_name,
            email=candidate.email,
            phone=candidate.phone,
            commune=candidate.commune,
            commune_name=commune.name if commune else candidate.commune,
            occupations=[
                ExperienceOut(rome=e.rome, label=referential.occupations.label(e.rome) or e.rome, months=e.months)
                for e in candidate.occupations
            ],
            skills={code: referential.skills.label(code) or code for code in sorted(candidate.skills)},
            qualification=candidate.qualification,
            licences=sorted(candidate.licences),
            languages=dict(candidate.languages),
            contracts=sorted(candidate.contracts),
            mobility_km=candidate.mobility_km,
            availability=candidate.availability,
            summary=candidate.summary,
            state=candidate.state.value,
            ready=candidate.is_ready(today),
            published=candidate.may_be_published(today),
            readiness=ReadinessOut.model_validate(candidate.readiness) if candidate.readiness else None,
            consents=[ConsentOut.model_validate(consent) for consent in candidate.consents],
        )


class SiteOut(Schema):
    id: str
    commune: str
    commune_name: str
    label: str
    posts: int


class OfferOut(Schema):
    """An offer of this node or of a peer; `key` names it in the whole network."""

    key: str
    id: str
    node: str
    reference: str
    revision: int
    employer: str
    title: str
    rome: str
    description: str
    contract: str
    months: int
    hours: int
    salary: str
    experience: str
    experience_months: int
    qualification: int
    skills: dict[str, str]
    licences: list[str]
    sites: list[SiteOut]
    posts: int
    closes: date
    published: datetime | None
    state: str
    network: bool

    @classmethod
    def of(cls, offer: Offer, referential: Referential) -> Self:
        """With commune names; `skills` maps each code to E (required) or S (wished)."""
        sites = []
        for site in offer.sites:
            commune = referential.communes.get(site.commune)
            name = commune.name if commune else site.commune
            sites.append(
                SiteOut(id=site.id, commune=site.commune, commune_name=name, label=site.label, posts=site.posts)
            )
        return cls(
            key=offer.key,
            id=offer.id,
            node=offer.node,
            reference=offer.reference,
            revision=offer.revision,
            employer=offer.employer,
            title=offer.title,
            rome=offer.rome,
            description=offer.description,
            contract=offer.contract,
            months=offer.months,
            hours=offer.hours,
            salary=offer.salary,
            experience=offer.experience,
            experience_months=offer.experience_months,
            qualification=offer.qualification,
            skills={code: need.value for code, need in offer.skills},
            licences=sorted(offer.licences),
            sites=sites,
            posts=offer.posts,
            closes=offer.closes,
            published=offer.published,
            state=offer.state.value,
            network=offer.network,
        )


class MoveOut(Schema):
    event: str
    at: datetime
    by: str
    reason: str
    to_candidate: str
    to_guarantor: str


class ForwardOut(Schema):
    """A forward as this side keeps it, with its whole history."""

    id: str
    side: str
    peer: str
    offer: str
    revision: int
    site: str
    candidate: str
    why: str
    state: str
    created: datetime
    has_dossier: bool
    moves: list[MoveOut]


class ProblemLine(Schema):
    line: int
    problem: str


class ImportOut(Schema):
    """What became of a file."""

    added: int
    updated: int
    unchanged: int
    problems: list[ProblemLine]

    @classmethod
    def of(cls, report: ImportReport) -> Self:
        problems = [ProblemLine(line=line, problem=problem) for line, problem in report.problems]
        return cls(added=report.added, updated=report.updated, unchanged=report.unchanged, problems=problems)


class SheetOut(Schema):
    occupation: str
    size: str
    skills: list[str]
    languages: list[str]
    contracts: list[str]


class SheetFoundOut(Schema):
    node: str
    node_name: str
    occupation: str
    label: str
    size: str
    relation: str
    shared: list[str]
    sheet: SheetOut


class CoverageOut(Schema):
    node: str
    name: str
    release: int
    released_at: datetime | None
    synced_at: datetime | None


class SheetAnswerOut(Schema):
    """Sheets of all nodes, and what the answer covers."""

    found: list[SheetFoundOut]
    at_least: int
    coverage: list[CoverageOut]

    @classmethod
    def of(cls, answer: SheetAnswer) -> Self:
        return cls.model_validate(answer)


class ErasureOut(Schema):
    """A line of the disclosure ledger: who was given a dossier, and whether its erasure was ordered and attested."""

    forward: str
    holder: str
    disclosed_at: datetime
    order: str
    ordered_at: datetime | None
    receipt_at: datetime | None

    @classmethod
    def all(cls, disclosures: Sequence[Disclosure]) -> list[Self]:
        return [cls.model_validate(disclosure) for disclosure in disclosures]


class ReleaseOut(Schema):
    """A release: its sheets, what was withheld, and whether it was published or only previewed."""

    release: int
    at: str
    k: int
    published: bool
    sheets: list[SheetOut]
    withheld: int

    @classmethod
    def of(cls, result: ReleaseResult) -> Self:
        message = result.release.message
        return cls(
            release=message.release,
            at=message.at,
            k=message.k,
            published=result.index is not None,
            sheets=[SheetOut.model_validate(sheet) for sheet in message.sheets],
            withheld=sum(group.count for group in result.release.withheld),
        )
