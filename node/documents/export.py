"""Everything that the mission holds on a person, as a document to read (« Télécharger toutes mes données »).

Guarantees: every section and value handed in is in the document, none is shortened or left out; text is text. The
machine-readable export is another file; this one is for reading.

Read next: `templates/export.typ`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from node.documents.contact import MissionContact
from node.documents.dates import french_moment
from node.documents.lettering import one_line
from node.documents.typesetting import Data, typeset

Section: TypeAlias = str | Mapping[str, str] | Sequence[str] | Sequence[Mapping[str, str]]
"""A paragraph, a list of named values, a list, or a table whose rows have the same names."""


_NARROWEST: Final = 8
_WIDEST: Final = 36
"""Shares of a table's width."""


def export_pdf(name: str, sections: Mapping[str, Section], mission: MissionContact, now: datetime) -> bytes:
    """The sections by their titles, in order, on as many A4 pages as it takes; `now` is printed as the date of the
    export. An empty section says that there is nothing.

    Raises ValueError for a naive `now` or a table whose rows differ, CannotTypeset for a fault of ours.
    """
    if now.tzinfo is None:
        raise ValueError("the date of an export is aware")
    data = {
        "name": name,
        "when": french_moment(now),
        "mission": mission.as_data(),
        "sections": [{"title": one_line(title) or "–", **_form(section)} for title, section in sections.items()],
    }
    return typeset("export", data)[0]


def _form(section: Section) -> dict[str, Data]:
    """The section as one of the template's four forms."""
    if not section:
        return {"form": "nothing"}
    if isinstance(section, str):
        return {"form": "text", "text": section}
    if isinstance(section, Mapping):
        return {"form": "values", "values": [[key, value] for key, value in section.items()]}
    rows = [row for row in section if isinstance(row, Mapping)]
    if not rows:
        return {"form": "list", "items": [str(item) for item in section]}
    columns = list(rows[0])
    if len(rows) != len(section) or any(set(row) != set(columns) for row in rows):
        raise ValueError("the rows of a table have the same names")
    cells = [[row[column] for column in columns] for row in rows]
    widths = [_width(column, *(row[number] for row in cells)) for number, column in enumerate(columns)]
    return {"form": "table", "columns": columns, "widths": widths, "rows": cells}


def _width(*cells: str) -> int:
    """A column's share: as its longest text wants, within bounds, so that one long text leaves room for the others."""
    return max(_NARROWEST, min(_WIDEST, max(map(len, cells))))
