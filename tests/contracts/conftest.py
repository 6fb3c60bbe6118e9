"""`database` is a town's empty database, on each kind in turn; `shared_url` one that several processes can open, and
`empty_url` one without any table."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.storage import SqlDatabase
from tests.contracts.databases import open_town, postgresql_database, postgresql_server, why_no_postgresql

FILES = ["sqlite-file", "postgresql"]


@pytest.fixture(scope="session")
def server(run_folder: Path) -> Iterator[str]:
    """A PostgreSQL server, or the reason why there is none."""
    if reason := why_no_postgresql():
        pytest.skip(reason)
    with postgresql_server(run_folder / "postgresql") as url:
        yield url


@pytest.fixture(params=FILES)
def shared_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite-file":
        yield f"sqlite:///{tmp_path}/town.db"
    else:
        with postgresql_database(request.getfixturevalue("server")) as url:
            yield url


@pytest.fixture(params=FILES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite-file":
        yield f"sqlite:///{tmp_path}/town.db"
    else:
        with postgresql_database(request.getfixturevalue("server"), migrated=False) as url:
            yield url


@pytest.fixture(params=["sqlite-memory", *FILES])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlDatabase]:
    match request.param:
        case "sqlite-memory":
            opened = open_town()
        case "sqlite-file":
            opened = open_town(f"sqlite:///{tmp_path}/town.db")
        case _:
            with postgresql_database(request.getfixturevalue("server")) as url:
                opened = open_town(url)
                yield opened
                opened.dispose()
            return
    yield opened
    opened.dispose()
