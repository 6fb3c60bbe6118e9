"""What the repositories of one unit of work share: one transaction, and how to write many rows in it.

The bulk writers hand rows, as tuples in column order, to the database driver itself: SQLAlchemy's own parameter
processing would cost as much again as the insertion. So their values are already what the driver takes: bytes, text,
integers, None, and days as ISO text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.sql.dml import Insert
from sqlmodel import Session


@dataclass(slots=True)
class Transaction:
    """One open transaction. `destroyed` is set by whoever deletes what must not be found again."""

    session: Session
    connection: Connection
    random_bytes: Callable[[int], bytes]
    destroyed: bool = False

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
    return sqlite.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)
