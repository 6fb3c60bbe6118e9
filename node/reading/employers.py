"""Who employed the person, and in which town, from the lines that stand about a job's title and dates.

Guarantees: pure; what comes out stands in those lines, fits a job's fields, and holds no way to reach a person; a town
is one that the table of communes knows. "chez" and "au sein de" tell an employer best, then what names of organisations
begin with; else it is what remains beside title, dates and town. A second title or a kind of contract is no employer.

Read next: `organisations.py`; `blocks.py`, which tells one job's lines from another's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from node.kit.clean_text import is_line
from node.mission.people.rules import MAX_LINE
from node.reading.contacts import tells_contact, tells_street
from node.reading.dates import blanked, periods
from node.reading.lookups import Titles
from node.reading.organisations import (
    NameLikeness,
    is_chain,
    is_label,
    judge_name,
    names_organisation,
    takes_bare_town,
    written_as_name,
)
from node.reading.phrases import Sentence, segments
from node.reading.proposals import Proposed, Spot
from node.reading.words import flat
from node.referential import Commune, Communes

CUT: Final = re.compile(
    r"\t|\s*[,;|:•·()]\s*(?:[-–—/]+\s+)?|\s+[-–—/]+\s+|(?<=\w\w\w)\.\s|"
    r"\s+(?:chez|au sein d(?:es?|u)|pour le compte d(?:es?|u))\s+|\s+(?:au sein|pour le compte) d['’]|"
    r"\s+pour\s+(?=(?:des |un |une |la |le )?(?:particuliers?|familles?|soci[ée]t[ée]s?|entreprises?)\b)|"
    r"\s+(?:à la|à l['’]|au|à|aux)\s*(?=(?:mairie|h[ôo]pital|clinique|ehpad|lyc[ée]e|coll[èe]ge|[ée]cole|cr[èe]che|"
    r"restaurant|supermarch[ée]|hypermarch[ée]|Mairie|H[ôo]pital|Clinique|EHPAD|CHU|Lyc[ée]e|Coll[èe]ge|[ÉE]cole|"
    r"Cr[èe]che|Restaurant|Carrefour|Leclerc|Auchan|Lidl|Intermarch[ée]|Super U)\b)"
)
"""What parts a title, an employer and a town that share a line."""
_CUED: Final = re.compile(
    r"(?:\bchez|\bau sein (?:des?|du|d')|\bpour(?: le compte (?:des?|du|d'))?|\s(?:a la|a l'|au|a|aux)|"
    r"\b(?:employeur|entreprise|societe|structure|etablissement|raison sociale)\s*:)\s*$"
)
_ARTICLE: Final = re.compile(r"^(?:(?:la|le|les|des|un|une)\s+|l['’])(?=\S)")
_CODE: Final = re.compile(
    r"^(?:F-)?\d{5}\s+|[\s-]+(?:\d{2,5}|\d{1,2}(?:er|e|[eè]me))$|\s+cedex(?:\s+\d+)?$", re.IGNORECASE
)
_TAIL: Final = re.compile(r"(?:\s(?P<to>à|a|au|aux|sur|de|du|des)\s+|\sd['’])(?=[A-ZÀ-Ý])")
_WITH_ARTICLE: Final = {"du": "Le ", "au": "Le ", "des": "Les ", "aux": "Les "}
_COMMON_NOUNS: Final = frozenset("le port|le val|le bourg|le lac|le parc|le moulin|le pin|le bois".split("|"))
_TOWN_ALONE = 5_000
_TOWN_IN_NAME = 2_000
_LONGEST_NAME: Final = 12
_OTHER_TITLE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Employment:
    """Who employed and where, as far as the lines say; `deeds` are parts of them that tell what was done."""

    employer: Proposed[str] | None = None
    place: Proposed[str] | None = None
    deeds: tuple[tuple[Sentence, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a line that may be an employer's name."""

    text: str
    at: Spot
    line: Sentence
    rank: int


class Employers:
    """Reads heads of one document's jobs. `titles` tell a second title from an employer, `communes` a town; `private`:
    where the person's own name and contacts stand."""

    def __init__(self, titles: Titles, communes: Communes, today: date, private: Sequence[Spot] = ()) -> None:
        self._titles = titles
        self._communes = communes
        self._today = today
        self._private = private

    def read(self, lines: Sequence[Sentence], title: Spot | None, named: Sentence | None = None) -> Employment:
        """What the head of one job says beside its title. `named` is a line among them that the CV's habit makes the
        employer's."""
        found: list[_Part] = []
        place: Proposed[str] | None = None
        deeds: list[tuple[Sentence, int, int]] = []
        for line in lines:
            after_title = False
            for text, start, end, cued in self._parts(line):
                at = line.place(start, end)
                if _overlap(at, title):
                    after_title = True
                    continue
                like = judge_name(text)
                if like is NameLikeness.TERMS or is_label(text, line.text[end:]) or self._is_own(text, at):
                    continue
                town = None if cued or (not found and is_chain(flat(text))) else self.town(text)
                if town is not None and place is None and (found or town.population >= _TOWN_ALONE):
                    place = Proposed(town.name, 0.8, at)
                    continue
                expected = line is named and not any(part.line is line for part in found)
                mark = line.text[:start].rstrip()[-1:]
                told = like is NameLikeness.DEED or (found and like is not NameLikeness.ORGANISATION)
                if told and after_title and not (cued or expected) and mark and mark in (":" if found else ":\t"):
                    deeds.append((line, start, self._until_dates(line, start)))
                    break
                if like is NameLikeness.DEED and not (cued or expected):
                    continue
                if self._may_be_name(text, like, known=cued or expected):
                    found.append(_Part(text, at, line, 3 if cued else 2 if expected else int(like)))
        best = max(found, key=lambda part: part.rank, default=None)
        if best is None:
            return Employment(None, place, tuple(deeds))
        return self._employment(best, place, deeds)

    def town(self, text: str) -> Commune | None:
        """The commune that a whole phrase names, the largest of its name: "à Montluçon", "03100 Montluçon"."""
        name = _CODE.sub("", _CODE.sub("", re.sub(r"^(?:à|a|sur)\s+", "", text.strip(" ."))))
        if not 2 <= len(name) <= 45 or not name[0].isupper() or any(character.isdigit() for character in name):
            return None
        return max(self._communes.find(name), key=lambda one: one.population, default=None)

    def is_private(self, line: Sentence) -> bool:
        """Whether a line tells the person's name, or how to reach somebody."""
        own = {place.line for place in self._private}
        return any(piece[1] in own for piece in line.pieces) or tells_contact(line.text)

    def judge(self, line: Sentence) -> NameLikeness:
        """What the first part of a line is likely to be, towns and terms of contracts left aside."""
        kinds = (judge_name(text) for text, _, _, _ in self._parts(line) if not self._names_town(text))
        return next((kind for kind in kinds if kind is not NameLikeness.TERMS), NameLikeness.TERMS)

    def says_terms_only(self, line: Sentence) -> bool:
        """Whether a line holds nothing but a town, dates, a kind of contract or a length of time."""
        parts = list(self._parts(line))
        return all(judge_name(text) is NameLikeness.TERMS or self._names_town(text) for text, _, _, _ in parts)

    def _parts(self, line: Sentence) -> Iterator[tuple[str, int, int, bool]]:
        """The parts of a line beside its dates: text, start, end, whether "chez" or the like stands before."""
        bare = Sentence(blanked(line.text, self._today), line.pieces, line.bulleted, line.column, line.size)
        folded = flat(bare.text)
        for text, start, end in segments(bare, CUT):
            cued = _CUED.search(folded, 0, start) is not None
            article = _ARTICLE.match(text) if cued else None
            shift = article.end() if article else 0
            yield text[shift:].rstrip(" .-–—/"), start + shift, end, cued

    def _names_town(self, text: str) -> bool:
        town = self.town(text)
        return town is not None and town.population >= _TOWN_ALONE

    def _is_own(self, text: str, at: Spot) -> bool:
        own = any(place.line == at.line and at.start <= place.start < at.end for place in self._private)
        return own or tells_contact(text) or tells_street(text)

    def _until_dates(self, line: Sentence, start: int) -> int:
        """Where what stands from `start` on ends: at the next dates, or with the line."""
        return min((p.first for p in periods(line.text, self._today) if p.first > start), default=len(line.text))

    def _may_be_name(self, text: str, like: NameLikeness, *, known: bool) -> bool:
        if len(text) > MAX_LINE or not is_line(text) or len(text.split()) > _LONGEST_NAME:
            return False
        if sum(character.isalpha() for character in text) < 2:
            return False
        if known or like is NameLikeness.ORGANISATION:
            return True
        if not (text[0].isupper() or text[0].isdigit()):
            return False
        match = next(iter(self._titles.best(text, 1)), None)
        return match is None or match.score < (1.0 if written_as_name(text) else _OTHER_TITLE)

    def _employment(
        self, best: _Part, place: Proposed[str] | None, deeds: Sequence[tuple[Sentence, int, int]]
    ) -> Employment:
        name, town = best.text, None
        for match in _TAIL.finditer(best.text):
            word = match["to"] or ""
            found = self.town(_WITH_ARTICLE.get(word, "") + best.text[match.end() :])
            if found is None or found.population < _TOWN_IN_NAME or flat(found.name) in _COMMON_NOUNS:
                continue
            town = found
            # "Carrefour à Domérat" is Carrefour; "Mairie de Domérat" is the town hall's whole name.
            if word in ("à", "a", "sur"):
                name = best.text[: match.start()]
            break
        if town is None and takes_bare_town(best.text):
            words = best.text.split(" ")
            bare = (self.town(" ".join(words[index:])) for index in range(1, len(words)))
            town = next((one for one in bare if one is not None and one.population >= _TOWN_IN_NAME), None)
        if place is None and town is not None:
            place = Proposed(town.name, 0.7, best.at)
        sure = 0.9 if best.rank > 1 or names_organisation(name) else 0.7
        at = Spot(best.at.line, best.at.start, min(best.at.end, best.at.start + len(name)))
        return Employment(Proposed(name, sure, at), place, tuple(deeds))


def _overlap(one: Spot, other: Spot | None) -> bool:
    return other is not None and one.line == other.line and one.start < other.end and other.start < one.end
