"""What a list is about, told by its first line or its keys: people, offers, or no list that is known here.

Guarantees: pure and bounded, whatever the bytes; nothing is read but the beginning. Read next: `text_table.py`, which
reads a list, and refuses it with what to do.
"""

import csv
import re
from enum import StrEnum
from typing import Final

from node.imports import candidates_csv, offers_csv
from node.imports.text_table import Columns
from node.referential.text import fold


class ListOf(StrEnum):
    """What the lines of a list are."""

    PEOPLE = "people"
    OFFERS = "offers"


_LOOKED_AT: Final = 20_000
_LEAST_COLUMNS: Final = 2
_SEPARATORS: Final = ";,\t|"
_OFFER_KEYS: Final = re.compile(
    rb'"(?:romeCode|lieuTravail|typeContrat|intitule|resultats|JobPosting|hiringOrganization)"'
)


def list_of(data: bytes) -> ListOf | None:
    """Whether these bytes (CSV, or JSON of offers) are a list, and of what: the columns of the first line that says
    anything decide, or an offer's keys. None for anything else, such as the text of a CV."""
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return ListOf.OFFERS if _OFFER_KEYS.search(data[:_LOOKED_AT]) else None
    lines = (
        line for line in _beginning(data).splitlines() if line.strip() and not re.match(r"sep=", line, re.IGNORECASE)
    )
    first = next(lines, "")
    separator = max(_SEPARATORS, key=first.count)
    header = {fold(cell) for cell in next(csv.reader([first], delimiter=separator), [])}
    people, offers = (_known(columns, header) for columns in (candidates_csv.COLUMNS, offers_csv.COLUMNS))
    if max(people, offers) < _LEAST_COLUMNS:
        return None
    return ListOf.PEOPLE if people >= offers else ListOf.OFFERS


def _beginning(data: bytes) -> str:
    """The first lines, in the alphabets that spreadsheets write; what no column is called does not matter."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data[:_LOOKED_AT].decode("utf-16", "replace")
    try:
        return data[:_LOOKED_AT].decode("utf-8-sig")
    except UnicodeDecodeError:
        return data[:_LOOKED_AT].decode("cp1252", "replace")


def _known(columns: Columns, header: set[str]) -> int:
    """How many of the columns a header names."""
    return sum(not header.isdisjoint(map(fold, (name, *others))) for name, others in columns.names.items())
