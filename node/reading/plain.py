"""Plain text, HTML and JSON Resume, and the cleaning of every line that any reader gives.

Guarantees: `tidy` gives NFC text without control, format or bidirectional-override characters, of bounded length; the
number of lines and characters stays within the limits. Read next: `shapes.py`.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from html.parser import HTMLParser

from node.reading.problems import Fault, Unreadable
from node.reading.shapes import Kind, Line, ReadDocument, ReadingLimits

_LONGEST_LINE = 2_000
_DEPTH = 12
# Zero-width joiners shape Arabic and Indic names; everything else of category Cf only hides text.
_JOINERS = "\u200c\u200d"
_HTML = re.compile(r"\s*(?:<!doctype html|<html|<head|<body)", re.IGNORECASE)
_BLOCKS = frozenset("p div br li tr h1 h2 h3 h4 h5 h6 table ul ol section header footer article blockquote".split())
_HIDDEN = frozenset({"script", "style", "head", "title"})


def tidy(text: str) -> str:
    """One line: NFC, tabs kept as cell separators, other white space made one space, nothing invisible."""
    text = unicodedata.normalize("NFC", text[:_LONGEST_LINE])
    kept = []
    for character in text:
        if character == "\t":
            kept.append("\t")
        elif character.isspace():
            kept.append(" ")
        elif unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn") or character in _JOINERS:
            kept.append(character)
    cells = ("".join(kept)).split("\t")
    return "\t".join(cell for cell in (" ".join(cell.split()) for cell in cells) if cell)


def bounded(lines: Iterable[Line], limits: ReadingLimits) -> tuple[Line, ...]:
    """The lines, tidied, without empty ones, as far as the limits go."""
    kept: list[Line] = []
    characters = 0
    for line in lines:
        text = tidy(line.text)
        characters += len(text)
        if len(kept) >= limits.lines or characters > limits.characters:
            break
        if text:
            kept.append(Line(text, line.page, line.column, line.size))
    return tuple(kept)


def decoded(data: bytes) -> str | None:
    """Text from UTF-8, UTF-16 with its mark, or Windows-1252; None for what is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data[:65536]:
        return None
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        sample = text[:10_000]
        odd = sum(unicodedata.category(character) == "Cc" and not character.isspace() for character in sample)
        return text if odd * 100 <= len(sample) else None
    return None


def read_text(data: bytes, limits: ReadingLimits) -> ReadDocument:
    """A text file, or a page of HTML."""
    text = decoded(data)
    if text is None:
        raise Unreadable(Fault.UNSUPPORTED)
    text = text[: 4 * limits.characters]
    if _HTML.match(text):
        text = html_text(text)
    lines = bounded((Line(line) for line in text.splitlines()), limits)
    return ReadDocument(kind=Kind.TEXT, lines=lines, pages=1, problem=None if lines else Fault.NO_TEXT)


def read_json_resume(data: bytes, limits: ReadingLimits) -> ReadDocument:
    """A JSON Resume, https://jsonresume.org/schema: the object, and its texts as lines to look at."""
    try:
        resume = json.loads(decoded(data) or "", parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable(Fault.UNREADABLE) from error
    if not isinstance(resume, dict) or not isinstance(resume.get("basics"), dict):
        raise Unreadable(Fault.UNREADABLE)
    lines = bounded((Line(text) for text in _strings(resume, _DEPTH)), limits)
    return ReadDocument(kind=Kind.JSON_RESUME, lines=lines, pages=1, resume=resume)


def html_text(html: str) -> str:
    """What a page of HTML says, a line a block, without scripts and styles."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("\t")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data.replace("\n", " "))


def _strings(value: object, depth: int) -> Iterable[str]:
    if isinstance(value, str):
        yield from value.splitlines()
    elif depth > 0 and isinstance(value, dict):
        for item in value.values():
            yield from _strings(item, depth - 1)
    elif depth > 0 and isinstance(value, list):
        for item in value:
            yield from _strings(item, depth - 1)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
