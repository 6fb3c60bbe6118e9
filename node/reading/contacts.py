"""How to reach a person: e-mail, telephone, commune; and the date of birth when it is told.

Guarantees: pure; a number comes out as it is kept ("+33612345678"); a place comes out as an INSEE code that the table
knows; a date of birth to come is never proposed. Read next: `names.py`, `node/kit/phone.py`.
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from node.kit.phone import find, is_mobile
from node.reading.addresses import find_addresses
from node.reading.proposals import Proposed, Spot
from node.reading.shapes import Line
from node.reading.words import flat
from node.referential import Commune, Communes
from node.referential.text import fold_place

_BEGUN_EMAIL: Final = re.compile(r"(?<![^\s:;,(<])[\w!#$%&'*+/=?^`{|}~.-]*[._-]$")
_BROKEN_EMAIL: Final = re.compile(r"(?:[\w!#$%&'*+/=?^`{|}~.-]+@[\w.-]*|[\w+-]+[._-])$")
_FIVE: Final = re.compile(r"(?<![\d/.+-])(?:[Ff]-?)?(\d{5}|\d{2} \d{3})(?![\d/])")
_DEPARTMENT: Final = re.compile(r"([A-Za-zÀ-ÿ'’ -]{2,40}?)\s*[(,-]\s*(\d{2,3}|2[ABab])\s*\)?\s*$")
_BIRTH: Final = re.compile(
    r"(?:\bnee?(?:\(e\))?\s+le|date de naissance|naissance|\bne\(e\) le)\s*:?\s*"
    r"(\d{1,2})(?:er)?(?:\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*|\s+([a-z]{3,9})\.?\s+)(\d{4})"
)
_PAGE: Final = re.compile(r"https?://|\bwww\.|\blinkedin\.", re.IGNORECASE)
_STREET: Final = re.compile(
    r"\b\d{1,4}\s*(?:bis|ter|[a-d])?,?\s*(?:rue|avenue|av\.|boulevard|bd|allee|impasse|chemin|route|place|quai|cours)\b"
)
_MONTHS: Final = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")
_OLDEST: Final = 110


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A commune, or the sign that a postal code leads nowhere."""

    commune: Proposed[str] | None
    unknown_postal_code: bool = False


def email(lines: Sequence[Line]) -> Proposed[str] | None:
    """The first address, put together again when a narrow column broke it."""
    for index, line in enumerate(lines):
        for found in find_addresses(line.text):
            at = Spot(index, found.start, found.end)
            # "marie-" above "christine@...": the address was broken before its @.
            begun = _BEGUN_EMAIL.search(lines[index - 1].text) if index and found.start == 0 else None
            whole = begun and next(find_addresses(begun[0] + line.text), None)
            return Proposed(whole.address, 0.9, at) if whole else Proposed(found.address, 0.98, at)
    for index, (line, below) in enumerate(itertools.pairwise(lines)):
        if "@" in line.text + below.text and _BROKEN_EMAIL.search(line.text):
            for found in find_addresses(line.text + below.text):
                return Proposed(found.address, 0.8, Spot(index, found.start, len(line.text)))
    return None


def phone(lines: Sequence[Line]) -> Proposed[str] | None:
    """A mobile number first, else the first number."""
    found = [
        Proposed(one.number, 0.97 if one.number.startswith("+33") else 0.8, Spot(index, one.start, one.end))
        for index, line in enumerate(lines)
        for one in find(line.text)
    ]
    return next((one for one in found if is_mobile(one.value)), found[0] if found else None)


def commune(lines: Sequence[Line], near: Iterable[int], communes: Communes) -> PlaceFound:
    """Where the person lives. `near`: the lines about contacts, looked at first; employers' towns are elsewhere."""
    order = list(dict.fromkeys(near))
    unknown = False
    for index in order:
        text = lines[index].text
        numbers = [(number.start, number.end) for number in find(text)]
        for match in _FIVE.finditer(text):
            if any(first <= match.start() < last for first, last in numbers):
                continue
            below = lines[index + 1].text if index + 1 < len(lines) else ""
            found = _served(text, match, below, communes)
            if found is not None:
                place, sure = found
                return PlaceFound(Proposed(place.insee, sure, Spot(index, match.start(), len(text))))
            unknown = True
    for index in order:
        if named := _named(lines[index].text, communes):
            return PlaceFound(Proposed(named.insee, 0.6, Spot(index, 0, len(lines[index].text))), unknown)
    return PlaceFound(None, unknown)


def tells_contact(text: str) -> bool:
    """Whether a text holds an e-mail address, a page's address, a telephone number or a date of birth."""
    reached = _PAGE.search(text) or ("@" in text and any(find_addresses(text)))
    return bool(reached) or tells_phone(text) or tells_birth(text)


def tells_phone(text: str) -> bool:
    """Whether a text holds a telephone number."""
    return next(find(text), None) is not None


def tells_birth(text: str) -> bool:
    """Whether a text holds a date of birth."""
    return _BIRTH.search(flat(text)) is not None


def tells_street(text: str) -> bool:
    """Whether a text holds a number in a street."""
    return _STREET.search(flat(text)) is not None


def birth_date(lines: Sequence[Line], today: date) -> tuple[Proposed[date] | None, bool]:
    """The date of birth, and whether one was told that cannot be: still to come, or no date at all."""
    for index, line in enumerate(lines):
        match = _BIRTH.search(flat(line.text))
        if match is None:
            continue
        month = int(match[2]) if match[2] else _month(match[3])
        try:
            born = date(int(match[4]), month, int(match[1]))
        except ValueError:
            return None, True
        if born > today:
            return None, True
        if born.year < today.year - _OLDEST:
            return None, False
        return Proposed(born, 0.95, Spot(index, match.start(1), match.end())), False
    return None, False


def _month(word: str) -> int:
    return next((number for number, name in enumerate(_MONTHS, 1) if word.startswith(name)), 0)


def _served(text: str, match: "re.Match[str]", below: str, communes: Communes) -> tuple[Commune, float] | None:
    """The commune that a postal code serves and the line, or the next one, names."""
    code = match[1].replace(" ", "")
    served = communes.by_postal_code(code)
    after, before = text[match.end() :], text[: match.start()]
    around = f" {fold_place(after)} | {fold_place(before)} | {fold_place(below)} "
    named = [place for place in served if f" {fold_place(place.name)} " in around]
    if named and served[0].is_arrondissement:
        return served[0], 0.97
    if named:
        return max(named, key=lambda place: len(place.name)), 0.97
    # Five digits by themselves would be taken for an INSEE code.
    beside = _name_beside(after)
    if beside and (resolved := communes.resolve(f"{beside} {code}")):
        return resolved, 0.9 if len(served) <= 1 or resolved not in served[1:] else 0.75
    return (served[0], 0.6 if len(served) > 1 else 0.85) if served else None


def _name_beside(after: str) -> str:
    """What follows a postal code up to the first mark."""
    return re.split(r"[,|;:()\t\d]| - ", after.strip(" ,-"))[0]


def _named(text: str, communes: Communes) -> Commune | None:
    """A commune told without its postal code: "Drancy (93)", or its name alone on a line or after the last comma."""
    if match := _DEPARTMENT.search(text):
        name = re.split(r"[,;|\t]", match[1])[-1]
        for place in communes.find(name):
            if place.department == match[2].upper().zfill(2):
                return place
    last = re.split(r"[,;|\t]", text)[-1].strip()
    if not 3 <= len(last) <= 40 or not last[0].isupper() or re.search(r"\d", last):
        return None
    return communes.resolve(last)
