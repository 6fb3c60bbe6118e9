"""`/api/v1/offers`: this node's own offers, and all that peers published."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from pydantic import Field, JsonValue

from node.api.inputs import Body, Day, LimitQuery, Line, Name, NameQuery, Text
from node.mission.accounts.trail import PROGRAM
from node.mission.offers.offer import LEAST_ANSWER_DAYS, MOST_ANSWER_DAYS, MOST_OPEN, OfferSite
from node.mission.offers.rules import (
    MAX_ADDRESS,
    MAX_CLAUSE_HOURS,
    MAX_LANGUAGES,
    MAX_MINUTES,
    MAX_MONTHS,
    MAX_POSTS,
    MAX_SITES,
    MAX_SKILLS,
)
from node.requests import NodeOf
from node.schemas.offers import OfferList, OfferOut
from node.services.desk import Refused
from node.services.offers import finding, offers
from node.services.offers.corrections import told_changes
from node.services.offers.publishing import close_offer
from node.services.offers.searching import search_offers
from node.services.people.saving import BadFields

router = APIRouter(prefix="/offers", tags=["offers"])

SkillCode = Annotated[str, Field(pattern=r"^[0-9]{1,9}$")]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
ContractCode = Literal["CDI", "CDD", "MIS", "SAI", "CCE", "FRA", "LIB", "REP", "TTI", "DDI", "DIN", "APP", "PRO"]
Level = Literal["A1", "A2", "B1", "B2", "C1", "C2"]
CLOSED: Final[dict[str, JsonValue]] = {"additionalProperties": False}
"""Said of a table whose keys have a pattern: others are refused."""


class SiteIn(Body):
    """A place with posts. People are put forward to a place by its number: tell it of a place that stays."""

    id: Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9_-]{0,63})?$")] = ""
    """Empty: that of the place with this commune and label, else a new one."""
    commune: Annotated[str, Field(pattern=r"^[0-9][0-9AB][0-9]{3}$")]
    """INSEE code."""
    label: Line = ""
    posts: Annotated[int, Field(ge=1, le=MAX_POSTS)] = 1


class OfferCorrectionIn(Body):
    """What to change; what is left out, or null, stays as it is. Lists are told whole. What the law or the town's
    tables forbid is 409 `offer_refused`."""

    title: Line | None = None
    employer: Line | None = None
    reference: Annotated[Line, Field(max_length=64)] | None = None
    """The employer's own number; empty to forget it."""
    rome: Annotated[str, Field(pattern=r"^[A-N][0-9]{4}$")] | None = None
    description: Text | None = None
    contract: ContractCode | None = None
    """France Travail's code; APP and PRO for apprenticeship and professionalisation."""
    months: Annotated[int, Field(ge=0, le=MAX_MONTHS)] | None = None
    """How long the contract lasts; 0 when it has no end or it is not said."""
    hours: Annotated[int, Field(ge=0, le=MAX_MINUTES)] | None = None
    """Minutes a week; 0 when not said."""
    salary: Line | None = None
    experience: Literal["D", "S", "E"] | None = None
    """D (beginner accepted), S (wished) or E (required)."""
    experience_months: Annotated[int, Field(ge=0, le=MAX_MONTHS)] | None = None
    qualification: Annotated[int, Field(ge=0, le=9)] | None = None
    """France Travail's 1 to 9, 0 when none is asked."""
    skills: (
        Annotated[dict[SkillCode, Literal["E", "S"]], Field(max_length=MAX_SKILLS, json_schema_extra=CLOSED)] | None
    ) = None
    """Code -> E (required) or S (wished)."""
    languages: (
        Annotated[dict[LanguageCode, Level], Field(max_length=MAX_LANGUAGES, json_schema_extra=CLOSED)] | None
    ) = None
    """ISO 639-1 code -> least CEFR level."""
    licences: Annotated[list[Line], Field(max_length=20)] | None = None
    """Driving licence categories that the post requires."""
    sites: Annotated[list[SiteIn], Field(min_length=1, max_length=MAX_SITES)] | None = None
    closes: Day | None = None
    """The last day."""
    network: bool | None = None
    """True: peers see it from now on. What they see already is not taken back (409 `offer_public`)."""
    network_on: Day | None = None
    """The day on which an offer of this town alone goes to the network; null takes it back."""
    answer_days: Annotated[int, Field(ge=LEAST_ANSWER_DAYS, le=MOST_ANSWER_DAYS)] | None = None
    """The days of silence after which a forward ends."""
    most_open: Annotated[int, Field(ge=0, le=MOST_OPEN)] | None = None
    """How many open forwards the employer wants at most; 0 for five a post."""
    clause: bool | None = None
    """Whether hours of insertion are due with it: stays on this node, as the hours do."""
    clause_hours: Annotated[int, Field(ge=0, le=MAX_CLAUSE_HOURS)] | None = None
    contact_name: Line | None = None
    """Whom the mission calls: stays on this node. Empty to forget it, like the three below."""
    contact_email: Line | None = None
    contact_phone: Line | None = None
    contact_address: Annotated[Text, Field(max_length=MAX_ADDRESS)] | None = None

    def changes(self) -> dict[str, Any]:
        """As `edit_offer` takes them."""
        told = {name: getattr(self, name) for name in self.model_fields_set - {"network_on", "sites"}}
        if self.sites is not None:
            told["sites"] = tuple(OfferSite(**one.model_dump()) for one in self.sites)
        taken = {"network_on": self.network_on} if "network_on" in self.model_fields_set else {}
        return told_changes(told) | taken


class ClosingIn(Body):
    """Why the offer is closed."""

    reason: Literal["filled", "cancelled", "expired"] = "filled"


@router.get("")
def list_offers(
    node: NodeOf,
    own: Annotated[bool, Query(description="Only this node's offers, closed ones too.")] = False,
    rome: Annotated[str, Query(pattern=r"^([A-N][0-9]{0,4})?$", description="A ROME code, or its beginning.")] = "",
    text: Annotated[NameQuery, Query(description="Words of the title, the employer or the description.")] = "",
    commune: Annotated[str, Query(pattern=r"^([0-9][0-9AB][0-9]{3})?$", description="A site's INSEE code.")] = "",
    limit: LimitQuery = 100,
) -> OfferList:
    """Open offers of all nodes, newest first."""
    found = search_offers(node.desk, own=own, rome=rome, text=text, commune=commune, limit=limit)
    return OfferList.of(found, node.desk.referential())


@router.get("/{node_id}/{offer}")
def get_offer(node: NodeOf, node_id: Name, offer: Name) -> OfferOut:
    """One offer, by its name in the whole network."""
    return OfferOut.of(finding.one_offer(node.desk, f"{node_id}/{offer}"), node.desk.referential())


@router.patch("/{offer}")
def correct_offer(node: NodeOf, offer: Name, body: OfferCorrectionIn) -> OfferOut:
    """Correct one of this node's own open offers, by number or reference; peers get the new revision."""
    try:
        kept = offers.edit_offer(node.desk, offer, actor=PROGRAM, **body.changes())
    except BadFields as error:
        if any(text is not None and not text.strip() for text in (body.title, body.employer)):
            raise
        # The form of each field is right: the day, or the law, forbids what it says.
        raise Refused("offer_refused", str(error)) from error
    return OfferOut.of(kept, node.desk.referential())


@router.post("/{offer}/close")
def close(node: NodeOf, offer: Name, body: ClosingIn = ClosingIn()) -> OfferOut:
    """Close one of this node's own offers: peers are told, and no further forward is taken."""
    return OfferOut.of(close_offer(node.desk, offer, body.reason, PROGRAM), node.desk.referential())
