"""Bring a database to the present schema, in one transaction, under the write lock.

`python -m node.storage.migrate "what changes"` writes the next revision from the difference between the tables and the
revisions so far; read it before you commit it, and raise `HEAD`. Read next: migrations/env.py.
"""

import sys
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from node.storage.engine import MODE, Mode, make_engine
from node.storage.errors import WrongDatabase

HEAD = "0023"
"""The last revision: a database that has it needs nothing, not even Alembic to be imported."""

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> None:
    """Apply the revisions that the database lacks; WrongDatabase when it has one that this program does not know."""
    with engine.connect() as reader:
        if schema_revision(reader) == HEAD:
            return
    from alembic import command
    from alembic.util import CommandError

    with engine.execution_options(**{MODE: Mode.MIGRATE}).begin() as connection:
        try:
            command.upgrade(_config(connection), HEAD)
        except CommandError:
            raise WrongDatabase(
                f"the database's schema is {schema_revision(connection)}, later than this program's {HEAD}"
            ) from None
        if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise WrongDatabase("a migration left rows that refer to nothing")


def schema_revision(connection: Connection) -> str | None:
    """The revision that the database stands at; None for an empty database."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return revision


def write_revision(message: str) -> None:
    """Write the next revision file from what the tables have and the revisions have not."""
    from alembic import command

    engine = make_engine("sqlite://")
    migrate(engine)
    with engine.execution_options(**{MODE: Mode.MIGRATE}).begin() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=f"{int(HEAD) + 1:04}")
    engine.dispose()


def _config(connection: Connection):  # type: ignore[no-untyped-def]  # Alembic is imported by those who need it
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    # A module's name begins with a letter.
    config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    write_revision(sys.argv[1])
