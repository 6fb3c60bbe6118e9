"""What the repositories of one unit of work share: one transaction, and how to write many rows in it.

The bulk writers hand rows, as tuples in column order, to the database driver itself: SQLAlchemy's own parameter
processing would cost as much again as the insertion. So their values are already what the driver takes: bytes, text,
integers, None, and days as ISO text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
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
        self._many(sa.insert(table), rows)

    def upsert_many(self, table: sa.Table, rows: Sequence[tuple[Any, ...]], grows: str | None = None) -> None:
        """As `insert_many`, replacing rows of the same key; with `grows`, only by a greater value of that column."""
        self._many(self._upsert(table, grows), rows)

    def upsert(self, table: sa.Table, **values: Any) -> None:
        """Insert one row, or replace the one of the same key; `values` has every column."""
        self.connection.execute(self._upsert(table, None), values)

    def insert_if_new(self, table: sa.Table, **values: Any) -> bool:
        """Insert one row; False, and nothing changed, when its key is there already."""
        statement = self._dialect_insert(table).on_conflict_do_nothing()
        return self.connection.execute(statement, values).rowcount == 1

    def _many(self, statement: Insert, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            compiled = statement.compile(dialect=self.connection.dialect)
            self.connection.exec_driver_sql(str(compiled), list(rows))

    def _dialect_insert(self, table: sa.Table) -> "sqlite.Insert | postgresql.Insert":
        if self.connection.dialect.name == "sqlite":
            return sqlite.insert(table)
        return postgresql.insert(table)

    def _upsert(self, table: sa.Table, grows: str | None) -> Insert:
        statement = self._dialect_insert(table)
        key = [column.name for column in table.primary_key]
        new = statement.excluded
        changed = {c.name: new[c.name] for c in table.columns if not c.primary_key}
        condition = None if grows is None else new[grows] > table.columns[grows]
        return statement.on_conflict_do_update(index_elements=key, set_=changed, where=condition)
