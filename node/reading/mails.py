"""E-mail messages (.eml): sender, subject, text, and the files attached, however deep.

Guarantees: messages within messages are flattened to `limits.depth`; at most `limits.attachments` files come out, the
largest text part is the body; names of files are safe to show and to store; nothing is fetched.

Read next: `plain.py`.
"""

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

from node.reading.plain import bounded, html_text, tidy
from node.reading.shapes import Attachment, Kind, Line, ReadDocument, ReadingLimits

_UNSAFE = re.compile(r"[\x00-\x1f\\/:*?\"<>|]+")
_LONGEST_NAME = 120
_PARTS = 500


def read(data: bytes, limits: ReadingLimits) -> ReadDocument:
    """The message's text as lines, and its files, not yet read."""
    message = BytesParser(policy=policy.default.clone(raise_on_defect=False)).parsebytes(data)
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
        elif len(attachments) < limits.attachments:
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content:
                attachments.append(Attachment(name or f"piece-{len(attachments) + 1}", content))
    body = "\n".join(plain) if any(text.strip() for text in plain) else "\n".join(map(html_text, html))
    lines = bounded((Line(line) for line in body[: 4 * limits.characters].splitlines()), limits)
    return ReadDocument(
        kind=Kind.EMAIL,
        lines=lines,
        pages=1,
        sender=_sender(message),
        subject=tidy(_header(message, "subject"))[:300],
        attachments=tuple(attachments),
    )


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
