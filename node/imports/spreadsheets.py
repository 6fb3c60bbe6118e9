"""A spreadsheet as the CSV that somebody would have typed: the first sheet's rows, with the columns of docs/imports.md.

Guarantees: nothing is computed: a formula is the text of its cell, which no column takes for a value; sizes are bounded
before anything is unpacked, external entities are refused (defusedxml, which openpyxl uses where it is there). Read
next: `text_table.py`, which reads what comes out.
"""

import csv
import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Final

from node.imports.lines import UnreadableFile
from node.kit.i18n import gettext as _

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""Its media type."""

MAX_TEXT: Final = 10 * 1024 * 1024
"""Characters of all cells together, as of a CSV file."""
MAX_UNPACKED: Final = 60 * 1024 * 1024
MAX_RATIO: Final = 200
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 100


def is_xlsx(data: bytes) -> bool:
    """Whether this is a ZIP archive, as XLSX is."""
    return data[:4] == b"PK\x03\x04"


def xlsx_as_csv(data: bytes) -> str:
    """The first sheet as CSV with semicolons. Raises UnreadableFile, whose text says what to do."""
    _refuse_bombs(data)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        # What writes lists for a living often says that the sheet is one cell wide.
        sheet.reset_dimensions()
        text, room = io.StringIO(), MAX_TEXT
        writer = csv.writer(text, delimiter=";", lineterminator="\n")
        for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS)):
            if number > MAX_ROWS:
                raise UnreadableFile(_("At most {limit} lines in one file: cut it in two.").format(limit=MAX_ROWS))
            cells = [_cell(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            # One text that thousands of cells share weighs nothing in the archive.
            room -= sum(map(len, cells))
            if room < 0:
                raise UnreadableFile(_("This spreadsheet is too large once unpacked: save it again as CSV UTF-8."))
            writer.writerow(cells)
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl's readers raise whatever a damaged archive makes them raise
        raise UnreadableFile(_("This spreadsheet cannot be read: save it again as XLSX, or as CSV UTF-8.")) from error
    return text.getvalue()


def _refuse_bombs(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            packed = sum(member.compress_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnreadableFile(_("This spreadsheet cannot be read: save it again as XLSX, or as CSV UTF-8.")) from error
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1):
        raise UnreadableFile(_("This spreadsheet is too large once unpacked: save it again as CSV UTF-8."))


def _cell(value: object) -> str:
    """As somebody would have typed it; days as 2026-11-23, durations as 35:30, whole numbers without a point."""
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02}"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return " ".join(str(value).split())
