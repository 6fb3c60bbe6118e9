"""Which occupation a title means, which skill a phrase means.

Guarantees: pure, read-only, shared between threads; only codes of the referential come out. The everyday wordings in
`data/` are the project's own, beside the official names (labels in the embedded tables, all appellations once ROME was
imported), with the everyday words of the referential where a title is just those; another look-up is asked as well
when one is given.

Read next: `stems.py` for how wordings are compared, `experience.py` and `proposing.py` for who asks.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, Protocol

from node.reading.stems import StemMatch, Wordings
from node.referential import Referential
from node.referential.everyday import said_whole

_LEAST_TITLE: Final = 0.5
_LEAST_SKILL: Final = 0.45
_FURTHER: Final = 8
_LEAST_LETTERS: Final = 3
"""Of everyday words in a CV: "AS" and "ME" are more than trades there."""
_ALSO: Final = 0.9
"""The score of what everyday words mean beside what is likeliest."""
_WEAK_IN_TITLES: Final = (
    "agent employe ouvrier operateur technicien responsable charge chef assistant aide conseiller poste emploi metier "
    "polyvalent qualifie confirme debutant experimente stagiaire apprenti interimaire saisonnier service travail "
    "equipe entreprise magasin industrie batiment"
).split()
_WEAK_IN_SKILLS: Final = (
    "utiliser utilisation realiser effectuer gerer gestion preparer preparation assurer faire aider aide entretenir "
    "entretien poser pose controler controle conduire suivre suivi appliquer respecter respect tenir tenue servir "
    "service connaissance connaitre maitrise travail travaux produit materiel outil personne client petit bon "
    "nettoyer nettoyage entretien remplir prendre prise donner monter montage"
).split()
_ROLE: Final = re.compile(
    r"\b(?:stage|stagiaire|apprenti(?:e)?|alternan(?:ce|t|te)|intérim(?:aire)?|CDI|CDD|job d'été|mission|bénévole|"
    r"h/f|f/h|temps (?:plein|partiel))\b|\((?:H/F|F/H|e|se|ère|trice)\)",
    re.IGNORECASE,
)


class OccupationLookup(Protocol):
    """A search over the names of occupations, such as all appellations of an imported ROME."""

    def search(self, text: str, limit: int) -> Sequence[tuple[str, str]]:
        """At most `limit` (ROME code, name) pairs that the text may mean, the likeliest first."""
        ...


class Titles:
    """Job titles -> ROME codes."""

    def __init__(self, referential: Referential, further: OccupationLookup | None = None) -> None:
        self._occupations = referential.occupations
        self._further = further
        self._wordings = Wordings(_title_entries(referential), weak=_WEAK_IN_TITLES, headless=0.7)

    def best(self, text: str, limit: int = 3) -> list[StemMatch]:
        """The occupations that a title of a few words means, best first; nothing for a text that names none."""
        text = _ROLE.sub(" ", text)
        found = {match.code: match for match in self._wordings.search(text, _FURTHER, _LEAST_TITLE)}
        for match in self._said_so(text):
            if match.code not in found or match.score > found[match.code].score:
                found[match.code] = match
        for code, name in self._further.search(text, _FURTHER) if self._further else ():
            score = max((self._wordings.compare(text, half) for half in halves(name)), default=0.0)
            if score >= _LEAST_TITLE and (code not in found or score > found[code].score):
                found[code] = StemMatch(code, name, score, 1.0)
        return sorted(found.values(), key=lambda match: -match.score)[:limit]

    def _said_so(self, text: str) -> Iterator[StemMatch]:
        """What the everyday words mean that the title is, from the first to the last: near ones would be guesses."""
        words = said_whole(text)
        if words is not None and words.a_title and len(words.wording) >= _LEAST_LETTERS:
            codes = filter(self._occupations.exists, words.codes)
            yield from (StemMatch(code, words.wording, _ALSO if at else 1.0, 1.0) for at, code in enumerate(codes))

    def knows(self, code: str) -> bool:
        """Whether the referential has this occupation."""
        return self._occupations.exists(code)

    def appellation(self, code: str, name: str) -> str:
        """The name when it is one of the occupation's appellations other than its label; else nothing."""
        return name if name != self.label(code) and name in self._occupations.appellations(code) else ""

    def label(self, code: str) -> str:
        """The occupation's official name."""
        return self._occupations.label(code) or code


class SkillPhrases:
    """Phrases -> skills of the referential."""

    def __init__(self, referential: Referential) -> None:
        self._skills = referential.skills
        self._wordings = Wordings(_skill_entries(referential), weak=_WEAK_IN_SKILLS)

    def best(self, phrase: str, expected: Callable[[str], bool]) -> StemMatch | None:
        """The skill that a phrase tells, if any. Skills that are `expected` of the person's trades need less."""
        chosen: tuple[float, StemMatch] | None = None
        for match in self._wordings.search(phrase, _FURTHER, _LEAST_SKILL * 0.6):
            # A wording that stands whole within a longer phrase is as good as the phrase itself.
            whole = max(match.score, 0.75 * match.coverage) if match.coverage > 0.99 else match.score
            score = whole * (1.15 if expected(match.code) else 0.8)
            if score >= _LEAST_SKILL and (chosen is None or score > chosen[0]):
                chosen = score, match
        return StemMatch(chosen[1].code, chosen[1].label, min(1.0, chosen[0]), chosen[1].coverage) if chosen else None

    def label(self, code: str) -> str:
        """The skill's name."""
        return self._skills.label(code) or code


def halves(label: str) -> Iterator[str]:
    """The masculine and the feminine form of an official name, each with what follows both.

    >>> list(halves("Conducteur / Conductrice d'engins"))
    ["Conducteur d'engins", "Conductrice d'engins"]
    """
    if " / " not in label:
        yield label
        return
    masculine, rest = label.split(" / ", 1)
    words = rest.split(" ")
    count = min(len(masculine.split(" ")), len(words))
    yield " ".join([masculine, *words[count:]])
    yield rest


def _title_entries(referential: Referential) -> Iterator[tuple[str, str, str]]:
    for code in referential.occupations.codes():
        for name in referential.occupations.appellations(code):
            yield from ((code, half, name) for half in halves(name))
    for title, code in usual("usual_titles.csv"):
        if referential.occupations.exists(code):
            yield from ((code, half, title) for half in halves(title))


def _skill_entries(referential: Referential) -> Iterator[tuple[str, str, str]]:
    for code in referential.skills.codes():
        label = referential.skills.label(code) or ""
        yield code, label, label
    for wording, code in usual("usual_skills.csv"):
        if referential.skills.exists(code):
            yield code, wording, referential.skills.label(code) or ""


@cache
def usual(name: str) -> tuple[tuple[str, str], ...]:
    """A table of everyday wordings: (wording, code)."""
    text = files(__package__).joinpath("data", name).read_text("utf-8")
    return tuple((row[0], row[1]) for row in csv.reader(io.StringIO(text, newline="")))[1:]
