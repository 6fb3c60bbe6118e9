"""A serving process: the one leader of its directory, its web server and its scheduled jobs.

Guarantees: a second `serve` on one database does not start, and names the first; the port is taken before anything
else begins, so that a port in use is one clear sentence; SIGTERM and SIGINT let requests under way end (at most
`GRACE_SECONDS`), stop the jobs between two peers, and give the lease back; kill -9 needs no cleaning up.
Read next: app.py (what is served), scheduler.py (what runs beside it).
"""

import errno
import gc
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from node.kit.errors import Conflict
from node.kit.i18n import gettext as _
from node.kit.logging import get_logger
from node.kit.memory import set_large_blocks_apart
from node.scheduler import Scheduler
from node.services.accounts.links import first_link
from node.services.node import Node
from node.storage import lease_for
from node.web_app import create_app

GRACE_SECONDS = 10
CONNECTIONS = 1000
"""At once; whoever comes then is answered 503 without further work."""

log = get_logger(__name__)


class AlreadyServed(Conflict):
    """Another process serves this directory."""


class PortInUse(Conflict):
    """Another process has the port, or the address is not this machine's."""


def serve(node: Node) -> None:
    """Serve until a signal says stop. Raises AlreadyServed and PortInUse before anything is started."""
    with _leader(node), _listening(node) as listener, _terminated_by_exception():
        set_large_blocks_apart()
        scheduler = Scheduler(node)
        app = create_app(node, on_hint=scheduler.nudge)
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                limit_concurrency=CONNECTIONS,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        # What was loaded at start lives as long as the process: the cycle collector need not look at it again.
        gc.collect()
        gc.freeze()
        scheduler.start()
        _tell_first_link(node)
        log.info("serve.started", node=node.config.node.id, host=node.config.server.host, port=node.config.server.port)
        try:
            server.run(sockets=[listener])
        except (KeyboardInterrupt, SystemExit):
            # uvicorn raises the signal again once it has shut down: this is the ordinary end.
            pass
        finally:
            scheduler.stop()
            log.info("serve.stopped", node=node.config.node.id)


def _tell_first_link(node: Node) -> None:
    """While nobody can sign in, whoever started the server is told, on the standard output and never in the log, where
    the first account is made."""
    url = first_link(node.desk)
    if url is not None:
        sys.stdout.write(
            _("No account yet. Create the first one here, within a day (the link works once):") + f"\n{url}\n"
        )
        sys.stdout.flush()


@contextmanager
def _leader(node: Node) -> Iterator[None]:
    with lease_for(node.config.database_url) as lease:
        if not lease.acquire():
            raise AlreadyServed(
                _("This node is already served by process {pid}: stop it first (kill {pid}).").format(
                    pid=lease.holder()
                )
            )
        yield


@contextmanager
def _listening(node: Node) -> Iterator[socket.socket]:
    host, port = node.config.server.host, node.config.server.port
    try:
        listener = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048
        )
    except OSError as error:
        raise PortInUse(_port_sentence(error, host, port)) from None
    # Connections inherit it. Without it an answer's body waits 40 ms for the receipt of its head: asyncio sets it only
    # on sockets whose protocol is named, as this one's is not.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with listener:
        yield listener


def _port_sentence(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            said = _("Port {port} of {host} is used by another program: end it, or change port in [server].")
        case errno.EACCES:
            said = _("Port {port} of {host} is reserved to the administrator: choose one from 1024 on in [server].")
        case _:
            said = _("Port {port} of {host} cannot be listened on: check host and port in [server].")
    return said.format(port=port, host=host)


@contextmanager
def _terminated_by_exception() -> Iterator[None]:
    """Let SIGTERM unwind the stack, at any moment that uvicorn does not handle it itself."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
