"""Word (.docx) and LibreOffice (.odt) files: the text of the page, text boxes, tables, headers and footers.

Guarantees: what was deleted under revision marks or hidden in comments is not read.
A table whose cells hold one line each is read row by row; one that lays out columns is read cell by cell.

Read next: `packages.py`, how their parts are found; `plain.py`, which cleans the lines.
"""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from node.reading.packages import Package
from node.reading.plain import bounded
from node.reading.problems import Fault, Unreadable
from node.reading.shapes import Kind, Line, ReadDocument, ReadingLimits

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_W = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DEEPEST = 60
_DOCX_SKIPPED = frozenset({_W + "del", _W + "moveFrom", _W + "instrText", _MC + "Fallback", _W + "delText"})
_ODT_SKIPPED = frozenset({_OFFICE + "annotation", _TEXT + "tracked-changes", _TEXT + "note", _TEXT + "sequence-decls"})
_MOST_EDGES = 3


def read_docx(data: bytes, limits: ReadingLimits) -> ReadDocument:
    """Headers, then the body in order, then footers."""
    package = Package(data, limits)
    main = package.main_part()
    headers, footers = (package.related(main, kind)[:_MOST_EDGES] for kind in ("header", "footer"))
    lines: list[str] = []
    for name in [*headers, main, *footers]:
        lines.extend(_docx_blocks(package.xml(name, (_STRICT_W, _W)), 0))
    return _document(Kind.DOCX, lines, limits)


def read_odt(data: bytes, limits: ReadingLimits) -> ReadDocument:
    """The page's headers, then the text in order, then footers."""
    package = Package(data, limits)
    if b"encryption-data" in package.optional("META-INF/manifest.xml"):
        raise Unreadable(Fault.ENCRYPTED)
    body = package.xml("content.xml").find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise Unreadable(Fault.UNREADABLE)
    styles = package.xml("styles.xml") if "styles.xml" in package.names else Element("none")
    lines: list[str] = []
    for header in styles.iter(_STYLE + "header"):
        lines.extend(_odt_blocks(header, 0))
    lines.extend(_odt_blocks(body, 0))
    for footer in styles.iter(_STYLE + "footer"):
        lines.extend(_odt_blocks(footer, 0))
    return _document(Kind.ODT, lines, limits)


def _document(kind: Kind, lines: Iterable[str], limits: ReadingLimits) -> ReadDocument:
    kept = bounded((Line(line) for text in lines for line in text.split("\n")), limits)
    return ReadDocument(kind=kind, lines=kept, pages=1, problem=None if kept else Fault.NO_TEXT)


def _docx_blocks(element: Element, depth: int) -> Iterator[str]:
    """The lines under an element, in order. Anchored text boxes follow the paragraph that holds them."""
    if depth > _DEEPEST:
        return
    for child in element:
        if child.tag in _DOCX_SKIPPED:
            continue
        if child.tag == _W + "p":
            yield _docx_paragraph(child)
            for box in _outermost(child, _W + "txbxContent", _DOCX_SKIPPED):
                yield from _docx_blocks(box, depth + 1)
        elif child.tag == _W + "tbl":
            rows = (
                [cell for cell in row if cell.tag == _W + "tc"] for row in _outermost(child, _W + "tr", _DOCX_SKIPPED)
            )
            yield from _rows([list(_docx_blocks(cell, depth + 1)) for cell in row] for row in rows)
        else:
            yield from _docx_blocks(child, depth + 1)


def _docx_paragraph(paragraph: Element) -> str:
    parts: list[str] = []

    def walk(element: Element, depth: int) -> None:
        for child in element:
            if child.tag in _DOCX_SKIPPED or child.tag == _W + "txbxContent" or depth > _DEEPEST:
                continue
            if child.tag == _W + "t":
                parts.append(child.text or "")
            elif child.tag in (_W + "tab", _W + "ptab"):
                parts.append("\t")
            elif child.tag in (_W + "br", _W + "cr"):
                parts.append("\n")
            elif child.tag == _W + "noBreakHyphen":
                parts.append("-")
            elif child.tag not in (_W + "pPr", _W + "rPr"):
                walk(child, depth + 1)

    walk(paragraph, 0)
    return "".join(parts)


def _odt_blocks(element: Element, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    for child in element:
        if child.tag in _ODT_SKIPPED:
            continue
        if child.tag in (_TEXT + "p", _TEXT + "h"):
            yield _odt_paragraph(child)
            for box in _outermost(child, _DRAW + "text-box", _ODT_SKIPPED):
                yield from _odt_blocks(box, depth + 1)
        elif child.tag == _TABLE + "table":
            rows = (
                [cell for cell in row if cell.tag == _TABLE + "table-cell"]
                for row in _outermost(child, _TABLE + "table-row", _ODT_SKIPPED)
            )
            yield from _rows([list(_odt_blocks(cell, depth + 1)) for cell in row] for row in rows)
        else:
            yield from _odt_blocks(child, depth + 1)


def _odt_paragraph(paragraph: Element) -> str:
    parts: list[str] = []

    def walk(element: Element, depth: int) -> None:
        parts.append((element.text or "").replace("\n", " "))
        for child in element:
            if child.tag == _TEXT + "s":
                parts.append(" ")
            elif child.tag == _TEXT + "tab":
                parts.append("\t")
            elif child.tag == _TEXT + "line-break":
                parts.append("\n")
            elif child.tag not in _ODT_SKIPPED and child.tag != _DRAW + "text-box" and depth < _DEEPEST:
                walk(child, depth + 1)
            parts.append((child.tail or "").replace("\n", " "))

    walk(paragraph, 0)
    return "".join(parts)


def _outermost(parent: Element, tag: str, skipped: frozenset[str]) -> Iterator[Element]:
    """Elements of this tag that stand in no other of it, nor in a skipped one: Word writes each text box twice, the
    second time as a fallback."""
    waiting = list(reversed(parent))
    while waiting:
        element = waiting.pop()
        if element.tag == tag:
            yield element
        elif element.tag not in skipped:
            waiting.extend(reversed(element))


def _rows(rows: Iterable[list[list[str]]]) -> Iterator[str]:
    """A table's lines: cells of one or two lines stand side by side, longer ones one below the other."""
    for cells in rows:
        filled = [[line for text in cell for line in text.split("\n") if line.strip()] for cell in cells]
        filled = [cell for cell in filled if cell]
        if sum(len(cell) > 3 for cell in filled) >= 2 or (len(filled) > 1 and len(filled[0]) > 3):
            for cell in filled:
                yield from cell
        else:
            for index in range(max(map(len, filled), default=0)):
                yield "\t".join(cell[index] for cell in filled if index < len(cell))
