"""Outlook's `winmail.dat` ([MS-OXTNEF], TNEF): the files that a message carries inside it.

Guarantees: never raises; no byte is read beyond the data, and no more files come out than are asked for. Read next:
`mails.py`.
"""

import struct
from collections.abc import Iterator
from itertools import islice
from typing import Final

SIGNATURE: Final = b"\x78\x9f\x3e\x22"
_ATTACHMENT: Final = 2
"""The level of attributes that belong to an attachment, not to the message."""
_BEGINS: Final = 0x00069002
_TITLE: Final = 0x00018010
_DATA: Final = 0x0006800F
_PROPERTIES: Final = 0x00069005
_LONG_NAMES: Final = ((b"\x1f\x00\x07\x37", "utf-16-le"), (b"\x1e\x00\x07\x37", "cp1252"))
"""The property PidTagAttachLongFilename, as Unicode and as bytes ([MS-OXPROPS] 2.589)."""
_MOST: Final = 2_000


def files_in(data: bytes, most: int) -> list[tuple[str, bytes]]:
    """The names and bytes of the files, in order; a file without a name has an empty one."""
    return list(islice(_files(data), most))


def _files(data: bytes) -> Iterator[tuple[str, bytes]]:
    name, content = "", b""
    for kind, value in _attributes(data):
        if kind == _BEGINS:
            if content:
                yield name, content
            name, content = "", b""
        elif kind == _TITLE:
            name = name or _text(value, "cp1252")
        elif kind == _DATA:
            content = value
        elif kind == _PROPERTIES:
            name = _long_name(value) or name
    if content:
        yield name, content


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Those of attachments: their number and value ([MS-OXTNEF] 2.1.3)."""
    position = 6
    for _ in range(_MOST):
        if position + 9 > len(data):
            return
        level, kind, length = struct.unpack_from("<BII", data, position)
        if position + 9 + length > len(data):
            return
        if level == _ATTACHMENT:
            yield kind, data[position + 9 : position + 9 + length]
        # A checksum of two bytes follows.
        position += 9 + length + 2


def _long_name(properties: bytes) -> str:
    """The file's whole name, where it stands among the properties: a count of one, a length, then the name."""
    for tag, encoding in _LONG_NAMES:
        start = properties.find(tag) + len(tag)
        if start >= len(tag) and start + 8 <= len(properties):
            count, length = struct.unpack_from("<II", properties, start)
            if count == 1 and length <= len(properties) - start - 8:
                return _text(properties[start + 8 : start + 8 + length], encoding)
    return ""


def _text(value: bytes, encoding: str) -> str:
    return value.decode(encoding, "replace").split("\0")[0]
