"""PDF: the text in reading order, or the pictures of a scan.

Guarantees: at most `limits.pages` pages are looked at, more are refused; streams are unpacked within limits and the
process's memory; a document that opens without a password is read even when it forbids copying, one that asks for a
password is refused; scripts, forms' actions and attachments are never run or opened.

Read next: `layout.py`; `scans.py`, the pictures.
"""

import io
import re
from collections.abc import Iterator
from statistics import median
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import LimitReachedError

from node.reading import pictures
from node.reading.layout import TextPiece, reading_order
from node.reading.plain import bounded
from node.reading.problems import Fault, Unreadable
from node.reading.scans import page_picture
from node.reading.shapes import Kind, Line, ReadDocument, ReadingLimits

_CELL = re.compile(r"\S+(?: \S+)*")
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
    sizes: dict[str, float] = {}

    def note(text: str, cm: Any, tm: Any, _font: Any, size: float) -> None:
        if key := text.strip():
            sizes.setdefault(key[:40], abs(size * tm[3] * cm[3]) or abs(size))

    page.extract_text(visitor_text=note)
    grid = page.extract_text(extraction_mode="layout", layout_mode_strip_rotated=False)
    usual = median(sizes.values()) if sizes else 0.0
    relative = {text: size / usual for text, size in sizes.items() if usual}
    return reading_order(list(_pieces(grid, relative)), number)


def _pieces(grid: str, sizes: dict[str, float]) -> Iterator[TextPiece]:
    for row, text in enumerate(grid.splitlines()):
        for cell in _CELL.finditer(text):
            size = sizes.get(cell[0][:40], 0.0)
            yield TextPiece(cell[0], cell.start(), cell.end(), row, size)


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
