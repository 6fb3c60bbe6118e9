"""The words of a PDF page, each with its place.

A page shows strings, and moves between them; a space is a glyph, a move, or both. Words end where the pen jumps by more
than a tenth of the type's size, as for `pdftotext` (poppler, TextOutputDev), whichever operator moves it. Guarantees:
every string of the page and of its forms comes out once; bounded by the operations of the content.

Read next: `fonts.py`; `pdf.py`, which makes lines of the words.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import hypot
from typing import Any, Final

from pypdf import PageObject
from pypdf.errors import PyPdfError
from pypdf.generic import ContentStream, DictionaryObject

from node.reading.fonts import PdfFont, read_font
from node.reading.matrices import UNMOVED, Matrix, matrix_of, rotation, times

BREAK: Final = 0.1
"""Of the type's size: a jump that parts two words."""
_KERNING: Final = 0.35
_DEEPEST: Final = 4
_MOST: Final = 60_000


@dataclass(slots=True)
class Word:
    """Signs without a space. `turn`: quarter turns counter-clockwise from upright; `left`, `right` and `base` are then
    measured as if it stood upright. `reach` is how far it reaches to the eye: beyond `right` where the file does not
    tell the widths of its letters. `spaces`: how many space glyphs stand before it."""

    text: str
    left: float
    right: float
    base: float
    size: float
    turn: int
    reach: float
    spaces: int = 0


@dataclass(slots=True)
class _State:
    """The graphics state, as far as text knows it."""

    matrix: Matrix
    font: PdfFont | None = None
    size: float = 0.0
    between: float = 0.0
    between_words: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0


@dataclass(slots=True)
class _Reader:
    """Reads content streams into words."""

    page: PageObject
    words: list[Word] = field(default_factory=list)
    fonts: dict[int, PdfFont | None] = field(default_factory=dict)
    word: Word | None = None
    spaces: int = 0
    font_of_word: PdfFont | None = None

    def read(self, contents: ContentStream, resources: Any, state: _State, depth: int) -> None:
        """The operators of 9.3 and 9.4, and those that move the page under them."""
        resources = resources.get_object() if resources is not None else DictionaryObject()
        kept: list[_State] = []
        text = line = UNMOVED
        for operands, operator in contents.operations:
            if len(self.words) >= _MOST:
                return
            try:
                match operator:
                    case b"q":
                        kept.append(replace(state))
                    case b"Q" if kept:
                        state = kept.pop()
                    case b"cm":
                        state.matrix = times(matrix_of(operands), state.matrix)
                    case b"BT":
                        text = line = UNMOVED
                    case b"Tf":
                        state.font, state.size = self._font(resources, operands[0]), float(operands[1])
                    case b"Tc":
                        state.between = float(operands[0])
                    case b"Tw":
                        state.between_words = float(operands[0])
                    case b"Tz":
                        state.stretch = float(operands[0]) / 100
                    case b"TL":
                        state.leading = float(operands[0])
                    case b"Ts":
                        state.rise = float(operands[0])
                    case b"Tm":
                        text = line = matrix_of(operands)
                    case b"Td" | b"TD":
                        if operator == b"TD":
                            state.leading = -float(operands[1])
                        text = line = times((1, 0, 0, 1, float(operands[0]), float(operands[1])), line)
                    case b"T*" | b"'" | b'"':
                        text = line = times((1, 0, 0, 1, 0, -state.leading), line)
                        if operator == b'"':
                            state.between_words, state.between = float(operands[0]), float(operands[1])
                        if operator != b"T*" and isinstance(operands[-1], bytes):
                            text = self._show(operands[-1], state, text)
                    case b"Tj" if isinstance(operands[0], bytes):
                        text = self._show(operands[0], state, text)
                    case b"TJ":
                        for item in operands[0]:
                            if isinstance(item, bytes):
                                text = self._show(item, state, text)
                            else:
                                moved = -float(item) / 1000 * state.size * state.stretch
                                text = times((1, 0, 0, 1, moved, 0), text)
                    case b"Do" if depth < _DEEPEST:
                        self._form(operands[0], resources, state, depth)
            except (ValueError, TypeError, IndexError, KeyError, AttributeError):
                # An operator with the wrong operands moves nothing: the next one may be sound.
                continue

    def _form(self, name: Any, resources: Any, state: _State, depth: int) -> None:
        drawn = resources["/XObject"].get_object()[name].get_object()
        if drawn.get("/Subtype") == "/Form":
            inside = replace(state, matrix=times(matrix_of(drawn.get("/Matrix", UNMOVED)), state.matrix))
            self.read(
                ContentStream(drawn, self.page.pdf, "bytes"), drawn.get("/Resources", resources), inside, depth + 1
            )

    def _font(self, resources: Any, name: Any) -> PdfFont | None:
        resource = resources["/Font"].get_object()[name].get_object()
        if id(resource) not in self.fonts:
            try:
                self.fonts[id(resource)] = read_font(resource)
            except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError):
                self.fonts[id(resource)] = None
        return self.fonts[id(resource)]

    def _show(self, string: bytes, state: _State, text: Matrix) -> Matrix:
        """A string from where the pen stands; where it stands then."""
        if state.font is None:
            return text
        begins = True
        for signs, width, is_space in state.font.glyphs(string):
            forward = width / 1000 * state.size
            wide = forward * state.stretch
            at = times(text, state.matrix)
            if signs.strip():
                self._sign(signs, state, at, wide, begins=begins)
            else:
                self.word, self.spaces = None, self.spaces + 1
            begins = False
            moved = (forward + state.between + state.between_words * is_space) * state.stretch
            text = times((1, 0, 0, 1, moved, 0), text)
        return text

    def _sign(self, signs: str, state: _State, at: Matrix, wide: float, *, begins: bool) -> None:
        """One glyph under a matrix: more of the last word, or the first of the next."""
        a, b, c, d, e, f = at
        e, f = e + c * state.rise, f + d * state.rise
        size = abs(state.size) * hypot(c, d)
        across = wide * hypot(a, b)
        turn = 0 if abs(a) >= abs(b) and a >= 0 else 2 if abs(a) >= abs(b) else 1 if b > 0 else 3
        left, base = ((e, f), (f, -e), (-e, -f), (-f, e))[turn]
        last = self.word
        if last is not None and (last.turn, self.font_of_word) == (turn, state.font) and abs(base - last.base) < 0.5:
            jump = (left - last.right) / size if size else 0.0
            is_vague = state.font is not None and state.font.is_vague
            # A pair such as "L’" is drawn closer; what is drawn upon itself, for bold, is another word.
            closer = BREAK if is_vague or left - last.left < BREAK * size else _KERNING
            if -closer <= jump <= BREAK or not begins or self._only_seems_to_overlap(last, left, size, state.font):
                last.text += signs
                last.right = left + across
                last.reach = self._reach(last, state.font)
                return
        self.word = Word(signs, left, left + across, base, size, turn, 0.0, self.spaces)
        self.word.reach = self._reach(self.word, state.font)
        self.words.append(self.word)
        self.font_of_word, self.spaces = state.font, 0

    @staticmethod
    def _reach(word: Word, font: PdfFont | None) -> float:
        if font is None or not font.is_vague:
            return word.right
        return max(word.right, word.left + font.drawn(word.text) / 1000 * word.size)

    @staticmethod
    def _only_seems_to_overlap(last: Word, left: float, size: float, font: PdfFont | None) -> bool:
        """A jump back, though not before the word began: its widths are not those of the letters that one sees. What
        stands where these would end goes on with the word."""
        if font is None or not font.is_vague or not last.left + BREAK * size < left < last.right - BREAK * size:
            return False
        return left - last.left <= font.drawn(last.text) / 1000 * size + BREAK * size


def words_of(page: PageObject) -> list[Word]:
    """The words of a page as it is shown, its own rotation counted, in the order in which it draws them."""
    if page.get_contents() is None:
        return []
    reader = _Reader(page)
    # Strings as they stand in the file: a font alone knows what they say.
    contents = ContentStream(page["/Contents"].get_object(), page.pdf, "bytes")
    reader.read(contents, page.get("/Resources"), _State(rotation(page.rotation)), 0)
    return [word for word in reader.words if word.size > 0]


def rows_of(words: list[Word]) -> Iterator[list[Word]]:
    """The words of one turn as rows, from the top, each from the left. What is drawn twice, for bold, comes once."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: -word.base):
        if rows and rows[-1][0].base - word.base < 0.5 * min(rows[-1][0].size, word.size):
            rows[-1].append(word)
        else:
            rows.append([word])
    for row in rows:
        row.sort(key=lambda word: word.left)
        kept: list[Word] = []
        for word in row:
            if not any(_is_again(word, other) for other in kept[-3:]):
                kept.append(word)
        yield kept


def _is_again(word: Word, other: Word) -> bool:
    near = BREAK * word.size
    return word.text == other.text and abs(word.left - other.left) < near and abs(word.base - other.base) < near
