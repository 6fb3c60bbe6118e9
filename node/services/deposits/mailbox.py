"""CVs that come by e-mail: a message becomes a deposit; a mailbox is read over IMAP where one is configured.

Guarantees: a message is marked as read, or deleted, only once its deposit is written; the same message twice is one
deposit; a message is read by the confined reader and costs no more than `ReadingLimits`; what nobody wrote (answering
machines, lists) is passed over; neither addresses nor texts are logged. Nobody agrees to anything by sending an e-mail:
the counsellor asks. An employer's reply to a sending, known by the code in its subject, is no deposit: it waits on the
applications that it is about.

Read next: `reading.py`; `node/services/employers/replies.py`.
"""

import imaplib
import re
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from enum import Enum, auto
from typing import Final

from node.config import Config
from node.config_sections import ReceptionSection
from node.kit.clean_text import is_email, is_line
from node.kit.errors import BadInput, NodeError, Unavailable
from node.kit.i18n import gettext as _
from node.kit.logging import get_logger
from node.mission.deposits.deposit import Channel, Deposit
from node.mission.people.rules import MAX_LINE, MAX_TEXT
from node.reading.mails import unwrapped
from node.reading.problems import Fault
from node.reading.reading import read_document
from node.reading.shapes import Kind, ReadingLimits
from node.services.deposits.deposits import Handed, hand_in, keep_proposal
from node.services.deposits.reading import FilesBusy, take_apart
from node.services.desk import Desk
from node.services.employers import replies

AT_ONCE: Final = 20
"""Messages taken in at one look at the mailbox."""
TIMEOUT_SECONDS: Final = 30
HOW: Final = "courriel"

log = get_logger(__name__)


class NotAMessage(BadInput):
    """The file is no e-mail message, or cannot be read."""

    problem = "not_a_message"


class Outcome(Enum):
    """What became of one message."""

    TAKEN = auto()
    PASSED = auto()
    """Nobody wrote it."""
    REFUSED = auto()
    """Read and flagged: it stays in the mailbox for a person to look at, and is not tried for ever."""
    LATER = auto()
    """It stays unread, for the next look."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the mailbox: messages taken in, passed over (nobody wrote them) and refused (left for a person)."""

    taken: int = 0
    passed: int = 0
    refused: int = 0


def take_message(desk: Desk, message: bytes) -> Deposit:
    """One message, as bytes (.eml): a deposit with its files, sender and words. Raises NotAMessage, BadInput,
    FilesBusy."""
    read = read_document(message, "message.eml")
    if read.problem is Fault.BUSY:
        raise FilesBusy(read.problem.sentence)
    if read.kind is not Kind.EMAIL:
        raise NotAMessage(_("This is no e-mail message: save it from your mail program as .eml."))
    if read.problem is not None and read.problem.refuses:
        raise NotAMessage(read.problem.sentence)
    found = take_apart(desk, read)
    proposed, name = found.reading.proposal, _sender_name(message)
    first, _space, last = name.rpartition(" ")
    taken = hand_in(
        desk,
        Handed(
            channel=Channel.MAIL,
            first_name=proposed.first_name.value if proposed.first_name else first,
            last_name=proposed.last_name.value if proposed.last_name else last,
            email=_valid_email(read.sender) or (proposed.email.value if proposed.email else ""),
            phone=proposed.phone.value if proposed.phone else "",
            message=f"{read.subject}\n\n{read.text}".strip()[:MAX_TEXT],
            how=HOW,
            upload=found.cv,
            others=list(found.others),
        ),
    )
    return keep_proposal(desk, taken.id, found.reading.stored()) if taken.proposal is None else taken


def take_reply(desk: Desk, message: bytes) -> bool:
    """Whether the message answers a sending to an employer, whose words are then kept with it. Raises NotAMessage,
    FilesBusy."""
    sending = replies.sending_named(desk, _header(message, "subject"))
    if sending is None:
        return False
    read = read_document(message, "message.eml")
    if read.problem is Fault.BUSY:
        raise FilesBusy(read.problem.sentence)
    if read.problem is not None and read.problem.refuses:
        raise NotAMessage(read.problem.sentence)
    replies.take_reply(desk, sending, message, read.text)
    return True


def _header(message: bytes, name: str) -> str:
    """A header of the message, decoded; empty when there is none, or none that can be read."""
    parser = BytesHeaderParser(policy=policy.default.clone(raise_on_defect=False))
    try:
        return str(parser.parsebytes(unwrapped(message[:65536])).get(name, ""))
    except (ValueError, IndexError, AttributeError, TypeError):
        # Malformed headers make the standard parser raise these.
        return ""


def _sender_name(message: bytes) -> str:
    """The name that stands before the address, without what is no name; empty when there is none."""
    try:
        name = " ".join(parseaddr(_header(message, "from"))[0].split())
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""
    return name if is_line(name) and "@" not in name and len(name) <= MAX_LINE else ""


def _valid_email(text: str) -> str:
    return text if is_email(text) and len(text) <= MAX_LINE else ""


def is_automatic(header: bytes) -> bool:
    """Whether a machine sent it (RFC 3834, RFC 2919): an answering machine, a list, a report of failure."""
    text = header.decode("latin-1").lower()
    sent = re.search(r"^auto-submitted:[ \t]*([a-z-]+)", text, re.MULTILINE)
    bulk = re.search(r"^precedence:[ \t]*(bulk|list|junk|auto_reply)", text, re.MULTILINE)
    report = re.search(r"^(list-id|x-autoreply|x-failed-recipients):", text, re.MULTILINE)
    return (sent is not None and sent[1] != "no") or bulk is not None or report is not None


def is_configured(config: Config) -> bool:
    """Whether a mailbox is read."""
    return bool(config.reception.imap_host)


def look(desk: Desk, config: Config) -> Look:
    """Take in what is unread, `AT_ONCE` messages at most; what is left is for the next look. Raises Unavailable when
    the mailbox cannot be reached."""
    seen: Counter[Outcome] = Counter()
    try:
        with _open(config) as box:
            for number in _unread(box):
                outcome = _look_at(desk, box, number, config.reception)
                seen[outcome] += 1
                if outcome is Outcome.LATER:
                    break
    except (OSError, imaplib.IMAP4.error) as error:
        log.warning("mailbox.failed", error=type(error).__name__)
        raise Unavailable(_("The mailbox cannot be read: check [reception] in the configuration.")) from None
    return Look(seen[Outcome.TAKEN], seen[Outcome.PASSED], seen[Outcome.REFUSED])


def _look_at(desk: Desk, box: imaplib.IMAP4, number: bytes, section: ReceptionSection) -> Outcome:
    header = _part(box, number, "(RFC822.SIZE BODY.PEEK[HEADER])")
    if header is None or is_automatic(header[1]):
        _store(box, number, r"(\Seen)")
        return Outcome.PASSED
    if header[0] > ReadingLimits().size:
        log.info("mailbox.refused", problem=Fault.TOO_LARGE.value)
        _store(box, number, r"(\Seen \Flagged)")
        return Outcome.REFUSED
    found = _part(box, number, "(RFC822.SIZE BODY.PEEK[])")
    message = found[1] if found else b""
    try:
        if not take_reply(desk, message):
            take_message(desk, message)
    except FilesBusy:
        return Outcome.LATER
    except NodeError as error:
        log.info("mailbox.refused", problem=error.problem)
        _store(box, number, r"(\Seen \Flagged)")
        return Outcome.REFUSED
    _store(box, number, r"(\Seen \Deleted)" if section.imap_delete else r"(\Seen)")
    if section.imap_delete:
        box.expunge()
    return Outcome.TAKEN


@contextmanager
def _open(config: Config) -> Iterator[imaplib.IMAP4]:
    section = config.reception
    box: imaplib.IMAP4
    if section.imap_security == "tls":
        context = ssl.create_default_context()
        box = imaplib.IMAP4_SSL(section.imap_host, section.imap_port, ssl_context=context, timeout=TIMEOUT_SECONDS)
    else:
        box = imaplib.IMAP4(section.imap_host, section.imap_port, timeout=TIMEOUT_SECONDS)
    with box:
        if section.imap_security == "starttls":
            box.starttls(ssl.create_default_context())
        box.login(section.imap_user, config.imap_password())
        status, _data = box.select(f'"{section.imap_folder}"')
        if status != "OK":
            raise imaplib.IMAP4.error("no such folder")
        yield box


def _unread(box: imaplib.IMAP4) -> list[bytes]:
    _status, data = box.uid("SEARCH", "UNSEEN UNFLAGGED")
    return (data[0] or b"").split()[:AT_ONCE] if data else []


_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")


def _part(box: imaplib.IMAP4, number: bytes, wanted: str) -> tuple[int, bytes] | None:
    """The message's size and the part that is wanted; None when it is there no more."""
    _status, data = box.uid("FETCH", number.decode("ascii"), wanted)
    for item in data:
        if isinstance(item, tuple):
            found = _SIZE.search(item[0])
            return (int(found[1]) if found else len(item[1])), item[1]
    return None


def _store(box: imaplib.IMAP4, number: bytes, flags: str) -> None:
    box.uid("STORE", number.decode("ascii"), "+FLAGS", flags)
