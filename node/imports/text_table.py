"""CSV as towns have it: from a spreadsheet, in French, with or without BOM, comma, semicolon or tab.

Guarantees: a file or line beyond the caps is refused before it is worked on; a line with a broken quote is reported at
its own number and swallows nothing after it; columns are known by name, in any order and case, with or without accents;
unknown columns are left alone. Line numbers are those of a text editor, also where a cell holds line breaks.

Encodings: UTF-8; else Windows-1252, what French spreadsheets write by default. UTF-16 and XLSX are refused with what to
do; so is UTF-8 with damaged bytes, which would be read as another alphabet soup.

Read next: `cells.py`, what a cell may hold.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final

from node.imports.lines import UnreadableFile
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.referential.text import fold

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_LINES: Final = 100_000
_MAX_LINES_A_RECORD: Final = 30
_DELIMITERS: Final = ";,\t"

# Direction overrides and control characters would let a cell rewrite what a page or a terminal shows around it.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f‪-‮⁦-⁩]")
_MISREAD_UTF8: Final = re.compile(r"Ã[\x80-\xbf©¨ª§´®¢¹»¯€‰]|â€[™“”¦œ]")


@dataclass(frozen=True, slots=True)
class Record:
    """One line: its cells by the column's own name, or what is wrong with it."""

    line: int
    cells: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one kind of file: French name -> other names; `required` are those that no file may lack, `long`
    those whose cells may hold line breaks."""

    names: Mapping[str, Sequence[str]]
    required: Sequence[str]
    long: frozenset[str]

    def read(self, header: Sequence[str]) -> list[str]:
        """The French name of each header cell, empty for an unknown one; UnreadableFile when one is missing or stands
        twice."""
        known = {fold(name): french for french, others in self.names.items() for name in (french, *others)}
        found = [known.get(fold(cell), "") for cell in header]
        if missing := [name for name in self.required if name not in found]:
            raise UnreadableFile(
                ngettext(
                    "The first line must name the columns. Column missing: {names}.",
                    "The first line must name the columns. Columns missing: {names}.",
                    len(missing),
                ).format(names=", ".join(missing))
            )
        if twice := sorted({name for name in found if name and found.count(name) > 1}):
            raise UnreadableFile(_("Two columns mean {names}: keep one.").format(names=", ".join(twice)))
        return found


def decode(data: bytes) -> str:
    """The text of a file; UnreadableFile, with what to do, when there is none."""
    if len(data) > MAX_BYTES:
        sentence = _("The file is larger than {megabytes} MB: split it.").format(megabytes=MAX_BYTES // 1024**2)
        raise UnreadableFile(sentence)
    if not data.strip():
        raise UnreadableFile(_("The file is empty."))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableFile(_("This is a spreadsheet: save it as “CSV UTF-8” and choose that file."))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:1000].count(0) > len(data[:1000]) // 4:
        raise UnreadableFile(_("The file is in UTF-16: save it as “CSV UTF-8” and choose that file."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise UnreadableFile(
            _("The file is neither in UTF-8 nor in Windows-1252: save it as “CSV UTF-8” and choose that file.")
        ) from None
    if _MISREAD_UTF8.search(text):
        raise UnreadableFile(_("The file is in UTF-8 with damaged characters: export it again as “CSV UTF-8”."))
    return text


def read_table(data: bytes, columns: Columns) -> Iterator[Record]:
    """The records of a file, in order, empty lines left out. UnreadableFile when the file as a whole cannot be read."""
    lines = decode(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) > MAX_LINES:
        raise UnreadableFile(_("The file has more than {limit} lines: split it.").format(limit=MAX_LINES))
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    delimiter = max(_DELIMITERS, key=lambda sign: lines[start].count(sign))
    header, after, problem = _record(lines, start, delimiter)
    if problem:
        raise UnreadableFile(_("The first line must name the columns, and a quote in it is not closed."))
    names = columns.read(header)
    return _records(lines, after, delimiter, names, columns.long)


def _records(
    lines: Sequence[str], position: int, delimiter: str, names: Sequence[str], long: frozenset[str]
) -> Iterator[Record]:
    is_long = [name in long for name in names]
    while position < len(lines):
        number = position + 1
        cells, position, problem = _record(lines, position, delimiter, is_long)
        cells = [_CONTROLS.sub("", cell).strip() for cell in cells]
        if not problem and not any(cells):
            continue
        if not problem and (len(cells) < len(names) or any(cells[len(names) :])):
            problem = _("{found} cells instead of {expected}: put cells that hold a separator between quotes.").format(
                found=len(cells), expected=len(names)
            )
        yield Record(number, {} if problem else {n: c for n, c in zip(names, cells, strict=False) if n}, problem)


def _record(
    lines: Sequence[str], start: int, delimiter: str, is_long: Sequence[bool] = ()
) -> tuple[list[str], int, str]:
    """The cells of the record that begins on a line, the line after it, and what is wrong. A quoted cell of a long
    column may go over several lines; where quotes do not add up to that, only this one line is given up."""
    if "\0" in lines[start]:
        return [], start + 1, _("The line holds a null character: export the file again.")
    most = _MAX_LINES_A_RECORD if any(is_long) else 1
    for end in range(start + 1, min(start + most, len(lines)) + 1):
        record = StringIO("\n".join(lines[start:end]), newline="")
        try:
            cells = next(csv.reader(record, delimiter=delimiter, strict=True), [])
        except csv.Error as error:
            if str(error) == "unexpected end of data":
                continue
            break
        may_break = [*is_long, *([False] * len(cells))]
        if any("\n" in cell and not may for cell, may in zip(cells, may_break, strict=False)):
            break
        return cells, end, ""
    return [], start + 1, _("A quote is not closed, or text follows it: double the quotes that belong to a cell.")
