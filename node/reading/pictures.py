"""Photographs and scans: an image made anew, and the text that tesseract finds in it.

Guarantees: an image of more points than the limit is never decoded; what is kept is a new upright JPEG of the points
alone, so that position, camera, thumbnails and comments are gone; tesseract runs as a program of its own, on one core,
under the limits of the worker. Where it is absent or fails the image is kept, and a person types.

Read next: `layout.py`, which puts the words found in order.
"""

import io
import subprocess
import warnings
from collections.abc import Iterator
from statistics import median

from msgspec.structs import replace
from PIL import Image, ImageOps, UnidentifiedImageError

from node.reading.layout import TextPiece, reading_order
from node.reading.plain import bounded
from node.reading.problems import Fault, Unreadable
from node.reading.shapes import Kind, Line, ReadDocument, ReadingLimits

_FORMATS = ("PNG", "JPEG", "WEBP")
_KEPT_SIDE = 2400
_READ_SIDE = 3400
_SMALL_SIDE = 1600
# WebP is decoded whole, three times over in memory.
_WEBP_PIXELS = 12_000_000
_LEAST_SIDE = 8
_BAND = 256
_ORIENTATION = 0x0112
_QUALITY = 85
_CONTRAST = 8
_CONFIDENCE = 30.0
_OCR_SECONDS = 25.0


class _Failed(Exception):
    """Tesseract is there, and did not read; the text says why, for the log."""


def read(data: bytes, limits: ReadingLimits, ocr: str) -> ReadDocument:
    """The image, and its lines when tesseract is at `ocr`. Raises `Unreadable` and MemoryError."""
    picture = _upright(data, limits)
    text = picture.convert("L")
    used = [value for value, count in enumerate(text.histogram()) if count]
    if used[-1] - used[0] < _CONTRAST:
        raise Unreadable(Fault.BLANK_IMAGE)
    picture.thumbnail((_KEPT_SIDE, _KEPT_SIDE))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=_QUALITY, optimize=True)
    del picture
    document = ReadDocument(kind=Kind.IMAGE, pages=1, image=kept.getvalue(), problem=Fault.NO_OCR)
    if not ocr:
        return document
    try:
        lines = bounded(_recognised(text, ocr), limits)
    except _Failed as failed:
        return replace(document, problem=Fault.OCR_FAILED, fault=str(failed))
    return replace(document, lines=lines, problem=None if lines else Fault.NO_TEXT)


def _upright(data: bytes, limits: ReadingLimits) -> Image.Image:
    """The points, as RGB on white, turned as the camera was held, at most `_READ_SIDE` on a side."""
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
            scale = min(1.0, _READ_SIDE / max(width, height))
            image.draft("RGB", (int(width * scale), int(height * scale)))
            image.load()
    except Image.DecompressionBombError as error:
        raise Unreadable(Fault.IMAGE_TOO_LARGE) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Unreadable(Fault.UNREADABLE) from error
    orientation = image.getexif().get(_ORIENTATION, 1)
    flat = _flattened(image)
    turn = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_270, 8: Image.Transpose.ROTATE_90}.get(orientation)
    return flat.transpose(turn) if turn is not None else flat


def _flattened(image: Image.Image) -> Image.Image:
    """The image on white and within `_READ_SIDE`, made band by band: a second copy of 40 million points is too much."""
    factor = -(-max(image.size) // _READ_SIDE)
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


def _recognised(text: Image.Image, ocr: str) -> list[Line]:
    """The lines that tesseract reads. Raises _Failed: it does not start or end, or its French data are absent."""
    if max(text.size) < _SMALL_SIDE:
        text = text.resize((text.width * 2, text.height * 2), Image.Resampling.BICUBIC)
    written = io.BytesIO()
    ImageOps.autocontrast(text, cutoff=1).save(written, "PNG", compress_level=1)
    try:
        answer = subprocess.run(  # noqa: S603 - the program that `which` found, no shell
            [ocr, "stdin", "stdout", "-l", "fra", "--psm", "3", "--dpi", "300", "tsv"],
            input=written.getvalue(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_OCR_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _Failed(type(error).__name__) from error
    if answer.returncode != 0:
        raise _Failed(f"exit status {answer.returncode}")
    return reading_order(list(_pieces(answer.stdout.decode("utf-8", "replace"))), 1)


def _pieces(table: str) -> Iterator[TextPiece]:
    """Tesseract's table as runs of text: its words (level 5) at the height of their line (level 4)."""
    words: list[tuple[int, int, int, int, str]] = []
    middle = 0
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] not in ("4", "5"):
            continue
        left, top, width, height = map(int, cells[6:10])
        if cells[0] == "4":
            middle = top + height // 2
        elif cells[11].strip() and float(cells[10]) >= _CONFIDENCE:
            words.append((middle, left, left + width, height, cells[11].strip()))
    if not words:
        return
    line_height = median(word[3] for word in words)
    character = median((right - left) / len(text) for _, left, right, _, text in words) or 1.0
    rows: list[tuple[float, list[tuple[int, int, int, int, str]]]] = []
    for word in sorted(words):
        if rows and word[0] - rows[-1][0] < 0.5 * line_height:
            rows[-1][1].append(word)
        else:
            rows.append((word[0], [word]))
    for number, (_, members) in enumerate(rows):
        run: list[tuple[int, int, int, int, str]] = []
        for word in sorted(members, key=lambda member: member[1]):
            if run and word[1] - run[-1][2] > 2.2 * character:
                yield _piece(run, number, character, line_height)
                run = []
            run.append(word)
        yield _piece(run, number, character, line_height)


def _piece(run: list[tuple[int, int, int, int, str]], row: int, character: float, line_height: float) -> TextPiece:
    size = max(word[3] for word in run) / line_height
    return TextPiece(" ".join(word[4] for word in run), run[0][1] / character, run[-1][2] / character, row, size)
