"""The bounds within which official files are read, each with its own sentence."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.kit.errors import BadInput
from node.referential import official_files
from node.referential.official_files import MAX_CELL, CsvReader, OfficialFile, opened

ANY_TABLE = re.compile(r".*\.csv")
cells = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Co", "Cn"]), max_size=20)


def reader_of(content: bytes) -> CsvReader:
    return CsvReader(OfficialFile("table.csv", len(content), lambda: io.BytesIO(content)), lambda step: None)


def rows_of(content: bytes, columns: Sequence[str] = ("a", "b")) -> list[list[str]]:
    return list(reader_of(content).rows(columns))


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=6))
def test_a_table_is_read_as_it_was_written(rows: list[tuple[str, str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([("b", "a"), *rows])
    expected = [[second.replace("’", "'"), first.replace("’", "'")] for first, second in rows]
    assert rows_of(text.getvalue().encode()) == expected
    assert rows_of(text.getvalue().encode("utf-8-sig")) == expected


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_refusal(content: bytes) -> None:
    try:
        rows = rows_of(b"a,b\n" + content)
    except BadInput as error:
        assert "table.csv" in str(error)
    else:
        assert all(len(row) == 2 and "\n" not in "".join(row) for row in rows)


def test_empty_lines_are_passed_by_and_titles_may_be_in_any_case() -> None:
    assert rows_of(b"#A, B \n\n1,2\n\n3,4\n") == [["1", "2"], ["3", "4"]]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    with pytest.raises(BadInput, match=r"table\.csv\D+\b5\b"):
        rows_of(b'a,b\n"deux\nlignes",2\n3,4\n5\n')


def test_too_many_rows_and_too_long_a_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match=str(MAX_CELL)):
        rows_of(b"a,b\n1," + b"x" * (MAX_CELL + 1) + b"\n")
    monkeypatch.setattr(official_files, "MAX_ROWS", 2)
    assert len(rows_of(b"a,b\n" + b"1,2\n" * 2)) == 2
    with pytest.raises(BadInput, match=r"\b4\b"):
        rows_of(b"a,b\n" + b"1,2\n" * 3)


def test_a_file_longer_than_it_said_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(official_files, "MAX_FILE", 1000)
    reader = CsvReader(OfficialFile("table.csv", 10, lambda: io.BytesIO(b"a,b\n" * 100_000)), lambda step: None)
    with pytest.raises(BadInput):
        list(reader.rows(("a", "b")))
    assert reader.line < 300


def test_archives_with_too_many_files_or_too_much_in_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(4):
            archive.writestr(f"{number}.csv", b"a,b\n1,2\n" * 100)
    with opened(path, ANY_TABLE) as files:
        assert sorted(files) == ["0.csv", "1.csv", "2.csv", "3.csv"]
    monkeypatch.setattr(official_files, "MAX_MEMBERS", 3)
    with pytest.raises(BadInput, match="archive"), opened(path, ANY_TABLE):
        pass
    monkeypatch.setattr(official_files, "MAX_MEMBERS", 9)
    monkeypatch.setattr(official_files, "MAX_ARCHIVE", 3000)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"{number}.csv", b"a,b\n1,2\n" * 100)
    assert path.stat().st_size < 3000
    with pytest.raises(BadInput, match=r"MB|Mo"), opened(path, ANY_TABLE):
        pass


def test_a_disk_that_fails_is_not_called_a_damaged_file() -> None:
    def failing() -> io.BytesIO:
        raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        list(CsvReader(OfficialFile("table.csv", 10, failing), lambda step: None).rows(("a",)))
