"""Skills, and the occupations in which each one stands.

Guarantees: unknown codes never raise. A skill's footprint is the set of ROME codes in which it stands: publication
relies on it to word a group's profile without saying more about its occupation than the sheet does.

The codes of this starter set, 900001 and on, lie outside the range of the official skill codes (``code_ogr``, below
600000), so that both can live in one file. Read next: ``occupations.py``.
"""

from collections.abc import Iterable, Sequence
from types import MappingProxyType

from node.referential.occupations import ranked

EVERYWHERE = "*"
"""The pattern of a skill that stands in every occupation."""


class Skills:
    """The table of skills, read-only."""

    __slots__ = ("_by_occupation", "_footprints", "_labels")

    def __init__(self, rows: Iterable[tuple[str, str, str]], occupations: Sequence[str]) -> None:
        """``rows``: (code, label, patterns); patterns are ROME codes or their beginnings, or ``EVERYWHERE``."""
        everywhere = frozenset(occupations)
        labels: dict[str, str] = {}
        footprints: dict[str, frozenset[str]] = {}
        for code, label, patterns in rows:
            labels[code] = label
            footprints[code] = everywhere if patterns == EVERYWHERE else _expand(patterns.split(), occupations)
        by_occupation: dict[str, list[str]] = {rome: [] for rome in occupations}
        for code in sorted(labels, key=lambda code: (len(footprints[code]), code)):
            for rome in footprints[code]:
                by_occupation[rome].append(code)
        self._labels = MappingProxyType(labels)
        self._footprints = MappingProxyType(footprints)
        self._by_occupation = MappingProxyType({rome: tuple(codes) for rome, codes in by_occupation.items()})

    def exists(self, code: str) -> bool:
        """Whether this edition knows the skill code."""
        return code in self._labels

    def codes(self) -> Sequence[str]:
        """Every skill code, in the table's order."""
        return tuple(self._labels)

    def label(self, code: str) -> str | None:
        """The skill's French label, or None for a code that this edition does not know."""
        return self._labels.get(code)

    def for_occupation(self, rome: str) -> Sequence[str]:
        """Skills of an occupation, most specific first: the fewer occupations share a skill, the earlier it comes."""
        return self._by_occupation.get(rome, ())

    def footprint(self, code: str) -> frozenset[str]:
        """The ROME codes in which the skill stands; empty for an unknown skill."""
        return self._footprints.get(code, frozenset())

    def search(self, text: str, limit: int = 20) -> list[tuple[str, str]]:
        """At most ``limit`` (code, label) pairs, as ``Occupations.search`` finds them."""
        return ranked(self._labels.items(), text, limit)


def _expand(patterns: Sequence[str], occupations: Sequence[str]) -> frozenset[str]:
    beginnings = tuple(patterns)
    return frozenset(rome for rome in occupations if rome.startswith(beginnings))
