"""What the repositories of one unit of work share: one transaction, and how to write rows in it.

The bulk writers hand rows, as tuples in column order, to the database driver itself: SQLAlchemy's own parameter
processing would cost as much again as the insertion. So their values are already what the driver takes: bytes, text,
integers, None, and days as ISO text.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.sql.dml import Insert

from node.mission.happened import Event

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql
    from sqlmodel import Session


class Transaction:
    """One open transaction. `destroyed` is set by whoever deletes what must not be found again. `changes`, pairs of
    what happened and to what, and `happened`, events and whether they take the place of earlier ones, are what it tells
    of once it is committed (see happened.py)."""

    def __init__(self, connection: Connection, random_bytes: Callable[[int], bytes]) -> None:
        self.connection = connection
        self.random_bytes = random_bytes
        self.destroyed = False
        self.changes: list[tuple[str, str]] = []
        self.happened: list[tuple[Event, bool]] = []
        self._session: Session | None = None

    @property
    def session(self) -> "Session":
        """The rows of SQLModel in this transaction. Made, and its library imported, when it is first asked for."""
        if self._session is None:
            from sqlmodel import Session

            # It takes part in the connection's transaction, and never ends it by itself.
            self._session = Session(self.connection, autoflush=False, join_transaction_mode="rollback_only")
        return self._session

    def flush(self) -> None:
        """Write what the session still holds."""
        if self._session is not None:
            self._session.flush()

    def forget_rows(self) -> None:
        """The session asks the database again for every row that it holds: something was changed behind it."""
        if self._session is not None:
            self._session.expire_all()

    def close(self) -> None:
        """The session lets its rows go."""
        if self._session is not None:
            self._session.close()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A nested block: an exception that leaves it undoes what was written inside it, and nobody is told of it."""
        changed, told = len(self.changes), len(self.happened)
        try:
            with self._nested():
                yield
        except BaseException:
            del self.changes[changed:], self.happened[told:]
            raise

    @contextmanager
    def _nested(self) -> Iterator[None]:
        if self._session is not None:
            with self._session.begin_nested():
                # The session says SAVEPOINT only when somebody asks it for the connection.
                self._session.connection()
                yield
            return
        with self.connection.begin_nested():
            try:
                yield
                self.flush()
            finally:
                # A session that was made in here took part in the savepoint: its next row joins what is around it.
                self.close()

    def insert_many(self, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows that have a value for every column."""
        if rows:
            self.connection.exec_driver_sql(_insert_text(table, self.connection.dialect), list(rows))

    def upsert_many(self, table: sa.Table, rows: Sequence[tuple[Any, ...]], grows: str | None = None) -> None:
        """As `insert_many`, replacing rows of the same key; with `grows`, only by a greater value of that column."""
        if rows:
            self.connection.exec_driver_sql(_upsert_text(table, self.connection.dialect, grows), list(rows))

    def upsert(self, table: sa.Table, **values: Any) -> None:
        """Insert one row, or replace the one of the same key; `values` has every column."""
        self.connection.execute(_upsert(table, self.connection.dialect, None), values)

    def insert(self, table: sa.Table, *rows: Mapping[str, Any]) -> None:
        """Insert rows by the names of their columns."""
        if rows:
            self.connection.execute(sa.insert(table), rows)

    def update(self, table: sa.Table, values: Mapping[str, Any]) -> bool:
        """Replace the row of the same key; False when there is none. `values` has every column."""
        key = [column == values[column.name] for column in table.primary_key]
        return self.connection.execute(sa.update(table).where(*key).values(values)).rowcount > 0

    def delete(self, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
        """Delete rows; how many there were."""
        return self.connection.execute(sa.delete(table).where(*conditions)).rowcount

    def insert_if_new(self, table: sa.Table, **values: Any) -> bool:
        """Insert one row; False, and nothing changed, when its key is there already."""
        statement = _dialect_insert(table, self.connection.dialect).on_conflict_do_nothing()
        # PostgreSQL's driver does not say how many rows an insertion made; the rows that it returns do.
        return self.connection.execute(statement.returning(*table.primary_key), values).first() is not None


@lru_cache(maxsize=64)
def _insert_text(table: sa.Table, dialect: Dialect) -> str:
    return str(sa.insert(table).compile(dialect=dialect))


@lru_cache(maxsize=64)
def _upsert_text(table: sa.Table, dialect: Dialect, grows: str | None) -> str:
    return str(_upsert(table, dialect, grows).compile(dialect=dialect))


def _upsert(table: sa.Table, dialect: Dialect, grows: str | None) -> Insert:
    statement = _dialect_insert(table, dialect)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={column.name: new[column.name] for column in table.columns if not column.primary_key},
        where=None if grows is None else new[grows] > table.columns[grows],
    )


def _dialect_insert(table: sa.Table, dialect: Dialect) -> "sqlite.Insert | postgresql.Insert":
    if dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)
