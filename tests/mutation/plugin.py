"""Loaded into each run of pytest (`-p tests.mutation.plugin`): properties look at the same few examples every time, and
the seconds of each test are written down where MAILLON_DURATIONS says."""

import json
import os
import time
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("mutants", deadline=None, max_examples=20, derandomize=True, database=None)

_durations: dict[str, float] = {}
_phase = {"ended": time.process_time()}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Durations are those of the CPU: what is measured on a busy machine holds on a quiet one."""
    report = yield
    now = time.process_time()
    report.duration, _phase["ended"] = now - _phase["ended"], now
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _durations[report.nodeid] = _durations.get(report.nodeid, 0.0) + report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    if "MAILLON_DURATIONS" in os.environ and not hasattr(session.config, "workerinput"):
        Path(os.environ["MAILLON_DURATIONS"]).write_text(json.dumps(_durations), encoding="utf-8")
