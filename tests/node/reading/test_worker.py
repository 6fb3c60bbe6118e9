"""The readers on damaged and hostile bytes, in this process, for speed: they answer, whatever the bytes."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.reading.plain import bounded, html_text, tidy
from node.reading.problems import Fault
from node.reading.shapes import Kind, Line, ReadingLimits
from node.reading.worker import read
from tests.node.reading import files

LIMITS = ReadingLimits(lines=50, characters=2_000)
SAMPLES = {
    "pdf": files.pdf([files.pdf_text(["Nadia Benali", "Cariste"])]),
    "docx": files.docx(files.paragraph("Nadia") + files.table([("a", "b")]) + files.text_box(["c"])),
    "odt": files.odt(files.odt_paragraph("Nadia") + files.odt_table([("a", "b")]) + files.odt_box(["c"])),
    "png": files.encoded(files.page_image(["Nadia"]).resize((60, 40))),
    "eml": files.message("a@example.org", "CV", "Bonjour", [("cv.txt", "text/plain", b"Nadia")]),
    "json": b'{"basics": {"name": "Nadia"}}',
}


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xff\xd8\xff", b"From: a\nSubject: b\n"]),
)
def test_any_bytes_are_answered(data: bytes, beginning: bytes) -> None:
    document = read(beginning + data, "cv.eml", LIMITS)
    assert len(document.lines) <= LIMITS.lines
    assert document.lines or document.problem or document.image or document.kind in (Kind.EMAIL, Kind.JSON_RESUME)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_damaged_file_is_answered(sample: str) -> None:
    chance = random.Random(sample)
    for _ in range(150):
        data = bytearray(SAMPLES[sample])
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if chance.random() < 0.3:
            del data[chance.randrange(len(data)) :]
        document = read(bytes(data), f"cv.{sample}", LIMITS)
        assert len(document.text) <= LIMITS.characters + LIMITS.lines


def test_text_beyond_the_limits_is_cut() -> None:
    document = read(("Nadia Benali\n" * 500).encode(), "cv.txt", LIMITS)
    assert len(document.lines) == LIMITS.lines
    assert read(b"x" * 9_000, "cv.txt", LIMITS).lines[0].text == "x" * 2_000


def test_word_nested_without_end_is_answered() -> None:
    deep = "<w:sdt>" * 3_000 + files.paragraph("fond") + "</w:sdt>" * 3_000
    assert read(files.docx(deep), "cv.docx", ReadingLimits()).problem in (
        Fault.NO_TEXT,
        Fault.UNREADABLE,
    )


@given(st.text(max_size=300))
def test_a_tidy_line_is_plain_and_stays_so(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once and "\n" not in once and not once.startswith(("\t", " "))


@settings(max_examples=50)
@given(st.lists(st.text(max_size=50), max_size=80))
def test_bounded_lines_hold(texts: list[str]) -> None:
    kept = bounded((Line(text) for text in texts), LIMITS)
    assert len(kept) <= LIMITS.lines and all(line.text for line in kept)


@given(st.text(max_size=200))
def test_html_is_answered(html: str) -> None:
    assert "<script" not in html_text(f"<p>{html}</p><script>alert(1)</script>") or "<script" in html
