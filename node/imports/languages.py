"""Languages as people list them: "anglais:B1", "Français (B2)", "espagnol courant".

A level is told by its code or by a word that curricula vitae use for it. A language alone is kept at A1, the least that
it can mean: nobody is taken to speak it better than was said, and nobody is refused for it. Read next: `cells.py`.
"""

import re
from functools import lru_cache
from typing import Final

from node.mission.terms import Cefr, Language
from node.referential.text import fold

_CALLED: Final = {fold(word): str(language) for language in Language for word in (language.value, language.label)}
_CODE: Final = re.compile(r"(?:niveau )?([abc][12])")
_WORDED: Final = {
    "langue maternelle": Cefr.C2, "maternelle": Cefr.C2, "maternel": Cefr.C2, "natif": Cefr.C2, "native": Cefr.C2,
    "bilingue": Cefr.C2, "courant": Cefr.C1, "courante": Cefr.C1, "couramment": Cefr.C1, "lu parle ecrit": Cefr.C1,
    "lu ecrit parle": Cefr.C1, "avance": Cefr.C1, "tres bon": Cefr.C1, "tres bon niveau": Cefr.C1, "bon": Cefr.B2,
    "bon niveau": Cefr.B2, "independant": Cefr.B2, "intermediaire": Cefr.B1, "moyen": Cefr.B1, "scolaire": Cefr.A2,
    "notions": Cefr.A1, "debutant": Cefr.A1, "debutante": Cefr.A1, "bases": Cefr.A1,
}  # fmt: skip


@lru_cache(maxsize=1024)
def read_language(text: str) -> tuple[str, str] | None:
    """ISO 639-1 code and CEFR level; None when the text names no language, or a level that is none."""
    name, _space, level = fold(text).partition(" ")
    code = _CALLED.get(name)
    if code is None and re.fullmatch("[a-z]{2}", name) and level:
        code = name
    if code is None:
        return None
    if coded := _CODE.fullmatch(level):
        return code, str(Cefr[coded[1].upper()])
    found = _WORDED.get(level) if level else Cefr.A1
    return (code, str(found)) if found else None
