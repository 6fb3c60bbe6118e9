"""Journal entries that say nothing, and the openings that prove what they hold.

An entry is 33 bytes: version 0x01, then HMAC-SHA-256(header salt, header). The header names channel,
number, kind, time and the channel's previous entry, and commits to the body: HMAC-SHA-256(body salt, body).
So anyone may read the journal and learns nothing; whoever is given a header can place a message without its
body; and both stay provable after the body and its salt are destroyed.

Guarantees: salts have exactly 32 bytes (HMAC pads a shorter key with zeros: a 31-byte salt and its padded
twin would open to the same entry); a header has one byte form; what `open_entry` and `verify_opening`
return has been checked against every commitment that the opening can show. The body's own form is the
affair of wire_json.py. Read next: merkle.py (the tree over the entries), page.py (how openings travel).
"""

import re
from collections.abc import Callable
from datetime import datetime
from hmac import digest

import msgspec

from protocol.errors import MalformedMessage, ProofMismatch, UnknownVersion

ENTRY_SIZE = 33
ENTRY_VERSION = 1
SALT_SIZE = 32
MAX_HEADER_BYTES = 1024
MAX_BODY_BYTES = 16 * 1024 * 1024

NETWORK = "network"
"""The channel that every member may open; the others are `to:<node id>`."""

_VERSION_BYTE = bytes([ENTRY_VERSION])
_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_CHANNEL = rf'network|to:(?=[a-z0-9.-]{{1,253}}(?:"|\Z)){_LABEL}(?:\.{_LABEL})+'
_CHANNEL_NAME = re.compile(_CHANNEL)
# The whole canonical header at once, which is several times cheaper than a pattern a field.
_HEADER = re.compile(
    rb'\{"body":"[0-9a-f]{64}"'
    rb',"channel":"(?:' + _CHANNEL.encode() + rb')"'
    rb',"kind":"(?=.{1,100}")[a-z][a-z0-9_-]*(?:\.[a-z][a-z0-9_-]*)*/[1-9][0-9]{0,3}"'
    rb',"number":(?:1,"previous":""|(?:[2-9]|[1-9][0-9]{1,17}),"previous":"01[0-9a-f]{64}")'
    rb',"time":"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"\}'
)


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """What an entry commits to. Fields in the order of their canonical encoding."""

    body: str
    """Commitment to the body, 64 hexadecimal digits."""
    channel: str
    """`network`, or `to:<node id>` for one recipient."""
    kind: str
    """Family, event and major version: `offer.published/1`."""
    number: int
    """Place in the channel, from 1, without gaps."""
    previous: str
    """The channel's previous entry, 66 hexadecimal digits; empty for number 1."""
    time: str
    """When it was written, UTC: `2026-11-23T02:00:00Z`."""


class Opening(msgspec.Struct, frozen=True, gc=False):
    """What opens one entry. `body_salt` and `body` are both None when the body was destroyed or is
    withheld."""

    header_salt: bytes
    header: bytes
    body_salt: bytes | None
    body: bytes | None

    def without_body(self) -> "Opening":
        """The part that places the message and shows nothing of it."""
        return Opening(self.header_salt, self.header, None, None)


_encode_header = msgspec.json.Encoder(order="sorted").encode
_decode_header = msgspec.json.Decoder(Header).decode


def is_channel(name: str) -> bool:
    """Whether this is `network`, or `to:` and a node id: a lower-case DNS-like name of two labels or more."""
    return _CHANNEL_NAME.fullmatch(name) is not None


def commit(salt: bytes, header: bytes) -> bytes:
    """The entry, 33 bytes, that commits to `header` under a salt of 32; MalformedMessage for any other
    salt."""
    if len(salt) != SALT_SIZE:
        raise MalformedMessage("salt: not 32 bytes")
    return _VERSION_BYTE + digest(salt, header, "sha256")


def commit_body(salt: bytes, body: bytes) -> str:
    """The commitment to a body as the header carries it; MalformedMessage for a salt that is not 32 bytes."""
    if len(salt) != SALT_SIZE:
        raise MalformedMessage("salt: not 32 bytes")
    return digest(salt, body, "sha256").hex()


def encode_header(header: Header) -> bytes:
    """The canonical bytes of a header; MalformedMessage when a field is not what it should be."""
    try:
        encoded = _encode_header(header)
    except (UnicodeEncodeError, OverflowError):
        raise MalformedMessage("header: a field that JSON cannot hold") from None
    _check_header(encoded, header.time)
    return encoded


def decode_header(data: bytes) -> Header:
    """The header in these bytes; MalformedMessage unless they are exactly its canonical form."""
    if len(data) > MAX_HEADER_BYTES:
        raise MalformedMessage(f"header: more than {MAX_HEADER_BYTES} bytes")
    try:
        header = _decode_header(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise MalformedMessage("header: not the JSON of a header") from None
    if _encode_header(header) != data:
        raise MalformedMessage("header: not the canonical form")
    _check_header(data, header.time)
    return header


def make_opening(
    kind: str,
    channel: str,
    number: int,
    previous: str,
    time: str,
    body: bytes,
    random_bytes: Callable[[int], bytes],
) -> tuple[bytes, Opening]:
    """A new entry and what opens it; `random_bytes(n)` must be unpredictable.

    `previous` is the channel's previous entry in hexadecimal, empty for number 1. Raises MalformedMessage
    when a field is not what a header takes.
    """
    if len(body) > MAX_BODY_BYTES:
        raise MalformedMessage(f"body: more than {MAX_BODY_BYTES} bytes")
    header_salt, body_salt = random_bytes(SALT_SIZE), random_bytes(SALT_SIZE)
    header = encode_header(
        Header(
            body=commit_body(body_salt, body),
            channel=channel,
            kind=kind,
            number=number,
            previous=previous,
            time=time,
        )
    )
    return commit(header_salt, header), Opening(header_salt, header, body_salt, body)


def open_entry(opening: Opening) -> tuple[bytes, Header]:
    """The entry that this opening belongs to, rebuilt, and its header.

    The caller proves that the entry is in the journal. Raises MalformedMessage for a header that is not
    canonical or sizes that cannot be, ProofMismatch when the body is not the one that the header commits
    to.
    """
    header = decode_header(opening.header)
    body, body_salt = opening.body, opening.body_salt
    if body is not None and body_salt is not None:
        if len(body) > MAX_BODY_BYTES:
            raise MalformedMessage(f"body: more than {MAX_BODY_BYTES} bytes")
        if commit_body(body_salt, body) != header.body:
            raise ProofMismatch("opening: another body than the header commits to")
    elif body is not body_salt:
        raise MalformedMessage("opening: a body without its salt, or a salt without its body")
    return commit(opening.header_salt, opening.header), header


def verify_opening(entry: bytes, opening: Opening) -> Header:
    """The header, once the opening has been shown to be that of `entry`.

    Raises as `open_entry`; also ProofMismatch for another entry, MalformedMessage for one that is not 33
    bytes, UnknownVersion for one of a later format.
    """
    if len(entry) != ENTRY_SIZE:
        raise MalformedMessage("entry: not 33 bytes")
    if entry[0] != ENTRY_VERSION:
        raise UnknownVersion(f"entry: version {entry[0]}")
    opened, header = open_entry(opening)
    if opened != entry:
        raise ProofMismatch("opening: of another entry")
    return header


def _check_header(canonical: bytes, time: str) -> None:
    if not _HEADER.fullmatch(canonical):
        raise MalformedMessage("header: a field is not what it should be")
    try:
        datetime.fromisoformat(time)
    except ValueError:
        raise MalformedMessage("header: no such time") from None
