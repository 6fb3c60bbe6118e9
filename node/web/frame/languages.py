"""Which language a visitor reads: chosen by `?langue=`, kept in a cookie; else what their browser asks for; else the
node's. Holds for the whole request, error pages included."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from node.kit.i18n import LANGUAGES, speaking
from node.requests import is_for_machines

COOKIE = "langue"
YEAR = 365 * 24 * 3600


class Languages:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Speak the visitor's language while the request lasts."""
        if scope["type"] != "http" or is_for_machines(scope["path"]):
            await self._app(scope, receive, send)
            return
        asked = _asked(scope)

        async def keep_choice(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append(
                    "set-cookie", f"{COOKIE}={asked}; Path=/; Max-Age={YEAR}; SameSite=Lax; HttpOnly"
                )
            await send(message)

        with speaking(language_of(scope)):
            await self._app(scope, receive, keep_choice if asked else send)


def language_of(scope: Scope) -> str:
    """What the visitor reads; empty for the node's own language."""
    headers = Headers(scope=scope)
    return _asked(scope) or _kept(headers) or _preferred(headers.get("accept-language", ""))


def _asked(scope: Scope) -> str:
    asked = parse_qs(scope["query_string"].decode("latin-1")).get(COOKIE, [""])[0]
    return asked if asked in LANGUAGES else ""


def keep_language(response: Response, chosen: str) -> None:
    """Remember the choice in this browser."""
    response.set_cookie(COOKIE, chosen, max_age=YEAR, path="/", samesite="lax", httponly=True)


def _kept(headers: Headers) -> str:
    try:
        kept = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return kept.value if kept is not None and kept.value in LANGUAGES else ""


def _preferred(accepted: str) -> str:
    """The first of ours that the browser would rather read (RFC 9110, 12.5.4); empty when it names none."""
    ranked: list[tuple[float, str]] = []
    for part in accepted[:500].split(","):
        name, _semicolon, weight = part.partition(";")
        language = name.strip().lower().partition("-")[0]
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        if language in LANGUAGES and quality > 0:
            ranked.append((-quality, language))
    # Sorting is stable: of equal weights the first named one stands first.
    return min(ranked, key=lambda one: one[0])[1] if ranked else ""
