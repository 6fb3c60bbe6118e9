"""The text of a picture, by tesseract.

Guarantees: tesseract runs as a program of its own, on one core, under the limits of the worker; what looks like no
words is never given for text: the picture is tried turned, and then said to hold none.

Read next: `layout.py`, which puts the words found in order.
"""

import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from statistics import median
from typing import Final

from PIL import Image, ImageOps

from node.reading.layout import TextPiece, reading_order
from node.reading.shapes import Line

_SMALL_SIDE: Final = 1600
_CONFIDENCE: Final = 30.0
_SECONDS: Final = 25.0
_TURNING_SECONDS: Final = 5.0
"""After so long the picture is tried no other way round: the worker's time is bounded."""
_SURE: Final = 70.0
_LEAST_SURE: Final = 0.5
"""Of the characters of a page that stands upright, two in three at the least are read surely, blurred or tilted; of one
that does not, one in three at the most."""
_PLAIN: Final = 0.8
_ENOUGH: Final = 60
"""A page read so surely stands upright; of fewer signs, some seem to be words whichever way they are turned."""
_TURNS: Final = (None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180)


class OcrFailed(Exception):
    """Tesseract is there, and did not read; the text says why, for the log."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a picture says. `turn` is what made it upright, None when it stood so; `garbled` tells a picture with signs
    that are no words from one with none."""

    lines: Sequence[Line] = ()
    turn: Image.Transpose | None = None
    garbled: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of tesseract's table; `middle` and `height` are those of its line and of itself."""

    middle: int
    left: int
    right: int
    height: int
    text: str
    confidence: float


def recognise(text: Image.Image, ocr: str) -> Recognised:
    """The lines that tesseract (at `ocr`) reads, the picture turned if need be. Raises OcrFailed: it does not start or
    end, or its French data are absent."""
    if max(text.size) < _SMALL_SIDE:
        text = text.resize((text.width * 2, text.height * 2), Image.Resampling.BICUBIC)
    text = ImageOps.autocontrast(text, cutoff=1)
    started = time.monotonic()
    best: tuple[int, list[_Word], Image.Transpose | None] = (0, [], None)
    signs = False
    for turn in _TURNS:
        if turn is not None and (not signs or time.monotonic() - started > _TURNING_SECONDS):
            break
        words = list(_words(_table(text if turn is None else text.transpose(turn), ocr)))
        signs = signs or bool(words)
        sure, total = _surely(words), sum(len(word.text) for word in words)
        if sure > best[0] and sure >= _LEAST_SURE * total and not _lie(words):
            best = sure, words, turn
            if sure >= max(_ENOUGH, _PLAIN * total):
                break
    _, words, turn = best
    return Recognised(reading_order(list(_pieces(words)), 1), turn) if words else Recognised(garbled=signs)


def _surely(words: Sequence[_Word]) -> int:
    """How many characters are read surely, in words of two at the least."""
    return sum(len(w.text) for w in words if w.confidence >= _SURE and sum(map(str.isalnum, w.text)) > 1)


def _lie(words: Sequence[_Word]) -> bool:
    """Whether the lines stand on end: tesseract reads some of those, and tells them in no useful order."""
    long = [word.height > word.right - word.left for word in words if len(word.text) > 3]
    return sum(long) > len(long) / 2


def _table(text: Image.Image, ocr: str) -> str:
    written = BytesIO()
    text.save(written, "PNG", compress_level=1)
    try:
        answer = subprocess.run(  # noqa: S603 - the program that `which` found, no shell
            [ocr, "stdin", "stdout", "-l", "fra", "--psm", "3", "--dpi", "300", "tsv"],
            input=written.getvalue(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OcrFailed(type(error).__name__) from error
    if answer.returncode != 0:
        raise OcrFailed(f"exit status {answer.returncode}")
    return answer.stdout.decode("utf-8", "replace")


def _words(table: str) -> Iterator[_Word]:
    """Tesseract's table: its words (level 5) at the height of their line (level 4)."""
    middle = 0
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] not in ("4", "5"):
            continue
        left, top, width, height = map(int, cells[6:10])
        if cells[0] == "4":
            middle = top + height // 2
        elif cells[11].strip() and float(cells[10]) >= _CONFIDENCE:
            yield _Word(middle, left, left + width, height, cells[11].strip(), float(cells[10]))


def _pieces(words: Sequence[_Word]) -> Iterator[TextPiece]:
    """The words as runs of text."""
    line_height = median(word.height for word in words)
    character = median((word.right - word.left) / len(word.text) for word in words) or 1.0
    rows: list[tuple[int, list[_Word]]] = []
    for word in sorted(words, key=lambda word: (word.middle, word.left)):
        if rows and word.middle - rows[-1][0] < 0.5 * line_height:
            rows[-1][1].append(word)
        else:
            rows.append((word.middle, [word]))
    for number, (_, members) in enumerate(rows):
        run: list[_Word] = []
        for word in sorted(members, key=lambda member: member.left):
            if run and word.left - run[-1].right > 2.2 * character:
                yield _piece(run, number, character, line_height)
                run = []
            run.append(word)
        yield _piece(run, number, character, line_height)


def _piece(run: Sequence[_Word], row: int, character: float, line_height: float) -> TextPiece:
    size = max(word.height for word in run) / line_height
    text = " ".join(word.text for word in run)
    return TextPiece(text, run[0].left / character, run[-1].right / character, row, size)
