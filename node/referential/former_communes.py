"""Communes that are parts of others today, by their former INSEE codes and names.

Guarantees: the table is read at the first question, which most processes never ask. Read next: `communes.py`, which
asks; `generate.py`, which writes the table.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

from node.referential.text import fold_place


class FormerCommunes:
    """The table of former communes. It is safe to share between threads."""

    def __init__(self, table: bytes) -> None:
        """``table``: UTF-8 tab-separated text as ``generate.py`` writes it, header first; empty for none."""
        self._table = table

    @cached_property
    def _rows(self) -> Sequence[tuple[str, str, str]]:
        """Former code (the present one where that went on), former name or nothing, and present code."""
        lines = self._table.decode().splitlines()[1:]
        return [(code, name, insee) for code, name, insee in (line.split("\t") for line in lines)]

    @cached_property
    def by_code(self) -> Mapping[str, str]:
        """Present codes by former code."""
        return {code: insee for code, _name, insee in self._rows if code != insee}

    @cached_property
    def by_name(self) -> Mapping[str, Sequence[str]]:
        """Present codes by folded former name."""
        found: dict[str, list[str]] = {}
        for _code, name, insee in self._rows:
            if name:
                found.setdefault(fold_place(name), []).append(insee)
        return found

    @cached_property
    def names(self) -> Mapping[str, Sequence[str]]:
        """Former names by present code."""
        found: dict[str, list[str]] = {}
        for _code, name, insee in self._rows:
            if name:
                found.setdefault(insee, []).append(name)
        return found
