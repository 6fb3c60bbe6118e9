"""What waits for the one who signed in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from node.mission.accounts import Account, Permission
from node.web.auth import require
from node.web.pages import render

router = APIRouter()


@router.get("/aujourdhui")
def today(request: Request, who: Annotated[Account, Depends(require(Permission.SEE_TODAY))]) -> Response:
    """The day's page."""
    return render(request, "today.html", who=who)
