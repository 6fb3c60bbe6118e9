"""The only JSON of the wire: one value, one sequence of bytes.

Guarantees: what `encode` writes is canonical (RFC 8785 restricted to objects of known fields, lists, strings and
integers: keys sorted, no spaces, the shortest escapes, UTF-8) and fits its schema; `decode` accepts nothing else:
it reads typed, writes again, and compares. So duplicate keys, unknown or missing fields, floats, other spellings of
the same value, wrong types, depth and size beyond the schema are all refused, and the error text names a field of the
schema at most, never a value. Read next: wire_types.py (the grammar of the fields), messages/ (the schemas).
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar, cast

import msgspec

from protocol.errors import MalformedMessage, UnknownVersion
from protocol.messages.registry import KINDS, Message

MAX_BYTES = 1024 * 1024
"""Cap of a body, in bytes, unless the caller says otherwise."""

S = TypeVar("S", bound=msgspec.Struct)

_encode = msgspec.json.Encoder(order="sorted").encode
_FIELD = re.compile(r" - at `(\$[a-z0-9_.\[\]]*)`\Z")
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _Kind(msgspec.Struct):
    kind: str


_decode_kind = msgspec.json.Decoder(_Kind).decode


@cache
def _decoder(into: type[S]) -> Callable[[bytes], S]:
    return msgspec.json.Decoder(into).decode


def encode(value: msgspec.Struct, max_bytes: int = MAX_BYTES) -> bytes:
    """The canonical bytes of a wire struct; MalformedMessage when a field is not what its schema takes.

    Checked here because structs do not check their fields when they are made: what a peer would refuse is never
    committed to.
    """
    try:
        encoded = _encode(value)
    except (UnicodeEncodeError, OverflowError, TypeError):
        raise MalformedMessage(f"{_name(type(value))}: a field that JSON cannot hold") from None
    _read(encoded, type(value), max_bytes)
    return encoded


def decode(data: bytes, into: type[S], max_bytes: int = MAX_BYTES) -> S:
    """The struct in these bytes; MalformedMessage unless they are exactly its canonical form."""
    value = _read(data, into, max_bytes)
    if _encode(value) != data:
        raise MalformedMessage(f"{_name(into)}: not the canonical form")
    return value


def decode_message(kind: str, data: bytes) -> Message:
    """The body of a message of this kind.

    Raises UnknownVersion when the kind is not one of `KINDS`, MalformedMessage as `decode`, also when the body
    carries another kind.
    """
    struct = KINDS.get(kind)
    if struct is None:
        raise UnknownVersion("kind of message, or its major version")
    return cast(Message, decode(data, struct))


def peek_kind(data: bytes) -> str:
    """The `kind` that a body claims, whatever else is in it; MalformedMessage when there is none.

    For bodies that arrive without a header. The caller decodes the body by it, which checks everything.
    """
    if len(data) > MAX_BYTES:
        raise MalformedMessage(f"message: more than {MAX_BYTES} bytes")
    try:
        return _decode_kind(data).kind
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MalformedMessage("message: not JSON with a kind") from None


def timestamp(moment: datetime) -> str:
    """A moment as the wire writes it: UTC, whole seconds (cut, not rounded). ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def parse_timestamp(text: str) -> datetime:
    """The inverse of `timestamp`, aware UTC; MalformedMessage for any other form, or for no such moment."""
    if _TIMESTAMP.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    raise MalformedMessage("timestamp: not a moment in the form of the wire")


def parse_day(text: str) -> date:
    """A calendar day; MalformedMessage for any other form, or for no such day."""
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise MalformedMessage("day: not a day in the form of the wire")


def base64(data: bytes) -> str:
    """Bytes as the wire writes them: RFC 4648 section 4, with padding."""
    return b64encode(data).decode("ascii")


def unbase64(text: str) -> bytes:
    """The inverse of `base64`; MalformedMessage for any other spelling of the same bytes."""
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        raise MalformedMessage("base64: not base64") from None
    # Leftover bits in the last character decode silently: one value would have several spellings.
    if base64(data) != text:
        raise MalformedMessage("base64: not the canonical form")
    return data


def _read(data: bytes, into: type[S], max_bytes: int) -> S:
    if len(data) > max_bytes:
        raise MalformedMessage(f"{_name(into)}: more than {max_bytes} bytes")
    try:
        value: S = _decoder(into)(data)
    except msgspec.ValidationError as error:
        raise MalformedMessage(f"{_name(into)}: {_where(error)}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MalformedMessage(f"{_name(into)}: not JSON") from None
    return value


def _where(error: msgspec.ValidationError) -> str:
    """Which field is wrong. The text of the error itself may quote what the sender wrote."""
    text = str(error)
    if text.startswith("Object contains unknown field"):
        return "a field that the schema does not have"
    found = _FIELD.search(text)
    return f"wrong, missing or out of its limits at {found[1]}" if found else "not what the schema takes"


def _name(struct: type[Any]) -> str:
    return struct.__name__
