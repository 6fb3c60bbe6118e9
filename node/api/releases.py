"""`/api/v1/releases`: the town's group sheets, published or previewed."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from node.requests import NodeOf
from node.schemas.sheets import ReleaseOut
from node.services.sheets.releasing import release

router = APIRouter(prefix="/releases", tags=["releases"])


@router.post("", status_code=status.HTTP_201_CREATED, responses={200: {"model": ReleaseOut, "description": "Preview"}})
def make_release(
    node: NodeOf,
    response: Response,
    dry_run: Annotated[bool, Query(description="Only show what peers would get.")] = False,
) -> ReleaseOut:
    """Publish this week's release (201), or see first exactly what peers would get (200)."""
    if dry_run:
        response.status_code = status.HTTP_200_OK
    return ReleaseOut.of(release(node.desk, dry_run=dry_run))
