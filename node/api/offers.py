"""`/api/v1/offers`: this node's own offers, and all that peers published."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from node.api.inputs import Body, Day, LimitQuery, Line, Name, NameQuery, Text
from node.mission.accounts.trail import PROGRAM
from node.requests import NodeOf
from node.schemas.offers import OfferList, OfferOut
from node.services.desk import Refused
from node.services.offers import finding, offers
from node.services.offers.publishing import close_offer
from node.services.offers.searching import search_offers
from node.services.people.saving import BadFields

router = APIRouter(prefix="/offers", tags=["offers"])


class OfferCorrectionIn(Body):
    """What to change; what is left out, or null, stays as it is."""

    title: Line | None = None
    description: Text | None = None
    salary: Line | None = None
    closes: Day | None = None
    """The last day."""


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
        kept = offers.edit_offer(
            node.desk,
            offer,
            actor=PROGRAM,
            title=body.title,
            description=body.description,
            salary=body.salary,
            closes=None if body.closes is None else body.closes.isoformat(),
        )
    except BadFields as error:
        if body.title is not None and not body.title.strip():
            raise
        # The form of each field is right: the day, or the law, forbids what it says.
        raise Refused("offer_refused", str(error)) from error
    return OfferOut.of(kept, node.desk.referential())


@router.post("/{offer}/close")
def close(node: NodeOf, offer: Name, body: ClosingIn = ClosingIn()) -> OfferOut:
    """Close one of this node's own offers: peers are told, and no further forward is taken."""
    return OfferOut.of(close_offer(node.desk, offer, body.reason, PROGRAM), node.desk.referential())
