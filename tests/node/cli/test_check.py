"""`maillon check` on a node in trouble: it ends, says what is wrong, and makes nothing anew."""

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from node.config import load
from node.kit.errors import ExitCode, sentence
from node.services.network.founding import Created
from node.storage import DiskFull
from tests.node.cli.test_life import INIT, Maillon, maillon
from tests.node.conftest import french

__all__ = ["maillon"]


def findings(maillon: Maillon, created: Created) -> dict[str, dict[str, object]]:
    said = maillon("check", "--json", "--config", created.config)
    assert said.code == ExitCode.ERROR
    return {one["name"]: one for one in said.json["checks"]}


def database_of(created: Created) -> Path:
    return load(created.config).data_dir / "maillon.db"


def test_a_truncated_journal_ends_with_an_error(maillon: Maillon, created: Created) -> None:
    with closing(sqlite3.connect(database_of(created))) as connection, connection:
        connection.execute("DELETE FROM journal_entry")
    found = findings(maillon, created)["journal"]
    assert not found["ok"] and found["advice"]


@pytest.mark.parametrize("command", ["check", "status", "serve"])
@pytest.mark.parametrize("how", ["missing", "empty", "foreign"])
def test_a_lost_database_is_never_replaced_in_silence(
    maillon: Maillon, created: Created, command: str, how: str
) -> None:
    path = database_of(created)
    for one in path.parent.glob("maillon.db*"):
        one.unlink()
    if how == "empty":
        path.touch()
    elif how == "foreign":
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("CREATE TABLE something_else (id INTEGER)")
    before = path.read_bytes() if path.exists() else None
    said = maillon(command, "--config", created.config)
    assert said.code == ExitCode.ERROR
    assert "manque ou est vide. Ce nœud existe déjà" in said.out + said.err
    after = path.read_bytes() if path.exists() else None
    assert (after or b"") == (before or b"") or how == "foreign"
    if how == "foreign":
        with closing(sqlite3.connect(path)) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
        assert tables == ["something_else"]
    else:
        assert path.exists() is (how == "empty")


class TestInitWithADatabase:
    def test_what_was_used_is_written_down(self, maillon: Maillon, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
        assert maillon("init", "--dir", tmp_path / "m", *INIT, "--database-url", url).code == ExitCode.OK
        assert load(tmp_path / "m" / "config.toml").database_url == url
        assert not (tmp_path / "m" / "maillon.db").exists()
        assert maillon("status", "--config", tmp_path / "m" / "config.toml").code == ExitCode.OK

    def test_another_nodes_database_is_refused_and_nothing_is_made(self, maillon: Maillon, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
        maillon("init", "--dir", tmp_path / "m", *INIT, "--database-url", url)
        again = maillon("init", "--dir", tmp_path / "n", *INIT, "--database-url", url)
        assert again.code == ExitCode.ERROR
        assert "Cette base de données n'est pas vide" in again.err
        assert not (tmp_path / "n" / "config.toml").exists()
        over = maillon("init", "--dir", tmp_path / "m", *INIT)
        assert over.code == ExitCode.ERROR and "il y a déjà un nœud dans ce dossier" in over.err


def test_a_full_disk_is_called_so_and_asks_for_no_backup() -> None:
    for error in (DiskFull("no room is left"), OSError(errno.ENOSPC, "No space left on device")):
        said = french(sentence(error))
        assert said.startswith("Le disque est plein") and "ne remettez aucune sauvegarde" in said
