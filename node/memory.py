"""Memory that is not needed any more, given back to the system."""

import ctypes
from contextlib import suppress


def give_back() -> None:
    """Give free memory back. The C library keeps it for the process otherwise: a node that has made its tables ready,
    or taken in a large file, would look as large for ever. Does nothing where the library is not GNU's."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
