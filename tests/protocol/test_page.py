"""Pages: what goes in comes out, one byte form, and hostile bytes end in one clear error."""

import os

import pytest
import zstandard
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.commitment import MAX_BODY_BYTES, Opening, make_opening
from protocol.errors import MalformedMessage, ProtocolError, UnknownVersion
from protocol.merkle import MAX_SIZE
from protocol.page import MAX_RECORDS, Head, Page, _pack, _unpack, decode_page, encode_page
from tests.protocol.conftest import Golden, seeded_bytes

salts = st.binary(min_size=32, max_size=32)
hashes = st.binary(min_size=32, max_size=32)
entries = st.binary(min_size=33, max_size=33)
openings = st.builds(Opening, salts, st.binary(max_size=1024), salts, st.binary(max_size=300)) | st.builds(
    Opening, salts, st.binary(max_size=1024), st.none(), st.none()
)
channels = st.sampled_from(["network", "to:bayonne.emploi.example", "to:drancy.emploi.example", "to:x.y"])
heads = st.dictionaries(channels, st.tuples(st.integers(1, MAX_SIZE), entries)).map(
    lambda found: [Head(channel, *found[channel]) for channel in sorted(found)]
)
pages = st.builds(
    Page,
    st.binary(max_size=400),
    st.integers(0, MAX_SIZE),
    st.lists(entries | openings, max_size=12),
    st.lists(hashes, max_size=64),
    heads,
)
EMPTY = Page(b"", 0, [], [], [])


def a_page() -> Page:
    random = seeded_bytes("page")
    entry, opened = make_opening("opened/1", "network", 1, "", "2026-11-23T02:00:00Z", b"{}", random)
    sealed, sealed_opened = make_opening(
        "sealed/1", "to:drancy.emploi.example", 1, "", "2026-11-23T02:00:01Z", b"\x00" * 300, random
    )
    return Page(
        checkpoint=b"trelaze.emploi.example/journal/1\n...",
        first=0,
        records=[opened, sealed, sealed_opened.without_body()],
        proof=[random(32), random(32)],
        heads=[Head("network", 1, entry), Head("to:drancy.emploi.example", 1, sealed)],
    )


@given(pages)
@example(EMPTY)
def test_a_page_comes_out_as_it_went_in(page: Page) -> None:
    assert decode_page(encode_page(page)) == page


@given(pages, st.data())
def test_bytes_are_refused_or_are_what_we_would_have_written(page: Page, data: st.DataObject) -> None:
    raw = bytearray(_pack(page))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] = data.draw(st.integers(0, 255))
    sent = zstandard.compress(bytes(raw))
    try:
        found = decode_page(sent)
    except ProtocolError:
        return
    assert _pack(found) == raw


def test_no_page_that_ends_early_or_late_passes() -> None:
    raw = _pack(a_page())
    assert _unpack(raw) == a_page()
    for end in range(1, len(raw)):
        with pytest.raises(MalformedMessage):
            decode_page(zstandard.compress(raw[:end]))
    with pytest.raises(MalformedMessage):
        decode_page(zstandard.compress(raw + b"\x00"))


@given(st.binary(max_size=200))
def test_noise_is_malformed(noise: bytes) -> None:
    with pytest.raises(MalformedMessage):
        decode_page(noise)
    with pytest.raises(MalformedMessage):
        decode_page(zstandard.compress(noise))


def test_a_page_does_not_expand_beyond_the_cap() -> None:
    bomb = zstandard.compress(bytes(100_000_000))
    assert len(bomb) < 20_000
    with pytest.raises(MalformedMessage, match="beyond 67108864 bytes"):
        decode_page(bomb)
    page = a_page()
    size = len(_pack(page))
    assert decode_page(encode_page(page), max_bytes=size) == page
    with pytest.raises(MalformedMessage):
        decode_page(encode_page(page), max_bytes=size - 1)


def test_a_page_is_exactly_one_frame_that_states_its_size() -> None:
    raw = _pack(a_page())
    unsized = zstandard.ZstdCompressor(write_content_size=False).compress(raw)
    skippable = b"\x50\x2a\x4d\x18\x04\x00\x00\x00skip"
    frame = zstandard.compress(raw)
    for sent in (b"", unsized, skippable, skippable + frame, frame + b"x", frame + frame, frame[:-1], raw):
        with pytest.raises(MalformedMessage):
            decode_page(sent)


def test_a_frame_that_lies_about_its_size_is_malformed() -> None:
    frame = bytearray(zstandard.compress(_pack(a_page())))
    assert zstandard.frame_content_size(bytes(frame)) == len(_pack(a_page()))
    frame[5] ^= 1
    with pytest.raises(MalformedMessage):
        decode_page(bytes(frame))


def test_a_page_of_a_later_version_is_told_from_noise() -> None:
    raw = bytearray(_pack(EMPTY))
    raw[4] = 2
    with pytest.raises(UnknownVersion):
        decode_page(zstandard.compress(bytes(raw)))


def test_a_full_page_is_the_largest() -> None:
    closed: list[bytes | Opening] = [os.urandom(33) for _ in range(MAX_RECORDS)]
    page = Page(b"", 7, closed, [], [])
    assert decode_page(encode_page(page)) == page
    raw = _pack(page)
    at = raw.index(MAX_RECORDS.to_bytes(4, "big"))
    more = raw[:at] + (MAX_RECORDS + 1).to_bytes(4, "big") + bytes(34) + raw[at + 4 :]
    with pytest.raises(MalformedMessage, match="more than 4096 records"):
        decode_page(zstandard.compress(more))


@pytest.mark.parametrize(
    "record",
    [
        b"\x03" + bytes(40),
        b"\x02" + bytes(32) + (1025).to_bytes(2, "big") + bytes(1025),
        b"\x01" + bytes(34) + bytes(32) + (MAX_BODY_BYTES + 1).to_bytes(4, "big") + bytes(MAX_BODY_BYTES + 1),
    ],
)
def test_a_record_of_no_known_kind_or_size_is_malformed(record: bytes) -> None:
    raw = _pack(Page(b"", 0, [bytes(33)], [], []))
    with pytest.raises(MalformedMessage, match=r"unknown type|more than"):
        decode_page(zstandard.compress(raw.replace(b"\x00" * 34, record)))


def test_the_last_index_there_is_may_be_named_and_none_after_it() -> None:
    first, head = Page(b"", MAX_SIZE, [], [], []), Page(b"", 0, [], [], [Head("network", MAX_SIZE, bytes(33))])
    for page in (first, head):
        assert decode_page(encode_page(page)) == page
        beyond = _pack(page).replace(MAX_SIZE.to_bytes(8, "big"), (MAX_SIZE + 1).to_bytes(8, "big"))
        with pytest.raises(MalformedMessage, match="impossible"):
            decode_page(zstandard.compress(beyond))


@pytest.mark.parametrize("name", [b"network", b"nowhere", b"n\xe9twork"])
def test_heads_that_are_out_of_order_or_nowhere_are_malformed(name: bytes) -> None:
    raw = _pack(Page(b"", 0, [], [], [A_HEAD, Head("to:x.y", 1, bytes(33))]))
    assert decode_page(zstandard.compress(raw)).heads[0] == A_HEAD
    twice = raw.replace(b"\x00\x06to:x.y", len(name).to_bytes(2, "big") + name)
    with pytest.raises(MalformedMessage, match="head"):
        decode_page(zstandard.compress(twice))


A_HEAD = Head("network", 1, bytes(33))


@pytest.mark.parametrize(
    "page",
    [
        Page(bytes(65_536), 0, [], [], []),
        Page(b"", -1, [], [], []),
        Page(b"", MAX_SIZE + 1, [], [], []),
        Page(b"", 0, [bytes(33)] * (MAX_RECORDS + 1), [], []),
        Page(b"", 0, [bytes(32)], [], []),
        Page(b"", 0, [Opening(bytes(31), b"", None, None)], [], []),
        Page(b"", 0, [Opening(bytes(32), bytes(1025), None, None)], [], []),
        Page(b"", 0, [Opening(bytes(32), b"", bytes(32), None)], [], []),
        Page(b"", 0, [Opening(bytes(32), b"", None, b"")], [], []),
        Page(b"", 0, [Opening(bytes(32), b"", bytes(33), b"")], [], []),
        Page(b"", 0, [Opening(bytes(32), b"", bytes(32), bytes(MAX_BODY_BYTES + 1))], [], []),
        Page(b"", 0, [], [bytes(31)], []),
        Page(b"", 0, [], [bytes(32)] * 65, []),
        Page(b"", 0, [], [], [A_HEAD, A_HEAD]),
        Page(b"", 0, [], [], [Head("to:x.y", 1, bytes(33)), A_HEAD]),
        Page(b"", 0, [], [], [Head("nowhere", 1, bytes(33))]),
        Page(b"", 0, [], [], [Head("network", 0, bytes(33))]),
        Page(b"", 0, [], [], [Head("network", 1, bytes(34))]),
    ],
)
def test_what_a_page_cannot_hold_is_not_written(page: Page) -> None:
    with pytest.raises(ValueError, match="page: "):
        encode_page(page)


def test_golden(golden: Golden) -> None:
    page = a_page()
    golden(
        "page",
        {
            "checkpoint": page.checkpoint.decode(),
            "first": page.first,
            "records": ["opened", "closed", "header only"],
            "proof_hex": [one.hex() for one in page.proof],
            "heads": [
                {"channel": head.channel, "number": head.number, "entry_hex": head.entry.hex()} for head in page.heads
            ],
            "before_compression_hex": _pack(page).hex(),
        },
    )
