"""Is the database sound and of the present schema? Reads everything once, for `maillon check`."""

from dataclasses import dataclass

from sqlalchemy.engine import make_url

from node.storage.engine import MODE, Mode, make_engine
from node.storage.migrate import HEAD, schema_revision


@dataclass(frozen=True, slots=True)
class DatabaseHealth:
    """`revision` is the schema's, None for an empty database; `faults` are the database's own words, empty when it is
    sound."""

    revision: str | None
    faults: tuple[str, ...]

    @property
    def current(self) -> bool:
        """Whether the schema is the one that this program expects."""
        return self.revision == HEAD


def shown_url(url: str) -> str:
    """A database's URL for people, without its password."""
    return make_url(url).render_as_string(hide_password=True)


def inspect_database(url: str) -> DatabaseHealth:
    """Read the schema's revision and, on SQLite, check every page, index and reference."""
    engine = make_engine(url)
    try:
        with engine.execution_options(**{MODE: Mode.READ}).connect() as connection:
            revision = schema_revision(connection)
            faults: list[str] = []
            if connection.dialect.name == "sqlite":
                rows = connection.exec_driver_sql("PRAGMA integrity_check(10)").all()
                faults += [str(row[0]) for row in rows if row[0] != "ok"]
                dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                faults += sorted({f"{row[0]}: a row refers to nothing" for row in dangling})
    finally:
        engine.dispose()
    return DatabaseHealth(revision, tuple(faults))
