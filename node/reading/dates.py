"""Periods as CVs write them: "mars 2019 - juin 2021", "03/2019 à ce jour", "2015-2018", "depuis 2020".

Guarantees: pure; a period never ends after today nor before it begins; years run from 1950. A year alone stands for its
middle, so that 2015-2018 is 36 months. Read next: `experience.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from node.reading.words import flat

EARLIEST: Final = 1950
_TO_COME: Final = 5
_MONTH_NAMES: Final = (
    "jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec"
)  # fmt: skip
_MONTH: Final = (
    r"(?:janvier|janv|jan|fevrier|fevr|fev|mars|mar|avril|avr|mai|juin|juillet|juil|aout|septembre|sept|sep|octobre|oct|"
    r"novembre|nov|decembre|dec)"
)
_YEAR: Final = r"(?:19|20)\d\d"
_POINT: Final = re.compile(
    rf"(?<![\w/])(?:"
    rf"(?:(?P<day>\d\d?)(?:er)?\s+)?(?P<word>{_MONTH})\b\.?\s*(?:(?P<worded>{_YEAR})|'?(?P<short>\d\d))?(?!\d)"
    rf"|(?P<full_day>\d\d?)[/.-](?P<full_month>\d\d?)[/.-](?P<full>{_YEAR})(?!\d)"
    rf"|(?P<month>\d\d?)\s?[/.-]\s?(?P<dated>{_YEAR})(?!\d)"
    rf"|(?P<iso>{_YEAR})[-/](?P<iso_month>\d\d)(?![\d/.])"
    rf"|(?P<bare>{_YEAR})(?!\d)"
    rf"|(?P<terse_month>0[1-9]|1[0-2])/(?P<terse>\d\d)(?![\d/])"
    r")"
)
_TO: Final = re.compile(r"\s*(?:-+>?|=>|→|>|/|a|au|jusqu'(?:a|au|en)|et|~)\s*(?:le\s+|fin\s+|debut\s+|la\s+)?")
_NOW: Final = re.compile(
    r"\s*(?:-+>?|→|>|/|\ba\b|\bau\b|jusqu'a)?\s*\(?(?:a\s+)?"
    r"(?:ce jour|aujourd'?\s?hui|maintenant|present|actuel(?:lement)?|en cours|en poste|nos jours)\b\)?"
)
_LASTS: Final = re.compile(r"\b(?:depuis|since|now|current(?:ly)?|today|ongoing|toujours)\b")
_ISO: Final = re.compile(r"(\d{4})-(\d\d)(?:-\d\d(?:[T ].*)?)?$")
_SHORT_END: Final = re.compile(r"\s*[-/]\s*(\d\d)(?![\d/.-])")
_SINCE: Final = re.compile(r"(?:depuis|a partir d[eu']|des)\s*(?:le\s+|debut\s+|fin\s+)?$")
_LENGTH: Final = re.compile(
    r"(?<!\d)(?P<number>\d\d?|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix)\s*(?P<unit>ans?|annees?|mois)\b"
)
_NUMBERS: Final = {
    word: number
    for number, words in enumerate(
        ("un une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"), start=1
    )
    for word in words.split()
}
_MIDDLE_START, _MIDDLE_END, _SAME_YEAR = 7, 6, 6


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A month; `month` is 0 when only the year is known."""

    year: int
    month: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """From one month to another, both counted. `end` is None while it lasts. `first` and `last` are offsets in the
    text; `single` tells a lone date from a range."""

    start: Moment
    end: Moment | None
    first: int
    last: int
    single: bool = False

    def months(self, today: date) -> int:
        """How many months it lasted, at least one."""
        first, last = self.bounds(today)
        return max(1 if self.start.month else _SAME_YEAR, last - first + 1)

    def bounds(self, today: date) -> tuple[int, int]:
        """First and last month, counted from year 0."""
        end = self.end or Moment(today.year, today.month)
        first = self.start.year * 12 + (self.start.month or _MIDDLE_START)
        last = end.year * 12 + (end.month or (_MIDDLE_END if end.year > self.start.year else 12))
        if self.single and not self.start.month:
            last = first + _SAME_YEAR - 1
        return first, max(first, last)


@dataclass(frozen=True, slots=True)
class _Point:
    moment: Moment
    first: int
    last: int
    yearless: bool = False
    terse: bool = False


def periods(text: str, today: date) -> list[Period]:
    """The periods of one line, in order. Lone dates come as `single` periods; those to come are left out."""
    folded = flat(text)
    points = list(_points(folded, today))
    found: list[Period] = []
    index = 0
    while index < len(points):
        point = points[index]
        following = points[index + 1] if index + 1 < len(points) else None
        index += 1
        if following is not None and _TO.fullmatch(folded, point.last, following.first):
            start, end = point.moment, following.moment
            if point.yearless:
                start = Moment(end.year - (point.moment.month > end.month > 0), point.moment.month)
            index += 1
            if not following.yearless:
                found.append(_ordered(start, end, point.first, following.last, today))
                continue
        if point.yearless or (point.terse and not _NOW.match(folded, point.last)):
            continue
        now = _NOW.match(folded, point.last)
        since = _SINCE.search(folded, 0, point.first)
        if now or since:
            first = since.start() if since else point.first
            found.append(Period(point.moment, None, first, now.end() if now else point.last))
        else:
            found.append(_ordered(point.moment, point.moment, point.first, point.last, today, single=True))
    return [period for period in found if (period.start.year, period.start.month) <= (today.year, today.month)]


def moments(text: str, today: date) -> list[Moment]:
    """The months and years of a text that is nothing but dates, a field of a form, those to come too; what ISO 8601
    writes ("2005-06", "2021-06-30T00:00:00Z") comes first, as "2005-06" is a month there and two years in a CV."""
    if match := _ISO.match(text.strip()):
        year, month = int(match[1]), int(match[2])
        return [Moment(year, month)] if EARLIEST <= year <= today.year + _TO_COME and 0 < month <= 12 else []
    return [point.moment for point in _points(flat(text), today) if not point.yearless]


def says_now(text: str) -> bool:
    """Whether a text says that something lasts: "à ce jour", "présent", "depuis 2020"."""
    folded = flat(text)
    return _NOW.search(folded) is not None or _LASTS.search(folded) is not None


def blanked(text: str, today: date) -> str:
    """The text with bars over its periods, every offset kept."""
    for period in periods(text, today):
        text = text[: period.first] + "|" * (period.last - period.first) + text[period.last :]
    return text


def length(text: str) -> int:
    """Months told as a length ("3 ans", "18 mois"), 0 when none is."""
    months = 0
    for match in _LENGTH.finditer(flat(text)):
        number = _NUMBERS.get(match["number"]) or int(match["number"])
        months += number if match["unit"] == "mois" else 12 * number
    return min(months, 600)


def lengths(text: str) -> int:
    """How many lengths a text tells; "2 ans et 6 mois" is one."""
    return len(re.findall(r"(?:L(?:\s*(?:et\s*)?)?)+", _LENGTH.sub("L", flat(text))))


def _ordered(start: Moment, end: Moment, first: int, last: int, today: date, *, single: bool = False) -> Period:
    if (end.year, end.month or 13) < (start.year, start.month):
        start, end = end, start
    over = (end.year, end.month) > (today.year, today.month)
    return Period(start, None if over and not single else end, first, last, single)


def _points(folded: str, today: date) -> Iterator[_Point]:
    for match in _POINT.finditer(folded):
        point = _point(match, today)
        if point is None:
            continue
        yield point
        # "2015-18": the second year is short.
        short = _SHORT_END.match(folded, point.last) if point.moment.month == 0 else None
        if short is not None:
            year = point.moment.year // 100 * 100 + int(short[1])
            if point.moment.year < year <= today.year:
                yield _Point(Moment(year), short.start(1), short.end())


def _point(match: re.Match[str], today: date) -> _Point | None:
    month, year = 0, 0
    if match["word"]:
        month = next(number for number, names in enumerate(_MONTH_NAMES, 1) if re.match(names, match["word"]))
        if match["short"]:
            year = _century(int(match["short"]), today)
        elif match["worded"]:
            year = int(match["worded"])
        else:
            return _Point(Moment(today.year, month), match.start(), match.end(), yearless=True)
    elif match["full"]:
        month, year = int(match["full_month"]), int(match["full"])
    elif match["dated"]:
        month, year = int(match["month"]), int(match["dated"])
    elif match["iso"]:
        month, year = int(match["iso_month"]), int(match["iso"])
        if month > 12 or month > year % 100:
            return _Point(Moment(year), match.start(), match.start("iso") + 4)
    elif match["terse"]:
        month, year = int(match["terse_month"]), _century(int(match["terse"]), today)
    else:
        year = int(match["bare"])
    if not EARLIEST <= year <= today.year + _TO_COME or month > 12:
        return None
    return _Point(Moment(year, month), match.start(), match.end(), terse=match["terse"] is not None)


def _century(short: int, today: date) -> int:
    return 2000 + short if short <= today.year % 100 + 1 else 1900 + short
