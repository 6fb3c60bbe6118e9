"""What a font of a PDF says of a string: its characters, and how far each moves the pen.

Guarantees: widths are those of the file (ISO 32000-1, 9.2.4, 9.6.2 and 9.7.4.3), with the defaults that the standard
gives where it says none: /DW, 1000 without it; /MissingWidth, 0 without it; without any table those of a standard font.
Read next: `strings.py`, which places them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pypdf.generic import DictionaryObject

# pypdf has no public way to read the characters of a string.
from pypdf.generic._font import Font as Characters

_STANDARD: Final = "/Helvetica"
_FIXED_PITCH, _SERIF = 0x1, 0x2
_MOST_CODES: Final = 65_536
_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class PdfFont:
    """A font, ready to read strings. Widths are in thousandths of the type's size."""

    characters: Characters
    widths: dict[int, float]
    default: float | None
    standard: Characters
    double: bool
    unit: float = 1.0
    seen: dict[int, tuple[str, float]] = field(default_factory=dict)

    @property
    def is_vague(self) -> bool:
        """Whether the file tells no width of its own for most signs."""
        return len(self.widths) <= _FEW

    def glyphs(self, string: bytes) -> Iterator[tuple[str, float, bool]]:
        """Of each code of a string: its characters, its width, and whether it is the single-byte code 32, to which the
        spacing of words applies."""
        codes = (int.from_bytes(string[at : at + 2]) for at in range(0, len(string) - 1, 2)) if self.double else string
        for code in codes:
            if code not in self.seen:
                text = self._text(code)
                self.seen[code] = text, self._width(code, text)
            yield *self.seen[code], code == 32 and not self.double

    def drawn(self, text: str) -> float:
        """How wide a text most likely is on the page, whatever the file says."""
        return sum(self.standard.character_widths.get(sign, 556.0) for sign in text)

    def _text(self, code: int) -> str:
        encoding = self.characters.encoding
        if isinstance(encoding, str):
            data = code.to_bytes(2) if self.double else bytes([code])
            sign = data.decode(encoding, "replace") if encoding else chr(code)
        else:
            sign = encoding.get(code, chr(code))
        return str(self.characters.character_map.get(sign, sign))

    def _width(self, code: int, text: str) -> float:
        width = self.widths.get(code, self.default)
        return self.drawn(text) if width is None else width * self.unit


def read_font(resource: DictionaryObject) -> PdfFont:
    """A font of a page's resources. Raises whatever pypdf does for a damaged one."""
    below: Any = resource.get("/DescendantFonts")
    inner: Any = below.get_object()[0].get_object() if below is not None else resource
    descriptor = inner.get("/FontDescriptor")
    descriptor = descriptor.get_object() if descriptor is not None else DictionaryObject()
    name, flags = str(resource.get("/BaseFont", "")), int(descriptor.get("/Flags", 0) or 0)
    scaled: Any = resource.get("/FontMatrix")
    unit = float(scaled.get_object()[0]) * 1000 if scaled is not None else 1.0
    default: float | None
    if below is not None:
        widths, default = dict(_composite(inner.get("/W"))), float(inner.get("/DW", 1000))
    elif "/Widths" in resource:
        first = int(resource.get("/FirstChar", 0))
        listed: Any = resource["/Widths"].get_object()
        widths = {first + number: float(width.get_object()) for number, width in enumerate(listed[:_MOST_CODES])}
        default = float(descriptor.get("/MissingWidth", 0))
    else:
        widths, default = {}, None
    return PdfFont(
        characters=Characters.from_font_resource(resource),
        widths=widths,
        default=default,
        standard=Characters.from_core_font_name(_standard(name, flags)),
        double=below is not None,
        unit=unit,
    )


def _composite(listed: Any) -> Iterator[tuple[int, float]]:
    """/W: "first [w w w]" and "first last w" in turn."""
    items = [item.get_object() for item in listed.get_object()] if listed is not None else []
    at = 0
    while at + 1 < len(items):
        first = int(items[at])
        if isinstance(items[at + 1], list):
            yield from ((first + number, float(width.get_object())) for number, width in enumerate(items[at + 1]))
            at += 2
        elif at + 2 < len(items):
            last = min(int(items[at + 1]), first + _MOST_CODES)
            yield from ((code, float(items[at + 2])) for code in range(first, last + 1))
            at += 3
        else:
            return


def _standard(name: str, flags: int) -> str:
    """The standard font that stands for one of this name (9.6.2.2) and these flags (9.8.2)."""
    bold = "-Bold" if "bold" in name.lower() else ""
    if "courier" in name.lower() or flags & _FIXED_PITCH:
        return "/Courier" + bold
    if "times" in name.lower() or flags & _SERIF:
        return "/Times" + (bold or "-Roman")
    return _STANDARD + bold
