"""Pieces of text with their places -> lines in the order in which a person reads them.

Guarantees: pure; every piece comes out exactly once; a page of two columns is read column by column, a table (dates on
one side, descriptions on the other) row by row. The cut is found by looking for a gutter that many consecutive rows
leave free, then again within each part.

Read next: `pdf.py` and `pictures.py`, which supply the pieces; `sections.py` for what a heading is.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from node.reading.sections import heading
from node.reading.shapes import Line
from node.reading.words import flat

_LEAST_ROWS = 4
_LEAST_CHARACTERS = 40
_GUTTER = 1.0
_INDENT = 3.0
_DEEPEST = 4
_MONTH = r"(?:janv|fevr|mars|avr|mai|juin|juil|aout|sept|oct|nov|dec)[a-z]*\.?"
_DATED = re.compile(rf"\b(?:19|20)\d\d\b|\b{_MONTH}\s|\bdepuis\b|\d\d/\d\d|\bans?\b|\bmois\b")
_GOES_ON = re.compile(r"(?:a|au|jusqu\S+|[-/])\s")
_UNFINISHED = re.compile(rf"(?:[-/]|\ba|\bau|\bde|\bdu|\bdepuis|\ben|\b{_MONTH})$")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A run of text. `left` and `right` in widths of a usual character, `row` counts from the top of the page; `size`
    as in `Line`."""

    text: str
    left: float
    right: float
    row: int
    size: float = 0.0


def reading_order(pieces: Sequence[TextPiece], page: int) -> list[Line]:
    """The page's lines. Column 0 is what spans the page; each column cut out of it gets the next number."""
    counter = iter(range(1, 1 << 20))
    return [Line(text, page, column, size) for text, column, size in _ordered(pieces, 0, counter, 0)]


def _ordered(
    pieces: Sequence[TextPiece], column: int, counter: Iterator[int], depth: int
) -> Iterator[tuple[str, int, float]]:
    zone = _best_zone(pieces) if depth < _DEEPEST else None
    if zone is None:
        yield from ((text, column, size) for text, size in _rows(pieces))
        return
    first, last, gutter = zone
    yield from _ordered([p for p in pieces if p.row < first], column, counter, depth + 1)
    inside = [p for p in pieces if first <= p.row <= last]
    for side in ([p for p in inside if p.left < gutter], [p for p in inside if p.left >= gutter]):
        yield from _ordered(side, next(counter), counter, depth + 1)
    yield from _ordered([p for p in pieces if p.row > last], column, counter, depth + 1)


def _best_zone(pieces: Sequence[TextPiece]) -> tuple[int, int, float] | None:
    """The first row, last row and gutter of the part that is best read as two columns, if there is one."""
    best: tuple[float, int, int, float] | None = None
    for gutter in sorted({p.left for p in pieces}):
        for zone in _free_runs(pieces, gutter):
            left = [p for p in zone if p.left < gutter]
            right = [p for p in zone if p.left >= gutter]
            if not left or not right:
                continue
            weight = float(min(sum(len(p.text) for p in left), sum(len(p.text) for p in right)))
            # A column's lines begin at its edge; dates set flush right do not.
            weight *= 0.2 + sum(p.left < gutter + _INDENT for p in right) / len(right)
            if (best is None or weight > best[0]) and _are_columns(left, right, gutter):
                best = (weight, min(p.row for p in zone), max(p.row for p in zone), gutter)
    return best[1:] if best else None


def _free_runs(pieces: Sequence[TextPiece], gutter: float) -> Iterator[list[TextPiece]]:
    """Runs of rows in which nothing crosses the gutter, each trimmed to where both sides have text about."""
    crossing = sorted({p.row for p in pieces if p.left < gutter < p.right + _GUTTER})
    bounds = [-1, *crossing, 1 << 30]
    for above, below in itertools.pairwise(bounds):
        run = [p for p in pieces if above < p.row < below]
        left = [p.row for p in run if p.left < gutter]
        right = [p.row for p in run if p.left >= gutter]
        if left and right:
            # A single column above or below the other stays outside, unless it touches it.
            first = max(min(left), min(right)) - 2
            last = max(max(left), max(right))
            yield [p for p in run if first <= p.row <= last]


def _are_columns(left: Sequence[TextPiece], right: Sequence[TextPiece], gutter: float) -> bool:
    rows = ({p.row for p in left}, {p.row for p in right})
    if min(map(len, rows)) < _LEAST_ROWS:
        return False
    if min(sum(len(p.text) for p in side) for side in (left, right)) < _LEAST_CHARACTERS:
        return False
    titled = [sum(heading(p.text) is not None for p in side) for side in (left, right)]
    if titled[0] >= 0.6 * len(left):
        return False
    if min(titled) > 0:
        return True
    if any(_mostly_dates(side) for side in (left, right)):
        return False
    paired = len(rows[0] & rows[1]) / max(map(len, rows))
    return paired < 0.7


def _mostly_dates(side: Sequence[TextPiece]) -> bool:
    """Whether this side is the dates' column of a table, whose headings may stand in it."""
    said = [p for p in side if not heading(p.text)]
    return sum(_DATED.search(flat(p.text)) is not None and len(p.text) < 40 for p in said) >= 0.6 * len(said)


def _rows(pieces: Sequence[TextPiece]) -> Iterator[tuple[str, float]]:
    """Row by row; pieces far apart are cells. A date that its narrow cell broke in two is put together again."""
    rows: dict[int, list[TextPiece]] = {}
    for piece in sorted(pieces, key=lambda p: (p.row, p.left)):
        rows.setdefault(piece.row, []).append(piece)
    ordered = list(rows.values())
    for index, row in enumerate(ordered):
        following = ordered[index + 1] if index + 1 < len(ordered) else []
        # The dates' cell stands first, or last.
        for cell, below in ((0, 0), (-1, -1)):
            if len(row) > 1 and following and _continues(row[cell], following[below]):
                text = f"{row[cell].text} {following[below].text}"
                row[cell] = TextPiece(text, row[cell].left, row[cell].right, row[cell].row, row[cell].size)
                del following[below]
        if len(row) > 1 and heading(row[0].text) is not None:
            # A heading in the margin, beside what it opens.
            yield row[0].text, row[0].size
            del row[0]
        if row:
            yield "\t".join(p.text for p in row), max(p.size for p in row)


def _continues(cell: TextPiece, below: TextPiece) -> bool:
    return (
        (abs(cell.left - below.left) < 1 or abs(cell.right - below.right) < 2)
        and below.right < cell.right + 8
        and _DATED.search(flat(cell.text)) is not None
        and (_UNFINISHED.search(flat(cell.text).strip()) is not None or _GOES_ON.match(flat(below.text)) is not None)
    )
