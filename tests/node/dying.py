"""A node's process that dies at one of the steps of an import: before a statement, before or after a commit.

`python -m tests.node.dying STEP FILE serve --config CONFIG`: death is SIGKILL at that step, counted from 1; at 0 it
lives, and writes how many steps the last import had into the file.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

from node.__main__ import main
from node.services.imports import importing

_DIES_AT, _STEPS = int(sys.argv[1]), Path(sys.argv[2])


class _Import(threading.local):
    """The import that this thread is at: what else the node does meanwhile counts for nothing."""

    under_way = False
    step = 0


_here = _Import()


def _step(*_given: object) -> None:
    if not _here.under_way:
        return
    _here.step += 1
    if _here.step == _DIES_AT:
        os.kill(os.getpid(), signal.SIGKILL)


def _counted(import_: Callable[..., Any]) -> Callable[..., Any]:
    def run(*given: Any) -> Any:
        _here.under_way, _here.step = True, 0
        try:
            return import_(*given)
        finally:
            _here.under_way = False
            _STEPS.write_text(str(_here.step))

    return run


for _target, _name in ((Engine, "before_cursor_execute"), (Engine, "commit"), (Pool, "checkin")):
    event.listen(_target, _name, _step)
for _name in ("import_candidates", "import_offers"):
    setattr(importing, _name, _counted(getattr(importing, _name)))
del sys.argv[1:3]
main()
