"""What a cell may hold, and what to say when it holds something else.

Guarantees: a reader either gives a value within its caps, or notes one sentence that names the column (and the place in
a list) and says what to write instead; it never quotes the cell. All problems of a line are noted, not the first alone.

Read next: `candidates_csv.py`, `offers_csv.py`, which say which column is read how.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache, partial
from typing import Final, TypeVar

from node.imports.days import parse_day
from node.imports.languages import read_language
from node.imports.licences import read_licence
from node.imports.occupations import read_occupation
from node.imports.spans import MOST, read_months
from node.kit.i18n import gettext as _
from node.mission.terms import Contract, Qualification, Term, travels
from node.referential import Referential, Skills
from node.referential.text import fold

T = TypeVar("T")
TermT = TypeVar("TermT", bound=Term)

_BETWEEN: Final = re.compile(r"[;/\n]|,(?!\d)|\s+et\s+(?!demi)")
_SHORT_POSTAL: Final = re.compile(r"\d{4}", re.ASCII)
_NUMBER: Final = re.compile(r"(\d{1,6})(?:[.,]0+)?\s*(?:km|kms|kilom[èe]tres?|postes?|h|heures?)?", re.IGNORECASE)
_INSEE: Final = re.compile(r"\d[\dABab]\d{3}", re.ASCII)

MAX_TEXT: Final = 4000
MAX_LIST: Final = 60
MAX_REFERENCE: Final = 64

YES: Final = frozenset({"oui", "o", "yes", "y", "1", "x", "vrai", "true", "ok"})
NO: Final = frozenset({"", "non", "n", "no", "0", "faux", "false", "aucun", "aucune", "none", "neant"})
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
            sentence = _("a whole number from 0 to {most}, such as {example}")
            self.wrong(column, sentence.format(most=most, example=min(10, most)))
            return empty
        return int(match[1])

    def months(self, column: str) -> int:
        """A length of time in months, "18", "24 mois", "2 ans et demi"; 0 for an empty cell."""
        cell = self.raw(column)
        found = read_months(cell) if cell else 0
        if found is None:
            self.wrong(
                column, _("a length of time of at most {most} months, such as 24 mois or 2 ans").format(most=MOST)
            )
        return found or 0

    def yes(self, column: str, *, empty: bool = False) -> bool:
        """Yes or no."""
        word = fold(self.raw(column))
        if word not in YES | NO:
            self.wrong(column, _("yes or no, written oui or non"))
        return word in YES if word else empty

    def day(self, column: str, *, future: bool = False) -> date | None:
        """A day, None for an empty cell; a day to come only where `future` allows it."""
        cell = self.raw(column)
        return self.read_day(column, cell, future=future) if cell else None

    def read_day(self, column: str, text: str, *, future: bool) -> date | None:
        """A day out of part of a cell."""
        found = parse_day(text)
        if found is None:
            self.wrong(column, _("a date with its day, month and year, such as 23/11/2026 or 23 novembre 2026"))
        elif found > self._today and not future:
            self.wrong(column, _("this date is still to come: correct it"))
        return found

    def commune(self, column: str, postal: str) -> str:
        """The INSEE code of a commune given by INSEE code, or by name with its postal code in the column `postal`."""
        name, code = self.raw(column), self.raw(postal)
        code = "0" + code if _SHORT_POSTAL.fullmatch(code) else code
        if not name and not code:
            sentence = _("fill it in: INSEE code such as 03185, or name with the column {postal}")
            self.wrong(column, sentence.format(postal=postal))
            return ""
        found = self.find_commune(name) if name and not code else ""
        if code and not found:
            found = self._with_postal_code(name, code)
        if not found:
            sentence = _(
                "this commune is not known: give its INSEE code, such as 03185, or its name, such as Montluçon, and "
                "its postal code in the column {postal}, such as 03100"
            )
            self.wrong(column, sentence.format(postal=postal))
        return found

    def _with_postal_code(self, name: str, code: str) -> str:
        communes = self._referential.communes
        if coded := self._with_code(name):
            return coded
        if _INSEE.fullmatch(_with_zero(name)) or not name:
            # The rest is unknown: a code of the post that serves one commune is enough.
            found = communes.only_served(code)
        else:
            found = communes.resolve(f"{name} {code}")
        return found.insee if found else ""

    def find_commune(self, text: str) -> str:
        """The INSEE code that this text means, empty when it means none. Five figures alone are an INSEE code, never a
        postal code: what both could be would be a guess."""
        if _INSEE.fullmatch(_with_zero(text)):
            return self._with_code(text)
        found = self._referential.communes.resolve(text)
        return found.insee if found else ""

    def _with_code(self, code: str) -> str:
        communes, code = self._referential.communes, _with_zero(code)
        found = communes.get(code) or communes.get_former(code)
        return found.insee if found else ""

    def items(self, column: str, read: Callable[[str], T | None], form: str, *, coded: bool = False) -> list[T]:
        """A list separated by "|", and by commas and the like where items are `coded` and hold none; the places that
        `read` gives None for are noted with the expected form."""
        cell = self.raw(column)
        if not cell:
            return []
        parts = [part for part in map(str.strip, cell.split("|")) if part]
        if len(parts) == 1 and fold(parts[0]) in NO:
            return []
        found = [read(part) for part in parts[:MAX_LIST]]
        if coded and None in found and len(parts) <= MAX_LIST:
            pieces = ([part] if item is not None else _pieces(part) for part, item in zip(parts, found, strict=True))
            parts = [piece for some in pieces for piece in some]
            found = [read(part) for part in parts[:MAX_LIST]]
        if len(parts) > MAX_LIST:
            self.wrong(column, _("at most {most} items").format(most=MAX_LIST))
            return []
        if bad := [str(place) for place, item in enumerate(found, start=1) if item is None]:
            sentence = _("item {places}: {form}").format(places=", ".join(bad), form=form)
            self.wrong(column, sentence)
        return [item for item in found if item is not None]

    def occupations(self, column: str) -> list[tuple[str, int]]:
        """ROME codes of this edition with months, "N1103:24|N4105"; an occupation may be named in full instead, by its
        appellation or as people say it: "caissière: 2 ans"."""
        form = _("a ROME code or an occupation's name, with its months: N1103:24, or cariste: 2 ans")
        found = self.items(column, partial(read_occupation, self._referential), form, coded=True)
        if not self.raw(column):
            self.wrong(column, _("at least one occupation, such as N1103 or cariste"))
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
        form = _("a licence category, such as {codes}").format(codes="B, BE, C, CE, D")
        return frozenset(str(licence) for licence in self.items(column, read_licence, form, coded=True))

    def languages(self, column: str, *, travelling: bool = False) -> tuple[tuple[str, str], ...]:
        """Languages with CEFR levels, "en:B1|espagnol:A2", sorted by code. One that is not listed keeps its name as
        written, or is wrong where they are `travelling`: peers know codes of two letters."""

        def read(item: str) -> tuple[str, str] | None:
            found = read_language(item)
            return None if found is None or (travelling and not travels(found[0])) else found

        form = _("a language and its level from A1 to C2, such as anglais:B1, or in words, such as anglais courant")
        found = self.items(column, read, form, coded=True)
        if len({code for code, _level in found}) < len(found):
            self.wrong(column, _("the same language stands twice: keep one"))
        return tuple(sorted(found))

    def contracts(self, column: str) -> list[str]:
        """Contract types by code or label."""
        form = _("a contract type among {codes}").format(codes=", ".join(Contract))
        return [str(term) for term in self.items(column, lambda item: _CONTRACTS.get(fold(item)), form, coded=True)]

    def qualification(self, column: str) -> int:
        """Qualification by code or label, 0 when empty."""
        cell = self.raw(column)
        if not cell:
            return 0
        term = _QUALIFICATIONS.get(fold(cell))
        if term is None:
            self.wrong(column, _("a qualification from 1 to 9, such as 6 (employé qualifié)"))
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


def _pieces(part: str) -> list[str]:
    """What stands between commas and the like; the comma of a number is none."""
    return [piece for piece in map(str.strip, _BETWEEN.split(part)) if piece]


def _with_zero(code: str) -> str:
    """Spreadsheets drop the first zero of a code."""
    return "0" + code if _SHORT_POSTAL.fullmatch(code) else code


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
