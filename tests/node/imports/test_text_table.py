"""CSV as spreadsheets write it, and as people break it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.imports.lines import UnreadableFile
from node.imports.text_table import MAX_BYTES, MAX_LINES, Columns, Record, read_table

COLUMNS = Columns(
    names={"prenom": ("first_name",), "metier": ("occupation",), "resume": ("summary",)},
    required=("prenom",),
    long=frozenset({"resume"}),
)


def table(text: str | bytes) -> list[Record]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_table(data, COLUMNS))


def cells(text: str | bytes) -> list[tuple[int, dict[str, str]]]:
    records = table(text)
    assert not any(record.problem for record in records)
    return [(record.line, dict(record.cells)) for record in records]


@pytest.mark.parametrize("header", ["prenom;metier", "Prénom,Métier", "FIRST NAME\toccupation", "first_name;Metier"])
def test_columns_have_french_and_english_names_and_three_separators(header: str) -> None:
    separator = next(sign for sign in ";,\t" if sign in header)
    assert cells(f"{header}\nZoé{separator} N1103 ") == [(2, {"prenom": "Zoé", "metier": "N1103"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, newline: str) -> None:
    text = newline.join(["prénom;métier", "Zoé;œuvre", "Noël;N1103", ""])
    assert [row["prenom"] for _, row in cells(text.encode(encoding))] == ["Zoé", "Noël"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n \n",
        b"\n\n\n",
        "prenom;metier\nZoé;x".encode("utf-16-le"),
        b"PK\x03\x04...",
        "prenom;metier\nZoé;x".encode("utf-16")[:-1],
        b"prenom\n\x81\x8d\x9dx\xa7y\xb6z",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"sep=;\n",
        "prenom\nZoé".encode() + b"\n\xc3",
        b"nom;metier\nx;y",
        b"prenom;first_name\nx;y",
        b'prenom;"metier\nx;y',
        b"x" * (MAX_BYTES + 1),
        b"prenom\n" + b"a\n" * MAX_LINES,
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        table(data)
    assert str(refused.value).endswith(".")


def test_a_missing_column_is_named() -> None:
    with pytest.raises(UnreadableFile, match="prenom"):
        table("metier\nN1103")


def test_line_numbers_are_an_editors_and_empty_lines_are_left_out() -> None:
    text = 'prenom;resume\n\nZoé;"two\nlines; and ""quotes"""\n;\nLéo;x\n'
    assert cells(text) == [
        (3, {"prenom": "Zoé", "resume": 'two\nlines; and "quotes"'}),
        (6, {"prenom": "Léo", "resume": "x"}),
    ]


@pytest.mark.parametrize("broken", ['"Zoé;N1103;', 'Zoé;"N1103"x;', 'Zoé;N1103;"x"y', "Zo\0é;;", "Zoé;a;b;c"])
def test_a_broken_line_costs_itself_alone(broken: str) -> None:
    records = table(f'prenom;metier;resume\nLéo;N1103;a\n{broken}\nNoé;N1103;b\nAna;"N1103";"c\nd"\n')
    assert [(record.line, bool(record.problem)) for record in records] == [
        (2, False),
        (3, True),
        (4, False),
        (5, False),
    ]


def test_a_quote_inside_a_bare_cell_is_a_sign_like_any_other() -> None:
    assert cells('prenom;resume\nLéo;écran 15"\nAna;x\n')[0] == (2, {"prenom": "Léo", "resume": 'écran 15"'})


def test_a_quote_that_another_line_could_close_hides_nothing_between_them() -> None:
    records = table('prenom;metier\n"Zoé;N1103\nLéo;N1103\nAna";N1103\n')
    assert [(record.line, bool(record.problem)) for record in records] == [(2, True), (3, False), (4, False)]
    assert records[2].cells["prenom"] == 'Ana"'


def test_cells_beyond_the_header_may_be_empty_and_controls_go() -> None:
    assert cells("prenom;metier\nZo\x1b[31mé‮;N1103;;\n") == [(2, {"prenom": "Zo[31mé", "metier": "N1103"})]


def test_what_is_missing_at_the_end_of_a_line_is_empty() -> None:
    assert cells("prenom;metier;resume\nZoé\nLéo;N1103\n") == [
        (2, {"prenom": "Zoé"}),
        (3, {"prenom": "Léo", "metier": "N1103"}),
    ]


def test_a_line_is_as_wide_as_the_header_and_the_last_column_is_named() -> None:
    (record,) = table("prenom;metier;;\nZoé;N1103;;quai nord\n")
    assert "metier" in record.problem
    assert "quai nord" not in record.problem.replace('"quai nord;', "")


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;", "\ufeffsep=;"])
def test_the_line_that_tells_a_spreadsheet_the_separator_is_passed_over(first: str) -> None:
    assert cells(f"{first}\nprenom;resume\nZoé;a,b,c\n") == [(3, {"prenom": "Zoé", "resume": "a,b,c"})]


@pytest.mark.parametrize("sign", ";,\t|~^")
def test_any_sign_may_be_told_as_the_separator(sign: str) -> None:
    assert cells(f"sep={sign}\nprenom{sign}metier\nZoé{sign}N1103\n") == [(3, {"prenom": "Zoé", "metier": "N1103"})]


simple = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Zs"]), max_size=8)


@given(st.lists(st.tuples(simple.filter(bool), simple), max_size=8), st.sampled_from(";,\t"))
def test_what_a_csv_writer_writes_is_read_back(rows: list[tuple[str, str]], delimiter: str) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerows([("prenom", "resume"), *rows])
    data = file.getvalue().encode("utf-8-sig")
    assert [(row["prenom"], row["resume"]) for _, row in cells(data)] == rows


@given(st.binary(max_size=300))
def test_any_bytes_give_records_or_one_sentence(data: bytes) -> None:
    try:
        records = table(b"prenom;resume\n" + data)
    except UnreadableFile as error:
        assert str(error)
    else:
        numbers = [record.line for record in records]
        assert numbers == sorted(set(numbers))
