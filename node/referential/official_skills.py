"""The skills and knowledge of an imported ROME, and the occupations in which each stands.

Guarantees: unknown codes never raise; the arrays are shared by all threads and take a few megabytes, a label becomes a
``str`` only when asked for. Made by ``rome.py``; read next: ``skills.py``, which joins them to the starter set.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from node.referential.arrays import np
from node.referential.packed import Arrays, Texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

PRINCIPAL = 2
"""The rank of a link to the core of a trade. An emerging skill has 1, any other 0."""


class OfficialSkills:
    """Skills by official code (``code_ogr``, a whole number), linked to occupations."""

    def __init__(self, arrays: Arrays, kinds: Sequence[str], occupations: Sequence[str]) -> None:
        """``arrays``: ``skill_codes`` sorted, ``skill_kinds`` (numbers of ``kinds``) and ``skill_labels``, one a skill;
        ``links``: skills' positions in them, occupation after occupation in the order of ``occupations``, in which they
        are to be shown; ``link_ranks``; ``link_starts``: where each occupation's links begin, and their end."""
        self._codes: NDArray[np.int32] = arrays["skill_codes"]
        self._kind_numbers: NDArray[np.uint8] = arrays["skill_kinds"]
        self._labels = Texts(arrays["skill_labels"], arrays["skill_label_ends"])
        self._links: NDArray[np.int32] = arrays["links"]
        self._ranks: NDArray[np.uint8] = arrays["link_ranks"]
        self._starts: NDArray[np.int32] = arrays["link_starts"]
        self._kinds = tuple(kinds)
        self._occupations = tuple(occupations)
        self._numbers = {rome: number for number, rome in enumerate(self._occupations)}
        self.footprint = lru_cache(maxsize=8192)(self._footprint)

    def codes(self) -> Sequence[str]:
        """Every code, by number."""
        return [str(code) for code in self._codes.tolist()]

    def code_at(self, position: int) -> str:
        """The code at this position among them all, from 0."""
        return str(self._codes[position])

    def label(self, code: str) -> str | None:
        """The French label, or None."""
        position = self._position(code)
        return None if position is None else self._labels[position]

    def kind(self, code: str) -> str:
        """What ROME files the skill under, empty for an unknown one."""
        position = self._position(code)
        return "" if position is None else self._kinds[self._kind_numbers[position]]

    def for_occupation(self, rome: str) -> Sequence[str]:
        """The occupation's skills, in the order in which they are to be shown."""
        first, last = self._range(rome)
        return tuple(map(str, self._codes[self._links[first:last]].tolist()))

    def core(self, rome: str) -> Sequence[str]:
        """The skills of the trade's core."""
        first, last = self._range(rome)
        principal = self._links[first:last][self._ranks[first:last] == PRINCIPAL]
        return tuple(map(str, self._codes[principal].tolist()))

    def _footprint(self, code: str) -> frozenset[str]:
        """The ROME codes in which the skill stands."""
        position = self._position(code)
        if position is None:
            return frozenset()
        order, starts = self._by_skill
        links = order[starts[position] : starts[position + 1]]
        owners = np.searchsorted(self._starts, links, side="right") - 1
        return frozenset(self._occupations[owner] for owner in owners.tolist())

    def _position(self, code: str) -> int | None:
        if not (code.isascii() and code.isdecimal() and len(code) <= 9 and code[0] != "0"):
            return None
        wanted = int(code)
        position = int(np.searchsorted(self._codes, wanted))
        return position if position < len(self._codes) and self._codes[position] == wanted else None

    def _range(self, rome: str) -> tuple[int, int]:
        number = self._numbers.get(rome)
        return (0, 0) if number is None else (int(self._starts[number]), int(self._starts[number + 1]))

    @cached_property
    def _by_skill(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The links sorted by skill, and where each skill's begin."""
        order = np.argsort(self._links, kind="stable").astype(np.int32)
        starts = np.searchsorted(self._links[order], np.arange(len(self._codes) + 1))
        return order, starts.astype(np.int32)
