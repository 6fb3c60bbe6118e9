"""How a SQLite database is opened, and how its errors are told."""

import sqlite3
import stat
from pathlib import Path
from threading import Event, Thread

import pytest

from node.storage import BrokenDatabase, DatabaseBusy, NestedUnitOfWork, WrongDatabase
from node.storage.engine import MODE, Mode, make_engine
from tests.contracts.databases import BAYONNE, NOW, open_town


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "town.db"


def test_every_connection_is_set_up(path: Path) -> None:
    opened = make_engine(f"sqlite:///{path}")
    for mode, query_only in ((Mode.READ, 1), (Mode.WRITE, 0), (Mode.READ, 1)):
        with opened.execution_options(**{MODE: mode}).begin() as connection:
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in (
                    "journal_mode",
                    "synchronous",
                    "foreign_keys",
                    "busy_timeout",
                    "secure_delete",
                    "query_only",
                )
            }
        assert found == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "busy_timeout": 10_000,
            "secure_delete": 1,
            "query_only": query_only,
        }
    opened.dispose()


def test_all_files_are_the_owners_alone(path: Path) -> None:
    database = open_town(f"sqlite:///{path}", copied=False)
    with database.read():
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {"town.db": 0o600, "town.db-wal": 0o600, "town.db-shm": 0o600}
    database.dispose()


def test_a_url_that_cannot_be_opened_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WrongDatabase, match="No such file or directory"):
        make_engine(f"sqlite:///{tmp_path}/missing/town.db")
    with pytest.raises(WrongDatabase, match="unknown kind: mysql"):
        make_engine("mysql://localhost/town")


def test_what_is_no_database_is_told(path: Path) -> None:
    path.write_bytes(b"nom;prenom\n" * 1000)
    with pytest.raises(BrokenDatabase, match="no database"):
        open_town(f"sqlite:///{path}")
    assert path.read_bytes() == b"nom;prenom\n" * 1000


def test_a_full_disk_is_told_and_nothing_is_written(path: Path) -> None:
    database = open_town(f"sqlite:///{path}")
    with pytest.raises(BrokenDatabase, match="the disk is full"), database.write() as uow:
        raw = uow.journal._connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.execute("PRAGMA max_page_count=1")
        uow.journal.append_many("offer.published/1", "network", [b"{}" * 2000] * 200, NOW)
    database.dispose()
    database = open_town(f"sqlite:///{path}")
    with database.read() as uow:
        assert uow.journal.size() == 1
    database.dispose()


def test_the_database_of_another_town_is_refused(path: Path) -> None:
    open_town(f"sqlite:///{path}").dispose()
    with pytest.raises(WrongDatabase, match=r"that of drancy\.emploi\.example in epoch 1, not of bayonne"):
        open_town(f"sqlite:///{path}", node=BAYONNE)


def test_a_writer_does_not_wait_for_ever(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("engine", "unit_of_work"):
        monkeypatch.setattr(f"node.storage.{module}.BUSY_SECONDS", 0)
    database = open_town(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy), database.write():
        pass
    with database.read() as uow:
        assert uow.journal.size() == 1
    other.execute("ROLLBACK")
    other.close()
    with database.write() as uow:
        uow.journal.append("offer.published/1", "network", b"{}", NOW)
    database.dispose()


def test_a_thread_does_not_wait_for_ever_for_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("node.storage.unit_of_work.BUSY_SECONDS", 0.01)
    database = open_town()
    held, done = Event(), Event()

    def hold() -> None:
        with database.write():
            held.set()
            done.wait()

    holder = Thread(target=hold)
    holder.start()
    held.wait()
    with pytest.raises(DatabaseBusy), database.write():
        pass
    with pytest.raises(DatabaseBusy), database.read():
        pass
    done.set()
    holder.join()
    with database.write() as uow:
        assert uow.journal.size() == 1
    database.dispose()


def test_in_memory_reads_do_not_nest_either() -> None:
    database = open_town()
    with pytest.raises(NestedUnitOfWork), database.write(), database.read():
        pass
    with database.read() as uow:
        assert uow.journal.size() == 1
    database.dispose()
