"""Official files of communes, read into the table that a node keeps.

Two are known by their title line: La Poste's `laposte_hexasmal.csv` (semicolons; postal codes, former communes, points)
and data.gouv.fr's `communes-france-<year>.csv` (names, postal codes, intercommunality, population, points). What a file
says of a commune takes the place of what the embedded table says, column by column; what it does not say stays, as do
communes that it leaves out: files of people may still name them. One file is in force at a time, always over the
embedded table, so that the order of imports does not matter.

Guarantees: equal files give equal tables and versions. Read next: ``official_files.py``, ``importing.py``.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from node.kit.i18n import gettext as _
from node.referential.communes import Communes
from node.referential.edition import Imported, embedded_communes, former_communes, text_array
from node.referential.lookup import commune_entries
from node.referential.official_files import CsvReader, single
from node.referential.text import fold_place
from node.referential.word_index import WordIndex

COLUMNS = "insee name postal_codes epci population latitude longitude precision other_names".split()

_INSEE = re.compile(r"(\d\d|2[AB])\d{3}")
_POSTAL_CODE = re.compile(r"\d{5}")
_EPCI = re.compile(r"\d{9}")
_WHOLE = re.compile(r"\d{1,9}")
_POINT = re.compile(r"(-?\d{1,3}(?:\.\d{1,20})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,20})?)")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_LOWER_IN_NAMES = frozenset("a au aux d de des du en et l la le les lès sous sur".split())

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is known of a commune; None where it is not said."""

    insee: str
    name: str | None = None
    postal_codes: tuple[str, ...] | None = None
    epci: str | None = None
    population: int | None = None
    point: tuple[float, float] | None = None
    precision: str = "exact"
    other_names: tuple[str, ...] = field(default=())


def read_communes(path: Path, advance: Advance = lambda step: None) -> Imported:
    """Read the official file at ``path``; ``advance`` is told the bytes just read. Raises BadInput, which says what and
    where. ``about`` holds ``counts``: communes in the table, read from the file, and left out for want of a point."""
    file = single(path)
    with file.open() as stream:
        title = stream.readline(4096)
    reader = CsvReader(file, advance)
    if b";" in title:
        # La Poste's older files are in Windows-1252.
        encoding = "utf-8" if _is_utf8(path) else "cp1252"
        origin, stated = "communes-laposte", _laposte(reader, encoding)
    else:
        origin, stated = "communes-france", _communes_france(reader)
    found = {entry.insee: entry for entry in stated}
    year = _YEAR.search(path.name)
    table, unplaced = _table(found)
    digest = hashlib.sha256(table.encode()).hexdigest()
    arrays: dict[str, NDArray[Any]] = {"table": text_array(table)}
    index = WordIndex.build(commune_entries(Communes(table.encode(), former=former_communes())))
    arrays |= {f"communes.{name}": array for name, array in index.items()}
    about = {
        "version": f"{origin}{'-' + year[0] if year else ''}+{digest[:8]}",
        "digest": digest,
        "counts": {"communes": table.count("\n") - 1, "read": len(found), "without_point": unplaced},
    }
    return Imported(str(about["version"]), about, arrays)


def _is_utf8(path: Path) -> bool:
    """Whether all of the file, whose size was checked, is UTF-8."""
    try:
        path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _laposte(reader: CsvReader, encoding: str) -> Iterator[_Entry]:
    """One entry a commune, in the order of its first line; a commune has a line for each postal code and locality."""
    columns = (
        "code_commune_insee",
        ("nom_commune", "nom_de_la_commune"),
        "code_postal",
        "ligne_5",
        ("coordonnees_gps", "coordonnees_geographiques", "_geopoint"),
    )
    entries: dict[str, _Entry] = {}
    for insee, name, postal_code, locality, point in reader.rows(columns, delimiter=";", encoding=encoding):
        known = entries.get(_insee(reader, insee))
        if not _POSTAL_CODE.fullmatch(postal_code):
            raise reader.wrong(_("“{text}” is no postal code: five digits.").format(text=postal_code[:20]))
        codes = (known.postal_codes if known else None) or ()
        localities = known.other_names if known else ()
        entries[insee] = _Entry(
            insee,
            name=known.name if known else reader.label(name),
            postal_codes=tuple(sorted({*codes, postal_code})),
            point=(known.point if known else None) or _point(reader, point),
            other_names=tuple(dict.fromkeys((*localities, *([locality] if locality else [])))),
        )
    # Its names are in capitals without accents: they serve for communes that the embedded table does not know.
    return iter(entries.values())


def _communes_france(reader: CsvReader) -> Iterator[_Entry]:
    columns = (
        "code_insee",
        "nom_standard",
        "code_postal",
        "codes_postaux",
        "epci_code",
        "population",
        "latitude_centre",
        "longitude_centre",
    )
    for insee, name, main, postal_codes, epci, population, latitude, longitude in reader.rows(columns):
        # The file writes the main postal code as a number, without its first zero.
        main = main.zfill(5) if main else ""
        codes = dict.fromkeys(code for code in (main, *sorted(re.split(r"[,;|\s]+", postal_codes))) if code)
        if wrong := [code for code in codes if not _POSTAL_CODE.fullmatch(code)]:
            raise reader.wrong(_("“{text}” is no postal code: five digits.").format(text=wrong[0][:20]))
        yield _Entry(
            _insee(reader, insee),
            name=reader.label(name),
            postal_codes=tuple(codes) or None,
            epci=epci if _EPCI.fullmatch(epci) else None,
            population=int(population) if _WHOLE.fullmatch(population) else None,
            point=_point(reader, f"{latitude},{longitude}" if latitude and longitude else ""),
        )


def _insee(reader: CsvReader, text: str) -> str:
    if not _INSEE.fullmatch(text):
        raise reader.wrong(
            _("“{text}” is no INSEE code: five characters (a spreadsheet may have taken the first zero away).").format(
                text=text[:20]
            )
        )
    return text


def _point(reader: CsvReader, text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, None where the file gives none."""
    if not text:
        return None
    match = _POINT.fullmatch(text)
    if match is None or abs(float(match[1])) > 90 or abs(float(match[2])) > 180:
        raise reader.wrong(_("“{text}” is no point: latitude, longitude.").format(text=text[:40]))
    return float(match[1]), float(match[2])


def _table(found: Mapping[str, _Entry]) -> tuple[str, int]:
    """The whole table as text, and how many communes of the file have no point and no neighbour to borrow one from."""
    known = {entry.insee: entry for entry in _embedded()}
    merged = {code: _over(known.get(code), entry) for code, entry in found.items()}
    known.update(merged)
    points = {code: entry.point for entry in known.values() if entry.point for code in entry.postal_codes or ()}
    rows, unplaced = [], 0
    for entry in sorted(known.values(), key=lambda entry: (-(entry.population or 0), entry.insee)):
        codes = entry.postal_codes or ()
        point = entry.point or next((points[code] for code in codes if code in points), None)
        if point is None or not codes:
            unplaced += 1
            continue
        precision = entry.precision if entry.point else "postal"
        latitude, longitude = point
        rows.append(
            "\t".join(
                (
                    entry.insee,
                    entry.name or entry.insee,
                    " ".join(codes),
                    entry.epci or "",
                    str(entry.population or 0),
                    f"{latitude:.4f}",
                    f"{longitude:.4f}",
                    precision,
                    ", ".join(entry.other_names),
                )
            )
        )
    return "\n".join(("\t".join(COLUMNS), *rows)) + "\n", unplaced


def _over(known: _Entry | None, stated: _Entry) -> _Entry:
    """What a file says, over what was known. A name in capitals never takes the place of a written one."""
    if known is None:
        return replace(stated, name=_written(stated.name or ""))
    shouted = stated.name is None or stated.name.isupper()
    return _Entry(
        known.insee,
        name=known.name if shouted else stated.name,
        postal_codes=stated.postal_codes or known.postal_codes,
        epci=known.epci if stated.epci is None else stated.epci,
        population=known.population if stated.population is None else stated.population,
        point=stated.point or known.point,
        precision=stated.precision if stated.point else known.precision,
        other_names=stated.other_names,
    )


def _written(name: str) -> str:
    """A name of La Poste as it is usually written: "ST MARTIN DE CONNEE" is Saint-Martin-de-Connee."""
    if not name.isupper():
        return name
    words = fold_place(name).split()
    article = " " if words[:1] in (["le"], ["la"], ["les"]) else "-"
    written = [word if place and word in _LOWER_IN_NAMES else word.capitalize() for place, word in enumerate(words)]
    return article.join((written[0], "-".join(written[1:]))) if len(written) > 1 else "".join(written)


def _embedded() -> Iterable[_Entry]:
    for line in embedded_communes().decode().splitlines()[1:]:
        insee, name, postal_codes, epci, population, latitude, longitude, precision = line.split("\t")
        yield _Entry(
            insee,
            name,
            tuple(postal_codes.split()),
            epci,
            int(population),
            (float(latitude), float(longitude)),
            precision,
        )
