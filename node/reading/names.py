"""The person's name, first name and family name apart.

Guarantees: pure; works on any script; apostrophes, hyphens, particles and combining letters stay as they were typed.
The order is told by capitals, by the e-mail address, by a list of first names, else taken as first name first, and the
confidence says how sure that is. Read next: `proposing.py`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from node.reading.proposals import Proposed, Spot
from node.reading.sections import heading
from node.reading.shapes import Line
from node.reading.words import flat

_PARTICLES: Final = frozenset(
    "de du des d la le les l el al ben ibn bin bint abou abu da do dos das di del della van von der den ter ait ould "
    "st saint mac mc o n m y".split()
)
_PREFIX: Final = re.compile(r"^(?:curriculum vitae|cv)\s*(?:de|:|-)?\s+")
_STYLES: Final = frozenset(
    "m mr mme mlle mrs ms miss mister monsieur madame mademoiselle dr docteur docteure pr prof professeur professeure "
    "me maitre ing veuve vve".split()
)
_DEGREES: Final = frozenset("phd mba msc bsc md dr ing esq".split())
"""How one is addressed, before a name; degrees, behind it. Neither is a part of it."""
_ELIDED: Final = re.compile(r"^(?:d|l|dell|dall|degl|o|m|n|t)'(?=\w)")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.?-?){1,3}")
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("’‘ʼ´`′", "'"))
_LABELLED: Final = re.compile(
    r"^(?P<label>nom et prenoms?|noms?, prenoms?|prenoms? et noms?|prenoms?|noms?(?: de famille| d'usage)?)"
    r"\s*:\s*(?P<rest>.+)$"
)
_NO_NAME: Final = re.compile(
    r"\d|@|\b(?:rue|avenue|boulevard|allee|place|impasse|curriculum|vitae|cv|permis|tel|telephone|email|mail|adresse|ans|"
    r"recherche|poste|disponible|objectif|celibataire|nationalite|francaise?|residence|batiment|quartier|"
    r"cedex|vehicule|profil|candidature|emploi|linkedin|www)\b|[:;!?=%/\\_<>\[\]{}]"
)
_SPLIT: Final = re.compile(r"\t| \| | – | - |,")
_LOOKED_AT: Final = 14
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class NameFound:
    """First and family name, in whichever order they stood."""

    first: Proposed[str]
    last: Proposed[str]


def name(lines: Sequence[Line], tops: Iterable[int], email: str, is_title: Callable[[str], bool]) -> NameFound | None:
    """The name among the lines `tops` (before the first heading, or about contacts). `is_title` knows job titles."""
    labelled = _labelled(lines, tops)
    if labelled is not None:
        return labelled
    local = flat(email.partition("@")[0])
    best: tuple[float, NameFound] | None = None
    indexes = list(dict.fromkeys(tops))
    for rank, index in enumerate(indexes[:_LOOKED_AT]):
        for part, start in _candidates(lines[index].text):
            words = _words(part)
            if words is None or heading(part) is not None:
                continue
            known = sum(_fold(word) in first_names() for word in words)
            inside = sum(len(key) > 2 and key in re.sub(r"[^a-z]", "", local) for key in map(_fold, words))
            capitals = any(word.isupper() and len(word) > 1 for word in words)
            score = 0.35 + 0.25 * min(known, 1) + 0.3 * min(inside, 1) + 0.1 * capitals - 0.02 * rank
            score += 0.25 if lines[index].size > 1.35 else 0.0
            score += 0.1 if index == 0 else 0.0
            if not known and not inside and is_title(part):
                score -= 0.5
            if score > 0.4 and (best is None or score > best[0]):
                at = Spot(index, start, start + len(part))
                best = score, _apart(words, local, min(score, 0.97), at)
    return best[1] if best else None


@cache
def first_names() -> frozenset[str]:
    """Common first names, folded, to tell them from family names; many are missing, and that is no fault."""
    _, *listed = files(__package__).joinpath("data", "first_names.csv").read_text("utf-8").split()
    return frozenset(map(_fold, listed))


def apart(text: str, email: str = "") -> tuple[str, str]:
    """First and family name of a text that is known to be a name, whatever else it looks like. One word is taken as
    the family name; without capitals, the first word as the first name."""
    words = _bare(text.translate(_APOSTROPHES).replace(",", " ").split())
    if len(words) < 2:
        return "", " ".join(words)
    cut, is_reversed, _ = _cut(words, flat(email.partition("@")[0]))
    first, last = (words[cut:], words[:cut]) if is_reversed else (words[:cut], words[cut:])
    return " ".join(first), " ".join(last)


def _candidates(text: str) -> Iterable[tuple[str, int]]:
    """The parts of a line that may be a name, each with its offset, the whole first."""
    prefix = _PREFIX.match(flat(text))
    shift = prefix.end() if prefix else 0
    if "\t" not in text:
        yield text[shift:].strip(), shift
    parts = _SPLIT.split(text)
    if len(parts) > 1:
        offset = 0
        for part in parts:
            offset = text.index(part, offset)
            yield part.strip(), offset


def _words(text: str) -> list[str] | None:
    """The words of a name of two to six, or None."""
    if not 4 <= len(text) <= _LONGEST or _NO_NAME.search(flat(text)):
        return None
    words = _bare(text.translate(_APOSTROPHES).split())
    if not 2 <= len(words) <= 6 or not all(_is_word(word) for word in words):
        return None
    solid = [word for word in words if flat(word).rstrip("'") not in _PARTICLES]
    # Scripts without capitals pass: a name there has no upper case to show.
    if not solid or any(_unelided(word)[0].islower() for word in solid):
        return None
    return words


def _bare(words: list[str]) -> list[str]:
    """The words of a name without titles and degrees. « M » alone may be an initial, unless it stands first."""
    first, last = 0, len(words)
    while first < last - 1 and _fold(words[first]) in _STYLES and "'" not in words[first]:
        first += 1
    while last > first + 1 and _fold(words[last - 1]) in _DEGREES:
        last -= 1
    return words[first:last]


def _unelided(word: str) -> str:
    """Without an article that an apostrophe shortened: « d'Almeida » begins with a capital."""
    return _ELIDED.sub("", word) or word


def _are_initials(word: str) -> bool:
    """« JP », « J.-P. », « J. »; a short family name has a vowel, but for Ng, and none of these signs."""
    letters = _fold(word)
    if not word.isupper() or _INITIALS.fullmatch(word) is None or letters == "ng":
        return False
    return len(letters) == 1 or "." in word or "-" in word or not set(letters) & set("aeiouy")


def _is_word(word: str) -> bool:
    kinds = {unicodedata.category(character)[0] for character in word if character not in "'-.\u200c\u200d"}
    return bool(kinds) and kinds <= {"L", "M"}


def _apart(words: list[str], local: str, score: float, at: Spot) -> NameFound:
    """Which words are the first name. Capitals say it best; then the list of first names; then the address."""
    cut, reversed_, sure = _cut(words, local)
    first, last = (words[cut:], words[:cut]) if reversed_ else (words[:cut], words[cut:])
    confidence = round(score * sure, 2)
    return NameFound(Proposed(" ".join(first), confidence, at), Proposed(" ".join(last), confidence, at))


def _cut(words: list[str], local: str) -> tuple[int, bool, float]:
    """Where to cut, whether the family name stands first, and how sure that is."""
    known = [_fold(word) in first_names() for word in words]
    initials = [_are_initials(word) for word in words]
    if initials[0] and not initials[-1]:
        return 1, False, 0.9
    if initials[-1] and not initials[0] and not (known[0] and len(_fold(words[-1])) == 1):
        return len(words) - 1, True, 0.9
    upper = [
        _unelided(word).isupper() and len(re.sub(r"\W", "", word)) > 1 and not short
        for word, short in zip(words, initials, strict=True)
    ]
    solid = [flag or flat(word).rstrip("'") in _PARTICLES for flag, word in zip(upper, words, strict=True)]
    if any(upper) and not all(upper):
        if solid[0] and not solid[-1]:
            return max(1, next(index for index, flag in enumerate(solid) if not flag)), True, 1.0
        first = next((index for index in range(1, len(words)) if all(solid[index:])), None)
        if first is not None:
            return first, False, 1.0
    particle = next((index for index in range(1, len(words)) if flat(words[index]).rstrip("'") in _PARTICLES), None)
    if known[-1] and not known[0] and (particle is None or particle < len(words) - 1):
        return next(index for index in range(1, len(words)) if all(known[index:])), True, 0.9
    if flat(words[0]).rstrip("'") in _PARTICLES:
        return len(words) - 1, True, 0.9
    leading = next((index for index, flag in enumerate(known) if not flag), len(words) - 1)
    if known[0]:
        return max(1, min(leading, particle or len(words) - 1, len(words) - 1)), False, 0.95
    order = local.find(_fold(words[0])), local.find(_fold(words[-1]))
    if min(order) >= 0 and order[0] > order[1]:
        return len(words) - 1, True, 0.7
    return particle or 1, False, 0.8


def _labelled(lines: Sequence[Line], tops: Iterable[int]) -> NameFound | None:
    """ "Nom : Dupont", "Prénom : Jean", on lines of their own."""
    first: Proposed[str] | None = None
    last: Proposed[str] | None = None
    for index in tops:
        match = _LABELLED.match(flat(lines[index].text))
        if match is None:
            continue
        rest = lines[index].text[match.start("rest") :].strip()
        at = Spot(index, match.start("rest"), len(lines[index].text))
        label = match["label"]
        if "prenom" in label and "nom" in label.replace("prenom", ""):
            if words := _words(rest):
                return _apart(words, "", 0.95, at)
        elif label.startswith("prenom"):
            first = first or Proposed(" ".join(_bare(rest.split()))[:_LONGEST], 0.95, at)
        else:
            last = last or Proposed(" ".join(_bare(rest.split()))[:_LONGEST], 0.95, at)
    return NameFound(first, last) if first and last else None


def _fold(word: str) -> str:
    return re.sub(r"[^a-z]", "", flat(word))
