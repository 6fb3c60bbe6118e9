"""Which demonstration runs in a directory, and how it is ended from elsewhere.

Guarantees: no process is touched but the one that wrote the state, while it still is a demonstration, and nodes that
serve a configuration of that very directory: those that a demonstration leaves behind when it is killed itself.
"""

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

STATE: Final = "demo.json"
_PATIENCE: Final = 30.0


def write_state(directory: Path) -> None:
    """Say under which process id this demonstration runs, for `stop`."""
    (directory / STATE).write_text(json.dumps({"pid": os.getpid()}))


def forget(directory: Path) -> None:
    """This process runs no demonstration there any more; what another one wrote stays."""
    if _written(directory) == os.getpid():
        (directory / STATE).unlink(missing_ok=True)


def running_pid(directory: Path) -> int | None:
    """The process that runs a demonstration in that directory; None when there is none."""
    pid = _written(directory)
    return pid if pid is not None and b"demo" in _words(pid) else None


def _written(directory: Path) -> int | None:
    try:
        return int(json.loads((directory / STATE).read_text())["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def stop(directory: Path) -> bool:
    """End the demonstration of that directory, with its nodes; False when none ran."""
    pid = running_pid(directory)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        _wait(lambda: running_pid(directory) != pid)
    orphaned = end_orphans(directory)
    with contextlib.suppress(FileNotFoundError):
        (directory / STATE).unlink()
    return pid is not None or orphaned


def end_orphans(directory: Path) -> bool:
    """End the nodes of that directory that nobody watches over any more; False when there are none."""
    nodes = _nodes(directory)
    for pid in nodes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    _wait(lambda: not _nodes(directory))
    return bool(nodes)


def _nodes(directory: Path) -> list[int]:
    numbers = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
    return [pid for pid in numbers if _serves(_words(pid), directory)]


def _serves(words: list[bytes], directory: Path) -> bool:
    """Whether this is `maillon --config DIRECTORY/NODE/config.toml serve`."""
    if b"serve" not in words or b"--config" not in words[:-1]:
        return False
    config = Path(os.fsdecode(words[words.index(b"--config") + 1]))
    return config.parent.parent == directory


def _words(pid: int) -> list[bytes]:
    """The command line of a process; nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not done() and time.monotonic() < deadline:
        time.sleep(0.1)
