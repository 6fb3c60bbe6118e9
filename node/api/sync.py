"""`/api/v1/sync`: visit peers now, without waiting for the schedule."""

from typing import Annotated

from fastapi import APIRouter, Query

from node.api.inputs import NameQuery
from node.requests import NodeOf
from node.schemas.sync import SyncOut
from node.services.network.syncing import sync

router = APIRouter(prefix="/sync", tags=["network"])


@router.post("")
def sync_now(
    node: NodeOf, peer: Annotated[NameQuery, Query(description="Only this peer; every active one when not said.")] = ""
) -> SyncOut:
    """Pull, prove and apply what peers have published. What goes wrong with a peer is in its line."""
    return SyncOut.of(sync(node.desk, peer))
