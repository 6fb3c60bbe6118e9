"""The one place where a database is opened, and where a transaction begins.

Guarantees, on SQLite and PostgreSQL alike: a transaction in `Mode.WRITE` holds the node's one write lock from its
first moment, across threads and processes, so that what it reads is the latest and nobody writes beside it; one in
`Mode.READ` sees one snapshot and cannot write; what was committed survives a loss of power; database errors that have
a meaning here leave as `errors.StorageError`.

SQLite runs with a write-ahead log and `synchronous=FULL`. NORMAL would be faster, and may lose the last commits when
the power fails: a node could then sign another journal after a checkpoint that it had already shown, which is a fork.
`secure_delete` overwrites what is erased. No error's text quotes a row. Read next: unit_of_work.py.
"""

import os
import sqlite3
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, ExceptionContext, make_url
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool, StaticPool

from node.storage.errors import (
    AlreadyThere,
    BrokenDatabase,
    DatabaseBusy,
    DiskFull,
    LostDatabase,
    ReadOnly,
    StorageError,
    WrongDatabase,
)

BUSY_SECONDS = 10
"""How long a writer waits for another one."""
MIGRATING_SECONDS = 120
"""How long whoever opens a database waits for the one who brings it to the present schema."""

LOCAL_TROUBLE: tuple[type[Exception], ...] = (
    BrokenDatabase,
    DatabaseBusy,
    sa.exc.OperationalError,
    sa.exc.InterfaceError,
    sa.exc.InternalError,
    sa.exc.TimeoutError,
)
"""What no row and no message is to blame for: the disk, the server, the connection. The same again may go well."""

_FILE_MODE = 0o600

_BUSY = DatabaseBusy, f"another writer has held the database for {BUSY_SECONDS} s"
_READ_ONLY = ReadOnly, "this unit of work, or the database file, is for reading only"
_CONFLICT = AlreadyThere, "a value that must be unique is taken, or a row that is referred to is missing"
_DAMAGED = BrokenDatabase, "the database is damaged, or the file is no database"
_FULL = DiskFull, "the disk is full"
_UNREADABLE = BrokenDatabase, "the database file cannot be read or written"

_MEANINGS: dict[int | str, tuple[type[StorageError], str]] = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_CONSTRAINT: _CONFLICT,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: _UNREADABLE,
    sqlite3.SQLITE_CANTOPEN: _UNREADABLE,
    "55P03": _BUSY,
    "25006": _READ_ONLY,
    "23": _CONFLICT,
    "XX001": _DAMAGED,
    "53100": _FULL,
    "58030": _UNREADABLE,
}
"""SQLite's primary result codes and PostgreSQL's states (class 23 as a whole) -> what they mean here."""

# Threads of one web process; a thread holds a connection for the milliseconds of a unit of work.
_POOL_SIZE, _POOL_OVERFLOW = 5, 35
# Any constant does: advisory locks are numbered within one PostgreSQL database.
_WRITE_LOCK = 0x4D41494C


class Mode(StrEnum):
    """What a transaction may do; the execution option `MODE` of its connection."""

    READ = "read"
    WRITE = "write"
    MIGRATE = "migrate"


MODE = "maillon_mode"
FAILED = "maillon_failed"
"""In `Connection.info` once a statement failed: PostgreSQL would quietly turn the commit into a rollback."""


def make_engine(url: str | URL) -> Engine:
    """An engine for `sqlite://` (in memory), `sqlite:///path` or `postgresql+psycopg://...`.

    A SQLite file that is not there yet is created readable by its owner alone. Raises WrongDatabase for any other
    URL, or when a SQLite file's directory is missing.
    """
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            engine = _sqlite(parsed)
        case "postgresql":
            # Positional parameters, so that one row is a tuple in the bulk inserts of either database.
            engine = sa.create_engine(
                parsed,
                paramstyle="format",
                pool_size=_POOL_SIZE,
                max_overflow=_POOL_OVERFLOW,
                pool_pre_ping=True,
                hide_parameters=True,
            )
            event.listen(engine, "begin", _begin_postgresql)
        case other:
            raise WrongDatabase(f"database of an unknown kind: {other}")
    event.listen(engine, "handle_error", _translate)
    return engine


def require_file(url: str) -> None:
    """LostDatabase when a SQLite database's file is not there, or is empty: to open it would make a new one."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        path = Path(parsed.database)
        if not path.exists() or not path.stat().st_size:
            raise LostDatabase(str(path))


def is_memory(engine: Engine) -> bool:
    """Whether the database lives in this process alone, on one connection that all threads share in turn."""
    return isinstance(engine.pool, StaticPool)


def _sqlite(url: URL) -> Engine:
    # SQLAlchemy begins, commits and rolls back; the driver itself must not begin anything.
    arguments: dict[str, Any] = {"isolation_level": None, "check_same_thread": False, "timeout": BUSY_SECONDS}
    if url.database in (None, "", ":memory:"):
        engine = sa.create_engine(url, connect_args=arguments, poolclass=StaticPool, hide_parameters=True)
    else:
        assert url.database is not None
        _create_private(Path(url.database))
        engine = sa.create_engine(
            url,
            connect_args=arguments,
            poolclass=QueuePool,
            pool_size=_POOL_SIZE,
            max_overflow=_POOL_OVERFLOW,
            hide_parameters=True,
        )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _create_private(path: Path) -> None:
    """SQLite gives its write-ahead log the mode of the database file."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _FILE_MODE))
    except OSError as error:
        raise WrongDatabase(f"cannot open the database file {path}: {error.strerror}") from None


def _set_up_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    for setting in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: Connection) -> None:
    connection.info[FAILED] = False
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    mode = connection.get_execution_options().get(MODE, Mode.READ)
    raw.execute(f"PRAGMA query_only={int(mode is Mode.READ)}")
    raw.execute(f"PRAGMA busy_timeout={_patience(mode) * 1000}")
    # Tables are altered by copying them, which foreign keys would answer by deleting their dependants.
    raw.execute(f"PRAGMA foreign_keys={int(mode is not Mode.MIGRATE)}")
    connection.exec_driver_sql("BEGIN" if mode is Mode.READ else "BEGIN IMMEDIATE")


def _patience(mode: Mode) -> int:
    return MIGRATING_SECONDS if mode is Mode.MIGRATE else BUSY_SECONDS


def _begin_postgresql(connection: Connection) -> None:
    connection.info[FAILED] = False
    mode = connection.get_execution_options().get(MODE, Mode.READ)
    if mode is Mode.READ:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    else:
        # Before the first query: at READ COMMITTED each later one then sees all that earlier writers committed.
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_patience(mode)}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")


def _translate(context: ExceptionContext) -> None:
    if context.connection is not None:
        context.connection.info[FAILED] = True
    original = context.original_exception
    # PostgreSQL quotes the row in the second line, and errors end up in logs.
    original.args = tuple(str(argument).partition("\n")[0] for argument in original.args)
    # Extended result codes of SQLite carry the primary one in their low byte.
    code = getattr(original, "sqlite_errorcode", 0) & 0xFF or getattr(original, "sqlstate", None) or ""
    found = _MEANINGS.get("23" if str(code).startswith("23") else code)
    if found is not None:
        kind, text = found
        raise kind(text) from original
