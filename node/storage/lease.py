"""One leader: the process that runs the scheduled jobs, and there is never a second one on one database.

Guarantees: at most one holder at a time, on any number of processes; the operating system (SQLite: an exclusive lock on
a file beside the database) or the server (PostgreSQL: an advisory lock on a connection of its own) takes the lease
back when its holder dies, by kill -9 too. Nothing has to be cleaned up, and no clock is involved.
"""

import fcntl
import os
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import sqlalchemy as sa
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.pool import NullPool

_LEADER_LOCK = 0x4D41494D
_FILE_MODE = 0o600


class Lease(ABC):
    """A lease that this process may hold; as a context manager it is released at the end, not acquired."""

    @abstractmethod
    def acquire(self) -> bool:
        """Take the lease if nobody has it, at once; True when this object holds it now."""

    @abstractmethod
    def release(self) -> None:
        """Give it back; nothing happens when it is not held."""

    @abstractmethod
    def holder(self) -> str:
        """Who holds it, for a message to the administrator: a process number; empty when nobody does."""

    def __enter__(self) -> "Lease":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def lease_for(url: str) -> Lease:
    """The lease of the database at this URL (see `engine.make_engine`)."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return AdvisoryLease(url)
    if parsed.database in (None, "", ":memory:"):
        return ProcessLease()
    assert parsed.database is not None
    return FileLease(Path(f"{parsed.database}.lease"))


class FileLease(Lease):
    """An exclusive lock (flock) on a file that holds the process number. The file stays: its lock is what counts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def acquire(self) -> bool:
        if self._file is not None:
            return True
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _FILE_MODE)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        os.ftruncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None

    def holder(self) -> str:
        try:
            file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return ""
        try:
            # A killed holder leaves its number behind, and no lock.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return os.read(file, 20).decode("ascii", "replace")
        else:
            return ""
        finally:
            os.close(file)


class AdvisoryLease(Lease):
    """A PostgreSQL advisory lock, for as long as its connection lasts."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None

    def acquire(self) -> bool:
        if self._connection is not None and self._is_alive(self._connection):
            return True
        self.release()
        connection = self._engine.connect()
        if connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({_LEADER_LOCK})").scalar():
            self._connection = connection
            return True
        connection.close()
        return False

    def release(self) -> None:
        if self._connection is not None:
            # The server notices a closed connection a moment later: whoever comes next would find the lease taken.
            with suppress(sa.exc.SQLAlchemyError):
                self._connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_LEADER_LOCK})")
            self._connection.close()
            self._connection = None

    @staticmethod
    def _is_alive(connection: Connection) -> bool:
        """A server that was restarted has given the lease back, without a word to us."""
        try:
            connection.exec_driver_sql("SELECT 1")
        except sa.exc.DBAPIError:
            return False
        return True

    def holder(self) -> str:
        wanted = sa.text(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = :lock AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        with self._engine.connect() as connection:
            found = connection.execute(wanted, {"lock": _LEADER_LOCK}).scalar()
        return "" if found is None else str(found)


class ProcessLease(Lease):
    """A database in memory has one process, which leads."""

    def __init__(self) -> None:
        self._held = False

    def acquire(self) -> bool:
        self._held = True
        return True

    def release(self) -> None:
        self._held = False

    def holder(self) -> str:
        return str(os.getpid()) if self._held else ""
