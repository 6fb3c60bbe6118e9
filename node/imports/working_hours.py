"""Working hours as offers word them, in minutes a week.

Hours are read whole, with their unit and their period, or not at all: "1607 heures par an" is 35 hours a week, and no
part of that number is hours by itself. Of a range the lower end counts, what the employer holds out for sure.

Guarantees: what is given lies within `BOUNDS`; an hour of the clock ("de 9h à 17h") is no duration. Read next:
`offers_csv.py`, `france_travail.py`.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from node.imports.days import plain

BOUNDS: Final = range(1, 60 * 60 + 1)
"""Minutes: nobody may work more than sixty hours in a week (Code du travail, L3121-21)."""

_DAYS: Final = 5
"""Days in a week of work, where hours a day are said and days a week are not."""

_TO_A_WEEK: Final[Mapping[str, Callable[[float, int], float]]] = {
    "week": lambda amount, days: amount,
    "month": lambda amount, days: amount * 12 / 52,
    # 1607 hours a year are the legal 35 a week (L3121-41): days off and holidays are not in them.
    "year": lambda amount, days: amount * 35 / 1607,
    "day": lambda amount, days: amount * days,
    "": lambda amount, days: amount,
}
_RANKS: Final = tuple(_TO_A_WEEK)
"""Which of several amounts says it best."""

_PERIODS: Final = (
    ("week", r"sem(?:aine)?s?\b|hebdo(?:madaire)?s?\b|s\b|weeks?\b"),
    ("month", r"mois\b|mensuel(?:le)?s?\b|months?\b"),
    ("year", r"an(?:s|nees?)?\b|annuel(?:le)?s?\b|annualise\w*|years?\b"),
    ("day", r"j(?:our(?:nee)?)?s?\b|journalier\w*|quotidien\w*|days?\b"),
)
_AMOUNT: Final = r"(?:(?<!\d )\d{1,3}(?: \d{3}){0,2}|\d{1,2}|\d{4})(?:[.,]\d{1,2})?"
_UNIT: Final = r"\s?h(?:eures?|rs?|s|ours?)?(?![a-z])"
_MINUTES: Final = r"(?:\d{2}|\s\d{2}(?=\s?(?:$|mi?n|[/),;]|par\b|a\b|hebdo)))(?!\d)(?:\s?mi?n(?:utes?)?)?"
_TWO_DIGITS: Final = re.compile(r"\d{2}")
_CLOCK: Final = r":\d{2}(?!\d)"


def _end(name: str) -> str:
    """One end of a range: 35, 35h, 35h30, 35:30, 35,5 heures."""
    return (
        rf"(?P<{name}>{_AMOUNT})(?:(?P<{name}_clock>{_CLOCK})|(?P<{name}_unit>{_UNIT})(?P<{name}_minutes>{_MINUTES})?)?"
    )


_DURATION: Final = re.compile(
    rf"(?<![\w.,:/-])(?:{_end('low')}\s?(?:-|–|a|et|ou|/|to)\s?)?{_end('high')}"
    r"(?:(?:\s(?:de travail|travaillees?|effectives?|en moyenne))?[\s(]{0,2}(?:/|par|per|a la|la|le|a|sur)?\s?"
    rf"(?P<period>{'|'.join(words for _name, words in _PERIODS)})\)?)?\.?(?![\d])"
)
_PERIOD: Final = tuple((name, re.compile(rf"(?:{words})\Z")) for name, words in _PERIODS)
_SAID: Final = tuple((name, re.compile(rf"\b(?:{words})")) for name, words in _PERIODS)
_OF_THE_CLOCK: Final = re.compile(r"\b24\s?h?\s?/\s?24\b")
"""Round the clock is no length of work."""
_DAYS_SAID: Final = re.compile(r"\b([1-7])\s?j(?:ours?)?\s?(?:/\s?7|/\s?sem|par semaine|a la semaine|sur 7)")
_ABOUT: Final = re.compile(r"(?:de|entre|environ|env\.?|~|a partir de|duree\s?:|hebdo(?:madaire)?\s?:?)\s*")


@lru_cache(maxsize=1024)
def read_weekly_minutes(text: str) -> int | None:
    """Minutes a week of a cell that holds hours and nothing else: 35, 35h30, 35,5, 35:30, 20 à 24 h, 151,67 h/mois. A
    number alone is hours a week. None for anything else."""
    said = _OF_THE_CLOCK.sub(" ", plain(text))
    if match := _ABOUT.match(said):
        said = said[match.end() :]
    found = _DURATION.fullmatch(said)
    return _bounded(_weekly(found, said, _stated(found))) if found and not _is_clock(found) else None


def find_weekly_minutes(text: str) -> int | None:
    """Minutes a week that a wording tells of, such as "35H Horaires normaux", "24H30/semaine"; None when it tells of
    none. Only numbers with their unit count."""
    said = _OF_THE_CLOCK.sub(" ", plain(text))
    known = {name for name, words in _SAID if words.search(said)}
    only = next(iter(known)) if len(known) == 1 else ""
    found = []
    for match in _DURATION.finditer(said):
        if match["high_unit"] and not _is_clock(match):
            period = _stated(match)
            found.append((_RANKS.index(period), match.start(), match, period or only))
    for _rank, _start, match, period in sorted(found, key=lambda one: one[:2]):
        return _bounded(_weekly(match, said, period))
    return None


def _is_clock(match: re.Match[str]) -> bool:
    """Whether these are two hours of the clock, "de 9h à 17h", rather than the ends of a range."""
    if not (match["low_unit"] and match["high_unit"]) or match["period"]:
        return False
    return all((_minutes(match, end) or 0) <= 24 * 60 for end in ("low", "high"))


def _stated(match: re.Match[str]) -> str:
    """The period that stands beside the amount, empty when none does."""
    return next((name for name, words in _PERIOD if match["period"] and words.fullmatch(match["period"])), "")


def _weekly(match: re.Match[str], said: str, period: str) -> float | None:
    end = "low" if match["low"] else "high"
    minutes = _minutes(match, end)
    if minutes is None or (end == "low" and (upper := _minutes(match, "high")) is not None and upper < minutes):
        return None
    if period == "year" and minutes <= BOUNDS[-1]:
        # "35 heures annualisées": as many a week, on the year's average.
        period = "week"
    days = _DAYS_SAID.search(said)
    return _TO_A_WEEK[period](minutes, int(days[1]) if days else _DAYS)


def _minutes(match: re.Match[str], end: str) -> float | None:
    """Minutes of one end of a range; None for 35h75."""
    told = _TWO_DIGITS.search(match[f"{end}_minutes"] or match[f"{end}_clock"] or "00")
    rest = int(told[0]) if told else 0
    hours = float(match[end].replace(" ", "").replace(",", "."))
    return None if rest > 59 else hours * 60 + rest


def _bounded(minutes: float | None) -> int | None:
    return round(minutes) if minutes is not None and round(minutes) in BOUNDS else None
