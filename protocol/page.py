"""One answer to one pull: a stretch of a peer's journal, with what the caller may open, and the proofs.

Content type `application/vnd.maillon.page`. The layout, all numbers big-endian, compressed as exactly one
zstd frame that states its content size:

    magic          4  "MLNP"
    version        1  0x01
    checkpoint     2  length, then the signed note
    first          8  index of the first record's entry
    count          4  number of records, at most 4096
    records           count times a type byte and:
                      0  closed:       entry 33 1  opened:       header salt 32, header length 2, header,
                      body salt 32, body length 4, body 2  header only:  header salt 32, header length 2,
                      header
    proof          1  number of hashes, then 32 bytes each: consistency from first + count to the
    checkpoint's size heads          2  number of channels, then each, in ascending order of channel:
                      channel length 2, channel, number 8, entry 33
                      (the last message of each channel that the caller may see, as of the checkpoint)

Guarantees: `decode_page` accepts only bytes that `encode_page` writes (before compression: parse, write and
compare are equal), consumes all of them, and never expands beyond the cap. It proves nothing: the
checkpoint's signature, the openings and the proof are for the caller to verify. Read next: commitment.py
(openings), merkle.py (the proof), checkpoint.py (the note).
"""

import struct
from dataclasses import dataclass

import zstandard

from protocol.commitment import (
    ENTRY_SIZE,
    MAX_BODY_BYTES,
    MAX_HEADER_BYTES,
    SALT_SIZE,
    Opening,
    is_channel,
)
from protocol.errors import MalformedMessage, UnknownVersion
from protocol.merkle import HASH_SIZE, MAX_SIZE

CONTENT_TYPE = "application/vnd.maillon.page"
MAX_RECORDS = 4096
MAX_PAGE_BYTES = 64 * 1024 * 1024
MAX_PROOF = 64

_MAGIC = b"MLNP"
_VERSION = 1
_CLOSED, _OPENED, _HEADER_ONLY = 0, 1, 2
_LEVEL = 3

_U16 = struct.Struct(">H")
_U32 = struct.Struct(">I")
_START = struct.Struct(">QI")
_HEAD = struct.Struct(f">Q{ENTRY_SIZE}s")
_CHECKPOINT_AT = len(_MAGIC) + 1


@dataclass(frozen=True, slots=True)
class Head:
    """The last message of a channel: its number, from 1, and its entry (33 bytes)."""

    channel: str
    number: int
    entry: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds; a record is the closed entry itself, or the opening that it can be rebuilt from."""

    checkpoint: bytes
    first: int
    records: list[bytes | Opening]
    proof: list[bytes]
    heads: list[Head]


def encode_page(page: Page) -> bytes:
    """The page on the wire; ValueError for what a page cannot hold."""
    return zstandard.ZstdCompressor(level=_LEVEL).compress(_pack(page))


def decode_page(data: bytes, max_bytes: int = MAX_PAGE_BYTES) -> Page:
    """The page in these bytes.

    `max_bytes` caps what they may expand to, and is compared before anything is expanded. Raises
    MalformedMessage, and UnknownVersion for a page of a later version.
    """
    try:
        size = zstandard.frame_content_size(data)
        if not 0 < size <= max_bytes:
            raise MalformedMessage(f"page: its frame states no size, or one beyond {max_bytes} bytes")
        raw = zstandard.ZstdDecompressor().decompress(data, allow_extra_data=False)
    except zstandard.ZstdError:
        raise MalformedMessage("page: not one zstd frame") from None
    try:
        return _unpack(raw)
    except (struct.error, IndexError):
        raise MalformedMessage("page: ends too early") from None


def _pack(page: Page) -> bytes:
    if len(page.records) > MAX_RECORDS or len(page.proof) > MAX_PROOF or not 0 <= page.first <= MAX_SIZE:
        raise ValueError("page: too many records or hashes, or an impossible index")
    if len(page.checkpoint) > 0xFFFF or len(page.heads) > 0xFFFF:
        raise ValueError("page: checkpoint or heads too large")
    parts = [_MAGIC, bytes([_VERSION]), _U16.pack(len(page.checkpoint)), page.checkpoint]
    parts.append(_START.pack(page.first, len(page.records)))
    parts.extend(map(_pack_record, page.records))
    if any(len(one) != HASH_SIZE for one in page.proof):
        raise ValueError("page: a hash that is not 32 bytes")
    parts.append(bytes([len(page.proof)]))
    parts.extend(page.proof)
    parts.append(_U16.pack(len(page.heads)))
    previous = ""
    for head in page.heads:
        if not is_channel(head.channel) or head.channel <= previous:
            raise ValueError("page: heads are not in ascending order of channels")
        if not 1 <= head.number <= MAX_SIZE or len(head.entry) != ENTRY_SIZE:
            raise ValueError("page: impossible head")
        parts += _U16.pack(len(head.channel)), head.channel.encode(), _HEAD.pack(head.number, head.entry)
        previous = head.channel
    return b"".join(parts)


def _pack_record(record: bytes | Opening) -> bytes:
    if isinstance(record, bytes):
        if len(record) != ENTRY_SIZE:
            raise ValueError("page: an entry that is not 33 bytes")
        return b"\x00" + record
    salt, header, body_salt, body = record.header_salt, record.header, record.body_salt, record.body
    if len(salt) != SALT_SIZE or len(header) > MAX_HEADER_BYTES:
        raise ValueError("page: impossible header or salt")
    if body is None and body_salt is None:
        return b"".join((b"\x02", salt, _U16.pack(len(header)), header))
    if body is None or body_salt is None or len(body_salt) != SALT_SIZE or len(body) > MAX_BODY_BYTES:
        raise ValueError("page: impossible body or salt")
    return b"".join((b"\x01", salt, _U16.pack(len(header)), header, body_salt, _U32.pack(len(body)), body))


def _unpack(raw: bytes) -> Page:
    """Short slices are caught by comparing the position after each part; short numbers raise by themselves."""
    if raw[: len(_MAGIC)] != _MAGIC:
        raise MalformedMessage("page: no page at all")
    if raw[len(_MAGIC)] != _VERSION:
        raise UnknownVersion(f"page: version {raw[len(_MAGIC)]}")
    (length,) = _U16.unpack_from(raw, _CHECKPOINT_AT)
    at = _CHECKPOINT_AT + _U16.size + length
    checkpoint = raw[at - length : at]
    first, count = _START.unpack_from(raw, at)
    if first > MAX_SIZE or count > MAX_RECORDS:
        raise MalformedMessage(f"page: impossible index, or more than {MAX_RECORDS} records")
    records, at = _unpack_records(raw, at + _START.size, count)
    proof, at = _unpack_proof(raw, at)
    heads, at = _unpack_heads(raw, at)
    if at != len(raw):
        raise MalformedMessage("page: ends too early or too late")
    return Page(checkpoint, first, records, proof, heads)


def _unpack_records(raw: bytes, at: int, count: int) -> tuple[list[bytes | Opening], int]:
    total = len(raw)
    records: list[bytes | Opening] = []
    append, u16, u32 = records.append, _U16.unpack_from, _U32.unpack_from
    for _ in range(count):
        kind = raw[at]
        at += 1
        if kind == _CLOSED:
            append(raw[at : at + ENTRY_SIZE])
            at += ENTRY_SIZE
        elif kind in (_OPENED, _HEADER_ONLY):
            salt = raw[at : at + SALT_SIZE]
            at += SALT_SIZE + 2
            (length,) = u16(raw, at - 2)
            header = raw[at : at + length]
            at += length
            if length > MAX_HEADER_BYTES:
                raise MalformedMessage(f"page: a header of more than {MAX_HEADER_BYTES} bytes")
            if kind == _HEADER_ONLY:
                append(Opening(salt, header, None, None))
            else:
                body_salt = raw[at : at + SALT_SIZE]
                at += SALT_SIZE + 4
                (length,) = u32(raw, at - 4)
                if length > MAX_BODY_BYTES:
                    raise MalformedMessage(f"page: a body of more than {MAX_BODY_BYTES} bytes")
                append(Opening(salt, header, body_salt, raw[at : at + length]))
                at += length
        else:
            raise MalformedMessage("page: unknown type of record")
        if at > total:
            raise MalformedMessage("page: ends too early")
    return records, at


def _unpack_proof(raw: bytes, at: int) -> tuple[list[bytes], int]:
    count = raw[at]
    start, end = at + 1, at + 1 + count * HASH_SIZE
    if count > MAX_PROOF or end > len(raw):
        raise MalformedMessage("page: impossible proof")
    return [raw[one : one + HASH_SIZE] for one in range(start, end, HASH_SIZE)], end


def _unpack_heads(raw: bytes, at: int) -> tuple[list[Head], int]:
    (count,) = _U16.unpack_from(raw, at)
    at += _U16.size
    heads: list[Head] = []
    previous = ""
    for _ in range(count):
        (length,) = _U16.unpack_from(raw, at)
        at += _U16.size + length
        channel = raw[at - length : at].decode("ascii", "replace")
        number, entry = _HEAD.unpack_from(raw, at)
        at += _HEAD.size
        if not is_channel(channel) or channel <= previous or not 1 <= number <= MAX_SIZE:
            raise MalformedMessage("page: impossible head, or not in ascending order of channels")
        heads.append(Head(channel, number, entry))
        previous = channel
    return heads, at
