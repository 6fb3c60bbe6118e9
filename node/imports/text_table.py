"""CSV as towns have it: from a spreadsheet, in French, with or without BOM, comma, semicolon or tab.

Guarantees: a file or line beyond the caps is refused before it is worked on; a line with a broken quote is reported at
its own number and swallows nothing after it; columns are known by name, in any order and case, with or without accents;
unknown columns are left alone. Line numbers are those of a text editor, also where a cell holds line breaks.

A spreadsheet (XLSX) is read as the CSV that its first sheet would be. Lines are as people leave them: cells that are
missing at the end are empty, `sep=;` on the first line says the separator.

Read next: `alphabets.py` and `spreadsheets.py`, where text comes from; `cells.py`, what a cell may hold.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Final

from node.imports.alphabets import decode
from node.imports.lines import UnreadableFile
from node.imports.spreadsheets import is_xlsx, xlsx_as_csv
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.referential.text import fold

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_LINES: Final = 100_000
REFERENCE: Final = "reference"
_AS_NUMBERS: Final = frozenset({"commune"})
_MAX_LINES_A_RECORD: Final = 30
_MAX_NAME: Final = 40
_DELIMITERS: Final = ";,\t"
_SEPARATOR: Final = re.compile(r"\s*\"?sep=([^\s\"\w]|\t)\"?[;,\s]*", re.IGNORECASE)
"""The line by which a spreadsheet is told how a file is to be cut."""

# Direction overrides and control characters would let a cell rewrite what a page or a terminal shows around it.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f‪-‮⁦-⁩]")


@dataclass(frozen=True, slots=True)
class Record:
    """One line: its cells by the column's own name, or what is wrong with it."""

    line: int
    cells: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one kind of file: French name -> other names; `required` are those that no file may lack, `long`
    those whose cells may hold line breaks, `example` the line of the template that is nobody's."""

    names: Mapping[str, Sequence[str]]
    required: Sequence[str]
    long: frozenset[str]
    example: Mapping[str, str] = field(default_factory=dict)

    def says_example(self, cells: Mapping[str, str]) -> bool:
        """Whether a line bears the reference of the template's example."""
        return bool(self.example) and cells.get(REFERENCE, "").lower() == self.example[REFERENCE].lower()

    def is_example(self, cells: Mapping[str, str]) -> bool:
        """Whether a line is the template's example: its reference and what it is called. A spreadsheet may have written
        numbers and days in its own way."""
        called = [name for name in self.required if name not in _AS_NUMBERS]
        return all(fold(cells.get(name, "")) == fold(self.example[name]) for name in called)

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


def _text(data: bytes) -> str:
    """The text of a file; UnreadableFile, with what to do, when there is none."""
    if len(data) > MAX_BYTES:
        sentence = _("The file is larger than {megabytes} MB: split it.").format(megabytes=MAX_BYTES // 1024**2)
        raise UnreadableFile(sentence)
    if is_xlsx(data):
        return xlsx_as_csv(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(_("This is an old spreadsheet (XLS): save it as XLSX, and choose that file."))
    text = decode(data)
    if not text.strip():
        raise UnreadableFile(_("The file is empty."))
    return text


def read_table(data: bytes, columns: Columns) -> Iterator[Record]:
    """The records of a file, in order, empty lines left out. UnreadableFile when the file as a whole cannot be read."""
    lines = _text(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) > MAX_LINES:
        raise UnreadableFile(_("The file has more than {limit} lines: split it.").format(limit=MAX_LINES))
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    delimiter = ""
    if stated := _SEPARATOR.fullmatch(lines[start]):
        start, delimiter = start + 1, stated[1]
    if start >= len(lines):
        raise UnreadableFile(_("The file is empty."))
    delimiter = delimiter or max(_DELIMITERS, key=lambda sign: lines[start].count(sign))
    header, after, problem = _record(lines, start, delimiter)
    if problem:
        raise UnreadableFile(_("The first line must name the columns, and a quote in it is not closed."))
    header = [_clean(cell) for cell in header]
    while header and not header[-1]:
        header.pop()
    names = columns.read(header)
    records = _records(lines, after, delimiter, names, columns.long, header[-1][:_MAX_NAME])
    return _without_example(records, columns)


def _without_example(records: Iterator[Record], columns: Columns) -> Iterator[Record]:
    """The template's example is no person and no offer; a line that bears its reference and says something else is
    refused, so that nobody is lost who was typed over it."""
    for record in records:
        if not columns.says_example(record.cells):
            yield record
        elif not columns.is_example(record.cells):
            sentence = _("Column {column}: {example} is the template's example; give this line a reference of its own.")
            yield Record(record.line, {}, sentence.format(column=REFERENCE, example=columns.example[REFERENCE]))


def _records(
    lines: Sequence[str], position: int, delimiter: str, names: Sequence[str], long: frozenset[str], last: str
) -> Iterator[Record]:
    """`last` is what the file calls its last column: a line is as wide as the header."""
    is_long = [name in long for name in names]
    while position < len(lines):
        number = position + 1
        cells, position, problem = _record(lines, position, delimiter, is_long)
        cells = [_clean(cell) for cell in cells]
        if not problem and not any(cells):
            continue
        if not problem and any(cells[len(names) :]):
            problem = _(
                "Something stands after the last column, {last}. Put a cell that holds a separator between quotes, "
                "such as {example}, or give the column a name."
            ).format(last=last, example=f'"quai nord{delimiter} quai sud"')
        yield Record(number, {} if problem else {n: c for n, c in zip(names, cells, strict=False) if n}, problem)


def _clean(cell: str) -> str:
    return _CONTROLS.sub("", cell).strip()


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
