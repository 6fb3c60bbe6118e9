"""Each mutant in a forked process of its own, which sees the changed module in memory and runs the tests for it.

What does not change from mutant to mutant is imported once, before the fork. A trial is bounded in CPU time, which
does not depend on how busy the machine is, in memory, and, for what waits for ever, in time.
"""

import contextlib
import importlib
import os
import resource
import select
import shutil
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.abc import ExecutionLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.metadata import entry_points
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutation.baseline import PYTEST
from tests.mutation.mutants import Mutant
from tests.mutation.scope import ROOT

FOREIGN = """
    alembic.command babel.support cryptography.x509 fastapi.testclient http_message_signatures httpx
    hypothesis.strategies jinja2 msgspec numpy.random openpyxl pydantic_settings pydantic.networks respx rich.console
    sqlalchemy.dialects.sqlite sqlmodel structlog tuf.api.metadata typer.main uvicorn zstandard
""".split()
MEMORY = 4 << 30


@dataclass(frozen=True)
class Trial:
    """A mutant, the tests that may notice it, and their seconds when nothing is changed."""

    mutant: Mutant
    tests: Sequence[str]
    seconds: float


@dataclass(frozen=True)
class _Running:
    trial: Trial
    pid: int
    until: float
    folder: Path


def run_all(trials: Iterable[Trial], folder: Path, jobs: int) -> Iterator[tuple[Trial, str]]:
    """Each trial with `killed`, `timed out` or `survived`, as they end; `jobs` at once."""
    for name in (*FOREIGN, *(plugin.module for plugin in entry_points(group="pytest11"))):
        importlib.import_module(name)
    waiting = enumerate(trials)
    running: dict[int, _Running] = {}
    try:
        while True:
            while len(running) < jobs and (following := next(waiting, None)) is not None:
                number, trial = following
                if trial.tests:
                    one = _start(trial, folder / f"trial-{number}")
                    running[os.pidfd_open(one.pid)] = one
                else:
                    yield trial, "survived"
            if not running:
                return
            rest = min(one.until for one in running.values()) - time.monotonic()
            ended, _, _ = select.select(running, [], [], max(rest, 0))
            late = [handle for handle, one in running.items() if one.until <= time.monotonic()]
            for handle in {*ended, *late}:
                one = running.pop(handle)
                code = _end(handle, one)
                yield one.trial, verdict(code)
    finally:
        for handle, one in running.items():
            _end(handle, one)


def verdict(code: int) -> str:
    if code in (0, pytest.ExitCode.NO_TESTS_COLLECTED):
        return "survived"
    return "timed out" if code in (-signal.SIGKILL, -signal.SIGXCPU) else "killed"


def _start(trial: Trial, folder: Path) -> _Running:
    folder.mkdir(parents=True)
    until = time.monotonic() + 120 + 20 * trial.seconds
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            code = _try(trial, folder)
        finally:
            os._exit(code)
    return _Running(trial, pid, until, folder)


def _end(handle: int, one: _Running) -> int:
    """The exit status, once it and all that it started have ended; negative for a signal."""
    with contextlib.suppress(ProcessLookupError):
        if not select.select([handle], [], [], 0)[0]:
            os.kill(one.pid, signal.SIGKILL)
    _pid, status = os.waitpid(one.pid, 0)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(one.pid, signal.SIGKILL)
    os.close(handle)
    shutil.rmtree(one.folder, ignore_errors=True)
    return os.waitstatus_to_exitcode(status)


def _try(trial: Trial, folder: Path) -> int:
    """In the forked process: 0 when the tests notice nothing."""
    os.setsid()
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_, signal.SIG_DFL)
    output = os.open(folder / "output", os.O_WRONLY | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    seconds = int(30 + 5 * trial.seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    sys.meta_path.insert(0, Mutated(trial.mutant))
    files = dict.fromkeys(test.partition("::")[0] for test in trial.tests)
    # What was imported before the fork is not rewritten, and need not be.
    arguments = [
        *PYTEST,
        "-x",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
        f"--basetemp={folder / 'tmp'}",
        *files,
    ]
    return int(pytest.main(arguments, plugins=[_Chosen(trial.tests)]))


class _Chosen:
    """Of all tests that were collected, these, in this order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.order = {test: place for place, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self.order), key=lambda item: self.order[item.nodeid]
        )


class Mutated(MetaPathFinder, ExecutionLoader):
    """Finds one module, as the mutant has it; nothing of it is ever written."""

    def __init__(self, mutant: Mutant) -> None:
        path = Path(mutant.path)
        self.package = path.stem == "__init__"
        self.name = ".".join((path.parent if self.package else path.with_suffix("")).parts)
        self.path = str(ROOT / path)
        self.source = mutant.source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None

    def is_package(self, fullname: str) -> bool:
        return self.package

    def get_filename(self, fullname: str) -> str:
        return self.path

    def get_source(self, fullname: str) -> str:
        return self.source
