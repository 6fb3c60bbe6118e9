"""Lengths of time as people write them, in months: "24 mois", "2 ans", "2 ans et demi", "1 an 6 mois", "45 jours".

Guarantees: a part of a month counts whole; what is given is at most `MOST`. Read next: `cells.py`.
"""

import math
import re
from functools import lru_cache
from typing import Final

from node.imports.days import plain

MOST: Final = 600
"""Months: fifty years."""

_WORDS: Final = {
    word: str(number)
    for number, words in enumerate(
        ("un une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"), start=1
    )
    for word in words.split()
}
_WORD: Final = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b(?= (?:ans?|annees?|mois|semaines?)\b)")
_NUMBER: Final = r"\d{1,3}(?:[.,]\d{1,2})?"
_SPAN: Final = re.compile(
    rf"(?<![\d.,])(?:(?P<years>{_NUMBER}) ?(?:ans?\b|annees?\b|years?\b)(?P<half> (?:et demie?|1/2)\b)?"
    rf"(?: ?(?:et|,)? ?(?P<rest>\d{{1,2}}) ?mois\b)?|(?P<months>{_NUMBER}) ?(?:mois|months?)\b"
    rf"|(?P<weeks>{_NUMBER}) ?(?:semaines?|weeks?)\b|(?P<days>{_NUMBER}) ?(?:jours?|days?)\b)"
)
_BARE: Final = re.compile(r"(\d{1,3})(?:[.,]0+)?", re.ASCII)


@lru_cache(maxsize=1024)
def read_months(text: str) -> int | None:
    """Months of a text that holds a length of time and nothing else; a number alone is months. None for anything else,
    and for more than `MOST`."""
    said = _said(text)
    if match := _BARE.fullmatch(said):
        months = int(match[1])
    elif found := _SPAN.fullmatch(said):
        months = _months(found)
    else:
        return None
    return months if months <= MOST else None


def find_months(text: str) -> int:
    """Months in a wording such as "Contrat à durée déterminée - 6 Mois"; 0 when none is said."""
    found = _SPAN.search(_said(text))
    return min(_months(found), MOST) if found else 0


def _said(text: str) -> str:
    return _WORD.sub(lambda match: _WORDS[match[0]], plain(text.replace("(s)", "")))


def _months(found: re.Match[str]) -> int:
    def number(name: str) -> float:
        return float((found[name] or "0").replace(",", "."))

    years = number("years") + (0.5 if found["half"] else 0)
    months = years * 12 + number("rest") + number("months") + number("weeks") * 12 / 52 + number("days") / 30
    return math.ceil(round(months, 6))
