"""Languages as people list them: "anglais:B1", "Français (B2)", "espagnol courant".

A level is told by its code or by a word that curricula vitae use for it. A language alone is kept at A1, the least that
it can mean: nobody is taken to speak it better than was said, and nobody is refused for it. Read next: `cells.py`.
"""

import re
from functools import lru_cache
from typing import Final

from node.mission.terms import Cefr, Language, language_code, travels
from node.referential.text import fold

_CODED: Final = re.compile(r"([^\W\d_][^\d_:()]{0,58}?)[\s:(]+(?:niveau\s+)?([abc][12])\)?", re.IGNORECASE)
_WORDED: Final = {
    "langue maternelle": Cefr.C2, "maternelle": Cefr.C2, "maternel": Cefr.C2, "natif": Cefr.C2, "native": Cefr.C2,
    "bilingue": Cefr.C2, "courant": Cefr.C1, "courante": Cefr.C1, "couramment": Cefr.C1, "lu parle ecrit": Cefr.C1,
    "lu ecrit parle": Cefr.C1, "avance": Cefr.C1, "tres bon": Cefr.C1, "tres bon niveau": Cefr.C1, "bon": Cefr.B2,
    "bon niveau": Cefr.B2, "independant": Cefr.B2, "intermediaire": Cefr.B1, "moyen": Cefr.B1, "scolaire": Cefr.A2,
    "notions": Cefr.A1, "debutant": Cefr.A1, "debutante": Cefr.A1, "bases": Cefr.A1,
}  # fmt: skip


@lru_cache(maxsize=1024)
def read_language(text: str) -> tuple[str, str] | None:
    """The language's code, or its name as written where it is not listed and its level is told by code; and the CEFR
    level. None when the text names no language, or a level that is none."""
    text = " ".join(text.split())
    if coded := _CODED.fullmatch(text):
        return _code(coded[1]), str(Cefr[coded[2].upper()])
    words = fold(text)
    if (code := language_code(words)) != words or (travels(words) and Language.read(words)):
        return code, str(Cefr.A1)
    name, _space, level = words.partition(" ")
    while level:
        if (found := _WORDED.get(level)) and (code := language_code(name)) != name:
            return code, str(found)
        name, _space, level = _next(name, level)
    return None


def _next(name: str, level: str) -> tuple[str, str, str]:
    """One word more of the name, one less of the level."""
    word, space, rest = level.partition(" ")
    return f"{name} {word}", space, rest


def _code(name: str) -> str:
    return name.lower() if travels(name.lower()) else language_code(name)
