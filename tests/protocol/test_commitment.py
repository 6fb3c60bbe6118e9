"""Entries and openings: nothing but the exact header and body opens an entry."""

import os
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.commitment import (
    ENTRY_SIZE,
    MAX_BODY_BYTES,
    Header,
    Opening,
    commit,
    commit_body,
    decode_header,
    encode_header,
    is_channel,
    make_opening,
    open_entry,
    verify_opening,
)
from protocol.errors import MalformedMessage, ProofMismatch, UnknownVersion
from tests.protocol.conftest import Golden, seeded_bytes

BODY = b'{"kind":"offer.published/1","title":"Boulanger"}'
PREVIOUS = "01" + "ab" * 32
TIME = "2026-11-23T02:00:00Z"
GOOD = Header(body="0" * 64, channel="network", kind="offer.published/1", number=2, previous=PREVIOUS, time=TIME)


def opening(
    body: bytes = BODY, number: int = 2, channel: str = "network", random: Callable[[int], bytes] = os.urandom
) -> tuple[bytes, Opening]:
    previous = "" if number == 1 else PREVIOUS
    return make_opening("offer.published/1", channel, number, previous, TIME, body, random)


def changed(of: Opening, **fields: Any) -> Opening:
    return msgspec.structs.replace(of, **fields)


@given(st.binary(max_size=2000), st.integers(1, 10**18 - 1), st.sampled_from(["network", "to:drancy.emploi.example"]))
def test_an_opening_opens_its_entry(body: bytes, number: int, channel: str) -> None:
    entry, opened = opening(body, number, channel)
    assert len(entry) == ENTRY_SIZE
    header = verify_opening(entry, opened)
    assert (header.channel, header.kind, header.number) == (channel, "offer.published/1", number)
    assert open_entry(opened) == (entry, header)
    assert encode_header(header) == opened.header


def test_a_coordinator_places_a_message_without_its_body() -> None:
    entry, opened = opening()
    closed = opened.without_body()
    assert closed.body is None
    assert closed.body_salt is None
    assert verify_opening(entry, closed).body == commit_body(opened.body_salt or b"", BODY)


def test_two_messages_alike_have_nothing_in_common() -> None:
    one, first = opening()
    two, second = opening()
    assert one != two
    assert decode_header(first.header).body != decode_header(second.header).body


def test_nothing_changed_opens_the_entry() -> None:
    entry, opened = opening()
    for at in range(32):
        salt = bytearray(opened.header_salt)
        salt[at] ^= 1
        with pytest.raises(ProofMismatch):
            verify_opening(entry, changed(opened, header_salt=bytes(salt)))
    assert opened.body_salt is not None
    for fields in (
        {"body": BODY + b" "},
        {"body": b""},
        {"body_salt": opened.header_salt},
        {"header": opened.header.replace(b'"number":2', b'"number":3')},
        {"header": opened.header.replace(b"T02:", b"T03:")},
        {"header": opened.header.replace(b"network", b"to:drancy.emploi.example")},
    ):
        with pytest.raises(ProofMismatch):
            verify_opening(entry, changed(opened, **fields))
    other, _ = opening()
    with pytest.raises(ProofMismatch):
        verify_opening(other, opened)


def test_a_salt_has_exactly_32_bytes() -> None:
    short = b"s" * 31
    twin = short + b"\x00"
    for salt in (b"", short, twin + b"\x00"):
        with pytest.raises(MalformedMessage):
            commit(salt, b"header")
        with pytest.raises(MalformedMessage):
            commit_body(salt, BODY)
    entry, opened = opening(random=lambda count: twin[:count])
    with pytest.raises(MalformedMessage):
        verify_opening(entry, changed(opened, header_salt=short))
    with pytest.raises(MalformedMessage):
        verify_opening(entry, changed(opened, body_salt=short))


def test_a_body_and_its_salt_come_and_go_together() -> None:
    entry, opened = opening()
    for half in (changed(opened, body=None), changed(opened, body_salt=None)):
        with pytest.raises(MalformedMessage):
            verify_opening(entry, half)


def test_an_entry_of_a_later_format_is_told_from_a_wrong_one() -> None:
    entry, opened = opening()
    with pytest.raises(UnknownVersion):
        verify_opening(b"\x02" + entry[1:], opened)
    for other in (b"", entry[:-1], entry + b"\x00"):
        with pytest.raises(MalformedMessage):
            verify_opening(other, opened)


def test_a_body_beyond_the_cap_is_refused_on_both_sides() -> None:
    huge = bytes(MAX_BODY_BYTES + 1)
    with pytest.raises(MalformedMessage):
        opening(huge)
    _, opened = opening()
    with pytest.raises(MalformedMessage):
        open_entry(changed(opened, body=huge))


@pytest.mark.parametrize(
    "spelled",
    [
        lambda data: data.replace(b":2,", b": 2,"),
        lambda data: data + b"\n",
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b":2,", b":2.0,"),
        lambda data: data.replace(b":2,", b":02,"),
        lambda data: data.replace(b":2,", b':"2",'),
        lambda data: data.replace(b"network", b"net\\u0077ork"),
        lambda data: data.replace(b'"number":2', b'"number":2,"number":2'),
        lambda data: data.replace(b'"number":2', b'"more":1,"number":2'),
        lambda data: data.replace(b'"number":2,', b""),
        lambda data: b'{"time":"' + TIME.encode() + b'",' + data[1:].replace(b',"time":"' + TIME.encode() + b'"', b""),
        lambda data: data[:-1],
        lambda data: b"[]",
        lambda data: b"\xff",
        lambda data: b"",
        lambda data: data.replace(b"network", b"n" * 2000),
    ],
)
def test_a_header_has_one_spelling(spelled: Callable[[bytes], bytes]) -> None:
    canonical = encode_header(GOOD)
    assert decode_header(canonical) == GOOD
    assert spelled(canonical) != canonical
    with pytest.raises(MalformedMessage):
        decode_header(spelled(canonical))


@pytest.mark.parametrize(
    "fields",
    [
        {"body": "0" * 63},
        {"body": "A" * 64},
        {"channel": "networks"},
        {"channel": "to:"},
        {"channel": "to:drancy"},
        {"channel": "to:Drancy.example"},
        {"channel": "to:drancy..example"},
        {"channel": "to:-drancy.example"},
        {"channel": "to:drancy-.example"},
        {"channel": "to:montluçon.example"},
        {"channel": "to:drancy.example\n"},
        {"channel": "to:" + "a." * 126 + "example"},
        {"kind": "offer.published"},
        {"kind": "offer.published/0"},
        {"kind": "offer.published/01"},
        {"kind": "Offer/1"},
        {"kind": "offer./1"},
        {"kind": "o" * 120 + "/1"},
        {"number": 0},
        {"number": -1},
        {"number": 10**18},
        {"number": 1},
        {"number": 1 << 80},
        {"previous": ""},
        {"previous": "02" + "ab" * 32},
        {"previous": PREVIOUS[:-1]},
        {"time": "2026-11-23T02:00:00+00:00"},
        {"time": "2026-11-23 02:00:00Z"},
        {"time": "2026-02-30T02:00:00Z"},
        {"time": "2026-11-23T24:00:00Z"},
        {"time": "0000-01-01T00:00:00Z"},
        {"time": "2026-11-23T02:00:00.5Z"},
        {"kind": "\ud800"},
    ],
)
def test_a_field_is_what_it_should_be(fields: dict[str, Any]) -> None:
    with pytest.raises(MalformedMessage):
        encode_header(msgspec.structs.replace(GOOD, **fields))


def test_the_first_message_of_a_channel_has_no_previous_one() -> None:
    first = msgspec.structs.replace(GOOD, number=1, previous="")
    assert decode_header(encode_header(first)) == first


@given(st.text(alphabet="abz09-.", max_size=40))
def test_a_channel_to_a_node_is_a_name_of_labels(name: str) -> None:
    labels = name.split(".")
    wanted = len(labels) > 1 and all(one and one[0] != "-" and one[-1] != "-" for one in labels)
    assert is_channel(f"to:{name}") is wanted


def test_a_long_hostile_name_is_refused_at_once() -> None:
    assert not is_channel("to:" + "a" * 100_000)
    assert not is_channel("to:" + "a-" * 126 + "!")
    assert is_channel("to:" + "a." * 125 + "abc")


def test_golden(golden: Golden) -> None:
    random = seeded_bytes("commitment")
    first, first_opened = make_opening("opened/1", "network", 1, "", TIME, b'{"kind":"opened/1"}', random)
    messages = [(first, first_opened)]
    messages.append(
        make_opening("offer.published/1", "network", 2, first.hex(), TIME, '{"title":"Régleur"}'.encode(), random)
    )
    messages.append(
        make_opening("sealed/1", "to:drancy.emploi.example", 1, "", "2026-12-31T23:59:59Z", b"\x00\xff", random)
    )
    golden(
        "commitment",
        [
            {
                "header_salt_hex": opened.header_salt.hex(),
                "header": opened.header.decode(),
                "body_salt_hex": (opened.body_salt or b"").hex(),
                "body_hex": (opened.body or b"").hex(),
                "entry_hex": entry.hex(),
            }
            for entry, opened in messages
        ],
    )
