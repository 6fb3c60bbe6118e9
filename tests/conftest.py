"""Settings of all tests: a property is judged by what it finds, never by how busy the machine is; and what a command
that ran in this process set up for its log ends with its test."""

import logging
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("maillon", deadline=None)
settings.load_profile("maillon")


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """A log that writes to a test's standard error must not outlive it: no later line could be written."""
    root = logging.getLogger()
    handlers, level = tuple(root.handlers), root.level
    yield
    for handler in set(root.handlers).difference(handlers):
        root.removeHandler(handler)
    root.setLevel(level)
