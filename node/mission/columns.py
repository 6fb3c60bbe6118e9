"""Tables of columns that live: NumPy columns to which rows are added, and lists of words a row.

Guarantees: what is added stands behind what was there, and no row changes; a row that is replaced or gone is dead until
the table is packed, by itself, once a good part of it is dead. Words are numbered in order of first sight; an empty row
sums to 0. Not safe between threads: whoever shares a table holds a lock.

Read next: `matching/index.py`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

Ints: TypeAlias = NDArray[np.int64]

_DEAD_KEPT: Final = 4096
"""Dead rows for which no table is packed."""


def ints(values: Iterable[int]) -> Ints:
    """A column of 64-bit integers."""
    return np.fromiter(values, dtype=np.int64)


def ranges(starts: Ints, lengths: Ints) -> Ints:
    """The integers start, start + 1, ... of each range, one range after the other.

    >>> ranges(ints([10, 3]), ints([2, 3])).tolist()
    [10, 11, 3, 4, 5]
    """
    ends = np.cumsum(lengths, dtype=np.int64)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(total, dtype=np.int64)


class Column:
    """One number a row. Room for more is made by doubling, so that a row costs no copy of those before it."""

    __slots__ = ("_room", "_size")

    def __init__(self, dtype: DTypeLike = np.int64) -> None:
        self._room: NDArray[Any] = np.empty(0, dtype=dtype)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def values(self) -> NDArray[Any]:
        """All rows, dead ones too; the same memory, until the next `extend` or `pack`."""
        return self._room[: self._size]

    def extend(self, values: Sequence[float] | NDArray[Any]) -> None:
        """Add rows."""
        size = self._size + len(values)
        if size > len(self._room):
            room = np.empty(max(size, len(self._room) * 3 // 2), dtype=self._room.dtype)
            room[: self._size] = self.values
            self._room = room
        self._room[self._size : size] = values
        self._size = size

    def pack(self, rows: Ints) -> None:
        """Keep these rows alone, in this order."""
        self._room = self.values[rows]
        self._size = len(rows)


class Lists:
    """One list of words a row. `numbers` gives each word's number, `words` the flat column of numbers."""

    __slots__ = ("_lengths", "_numbers", "_starts", "_words")

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._words, self._starts, self._lengths = Column(np.int32), Column(), Column(np.int32)

    @property
    def numbers(self) -> Mapping[str, int]:
        return self._numbers

    @property
    def words(self) -> NDArray[Any]:
        return self._words.values

    @property
    def lengths(self) -> NDArray[Any]:
        return self._lengths.values

    def extend(self, rows: Iterable[Sequence[str]]) -> None:
        """Add rows."""
        numbers, flat, lengths = self._numbers, list[int](), list[int]()
        for row in rows:
            lengths.append(len(row))
            flat.extend([numbers.setdefault(word, len(numbers)) for word in row])
        before = len(self._words)
        self._words.extend(flat)
        self._starts.extend(before + np.cumsum(lengths, dtype=np.int64) - lengths)
        self._lengths.extend(lengths)

    def of(self, row: int) -> NDArray[Any]:
        """The numbers of one row."""
        start = int(self._starts.values[row])
        return self.words[start : start + int(self.lengths[row])]

    def positions(self, rows: Ints) -> Ints:
        """Where the words of these rows stand in `words`, row after row."""
        return ranges(self._starts.values[rows], self.lengths[rows])

    def flags(self, words: Iterable[str]) -> NDArray[np.bool_]:
        """For each word number, whether the word is among these."""
        flags = np.zeros(len(self._numbers), dtype=np.bool_)
        flags[[self._numbers[word] for word in words if word in self._numbers]] = True
        return flags

    def flags_if(self, wanted: Callable[[str], bool]) -> NDArray[np.bool_]:
        """For each word number, whether the word is wanted."""
        return np.fromiter(map(wanted, self._numbers), dtype=np.bool_, count=len(self._numbers))

    def count(self, rows: Ints, flags: NDArray[np.bool_]) -> Ints:
        """How many words of each of these rows are flagged."""
        return self.sum_by_row(rows, flags[self.words[self.positions(rows)]])

    def having(self, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """For each row, dead ones too, whether one of its words is flagged: quicker than to count where many rows are
        asked about and few have one."""
        found = np.zeros(len(self._lengths), dtype=np.bool_)
        hits = np.flatnonzero(flags[self.words])
        found[np.searchsorted(self._starts.values, hits, side="right") - 1] = True
        return found

    def sum_by_row(self, rows: Ints, values: NDArray[np.bool_]) -> Ints:
        """How many of `values`, one for each of `positions(rows)`, are true in each row."""
        lengths = self.lengths[rows]
        ends = np.cumsum(lengths, dtype=np.int64)
        running = np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
        counted: Ints = running[ends] - running[ends - lengths]
        return counted

    def pack(self, rows: Ints) -> None:
        """Keep these rows alone, in this order. Words that no row has any more keep their number."""
        self._words.pack(self.positions(rows))
        self._lengths.pack(rows)
        self._starts = Column()
        self._starts.extend(np.cumsum(self.lengths, dtype=np.int64) - self.lengths)


class Table:
    """Rows by key. Whoever derives from it names its columns in `_columns`, and adds to all of them in one go."""

    def __init__(self) -> None:
        self._row_of: dict[str, int] = {}
        self._keys: list[str] = []
        self._alive = Column(np.bool_)
        self._columns: tuple[Column | Lists, ...] = ()

    def __len__(self) -> int:
        return len(self._row_of)

    def drop(self, keys: Iterable[str]) -> None:
        """Rows of these keys are dead; unknown ones are passed by."""
        gone = [row for key in keys if (row := self._row_of.pop(key, None)) is not None]
        self._alive.values[gone] = False

    def _add(self, keys: Sequence[str]) -> Ints:
        """Rows for these keys, in the place of those that they had. The caller extends each column."""
        self.drop(keys)
        first = len(self._keys)
        self._row_of.update(zip(keys, range(first, first + len(keys)), strict=True))
        self._keys.extend(keys)
        self._alive.extend(np.ones(len(keys), dtype=np.bool_))
        return np.arange(first, first + len(keys), dtype=np.int64)

    def _rows(self) -> Ints:
        """All rows that are alive."""
        return np.flatnonzero(self._alive.values)

    def _pack_when_due(self) -> None:
        """Once more rows are dead than alive, they go."""
        if len(self._keys) - len(self) > max(len(self), _DEAD_KEPT):
            self._pack()

    def _pack(self) -> None:
        rows = self._rows()
        for column in (self._alive, *self._columns):
            column.pack(rows)
        self._keys = [self._keys[row] for row in rows.tolist()]
        self._row_of = {key: row for row, key in enumerate(self._keys)}
