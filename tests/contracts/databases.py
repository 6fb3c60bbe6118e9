"""Databases to run the contracts on: SQLite in memory, SQLite in a file, PostgreSQL."""

import importlib.util
import os
import random
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from node.storage import SqlDatabase, open_database

DRANCY = "drancy.emploi.example"
MONTLUCON = "montlucon.emploi.example"
BAYONNE = "bayonne.emploi.example"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

_PROGRAMS = Path("/usr/lib/postgresql/15/bin")
_GIVEN = "MAILLON_TEST_POSTGRESQL_URL"
_serial = count(1)


def open_town(url: str = "sqlite://", *, node: str = DRANCY, seed: int = 1, now: datetime = NOW) -> SqlDatabase:
    """A town's database, its randomness repeatable."""
    return open_database(url, node_id=node, random_bytes=random.Random(seed).randbytes, now=now)


def why_no_postgresql() -> str:
    """Why the contracts cannot run on PostgreSQL here; empty when they can."""
    if importlib.util.find_spec("psycopg") is None:
        return "psycopg is not installed"
    if _GIVEN not in os.environ and not (_PROGRAMS / "initdb").exists():
        return f"no {_PROGRAMS}/initdb, and {_GIVEN} is not set"
    return ""


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The URL of a server where databases may be made: the one of the environment, else one started for the tests."""
    if given := os.environ.get(_GIVEN):
        yield given
        return
    directory = Path(tempfile.mkdtemp(prefix="maillon-postgresql-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    as_postgres: list[str | Path] = []
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        shutil.chown(directory, "postgres")
        as_postgres = ["runuser", "-u", "postgres", "--"]
    options = f"-p {port} -k {directory} -c listen_addresses=127.0.0.1 -c fsync=off"
    _run(*as_postgres, _PROGRAMS / "initdb", "-D", directory / "data", "-A", "trust", "-U", "postgres")
    _run(*as_postgres, _PROGRAMS / "pg_ctl", "-D", directory / "data", "-o", options, "-w", "start")
    try:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        _run(*as_postgres, _PROGRAMS / "pg_ctl", "-D", directory / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def postgresql_database(server: str) -> Iterator[str]:
    """The URL of a new, empty database on the server, dropped afterwards."""
    name = f"maillon_test_{os.getpid()}_{next(_serial)}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        engine.dispose()


def _run(*command: str | Path) -> None:
    # The server keeps the descriptors that it inherits, so that a pipe would never end.
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
