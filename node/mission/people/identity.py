"""What tells people apart: of a candidate, or of a deposit that nobody has settled; names and numbers folded."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from node.mission.people.candidate import Candidate
from node.mission.people.rules import bare_phone

_SEPARATORS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What tells people apart: of a candidate, or of a deposit that nobody has settled."""

    id: str
    reference: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    birth_date: date | None = None


def identity_of(person: Candidate) -> Identity:
    """What tells a candidate apart."""
    return Identity(
        id=person.id,
        reference=person.reference,
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        phone=person.phone,
        birth_date=person.birth_date,
    )


def fold_name(text: str) -> str:
    """Lower case, without accents and punctuation, in any script.

    >>> fold_name(" D'Étienne-Léa ")
    'd etienne lea'
    """
    bare = text.casefold()
    if not bare.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    return bare if bare.isalnum() else _SEPARATORS.sub(" ", bare).strip()


def bare_digits(text: str) -> str:
    """A telephone number as it is dialled at home: "+33 6 12..." and "06.12..." are the same."""
    digits = bare_phone(text)
    for prefix in ("+33", "0033"):
        if digits.startswith(prefix):
            return "0" + digits[len(prefix) :].lstrip("0")
    return digits


def phone_key(text: str) -> str:
    """The number by which two entries are compared; empty when there are too few digits to tell."""
    digits = bare_digits(text)
    return digits if len(digits) >= 6 else ""
