"""Databases to run the contracts on: SQLite in memory, SQLite in a file, PostgreSQL.

The revisions are applied once; what is opened here is a copy of what they made. Those are tested in
tests/node/storage/test_migrations.py, and an empty database that several processes open at once in test_processes.py.
"""

import hashlib
import importlib.util
import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url

from node.storage import SqlDatabase, initialise, migrate, open_database
from node.storage.engine import make_engine
from tests.contracts import postgresql

DRANCY = "drancy.emploi.example"
MONTLUCON = "montlucon.emploi.example"
BAYONNE = "bayonne.emploi.example"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

GIVEN = "MAILLON_TEST_POSTGRESQL_URL"
_serial = count(1)


def open_town(
    url: str = "sqlite://", *, node: str = DRANCY, seed: int = 1, now: datetime = NOW, copied: bool = True
) -> SqlDatabase:
    """A town's database, its randomness repeatable. Made as a node makes it unless it may be a copy."""
    make = open_copy if copied else open_database
    return make(url, node_id=node, random_bytes=random.Random(seed).randbytes, now=now)


def open_copy(url: str, *, node_id: str, random_bytes: Callable[[int], bytes], now: datetime) -> SqlDatabase:
    """As `open_database` does; what is not there yet is a copy of the template."""
    if url == "sqlite://":
        database = SqlDatabase(_memory(), random_bytes)
        initialise(database, node_id, 1, now)
        return database
    if url.startswith("sqlite") and not (path := Path(url.removeprefix("sqlite:///"))).exists():
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(_sqlite_template())
    return open_database(url, node_id=node_id, random_bytes=random_bytes, now=now)


@cache
def _sqlite_template() -> bytes:
    """An empty SQLite database at the present schema, made once a process."""
    engine = make_engine("sqlite://")
    migrate.migrate(engine)
    raw = engine.raw_connection()
    assert isinstance(raw.driver_connection, sqlite3.Connection)
    data = raw.driver_connection.serialize()
    raw.close()
    engine.dispose()
    return data


def _memory() -> Engine:
    """SQLite in memory at the present schema, not yet any node's."""
    engine = make_engine("sqlite://")
    raw = engine.raw_connection()
    assert isinstance(raw.driver_connection, sqlite3.Connection)
    raw.driver_connection.deserialize(_sqlite_template())
    raw.close()
    return engine


def why_no_postgresql(*, own: bool = False) -> str:
    """Why the contracts cannot run on PostgreSQL here, or on a server of `own`; empty when they can."""
    if importlib.util.find_spec("psycopg") is None:
        return "psycopg is not installed"
    if (own or GIVEN not in os.environ) and postgresql.programs() is None:
        return f"no /usr/lib/postgresql/*/bin/initdb, and {GIVEN} is not set"
    return ""


@contextmanager
def postgresql_server(folder: Path) -> Iterator[str]:
    """The URL of a server where databases may be made: the one of the environment, else the one that this run shares
    by that folder."""
    if given := os.environ.get(GIVEN):
        yield given
    else:
        with postgresql.server(folder) as url:
            yield url


@contextmanager
def postgresql_database(server: str, *, migrated: bool = True) -> Iterator[str]:
    """The URL of a new database on the server, dropped afterwards: empty, or at the present schema."""
    name = f"maillon_test_{os.getpid()}_{next(_serial)}"
    with _connected(server) as connection:
        template = f" TEMPLATE {_postgresql_template(server)}" if migrated else ""
        connection.exec_driver_sql(f"CREATE DATABASE {name}{template}")
        yield _named(server, name)
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@cache
def _postgresql_template(server: str) -> str:
    """The name of an empty database at the present schema on the server, made by the first who asks for it."""
    name = f"maillon_template_{_revisions()}"
    with _connected(server) as connection:
        connection.exec_driver_sql("SELECT pg_advisory_lock(hashtext('maillon_template'))")
        if not connection.exec_driver_sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'").first():
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}_part")
            connection.exec_driver_sql(f"CREATE DATABASE {name}_part")
            engine = make_engine(_named(server, f"{name}_part"))
            migrate.migrate(engine)
            engine.dispose()
            connection.exec_driver_sql(f"ALTER DATABASE {name}_part RENAME TO {name}")
    return name


def _revisions() -> str:
    """Twelve digits that change with any revision: a server of the environment outlives them."""
    files = sorted((Path(migrate.__file__).parent / "migrations").rglob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


@contextmanager
def _connected(server: str) -> Iterator[Connection]:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _named(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)
