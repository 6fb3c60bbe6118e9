"""Spreadsheets come in through the same doors as CSV, whatever their name."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook

from node.imports import read_candidates, read_offers
from node.imports.lines import UnreadableFile
from node.imports.spreadsheets import xlsx_as_csv
from tests.node.imports.test_candidates_csv import REFERENTIAL, TODAY

PEOPLE = ["reference", "nom", "prenom", "commune", "metiers", "telephone", "resume"]
OFFERS = ["reference", "employeur", "intitule", "rome", "contrat", "commune", "heures", "cloture"]


def sheet(*rows: Sequence[object]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    book.save(file)
    return file.getvalue()


def test_rows_whose_last_cells_are_empty_are_people_too() -> None:
    data = sheet(
        PEOPLE,
        ["B1", "Roche", "Inès", "03185", "N1103", None, "Dix ans d'entrepôt"],
        ["B2", "Moreau", "Paul", "03185", "N1103"],
        [],
        ["B3", "Vidal", "Zoé", 3185, "N1103", 612345678],
    )
    lines = read_candidates(data, REFERENTIAL, TODAY)
    assert [(line.line, line.value and line.value.reference) for line in lines] == [(2, "B1"), (3, "B2"), (5, "B3")]


def test_a_cell_beyond_the_header_is_refused() -> None:
    (line,) = read_candidates(
        sheet(PEOPLE, [*["B1", "Roche", "Inès", "03185", "N1103", "", ""], "x"]), REFERENTIAL, TODAY
    )
    assert line.value is None
    assert "resume" in (line.problem or "")


def test_offers_are_read_from_a_spreadsheet_with_its_days_and_durations() -> None:
    row: list[object] = ["O1", "Les Quais", "Cariste", "N1101", "CDI", 64102]
    data = sheet(
        OFFERS,
        [*row, timedelta(hours=35, minutes=30), datetime(2027, 1, 31)],  # noqa: DTZ001  # a sheet knows no time zone
        ["O2", *row[1:], 17.5, date(2027, 1, 31)],
        ["O3", *row[1:], time(20, 15)],
    )
    offers = [line.value for line in read_offers(data, REFERENTIAL, TODAY) if line.value]
    assert [(offer.hours, offer.closes) for offer in offers][:2] == [
        (2130, date(2027, 1, 31)),
        (1050, date(2027, 1, 31)),
    ]
    assert offers[2].hours == 1215


def test_a_sheet_that_says_that_it_is_one_cell_wide_is_read_whole() -> None:
    data, out = sheet(PEOPLE, ["B1", "Roche", "Inès", "03185", "N1103"]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.infolist():
            content = source.read(member)
            target.writestr(member, content.replace(b'ref="A1:G2"', b'ref="A1"'))
    assert "Roche" in xlsx_as_csv(out.getvalue())


@pytest.mark.parametrize("data", [b"PK\x03\x04" + b"x" * 100, b"PK\x03\x04"])
def test_what_is_no_spreadsheet_is_one_problem_for_people_and_offers(data: bytes) -> None:
    for lines in (read_candidates(data, REFERENTIAL, TODAY), read_offers(data, REFERENTIAL, TODAY)):
        assert [(line.line, line.value) for line in lines] == [(1, None)]
        assert "XLSX" in (lines[0].problem or "")


def test_one_long_text_in_many_cells_is_refused_before_it_fills_the_memory() -> None:
    """It is shared in the archive, which is small."""
    book = Workbook()
    sheet = book.active
    for _row in range(50):
        sheet.append(["x" * 30_000] * 20)
    data = io.BytesIO()
    book.save(data)
    with pytest.raises(UnreadableFile):
        xlsx_as_csv(data.getvalue())
