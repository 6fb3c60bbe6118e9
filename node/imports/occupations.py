"""Occupations as people list them: "N1103:24", "N1103 (2 ans et demi)", "caissière", "Agent d'entretien : 6 mois".

A name counts in full or not at all: an appellation of this edition, or an everyday word for one
(`node/referential/everyday.py`), whose likeliest code is taken. Read next: `cells.py`.
"""

import re
from functools import lru_cache
from typing import Final

from node.imports.spans import read_months
from node.referential import Referential

_LONGEST: Final = 200
_ROME: Final = re.compile(r"([A-Na-n]\d{4})(?:\s*[:(–-]\s*|\s+|$)([^()]*)\)?", re.ASCII)
_NAMED: Final = re.compile(r"([^\d:]*[^\W\d:][^\d:]*?)\s*(?:[:(–-]\s*|\s+(?=\d)|$)([^()]*)\)?")


def read_occupation(referential: Referential, item: str) -> tuple[str, int] | None:
    """ROME code and months; None when it is no occupation of this edition, or the months are none."""
    if len(item) > _LONGEST:
        return None
    coded = _ROME.fullmatch(item)
    named = None if coded else _NAMED.fullmatch(item)
    found = coded or named
    if found is None:
        return None
    months = read_months(found[2]) if found[2] else 0
    rome = found[1].upper() if coded else _code(referential, found[1].strip())
    return None if months is None or not referential.occupations.exists(rome) else (rome, months)


@lru_cache(maxsize=4096)
def _code(referential: Referential, name: str) -> str:
    # Here, as a file of ROME codes, which most are, looks nothing up.
    from node.referential.everyday import said_whole
    from node.referential.lookup import label_forms
    from node.referential.word_index import words_of

    if (said := said_whole(name)) is not None:
        return next((code for code in said.codes if referential.occupations.exists(code)), "")
    words = tuple(spellings[0] for spellings in words_of(name, {}))
    for hit in referential.lookup.occupations(name, 5):
        if any(words == form.words for form in label_forms(hit.label, "")):
            return hit.code
    return ""
