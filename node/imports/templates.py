"""Empty lists to fill in: the columns in French, and one example line that is nobody's and is passed over when read.

Read next: `text_table.py`, which knows the example again.
"""

import csv
import io
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from node.imports import candidates_csv, offers_csv
from node.imports.text_table import Columns
from node.kit.i18n import gettext as _

if TYPE_CHECKING:
    from openpyxl import Workbook

CSV: Final = "text/csv; charset=utf-8"

_AS_TEXT: Final = frozenset({"reference", "telephone", "commune", "code_postal"})
"""Columns whose first zero a spreadsheet would drop."""

_PREPARED: Final = 300
"""Rows that are made ready for them."""


class Listed(StrEnum):
    """What a list is of, as commands and addresses say it."""

    CANDIDATES = "candidates"
    OFFERS = "offers"


_COLUMNS: Final[dict[Listed, Columns]] = {
    Listed.CANDIDATES: candidates_csv.COLUMNS,
    Listed.OFFERS: offers_csv.COLUMNS,
}


def template_name(listed: Listed, *, xlsx: bool) -> str:
    """What the file is called."""
    stem = {Listed.CANDIDATES: "modele-personnes", Listed.OFFERS: "modele-offres"}[listed]
    return f"{stem}.{'xlsx' if xlsx else 'csv'}"


def template(listed: Listed, *, xlsx: bool) -> bytes:
    """The file: CSV as French spreadsheets open it (UTF-8 with its mark, semicolons), or XLSX."""
    columns = _COLUMNS[listed]
    rows = [list(columns.names), [columns.example[name] for name in columns.names]]
    return _xlsx(columns, rows) if xlsx else _csv(rows)


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(columns: Columns, rows: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook

    book, file = Workbook(), io.BytesIO()
    _fill(book, columns, rows)
    book.save(file)
    return file.getvalue()


def _fill(book: "Workbook", columns: Columns, rows: Sequence[Sequence[str]]) -> None:
    """The list on the first sheet, which is the one that is read; what each column takes on the second."""
    from openpyxl.styles import Font

    sheet = book.worksheets[0]
    sheet.title = _("List")
    help_sheet = book.create_sheet(_("Columns"))
    help_sheet.append([_("Column"), _("Needed"), _("Example")])
    for row in rows:
        sheet.append(list(row))
    for place, name in enumerate(columns.names, start=1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, place).column_letter].width = max(14, len(name) + 2)
        if name in _AS_TEXT:
            for line in range(2, _PREPARED):
                sheet.cell(line, place).number_format = "@"
        help_sheet.append([name, _("yes") if name in columns.required else _("no"), columns.example[name]])
    sheet.freeze_panes = "A2"
    for letter, width in (("A", 26), ("B", 14), ("C", 40)):
        help_sheet.column_dimensions[letter].width = width
