"""Folding of typed words, so that two spellings of one name compare equal.

Guarantees: folding never fails, is idempotent, and its result holds only lower-case letters, digits and single
spaces. Read next: ``communes.py`` and ``occupations.py``, which look things up by folded text.
"""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "Œ": "oe", "Æ": "ae"})
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")
_CEDEX = re.compile(r"( cedex( \d{1,2})?)+$")
_ABBREVIATIONS = (
    (re.compile(r"\bs s\b"), "sous"),
    (re.compile(r"\bs\b"), "sur"),
    (re.compile(r"\bst\b"), "saint"),
    (re.compile(r"\bste\b"), "sainte"),
    (re.compile(r"\bsts\b"), "saints"),
    (re.compile(r"\bstes\b"), "saintes"),
)
_ARRONDISSEMENT = re.compile(r"^(paris|lyon|marseille) 0?(\d{1,2}) ?(?:er|e|eme|ieme)?(?: arrondissement| arr)?$")


def fold(text: str) -> str:
    """Lower case, without accents, every run of anything else than a-z and 0-9 made one space.

    >>> fold("  L'Haÿ-les-Roses ")
    'l hay les roses'
    """
    if not text.isascii():
        text = text.translate(_LIGATURES)
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOT_ALPHANUMERIC.sub(" ", text.lower()).strip()


def fold_place(name: str) -> str:
    """``fold``, with the abbreviations that the post and curricula vitae use for places written out.

    "St" and "Ste" are Saint and Sainte, "s/" is sur, "s/s" is sous, a final CEDEX goes, and "Paris 11",
    "Lyon 03" or "Marseille 1er" become the full name of the arrondissement.

    >>> fold_place("FONTENAY S/S BOIS CEDEX")
    'fontenay sous bois'
    """
    folded = _CEDEX.sub("", fold(name))
    for pattern, full in _ABBREVIATIONS:
        folded = pattern.sub(full, folded)
    if match := _ARRONDISSEMENT.match(folded):
        city, number = match[1], int(match[2])
        return f"{city} {number}{'er' if number == 1 else 'e'} arrondissement"
    return folded
