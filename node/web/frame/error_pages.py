"""Failures as pages, for people; programs go on being answered by problem documents (node/api/errors.py).

Guarantees: nothing that was sent is quoted but to the one who sent it; a form that came after the session's end, or
from a page of another session, is not lost: it waits for its author to sign in, or is shown again to be confirmed.
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from federation.errors import FederationError, NoDirectory
from node.kit.errors import NodeError, sentence
from node.kit.i18n import gettext as _
from node.kit.i18n import speaking
from node.kit.limits import largest
from node.kit.logging import get_logger
from node.requests import is_for_machines
from node.services.accounts.lockouts import TooManyAttempts
from node.services.accounts.sessions import keep_form
from node.storage import BrokenDatabase, DatabaseBusy, DiskFull, StorageError
from node.web.frame.auth import OwnSpaceNeeded, SignInNeeded, local_path, set_cookie, visitor_of
from node.web.frame.csrf import StaleForm
from node.web.frame.forms import Form
from node.web.frame.headers import HEADERS
from node.web.frame.languages import language_of
from node.web.frame.once import Repeated
from node.web.frame.pages import render
from protocol.errors import ProtocolError

log = get_logger(__name__)

KEPT = "saisie"
"""The cookie that takes back what was typed."""

_CODE = re.compile(r"[a-z0-9_.#-]{0,7}|[a-z_]+|[0-9a-f]{32}|[0-9A-Z]{1,6}")
"""Values that no person typed: the codes of choices, numbers of things."""

Handler = Callable[[Request, Any], Response]


def install(app: FastAPI) -> None:
    """Answer people with pages; the handlers that were there answer programs."""

    def both(kind: type[Exception], page: Handler) -> None:
        before: Any = app.exception_handlers.get(kind)

        def handle(request: Request, error: Exception) -> Response:
            if before is not None and not wants_page(request):
                answer: Response = before(request, error)
                return answer
            return page(request, error)

        app.add_exception_handler(kind, handle)

    both(SignInNeeded, sign_in_needed)
    both(OwnSpaceNeeded, own_space_needed)
    both(StaleForm, stale_form)
    app.add_exception_handler(Repeated, repeated)
    both(NodeError, refused)
    both(FederationError, exchange_failed)
    both(ProtocolError, exchange_failed)
    both(StorageError, storage_failed)
    both(RequestValidationError, not_understood)
    both(HTTPException, http_failed)
    both(Exception, not_foreseen)


def wants_page(request: Request) -> bool:
    """Whether a person asks: a path of pages, with a browser."""
    return not is_for_machines(request.url.path) and "text/html" in request.headers.get("accept", "")


def error_page(request: Request, status: int, title: str, text: str, headers: dict[str, str] | None = None) -> Response:
    """The page of a failure: what happened, what to do."""
    return render(request, "frame/error.html", status=status, headers=headers, title=title, text=text, code=status)


def sign_in_needed(request: Request, error: SignInNeeded) -> Response:
    """To the sign-in page, and back; a form waits."""
    return _to_sign_in(request, "/connexion")


def own_space_needed(request: Request, error: OwnSpaceNeeded) -> Response:
    """To the page where a candidate comes in, and back."""
    return _to_sign_in(request, "/mon-espace/entrer")


def _to_sign_in(request: Request, where: str) -> Response:
    kept, query = None, {}
    if request.method in ("GET", "HEAD"):
        here = _here(request)
        query = {"vers": here} if here != "/" else {}
    else:
        former, form = visitor_of(request).former, getattr(request.state, "form", None)
        if former and isinstance(form, Form) and form.kept():
            kept = keep_form(request.app.state.node.desk, former, _here(request), form.kept())
        query = {"gardee": "1"} if kept else {"perdue": "1"}
    target = f"{where}?{urlencode(query)}" if query else where
    # A part of a page cannot become the sign-in page: htmx is told to go there whole.
    response = (
        Response(headers={"HX-Redirect": target})
        if request.headers.get("hx-request")
        else RedirectResponse(target, 303)
    )
    if kept:
        set_cookie(request, response, KEPT, kept, max_age=3600)
    return response


def _here(request: Request) -> str:
    return local_path(request.url.path + (f"?{request.url.query}" if request.url.query else ""))


def repeated(request: Request, error: Exception) -> Response:
    """To where the first press led."""
    assert isinstance(error, Repeated)
    response = Response(status_code=303)
    response.raw_headers += error.headers
    return response


def stale_form(request: Request, error: StaleForm) -> Response:
    """What was typed, to be looked at and sent again from this session."""
    form = getattr(request.state, "form", None)
    form = form if isinstance(form, Form) else Form()
    return resend(request, _here(request), form.kept(), str(error), status=409, lost_files=bool(form.files))


def resend(
    request: Request,
    path: str,
    fields: tuple[tuple[str, str], ...],
    text: str,
    *,
    status: int = 200,
    lost_files: bool = False,
) -> Response:
    """The page that shows what somebody had typed, and sends it from the present session."""
    shown = [value for _name, value in fields if not _CODE.fullmatch(value)][:50]
    return render(
        request,
        "frame/resend.html",
        status=status,
        path=path,
        fields=fields,
        shown=shown,
        text=text,
        lost_files=lost_files,
    )


def refused(request: Request, error: NodeError) -> Response:
    """A refusal has its own sentence."""
    headers = None
    if isinstance(error, TooManyAttempts):
        wait = int((error.until - request.app.state.node.now()).total_seconds()) + 1
        headers = {"Retry-After": str(max(1, wait))}
    return error_page(request, error.status, title_of(error.status), str(error), headers)


def exchange_failed(request: Request, error: FederationError | ProtocolError) -> Response:
    """Another node failed us, or there is no network yet."""
    if isinstance(error, NoDirectory):
        text = _("This mission has not joined the network yet: whoever runs the server does that.")
        return error_page(request, 409, title_of(409), text)
    return error_page(request, 502, title_of(502), sentence(error))


def storage_failed(request: Request, error: StorageError) -> Response:
    """The database failed us."""
    if isinstance(error, DatabaseBusy):
        return error_page(request, 503, title_of(503), sentence(error), {"Retry-After": "5"})
    log.error("web.storage", error=type(error).__name__)
    return error_page(request, 500, title_of(500), _of_storage(error))


def _of_storage(error: StorageError) -> str:
    """For whoever works here: what to do about it is the server's affair, and said by its commands."""
    match error:
        case DiskFull():
            return _("The disk of the server is full: nothing was written. Tell whoever runs it.")
        case BrokenDatabase():
            return _("The database is damaged: tell whoever runs the server at once.")
        case _:
            return _("The database refused: nothing was written. Tell whoever runs the server.")


def not_understood(request: Request, error: RequestValidationError) -> Response:
    """An address or a form that no page of ours makes."""
    return error_page(request, 422, title_of(422), _("Go back to the page before and try again."))


def http_failed(request: Request, error: HTTPException) -> Response:
    """What the framework refuses."""
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            text = _("This page does not exist, or exists no longer. Check the address, or start from the home page.")
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            text = _("What you sent is too large: {limit} MB a file at most. Take a photograph of each page instead.")
            text = text.format(limit=largest())
        case HTTPStatus.METHOD_NOT_ALLOWED:
            text = _("This page cannot be asked for so. Start from the home page.")
        case _:
            text = _("Go back to the page before and try again.")
    return error_page(request, error.status_code, title_of(error.status_code), text, dict(error.headers or {}))


def not_foreseen(request: Request, error: Exception) -> Response:
    """Our own fault."""
    log.error("web.internal", error=type(error).__name__, method=request.method)
    # Answered outside of all middleware: neither the language nor the headers are there of themselves.
    with speaking(language_of(request.scope)):
        said = _("The fault is ours, and is noted. Try again; if it lasts, tell your administrator.")
        return error_page(request, 500, title_of(500), said, dict(HEADERS))


def title_of(status: int) -> str:
    """What happened, in a few words."""
    match status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return _("Access is not allowed")
        case HTTPStatus.NOT_FOUND:
            return _("Page not found")
        case HTTPStatus.CONFLICT:
            return _("Not possible in the present state")
        case HTTPStatus.GONE:
            return _("No longer here")
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return _("Too large")
        case HTTPStatus.TOO_MANY_REQUESTS:
            return _("Too many attempts")
        case HTTPStatus.BAD_GATEWAY:
            return _("The exchange with another node failed")
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return _("Not available now")
        case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return _("Something went wrong")
        case _:
            return _("The request was refused")
