"""An application on a free port of loopback, for as long as a block lasts."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

HOST = "127.0.0.1"


@contextmanager
def listening() -> Iterator[tuple[socket.socket, int]]:
    """A listener and its port. As in a serving node, an answer's body does not wait for the receipt of its head."""
    with socket.create_server((HOST, 0), backlog=100) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield listener, listener.getsockname()[1]


@contextmanager
def serving(app: Starlette, listener: socket.socket) -> Iterator[None]:
    """The application answers there until the block ends."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + 10
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.005)
        yield
    finally:
        server.should_exit = True
        thread.join(10)
