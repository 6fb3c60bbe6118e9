"""Servers of mail for tests, on loopback: one takes what is sent (SMTP), one holds a mailbox (IMAP4rev1)."""

import io
import re
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def _served(talk: Callable[[socketserver.StreamRequestHandler], None]) -> Iterator[int]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            talk(self)

    with _Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Sink:
    """What arrived, in order. Mail for `refused` is not taken; after `patience` mails the server hangs up. `encrypted`
    says whether the last conversation was, when the server offers TLS."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    patience: int = 1000
    encrypted: bool = False


class _Unbuffered(io.BufferedIOBase):
    """Writes to that socket at once."""

    def __init__(self, sock: ssl.SSLSocket) -> None:
        self._sock = sock

    def write(self, data: Any) -> int:
        self._sock.sendall(data)
        return len(data)


def certificate(folder: Path) -> Path:
    """A certificate for this machine that it signed itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.montlucon.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@dataclass(frozen=True)
class Encryption:
    """With what a server encrypts: from the first byte on, or when it is asked (STARTTLS)."""

    context: ssl.SSLContext
    at_once: bool

    @classmethod
    def of(cls, vouched: Path, security: str) -> Self:
        """With that certificate; `security` is "tls" or "starttls", as a configuration says it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(vouched)
        return cls(context, security == "tls")

    def begin(self, peer: socketserver.StreamRequestHandler, opened: ExitStack) -> bool:
        """From here on; False when the other side does not believe the certificate."""
        try:
            wrapped = self.context.wrap_socket(peer.connection, server_side=True)
        except OSError:
            return False
        opened.enter_context(wrapped)
        peer.rfile = opened.enter_context(wrapped.makefile("rb"))
        peer.wfile = _Unbuffered(wrapped)
        return True


@contextmanager
def smtp_sink(tls: Encryption | None = None) -> Iterator[Sink]:
    """Takes every mail; once the conversation is encrypted, where it can be."""
    sink = Sink()

    def talk(peer: socketserver.StreamRequestHandler) -> None:
        with ExitStack() as opened:
            converse(peer, opened)

    def converse(peer: socketserver.StreamRequestHandler, opened: ExitStack) -> None:
        sink.encrypted = tls is not None and tls.at_once
        if tls is not None and tls.at_once and not tls.begin(peer, opened):
            return
        peer.wfile.write(b"220 sink\r\n")
        while line := peer.rfile.readline():
            verb = line[:4].upper()
            if verb == b"EHLO" and tls is not None and not sink.encrypted:
                peer.wfile.write(b"250-sink\r\n250 STARTTLS\r\n")
                continue
            if verb == b"STAR" and tls is not None:
                peer.wfile.write(b"220 go on\r\n")
                if not tls.begin(peer, opened):
                    return
                sink.encrypted = True
                continue
            if verb == b"MAIL" and len(sink.mails) >= sink.patience:
                return
            if verb == b"RCPT" and any(address.encode() in line for address in sink.refused):
                peer.wfile.write(b"550 nobody here\r\n")
                continue
            if verb == b"DATA":
                peer.wfile.write(b"354 go on\r\n")
                lines = []
                while (text := peer.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(text.removeprefix(b".") if text.startswith(b"..") else text)
                parsed = message_from_bytes(b"".join(lines), policy=policy.default)
                assert isinstance(parsed, EmailMessage)
                sink.mails.append(parsed)
            peer.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                return

    with _served(talk) as port:
        sink.port = port
        yield sink


@dataclass
class Box:
    """A mailbox: messages by number, each with its flags."""

    port: int = 0
    messages: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    password: str = "secret"

    def put(self, message: bytes) -> int:
        """One more unread message; its number."""
        number = len(self.flags) + 1
        self.messages[number], self.flags[number] = message, set()
        return number


@contextmanager
def imap_box(tls: Encryption | None = None) -> Iterator[Box]:
    """What a mailbox needs to be looked at."""
    box = Box()

    def answer(peer: socketserver.StreamRequestHandler, command: str) -> str:
        if command.startswith("LOGIN"):
            return "OK" if f'"{box.password}"' in command else "NO"
        if command.startswith("SELECT"):
            peer.wfile.write(f"* {len(box.messages)} EXISTS\r\n".encode())
        elif command.startswith("UID SEARCH"):
            unread = [str(n) for n in box.messages if not box.flags[n] & {r"\Seen", r"\Flagged"}]
            peer.wfile.write(f"* SEARCH {' '.join(unread)}\r\n".encode())
        elif found := re.match(r"UID FETCH (\d+)", command):
            message = box.messages[int(found[1])]
            part = message.split(b"\n\n")[0] if "HEADER" in command else message
            head = f"* 1 FETCH (UID {found[1]} RFC822.SIZE {len(message)} BODY[] {{{len(part)}}}\r\n"
            peer.wfile.write(head.encode() + part + b")\r\n")
        elif found := re.match(r"UID STORE (\d+) \+FLAGS \((.*)\)", command):
            box.flags[int(found[1])] |= set(found[2].split())
        elif command.startswith("EXPUNGE"):
            for number in [n for n in box.messages if r"\Deleted" in box.flags[n]]:
                del box.messages[number]
        return "OK"

    def talk(peer: socketserver.StreamRequestHandler) -> None:
        with ExitStack() as opened:
            converse(peer, opened)

    def converse(peer: socketserver.StreamRequestHandler, opened: ExitStack) -> None:
        if tls is not None and tls.at_once and not tls.begin(peer, opened):
            return
        peer.wfile.write(b"* OK ready\r\n")
        while line := peer.rfile.readline():
            tag, _space, command = line.decode().strip().partition(" ")
            if command.startswith("CAPABILITY"):
                peer.wfile.write(f"* CAPABILITY IMAP4rev1{' STARTTLS' * (tls is not None)}\r\n".encode())
            peer.wfile.write(f"{tag} {answer(peer, command)} done\r\n".encode())
            if command.startswith("STARTTLS") and (tls is None or not tls.begin(peer, opened)):
                return
            if command.startswith("LOGOUT"):
                return

    with _served(talk) as port:
        box.port = port
        yield box
