"""Skills, and the occupations in which each one stands.

Guarantees: unknown codes never raise. A skill's footprint is the set of ROME codes in which it stands: publication
relies on it to word a group's profile without saying more about its occupation than the sheet does.

The codes of this starter set, 900001 and on, lie outside the range of the official skill codes (``code_ogr``, below
600000), so that both can live together: what was written with the starter set keeps its labels after an import.
Read next: ``official_skills.py``, ``occupations.py``.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from node.referential.occupations import ranked
from node.referential.official_skills import OfficialSkills

EVERYWHERE = "*"
"""The pattern of a skill that stands in every occupation."""


class Skills:
    """The table of skills, read-only: the starter set, and the official ones where they were imported."""

    def __init__(
        self, rows: Iterable[tuple[str, str, str]], occupations: Sequence[str], official: OfficialSkills | None = None
    ) -> None:
        """``rows``: (code, label, patterns); patterns are ROME codes or their beginnings, or ``EVERYWHERE``."""
        self._official = official
        self._occupations = occupations
        self._labels: dict[str, str] = {}
        self._patterns: dict[str, str] = {}
        for code, label, patterns in rows:
            self._labels[code], self._patterns[code] = label, patterns

    # What stands where is worked out when it is first asked: whoever only wants labels does not wait for it.

    @cached_property
    def _footprints(self) -> Mapping[str, frozenset[str]]:
        everywhere, ordered = frozenset(self._occupations), sorted(self._occupations)
        return {
            code: everywhere if patterns == EVERYWHERE else _expand(patterns.split(), ordered)
            for code, patterns in self._patterns.items()
        }

    @cached_property
    def _by_occupation(self) -> Mapping[str, tuple[str, ...]]:
        footprints = self._footprints
        found: dict[str, list[str]] = {rome: [] for rome in self._occupations}
        for code in sorted(footprints, key=lambda code: (len(footprints[code]), code)):
            for rome in footprints[code]:
                found[rome].append(code)
        return {rome: tuple(codes) for rome, codes in found.items()}

    def exists(self, code: str) -> bool:
        """Whether this edition knows the skill code."""
        return self.label(code) is not None

    def codes(self) -> Sequence[str]:
        """Every skill code: the starter set in its table's order, then official ones by number."""
        return (*self._labels, *(self._official.codes() if self._official else ()))

    def starter_codes(self) -> Sequence[str]:
        """The codes of the starter set."""
        return tuple(self._labels)

    def label(self, code: str) -> str | None:
        """The skill's French label, or None for a code that this edition does not know."""
        return self._labels.get(code) or (self._official.label(code) if self._official else None)

    def kind(self, code: str) -> str:
        """What ROME files it under (Savoir-faire, Savoir-être professionnel, Certifications et habilitations, ...);
        empty for the starter set and for an unknown code."""
        return self._official.kind(code) if self._official else ""

    def for_occupation(self, rome: str) -> Sequence[str]:
        """Skills of an occupation: official ones first, those of the trade's core before the others; then the starter
        set. Within each, the fewer occupations share a skill, the earlier it comes."""
        starter = self._by_occupation.get(rome, ())
        return (*self._official.for_occupation(rome), *starter) if self._official else starter

    def core(self, rome: str) -> Sequence[str]:
        """The skills that ROME calls principal in the occupation (coeur de métier); none before an import."""
        return self._official.core(rome) if self._official else ()

    def footprint(self, code: str) -> frozenset[str]:
        """The ROME codes in which the skill stands; empty for an unknown skill."""
        known = self._footprints.get(code)
        if known is None and self._official:
            return self._official.footprint(code)
        return known or frozenset()

    def search(self, text: str, limit: int = 20) -> list[tuple[str, str]]:
        """At most ``limit`` (code, label) pairs, as ``Occupations.search`` finds them. ``lookup.py`` finds more, and
        faster."""
        return ranked(((code, self.label(code) or "") for code in self.codes()), text, limit)


def _expand(patterns: Sequence[str], ordered: Sequence[str]) -> frozenset[str]:
    """The codes, of sorted ones, that begin with any of these."""
    return frozenset(
        rome
        for beginning in patterns
        for rome in ordered[bisect_left(ordered, beginning) : bisect_left(ordered, beginning + "\uffff")]
    )
