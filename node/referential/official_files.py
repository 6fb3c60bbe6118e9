"""Official CSV files, from a folder, a zip or a single file, read line by line within bounds.

Guarantees: no more than `MAX_FILE` bytes of a file are ever read or unpacked, and never more than a line is held, so
that a zip bomb costs a sentence; every refusal is one `BadInput` that names the file and, where there is one, the line.
Texts come out with single spaces, plain apostrophes and no control characters. Read next: ``rome.py``.
"""

import csv
import errno
import hashlib
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from node.kit.errors import BadInput
from node.kit.i18n import gettext as _

MAX_FILE = 64 * 1024 * 1024
MAX_ARCHIVE = 256 * 1024 * 1024
MAX_MEMBERS = 10_000
MAX_LINE = 64 * 1024
MAX_ROWS = 1_000_000
MAX_CELL = 8_000
MAX_LABEL = 500

_STEP = 256 * 1024


@dataclass(frozen=True, slots=True)
class OfficialFile:
    """One file to be read. `size` is in bytes, unpacked, as stated."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]


class CsvReader:
    """Reads one file; afterwards `digest` is that of its bytes."""

    def __init__(self, file: OfficialFile, advance: Callable[[int], None]) -> None:
        """`advance` is told of each step forward, in bytes."""
        self.file = file
        self.line = 0
        self._advance = advance
        self._sum = hashlib.sha256()

    @property
    def digest(self) -> bytes:
        """SHA-256 of all that was read."""
        return self._sum.digest()

    def wrong(self, sentence: str) -> BadInput:
        """A refusal of the present line."""
        return BadInput(
            _("{file}, line {line}: {fault} Nothing was imported.").format(
                file=self.file.name, line=self.line, fault=sentence
            )
        )

    def label(self, text: str) -> str:
        """The text, when it can be a label: neither empty nor out of bounds."""
        if not text:
            raise self.wrong(_("a label is empty."))
        if len(text) > MAX_LABEL:
            raise self.wrong(_("a label has more than {count} characters.").format(count=MAX_LABEL))
        return text

    def rows(
        self, columns: Sequence[str | tuple[str, ...]], *, delimiter: str = ",", encoding: str = "utf-8"
    ) -> Iterator[list[str]]:
        """The cells of the wanted columns, row after row; a column may have several names, and order is free.

        Raises BadInput for what is no such table; a table without rows is none either.
        """
        reader = csv.reader(self._lines(encoding), delimiter=delimiter, strict=True)
        rows = self._parsed(reader)
        header = [_heading(cell) for cell in next(rows, [])]
        places = [self._place(header, column) for column in columns]
        count = 0
        for row in rows:
            if not row:
                continue
            if len(row) != len(header):
                raise self.wrong(
                    _("{found} cells where the title line has {expected}.").format(found=len(row), expected=len(header))
                )
            count += 1
            if count > MAX_ROWS:
                raise self.wrong(_("more than {count} lines, which no official file has.").format(count=MAX_ROWS))
            yield [self._clean(row[place]) for place in places]
        if not count:
            raise self.wrong(_("the file has no line of data."))

    def _parsed(self, reader: Iterable[list[str]]) -> Iterator[list[str]]:
        try:
            yield from reader
        except csv.Error:
            raise self.wrong(_("this is not a line of CSV (a quotation mark may be missing).")) from None

    def _place(self, header: Sequence[str], column: str | tuple[str, ...]) -> int:
        names = (column,) if isinstance(column, str) else column
        found = next((header.index(name) for name in map(_heading, names) if name in header), None)
        if found is None:
            raise self.wrong(
                _("the column “{column}” is missing: this is not the expected file.").format(column=names[0])
            )
        return found

    def _clean(self, cell: str) -> str:
        if len(cell) > MAX_CELL:
            raise self.wrong(_("a cell has more than {count} characters.").format(count=MAX_CELL))
        text = " ".join(cell.replace("’", "'").split())
        return text if text.isprintable() else "".join(c for c in text if c.isprintable())

    def _lines(self, encoding: str) -> Iterator[str]:
        """Lines of text; the first without its byte order mark."""
        read = told = 0
        with _reported(self.file.name), self.file.open() as stream:
            while line := stream.readline(MAX_LINE + 1):
                self.line += 1
                read += len(line)
                if len(line) > MAX_LINE or read > MAX_FILE:
                    raise self.wrong(_("too long to be the official file."))
                self._sum.update(line)
                if read - told >= _STEP:
                    self._advance(read - told)
                    told = read
                try:
                    text = line.decode(encoding)
                except UnicodeDecodeError:
                    raise self.wrong(
                        _("characters that are not in {encoding}. Take the file as it was published.").format(
                            encoding=encoding.upper()
                        )
                    ) from None
                yield text.removeprefix("\ufeff") if self.line == 1 else text
        self._advance(read - told)


@contextmanager
def opened(path: Path, wanted: re.Pattern[str]) -> Iterator[Mapping[str, OfficialFile]]:
    """The files of a folder (or of its sub-folders) or of a zip whose name matches, by that name.

    Raises BadInput for anything else, and for a zip that is encrypted, damaged or out of bounds.
    """
    if path.is_dir():
        found = [
            each for each in (*path.iterdir(), *path.glob("*/*")) if wanted.fullmatch(each.name) and each.is_file()
        ]
        yield _by_name(OfficialFile(each.name, each.stat().st_size, _opener(each)) for each in found)
        return
    with _reported(path.name):
        if not path.is_file() or path.stat().st_size > MAX_ARCHIVE or not zipfile.is_zipfile(path):
            raise BadInput(
                _("{file} is neither a folder nor a zip archive: give the archive as it was published.").format(
                    file=path.name
                )
            )
        archive = zipfile.ZipFile(path)
    with archive:
        yield _by_name(_members(archive, path.name, wanted))


def _members(archive: zipfile.ZipFile, name: str, wanted: re.Pattern[str]) -> Iterator[OfficialFile]:
    if len(archive.infolist()) > MAX_MEMBERS:
        raise BadInput(_("{file} holds too many files to be the official archive.").format(file=name))
    for info in archive.infolist():
        member = info.filename.rpartition("/")[2]
        if wanted.fullmatch(member):
            if info.flag_bits & 1:
                raise BadInput(_("{file} is protected by a password: give it without.").format(file=name))
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise BadInput(
                    _("{file} is packed in an unusual way: unpack it and give the folder.").format(file=name)
                )
            yield OfficialFile(member, info.file_size, _member_opener(archive, info))


def _by_name(files: Iterable[OfficialFile]) -> dict[str, OfficialFile]:
    found: dict[str, OfficialFile] = {}
    for file in files:
        if file.name in found:
            raise BadInput(_("{file} is there twice: keep one version.").format(file=file.name))
        if file.size > MAX_FILE:
            raise BadInput(
                _("{file} is larger than {limit} MB: this is not the official file.").format(
                    file=file.name, limit=MAX_FILE // 1024**2
                )
            )
        found[file.name] = file
    if sum(file.size for file in found.values()) > MAX_ARCHIVE:
        raise BadInput(_("The files are larger than {limit} MB in all.").format(limit=MAX_ARCHIVE // 1024**2))
    return found


def single(path: Path) -> OfficialFile:
    """One file of its own. Raises BadInput when it is too large, or no file."""
    if not path.is_file():
        raise BadInput(_("{file} is no file: give the file as it was published.").format(file=path.name))
    return _by_name([OfficialFile(path.name, path.stat().st_size, _opener(path))])[path.name]


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _member_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


@contextmanager
def _reported(name: str) -> Iterator[None]:
    """What a damaged archive raises while it is read, said in one sentence."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        # A zip with a wrong offset makes the system refuse a position in the file.
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        raise BadInput(_("{file} is damaged: download it again. Nothing was imported.").format(file=name)) from None


def _heading(cell: str) -> str:
    return cell.strip().lstrip("#").lower()
