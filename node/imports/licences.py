"""Driving licences as lists and the national service write them, into categories.

The service's table has a label for each category, old names beside the new ones ("EB" is BE today), and two mentions
that France adds to a B: 96, a somewhat heavier trailer, which stays a B, and 79.06, which the service equals to EB.

Guarantees: a category that somebody hopes for ("B en cours") is none, nor is what is no licence (FIMO, CACES).
Read next: `cells.py`, `france_travail.py`.
"""

import re
from functools import lru_cache
from typing import Final

from node.mission.terms import Licence
from node.referential.text import fold

_WORDS: Final[dict[str, Licence]] = {
    "bsr": Licence.AM, "cyclo": Licence.AM, "cyclomoteur": Licence.AM, "scooter": Licence.AM, "am bsr": Licence.AM,
    "moto": Licence.A, "motocyclette": Licence.A, "vl": Licence.B, "vehicule leger": Licence.B,
    "b78": Licence.B, "b96": Licence.B, "b79": Licence.BE, "pl": Licence.C, "poids lourd": Licence.C,
    "poids lourds": Licence.C, "spl": Licence.CE, "super lourd": Licence.CE, "super poids lourd": Licence.CE,
    "transport en commun": Licence.D, "transport de personnes": Licence.D,
}  # fmt: skip
_CALLED: Final = {fold(licence.label): licence for licence in Licence} | _WORDS
_OLD: Final = {"EB": Licence.BE, "EC": Licence.CE, "ED": Licence.DE}

_PREFIX: Final = re.compile(
    r"\s*(?:permis\b(?:\s+de\s+conduire)?\s*[:-]?\s*)?(?:cat(?:[ée]gorie|\.)?\s+)?", re.IGNORECASE
)
_CATEGORY: Final = re.compile(r"(AM|A[12]?|[BCDE]\s?\(\s?[BCDE]\s?\)|(?:B|C1?|D1?)[ +/-]?E|E[ +/-]?[BCD]|[BCD]1|[BCD])"
                              r"(?![A-Za-zÀ-ÿ0-9])", re.IGNORECASE)  # fmt: skip
_SIGN: Final = re.compile(r"\s*(?:$|[-–—(:=<≤])")
_DESCRIBED: Final = re.compile(
    r"(?:mention|vehicules?|vl|voiture|poids|pl|spl|moto\w*|cyclo\w*|bsr|quadricycle|transport|boite|auto\w*|manuel\w*|7[89]|96)\b"
)
_HEAVY_TRAILER: Final = re.compile(r"\b79(?: ?06)?\b")
_HOPED_FOR: Final = re.compile(
    r"\b(?:en cours|pas|non|sans|bientot|prevue?|projet|suspendue?|suspension|annulee?|annulation|invalidee?"
    r"|retire|perdue?|expiree?|code|a passer)\b"
)


@lru_cache(maxsize=1024)
def read_licence(text: str) -> Licence | None:
    """The category that a text means: "B", "Permis B", "CE - Poids lourd + remorque (= EC)", "E(B)", "BSR"; None for
    anything else."""
    bare = text[match.end() :] if (match := _PREFIX.match(text)) else text
    called = fold(bare)
    if called in _CALLED:
        return _CALLED[called]
    category = _CATEGORY.match(bare)
    if category is None or _HOPED_FOR.search(called):
        return None
    letters = re.sub(r"[^A-Z0-9]", "", category[1].upper())
    found = _of_code(letters)
    rest = bare[category.end() :]
    described = fold(rest)
    if found is None or not (_SIGN.match(rest) or _DESCRIBED.match(described)):
        return None
    others = [_of_code(word.upper()) for word in described.split()]
    if others and None not in others and set(others) != {found}:
        return None  # several licences in a row: which one is meant is not said
    return Licence.BE if found is Licence.B and _HEAVY_TRAILER.search(described) else found


def _of_code(letters: str) -> Licence | None:
    return _OLD.get(letters) or Licence.read(letters)
