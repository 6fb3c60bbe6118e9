"""A job's title for everybody: in both genders, followed by (H/F).

Guarantees: a title that names both already is left alone; what is proposed is never empty of what was typed. French
endings of job titles, with the words that go another way. Read next: `wording.py`.
"""

import re
from collections.abc import Mapping
from typing import Final

_BOTH: Final = re.compile(
    r"\b[hf] ?[/-] ?[hf]\b|/|\(e\)|\((euse|trice|ère|ere|ne|se)s?\)|\b\w+(eur|ier|ien) ou ", re.IGNORECASE
)
_FEMININE: Final = (
    ("teur", "trice"), ("eur", "euse"), ("ier", "ière"), ("er", "ère"), ("ien", "ienne"), ("on", "onne"), ("if", "ive"),
    ("al", "ale"), ("ant", "ante"), ("ent", "ente"), ("é", "ée"), ("in", "ine"), ("an", "ane"), ("ier", "ière"),
)  # fmt: skip
"""Endings of job titles, the longer first."""
_BY_WORD: Final[Mapping[str, str]] = {
    "acheteur": "acheteuse", "chanteur": "chanteuse", "monteur": "monteuse", "porteur": "porteuse", "trieur": "trieuse",
    "transporteur": "transporteuse", "ajusteur": "ajusteuse", "solier": "solière", "chef": "cheffe", "maçon": "maçonne",
    "conteur": "conteuse", "démonteur": "démonteuse", "planteur": "planteuse", "sableur": "sableuse",
    "cueilleur": "cueilleuse", "manutentionnaire": "", "patron": "patronne", "ingénieur": "ingénieure",
    "professeur": "professeure", "commis": "commise", "valet de chambre": "", "apprenti": "apprentie",
    "préventeur": "préventrice", "receveur": "receveuse", "sapeur": "sapeuse", "sculpteur": "sculptrice",
    "affûteur": "affûteuse", "brocanteur": "brocanteuse", "riveteur": "riveteuse", "emboîteur": "emboîteuse",
}  # fmt: skip
_WHOLE: Final[Mapping[str, str]] = {
    "femme de ménage": "Employé / Employée de ménage",
    "femme de chambre": "Employé / Employée d'étage",
    "homme d'entretien": "Agent / Agente d'entretien",
    "homme à tout faire": "Agent / Agente de maintenance polyvalent",
    "homme toutes mains": "Agent / Agente de maintenance polyvalent",
    "sage-femme": "Sage-femme / Maïeuticien",
}


def title_for_both(title: str) -> str:
    """The title in both genders, for one that names a single one; empty for a title that speaks to everybody."""
    words = " ".join(title.split())
    if not words or _BOTH.search(words):
        return ""
    begun = next((one for one in _WHOLE if words.lower().startswith(one)), "")
    if begun:
        return f"{_WHOLE[begun]}{words[len(begun) :]} (H/F)"
    first, space, rest = words.partition(" ")
    other = _other_gender(first.lower())
    if not other:
        return f"{words} (H/F)"
    his, hers = (first, _as(first, other)) if not _is_feminine(first.lower()) else (_as(first, other), first)
    return f"{his} / {hers}{space}{rest} (H/F)"


def _as(model: str, word: str) -> str:
    return word.capitalize() if model[:1].isupper() else word


def _is_feminine(word: str) -> bool:
    known = set(_BY_WORD.values()) - {""}
    return word in known or any(word.endswith(hers) for _his, hers in _FEMININE)


def _other_gender(word: str) -> str:
    """The same word for the other gender; empty where both are the same."""
    hers = {hers: his for his, hers in _BY_WORD.items() if hers}
    if word in _BY_WORD or word in hers:
        return _BY_WORD.get(word) or hers.get(word, "")
    for his, her in _FEMININE:
        if word.endswith(her):
            return word.removesuffix(her) + his
    for his, her in _FEMININE:
        if word.endswith(his):
            return word.removesuffix(his) + her
    return ""
