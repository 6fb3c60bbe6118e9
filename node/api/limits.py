"""The size of what any route takes: a cap for each beginning of a path, and a problem document beyond it.

Guarantees: a body whose announced length is too large is refused before a byte of it is read; one that announces none,
or lies, as soon as it passes the cap. Of a form with files, what nobody looks at is dropped as it comes
(node/web/frame/multipart.py). Routes for peers have smaller caps of their own (federation/serving/routes.py).
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from node.api.errors import problem
from node.kit.i18n import gettext as _
from node.kit.limits import MAX_SENT_BYTES
from node.requests import MACHINES

MAX_FILE_BYTES: Final = 16 * 1024 * 1024
"""A town's whole register as CSV fits many times."""
MAX_JSON_BYTES: Final = 64 * 1024
MAX_OTHER_BYTES: Final = 1024 * 1024

CAPS: Final = {
    "/api/v1/imports/": MAX_FILE_BYTES,
    "/api/": MAX_JSON_BYTES,
    **{beginning: MAX_OTHER_BYTES for beginning in MACHINES if beginning != "/api/"},
    "/": MAX_OTHER_BYTES,
}
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
        headers, by_machine = Headers(scope=scope), scope["path"].startswith(MACHINES)
        if not by_machine and headers.get("content-type", "").lower().startswith("multipart/form-data"):
            cap = MAX_SENT_BYTES
        announced = headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced) > cap:
            if by_machine:
                await problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", _sentence(cap))(scope, receive, send)
            else:
                # People are told by a page, which is made further inside.
                await self._app(scope, _refusing(cap), send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > cap:
                raise BodyTooLarge(cap)
            return message

        await self._app(scope, counted, send)


def _refusing(cap: int) -> Receive:
    async def refuse() -> Message:
        raise BodyTooLarge(cap)

    return refuse


class BodyTooLarge(HTTPException):
    """More came than was announced, or than any announced length may be."""

    def __init__(self, cap: int) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _sentence(cap))


def _sentence(cap: int) -> str:
    return _("At most {limit} kB are taken here; nothing was done.").format(limit=cap // 1024)
