"""ROME 4.0 occupations: labels, the tree above them, and moves between neighbours.

Guarantees: codes unknown to this edition never raise; they have no label and no neighbours, and their domain and
letter are still read from the code itself, so that a newer town's codes are kept and compared.

Read next: ``skills.py``; README.md for what is official here and what is the project's own starter set.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from node.referential.text import fold


class Occupations:
    """The table of occupations, read-only. ``labels`` holds ROME codes, ``headings`` domains and letters."""

    __slots__ = ("_appellations", "_former", "_headings", "_labels", "_related")

    def __init__(
        self,
        labels: Mapping[str, str],
        headings: Mapping[str, str],
        related: Mapping[str, Sequence[str]],
        *,
        appellations: Callable[[str], Sequence[str]] = lambda code: (),
        former: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """``appellations``: other names of a known code; ``former``: labels of codes that this edition has dropped."""
        self._appellations = appellations
        self._former = former
        self._labels = MappingProxyType(dict(sorted(labels.items())))
        self._headings = MappingProxyType(dict(headings))
        self._related = MappingProxyType({code: tuple(targets) for code, targets in related.items()})

    def exists(self, code: str) -> bool:
        """Whether this edition knows the ROME code."""
        return code in self._labels

    def codes(self) -> Sequence[str]:
        """Every ROME code, in order."""
        return tuple(self._labels)

    def label(self, code: str) -> str | None:
        """The occupation's French label, or None for a code that this edition does not know.

        A code that a newer edition dropped keeps its label, though it does not exist any more: people have it.
        """
        return self._labels.get(code) or self._former.get(code)

    def appellations(self, code: str) -> Sequence[str]:
        """The names under which people practise the occupation, its label first, little used ones last."""
        if (label := self._labels.get(code)) is None:
            return ()
        return (label, *(name for name in self._appellations(code) if name != label))

    def domain(self, code: str) -> str:
        """The professional domain that a ROME code belongs to: its first three characters."""
        return code[:3]

    def letter(self, code: str) -> str:
        """The grand domaine that a ROME code belongs to: its first character."""
        return code[:1]

    def domain_label(self, domain: str) -> str | None:
        """The domain's French name, in the project's wording, or None."""
        return self._headings.get(domain) if len(domain) == 3 else None

    def letter_label(self, letter: str) -> str | None:
        """The grand domaine's French name, in the project's wording, or None."""
        return self._headings.get(letter) if len(letter) == 1 else None

    def related(self, code: str) -> Sequence[str]:
        """Occupations that someone of this one can move to, nearest first; empty where none is known."""
        return self._related.get(code, ())

    def search(self, text: str, limit: int = 20) -> list[tuple[str, str]]:
        """At most ``limit`` (code, label) pairs that hold every word of ``text``, whatever its accents and case.

        A ROME code or its beginning is found as well. Labels that begin with the text come first.
        """
        return ranked(self._labels.items(), text, limit)


def ranked(entries: Iterable[tuple[str, str]], text: str, limit: int) -> list[tuple[str, str]]:
    """The (code, label) pairs whose code begins with ``text`` or whose label holds every one of its words."""
    wanted = fold(text)
    if not wanted or limit <= 0:
        return []
    words = wanted.split()
    found = []
    for code, label in entries:
        folded = fold(label)
        if code.lower().startswith(wanted) or all(word in folded for word in words):
            found.append((not folded.startswith(wanted), len(folded), code, label))
    return [(code, label) for _, _, code, label in sorted(found)[:limit]]
