"""The pictures of a scanned page, put together as the page shows them.

Guarantees: where a picture stands, which way up and whether mirrored is told by the matrices under which the page draws
it and by the page's own rotation (ISO 32000-1, 8.3 and 7.7.3.3), not by the picture's file; strips and tiles of one
page come out as one picture, no larger than what is read. Read next: `pictures.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import atan2, degrees
from typing import Any, Final

from PIL import Image
from pypdf import PageObject
from pypdf.errors import PyPdfError
from pypdf.generic import ContentStream, DictionaryObject

from node.reading.matrices import UNMOVED, Matrix, matrix_of, rotation, times
from node.reading.pictures import READ_SIDE, opened
from node.reading.problems import Unreadable
from node.reading.shapes import ReadingLimits

_DEEPEST: Final = 4
_MOST: Final = 40
_LEAST_PART: Final = 0.02
"""Of the area of the largest picture of the page; smaller ones are signatures and logos."""
_TURNS: Final = {
    (0, False): None,
    (90, False): Image.Transpose.ROTATE_90,
    (180, False): Image.Transpose.ROTATE_180,
    (270, False): Image.Transpose.ROTATE_270,
    (0, True): Image.Transpose.FLIP_TOP_BOTTOM,
    (90, True): Image.Transpose.TRANSVERSE,
    (180, True): Image.Transpose.FLIP_LEFT_RIGHT,
    (270, True): Image.Transpose.TRANSPOSE,
}
"""By where the picture's own right-hand side points, counter-clockwise from the page's, and whether it is mirrored."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A picture of the page, by its key in `page.images` (the forms that hold it before its name), and the matrix that
    takes its unit square to the page."""

    key: list[str]
    matrix: Matrix

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        a, b, c, d, e, f = self.matrix
        xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def area(self) -> float:
        left, bottom, right, top = self.box
        return (right - left) * (top - bottom)

    @property
    def turn(self) -> Image.Transpose | None:
        a, b, c, d, _, _ = self.matrix
        angle = round(degrees(atan2(b, a)) / 90) % 4 * 90
        return _TURNS[angle, a * d - b * c < 0]


def page_picture(page: PageObject, limits: ReadingLimits) -> Image.Image | None:
    """What a person sees of the page's pictures, upright; None where there is none that can be read."""
    turned = rotation(page.rotation)
    placed = [_Placed(one.key, times(one.matrix, turned)) for one in _drawn(page)]
    largest = max((one.area for one in placed), default=0.0)
    large = [one for one in placed if one.area > _LEAST_PART * largest]
    shown = [(one, picture) for one in large for picture in _opened(page, one, limits)]
    if len(shown) <= 1:
        return next((picture for _, picture in shown), None)
    return _together(shown)


def _together(shown: list[tuple[_Placed, Image.Image]]) -> Image.Image:
    """Several pictures at their places, as sharp as the sharpest."""
    boxes = [one.box for one, _ in shown]
    left, top = min(box[0] for box in boxes), max(box[3] for box in boxes)
    width, height = max(box[2] for box in boxes) - left, top - min(box[1] for box in boxes)
    sharp = max(picture.width / max(one.box[2] - one.box[0], 1e-6) for one, picture in shown)
    scale = min(sharp, READ_SIDE / max(width, height))
    page = Image.new("RGB", (max(1, round(width * scale)), max(1, round(height * scale))), "white")
    for (_, picture), box in zip(shown, boxes, strict=True):
        corner = round((box[0] - left) * scale), round((top - box[3]) * scale)
        end = round((box[2] - left) * scale), round((top - box[1]) * scale)
        size = max(1, end[0] - corner[0]), max(1, end[1] - corner[1])
        page.paste(picture.resize(size, Image.Resampling.BICUBIC), corner)
    return page


def _opened(page: PageObject, placed: _Placed, limits: ReadingLimits) -> Iterator[Image.Image]:
    """The picture, turned as the page shows it, if it can be opened."""
    try:
        data = page.images[placed.key if placed.key[1:] else placed.key[0]].data
        # A viewer does not ask the EXIF of a picture within a page.
        picture, _ = opened(data, limits)
    except (PyPdfError, Unreadable, OSError, ValueError, KeyError, NotImplementedError):
        return
    yield picture if placed.turn is None else picture.transpose(placed.turn)


def _drawn(page: PageObject) -> list[_Placed]:
    contents = page.get_contents()
    if contents is None:
        return []
    found: list[_Placed] = []
    _walk(page, contents, page.get("/Resources"), UNMOVED, [], found)
    return found


def _walk(
    page: PageObject, contents: ContentStream, resources: Any, matrix: Matrix, above: list[str], found: list[_Placed]
) -> None:
    """Note the pictures that a content stream draws, and those of the forms that it draws (`above`: their names)."""
    resources = resources.get_object() if resources is not None else DictionaryObject()
    objects = resources.get("/XObject", DictionaryObject()).get_object()
    kept: list[Matrix] = []
    inline = 0
    for operands, operator in contents.operations:
        if len(found) >= _MOST:
            return
        match operator:
            case b"q":
                kept.append(matrix)
            case b"Q" if kept:
                matrix = kept.pop()
            case b"cm" if len(operands) == 6:
                matrix = times(matrix_of(operands), matrix)
            case b"INLINE IMAGE":
                found.append(_Placed([*above, f"~{inline}~"], matrix))
                inline += 1
            case b"Do" if operands and operands[0] in objects:
                name, drawn = str(operands[0]), objects[operands[0]].get_object()
                if drawn.get("/Subtype") == "/Image":
                    found.append(_Placed([*above, name], matrix))
                elif drawn.get("/Subtype") == "/Form" and len(above) < _DEEPEST:
                    own = times(matrix_of(drawn.get("/Matrix", UNMOVED)), matrix)
                    inside = ContentStream(drawn, page.pdf)
                    _walk(page, inside, drawn.get("/Resources", resources), own, [*above, name], found)
