"""One edition of the tables: what every node carries, widened by what was imported.

An imported ROME takes the place of the embedded occupations, headings and moves; its skills stand beside the starter
set. Imported communes are a whole table. Read next: ``source.py`` (which edition is in force), ``rome.py`` and
``commune_files.py`` (what the arrays of an import hold).
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import zstandard

from node.referential import lookup
from node.referential.arrays import np
from node.referential.communes import Communes
from node.referential.everyday import everyday_shelf
from node.referential.lookup import Hit, Lookup, Shelf
from node.referential.occupations import Occupations
from node.referential.official_skills import OfficialSkills
from node.referential.packed import Arrays, Damaged, Texts
from node.referential.skills import Skills
from node.referential.word_index import WordIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

EDITION = "2026.1"

_TABLES = (
    "communes.tsv.zst", "departments.csv", "former_communes.tsv.zst", "headings.csv", "mobility.csv", "occupations.csv",
    "skills.csv",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Referential:
    """All reference tables of one edition, with the version that names their content, and the look-up over them."""

    communes: Communes
    occupations: Occupations
    skills: Skills
    version: str
    lookup: Lookup


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import left: a name such as ``rome-v460+1a2b3c4d`` and arrays."""

    version: str
    about: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


@cache
def load() -> Referential:
    """The embedded tables alone, read at the first call and shared from then on."""
    return compose()


def compose(rome: Imported | None = None, communes: Imported | None = None) -> Referential:
    """The embedded tables with what was imported. Raises Damaged when an import lacks what it should hold."""
    try:
        places, place_shelf = _communes(communes)
        if rome is None:
            occupations, skills = _embedded_occupations(), None
        else:
            occupations, skills = _official_occupations(rome.arrays), _official_skills(rome)
        all_skills = Skills(
            ((row["code"], row["label"], row["footprint"]) for row in _rows("skills.csv")), occupations.codes(), skills
        )
        names, known = _index(rome, "appellations"), _index(rome, "skills")
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise Damaged(str(error)) from error

    def occupation_shelves() -> Sequence[Shelf]:
        everyday = everyday_shelf(occupations)
        if rome is None or names is None:
            return [lookup.occupation_shelf(occupations), everyday]
        labels, owners, codes = _appellations(rome.arrays), rome.arrays["appellation_owners"], occupations.codes()

        def hits(entry: int) -> Sequence[Hit]:
            return (lookup.occupation_hit(occupations, codes[owners[entry]], labels[entry]),)

        return [Shelf(names, hits), everyday]

    def skill_shelves() -> Sequence[Shelf]:
        starter = lookup.skill_shelf(all_skills, all_skills.starter_codes())
        if skills is None or known is None:
            return [starter]
        return [Shelf(known, lambda entry: (lookup.skill_hit(all_skills, skills.code_at(entry)),)), starter]

    return Referential(
        communes=places,
        occupations=occupations,
        skills=all_skills,
        version=" ".join([_embedded_version(), *(each.version for each in (rome, communes) if each)]),
        lookup=Lookup(occupation_shelves, skill_shelves, lambda: place_shelf or lookup.commune_shelf(places), places),
    )


def embedded_communes() -> bytes:
    """The embedded table of communes, as ``Communes`` takes it."""
    return zstandard.decompress(_content("communes.tsv.zst"))


def former_communes() -> bytes:
    """The embedded table of communes that are parts of others today, as ``Communes`` takes it."""
    return zstandard.decompress(_content("former_communes.tsv.zst"))


def text_array(text: str) -> NDArray[np.uint8]:
    """A text as an array, to be kept among others."""
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _communes(imported: Imported | None) -> tuple[Communes, Shelf | None]:
    departments = {row["code"]: row["name"] for row in _rows("departments.csv")}
    if imported is None:
        return Communes(embedded_communes(), departments, former_communes()), None
    table = Communes(imported.arrays["table"].tobytes(), departments, former_communes())
    index = _index(imported, "communes")
    assert index is not None
    return table, Shelf(index, lambda rank: (lookup.commune_hit(table, table.code_at(rank)),))


def _embedded_occupations() -> Occupations:
    return Occupations(
        labels={row["code"]: row["label"] for row in _rows("occupations.csv")},
        headings={row["code"]: row["label"] for row in _rows("headings.csv")},
        related={row["code"]: row["targets"].split() for row in _rows("mobility.csv")},
    )


def _official_occupations(arrays: Arrays) -> Occupations:
    rows = [line.split("\t") for line in arrays["occupations"].tobytes().decode().splitlines()]
    headings = arrays["headings"].tobytes().decode().splitlines()
    numbers = {code: number for number, (code, _, _) in enumerate(rows)}
    labels, owners = _appellations(arrays), arrays["appellation_owners"]

    def appellations(code: str) -> Sequence[str]:
        first, last = np.searchsorted(owners, [numbers[code], numbers[code] + 1])
        return [labels[entry] for entry in range(first, last)]

    return Occupations(
        labels={code: label for code, label, _ in rows},
        headings=dict(line.split("\t") for line in headings),
        related={code: targets.split() for code, _, targets in rows if targets},
        appellations=appellations,
        former={row["code"]: row["label"] for row in _rows("occupations.csv")},
    )


def _official_skills(rome: Imported) -> OfficialSkills:
    codes = [line.partition("\t")[0] for line in rome.arrays["occupations"].tobytes().decode().splitlines()]
    return OfficialSkills(rome.arrays, rome.about["kinds"], codes)


def _appellations(arrays: Arrays) -> Texts:
    return Texts(arrays["appellation_labels"], arrays["appellation_label_ends"])


def _index(imported: Imported | None, name: str) -> WordIndex | None:
    if imported is None:
        return None
    return WordIndex({part: imported.arrays[f"{name}.{part}"] for part in WordIndex.ARRAYS})


@cache
def _embedded_version() -> str:
    digest = hashlib.sha256(b"".join(hashlib.sha256(_content(name)).digest() for name in _TABLES))
    return f"{EDITION}+{digest.hexdigest()[:8]}"


def _content(name: str) -> bytes:
    return files(__package__).joinpath("data", name).read_bytes()


def _rows(name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(_content(name).decode("utf-8"), newline=""))
