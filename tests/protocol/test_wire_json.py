"""One value, one sequence of bytes: whatever else is refused, and no refusal repeats what was sent."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from protocol.errors import MalformedMessage, UnknownVersion
from protocol.messages import KINDS, FormerForwardMoved, OfferClosed, Opened, kind_of
from protocol.wire_json import (
    MAX_BYTES,
    base64,
    decode,
    decode_message,
    encode,
    parse_day,
    parse_timestamp,
    peek_kind,
    timestamp,
    unbase64,
)
from tests.protocol.conftest import Golden
from tests.protocol.wire_values import values_of
from tests.vectors import generate, story

REFUSED = generate.wire_json()
slow = settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def body_of(case: dict[str, str]) -> bytes:
    return case["body"].encode() if "body" in case else bytes.fromhex(case["body_hex"])


@pytest.mark.parametrize("kind", sorted(KINDS))
@slow
@given(data=st.data())
def test_every_message_is_written_as_rfc_8785_says_and_read_back(kind: str, data: st.DataObject) -> None:
    message = data.draw(values_of(KINDS[kind]))
    body = encode(message)
    assert body == rfc8785.dumps(msgspec.to_builtins(message))
    assert decode_message(kind, body) == message
    assert peek_kind(body) == kind


@pytest.mark.parametrize("message", story.MESSAGES, ids=kind_of)
@settings(max_examples=100)
@given(data=st.data())
def test_a_changed_byte_is_refused_or_is_another_message(message: Any, data: st.DataObject) -> None:
    body = encode(message)
    at = data.draw(st.integers(0, len(body) - 1))
    changed = bytearray(body)
    changed[at] = data.draw(st.integers(0, 255))
    assume(bytes(changed) != body)
    try:
        read = decode_message(kind_of(message), bytes(changed))
    except MalformedMessage:
        return
    assert read != message
    assert encode(read) == changed


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["why"])
def test_other_spellings_and_shapes_are_refused(case: dict[str, str]) -> None:
    assert body_of(case) != encode(story.OFFER_CLOSED)
    with pytest.raises(MalformedMessage):
        decode(body_of(case), OfferClosed)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        decode(data, Opened)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'"declined"', b'"Lafargue"'),
        (b'"reason"', b'"Lafargue"'),
        (b'"f-7Q2M4ZK9"', '"Inès Lafargue"'.encode()),
        (b'"f-7Q2M4ZK9"', b'{"Lafargue":1}'),
        (b"{", b'{"Lafargue":{"Lafargue":1},'),
        (b"{", b'{"Lafargue - at `$.lafargue`":1,'),
        (b'"kind":"forward.moved/1"', b'"kind":"Lafargue"'),
        (b"}", b'} "Lafargue"'),
    ],
)
def test_a_refusal_never_repeats_what_was_sent(before: bytes, after: bytes) -> None:
    body = encode(story.FORMER_FORWARD_MOVED).replace(before, after, 1)
    with pytest.raises(MalformedMessage) as refusal:
        decode(body, FormerForwardMoved)
    assert "lafargue" not in str(refusal.value).lower()
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__


def test_a_refusal_names_the_field() -> None:
    body = encode(story.FORMER_FORWARD_MOVED).replace(b'"declined"', b'"lost"')
    with pytest.raises(MalformedMessage, match=r"FormerForwardMoved: .* at \$\.event"):
        decode(body, FormerForwardMoved)


@pytest.mark.parametrize("deep", [b"[" * 100_000, b'{"epoch":' * 100_000, b'{"kind":' + b"[" * 500_000])
def test_depth_is_refused(deep: bytes) -> None:
    with pytest.raises(MalformedMessage):
        decode(deep, Opened)
    with pytest.raises(MalformedMessage):
        peek_kind(deep)


def test_size_is_capped_before_anything_is_read() -> None:
    with pytest.raises(MalformedMessage, match="more than 1048576 bytes"):
        decode(b" " * (MAX_BYTES + 1), Opened)
    with pytest.raises(MalformedMessage, match="more than"):
        peek_kind(b" " * (MAX_BYTES + 1))
    body = encode(story.OPENED)
    assert decode(body, Opened, max_bytes=len(body)) == story.OPENED
    with pytest.raises(MalformedMessage, match="more than"):
        decode(body, Opened, max_bytes=len(body) - 1)
    with pytest.raises(MalformedMessage, match="more than"):
        encode(story.OPENED, max_bytes=len(body) - 1)


def test_what_peers_would_refuse_is_not_written() -> None:
    changed = msgspec.structs.replace
    for wrong in (
        changed(story.OPENED, epoch=0),
        changed(story.OPENED, epoch=2**53),
        changed(story.OPENED, node="Drancy"),
        changed(story.OFFER, title="\ud800"),
        changed(story.OFFER, sites=[]),
        changed(story.OFFER_CLOSED, at="2026-12-18"),
        changed(story.OPENED, epoch=object()),
    ):
        with pytest.raises(MalformedMessage):
            encode(wrong)


@pytest.mark.parametrize("kind", ["offer.published/99", "query.asked/1", "", "OPENED/1"])
def test_a_kind_from_a_later_version_is_told_apart(kind: str) -> None:
    with pytest.raises(UnknownVersion):
        decode_message(kind, encode(story.OPENED))


def test_a_body_under_another_kind_is_refused() -> None:
    with pytest.raises(MalformedMessage):
        decode_message("offer.closed/1", encode(story.OPENED))


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"kind":1}', b'{"kind":"\xff"}', b'{"kind":"a"'])
def test_a_body_without_a_kind_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        peek_kind(data)


@given(st.datetimes(timezones=st.timezones()))
def test_moments_come_back_to_the_second(moment: datetime) -> None:
    assume(datetime(2, 1, 1, tzinfo=UTC) < moment < datetime(9999, 1, 1, tzinfo=UTC))
    read = parse_timestamp(timestamp(moment))
    assert read.tzinfo is UTC
    assert timedelta() <= moment.astimezone(UTC) - read < timedelta(seconds=1)
    assert timestamp(read) == timestamp(moment)


def test_a_moment_is_written_in_utc() -> None:
    paris = timezone(timedelta(hours=1))
    assert timestamp(datetime(2026, 11, 23, 10, 30, 59, 999_999, tzinfo=paris)) == "2026-11-23T09:30:59Z"
    with pytest.raises(ValueError, match="time zone"):
        timestamp(datetime(2026, 11, 23))  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T09:30:00",
        "2026-11-23T09:30:00+00:00",
        "2026-11-23 09:30:00Z",
        "2026-11-23T09:30Z",
        "2026-11-23T09:30:00.0Z",
        "2026-02-30T09:30:00Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T09:30:60Z",
        "0000-11-23T09:30:00Z",
        "٢٠٢٦-11-23T09:30:00Z",
        "2026-11-23T09:30:00Z\n",
        "",
    ],
)
def test_other_moments_are_refused(text: str) -> None:
    with pytest.raises(MalformedMessage):
        parse_timestamp(text)


def test_days() -> None:
    assert parse_day("2028-02-29") == date(2028, 2, 29)
    for text in ("2026-02-29", "2026-2-9", "20260209", "2026-W01-1", "2026-11-23\n", ""):
        with pytest.raises(MalformedMessage):
            parse_day(text)


@given(st.binary(max_size=100))
def test_bytes_come_back_from_base64(data: bytes) -> None:
    assert unbase64(base64(data)) == data


@pytest.mark.parametrize("text", ["QQ", "QQ=", "QR==", "QQ==\n", "Q Q==", "QQ==QQ==", "QU!!JD", "QQ_-", "é"])
def test_other_spellings_of_base64_are_refused(text: str) -> None:
    with pytest.raises(MalformedMessage):
        unbase64(text)


def test_golden(golden: Golden) -> None:
    golden("wire_json", generate.wire_json())
    assert json.loads(encode(story.OFFER_CLOSED)) == msgspec.to_builtins(story.OFFER_CLOSED)
