"""What someone is typing, found among tens of thousands of names: by the beginning of any word, typing errors included.

Guarantees: a name is found when each word typed begins one of its words, or nearly does (``edits.tolerance``); little
words (de, la, ...) need not be there when others are; where nothing is found so, a missing space is mended and short
words are dropped. Names that need no mending come first, then: the name typed in
full; names that begin as typed; the weight that the table gives; whole words; fewer words; the table's own order. The
order is total, so that equal tables answer alike. Nothing raises, whatever is typed.

How: each name is a row of word numbers, and each word typed costs one pass over the vocabulary and one gather over all
rows, a millisecond for the whole of ROME. See docs/decisions/lookup-index.md for what else was measured. An index is a
few NumPy arrays that can be kept in a file. Read next: ``edits.py``, ``lookup.py``.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from node.referential.arrays import np
from node.referential.edits import distances, tolerance
from node.referential.text import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

Key = tuple[int, ...]

WIDTH = 24
"""Letters of a word that count; no French word of these tables needs more to be told from its neighbours."""

MAX_WORDS = 8
MAX_TYPED = 120

LITTLE = frozenset("a au aux d de des du en et l la le les ou par pour sur un une".split())
"""Words that a search drops when others are there."""

# What a word costs that is not what was typed; and a total that no name reaches whose words are all there.
_NONE = 100
_FAR = 1000

_SALVAGED = 50


@dataclass(frozen=True, slots=True)
class WordForm:
    """One way of writing an entry: its ``words`` in order, and ``others`` that also find it. All are folded."""

    words: Sequence[str]
    others: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class FoundWord:
    """An entry's number, and the key by which it stands among those found, least first."""

    key: Key
    entry: int

    @property
    def edits(self) -> int:
        """How many typing errors it takes."""
        return self.key[0]

    @property
    def salvaged(self) -> bool:
        """Whether only mending more than typing errors found it."""
        return self.key[0] >= _SALVAGED

    @property
    def whole(self) -> bool:
        """Whether the words typed are one of its forms from the first word to the last."""
        return self.key[1] == 0


class WordIndex:
    """Names and the words that find them, read-only and shared between threads."""

    ARRAYS = ("vocabulary", "words", "starts", "sizes", "entries", "weights")

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """``arrays``: those of ``build``, by name."""
        self._vocabulary = arrays["vocabulary"]
        self._words = arrays["words"]
        self._starts = arrays["starts"]
        self._sizes = arrays["sizes"]
        self._entries = arrays["entries"]
        self._weights = arrays["weights"]

    @staticmethod
    def build(entries: Iterable[tuple[Sequence[WordForm], int]]) -> dict[str, NDArray[Any]]:
        """The index of entries, each with its forms and its weight (the heavier, the earlier).

        ``vocabulary``: every word, sorted; ``words``: word numbers, form after form; ``starts``: where each form
        begins in them; ``sizes``: how many of a form's words are its name, the others stand behind; ``entries``: the
        entry of each form; ``weights``: one number an entry.
        """
        starts, sizes, owners, weights = (array("i") for _ in range(4))

        def words() -> Iterator[str]:
            count = 0
            for number, (forms, weight) in enumerate(entries):
                weights.append(weight)
                for form in forms:
                    if form.words:
                        starts.append(count)
                        sizes.append(min(len(form.words), 255))
                        owners.append(number)
                        count += len(form.words) + len(form.others)
                        yield from form.words
                        yield from form.others

        # Large arrays, unlike many small words, give their memory back when they are done with.
        every = np.fromiter((word[:WIDTH] for word in words()), dtype=f"S{WIDTH}")
        vocabulary, numbers = np.unique(every, return_inverse=True)
        return {
            "vocabulary": vocabulary,
            "words": numbers.astype(np.int32),
            "starts": np.array(starts, dtype=np.int32),
            "sizes": np.array(sizes, dtype=np.uint8),
            "entries": np.array(owners, dtype=np.int32),
            "weights": np.array(weights, dtype=np.int32),
        }

    def search(self, typed: Sequence[Sequence[str]], limit: int) -> list[FoundWord]:
        """At most ``limit`` entries, best first, for what ``words_of`` made of a text.

        Near words are looked for only when too few names hold the very words.
        """
        if not typed or limit <= 0 or not len(self._starts):
            return []
        wanted = _wanted(typed)
        found = self._ranked([self._costs(each, tolerant=False) for each in typed], wanted, limit)
        if len(found) < limit and any(tolerance(word) for spellings in typed for word in spellings):
            costs = [self._costs(each, tolerant=True) for each in typed]
            found = self._ranked(costs, wanted, limit) or self._salvaged(typed, costs, wanted, limit)
        return found

    def _salvaged(
        self, typed: Sequence[Sequence[str]], costs: Sequence[NDArray[np.uint8]], wanted: Sequence[bool], limit: int
    ) -> list[FoundWord]:
        """Something rather than nothing: words typed without the space between them, else without the short words."""
        parted = [pair for each, cost in zip(typed, costs, strict=True) for pair in self._parted(each, cost)]
        found: list[FoundWord] = []
        if len(parted) > len(typed):
            found = self._ranked([self._costs(each, tolerant=True) for each in parted], _wanted(parted), limit)
        long = [needed and any(map(tolerance, each)) for needed, each in zip(wanted, typed, strict=True)]
        if not found and any(long):
            found = self._ranked(costs, long, limit)
        return [FoundWord((one.key[0] + _SALVAGED, *one.key[1:]), one.entry) for one in found]

    def _parted(self, spellings: Sequence[str], cost: NDArray[np.uint8]) -> list[Sequence[str]]:
        """The word as it is; or, when it is like no word of the vocabulary, as one of its words and the beginning of
        another, the first as long as can be."""
        word = spellings[0]
        if cost.min(initial=_NONE) == _NONE:
            for end in range(len(word) - 1, 1, -1):
                pair = ((word[:end],), (word[end:],))
                first, second = (self._costs(each, tolerant=False) for each in pair)
                if first.min() == 0 and second.min() < _NONE:
                    return list(pair)
        return [spellings]

    def _ranked(self, costs: Sequence[NDArray[np.uint8]], wanted: Sequence[bool], limit: int) -> list[FoundWord]:
        """The entries whose forms hold every wanted word; ``costs`` are those of each word typed."""
        total = np.zeros(len(self._starts), dtype=np.int16)
        for cost, needed in zip(costs, wanted, strict=True):
            if needed:
                best = np.minimum.reduceat(cost[self._words], self._starts)
                total += np.where(best == _NONE, np.int16(_FAR), best)
        forms = np.flatnonzero(total < _FAR)
        if not len(forms):
            return []
        total = total[forms]
        edits, unfinished = total >> 4, total & 15
        begins = self._sizes[forms] >= len(costs)
        for position, cost in enumerate(costs):
            beginning = forms[begins]
            begins[begins] = cost[self._words[self._starts[beginning] + position]] < _NONE
        whole = begins & (self._sizes[forms] == len(costs)) & (unfinished == 0)
        entries = self._entries[forms]
        keys = (edits, 2 - begins.astype(np.int8) - whole, -self._weights[entries], unfinished, self._sizes[forms])
        order = np.lexsort((forms, *reversed(keys)))
        found: dict[int, FoundWord] = {}
        for at in order:
            entry = int(entries[at])
            if entry not in found:
                found[entry] = FoundWord((*(int(key[at]) for key in keys), entry), entry)
                if len(found) == limit:
                    break
        return list(found.values())

    def _costs(self, spellings: Sequence[str], *, tolerant: bool) -> NDArray[np.uint8]:
        """What each word of the vocabulary costs as what was meant: 16 an edit, 1 when it goes on beyond what was
        typed, ``_NONE`` when it is something else."""
        costs = np.full(len(self._vocabulary), _NONE, dtype=np.uint8)
        for word in spellings:
            if most := tolerance(word) if tolerant else 0:
                beginning, whole = distances(word, self._letters, self._lengths, most)
                cost = np.where(beginning > most, _NONE, 16 * beginning + (whole > beginning)).astype(np.uint8)
                np.minimum(costs, cost, out=costs)
            else:
                first, last = np.searchsorted(self._vocabulary, [word.encode(), word.encode() + b"~"])
                np.minimum(costs[first:last], 1, out=costs[first:last])
                if first < last and self._vocabulary[first] == word.encode():
                    costs[first] = 0
        return costs

    @cached_property
    def _letters(self) -> NDArray[np.uint8]:
        """The vocabulary's letters, one row a position."""
        cells = self._vocabulary.view(np.uint8).reshape(len(self._vocabulary), WIDTH)
        return np.ascontiguousarray(cells.T)

    @cached_property
    def _lengths(self) -> NDArray[np.uint8]:
        return np.char.str_len(self._vocabulary).astype(np.uint8)


def words_of(text: str, spellings: Mapping[str, str]) -> list[tuple[str, ...]]:
    """The words typed, folded, each with its other spelling where ``spellings`` has one; at most ``MAX_WORDS``."""
    words = fold(text[:MAX_TYPED]).split()[:MAX_WORDS]
    return [(word[:WIDTH], spellings[word][:WIDTH]) if word in spellings else (word[:WIDTH],) for word in words]


def _wanted(typed: Sequence[Sequence[str]]) -> list[bool]:
    """Which words must be there: all but the little ones, or all when there are no others."""
    wanted = [spellings[0] not in LITTLE for spellings in typed]
    return wanted if any(wanted) else [True] * len(typed)
