"""Settings of all tests: a property is judged by what it finds, never by how busy the machine is; a log set up by one
test does not go on writing for the next, to a stream that is closed by then. A long look for what fifty examples do not
find: `pytest --hypothesis-profile=soak`."""

import logging
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("maillon", deadline=None, max_examples=50)
settings.register_profile("soak", deadline=None, max_examples=2000)
settings.load_profile("maillon")


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
