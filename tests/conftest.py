"""Settings of all tests: a property is judged by what it finds, never by how busy the machine is; a log set up by one
test does not go on writing for the next, to a stream that is closed by then. A long look for what fifty examples do not
find, and what is marked `soak`: `make soak`."""

import gc
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

from tests.places import quick_folder

settings.register_profile("maillon", deadline=None, max_examples=50)
settings.register_profile("soak", deadline=None, max_examples=500)
settings.load_profile("maillon")

os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", quick_folder())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real processes first: they take long, and none is waited for at the end while the other worker has no more."""
    items.sort(key=lambda item: item.get_closest_marker("sockets") is None)


class _CompiledOnce(LRUCache[Any, Any]):
    """Statements by what they are, not by whose engine first said them: SQLite's are all set up alike."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key[1:], value)


def compile_once() -> None:
    """Each town of each test has an engine of its own: what was compiled for one serves all. A fifth of the time of
    tests that ask a database."""
    from node.storage import engine

    made, compiled = engine._sqlite, _CompiledOnce(4_000)

    def sharing(url: Any) -> Engine:
        one = made(url)
        one._compiled_cache = compiled
        return one

    engine._sqlite = sharing


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: looking through all of it for garbage, again and again, took a
    third of the time."""
    if "node.storage.engine" in sys.modules:
        compile_once()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 10, 20)


def pytest_unconfigure() -> None:
    """pytest looks five times for garbage that has something to say; the first time finds it, and takes a second."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def run_folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of one run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if hasattr(request.config, "workerinput") else base


@pytest.fixture(autouse=True)
def log_of_one_test() -> Iterator[None]:
    """Handlers on the standard error that a test brought go with it; its own level too."""
    root = logging.getLogger()
    level = root.level
    yield
    for handler in root.handlers[:]:
        if type(handler) is logging.StreamHandler:
            root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def everything_told(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """All that was logged or printed since the last call, whoever set up a log before this test."""
    for ours in ("node", "federation"):
        caplog.set_level(logging.INFO, logger=ours)

    def told() -> str:
        said = "".join((*capfd.readouterr(), caplog.text))
        caplog.clear()
        return said

    return told
