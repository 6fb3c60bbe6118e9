"""Dates and times in French, with unbreakable spaces."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

MONTHS: Final = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
PARIS: Final = ZoneInfo("Europe/Paris")


def spaced(*parts: str) -> str:
    """The parts that are not empty, held together."""
    return "\u00a0".join(part for part in parts if part)


def french_date(day: date) -> str:
    """« 1er mars 2027 »."""
    return spaced("1er" if day.day == 1 else str(day.day), MONTHS[day.month - 1], str(day.year))


def french_moment(at: datetime) -> str:
    """« 1er mars 2027 à 9 h 05 », in Paris. Takes an aware datetime."""
    here = at.astimezone(PARIS)
    return f"{french_date(here)} à " + spaced(str(here.hour), "h", f"{here.minute:02}")
