"""The edition in force: the embedded tables and what `maillon import` left in the data directory.

Guarantees: each call gives one whole edition; a file switched by an import is noticed at the next call, in the process
that serves too, for the price of two `stat`s; who holds an edition keeps it whole. A file that is damaged, or of
another version of this software, is never used by halves: the embedded tables stand in for it, the log says so, and
the edition's version too. Read next: ``importing.py``, ``packed.py``.
"""

import threading
from pathlib import Path

from node.kit.logging import get_logger
from node.referential.edition import Imported, Referential, compose, load
from node.referential.packed import Damaged, read

ROME = "rome.npz"
COMMUNES = "communes.npz"
KINDS = (ROME, COMMUNES)

_Mark = tuple[int, int, int] | None


class ReferentialSource:
    """What a `Desk` calls for its tables. ``folder`` need not exist."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._marks: tuple[_Mark, ...] = (None, None)
        self._current: Referential | None = None

    def __call__(self) -> Referential:
        """The edition in force now."""
        marks = tuple(_mark(self._folder / name) for name in KINDS)
        current = self._current
        if current is not None and marks == self._marks:
            return current
        with self._lock:
            if self._current is None or marks != self._marks:
                self._current = self._load()
                self._marks = marks
            return self._current

    def _load(self) -> Referential:
        rome, communes = (_imported(self._folder / name) for name in KINDS)
        if rome is None and communes is None:
            return load()
        try:
            return compose(rome, communes)
        except Damaged as error:
            _warn("referential", error)
            return load()


def imported_version(path: Path) -> str | None:
    """The version of the import at this path; None where there is none that can be used."""
    found = _imported(path)
    return None if found is None else found.version


def _imported(path: Path) -> Imported | None:
    try:
        about, arrays = read(path)
        return Imported(str(about["version"]), about, arrays)
    except FileNotFoundError:
        return None
    except (Damaged, KeyError) as error:
        _warn(path.name, error)
        return None


def _warn(name: str, error: Exception) -> None:
    get_logger(__name__).warning("referential.not_used", table=name, reason=str(error))


def _mark(path: Path) -> _Mark:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
