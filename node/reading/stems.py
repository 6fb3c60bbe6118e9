"""Words reduced to what "nettoyer", "nettoyage" and "nettoyeuse" share, and an index that finds the nearest wording.

Guarantees: pure and bounded; a score lies between 0 and 1, 1 for the same words in any order, gender or number; one
letter may be wrong in words of six letters and more. This is a rough French stemmer, made for the names of trades and
skills: it is never shown to anybody. Read next: `lookups.py`.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from node.reading.words import flat

_WORD: Final = re.compile(r"[a-z0-9œ]+")
_LONGEST: Final = 30
_STOP: Final = frozenset(
    "a ai au aux avec ce ces cette chez comme d dans de des du elle en entre est et il ils j je l la le les leur ma "
    "mes mon n ne nos notre nous on ou par pas plus pour qu que qui s sa se ses si son sous sur un une vers y etc h f "
    "hf x hommes".split()
)
_FAMILIES: Final = {
    root: words.split()
    for root, words in {
        "vend": "vente ventes vendre vendu",
        "conduc": "conduire conduite conduites conduis chauffeur chauffeuse chauffeurs",
        "peint": "peintre peintres peindre peinture peintures",
        "redig": "redaction redactions redigee",
        "lir": "lecture lectures lire",
        "tond": "tonte tontes tondre",
        "receptio": "reception receptionner receptionniste receptions receptionnaire",
        "produc": "production productions produire",
        "surveil": "surveillance surveiller surveillant surveillante surveillants",
        "telephon": "telephone telephonique telephoniques tel",
        "verif": "verification verifier verifications",
        "plac": "place places placer",
        "hygien": "hygiene hygienes hygienique",
        "ouvri": "ouvrier ouvriere ouvriers ouvrieres",
        "ecrir": "ecrire ecrit ecrits ecriture",
        "nettoi": "nettoiement nettoie",
        "vitr": "vitre vitres vitrerie vitrage vitrages",
        "cais": "caisse caisses caissier caissiere caissiers",
        "menag": "menage menages menager menagere menageres",
        "employ": "employe employee employes employees",
    }.items()
}
_IRREGULAR: Final = {word: root for root, words in _FAMILIES.items() for word in words}
# Longest first; each with the least that must be left of the word.
_ENDINGS: Final = tuple(
    sorted(
        [
            *(
                (ending, 4)
                for ending in "aisons aison ices ice ations ation ateurs ateur atrices atrice itions ition".split()
            ),
            *((ending, 4) for ending in "ements ement eries erie euses euse trices trice teurs teur".split()),
            *((ending, 4) for ending in "iennes ienne iens ien ieres iere iers ier antes ante ants ant".split()),
            *((ending, 4) for ending in "eurs eur eres ere ives ive ifs if ures ure ites ite aux ales ale al".split()),
            *((ending, 3) for ending in "ages age ees ee es er ir re s e x".split()),
        ],
        key=lambda pair: -len(pair[0]),
    )
)
_WEAK: Final = 0.35
_UNKNOWN: Final = 3.0
_MENDED: Final = 6


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of one folded word."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 3 and not word.isdigit():
        for ending, left in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= left:
                word = word[: -len(ending)]
                break
    while len(word) > 3 and (word[-1] == word[-2] or word[-1] == "i"):
        word = word[:-1]
    return word


def stems(text: str) -> tuple[str, ...]:
    """The stems of a text's words, in order, each once, words that carry no meaning left out."""
    found = (word[:_LONGEST] for word in _WORD.findall(flat(text)))
    return tuple(dict.fromkeys(stem(word) for word in found if word not in _STOP))


@dataclass(frozen=True, slots=True)
class StemMatch:
    """An entry that a text comes near to. `coverage` is the share of the wording's meaning that the text holds."""

    code: str
    label: str
    score: float
    coverage: float


class Wordings:
    """Wordings with their codes, found by the stems that they share with a text. Safe to share between threads."""

    def __init__(
        self, entries: Iterable[tuple[str, str, str]], weak: Iterable[str] = (), *, headless: float = 1.0
    ) -> None:
        """`entries`: (code, wording, label to show). `weak`: words that say little here ("agent", "utiliser").

        `headless` lowers the score of a wording whose first word, unless weak, the text lacks: "mairie" is no
        "secrétaire de mairie".
        """
        self._headless = headless
        self._entries: list[tuple[str, str, tuple[str, ...]]] = []
        self._postings: dict[str, list[int]] = defaultdict(list)
        for code, wording, label in entries:
            if bag := stems(wording):
                for word in bag:
                    self._postings[word].append(len(self._entries))
                self._entries.append((code, label, bag))
        counts = Counter({word: len(rows) for word, rows in self._postings.items()})
        total = len(self._entries) + 1
        self._weak = frozenset(stem(flat(word)) for word in weak)
        self._weights = {word: self._strength(word) * math.log(1 + total / count) for word, count in counts.items()}
        self._near: dict[str, list[str]] = defaultdict(list)
        for word in self._weights:
            if len(word) >= _MENDED:
                for shorter in _shortened(word):
                    self._near[shorter].append(word)

    def search(self, text: str, limit: int = 5, least: float = 0.3) -> list[StemMatch]:
        """The nearest wordings, best first, one a code, of at least this score."""
        query = self._known(stems(text)[:_LONGEST])
        if not query:
            return []
        known = {word for word, _ in query}
        asked = sum(weight for _, weight in query)
        best: dict[str, StemMatch] = {}
        for row in {row for word in known for row in self._postings.get(word, ())}:
            code, label, bag = self._entries[row]
            shared = sum(self._weights[word] for word in bag if word in known)
            wanted = sum(self._weights[word] for word in bag)
            coverage = shared / wanted
            score = 2 * shared / (wanted + asked)
            if bag[0] not in known and bag[0] not in self._weak:
                score *= self._headless
            if score >= least and (code not in best or score > best[code].score):
                best[code] = StemMatch(code, label, score, coverage)
        return sorted(best.values(), key=lambda match: (-match.score, len(match.label), match.code))[:limit]

    def compare(self, text: str, wording: str) -> float:
        """How near a text comes to a wording from elsewhere, 0 to 1."""
        asked, said = (dict(self._known(stems(words)[:_LONGEST])) for words in (text, wording))
        total = sum(asked.values()) + sum(said.values())
        return 2 * sum(weight for word, weight in asked.items() if word in said) / total if total else 0.0

    def _known(self, words: Sequence[str]) -> list[tuple[str, float]]:
        """Each word as this index knows it, mended when one letter is wrong, with its weight."""
        found: dict[str, float] = {}
        for word in words:
            mended = word if word in self._weights else self._mended(word)
            found[mended] = self._weights.get(mended, self._strength(mended) * _UNKNOWN)
        return list(found.items())

    def _mended(self, word: str) -> str:
        if len(word) < _MENDED or word.isdigit():
            return word
        near = {known for shorter in (word, *_shortened(word)) for known in self._near.get(shorter, ())}
        near |= {shorter for shorter in _shortened(word) if shorter in self._weights}
        near = {known for known in near if abs(len(known) - len(word)) <= 1}
        return min(near, key=lambda known: (abs(len(known) - len(word)), known)) if near else word

    def _strength(self, word: str) -> float:
        return _WEAK if word in self._weak else 1.0


def _shortened(word: str) -> Iterator[str]:
    """The word without each of its letters but the first."""
    return (word[:index] + word[index + 1 :] for index in range(1, len(word)))
