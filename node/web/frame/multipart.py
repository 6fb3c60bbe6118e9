"""A form with its files as it arrives: what is typed is kept whole, of a file no more than anybody looks at.

Guarantees: the rest of a file that is too large is heard and dropped, so that its form can be shown again with all that
was typed; such a file is longer than `MAX_READ_BYTES`, by which everybody knows it. What was typed has a limit of its
own. Files lie on the disk but for their first 64 kB, and all forms under way together keep `MAX_HELD_BYTES` there:
whoever comes then is asked to wait, however slowly the others send. Read next: forms.py.
"""

from threading import Lock
from typing import Final

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from node.kit.limits import MAX_READ_BYTES, MEGABYTE

MAX_FIELDS: Final = 500
MAX_FILES: Final = 6
MAX_TYPED_BYTES: Final = MEGABYTE
MAX_HELD_BYTES: Final = 1024 * MEGABYTE
"""Of the files of all forms, from their first byte until their answer."""


class Held:
    """What the files of all forms under way take."""

    def __init__(self) -> None:
        self._bytes = 0
        self._lock = Lock()

    def take(self, size: int) -> None:
        """That much more; HTTPException 503 when there is no room."""
        with self._lock:
            if self._bytes + size > MAX_HELD_BYTES:
                raise HTTPException(503, headers={"Retry-After": "60"})
            self._bytes += size

    def give_back(self, size: int) -> None:
        """That much less."""
        with self._lock:
            self._bytes -= size


held: Final = Held()


class SentForm(FormData):
    """A form whose files lie here until it is closed."""

    def __init__(self, items: list[tuple[str, str | UploadFile]], size: int) -> None:
        super().__init__(items)
        self._size = size

    async def close(self) -> None:
        """Its files go; once is enough."""
        await super().close()
        held.give_back(self._size)
        self._size = 0


async def parse(request: Request) -> SentForm:
    """The form of a multipart request; close it when its files are not needed any more. HTTPException 400 for what is
    no form, or has too many fields, files or letters; 503 when too much is being sent by all."""
    parser = _Parser(
        request.headers,
        request.stream(),
        max_files=MAX_FILES,
        max_fields=MAX_FIELDS,
        max_part_size=MAX_TYPED_BYTES,
    )
    try:
        form = await parser.parse()
        return SentForm(form.multi_items(), parser.kept)
    except BaseException as error:
        held.give_back(parser.kept)
        if isinstance(error, MultiPartException):
            raise HTTPException(400) from error
        raise


class _Parser(MultiPartParser):
    spool_max_size = 64 * 1024
    kept = 0
    _typed = 0
    _of_file = 0

    def on_part_begin(self) -> None:
        super().on_part_begin()
        self._of_file = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._current_part.file is None:
            self._typed += end - start
            if self._typed > MAX_TYPED_BYTES:
                raise MultiPartException("more was typed than any form takes")
        else:
            end = min(end, start + MAX_READ_BYTES + 1 - self._of_file)
            held.take(end - start)
            self.kept += end - start
            self._of_file += end - start
        if end > start:
            super().on_part_data(data, start, end)
