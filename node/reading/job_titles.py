"""Titles of jobs: which part of a line names what was done, and on which line a CV writes it.

Guarantees: pure. A label ("Poste :"), what was done ("Missions : ...") and the name of an organisation are no titles.

Read next: `lookups.py`, what a title means; `experience.py`, who asks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from node.reading.dates import Period, blanked
from node.reading.employers import CUT
from node.reading.lookups import Titles
from node.reading.organisations import (
    NameLikeness,
    is_label,
    judge_name,
    names_organisation,
    says_deeds,
    written_as_name,
)
from node.reading.phrases import Sentence, segments
from node.reading.proposals import Spot
from node.reading.stems import StemMatch
from node.reading.words import flat

_SOUGHT: Final = re.compile(
    r"^(?:(?:je |en )?(?:suis |à la )?(?:recherche|cherche|souhaite|candidature|objectif|projet)\w*\W+)"
    r"(?:d['’]|de |pour |comme |en tant que )?(?:un |une |mon )?(?:nouvel |nouveau )?"
    r"(?:poste|emploi|travail|place|métier)?\s*(?:d['’]|de |en tant que |comme |en )?",
    re.IGNORECASE,
)
_ONCE: Final = re.compile(
    r"\b(?:j['’]ai (?:été|travaillé|exercé|occupé)|je (?:suis|travaille|travaillais))\s+"
    r"(?:(?:comme|en tant que?|en qualité d[e'’]|un poste d[e'’]|le poste d[e'’])\s*)?",
    re.IGNORECASE,
)
_TITLE_LABEL: Final = re.compile(r"\b(?:poste|fonction|intitule|metier)(?: occupee?| exercee?| du poste)?\s*:\s*$")
_LONGEST_TITLE: Final = 9
_BETTER: Final = 0.25
_CERTAIN: Final = 0.9
_NAMED: Final = 0.3
SURE: Final = 0.75
"""From this confidence on, a title is taken without looking further."""
HIGHEST: Final = 3
"""At most so many lines lie between a title and its dates, the title's own counted."""


@dataclass(frozen=True, slots=True)
class Title:
    """A part of a line that seems to name a job; `match` is None when it is no known occupation."""

    text: str
    match: StemMatch | None
    at: Spot
    confidence: float


def title_of(sentence: Sentence, titles: Titles, today: date) -> tuple[StemMatch, Spot] | None:
    """The occupation that a line names, in whichever of its parts."""
    title = title_in(sentence, titles, today)
    return (title.match, title.at) if title is not None and title.match is not None else None


def title_in(sentence: Sentence, titles: Titles, today: date) -> Title | None:
    """The part of a line that names an occupation best, else its first part of words."""
    first: Title | None = None
    best: Title | None = None
    named: Title | None = None
    if says_deeds(sentence.text):
        return None
    for part, start, end in segments(_without_dates(sentence, today), CUT):
        words = part.split()
        if is_label(part, sentence.text[end:]):
            continue
        if len(words) > _LONGEST_TITLE or not any(len(word) > 2 and word[0].isalpha() for word in words):
            continue
        # "Entrepôts du Bourget" is near "Employé d'entrepôt".
        organisation = names_organisation(part)
        match = None if organisation else next(iter(titles.best(part, 1)), None)
        if match and _TITLE_LABEL.search(flat(sentence.text[:start])):
            match = replace(match, score=max(match.score, _CERTAIN))
        score = match.score if match else 0.0
        title = Title(part, match, sentence.place(start, end), round(score, 2))
        if first is None or (not organisation and names_organisation(first.text)):
            first = title
        if match and score < _CERTAIN and written_as_name(part):
            # "Sud Logistique" is near "Agent logistique": any other part that names an occupation comes before it.
            named = named or replace(title, confidence=round(score - _NAMED, 2))
            continue
        # What stands first is the title rather than the employer.
        if match and (best is None or title.confidence > best.confidence + _BETTER):
            best = title
    if best is None and named is not None and first is not None and named.at == first.at:
        return named
    return best or (first and Title(first.text, None, first.at, 0.3))


def _without_dates(sentence: Sentence, today: date) -> Sentence:
    """The sentence with dates, "recherche un poste de", "j'ai été" under bars, every offset kept."""
    text = sentence.text
    for pattern in (_SOUGHT, _ONCE):
        text = pattern.sub(lambda match: "|" * len(match[0]), text)
    text = blanked(text, today)
    return Sentence(text, sentence.pieces, sentence.bulleted, sentence.column, sentence.size)


def choose(
    here: Title | None, over: Sentence | None, below: Sequence[Sentence], titles: Titles, today: date
) -> Title | None:
    """The title among what stands with the dates, above them (None unless that is the CV's habit) and below."""
    above = title_in(over, titles, today) if over is not None else None
    if above is not None and above.match is not None and above.confidence >= SURE:
        return above
    if here is not None and here.match is not None and here.confidence >= SURE:
        return here
    others = [title for sentence in below if (title := title_in(sentence, titles, today)) is not None]
    others = [above, *others] if above is not None else others
    best = max(others, key=lambda title: title.confidence if title.match else 0.0, default=None)
    if here is None or best is None:
        return here or best
    if here.match is None and names_organisation(here.text):
        return best
    if best.match is None or (
        here.match is None and best.confidence < _CERTAIN and judge_name(best.text) is NameLikeness.DEED
    ):
        # An unknown title stands above its employer as a known one does.
        titled = over is not None and not over.bulleted and judge_name(over.text) > NameLikeness.DEED
        return above if titled and above is not None and here.match is None else here
    # What stands beside the dates must be far better to win over what stands with them.
    return best if here.match is None or best.confidence > here.confidence + _BETTER else here


def titles_stand_above(
    said: Sequence[Sentence], anchors: Sequence[tuple[int, Period]], height: int, titles: Titles, today: date
) -> bool:
    """Whether this CV writes the title first and the dates below."""
    votes, beside = 0, 0
    for index, _ in anchors:
        here = title_of(said[index], titles, today)
        if here is not None and here[0].score >= SURE:
            beside += 1
            continue
        line = line_above(said, index, height, -1)
        over = title_of(line, titles, today) if line is not None and not line.bulleted else None
        line = said[index + 1] if index + 1 < len(said) else None
        under = title_of(line, titles, today) if line is not None and not line.bulleted else None
        votes += (over[0].score if over else 0.0) > (under[0].score if under else 0.0)
        votes -= (over[0].score if over else 0.0) < (under[0].score if under else 0.0)
    if 2 * beside >= len(anchors):
        return False
    return votes > 0 or (votes == 0 and anchors[0][0] > 0)


def height_of_titles(said: Sequence[Sentence], first: int, titles: Titles, today: date) -> int:
    """How many lines above its dates the first job's title stands: 1, or more with the employer between them."""
    for height in range(1, HIGHEST + 1):
        line = line_above(said, first, height, -1)
        title = title_of(line, titles, today) if line is not None else None
        if title is not None and title[0].score >= SURE:
            return height
    return 1


def line_above(said: Sequence[Sentence], index: int, height: int, before: int) -> Sentence | None:
    """The line that stands so high above another, below `before`; what was done, bulleted, may not stand between."""
    if index - height <= before or any(sentence.bulleted for sentence in said[index - height + 1 : index]):
        return None
    return said[index - height]
