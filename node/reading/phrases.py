"""Lines as the page breaks them -> lines as they were meant, each knowing where its parts stand.

Guarantees: pure; every line of the document belongs to exactly one sentence, in order. A sentence broken by a narrow
column is put together again. Read next: `proposing.py`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from node.reading.proposals import Spot
from node.reading.sections import heading
from node.reading.shapes import Line

_BULLET: Final = re.compile(r"^\s*(?:[•◦▪■●○►▸➤➢✓✔*·+»>©¢]|[-–—](?=\s)|[oe](?=\s[A-ZÉÈÀ]))\s*")
_MONTH: Final = (
    r"(?:janv(?:ier|\.)?|févr?(?:ier|\.)?|mars|avr(?:il|\.)?|mai|juin|juil(?:let|\.)?|août|sept(?:embre|\.)?|"
    r"oct(?:obre|\.)?|nov(?:embre|\.)?|déc(?:embre|\.)?)"
)
_OPEN_END: Final = re.compile(
    rf"(?:[,(&/–-]|\b(?:de|du|des|d'|à|au|aux|et|ou|en|le|la|les|l'|avec|pour|sur|chez|depuis|{_MONTH}))$",
    re.IGNORECASE,
)
# "mars 2019 : maçon", "juin - août 2018", below what was done in another job.
_OPENS_DATES: Final = re.compile(rf"(?:depuis\s|(?:de |du )?{_MONTH}\s*(?:['’]?\d|[-–—/à]))")
_CLOSED_END: Final = re.compile(r"[.;:!?]$")
_LOWER: Final = re.compile(r"^[a-zà-ÿ(]")
_NARROW: Final = 60
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Sentence:
    """A run of text without its bullet. `pieces`: (offset in the text, line's index, offset in that line, length)."""

    text: str
    pieces: tuple[tuple[int, int, int, int], ...]
    bulleted: bool
    column: tuple[int, int]
    size: float

    @property
    def line(self) -> int:
        """Index of the first line."""
        return self.pieces[0][1]

    def place(self, start: int, end: int) -> Spot:
        """Where a part of the text stands; a part that runs over a line's end is cut there."""
        index = max(number for number, piece in enumerate(self.pieces) if piece[0] <= max(start, 0))
        offset, line, shift, length = self.pieces[index]
        return Spot(line, shift + min(start - offset, length), shift + min(end - offset, length))


def sentences(lines: Sequence[Line], indexes: Sequence[int]) -> list[Sentence]:
    """The sentences of some lines of a document, headings among them kept apart."""
    found: list[Sentence] = []
    for index in indexes:
        line = lines[index]
        match = _BULLET.match(line.text)
        shift = match.end() if match else 0
        text = line.text[shift:]
        if not text.strip():
            continue
        last = found[-1] if found else None
        if last is not None and match is None and _continues(last, line, lines[last.pieces[-1][1]]):
            broken = last.text.endswith("-") and not last.text.endswith(" -") and _LOWER.match(text) is not None
            joined = last.text + ("" if broken else " ")
            pieces = (*last.pieces, (len(joined), index, 0, len(text)))
            found[-1] = Sentence(joined + text, pieces, last.bulleted, last.column, last.size)
        else:
            found.append(
                Sentence(text, ((0, index, shift, len(text)),), match is not None, (line.page, line.column), line.size)
            )
    return found


def segments(sentence: Sentence, pattern: "re.Pattern[str]") -> Iterator[tuple[str, int, int]]:
    """The text cut at a pattern: (part without surrounding spaces, its start, its end)."""
    start = 0
    for match in [*pattern.finditer(sentence.text), None]:
        end = match.start() if match else len(sentence.text)
        part = sentence.text[start:end]
        if stripped := part.strip():
            first = start + part.index(stripped[0])
            yield stripped, first, first + len(stripped)
        start = match.end() if match else end


def _continues(last: Sentence, line: Line, above: Line) -> bool:
    """Whether a line without bullet goes on with what the line above began."""
    if "\t" in line.text or heading(line.text) is not None or heading(last.text) is not None:
        return False
    if (line.page, line.column) != last.column or len(last.text) > _LONGEST or _CLOSED_END.search(last.text):
        return False
    if _OPEN_END.search(above.text):
        return True
    if _OPENS_DATES.match(line.text):
        return False
    return _LOWER.match(line.text) is not None and (last.bulleted or len(above.text) > _NARROW or line.column > 0)
