"""`/api/v1/sheets`: the group sheets of all nodes, searched at once."""

from typing import Annotated

from fastapi import APIRouter, Query

from node.api.inputs import RomeQuery
from node.requests import NodeOf
from node.schemas.sheets import SheetAnswerOut
from node.services.sheets.searching import search_sheets

router = APIRouter(prefix="/sheets", tags=["sheets"])

SkillCode = Annotated[str, Query(pattern=r"^[0-9]{1,9}$")]


@router.get("")
def search(
    node: NodeOf,
    rome: RomeQuery = "",
    skill: Annotated[list[SkillCode], Query(max_length=60, description="Codes of skills; may be repeated.")] = [],  # noqa: B006
) -> SheetAnswerOut:
    """Groups for an occupation (all when not said), those with more of the asked skills first, and what the answer
    covers: which town, which release, how fresh. No register is counted."""
    return SheetAnswerOut.of(search_sheets(node.desk, rome=rome, skills=skill))
