"""Outgoing mail: one message at a time, by the town's own mail server; nothing is sent where none is configured.

Guarantees: the connection is encrypted (TLS from the start, or STARTTLS, the certificate verified) unless the server
is this machine; neither addresses nor texts are logged; whoever sends learns whether the server took the mail; what
is not one address (a list of them, of old) is not mailed to.
Pages ask `is_configured` first, and show what they would have sent to whoever hands it over otherwise.
"""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid

from node.config import Config
from node.kit.clean_text import is_email
from node.kit.errors import Unavailable
from node.kit.i18n import gettext as _
from node.kit.logging import get_logger

TIMEOUT_SECONDS = 15

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One file of a mail. `media_type` such as text/calendar; method=REQUEST."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """Plain text to one person. `reply_to` is where an answer goes, when it is not where the mail comes from."""

    to: str
    subject: str
    text: str
    attachments: Sequence[Enclosure] = ()
    reply_to: str = ""


def is_configured(config: Config) -> bool:
    """Whether this node can send mail."""
    return bool(config.mail.host)


def send(config: Config, mail: Mail) -> None:
    """Hand one mail to the town's server. Unavailable when there is none, or it does not take it."""
    if not send_all(config, [mail])[0]:
        raise not_taken()


def not_taken() -> Unavailable:
    """What is said of a mail that the server did not take."""
    return Unavailable(_("The mail could not be sent: try again later, or hand the link over yourself."))


def send_all(config: Config, mails: Sequence[Mail]) -> Sequence[bool]:
    """Hand several mails to the town's server in one conversation; whether it took each, in their order. A mail that it
    refuses does not keep the next ones back; once it is silent or gone nothing more is tried. Unavailable when there
    is no server."""
    if not is_configured(config):
        raise Unavailable(
            _("This node sends no mail: hand the link over yourself, or set [mail] in the configuration.")
        )
    taken = [False] * len(mails)
    try:
        with _connected(config) as server:
            for number, mail in enumerate(mails):
                taken[number] = is_email(mail.to) and _taken(server, compose(config, mail))
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail.failed", error=type(error).__name__)
    return taken


def _taken(server: smtplib.SMTP, message: EmailMessage) -> bool:
    try:
        server.send_message(message)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        log.warning("mail.refused", error=type(error).__name__)
        return False
    return True


def compose(config: Config, mail: Mail) -> EmailMessage:
    """The message as it is sent."""
    message = EmailMessage()
    message["From"] = formataddr((config.node.name, config.mail.sender))
    message["To"] = mail.to
    message["Subject"] = " ".join(mail.subject.split())
    if mail.reply_to:
        message["Reply-To"] = mail.reply_to
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=config.node.id)
    # No answering machine answers it (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    for file in mail.attachments:
        kind, _semicolon, parameters = file.media_type.partition(";")
        maintype, _slash, subtype = kind.strip().partition("/")
        message.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=file.name)
        for parameter in filter(None, (part.strip() for part in parameters.split(";"))):
            name, _equals, value = parameter.partition("=")
            list(message.iter_attachments())[-1].set_param(name, value)
    return message


def _connected(config: Config) -> smtplib.SMTP:
    mail = config.mail
    server: smtplib.SMTP
    if mail.security == "tls":
        context = ssl.create_default_context()
        server = smtplib.SMTP_SSL(mail.host, mail.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT_SECONDS)
    try:
        if mail.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if mail.user:
            server.login(mail.user, config.mail_password())
    except BaseException:
        server.close()
        raise
    return server
