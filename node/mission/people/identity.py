"""What tells people apart: of a candidate, or of a deposit that nobody has settled; names and numbers folded."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from node.kit import phone
from node.mission.people.candidate import Candidate

_SEPARATORS: Final = re.compile(r"[\W_]+")
_FEWEST_DIGITS: Final = 6


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


def phone_key(text: str) -> str:
    """The number by which two entries are compared, as it is kept; of what cannot be read its digits, empty when there
    are too few to tell."""
    if phone.is_kept(text):
        return text
    digits = phone.bare(text)
    return phone.read(text) or (digits if len(digits) >= _FEWEST_DIGITS else "")
