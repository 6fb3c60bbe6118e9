"""Reference tables that every node carries: communes, ROME occupations, starter skills.

Guarantees: everything here is public, read-only and shared between threads; nothing raises on a code that this
edition does not know. ``version`` changes when and only when a table's content does, so that two nodes can tell
whether they read the same tables.

Read next: README.md (sources and licences), ``communes.py``, ``occupations.py``, ``skills.py``, ``distance.py``.
"""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import zstandard

from node.referential.communes import Commune, Communes
from node.referential.distance import distance_km, great_circle_km
from node.referential.occupations import Occupations
from node.referential.skills import Skills

__all__ = [
    "Commune",
    "Communes",
    "Occupations",
    "Referential",
    "Skills",
    "distance_km",
    "great_circle_km",
    "load",
]

EDITION = "2026.1"

_TABLES = ("communes.tsv.zst", "headings.csv", "mobility.csv", "occupations.csv", "skills.csv")


@dataclass(frozen=True, slots=True)
class Referential:
    """All reference tables of one edition, with the version that names their content."""

    communes: Communes
    occupations: Occupations
    skills: Skills
    version: str


@cache
def load() -> Referential:
    """The embedded tables, read at the first call and shared from then on."""
    contents = {name: files(__package__).joinpath("data", name).read_bytes() for name in _TABLES}
    digest = hashlib.sha256(b"".join(hashlib.sha256(contents[name]).digest() for name in _TABLES))
    occupations = Occupations(
        labels={row["code"]: row["label"] for row in _rows(contents["occupations.csv"])},
        headings={row["code"]: row["label"] for row in _rows(contents["headings.csv"])},
        related={row["code"]: row["targets"].split() for row in _rows(contents["mobility.csv"])},
    )
    skills = Skills(
        ((row["code"], row["label"], row["footprint"]) for row in _rows(contents["skills.csv"])),
        occupations.codes(),
    )
    return Referential(
        communes=Communes(zstandard.decompress(contents["communes.tsv.zst"])),
        occupations=occupations,
        skills=skills,
        version=f"{EDITION}+{digest.hexdigest()[:8]}",
    )


def _rows(table: bytes) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(table.decode("utf-8"), newline=""))
