"""What is destroyed is in no file any more."""

from pathlib import Path

import pytest

from node.mission.forwards.ports import Papers
from node.storage import SqlDatabase
from tests.contracts.databases import NOW, open_town
from tests.contracts.test_candidates import AMINA

SECRET = b"a dossier that nobody shall find again"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def found(folder: Path, words: bytes) -> list[str]:
    return [file.name for file in folder.iterdir() if words in file.read_bytes()]


def fill(database: SqlDatabase) -> int:
    with database.write() as uow:
        uow.candidates.add(AMINA)
        uow.forwards.keep_papers("f1", Papers(message=b"{}", dossier=SECRET * 500, epoch=1, index=3))
        return uow.journal.append("sealed/1", "to:bayonne.emploi.example", SECRET, NOW).index


def test_what_is_destroyed_is_in_no_file(folder: Path) -> None:
    database = open_town(f"sqlite:///{folder}/town.db")
    index = fill(database)
    assert found(folder, SECRET) and found(folder, AMINA.email.encode())
    with database.write() as uow:
        uow.candidates.remove(AMINA.id)
        uow.forwards.destroy_papers("f1")
        uow.journal.destroy_body(index)
    assert found(folder, SECRET) == found(folder, AMINA.email.encode()) == []
    database.dispose()


def test_a_reader_delays_it_until_the_next_writer(folder: Path) -> None:
    database = open_town(f"sqlite:///{folder}/town.db")
    index = fill(database)
    with database.read() as reader:
        assert reader.journal.size() == 2
        with database.write() as uow:
            uow.journal.destroy_body(index)
            uow.forwards.destroy_papers("f1")
        assert found(folder, SECRET)
    with database.write() as uow:
        uow.journal.append("offer.published/1", "network", b"{}", NOW)
    assert found(folder, SECRET) == []
    database.dispose()


def test_what_was_to_be_destroyed_and_was_not_stays(folder: Path) -> None:
    database = open_town(f"sqlite:///{folder}/town.db")
    fill(database)
    with pytest.raises(ZeroDivisionError), database.write() as uow:
        uow.forwards.destroy_papers("f1")
        _ = 1 // 0
    with database.read() as uow:
        papers = uow.forwards.papers("f1")
    assert papers is not None and papers.dossier == SECRET * 500
    database.dispose()
