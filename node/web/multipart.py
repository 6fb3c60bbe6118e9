"""A form with its files as it arrives: what is typed is kept whole, of a file no more than anybody looks at.

Guarantees: the rest of a file that is too large is heard and dropped, so that its form can be shown again with all that
was typed; such a file is longer than `MAX_READ_BYTES`, by which everybody knows it. What was typed has a limit of its
own. Read next: forms.py.
"""

from typing import Final

from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from node.sizes import MAX_READ_BYTES, MEGABYTE

MAX_FIELDS: Final = 500
MAX_FILES: Final = 6
MAX_TYPED_BYTES: Final = MEGABYTE


async def parse(request: Request) -> FormData:
    """The form of a multipart request; close it when its files are not needed any more. HTTPException 400 for what is
    no form, or has too many fields, files or letters."""
    parser = _Parser(
        request.headers,
        request.stream(),
        max_files=MAX_FILES,
        max_fields=MAX_FIELDS,
        max_part_size=MAX_TYPED_BYTES,
    )
    try:
        return await parser.parse()
    except MultiPartException as error:
        raise HTTPException(400) from error


class _Parser(MultiPartParser):
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
            self._of_file += end - start
        if end > start:
            super().on_part_data(data, start, end)
