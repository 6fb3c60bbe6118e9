"""`/api/v1/matches`: the town's own register against offers, exact and explained. Nothing of it leaves the town."""

from typing import Annotated

from fastapi import APIRouter, Query

from node.api.inputs import LimitQuery, NameQuery
from node.kit.errors import BadInput
from node.kit.i18n import gettext as _
from node.requests import NodeOf
from node.schemas.matches import MatchAnswerOut
from node.services.accounts import trail
from node.services.matching.matching import DEFAULT_LIMIT, match_candidate, match_offer

router = APIRouter(prefix="/matches", tags=["matches"])


@router.get("")
def find_matches(
    node: NodeOf,
    offer: Annotated[NameQuery, Query(description='An offer, "<node>/<offer>", or one of this node\'s own.')] = "",
    candidate: Annotated[NameQuery, Query(description="A candidate, by number or reference.")] = "",
    limit: LimitQuery = DEFAULT_LIMIT,
) -> MatchAnswerOut:
    """The people of this town for one offer, or the open offers for one person; name one of the two."""
    if bool(offer) == bool(candidate):
        raise BadInput(_("Name either an offer or a candidate."))
    desk = node.desk
    trail.lists_by_program(desk)
    answer = match_offer(desk, offer, limit=limit) if offer else match_candidate(desk, candidate, limit=limit)
    return MatchAnswerOut.of(answer, desk.referential())
