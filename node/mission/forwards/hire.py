"""A hire, with a forward or without: whoever found work alone, by a partner or by the card counts as well.

Guarantees: `check_hire` names every fault at once. Read next: `following.py`, which asks for the follow-ups.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from node.kit.i18n import gettext as _
from node.mission.people.rules import FieldProblem
from node.mission.terms import Term


class HireWay(Term):
    FORWARD = "forward", "Par une mise en relation"
    ALONE = "alone", "Par la personne elle-même"
    PARTNER = "partner", "Par un partenaire"
    CARD = "card", "Grâce à la carte"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hire:
    """One hire of one person. `forward` and `offer` (a key) are empty where there is none; `start` None while it is not
    known; `minutes` a week, 0 while they are not known. `month_on` and `half_on` are the days of the follow-ups that
    were made, `ended_on` when it was broken off, and `end_reason` why. Of a hire from a forward the forward's own moves
    say the follow-ups."""

    id: str
    candidate: str
    forward: str = ""
    offer: str = ""
    employer: str
    title: str
    rome: str = ""
    contract: str
    start: date | None = None
    minutes: int = 0
    how: HireWay
    by: str
    at: datetime
    month_on: date | None = None
    half_on: date | None = None
    ended_on: date | None = None
    end_reason: str = ""

    @property
    def follow_up(self) -> tuple[int, date] | None:
        """The follow-up that is asked for next: after how many months, and its day; None when there is none any more,
        and of a hire from a forward."""
        if self.forward or self.ended_on is not None or self.half_on is not None:
            return None
        months = FOLLOW_UPS[0] if self.month_on is None else FOLLOW_UPS[1]
        return months, months_after(self.start or self.at.date(), months)


FOLLOW_UPS: Final = (1, 6)
"""Months after the start when the mission asks how it goes."""
STARTS_WITHIN: Final = timedelta(days=366)
"""A start lies at most this far ahead."""
STARTED_SINCE: Final = timedelta(days=2 * 366)
"""And at most this long ago, without a forward to say more."""
MOST_MINUTES: Final = 48 * 60
"""The longest week of work that the law knows (Code du travail, L3121-20)."""

_HOURS: Final = re.compile(r"(\d{1,3})(?:\s*(?:h|:)\s*([0-5]\d)?|[.,](\d{1,2}))?\s*(?:heures?)?")


def months_after(day: date, months: int) -> date:
    """The same day that many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def read_hours(text: str) -> int | None:
    """Minutes of a week as people write its hours: 35, 35 h, 35h30, 17,5. 0 for nothing, None for what is none."""
    plain = " ".join(text.lower().split())
    if not plain:
        return 0
    found = _HOURS.fullmatch(plain)
    if found is None:
        return None
    minutes = int(found[2] or 0)
    if found[3]:
        minutes = round(int(found[3]) * 60 / 10 ** len(found[3]))
    return int(found[1]) * 60 + minutes


def show_hours(minutes: int) -> str:
    """35 h, 17 h 30; empty for 0."""
    hours, rest = divmod(minutes, 60)
    if not minutes:
        return ""
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def check_hire(hire: Hire, minutes: int | None, today: date, sent: date | None = None) -> list[FieldProblem]:
    """What cannot be: `minutes` is what was read of the hours (None: nothing that could be), `sent` the day when the
    person was put forward. A start before the day of the answer is taken: employers tell late."""
    found: dict[str, str] = {}
    if not hire.employer:
        found["employer"] = _("Say who hires.")
    if not hire.title:
        found["title"] = _("Say for which job.")
    if minutes is None:
        found["hours"] = _("Give the hours of a week such as 35, 17,5 or 35h30.")
    elif minutes > MOST_MINUTES:
        found["hours"] = _("A week of work has at most {hours} hours: check what was typed.").format(
            hours=MOST_MINUTES // 60
        )
    found |= _check_start(hire.start, today, sent)
    return [FieldProblem(name, sentence) for name, sentence in found.items()]


def _check_start(start: date | None, today: date, sent: date | None) -> Mapping[str, str]:
    if start is None:
        return {}
    if sent is not None and start < sent:
        sentence = _("The person was put forward on {day}: the first day of work cannot be before.")
        return {"start": sentence.format(day=f"{sent:%d/%m/%Y}")}
    if start < today - STARTED_SINCE:
        return {"start": _("This day is more than two years ago: check the year.")}
    if start > today + STARTS_WITHIN:
        return {"start": _("This day is more than a year ahead: check the year.")}
    return {}


def in_force(hires: Iterable[Hire]) -> list[Hire]:
    """Those that were not broken off."""
    return [one for one in hires if one.ended_on is None]
