"""What a cell may hold, and what to say when it holds something else.

Guarantees: a reader either gives a value within its caps, or notes one sentence that names the column (and the place in
a list) and says what to write instead; it never quotes the cell. All problems of a line are noted, not the first alone.

Read next: `candidates_csv.py`, `offers_csv.py`, which say which column is read how.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, TypeVar

from node.kit.i18n import gettext as _
from node.mission.terms import Cefr, Contract, Licence, Qualification, Term, language_code, travels
from node.referential import Referential, Skills
from node.referential.text import fold

T = TypeVar("T")
TermT = TypeVar("TermT", bound=Term)

_DAY_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DAY_FRENCH: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_ROME: Final = re.compile(r"([A-Na-n]\d{4})(?:\s*:\s*(\d{1,3})\s*(mois|months?|ans?|years?)?)?", re.ASCII)
_LANGUAGE: Final = re.compile(r"([^\W\d_][^\d_:()]{1,58}?)[\s:(]+([ABCabc][12])\)?")
_SHORT_POSTAL: Final = re.compile(r"\d{4}", re.ASCII)
_NUMBER: Final = re.compile(r"(\d{1,6})\s*(?:km|mois|months?)?", re.ASCII | re.IGNORECASE)
_INSEE: Final = re.compile(r"\d[\dABab]\d{3}", re.ASCII)

MAX_TEXT: Final = 4000
MAX_LIST: Final = 60
MAX_REFERENCE: Final = 64

_YES: Final = frozenset({"oui", "o", "yes", "y", "1", "x", "vrai", "true"})
_NO: Final = frozenset({"", "non", "n", "no", "0", "faux", "false", "aucun", "aucune", "none"})
_CONTRACT_WORDS: Final = {
    "interim": Contract.MIS,
    "interimaire": Contract.MIS,
    "saisonnier": Contract.SAI,
    "apprentissage": Contract.APP,
    "professionnalisation": Contract.PRO,
    "cdi interimaire": Contract.DIN,
}


def _by_label(terms: type[TermT]) -> dict[str, TermT]:
    return {fold(word): term for term in terms for word in (term.value, term.label)}


_CONTRACTS: Final = _by_label(Contract) | _CONTRACT_WORDS
_LICENCES: Final = _by_label(Licence)
_QUALIFICATIONS: Final = _by_label(Qualification)


class Cells:
    """The cells of one line, read by column; `problems` gathers what was wrong."""

    def __init__(self, cells: Mapping[str, str], referential: Referential, today: date) -> None:
        self._cells = cells
        self._referential = referential
        self._today = today
        self.problems: list[str] = []

    def raw(self, column: str) -> str:
        """The cell as it stands, empty when the file has no such column."""
        return self._cells.get(column, "")

    def wrong(self, column: str, what: str) -> None:
        """Note what to write in a column."""
        self.problems.append(_("Column {column}: {what}.").format(column=column, what=what))

    def text(self, column: str, most: int = 200, *, required: bool = False) -> str:
        """Free text of at most so many characters."""
        text = self.raw(column)
        if required and not text:
            self.wrong(column, _("fill it in"))
        if len(text) > most:
            self.wrong(column, _("at most {most} characters").format(most=most))
        return text

    def number(self, column: str, most: int, empty: int) -> int:
        """A whole number from 0 to `most`, with or without its unit; `empty` for an empty cell."""
        cell = self.raw(column)
        if not cell:
            return empty
        match = _NUMBER.fullmatch(cell)
        if match is None or int(match[1]) > most:
            self.wrong(column, _("a whole number from 0 to {most}").format(most=most))
            return empty
        return int(match[1])

    def yes(self, column: str, *, empty: bool = False) -> bool:
        """Yes or no."""
        word = fold(self.raw(column))
        if word not in _YES | _NO:
            self.wrong(column, _("yes or no"))
        return word in _YES if word else empty

    def day(self, column: str, *, future: bool = False) -> date | None:
        """A day, None for an empty cell; a day to come only where `future` allows it."""
        cell = self.raw(column)
        return self.read_day(column, cell, future=future) if cell else None

    def read_day(self, column: str, text: str, *, future: bool) -> date | None:
        """A day out of part of a cell."""
        found = parse_day(text)
        if found is None:
            self.wrong(column, _("a date such as 2026-11-23 or 23/11/2026"))
        elif found > self._today and not future:
            self.wrong(column, _("this date is still to come: correct it"))
        return found

    def commune(self, column: str, postal: str) -> str:
        """The INSEE code of a commune given by INSEE code, or by name with its postal code in the column `postal`."""
        name, code = self.raw(column), self.raw(postal)
        code = "0" + code if _SHORT_POSTAL.fullmatch(code) else code
        if not name and not code:
            self.wrong(column, _("fill it in: INSEE code, or name with the column {postal}").format(postal=postal))
            return ""
        if name:
            found = self.find_commune(name if _INSEE.fullmatch(name) else f"{name} {code}".strip())
        else:
            served = self._referential.communes.by_postal_code(code)
            found = served[0].insee if len(served) == 1 else ""
        if not found:
            self.wrong(column, _("this commune is not known: give its INSEE code, or its name and postal code"))
        return found

    def find_commune(self, text: str) -> str:
        """The INSEE code that this text means, empty when it means none."""
        # Spreadsheets drop the first zero of a code.
        text = "0" + text if _SHORT_POSTAL.fullmatch(text) else text
        found = self._referential.communes.resolve(text)
        return found.insee if found else ""

    def items(self, column: str, read: Callable[[str], T | None], form: str) -> list[T]:
        """A list separated by "|"; the places that `read` gives None for are noted with the expected form."""
        parts = [part.strip() for part in self.raw(column).split("|")]
        parts = [part for part in parts if part]
        if len(parts) == 1 and fold(parts[0]) in _NO:
            return []
        if len(parts) > MAX_LIST:
            self.wrong(column, _("at most {most} items").format(most=MAX_LIST))
            return []
        found = [read(part) for part in parts]
        if bad := [str(place) for place, item in enumerate(found, start=1) if item is None]:
            sentence = _("item {places}: {form}").format(places=", ".join(bad), form=form)
            self.wrong(column, sentence)
        return [item for item in found if item is not None]

    def occupations(self, column: str) -> list[tuple[str, int]]:
        """ROME codes of this edition with months, "N1103:24|N4105"."""

        def read(item: str) -> tuple[str, int] | None:
            match = _ROME.fullmatch(item)
            if match is None or not self._referential.occupations.exists(match[1].upper()):
                return None
            years = (match[3] or "").startswith(("an", "year"))
            return match[1].upper(), min(int(match[2] or 0) * (12 if years else 1), 600)

        found = self.items(column, read, _("a ROME code, with its months: N1103:24"))
        if not self.raw(column):
            self.wrong(column, _("at least one ROME code"))
        if len({rome for rome, _months in found}) < len(found):
            self.wrong(column, _("the same occupation stands twice: keep one"))
        return found

    def skill(self, item: str) -> str | None:
        """A skill by code (also one that this edition does not know) or by its exact label."""
        if item.isascii() and item.isdecimal() and len(item) <= 9:
            return item
        return skills_by_label(self._referential.skills).get(fold(item))

    def skills(self, column: str) -> list[str]:
        """Skills by code or label."""
        return self.items(column, self.skill, _("the code of a skill, or its label as the referential has it"))

    def licences(self, column: str) -> frozenset[str]:
        """Driving licence categories."""

        def read(item: str) -> str | None:
            return _LICENCES.get(fold(item).removeprefix("permis "))

        form = _("a licence category, such as {codes}").format(codes="B, BE, C, CE, D")
        return frozenset(str(licence) for licence in self.items(column, read, form))

    def languages(self, column: str, *, travelling: bool = False) -> tuple[tuple[str, str], ...]:
        """Languages with CEFR levels, "en:B1|espagnol:A2", sorted by code. One that is not listed keeps its name as
        written, or is wrong where they are `travelling`: peers know codes of two letters."""

        def read(item: str) -> tuple[str, str] | None:
            match = _LANGUAGE.fullmatch(item)
            if match is None:
                return None
            name = match[1].strip().lower()
            code = name if travels(name) else language_code(match[1])
            level = str(Cefr[match[2].upper()])
            return None if travelling and not travels(code) else (code, level)

        found = self.items(column, read, _("a language and its level from A1 to C2: anglais:B1"))
        if len({code for code, _level in found}) < len(found):
            self.wrong(column, _("the same language stands twice: keep one"))
        return tuple(sorted(found))

    def contracts(self, column: str) -> list[str]:
        """Contract types by code or label."""
        form = _("a contract type among {codes}").format(codes=", ".join(Contract))
        return [str(term) for term in self.items(column, lambda item: _CONTRACTS.get(fold(item)), form)]

    def qualification(self, column: str) -> int:
        """Qualification by code or label, 0 when empty."""
        cell = self.raw(column)
        if not cell:
            return 0
        term = _QUALIFICATIONS.get(fold(cell))
        if term is None:
            self.wrong(column, _("a qualification from 1 to 9"))
        return int(term) if term else 0

    def choice(self, column: str, words: Mapping[str, T], form: str) -> T | None:
        """One of some words (folded), None when empty or wrong."""
        cell = self.raw(column)
        if not cell:
            return None
        found = words.get(fold(cell))
        if found is None:
            self.wrong(column, form)
        return found


@lru_cache(maxsize=2)
def skills_by_label(skills: Skills) -> Mapping[str, str]:
    """Folded label -> code. A label that two official skills share means neither; an official skill comes before a
    starter one of the same label."""
    starters = frozenset(skills.starter_codes())
    official = [(fold(skills.label(code) or ""), code) for code in skills.codes() if code not in starters]
    counted = Counter(label for label, _code in official)
    found = {label: code for label, code in official if counted[label] == 1}
    for code in starters:
        label = fold(skills.label(code) or "")
        if label not in counted:
            found[label] = code
    return found


def parse_day(text: str) -> date | None:
    """A day written 2026-11-23 or 23/11/2026; None for anything else, also for a day that no calendar has."""
    parts: Sequence[str]
    if match := _DAY_ISO.fullmatch(text):
        parts = match.groups()
    elif match := _DAY_FRENCH.fullmatch(text):
        parts = match.groups()[::-1]
    else:
        return None
    try:
        found = date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None
