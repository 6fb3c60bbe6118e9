"""No other site makes a visitor's browser act here.

Two locks. `SameOrigin` is ASGI middleware: a request that changes something is refused when the browser says that it
comes from another site (Sec-Fetch-Site, else Origin). `verify` is a dependency of all pages: whoever has a session also
proves that the form came from a page of that session. The token is derived from the session's, with a nonce, so
that it is another one on each page and compression tells nothing about it. Peers' and API routes are signed or bear
a token of their own; they are left alone.
"""

import base64
import hmac
import secrets
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from node.kit.errors import NodeError
from node.kit.i18n import gettext as _
from node.requests import is_for_machines

FIELD: Final = "csrf"
HEADER: Final = "x-csrf-token"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class CrossSite(NodeError):
    """Another site's page sent this."""

    status = 403
    problem = "cross_site"


class StaleForm(NodeError):
    """The form is of another session: what was typed is shown again, to be sent from here."""

    status = 409
    problem = "stale_form"


class SameOrigin:
    """ASGI middleware: marks a cross-site request, and `verify` answers it in the page's language."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, marked when a browser says that another site made it."""
        if scope["type"] == "http" and scope["method"] not in _SAFE and not is_for_machines(scope["path"]):
            scope.setdefault("state", {})["cross_site"] = not comes_from_here(Headers(scope=scope))
        await self._app(scope, receive, send)


def comes_from_here(headers: Headers) -> bool:
    """By Sec-Fetch-Site, else by Origin; a client that sends neither is no browser that a page could misuse."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")


def make_token(session_token: str) -> str:
    """A token for one page of that session."""
    nonce = secrets.token_bytes(12)
    return base64.urlsafe_b64encode(nonce + _mac(session_token, nonce)).decode()


def is_token(given: str, session_token: str) -> bool:
    """Whether a page of that session carried it."""
    try:
        data = base64.b64decode(given, altchars=b"-_", validate=True)
    except ValueError:
        return False
    return hmac.compare_digest(data[12:], _mac(session_token, data[:12]))


def _mac(session_token: str, nonce: bytes) -> bytes:
    return hmac.new(session_token.encode(), b"csrf" + nonce, sha256).digest()


def verify(request: Request, session_token: str, given: str) -> None:
    """CrossSite, or StaleForm when there is a session and the token is not of it."""
    if request.method in _SAFE:
        return
    if getattr(request.state, "cross_site", True):
        raise CrossSite(
            _("This form was sent from another site, so nothing was done. Open the page here and try again.")
        )
    if session_token and not is_token(given or request.headers.get(HEADER, ""), session_token):
        raise StaleForm(_("You signed in again since this page was opened: check what you typed, and send it again."))
