"""The size of what any route takes: a cap for each beginning of a path, and a problem document beyond it.

Guarantees: a body whose announced length is too large is refused before a byte of it is read; one that announces none,
or lies, as soon as it passes the cap. Routes for peers have smaller caps of their own (federation/routes.py).
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from node.api.errors import problem
from node.i18n import gettext as _

MAX_FILE_BYTES: Final = 16 * 1024 * 1024
"""A town's whole register as CSV fits many times."""
MAX_JSON_BYTES: Final = 64 * 1024
MAX_OTHER_BYTES: Final = 1024 * 1024

CAPS: Final = {"/api/v1/imports/": MAX_FILE_BYTES, "/api/": MAX_JSON_BYTES, "/": MAX_OTHER_BYTES}
"""The first beginning that fits counts."""


class BodyCaps:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, caps: Mapping[str, int]) -> None:
        self._app = app
        self._caps = caps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on with a counted body, or answer 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        cap = next(cap for beginning, cap in self._caps.items() if scope["path"].startswith(beginning))
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > cap:
            await problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", _sentence(cap))(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > cap:
                raise TooLarge(cap)
            return message

        await self._app(scope, counted, send)


class TooLarge(HTTPException):
    """More came than was announced, or than any announced length may be."""

    def __init__(self, cap: int) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _sentence(cap))


def _sentence(cap: int) -> str:
    return _("At most {limit} kB are taken here; nothing was done.").format(limit=cap // 1024)
