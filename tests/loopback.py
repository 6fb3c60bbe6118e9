"""Processes that serve on loopback: ports that nobody else takes before they listen, and when they do.

Ports lie below those that the system gives to whoever asks for any, and each is held by a lock on a file for as long as
this process lives: two workers, or two runs on one machine, never choose the same.
"""

import fcntl
import os
import socket
import subprocess
import tempfile
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO

PATIENCE = 120
"""Seconds for what takes two on a quiet machine."""

FIRST, LAST = 12_000, 30_000
_LOCKS = Path(tempfile.gettempdir()) / f"maillon-test-ports-{os.geteuid()}"
_held: dict[int, IO[str]] = {}


def free_ports(count: int = 1) -> int:
    """The first of so many ports in a row that nobody listens on, and that are this process's to use."""
    _LOCKS.mkdir(exist_ok=True)
    base = FIRST
    for port in range(FIRST, LAST):
        if not _take(port):
            base = port + 1
        elif port - base + 1 == count:
            return base
    raise AssertionError(f"no {count} ports in a row are free")


def until_ready(process: "subprocess.Popen[bytes]", port: int, log: Path, patience: float = PATIENCE) -> None:
    """Wait until that process answers there; what it logged is the error when it does not."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
        except (OSError, HTTPException):
            pass
        time.sleep(0.05)
    raise AssertionError(log.read_text()[-2000:])


def _take(port: int) -> bool:
    if port in _held:
        return False
    file = (_LOCKS / str(port)).open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        file.close()
        return False
    _held[port] = file
    return True
