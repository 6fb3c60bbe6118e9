"""Look-up as one types, over occupations, skills and communes.

Guarantees: accents, case, hyphens and apostrophes do not count; the beginning of any word is enough; a word of four
letters may be wrong by one edit, of eight by two (a transposition is one); answers come in a total order (see
``word_index.py``), so that equal tables answer alike; any text is answered, an empty one by nothing. Safe to share
between threads. What a search needs is made ready at the first one; ``warm`` does so beforehand.

For an endpoint: ``GET .../occupations?q=macon&limit=10`` answers ``{"hits": [{"code", "label", "detail"}, ...]}`` from
``Lookup.occupations(q, limit)``, likewise ``skills`` and ``communes``. A hit's ``code`` is what is kept; ``label`` is
what is shown and put into the field; ``detail`` tells equal labels apart and is shown small. ``limit`` is held between
0 and ``MAX_HITS`` here, the text's length too; nothing raises. The text may hold a person's words: do not log it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from itertools import chain, combinations, islice

from node.referential.communes import Communes
from node.referential.occupations import Occupations
from node.referential.skills import Skills
from node.referential.text import fold
from node.referential.word_index import FoundWord, WordForm, WordIndex, words_of

MAX_HITS = 50

_PLACE_SPELLINGS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "s": "sur"}
_CEDEX = re.compile(r"\bcedex\b.*", re.IGNORECASE | re.DOTALL)
_POSTAL_CODE = re.compile(r"\s*([0-9]{5})\s*")


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer: the code to keep, the label to show, and a detail that tells it from its homonyms."""

    code: str
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some entries that are searched together, and how an entry's number becomes answers. ``read`` makes of the words
    typed what the index holds. ``of_nicknames``: its words are no names of what they find."""

    index: WordIndex
    hits: Callable[[int], Sequence[Hit]]
    read: Callable[[Sequence[Sequence[str]]], Sequence[Sequence[str]]] = lambda typed: typed
    of_nicknames: bool = False

    def find(self, typed: Sequence[Sequence[str]], limit: int) -> Iterator[tuple[FoundWord, Hit]]:
        """Best first, each with what was found, by whose key it stands among the hits of other shelves."""
        for found in self.index.search(self.read(typed), limit):
            for hit in self.hits(found.entry):
                yield found, hit


_Found = tuple[FoundWord, Hit]


class Lookup:
    """Searches over the tables of one edition."""

    def __init__(
        self,
        occupations: Callable[[], Sequence[Shelf]],
        skills: Callable[[], Sequence[Shelf]],
        communes: Callable[[], Shelf],
        table: Communes,
    ) -> None:
        """Each is called once, at the first search that needs it."""
        self._make_occupations = occupations
        self._make_skills = skills
        self._make_communes = communes
        self._table = table

    def occupations(self, text: str, limit: int = 10) -> list[Hit]:
        """Appellations: ``code`` is the ROME code, ``label`` the appellation, ``detail`` its occupation's label, or
        the domain's where both are the same; or the occupation's label with the everyday words that mean it. A ROME
        code or its beginning finds its appellations. Where all the words lead nowhere, the longest part of them that
        is a name in full is answered: "serveuse chez Paul" is a "serveuse"."""
        typed, limit = words_of(text, {}), _bounded(limit)
        found = _found(self._occupations, typed, limit)
        if found and not found[0][0].salvaged:
            return [hit for _, hit in found]
        mended = [hit for _, hit in found]
        for part in _parts(typed):
            if whole := [hit for one, hit in _found(self._occupations, part, limit) if one.whole]:
                return [*whole, *(hit for hit in mended if hit not in whole)][:limit]
        return mended

    def skills(self, text: str, limit: int = 10) -> list[Hit]:
        """Skills and knowledge: ``code`` is the skill's code, ``detail`` its kind. Common ones come first."""
        return _search(self._skills, words_of(text, {}), _bounded(limit))

    def communes(self, text: str, limit: int = 10) -> list[Hit]:
        """Communes: ``code`` is the INSEE code, ``detail`` the postal code and the département. Large ones come first.

        An INSEE code, a postal code or its beginning are read as well, and a name with its postal code.
        """
        limit = _bounded(limit)
        coded = _POSTAL_CODE.fullmatch(text)
        if coded:
            places = [self._table.get(coded[1]), *self._table.by_postal_code(coded[1])]
            kept = {place.insee: place for place in places if place is not None}
            return [commune_hit(self._table, insee, coded[1]) for insee in islice(kept, limit)]
        return _search([self._communes], words_of(_CEDEX.sub("", text), _PLACE_SPELLINGS), limit)

    def warm(self) -> None:
        """Make everything ready, a second's work for the embedded tables, so that the first person does not wait."""
        for search in (self.occupations, self.skills, self.communes):
            search("warm", 1)

    @cached_property
    def _occupations(self) -> Sequence[Shelf]:
        return self._make_occupations()

    @cached_property
    def _skills(self) -> Sequence[Shelf]:
        return self._make_skills()

    @cached_property
    def _communes(self) -> Shelf:
        return self._make_communes()


def occupation_shelf(occupations: Occupations) -> Shelf:
    """The occupations under their ROME labels alone."""
    codes = occupations.codes()
    entries = (([*label_forms(occupations.label(code) or "", code)], 0) for code in codes)
    return Shelf(
        WordIndex(WordIndex.build(entries)),
        lambda entry: (occupation_hit(occupations, codes[entry], occupations.label(codes[entry]) or ""),),
    )


def skill_shelf(skills: Skills, codes: Sequence[str]) -> Shelf:
    """Some skills, the more common the earlier."""
    entries = (([WordForm(fold(skills.label(code) or "").split())], len(skills.footprint(code))) for code in codes)
    return Shelf(WordIndex(WordIndex.build(entries)), lambda entry: (skill_hit(skills, codes[entry]),))


def commune_shelf(communes: Communes) -> Shelf:
    """All communes, the more populated the earlier; entries are ranks in the table."""
    return Shelf(
        WordIndex(WordIndex.build(commune_entries(communes))),
        lambda rank: (commune_hit(communes, communes.code_at(rank)),),
    )


def commune_entries(communes: Communes) -> Iterator[tuple[Sequence[WordForm], int]]:
    """What ``WordIndex.build`` needs of the communes, in the table's order."""
    for name, postal_codes, other_names, population in communes.names():
        others = (*postal_codes, *fold(other_names).split())
        yield [WordForm(fold(name).split(), others)], population


def label_forms(label: str, code: str) -> Iterator[WordForm]:
    """How a label of ROME is written and typed: "Agent / Agente d'entretien" is also "Agent d'entretien" and "Agente
    d'entretien". The code finds each."""
    others = (code.lower(),)
    masculine, slash, feminine = label.partition(" / ")
    his, hers = fold(masculine).split(), fold(feminine).split()
    if slash and hers:
        yield WordForm((*his, *hers[len(his) :]), others)
        yield WordForm(tuple(hers), others)
    yield WordForm((*his, *hers), others)


def occupation_hit(occupations: Occupations, code: str, label: str) -> Hit:
    """An appellation of the ROME code."""
    name = occupations.label(code) or ""
    return Hit(code, label, name if name != label else occupations.domain_label(occupations.domain(code)) or "")


def skill_hit(skills: Skills, code: str) -> Hit:
    """A skill."""
    return Hit(code, skills.label(code) or code, skills.kind(code))


def commune_hit(communes: Communes, insee: str, postal_code: str = "") -> Hit:
    """A commune of the table, under one of its postal codes: the given one if it is one of them, else the first."""
    commune = communes.get(insee)
    assert commune is not None
    place = communes.department_name(commune.department) or commune.department
    codes = [postal_code] if postal_code in commune.postal_codes else commune.postal_codes[:1]
    return Hit(insee, commune.name, ", ".join((*codes, place)))


def _search(shelves: Iterable[Shelf], typed: Sequence[Sequence[str]], limit: int) -> list[Hit]:
    return [hit for _, hit in _found(shelves, typed, limit)]


def _found(shelves: Iterable[Shelf], typed: Sequence[Sequence[str]], limit: int) -> list[_Found]:
    """The best of all shelves, each code with its label once."""
    finds: list[Iterable[_Found]] = []
    for shelf in shelves:
        found = list(shelf.find(typed, limit))
        finds.append(_under_their_names(found, chain(*finds)) if shelf.of_nicknames else found)
    once: dict[tuple[str, str], _Found] = {}
    for one in merge(*finds, key=lambda item: item[0].key):
        once.setdefault((one[1].code, one[1].label), one)
        if len(once) == limit:
            break
    return list(once.values())


def _under_their_names(nicknamed: Iterable[_Found], named: Iterable[_Found]) -> list[_Found]:
    """Occupations found by other words, each under the appellation that the same text found with no more errors, if
    any: "chauffeur poids lourd" is a "Chauffeur / Chauffeuse de poids lourd"."""
    names: dict[tuple[str, str], _Found] = {}
    for found, hit in named:
        names.setdefault((hit.code, hit.detail), (found, hit))
    shown = []
    for found, hit in nicknamed:
        named_so, appellation = names.get((hit.code, hit.label), (found, hit))
        shown.append((found, appellation if named_so.edits <= found.edits else hit))
    return shown


def _parts(typed: Sequence[Sequence[str]]) -> Iterator[Sequence[Sequence[str]]]:
    """What was typed without one of its words, then its beginnings and ends, the longest first."""
    if len(typed) > 1:
        yield from combinations(typed, len(typed) - 1)
    for size in range(len(typed) - 2, 0, -1):
        yield typed[:size]
        yield typed[-size:]


def _bounded(limit: int) -> int:
    return max(0, min(limit, MAX_HITS))
