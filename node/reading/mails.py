"""E-mail messages (.eml): sender, subject, text, and the files attached, however deep.

Guarantees: messages within messages are flattened to `limits.depth`; at most `limits.attachments` files come out, the
largest text part is the body; names of files are safe to show and to store; nothing is fetched. Pictures that the text
shows are counted after all other files.

Read next: `tnef.py`, what Outlook packs; `plain.py`.
"""

import re
from collections.abc import Iterator, Sequence
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

from msgspec import structs

from node.reading import tnef
from node.reading.plain import bounded, html_text, tidy
from node.reading.problems import Fault, Unreadable
from node.reading.shapes import Attachment, Kind, Line, ReadDocument, ReadingLimits

_UNSAFE = re.compile(r"[\x00-\x1f\\/:*?\"<>|]+")
_LONGEST_NAME = 120
_PARTS = 500
_SMALL_PICTURE = 10_000
_MAILBOX_LINE = re.compile(rb"From [^\r\n:]+(?:[ \t]+[^\r\n]*)?\r?\n")


def unwrapped(data: bytes) -> bytes:
    """The message without what programs write before its first header: a mark of UTF-8, empty lines, and the line
    "From …" of a mailbox file (RFC 4155)."""
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    return data.partition(b"\n")[2].lstrip() if _MAILBOX_LINE.match(data) else data


def read(data: bytes, limits: ReadingLimits) -> ReadDocument:
    """The message's text as lines, and its files, not yet read. Raises `Unreadable` for Outlook's package of a message
    in which no file is found."""
    if data.startswith(tnef.SIGNATURE):
        packed = tuple(_unpacked(data, limits))
        if not packed:
            raise Unreadable(Fault.OUTLOOK)
        return ReadDocument(kind=Kind.EMAIL, pages=1, attachments=packed)
    message = BytesParser(policy=policy.default.clone(raise_on_defect=False)).parsebytes(unwrapped(data))
    plain: list[str] = []
    html: list[str] = []
    attachments: list[Attachment] = []
    for count, part in enumerate(_parts(message, limits.depth)):
        if count >= _PARTS:
            break
        kind = part.get_content_type()
        name = _name(part)
        if kind in ("text/plain", "text/html") and not name:
            (plain if kind == "text/plain" else html).append(_text(part))
            continue
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or not content:
            continue
        packed = tuple(_unpacked(content, limits)) if content.startswith(tnef.SIGNATURE) else ()
        attachments.extend(packed or [Attachment(name, content, inline=_is_inline(part, content))])
    body = "\n".join(plain) if any(text.strip() for text in plain) else "\n".join(map(html_text, html))
    lines = bounded((Line(line) for line in body[: 4 * limits.characters].splitlines()), limits)
    return ReadDocument(
        kind=Kind.EMAIL,
        lines=lines,
        pages=1,
        sender=_sender(message),
        subject=tidy(_header(message, "subject"))[:300],
        attachments=tuple(_kept(attachments, limits.attachments)),
    )


def _kept(attachments: Sequence[Attachment], most: int) -> Iterator[Attachment]:
    """So many files at most, pictures of the text last, the larger ones first: a signature has many small ones, and a
    telephone puts the photograph of a CV among them."""
    pictures = sorted((one for one in attachments if one.inline), key=lambda one: len(one.data), reverse=True)
    ordered = [*(one for one in attachments if not one.inline), *pictures]
    for number, one in enumerate(ordered[:most], start=1):
        yield one if one.name else structs.replace(one, name=f"piece-{number}")


def _is_inline(part: EmailMessage, content: bytes) -> bool:
    """Whether a part is a picture that the text shows (RFC 2183, RFC 2392), or one too small to be a page."""
    if part.get_content_maintype() != "image":
        return False
    shown = _header(part, "content-disposition").strip().lower().startswith("inline")
    return shown or bool(_header(part, "content-id")) or len(content) < _SMALL_PICTURE


def _unpacked(data: bytes, limits: ReadingLimits) -> Iterator[Attachment]:
    for name, content in tnef.files_in(data, limits.attachments):
        yield Attachment(_safe(name), content)


def _parts(message: EmailMessage, depth: int) -> Iterator[EmailMessage]:
    """The leaves of the message, in order; what lies deeper than `depth` messages is left out."""
    waiting: list[tuple[EmailMessage, int, int]] = [(message, 0, 0)]
    while waiting:
        part, messages, level = waiting.pop()
        if messages > depth or level > 20:
            continue
        if part.is_multipart():
            deeper = messages + (part.get_content_maintype() == "message")
            payload = part.get_payload()
            children = payload if isinstance(payload, list) else []
            waiting.extend(
                (child, deeper, level + 1) for child in reversed(children) if isinstance(child, EmailMessage)
            )
        else:
            yield part


def _text(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    try:
        return content.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return content.decode("cp1252", "replace")


def _name(part: EmailMessage) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, IndexError, AttributeError, TypeError):
        # Malformed parameters make the standard parser raise these.
        name = "piece"
    return _safe(name)


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", tidy(name).replace("\t", " ")).lstrip(". ")[-_LONGEST_NAME:]


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""


def _sender(message: EmailMessage) -> str:
    """The address alone, or nothing."""
    address = parseaddr(tidy(_header(message, "from")))[1]
    return address if re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,190}", address) else ""
