"""Photographs and scans: an image made anew, and the text that is found in it.

Guarantees: an image of more points than the limit is never decoded; what is kept is a new upright JPEG of the points
alone, so that position, camera, thumbnails and comments are gone; what the camera says of how it was held is followed,
mirrored or not. Where nothing reads it the image is kept, and a person types.

Read next: `recognising.py`, which finds the text.
"""

import io
import warnings
from collections.abc import Mapping
from typing import Final

from PIL import Image, UnidentifiedImageError

from node.reading.plain import bounded
from node.reading.problems import Fault, Unreadable
from node.reading.recognising import OcrFailed, recognise
from node.reading.shapes import Kind, ReadDocument, ReadingLimits

_FORMATS = ("PNG", "JPEG", "WEBP")
_KEPT_SIDE = 2400
READ_SIDE = 3400
"""The most points on a side of what is read."""
# WebP is decoded whole, three times over in memory.
_WEBP_PIXELS = 12_000_000
_LEAST_SIDE = 8
_LEAST_PAGE = 200
"""Nobody could read a page of fewer points, and a signature's logos cost a second each."""
_BAND = 256
_ORIENTATION = 0x0112
_QUALITY = 85
_CONTRAST = 8
_TURNS: Final[Mapping[int, Image.Transpose]] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation -> what makes the picture upright."""


def read(data: bytes, limits: ReadingLimits, ocr: str) -> ReadDocument:
    """The image, and its lines when tesseract is at `ocr`. Raises `Unreadable` and MemoryError."""
    picture, orientation = opened(data, limits)
    turn = _TURNS.get(orientation)
    return read_image(picture.transpose(turn) if turn is not None else picture, limits, ocr)


def read_image(picture: Image.Image, limits: ReadingLimits, ocr: str) -> ReadDocument:
    """As `read`, for the points themselves, upright as far as is known. Raises `Unreadable` and MemoryError."""
    text = picture.convert("L")
    used = [value for value, count in enumerate(text.histogram()) if count]
    if used[-1] - used[0] < _CONTRAST:
        raise Unreadable(Fault.BLANK_IMAGE)
    picture.thumbnail((_KEPT_SIDE, _KEPT_SIDE))
    if max(text.size) < _LEAST_PAGE:
        return ReadDocument(kind=Kind.IMAGE, pages=1, image=_encoded(picture), problem=Fault.NO_TEXT)
    if not ocr:
        return ReadDocument(kind=Kind.IMAGE, pages=1, image=_encoded(picture), problem=Fault.NO_OCR)
    try:
        found = recognise(text, ocr)
    except OcrFailed as failed:
        image = _encoded(picture)
        return ReadDocument(kind=Kind.IMAGE, pages=1, image=image, problem=Fault.OCR_FAILED, fault=str(failed))
    if found.turn is not None:
        picture = picture.transpose(found.turn)
    lines = bounded(found.lines, limits)
    problem = Fault.NO_WORDS if found.garbled else None if lines else Fault.NO_TEXT
    return ReadDocument(kind=Kind.IMAGE, pages=1, image=_encoded(picture), lines=lines, problem=problem)


def opened(data: bytes, limits: ReadingLimits) -> tuple[Image.Image, int]:
    """The points of a picture's file, as RGB on white, at most `READ_SIDE` on a side, and the orientation that its
    EXIF tells, 1 to 8 (CIPA DC-008, 4.6.5.1). Raises `Unreadable`."""
    Image.MAX_IMAGE_PIXELS = limits.pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image: Image.Image = Image.open(io.BytesIO(data), formats=_FORMATS)
            width, height = image.size
            if width * height > (min(limits.pixels, _WEBP_PIXELS) if image.format == "WEBP" else limits.pixels):
                raise Unreadable(Fault.IMAGE_TOO_LARGE)
            if min(width, height) < _LEAST_SIDE:
                raise Unreadable(Fault.BLANK_IMAGE)
            scale = min(1.0, READ_SIDE / max(width, height))
            image.draft("RGB", (int(width * scale), int(height * scale)))
            image.load()
    except Image.DecompressionBombError as error:
        raise Unreadable(Fault.IMAGE_TOO_LARGE) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Unreadable(Fault.UNREADABLE) from error
    return flattened(image), image.getexif().get(_ORIENTATION, 1)


def _encoded(picture: Image.Image) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=_QUALITY, optimize=True)
    return kept.getvalue()


def flattened(image: Image.Image) -> Image.Image:
    """The image on white and within `READ_SIDE`, made band by band: a second copy of 40 million points is too much."""
    factor = -(-max(image.size) // READ_SIDE)
    flat = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)), "white")
    for top in range(0, flat.height, _BAND):
        bottom = min(image.height, (top + _BAND) * factor)
        band = image.crop((0, top * factor, image.width, bottom))
        if band.mode in ("P", "PA", "LA", "La", "RGBA", "RGBa"):
            band = band.convert("RGBA").reduce(factor)
            flat.paste(band, (0, top), mask=band.getchannel("A"))
        else:
            if band.mode.startswith(("I", "F")):
                band = band.point(lambda value: value / 256).convert("L")
            flat.paste(band.convert("RGB").reduce(factor), (0, top))
    return flat
