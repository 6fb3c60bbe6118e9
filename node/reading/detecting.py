"""What a file is, by its first bytes, never by its name.

Guarantees: pure, bounded (of an archive, its list of members and what it says of its parts); programs and formats that
cannot be read are refused with the code that says what to do. A name tells only what bytes alone do not: an e-mail of
one header, and a file of an Apple program, which is nothing else. Read next: `worker.py`.
"""

import re

from node.reading.mails import unwrapped
from node.reading.packages import Package
from node.reading.plain import decoded
from node.reading.problems import Fault, Unreadable
from node.reading.shapes import Kind, ReadingLimits
from node.reading.tnef import SIGNATURE

_PROGRAMS = (b"MZ", b"\x7fELF", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_OTHER_PICTURES = (b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\x01\0")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_OLE = (
    ("EncryptedPackage", Fault.ENCRYPTED),
    ("__substg1.0_", Fault.OUTLOOK),
    ("Workbook", Fault.UNSUPPORTED),
    ("PowerPoint Document", Fault.UNSUPPORTED),
)
"""What is told by the name of a stream in Microsoft's compound files ([MS-CFB]); any other is an old Word file."""
_HEADERS = 8192
_APPLE = (".pages", ".numbers", ".key")
_OF_PAGES = re.compile(r"(?:^|/)(?:[\w-]+\.iwa|Index\.zip|index\.apxl|buildVersionHistory\.plist)$", re.IGNORECASE)
_MAIL_HEADER = re.compile(
    rb"(?:from|to|received|return-path|delivered-to|mime-version|message-id|subject|date|x-[a-z-]+):[ \t]",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(rb"[!-9;-~]+:|[ \t]+\S")
_TELLING = {b"from", b"received", b"return-path", b"mime-version", b"message-id", b"delivered-to", b"subject", b"date"}


def detect(data: bytes, filename: str, limits: ReadingLimits) -> Kind:
    """The kind of file that these bytes are. Raises `Unreadable` for what is no CV or cannot be read."""
    try:
        return _detect(data, filename, limits)
    except Unreadable as error:
        if error.problem in (Fault.UNREADABLE, Fault.UNSUPPORTED) and filename.lower().endswith(_APPLE):
            raise Unreadable(Fault.PAGES) from error
        raise


def _detect(data: bytes, filename: str, limits: ReadingLimits) -> Kind:
    start = data[:1024].lstrip()
    if not start and not data.strip():
        raise Unreadable(Fault.EMPTY)
    if b"%PDF-" in data[:1024] and not data.startswith((b"MZ", b"\x7fELF")):
        return Kind.PDF
    if data.startswith(_PROGRAMS):
        raise Unreadable(Fault.EXECUTABLE)
    if data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return Kind.IMAGE
    if data[4:8] == b"ftyp":
        raise Unreadable(Fault.HEIC if data[8:12] in (b"heic", b"heix", b"mif1", b"heif") else Fault.UNSUPPORTED)
    if data.startswith(_OLE):
        raise Unreadable(next((fault for name, fault in _IN_OLE if name.encode("utf-16-le") in data), Fault.OLD_WORD))
    if data.startswith(b"PK"):
        return _archive(data, limits)
    if data.startswith((*_OTHER_PICTURES, b"{\\rtf", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise Unreadable(Fault.UNSUPPORTED)
    if data.startswith(SIGNATURE) or _looks_like_mail(data[:_HEADERS], filename):
        return Kind.EMAIL
    if decoded(data) is None:
        raise Unreadable(Fault.UNSUPPORTED)
    if filename.lower().endswith(_APPLE):
        raise Unreadable(Fault.PAGES)
    if start.removeprefix(b"\xef\xbb\xbf")[:1] == b"{" and b'"basics"' in data:
        return Kind.JSON_RESUME
    return Kind.TEXT


def _archive(data: bytes, limits: ReadingLimits) -> Kind:
    package = Package(data, limits)
    if any(_OF_PAGES.search(name) for name in package.names):
        raise Unreadable(Fault.PAGES)
    kind = package.kind()
    if kind is None:
        raise Unreadable(Fault.UNSUPPORTED)
    return kind


def _looks_like_mail(data: bytes, filename: str) -> bool:
    """Headers of a message, before the first empty line. One header is enough for a file that is named .eml."""
    names = set()
    message = unwrapped(data)
    for line in message.splitlines()[:30]:
        if not line.strip():
            break
        if not _HEADER_LINE.match(line):
            return False
        if _MAIL_HEADER.match(line):
            names.add(line.split(b":", 1)[0].lower())
    # The line of a mailbox file tells as much as a header.
    telling = len(names & _TELLING) + (b"From " in data[: len(data) - len(message)])
    return telling >= 3 or (telling >= 1 and filename.lower().endswith(".eml"))
