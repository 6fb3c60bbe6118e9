"""Offers and campaigns: one struct for both, a campaign being an offer with several sites."""

from typing import Annotated, Literal

from msgspec import Meta

from protocol.wire_types import (
    Count,
    Day,
    Identifier,
    InseeCode,
    Number,
    RomeCode,
    Short,
    SkillCode,
    Text,
    Timestamp,
    WireStruct,
)

Contract = Literal["CDI", "CDD", "MIS", "SAI", "CCE", "FRA", "LIB", "REP", "TTI", "DDI", "DIN", "APP", "PRO"]
"""France Travail contract types; `APP` and `PRO` stand for apprenticeship and professionalisation (natureContrat E2
and FS)."""


class WantedSkill(WireStruct, frozen=True):
    """A skill of the shared referential that the post asks for (`E`: exigée) or would welcome (`S`: souhaitée)."""

    code: SkillCode
    need: Literal["E", "S"]


class WantedLanguage(WireStruct, frozen=True):
    """ISO 639-1 code and the least CEFR level."""

    code: Annotated[str, Meta(pattern=r"\A[a-z]{2}\Z")]
    level: Literal["A1", "A2", "B1", "B2", "C1", "C2"]


class Site(WireStruct, frozen=True):
    """A place where the offer has posts."""

    site: Identifier
    commune: InseeCode
    label: Short
    posts: Count


class PublishedOffer(WireStruct, frozen=True):
    """What every version says.

    `experience`: D (beginner accepted), S (wished), E (required), with the months asked (0 when none);
    `qualification`: France Travail's 1 to 9, 0 when none is asked; `hours`: minutes a week, 0 when not said;
    `licences`: driving licence categories that the post requires.
    """

    offer: Identifier
    revision: Number
    employer: Short
    title: Short
    rome: RomeCode
    description: Text
    contract: Contract
    months: Annotated[int, Meta(ge=0, le=600)]
    hours: Annotated[int, Meta(ge=0, le=10080)]
    salary: Short
    experience: Literal["D", "S", "E"]
    experience_months: Annotated[int, Meta(ge=0, le=600)]
    qualification: Annotated[int, Meta(ge=0, le=9)]
    skills: Annotated[list[WantedSkill], Meta(max_length=60)]
    languages: Annotated[list[WantedLanguage], Meta(max_length=10)]
    licences: Annotated[list[Annotated[str, Meta(pattern=r"\A[A-Z0-9]{1,4}\Z")]], Meta(max_length=15)]
    sites: Annotated[list[Site], Meta(min_length=1, max_length=1000)]
    published: Timestamp
    closes: Day

    def __post_init__(self) -> None:
        if len({site.site for site in self.sites}) != len(self.sites):
            raise ValueError("an offer's sites have different identifiers")


class FormerOfferPublished(PublishedOffer, frozen=True, tag_field="kind", tag="offer.published/1"):
    """An offer before it said how long its employer takes to answer: still read, never written."""


class OfferPublished(PublishedOffer, frozen=True, tag_field="kind", tag="offer.published/2"):
    """An offer as all nodes see it; a higher `revision` of the same `offer` replaces a lower one.

    `answer_days`: the days of silence after which a forward ends; `cap`: how many open forwards it takes, 0 for five
    for each of its posts.
    """

    answer_days: Annotated[int, Meta(ge=7, le=60)]
    cap: Annotated[int, Meta(ge=0, le=100_000)]


class OfferClosed(WireStruct, frozen=True, tag_field="kind", tag="offer.closed/1"):
    """No further forward is taken for this offer."""

    offer: Identifier
    revision: Number
    at: Timestamp
    reason: Literal["filled", "cancelled", "expired"]
