"""`maillon import rome` and `maillon import communes`, as an administrator types them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from node.__main__ import run
from node.kit.errors import ExitCode
from node.services.network.founding import Created
from tests.node.referential.official import HEXASMAL, archive_folder, archive_zip, changed

MakeNode = Callable[..., Created]


class Command:
    """One node's command line."""

    def __init__(self, capfd: pytest.CaptureFixture[str], config: Path) -> None:
        self._capfd, self._config = capfd, config
        self.out = self.err = ""

    def __call__(self, *arguments: object) -> int:
        self._capfd.readouterr()
        code = run(["--config", str(self._config), "import", *(str(one) for one in arguments)])
        self.out, self.err = self._capfd.readouterr()
        return code

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def maillon(capfd: pytest.CaptureFixture[str], make_node: MakeNode) -> Command:
    return Command(capfd, make_node().config)


def test_rome_from_a_zip_then_again(maillon: Command, tmp_path: Path) -> None:
    archive = archive_zip(tmp_path / "rome.zip")
    assert maillon("rome", archive, "--json") == ExitCode.OK
    first = maillon.json
    assert maillon.err == ""
    assert first["version"].startswith("rome-v460+")
    assert (first["before"], first["changed"]) == (None, True)
    assert first["counts"]["appellations"] == 6
    assert first["seconds"] < 30
    assert maillon("rome", archive, "--json") == ExitCode.OK
    assert (maillon.json["before"], maillon.json["changed"]) == (first["version"], False)


def test_a_person_is_told_what_is_in_force(maillon: Command, tmp_path: Path) -> None:
    assert maillon("rome", archive_folder(tmp_path / "rome")) == ExitCode.OK
    assert "rome-v460+" in maillon.out
    assert maillon("rome", tmp_path / "rome") == ExitCode.OK
    assert "rome-v460+" in maillon.out
    table = tmp_path / "laposte_hexasmal.csv"
    table.write_text(HEXASMAL, encoding="utf-8")
    assert maillon("communes", table) == ExitCode.OK
    assert "communes-laposte+" in maillon.out


def test_a_wrong_archive_is_one_sentence_with_its_file_and_line(maillon: Command, tmp_path: Path) -> None:
    wrong = archive_folder(tmp_path / "wrong", changed("referentiel_savoir", 2, 0, "12O001"))
    assert maillon("rome", wrong, "--json") == ExitCode.ERROR
    assert maillon.out == ""
    assert "unix_referentiel_savoir_v460_utf8.csv" in maillon.err
    assert " 3" in maillon.err.replace("\xa0", " ")
    assert "Traceback" not in maillon.err
    assert len(maillon.err.strip().splitlines()) == 1


def test_a_path_that_is_not_there(maillon: Command, tmp_path: Path) -> None:
    assert maillon("rome", tmp_path / "absent.zip") == ExitCode.USAGE
    assert maillon("communes", tmp_path) == ExitCode.USAGE
