"""The confined process: one request on stdin, one answer on stdout, then the end.

Guarantees: limits are in force before the first byte of the file is looked at; whatever a parser raises becomes a
`Fault`; nothing is printed but the answer. The request is one line of JSON, `{"filename", "limits"}`, then the file's
bytes; the answer is a `ReadDocument` as JSON.

Read next: `detecting.py`, then the reader of each kind: `pdf.py`, `office.py`, `pictures.py`, `mails.py`, `plain.py`.
"""

import logging
import shutil
import sys

import msgspec

from node.reading import mails, office, pdf, pictures, plain
from node.reading.detecting import detect
from node.reading.problems import Fault, Unreadable
from node.reading.sandbox import confine
from node.reading.shapes import Kind, ReadDocument, ReadingLimits

_HEADER = 4096


class Request(msgspec.Struct, forbid_unknown_fields=True):
    """What the caller asks, before the bytes."""

    filename: str
    limits: ReadingLimits


def main() -> int:
    """Read one request, answer it; the exit status is 0 whenever an answer was written."""
    logging.disable(logging.CRITICAL)
    request = msgspec.json.decode(sys.stdin.buffer.readline(_HEADER), type=Request)
    ocr = shutil.which("tesseract") or ""
    confine(request.limits, programs=(ocr,) if ocr else ())
    try:
        data = sys.stdin.buffer.read(request.limits.size + 1)
        answer = msgspec.json.encode(read(data, request.filename, request.limits, ocr))
    except MemoryError:
        answer = msgspec.json.encode(ReadDocument(problem=Fault.EXPANDS_TOO_MUCH))
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


def read(data: bytes, filename: str, limits: ReadingLimits, ocr: str = "") -> ReadDocument:
    """The document, by the kind that its bytes show. `ocr`: the path of tesseract, empty where there is none.

    Never raises, unless there is no memory left for the answer.
    """
    kind = Kind.UNKNOWN
    try:
        kind = detect(data, filename, limits)
        match kind:
            case Kind.PDF:
                return pdf.read(data, limits, ocr)
            case Kind.DOCX:
                return office.read_docx(data, limits)
            case Kind.ODT:
                return office.read_odt(data, limits)
            case Kind.IMAGE:
                return pictures.read(data, limits, ocr)
            case Kind.EMAIL:
                return mails.read(data, limits)
            case Kind.JSON_RESUME:
                return plain.read_json_resume(data, limits)
            case _:
                return plain.read_text(data, limits)
    except Unreadable as refused:
        return ReadDocument(kind=kind, problem=refused.problem)
    except MemoryError:
        return ReadDocument(kind=kind, problem=Fault.IMAGE_TOO_LARGE if kind is Kind.IMAGE else Fault.EXPANDS_TOO_MUCH)
    except Exception:
        # A damaged file may raise anything in a parser; this process ends right after the answer.
        return ReadDocument(kind=kind, problem=Fault.UNREADABLE)
