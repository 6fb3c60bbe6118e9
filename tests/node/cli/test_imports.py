"""Lists by command: looked at first, taken in, and made from a template."""

from collections.abc import Callable
from pathlib import Path

import pytest

from node.__main__ import run
from node.kit.errors import ExitCode
from node.services.network.founding import Created
from tests.node.cli.test_life import Said
from tests.node.conftest import french
from tests.node.imports.test_spreadsheets import sheet

Maillon = Callable[..., Said]
HEADER = ["reference", "nom", "prenom", "commune", "metiers"]
GOOD = ["A1", "Petit", "Camille", "03185", "N1103"]
BAD = ["A2", "Roy", "Luc", "Nulle part", "N1103"]


@pytest.fixture
def maillon(capfd: pytest.CaptureFixture[str], created: Created) -> Maillon:
    def call(*arguments: str | Path) -> Said:
        code = run([*map(str, arguments), "--config", str(created.config)])
        captured = capfd.readouterr()
        return Said(code, captured.out, captured.err)

    return call


def listed(path: Path, *rows: list[str]) -> Path:
    path.write_bytes(
        sheet(HEADER, *rows) if path.suffix == ".xlsx" else "\n".join(map(";".join, [HEADER, *rows])).encode()
    )
    return path


@pytest.mark.parametrize("name", ["liste.csv", "liste.xlsx", "liste.txt"])
def test_a_preview_writes_nothing_and_ends_as_the_import_would(maillon: Maillon, tmp_path: Path, name: str) -> None:
    file = listed(tmp_path / name, GOOD, BAD)
    shown = maillon("import", "candidates", file, "--dry-run")
    assert shown.code == ExitCode.PARTIAL
    assert "Camille Petit" in shown.out
    assert "rien n'a été écrit" in french(shown.out)
    assert maillon("candidate", "list", "--json").json["total"] == 0
    as_json = maillon("import", "candidates", file, "--dry-run", "--json").json
    assert [(one["line"], one["outcome"], one["communes"]) for one in as_json["lines"]] == [(2, "added", "Montluçon")]
    assert maillon("import", "candidates", file).code == ExitCode.PARTIAL
    assert maillon("candidate", "list", "--json").json["total"] == 1
    again = maillon("import", "candidates", listed(tmp_path / name, GOOD), "--dry-run")
    assert (again.code, "sans changement : 1" in french(again.out)) == (ExitCode.OK, True)
    assert maillon("import", "candidates", listed(tmp_path / name, BAD), "--dry-run").code == ExitCode.ERROR


def test_offers_are_looked_at_from_a_spreadsheet(maillon: Maillon, tmp_path: Path) -> None:
    file = tmp_path / "offres.xlsx"
    columns = ["reference", "employeur", "intitule", "rome", "contrat", "commune", "heures"]
    file.write_bytes(sheet(columns, ["O1", "Les Quais", "Cariste", "N1101", "CDI", "74268", "1607 h/an"]))
    shown = maillon("import", "offers", file, "--dry-run", "--json")
    (line,) = shown.json["lines"]
    assert (line["communes"], "35 h 00" in line["details"]) == ("Annecy", True)
    assert maillon("import", "offers", file).code == ExitCode.OK


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("candidates",), "modele-personnes.csv"),
        (("offers", "--xlsx"), "modele-offres.xlsx"),
        (("candidates", "-o", "liste.xlsx"), "liste.xlsx"),
    ],
)
def test_a_template_is_written_once_and_holds_nobody(
    maillon: Maillon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["import", "template", *arguments]) == ExitCode.OK
    data = (tmp_path / name).read_bytes()
    assert data.startswith(b"PK") == name.endswith(".xlsx")
    assert run(["import", "template", *arguments]) == ExitCode.ERROR
    assert (tmp_path / name).read_bytes() == data
    assert maillon("import", arguments[0], name).code == ExitCode.OK


def test_a_template_of_something_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["import", "template", "chats"]) == ExitCode.USAGE
    assert list(tmp_path.iterdir()) == []
