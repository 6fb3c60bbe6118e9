"""`GET /api/v1/members`: the network's directory as this node last verified it."""

from fastapi import APIRouter
from pydantic import BaseModel

from node.requests import NodeOf
from node.services.network.membership import MemberView, members

router = APIRouter(tags=["network"])


class MembersOut(BaseModel):
    """Sorted by id; empty before the node has joined a network."""

    members: list[MemberView]


@router.get("/members")
def get_members(node: NodeOf) -> MembersOut:
    """Every member, suspended ones too."""
    return MembersOut(members=members(node.federation))
