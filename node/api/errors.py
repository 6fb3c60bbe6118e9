"""Failures as problem documents (RFC 9457): a stable `type` for programs, `title` and `detail` for people.

Guarantees: nothing that was sent is quoted, neither a value nor a body, so that no personal data comes back or reaches
a log; what was not foreseen answers 500 with its class name in the log alone.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from federation.errors import PROBLEM_TYPE, FederationError, NoDirectory, problem_of
from federation.outbox import HolderOverdue
from node.kit.errors import NodeError, sentence
from node.kit.i18n import gettext as _
from node.kit.logging import get_logger
from node.storage import DatabaseBusy, StorageError
from protocol.errors import ProtocolError

log = get_logger(__name__)


class Problem(BaseModel):
    """RFC 9457. `type` is "urn:maillon:problem:<word>"; `faults` names the fields that were refused, if any."""

    type: str
    title: str
    status: int
    detail: str = ""
    faults: list[str] = []


class ProblemResponse(JSONResponse):
    """Its own media type."""

    media_type = "application/problem+json"


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "description": HTTPStatus(code).phrase}
    for code in (400, 401, 404, 409, 413, 422, 502, 503)
}
"""What every resource may answer, for the OpenAPI document."""


def problem(
    status: int, word: str, detail: str, *, faults: list[str] | None = None, headers: Mapping[str, str] | None = None
) -> ProblemResponse:
    """The answer for a failure."""
    content = Problem(type=PROBLEM_TYPE + word, title=_title(status), status=status, detail=detail, faults=faults or [])
    return ProblemResponse(content.model_dump(exclude_defaults=True) | {"status": status}, status, headers=headers)


def install(app: FastAPI) -> None:
    """Make the application answer its failures so, and its OpenAPI document say so."""
    plain = app.openapi
    app.openapi = lambda: _with_problems(plain())  # type: ignore[method-assign]

    @app.exception_handler(NodeError)
    def refused(request: Request, error: NodeError) -> ProblemResponse:
        headers = {"WWW-Authenticate": "Bearer"} if error.status == HTTPStatus.UNAUTHORIZED else None
        return problem(error.status, error.problem, str(error), headers=headers)

    @app.exception_handler(FederationError)
    @app.exception_handler(ProtocolError)
    def exchange_failed(request: Request, error: FederationError | ProtocolError) -> ProblemResponse:
        # These two tell the state of things here, not a failure of the node asked.
        ours = isinstance(error, NoDirectory | HolderOverdue)
        return problem(HTTPStatus.CONFLICT if ours else HTTPStatus.BAD_GATEWAY, problem_of(error), sentence(error))

    @app.exception_handler(StorageError)
    def storage_failed(request: Request, error: StorageError) -> ProblemResponse:
        if isinstance(error, DatabaseBusy):
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "busy", sentence(error), headers={"Retry-After": "5"})
        log.error("api.storage", error=type(error).__name__)
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", sentence(error))

    @app.exception_handler(RequestValidationError)
    def not_understood(request: Request, error: RequestValidationError) -> ProblemResponse:
        faults = [".".join(str(part) for part in fault["loc"]) for fault in error.errors()]
        return problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "bad_input",
            _("These fields were refused; nothing was done."),
            faults=faults,
        )

    @app.exception_handler(HTTPException)
    def http_failed(request: Request, error: HTTPException) -> ProblemResponse:
        if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return problem(error.status_code, "too_large", error.detail)
        word = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_").replace("-", "_")
        return problem(error.status_code, word, "", headers=error.headers)

    @app.exception_handler(Exception)
    def not_foreseen(request: Request, error: Exception) -> ProblemResponse:
        log.error("api.internal", error=type(error).__name__, method=request.method)
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", _("The node's log says more."))


def _with_problems(document: dict[str, Any]) -> dict[str, Any]:
    """The document, with problems under their own media type: the framework gives every model the route's."""
    for operations in document.get("paths", {}).values():
        for operation in operations.values():
            for response in operation["responses"].values():
                for kind, content in list(response.get("content", {}).items()):
                    if content.get("schema", {}).get("$ref") == "#/components/schemas/Problem":
                        response["content"][ProblemResponse.media_type] = response["content"].pop(kind)
    return document


def _title(status: int) -> str:
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return _("The token is missing or wrong")
        case HTTPStatus.NOT_FOUND:
            return _("Not found")
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return _("This method is not possible here")
        case HTTPStatus.CONFLICT:
            return _("Not possible in the present state")
        case HTTPStatus.GONE:
            return _("Destroyed")
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return _("Too large")
        case HTTPStatus.UNPROCESSABLE_ENTITY:
            return _("The data was refused")
        case HTTPStatus.BAD_GATEWAY:
            return _("The exchange with another node failed")
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return _("Not available now")
        case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return _("Internal error")
        case _:
            return _("The request was refused")
