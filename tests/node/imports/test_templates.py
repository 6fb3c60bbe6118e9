"""An empty list is filled in by whoever opens it in a spreadsheet, and read back without a refusal."""

import csv
import io

import pytest
from openpyxl import load_workbook

from node.imports import ParsedLine, candidates_csv, offers_csv, read_candidates, read_offers
from node.imports.templates import Listed, template, template_name
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from tests.node.imports.test_candidates_csv import REFERENTIAL, TODAY

COLUMNS = {Listed.CANDIDATES: candidates_csv.COLUMNS, Listed.OFFERS: offers_csv.COLUMNS}


def read(listed: Listed, data: bytes) -> list[ParsedLine[Candidate] | ParsedLine[Offer]]:
    if listed is Listed.OFFERS:
        return [*read_offers(data, REFERENTIAL, TODAY)]
    return [*read_candidates(data, REFERENTIAL, TODAY)]


def rows(data: bytes) -> list[list[str]]:
    if data.startswith(b"PK"):
        sheet = load_workbook(io.BytesIO(data)).worksheets[0]
        return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True, max_row=2)]
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def as_csv(*lines: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(lines)
    return text.getvalue().encode()


@pytest.mark.parametrize("xlsx", [False, True])
@pytest.mark.parametrize("listed", Listed)
def test_a_template_has_every_column_and_its_example_is_nobody(listed: Listed, xlsx: bool) -> None:
    data = template(listed, xlsx=xlsx)
    header, example = rows(data)
    assert header == list(COLUMNS[listed].names)
    assert all(example)
    assert read(listed, data) == []
    assert template_name(listed, xlsx=xlsx).endswith(".xlsx" if xlsx else ".csv")


@pytest.mark.parametrize("listed", Listed)
def test_every_cell_of_the_example_is_right(listed: Listed) -> None:
    header, example = rows(template(listed, xlsx=False))
    (line,) = read(listed, as_csv(header, ["T-1", *example[1:]]))
    assert line.problem is None
    assert line.value is not None


def test_a_person_beside_the_example_is_read_and_the_spreadsheet_may_have_rewritten_it() -> None:
    header, example = rows(template(Listed.CANDIDATES, xlsx=False))
    rewritten = ["exemple", *example[1:4], "639980017", "MONTLUCON", "3100", *example[7:]]
    (line,) = read(Listed.CANDIDATES, as_csv(header, rewritten, ["T-1", "Petit", "Zoé", "", "", "03185", "", "N1103"]))
    assert isinstance(line.value, Candidate)
    assert (line.line, line.value.reference) == (3, "T-1")


@pytest.mark.parametrize("listed", Listed)
def test_who_was_typed_over_the_example_is_not_lost(listed: Listed) -> None:
    header, example = rows(template(listed, xlsx=False))
    (line,) = read(listed, as_csv(header, [example[0], "Martin", *example[2:]]))
    assert line.value is None
    assert "EXEMPLE" in (line.problem or "")
