"""PDF: the text in reading order, or the pictures of a scan.

Guarantees: at most `limits.pages` pages are looked at, more are refused; streams are unpacked within limits and the
process's memory; a document that opens without a password is read even when it forbids copying, one that asks for a
password is refused; scripts, forms' actions and attachments are never run or opened.

Read next: `strings.py`, the words; `layout.py`, their order; `scans.py`, the pictures.
"""

import io
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from pypdf import PageObject, PdfReader
from pypdf.errors import LimitReachedError

from node.reading import pictures
from node.reading.layout import TextPiece, reading_order
from node.reading.plain import bounded
from node.reading.problems import Fault, Unreadable
from node.reading.scans import page_picture
from node.reading.shapes import Kind, Line, ReadDocument, ReadingLimits
from node.reading.strings import BREAK, Word, rows_of, words_of

_CELL = 0.75
"""Of the type's size: a gap that parts cells."""
_CELL_SPACES = 3
_MOST_BLANK = 4
_SCANNED = 25
_SCANNED_PAGES = 3


def read(data: bytes, limits: ReadingLimits, ocr: str) -> ReadDocument:
    """The document's lines; of a scan, what tesseract (at `ocr`) reads. Raises `Unreadable`, and whatever pypdf
    does."""
    try:
        return _read(data, limits, ocr)
    except LimitReachedError as error:
        raise Unreadable(Fault.EXPANDS_TOO_MUCH) from error


def _read(data: bytes, limits: ReadingLimits, ocr: str) -> ReadDocument:
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable(Fault.ENCRYPTED)
    pages: list[PageObject] = []
    for page in reader.pages:
        if len(pages) == limits.pages:
            raise Unreadable(Fault.TOO_MANY_PAGES)
        pages.append(page)
    if not pages:
        raise Unreadable(Fault.UNREADABLE)
    lines: list[Line] = []
    for number, page in enumerate(pages, start=1):
        lines.extend(_page(page, number))
    problem, fault = None, ""
    if sum(len(line.text) for line in lines) < _SCANNED:
        scanned, problem, fault = _scan(pages[:_SCANNED_PAGES], limits, ocr)
        lines.extend(scanned)
    kept = bounded(lines, limits)
    if kept and problem not in (Fault.OCR_FAILED, Fault.NO_WORDS):
        problem = None
    return ReadDocument(kind=Kind.PDF, lines=kept, pages=len(pages), problem=problem, fault=fault)


def _page(page: PageObject, number: int) -> list[Line]:
    """The page's lines; what runs up or down its sides comes after what stands upright."""
    words = words_of(page)
    usual = median(word.size for word in words) if words else 0.0
    lines: list[Line] = []
    for turn in sorted({word.turn for word in words}):
        lines.extend(reading_order(list(_pieces([word for word in words if word.turn == turn], usual)), number))
    return lines


def _pieces(words: list[Word], usual: float) -> Iterator[TextPiece]:
    """The words as runs of text, measured in usual characters and in usual lines."""
    character = median((word.reach - word.left) / len(word.text) for word in words) or usual / 2
    rows = list(rows_of(words))
    leading = median([above[0].base - below[0].base for above, below in pairwise(rows)] or [usual]) or usual
    number, base = 0, rows[0][0].base
    for row in rows:
        number += min(_MOST_BLANK, max(1, round((base - row[0].base) / leading)))
        base = row[0].base
        run: list[Word] = []
        for word in row:
            if run and (word.left - run[-1].reach > _CELL * word.size or word.spaces >= _CELL_SPACES):
                yield _piece(run, number, character, usual)
                run = []
            run.append(word)
        yield _piece(run, number, character, usual)


def _piece(run: list[Word], row: int, character: float, usual: float) -> TextPiece:
    text = run[0].text
    for before, word in pairwise(run):
        apart = word.spaces or word.left - before.right > BREAK * word.size or word.left < before.right
        text += f" {word.text}" if apart else word.text
    size = max(word.size for word in run) / usual
    return TextPiece(text, run[0].left / character, max(word.reach for word in run) / character, row, size)


def _scan(pages: list[PageObject], limits: ReadingLimits, ocr: str) -> tuple[list[Line], Fault | None, str]:
    """The pictures of each page, read as an image; the last is why one was not read."""
    lines: list[Line] = []
    fault = ""
    problem: Fault | None = Fault.NO_TEXT
    for number, page in enumerate(pages, start=1):
        picture = page_picture(page, limits)
        if picture is None:
            continue
        try:
            found = pictures.read_image(picture, limits, ocr)
        except Unreadable:
            continue
        lines.extend(Line(line.text, number, line.column, line.size) for line in found.lines)
        fault = fault or found.fault
        problem = Fault.OCR_FAILED if fault else found.problem or problem
    return lines, problem, fault
