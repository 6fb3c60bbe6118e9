"""Revisions and tables say the same, and a database is brought from any of them to the present."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from node.storage import WrongDatabase, migrate
from node.storage.engine import MODE, Mode, make_engine
from node.storage.tables import METADATA
from tests.contracts.databases import open_town


@pytest.fixture
def engine() -> Iterator[sa.Engine]:
    opened = make_engine("sqlite://")
    yield opened
    opened.dispose()


def test_tables_and_revisions_are_the_same(engine: sa.Engine) -> None:
    migrate.migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert set(sa.inspect(connection).get_table_names()) == {*METADATA.tables, "alembic_version"}


def test_a_difference_would_be_seen(engine: sa.Engine) -> None:
    migrate.migrate(engine)
    with engine.execution_options(**{MODE: Mode.MIGRATE}).begin() as connection:
        connection.exec_driver_sql("ALTER TABLE candidate DROP COLUMN summary")
    with engine.connect() as connection:
        ((what, _, table, column),) = compare_metadata(MigrationContext.configure(connection), METADATA)
        assert (what, table, column.name) == ("add_column", "candidate", "summary")


def test_every_constraint_has_a_name() -> None:
    """Otherwise no later revision could change it on SQLite."""
    for table in METADATA.tables.values():
        for constraint in table.constraints:
            assert constraint.name, (table.name, constraint)


def test_the_head_is_the_last_revision() -> None:
    script = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    assert script.get_heads() == [migrate.HEAD]


def test_migrating_again_changes_nothing(engine: sa.Engine) -> None:
    for _ in range(2):
        migrate.migrate(engine)
        with engine.connect() as connection:
            assert migrate.schema_revision(connection) == migrate.HEAD
            assert connection.exec_driver_sql("SELECT count(*) FROM journal_state").scalar() == 0


def test_a_database_of_a_later_version_is_refused_as_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/town.db"
    open_town(url).dispose()
    engine = make_engine(url)
    with engine.execution_options(**{MODE: Mode.WRITE}).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(WrongDatabase, match=f"schema is 9999, later than this program's {migrate.HEAD}"):
        open_town(url)
    engine = make_engine(url)
    with engine.connect() as connection:
        assert migrate.schema_revision(connection) == "9999"
        assert connection.exec_driver_sql("SELECT size FROM journal_state").scalar() == 1
    engine.dispose()


def test_foreign_keys_are_on_again_after_a_migration(engine: sa.Engine) -> None:
    migrate.migrate(engine)
    with engine.execution_options(**{MODE: Mode.WRITE}).begin() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
