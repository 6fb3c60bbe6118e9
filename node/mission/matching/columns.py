"""Ragged lists as flat NumPy columns: the skills of each offer, the sites of each offer.

Guarantees: row order and the order inside each row are kept; words are numbered in order of first sight; an empty row
sums to 0. Read next: `index.py`, its one user.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]


def ints(values: Iterable[int]) -> Ints:
    """A column of 64-bit integers."""
    return np.fromiter(values, dtype=np.int64)


def ranges(starts: Ints, lengths: Ints) -> Ints:
    """The integers start, start + 1, ... of each range, one range after the other.

    >>> ranges(ints([10, 3]), ints([2, 3])).tolist()
    [10, 11, 3, 4, 5]
    """
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(total, dtype=np.int64)


class Lists:
    """One list of words a row. `numbers` gives each word's number, `words` the flat column of numbers."""

    __slots__ = ("lengths", "numbers", "starts", "words")

    def __init__(self, rows: Iterable[Sequence[str]]) -> None:
        numbers: dict[str, int] = {}
        flat: list[int] = []
        lengths: list[int] = []
        for row in rows:
            lengths.append(len(row))
            flat.extend([numbers.setdefault(word, len(numbers)) for word in row])
        self.numbers: Mapping[str, int] = numbers
        self.words = np.array(flat, dtype=np.int64)
        self.lengths = np.array(lengths, dtype=np.int64)
        self.starts = np.cumsum(self.lengths) - self.lengths

    def of(self, row: int) -> Ints:
        """The numbers of one row."""
        start = int(self.starts[row])
        return self.words[start : start + int(self.lengths[row])]

    def positions(self, rows: Ints) -> Ints:
        """Where the words of these rows stand in `words`, row after row."""
        return ranges(self.starts[rows], self.lengths[rows])

    def flags(self, words: Iterable[str]) -> NDArray[np.bool_]:
        """For each word number, whether the word is among these."""
        flags = np.zeros(len(self.numbers), dtype=np.bool_)
        flags[[self.numbers[word] for word in words if word in self.numbers]] = True
        return flags

    def sum_by_row(self, rows: Ints, values: NDArray[np.bool_]) -> Ints:
        """How many of `values`, one for each of `positions(rows)`, are true in each row."""
        ends = np.cumsum(self.lengths[rows])
        running = np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
        counted: Ints = running[ends] - running[ends - self.lengths[rows]]
        return counted
