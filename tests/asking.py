"""Asking an application in this process, without sockets.

Starlette's own test client goes to and fro between two threads nine times a request, and is three times as slow. This
one hands the whole request over and takes the whole answer back, all clients by one event loop. What an application
does when it starts and ends is not done; ours does nothing then.
"""

import atexit
from collections.abc import Mapping
from functools import cache

import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.types import ASGIApp

ADDRESS = ("testclient", 50_000)
"""Where requests seem to come from."""


class Client(httpx2.Client):
    """Keeps cookies and follows redirects. What the application raises is raised here, unless it is to be answered as a
    server would (`raising` False)."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        base_url: str = "http://testserver",
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        follow_redirects: bool = True,
        raising: bool = True,
    ) -> None:
        super().__init__(
            transport=_InProcess(app, raising),
            base_url=base_url,
            headers={"User-Agent": "testclient", **(headers or {})},
            cookies=dict(cookies or {}),
            follow_redirects=follow_redirects,
        )


class _InProcess(httpx2.BaseTransport):
    def __init__(self, app: ASGIApp, raising: bool) -> None:
        self._way = httpx2.ASGITransport(app, raise_app_exceptions=raising, client=ADDRESS)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        return _portal().call(self._ask, request)

    async def _ask(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._way.handle_async_request(request)
        content = httpx2.ByteStream(b"".join([part async for part in answer.aiter_raw()]))
        return httpx2.Response(answer.status_code, headers=answer.headers, stream=content)


@cache
def _portal() -> BlockingPortal:
    opened = start_blocking_portal()
    portal = opened.__enter__()
    atexit.register(opened.__exit__, None, None, None)
    return portal
