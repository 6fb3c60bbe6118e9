"""The JSON API: `/api/v1`, one module a resource, each with a `router`; `/healthz` and `/readyz` beside it.

Every resource needs the bearer token (security.py) and answers failures as RFC 9457 problems (errors.py). Endpoints are
`def`, call one use case, and the use case commits before it returns: an answer is never sent before its commit. A new
resource is one module and one name in `RESOURCES`.
"""

from importlib import import_module
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Response

from node.api import health
from node.api.errors import PROBLEM_RESPONSES, install
from node.api.inputs import known_parameters
from node.api.limits import CAPS, BodyCaps
from node.api.security import Bearer, not_ended

RESOURCES = (
    "status",
    "members",
    "sync",
    "imports",
    "candidates",
    "offers",
    "matches",
    "sheets",
    "releases",
    "forwards",
    "sendings",
    "erasures",
)
"""The modules of this package that hold a resource's `router`."""


def include(app: FastAPI, token: str) -> None:
    """Put the API into the application, guarded by this token unless it was ended."""
    install(app)
    app.add_middleware(BodyCaps, caps=CAPS)
    responses: dict[int | str, dict[str, Any]] = PROBLEM_RESPONSES
    guards = [Depends(Bearer(token)), Depends(not_ended(token)), Depends(known_parameters), Depends(_unstored)]
    api = APIRouter(prefix="/api/v1", dependencies=guards, responses=responses)
    for resource in RESOURCES:
        api.include_router(import_module(f"node.api.{resource}").router)
    app.include_router(api)
    app.include_router(health.router)


async def _unstored(response: Response) -> None:
    """No cache keeps what may be about a person."""
    response.headers["Cache-Control"] = "no-store"
