"""For the supervisor and the proxy: `/healthz` (the process answers) and `/readyz` (the node can work).

Public, and says nothing but stable words: what to do about each is said by `maillon check`.
"""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from node.requests import NodeOf
from node.services.network.checking import ready

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """Alive."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """`problems` holds stable words: database, journal, keys."""

    ready: bool
    problems: list[str]


@router.get("/healthz")
def healthz() -> Health:
    """The process is alive."""
    return Health()


@router.get("/readyz", responses={503: {"model": Readiness}})
def readyz(node: NodeOf, response: Response) -> Readiness:
    """The database answers and is current, the journal is sound, the keys are readable; else 503 and why."""
    problems = ready(node)
    if problems:
        response.status_code = 503
    return Readiness(ready=not problems, problems=problems)
