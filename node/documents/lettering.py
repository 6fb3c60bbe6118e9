"""What may be printed: which characters our fonts have, and the spaces and quotes that French wants.

Guarantees: `printable` returns text that the typesetter sets without complaint, whatever came in; `unprintable` names
what it had to leave out, so that a page can say so. Names and addresses are never retouched beyond that: `typographic`
is for sentences and labels only.

Read next: `typesetting.py`, which refuses what has not passed through here.
"""

import re
import struct
import unicodedata
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Final

FONT_FILES: Final = (
    "SourceSans3-Regular.ttf",
    "SourceSans3-SemiBold.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
)
MISSING: Final = "□"
"""Stands for a letter or digit of a script that no font of ours has; signs and pictures are left out instead."""

NARROW: Final = "\u202f"
WIDE: Final = "\u00a0"

_BREAKS: Final = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")
_JOINERS: Final = "\u200c\u200d"
_BEFORE_HIGH: Final = re.compile(r"(?<=[^\s\d(\[/])[ \u00a0\u202f]+(?=[;!?%])")
_BEFORE_COLON: Final = re.compile(r"(?<=\S)[ \u202f]+(?=:(?:\s|$))")
_OPENED: Final = re.compile(r"«[ \u00a0\u202f]*")
_CLOSING: Final = re.compile(r"[ \u00a0\u202f]*»")
_AFTER_DIGIT: Final = re.compile(r"(?<=\d)[ \u00a0\u202f]+(?=[€%;!?]|(?:km|kg|h|ans?|mois|m²|cm³)\b)")
_THOUSANDS: Final = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_APOSTROPHE: Final = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_«\"“])")
_DOTS: Final = re.compile(r"\.{3,}")


def typographic(text: str) -> str:
    """A French sentence as a typesetter would set it: unbreakable spaces, curved apostrophes, one ellipsis. Only spaces
    that are there change width; around « » they are put in."""
    text = _APOSTROPHE.sub("’", _DOTS.sub("…", text))
    text = _CLOSING.sub(WIDE + "»", _OPENED.sub("«" + WIDE, text))
    text = _BEFORE_COLON.sub(WIDE, _BEFORE_HIGH.sub(NARROW, text))
    return _AFTER_DIGIT.sub(WIDE, _THOUSANDS.sub(NARROW, text))


def printable(text: str) -> str:
    """The text composed (NFC), without controls, direction overrides or pictures; a letter that no font has becomes
    `MISSING`. Line breaks stay, tabulations become spaces."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    changed = {ord(letter): shown for letter in set(composed) if (shown := _as_printed(letter)) != letter}
    # What stood between a letter and its accent is gone: the two are one now, which a font may have or not.
    return printable(composed.translate(changed)) if changed else composed


def unprintable(*texts: str) -> str:
    """The distinct letters that `printable` replaces or leaves out and that a reader would miss, in order; controls
    and joiners are no loss."""
    composed = unicodedata.normalize("NFC", "".join(texts))
    lost = {
        letter
        for letter in set(composed)
        if _as_printed(letter) != letter and not unicodedata.category(letter).startswith(("C", "Z"))
    }
    return "".join(sorted(lost, key=composed.index))


def one_line(text: str) -> str:
    """What is printable of the text, with every run of spaces and line breaks made one space; unbreakable spaces stay
    where they hold words together."""
    return _BREAKS.sub(" ", printable(text)).strip()


def shortened(text: str, most: int) -> str:
    """The text within `most` characters, cut between words where there are any, with an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    head, _, tail = cut.rpartition(" ")
    return (head if head and len(tail) < 30 else cut).rstrip(" ,;:.–-\u00a0\u202f") + "…"


def de(name: str) -> str:
    """« de Paul », « d’Aïcha »: elided before a vowel, not before an h."""
    first = unicodedata.normalize("NFD", name[:1]).lower()[:1]
    return f"d’{name}" if first and first in "aeiouœæ" else f"de {name}"


@cache
def _as_printed(character: str) -> str:
    if character == "\n" or character in _JOINERS:
        return character
    if character == "\t":
        return " "
    kind = unicodedata.category(character)
    if kind.startswith("Z"):
        return character if ord(character) in _covered() else " "
    if kind.startswith("C"):
        return ""
    if ord(character) in _covered():
        return character
    return MISSING if kind.startswith(("L", "N")) else ""


@cache
def _covered() -> frozenset[int]:
    """Code points that can be set: both weights of the Latin font have them, or a font of another script has."""
    regular, semibold, *others = (_character_map(name) for name in FONT_FILES)
    return frozenset((regular & semibold).union(*others))


def _character_map(name: str) -> frozenset[int]:
    """Code points of a TrueType font, from its Unicode `cmap` subtables (OpenType specification, formats 4 and 12)."""
    font = files(__package__).joinpath("fonts", name).read_bytes()
    tables = struct.unpack_from(">H", font, 4)[0]
    entries = (struct.unpack_from(">4sIII", font, 12 + 16 * index) for index in range(tables))
    start = next(offset for tag, _, offset, _ in entries if tag == b"cmap")
    found: set[int] = set()
    for index in range(struct.unpack_from(">H", font, start + 2)[0]):
        _, _, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * index)
        at = start + offset
        match struct.unpack_from(">H", font, at)[0]:
            case 4:
                found.update(chain.from_iterable(_segments(font, at)))
            case 12:
                count = struct.unpack_from(">I", font, at + 12)[0]
                groups = (struct.unpack_from(">III", font, at + 16 + 12 * group) for group in range(count))
                found.update(chain.from_iterable(range(first, last + 1) for first, last, _ in groups))
    return frozenset(found)


def _segments(font: bytes, at: int) -> list[range]:
    """Ranges of a format 4 subtable. In ours every code point of a segment has a glyph (a test compares)."""
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + 2 * count)
    return [range(first, last + 1) for first, last in zip(starts, ends, strict=True) if first != 0xFFFF]
