"""Lists to download, CSV and XLSX, as French spreadsheets open them.

Guarantees: no cell is a formula, whatever somebody typed (OWASP, CSV injection): in CSV what would begin one has an
apostrophe before it, in XLSX it is text. Read next: `node/imports/templates.py`, the empty lists.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

CSV_MARK: Final = "utf-8-sig"
"""The mark by which spreadsheets know UTF-8."""
_BEGINS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_list(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The list with semicolons."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode(CSV_MARK)


def xlsx_list(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The list on one sheet, its first line in bold and kept in sight."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book, file = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"

    def cell(text: str, bold: bool = False) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, text)
        # What begins with "=" would be a formula.
        made.data_type = "s"
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(one, bold=True) for one in columns])
    for row in rows:
        sheet.append([cell(one) for one in row])
    book.save(file)
    return file.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_BEGINS_FORMULA) else cell
