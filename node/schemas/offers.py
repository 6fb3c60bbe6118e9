"""Offers of this node and of its peers."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from node.mission.offers.offer import Offer
from node.schemas.base import Schema

if TYPE_CHECKING:
    from node.referential import Referential


class SiteOut(Schema):
    """A place with posts."""

    id: str
    commune: str
    """INSEE code."""
    commune_name: str
    label: str
    posts: int


class OfferOut(Schema):
    """An offer of this node or of a peer."""

    key: str
    """The offer's name in the whole network, "<node>/<offer>"."""
    id: str
    node: str
    """Who published it."""
    reference: str
    """The employer's own number; empty for a peer's offer."""
    revision: int
    employer: str
    title: str
    rome: str
    description: str
    contract: str
    """France Travail's code; APP and PRO for apprenticeship and professionalisation."""
    months: int
    """How long the contract lasts; 0 when it has no end or it is not said."""
    hours: int
    """Minutes a week; 0 when not said."""
    salary: str
    experience: str
    """D (beginner accepted), S (wished) or E (required)."""
    experience_months: int
    qualification: int
    """France Travail's 1 to 9, 0 when none is asked."""
    skills: dict[str, str]
    """Code -> E (required) or S (wished)."""
    languages: dict[str, str]
    """ISO 639-1 code -> least CEFR level."""
    licences: list[str]
    sites: list[SiteOut]
    posts: int
    closes: date
    published: datetime | None
    state: str
    """open, closed or merged (closed, as the same as another offer); need (an employer's, no offer yet) and spontaneous
    (an employer that people are put forward to without an offer) are the town's alone and in no list."""
    network: bool
    """Whether peers see it."""
    network_on: date | None
    """The day on which an offer of this town alone goes to the network."""
    answer_days: int
    """The days of silence after which a forward ends."""
    most_open: int
    """How many open forwards the employer wants at most; 0 for five a post."""
    cap: int
    """How many open forwards it takes: `most_open`, or five a post."""
    clause: bool
    """Whether hours of insertion are due with it (clause sociale); known of this town's own offers alone."""
    clause_hours: int
    """How many; 0 when not said."""
    merged_into: str
    """The number of the offer that is kept in its place; empty unless merged."""

    @classmethod
    def of(cls, offer: Offer, referential: "Referential") -> Self:
        """With commune names."""
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
            languages=dict(offer.languages),
            licences=sorted(offer.licences),
            sites=[
                SiteOut(
                    id=site.id,
                    commune=site.commune,
                    commune_name=referential.communes.name(site.commune),
                    label=site.label,
                    posts=site.posts,
                )
                for site in offer.sites
            ],
            posts=offer.posts,
            closes=offer.closes,
            published=offer.published,
            state=offer.state.value,
            network=offer.network,
            network_on=offer.network_on,
            answer_days=offer.answer_days,
            most_open=offer.most_open,
            cap=offer.cap,
            clause=offer.clause,
            clause_hours=offer.clause_hours,
            merged_into=offer.merged_into,
        )


class OfferList(Schema):
    """Offers, newest first."""

    offers: list[OfferOut]

    @classmethod
    def of(cls, offers: Iterable[Offer], referential: "Referential") -> Self:
        return cls(offers=[OfferOut.of(one, referential) for one in offers])
