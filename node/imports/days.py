"""Days as people write them in lists.

Guarantees: a day that no calendar has is no day; nothing is guessed of what is not told whole (a month and a year).
Read next: `cells.py`, which says what to write instead.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from node.referential.text import fold

_MONTHS: Final = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
_ENGLISH: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

_TIME: Final = r"(?:(?:\s*t\s*|,?\s+(?:a\s+)?)\d{1,2}\s?[:h]\s?\d{2}(?::\d{2}(?:\.\d+)?)?z?)?"
_ISO: Final = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}", re.ASCII)
_FRENCH: Final = re.compile(rf"(\d{{1,2}})\s?[-/. ]\s?(\d{{1,2}})\s?[-/. ]\s?(\d{{4}}|\d{{2}}){_TIME}", re.ASCII)
_WORDED: Final = re.compile(rf"(\d{{1,2}})(?:er)?[- ]\s?([a-z]{{3,9}})\.?[- ]\s?(\d{{4}}|\d{{2}}){_TIME}", re.ASCII)
_BEFORE: Final = re.compile(
    r"(?:(?:le|du|des le|a partir du|depuis le)\s+)?(?:(?:lun|mar|mercre|jeu|vendre|same)di\s+|dimanche\s+)?"
)
_SERIAL: Final = re.compile(r"(\d{5})(?:[.,]\d+)?", re.ASCII)

_SERIAL_START: Final = date(1899, 12, 30)
_SERIALS: Final = range(18_264, 73_051)
"""Days as spreadsheets count them, from 1950 to 2099."""

_CENTURY_TURNS: Final = 50
"""Of a year in two figures: 49 is 2049, 50 is 1950. What may not lie in the future is checked by whoever reads."""


def plain(text: str) -> str:
    """Small letters without accents, single spaces. Signs stay: they stand between the parts of days and hours."""
    if not text.isascii():
        text = "".join(fold(sign) or sign for sign in text)
    return " ".join(text.lower().split())


@lru_cache(maxsize=1024)
def parse_day(text: str) -> date | None:
    """A day written 2026-11-23, 23/11/2026, 23.11.26, 23 novembre 2026, or as a spreadsheet's number; None for anything
    else, also for a day that no calendar has."""
    said = plain(text)
    if match := _BEFORE.match(said):
        said = said[match.end() :]
    parts: Sequence[str]
    if match := _ISO.fullmatch(said):
        parts = match.groups()
    elif match := _FRENCH.fullmatch(said):
        parts = match.groups()[::-1]
    elif match := _WORDED.fullmatch(said):
        parts = (match[3], str(_month(match[2])), match[1])
    elif (match := _SERIAL.fullmatch(said)) and int(match[1]) in _SERIALS:
        return _SERIAL_START + timedelta(days=int(match[1]))
    else:
        return None
    try:
        found = date(_year(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < _CENTURY_TURNS else 1900)


def _month(word: str) -> int:
    """The month that a word, or three letters of it, mean; 0 when none does or several do."""
    found = {number for number, name in enumerate(_MONTHS, start=1) if name.startswith(word)}
    found |= {number for number, name in enumerate(_ENGLISH, start=1) if name.startswith(word)}
    # "juil." and "jui." are not told apart by three letters.
    return found.pop() if len(found) == 1 else 0
