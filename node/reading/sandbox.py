"""What the worker gives up before it looks at a file: memory, time, network, new files, other programs.

Guarantees, after `confine`: allocations beyond the limit raise `MemoryError`; the kernel ends the process when its CPU
time is spent; nothing can be written to a disk; Python code can open no socket and start no program but those named.
Where the kernel allows it, the process also stands in a network namespace of its own, without any interface.

Read next: `worker.py`, which calls this before it imports a parser.
"""

import contextlib
import ctypes
import resource
import sys
from collections.abc import Collection
from typing import Any

from node.kit.limits import MEGABYTE
from node.reading.shapes import ReadingLimits

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_NO_NEW_PRIVS = 38
# Address space also counts mapped libraries, which cost no memory until touched.
_MAPPINGS = 256 * MEGABYTE
# From 3.13 on, `subprocess` itself starts a program by `os.posix_spawn`, where it forked before.
_STARTS = frozenset({"subprocess.Popen", "os.posix_spawn"})
_REFUSED = ("socket.", "os.exec", "os.fork", "os.system", "pty.", "ctypes.", "ftplib.", "urllib.")


def confine(limits: ReadingLimits, programs: Collection[str] = ()) -> None:
    """Give up, for good, everything that reading one file does not need. `programs` are paths that may be started."""
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory + _MAPPINGS, limits.memory + _MAPPINGS))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if libc.unshare(_CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    allowed = frozenset(programs)

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _STARTS:
            if arguments[0] not in allowed:
                raise PermissionError("this process starts no program")
        elif event.startswith(_REFUSED):
            raise PermissionError("this process may not do that")

    sys.addaudithook(refuse)
