"""Pages are compressed; what peers verify, byte by byte, never is."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from node.requests import is_for_machines

_WORTH_IT = 1000


class Compression:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._packed = GZipMiddleware(app, minimum_size=_WORTH_IT, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Compress what people read."""
        if scope["type"] != "http" or is_for_machines(scope["path"]) or scope["path"].startswith("/static/"):
            await self._plain(scope, receive, send)
        else:
            await self._packed(scope, receive, send)
