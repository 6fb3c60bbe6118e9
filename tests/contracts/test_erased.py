"""References of erased people: they can be recognised, and not read."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from node.storage import SqlDatabase
from tests.contracts.databases import open_town


def test_an_erased_reference_is_recognised_and_no_other(database: SqlDatabase) -> None:
    with database.read() as uow:
        assert uow.erased.among(["93-0007"]) == frozenset()
    with database.write() as uow:
        uow.erased.add(["93-0007", "93-0008"])
        assert uow.erased.among(["93-0007", "93-0009"]) == {"93-0007"}
    with database.write() as uow:
        uow.erased.add(["93-0007", "93-0010"])
    with database.read() as uow:
        assert uow.erased.among(["93-0007", "93-0008", "93-0009", "93-0010"]) == {"93-0007", "93-0008", "93-0010"}


def test_an_undone_erasure_is_no_erasure(database: SqlDatabase) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as uow:
        uow.erased.add(["93-0007"])
        _ = 1 // 0
    with database.read() as uow:
        assert uow.erased.among(["93-0007"]) == frozenset()


def test_the_salt_is_the_nodes_own_and_no_reference_is_in_the_file(tmp_path: Path) -> None:
    digests = []
    for seed in (1, 2):
        path = tmp_path / f"{seed}.db"
        town = open_town(f"sqlite:///{path}", seed=seed)
        with town.write() as uow:
            uow.erased.add(["93-0007"])
        town.dispose()
        assert b"93-0007" not in path.read_bytes()
        engine = sa.create_engine(f"sqlite:///{path}")
        with engine.connect() as connection:
            ((salt,),) = connection.exec_driver_sql("SELECT salt FROM erased_salt")
            ((digest,),) = connection.exec_driver_sql("SELECT digest FROM erased_reference")
        engine.dispose()
        assert (len(salt), len(digest)) == (32, 32)
        digests.append((salt, digest))
    assert digests[0][0] != digests[1][0] and digests[0][1] != digests[1][1]
