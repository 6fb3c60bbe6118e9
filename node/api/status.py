"""`GET /api/v1/status`: the node, its journal, its directory, its peers, how much it keeps, and what ends."""

from fastapi import APIRouter

from node.requests import NodeOf
from node.services.network.status import Status, status

router = APIRouter(tags=["status"])


@router.get("/status")
def get_status(node: NodeOf) -> Status:
    """How the node does; counts and stable words, nothing about a person."""
    return status(node)
