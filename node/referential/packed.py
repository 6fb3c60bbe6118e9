"""Imported tables as one file of NumPy arrays: written whole or not at all, read with every checksum verified.

Guarantees: ``write`` makes the file beside its place, flushes it to the disk, and renames it: whoever opens the path,
before, during or after, and after a crash at any moment, finds one whole edition. ``read`` raises ``Damaged`` for
anything else than a file of this format, and runs nothing that the file holds. The format is NumPy's own ``.npz``
(a zip with a CRC-32 a member), so that other tools open it. Read next: ``source.py``.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from node.referential.arrays import np

if TYPE_CHECKING:
    from numpy.typing import NDArray


Arrays: TypeAlias = "Mapping[str, NDArray[Any]]"

FORMAT = 1
"""Goes up when arrays change their meaning; a file of another format is imported again from the official one."""

_ABOUT = "about"


class Damaged(Exception):
    """The file is no whole edition of this format."""


class Texts:
    """Many short texts in one block of bytes, by number."""

    def __init__(self, block: NDArray[np.uint8], ends: NDArray[np.int32]) -> None:
        self._block = block
        self._ends = ends

    @staticmethod
    def pack(texts: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
        """The block and the end of each text in it, for the constructor."""
        encoded = [text.encode() for text in texts]
        ends = np.cumsum([len(text) for text in encoded], dtype=np.int32)
        return np.frombuffer(b"".join(encoded), dtype=np.uint8), ends

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> str:
        start = self._ends[number - 1] if number else 0
        return self._block[start : self._ends[number]].tobytes().decode()


def write(path: Path, about: Mapping[str, object], arrays: Arrays) -> None:
    """Put an edition at ``path`` in one step; ``about`` is what JSON can hold. Raises OSError, the old one there."""
    content = json.dumps({**about, "format": FORMAT}, ensure_ascii=False).encode()
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, **{_ABOUT: np.frombuffer(content, dtype=np.uint8)}, **arrays)
            # What it holds is public, and who imports need not be who serves.
            os.fchmod(file.fileno(), 0o644)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    _flush_folder(path.parent)


def read(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What the edition says about itself, and its arrays. Raises Damaged, or FileNotFoundError."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as members:
            arrays = {name: members[name] for name in members.files}
        about: dict[str, Any] = json.loads(arrays.pop(_ABOUT).tobytes())
        stated = about["format"]
    except FileNotFoundError:
        raise
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise Damaged(str(error)) from error
    if stated != FORMAT:
        raise Damaged(f"format {stated}, not {FORMAT}")
    return about, arrays


def sweep(path: Path) -> None:
    """Remove what writers of ``path`` left when they were killed. Only for who holds the import's lock."""
    for part in path.parent.glob(f".{path.name}-*.part"):
        part.unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
