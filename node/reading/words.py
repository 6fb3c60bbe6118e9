"""Folding that keeps every offset, for look-ups by regular expression with a place in the text.

Guarantees: `flat(text)` has as many characters as `text`. Read next: `sections.py`.
"""

import unicodedata
from functools import lru_cache
from typing import Final

_LIKE: Final = {"’": "'", "ʼ": "'", "‘": "'", "´": "'", "`": "'", "\u00a0": " ", "\u202f": " "} | dict.fromkeys(
    "‐‑‒–—―−", "-"
)


def flat(text: str) -> str:
    """Lower case without accents, typographic dashes and apostrophes made plain, one character for one character."""
    return text.lower() if text.isascii() else "".join(map(_flat, text))


@lru_cache(maxsize=2048)
def _flat(character: str) -> str:
    if character in _LIKE:
        return _LIKE[character]
    return unicodedata.normalize("NFD", character)[0].lower()[0]
