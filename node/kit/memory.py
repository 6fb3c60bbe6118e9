"""Memory: how much of it files may take at once, and what is not needed any more given back to the system."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Condition
from typing import Final

from node.kit.limits import MEGABYTE

_M_MMAP_THRESHOLD: Final = -3
"""malloc.h of the GNU C library."""


class Room:
    """So many bytes for all who need some at one time. Whoever needs more than that gets it when nobody else is in."""

    def __init__(self, size: int, patience: float) -> None:
        """`patience` is how many seconds somebody waits for others to leave, in their thread."""
        self._size = size
        self._patience = patience
        self._taken = 0
        self._changed = Condition()

    @contextmanager
    def take(self, size: int) -> Iterator[bool]:
        """Whether there was room, which is given back at the end."""
        with self._changed:
            fits = self._changed.wait_for(lambda: not self._taken or self._taken + size <= self._size, self._patience)
            self._taken += size if fits else 0
        try:
            yield fits
        finally:
            with self._changed:
                self._taken -= size if fits else 0
                self._changed.notify_all()


def set_large_blocks_apart() -> None:
    """From now on whatever takes 4 MB or more goes back to the system once it is not needed. The GNU C library would
    raise that limit by itself at the first large file, and keep room for more of them. Does nothing elsewhere."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 4 * MEGABYTE)


def give_back() -> None:
    """Give free memory back. The C library keeps it for the process otherwise: a node that has made its tables ready,
    or taken in a large file, would look as large for ever. Does nothing where the library is not GNU's."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
