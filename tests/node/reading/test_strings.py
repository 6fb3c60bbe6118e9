"""Words of a PDF are parted where the pen jumps, by whatever operator and whatever the font says of its widths."""

from collections.abc import Callable, Iterator

import pytest

from node.reading import pdf
from node.reading.shapes import ReadingLimits
from tests.node.reading.files import numbered

LINES = [
    "Nadia Benali",
    "06 12 34 56 78",
    "nadia.benali@exemple.fr",
    "03100 Montluçon",
    "Assistante de direction bilingue",
]
SIZE = 11.0
OWN = {sign: 222 + 37 * number % 500 for number, sign in enumerate(sorted(set("".join(LINES))))}
"""Widths that no font has."""
Show = Callable[[str], str]
Width = Callable[[str], float]


def simple(words: str) -> dict[int, bytes]:
    return {
        6: f"<< /Type /Font /Subtype /TrueType /BaseFont /ABCDEF+Own /Encoding /WinAnsiEncoding {words} >>".encode()
    }


def missing(width: str) -> dict[int, bytes]:
    """No width but that of "!", and a default."""
    descriptor = f"<< /Type /FontDescriptor /FontName /ABCDEF+Own /Flags 32 {width} >>".encode()
    return simple("/FirstChar 33 /LastChar 33 /Widths [500] /FontDescriptor 7 0 R") | {7: descriptor}


def composite(widths: str) -> dict[int, bytes]:
    """A font of two bytes a sign."""
    names = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <0000> <FFFF> "
        b"endcodespacerange 1 beginbfrange <0020> <00FF> <0020> endbfrange endcmap end end"
    )
    system = "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    return {
        6: b"<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Own /Encoding /Identity-H /DescendantFonts [7 0 R] "
        b"/ToUnicode 8 0 R >>",
        7: f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+Own {system} {widths} >>".encode(),
        8: f"<< /Length {len(names)} >>\nstream\n".encode() + names + b"\nendstream",
    }


def one_byte(text: str) -> str:
    return f"({text})"


def two_bytes(text: str) -> str:
    return f"<{''.join(f'{ord(sign):04x}' for sign in text)}>"


def always(width: float) -> Width:
    return lambda _sign: width


LISTED = " ".join(str(OWN.get(chr(code), 0)) for code in range(33, 256))
RANGES = " ".join(f"{ord(sign)} [{width}]" for sign, width in OWN.items())
FONTS: dict[str, tuple[dict[int, bytes], Show, Width]] = {
    "its own widths": (simple(f"/FirstChar 33 /LastChar 255 /Widths [{LISTED}]"), one_byte, OWN.__getitem__),
    "two bytes": (composite(f"/W [{RANGES}]"), two_bytes, OWN.__getitem__),
    "two bytes in a range": (composite("/DW 300 /W [32 255 610]"), two_bytes, always(610)),
    "two bytes, no width": (composite(""), two_bytes, always(1000)),
    **{f"/DW {wide}": (composite(f"/DW {wide}"), two_bytes, always(wide)) for wide in (0, 250, 500, 600, 1200)},
    **{f"default {wide}": (missing(f"/MissingWidth {wide}"), one_byte, always(wide)) for wide in (0, 250, 500, 900)},
    "no default": (missing(""), one_byte, always(0)),
}


def by_td(words: list[str], x: float, y: float, gap: float, show: Show, width: Width) -> Iterator[str]:
    yield f"BT /F1 {SIZE} Tf {x} {y} Td"
    for word in words:
        yield f"{show(word)} Tj {(sum(map(width, word)) / 1000 + gap) * SIZE:.3f} 0 Td"
    yield "ET"


def by_tm(words: list[str], x: float, y: float, gap: float, show: Show, width: Width) -> Iterator[str]:
    for word in words:
        yield f"BT /F1 {SIZE} Tf 1 0 0 1 {x:.3f} {y} Tm {show(word)} Tj ET"
        x += (sum(map(width, word)) / 1000 + gap) * SIZE


def by_tj(words: list[str], x: float, y: float, gap: float, show: Show, width: Width) -> Iterator[str]:
    yield f"BT /F1 {SIZE} Tf {x} {y} Td [{f' {-gap * 1000:.0f} '.join(map(show, words))}] TJ ET"


def by_letters(words: list[str], x: float, y: float, gap: float, show: Show, width: Width) -> Iterator[str]:
    for word in words:
        for sign in word:
            yield f"BT /F1 {SIZE} Tf 1 0 0 1 {x:.3f} {y} Tm {show(sign)} Tj ET"
            x += width(sign) / 1000 * SIZE
        x += gap * SIZE


def by_kerning(words: list[str], x: float, y: float, gap: float, show: Show, width: Width) -> Iterator[str]:
    yield f"BT /F1 {SIZE} Tf {x} {y} Td [{f' {-gap * 1000:.0f} '.join(' 15 '.join(map(show, w)) for w in words)}] TJ ET"


def in_large(words: list[str], x: float, y: float, gap: float, show: Show, width: Width) -> Iterator[str]:
    """The size of the type in the page's matrix."""
    yield f"q {SIZE} 0 0 {SIZE} 0 0 cm BT /F1 1 Tf"
    for word in words:
        yield f"1 0 0 1 {x / SIZE:.4f} {y / SIZE:.4f} Tm {show(word)} Tj"
        x += (sum(map(width, word)) / 1000 + gap) * SIZE
    yield "ET Q"


def page(content: str, font: dict[int, bytes], further: str = "", box: str = "0 0 595 842") -> list[str]:
    data = content.encode("cp1252")
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Resources << /Font << /F1 6 0 R >> "
        f"/XObject << /Fm0 5 0 R >> >> /Contents 4 0 R {further} >>".encode(),
        4: f"<< /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream",
        5: f"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Matrix [1 0 0 1 0 -100] /Length {len(data)} >>"
        "\nstream\n".encode()
        + data
        + b"\nendstream",
    }
    return [line.text for line in pdf.read(numbered(objects | font), ReadingLimits(), "").lines]


@pytest.mark.parametrize("way", [by_td, by_tm, by_tj, by_letters, by_kerning, in_large])
@pytest.mark.parametrize("name", FONTS)
def test_words_set_apart_by_moves_are_words(name: str, way: Callable[..., Iterator[str]]) -> None:
    font, show, width = FONTS[name]
    for gap in (0.2, 0.28, 0.5):
        shown = (way(line.split(), 50.0, 780 - 16 * row, gap, show, width) for row, line in enumerate(LINES))
        assert page("\n".join(part for line in shown for part in line), font) == LINES, gap


def test_a_font_without_any_widths_has_those_of_a_standard_one() -> None:
    helvetica = {"N": 722, "a": 556, "d": 556, "i": 222, "B": 667, "e": 556, "n": 556, "l": 222}
    for name in ("Helvetica", "ABCDEF+Unknown"):
        font = {6: f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()}
        for way in (by_td, by_tm, by_letters):
            content = " ".join(way(["Nadia", "Benali"], 50.0, 700.0, 0.25, one_byte, helvetica.__getitem__))
            assert page(content, font) == ["Nadia Benali"]


FONT = FONTS["its own widths"][0]


def test_every_operator_that_shows_or_moves() -> None:
    content = (
        "BT /F1 10 Tf 12 TL 50 700 Td (Nadia) Tj ( Benali) Tj T* (Cariste) Tj (Drancy) ' 2 0 (Permis B) \" "
        "0 -20 TD 50 Tz (serr) Tj 100 Tz (large) Tj T* 3 Ts (haut) Tj 0 Ts ET"
    )
    assert page(content, FONT) == ["Nadia Benali", "Cariste", "Drancy", "Permis B", "serrlarge", "haut"]


def test_letters_drawn_closer_are_one_word() -> None:
    assert page("BT /F1 10 Tf 50 700 Td [(Nadi) 180 (a) 120 ( Benali)] TJ ET", FONT) == ["Nadia Benali"]


def test_cells_far_apart_stay_cells_and_bold_drawn_twice_is_one() -> None:
    bold = "BT /F1 10 Tf 50 700 Td (Nadia) Tj ET BT /F1 10 Tf 50.3 700 Td (Nadia) Tj ET"
    assert page(f"{bold} BT /F1 10 Tf 200 700 Td (Drancy) Tj ET", FONT) == ["Nadia\tDrancy"]


def test_a_page_that_is_turned_is_read_as_it_is_shown() -> None:
    content = "BT /F1 10 Tf 0 1 -1 0 100 50 Tm (Nadia) Tj 0 1 -1 0 114 50 Tm (Cariste) Tj ET"
    assert page(content, FONT, "/Rotate 90") == ["Nadia", "Cariste"]
    upright = "BT /F1 10 Tf 50 700 Td (Drancy) Tj ET"
    assert page(f"{content} {upright}", FONT) == ["Drancy", "Nadia", "Cariste"]


def test_the_words_of_a_form_are_read_where_it_is_drawn() -> None:
    # The form draws this content again, and itself no deeper than a few times.
    found = page("BT /F1 10 Tf 50 700 Td (Nadia) Tj ET /Fm0 Do", FONT)
    assert 2 <= len(found) <= 6 and set(found) == {"Nadia"}


def test_operators_with_wrong_operands_cost_nothing_else() -> None:
    content = (
        "BT (x) Tj /F9 10 Tf (y) Tj /F1 /A Tf Td [] TJ /F1 10 Tf (a) (b) Td 1 Tm 50 700 Td (Nadia) Tj q Q Q ET /Fm9 Do"
    )
    assert page(content, FONT) == ["Nadia"]
