"""An application on a free port of loopback, for as long as a block lasts."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

HOST = "127.0.0.1"
PATIENCE = 60
"""Seconds for what takes none on a quiet machine."""


class Underway:
    """An application that knows whether it is at anything: an answer, or what goes on after one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._count, self._changed = app, 0, threading.Condition()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        self._add(1)
        try:
            await self._app(scope, receive, send)
        finally:
            self._add(-1)

    def wait(self) -> None:
        """Until all is done that was asked for so far."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._count == 0, PATIENCE), "it goes on"

    def _add(self, change: int) -> None:
        with self._changed:
            self._count += change
            self._changed.notify_all()


class _Server(uvicorn.Server):
    """Tells other threads when it answers."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(uvicorn.Config(app, log_config=None, access_log=False))
        self.answers = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answers.set()


@contextmanager
def listening() -> Iterator[tuple[socket.socket, int]]:
    """A listener and its port. As in a serving node, an answer's body does not wait for the receipt of its head."""
    with socket.create_server((HOST, 0), backlog=100) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield listener, listener.getsockname()[1]


@contextmanager
def serving(app: ASGIApp, listener: socket.socket) -> Iterator[None]:
    """The application answers there until the block ends."""
    server = _Server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        assert server.answers.wait(PATIENCE), "it did not start"
        yield
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
