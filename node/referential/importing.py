"""Taking in an official file: read whole, checked, then switched at once.

Guarantees: until everything was read and found right, and the new edition is on the disk, the one in force stays; a
refusal, a crash or a full disk leaves it as it was. One import at a time in a data directory. The same file again
changes nothing; an older file brings its edition back. A node that serves notices by itself (``source.py``).
"""

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from node.kit.errors import Conflict
from node.kit.i18n import gettext as _
from node.referential import packed
from node.referential.commune_files import read_communes
from node.referential.edition import Imported, compose
from node.referential.rome import archive_size, read_rome
from node.referential.source import COMMUNES, ROME, imported_version

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did. ``before`` is the version that was in force, None for the embedded tables; ``changed`` is
    False when it was the same; ``counts`` is what the new edition holds."""

    version: str
    before: str | None
    changed: bool
    counts: Mapping[str, int]


def import_rome(path: Path, folder: Path, advance: Advance = lambda step: None) -> Report:
    """Make the archive at ``path`` the ROME of the node whose referential is in ``folder``. Raises BadInput, Conflict,
    OSError."""
    with _alone(folder):
        rome = read_rome(path, advance)
        compose(rome=rome)
        return _put(folder / ROME, rome)


def import_communes(path: Path, folder: Path, advance: Advance = lambda step: None) -> Report:
    """Make the file at ``path`` the communes of the node whose referential is in ``folder``. Raises as above."""
    with _alone(folder):
        communes = read_communes(path, advance)
        compose(communes=communes)
        return _put(folder / COMMUNES, communes)


def _put(path: Path, edition: Imported) -> Report:
    before = imported_version(path) if path.exists() else None
    changed = before != edition.version
    if changed:
        packed.sweep(path)
        packed.write(path, edition.about, edition.arrays)
    return Report(edition.version, before, changed, edition.about["counts"])


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system takes it back from a process that dies."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "import.lock", os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(_("Another import is under way: wait for its end, then try again.")) from None
        yield
    finally:
        os.close(handle)


__all__ = ["Report", "archive_size", "import_communes", "import_rome"]
