"""The files of « Déposer mon CV »: read once each, and kept while their form is mended or has to wait.

Guarantees: whatever was sent, a form has at most `MOST_FILES` files, and a file that is too large comes into memory for
nobody; one that cannot be read just now is kept as it came. Read next: handing_in.py;
`services/deposits/waiting.py`.
"""

from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from node.kit.limits import MAX_DOCUMENT_BYTES, MAX_READ_BYTES, too_large
from node.mission.people.documents import DocumentKind
from node.services.deposits.reading import FileRefused, FilesBusy, Reading, handle
from node.services.deposits.waiting import drop_waiting, keep_waiting, look_at_waiting, take_waiting
from node.services.node import Node
from node.services.people.documents import Upload
from node.web.frame.forms import Form

MOST_FILES: Final = 4

_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of the form. `id` is its number while the form is mended, empty before; `reading` what it says, if it
    was read just now."""

    id: str
    upload: Upload
    reading: Reading | None = None


def weight(node: Node, form: Form) -> int:
    """Bytes that all files of the form take once they are read; what is too large is not read."""
    sizes = [file.size or 0 for name in ("photo", "fichier") for file in form.files.get(name, ())]
    waiting = [found.size for one in _numbers(form) if (found := look_at_waiting(node.desk, one))]
    return sum(size for size in sizes if size <= MAX_READ_BYTES) + sum(waiting)


def pieces_of(node: Node, form: Form) -> tuple[list[SentFile], list[str]]:
    """The files that wait already, and those that came now, each read once; a refused one is a fault. Then the numbers
    of those that should wait, and do not."""
    pieces, gone = [], []
    for number in _numbers(form):
        if form.has("oter", number):
            drop_waiting(node.desk, number)
            continue
        upload = take_waiting(node.desk, number)
        if upload is None:
            gone.append(number)
        elif upload.kind is DocumentKind.OTHER:
            # It came while deposits had to wait, and nobody has looked into it yet.
            pieces += _read(node, form, "fichier", upload.name, upload.content, number)
        else:
            pieces.append(SentFile(number, upload))
    for name in ("photo", "fichier"):
        for file in form.files.get(name, ())[: MOST_FILES - len(pieces)]:
            # Many may send one at once: what is too large to be looked at does not even come into memory.
            if (file.size or 0) > MAX_READ_BYTES:
                form.error(name, too_large())
            else:
                pieces += _read(node, form, name, file.filename or "", file.file.read())
    return pieces, gone


def _numbers(form: Form) -> list[str]:
    """Of the files that wait for this form. Each is read whole: no more of them, and none twice, whatever was sent."""
    return list(dict.fromkeys(form.all("piece")))[:MOST_FILES]


def _read(node: Node, form: Form, field: str, name: str, content: bytes, waited: str = "") -> list[SentFile]:
    try:
        handled = handle(node.desk, content, name)
    except FilesBusy as error:
        form.error(field, str(error))
        # It is kept as it came, to be read when the form is sent again.
        return (
            [SentFile("", replace(_unread(name, content), waited=waited))] if len(content) <= MAX_DOCUMENT_BYTES else []
        )
    except FileRefused as error:
        form.error(field, str(error))
        return []
    if len(handled.upload.content) > MAX_DOCUMENT_BYTES:
        form.error(field, too_large())
        return []
    return [SentFile("", replace(handled.upload, waited=waited), handled.reading)]


def keep_unread(node: Node, form: Form) -> None:
    """Keep what came while deposits have to wait, unread: reading is what costs."""
    for name in ("photo", "fichier"):
        for file in form.files.get(name, ()):
            if (file.size or 0) > MAX_DOCUMENT_BYTES:
                continue
            with _one_at_a_time:
                document = keep_waiting(node.desk, _unread(file.filename or "", file.file.read()))
            if document is not None:
                form.values.setdefault("piece", []).append(document.id)


def _unread(name: str, content: bytes) -> Upload:
    return Upload(name or "cv", "application/octet-stream", content, DocumentKind.OTHER)


def keep_piece(node: Node, piece: SentFile) -> SentFile:
    if piece.upload.waited:
        drop_waiting(node.desk, piece.upload.waited)
    document = keep_waiting(node.desk, piece.upload)
    return piece if document is None else SentFile(document.id, piece.upload)


def waiting_pieces(node: Node, form: Form) -> list[SentFile]:
    """Those that wait already, for a page that shows their names."""
    return [
        SentFile(one, Upload(found.name, found.media_type, b"", found.kind))
        for one in _numbers(form)
        if (found := look_at_waiting(node.desk, one))
    ]
