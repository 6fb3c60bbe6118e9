"""SPEC.md says what the code does: its generated parts are those of today, and nothing is left out."""

import re
from base64 import b64decode
from typing import Any

import pytest
from msgspec import inspect
from msgspec.structs import replace

from federation import errors
from federation.erasure.orders import verify_signed
from federation.membership.changing import JOIN_PATH
from federation.peers.hints import HINT_PATH
from federation.peers.visit import PAGE_PATH
from federation.serving import answers
from federation.transport.signatures import content_digest
from protocol.checkpoint import open_checkpoint
from protocol.commitment import verify_opening
from protocol.errors import BadSignature, ProtocolError
from protocol.keys import Purpose, find_key, verify
from protocol.messages import KINDS
from protocol.wire_json import parse_timestamp
from tests.protocol.conftest import VECTORS, Golden
from tests.vectors import exchange, generate, spec, story

TEXT = spec.SPEC.read_text(encoding="utf-8")


def test_the_generated_parts_are_those_of_today() -> None:
    assert spec.with_generated_parts(TEXT) == TEXT, "run: .venv/bin/python -m tests.vectors.generate"


def test_every_kind_and_struct_is_specified_once() -> None:
    names = spec.part_names(TEXT)
    assert len(names) == len(set(names))
    for name in (*KINDS, *spec.STRUCTS):
        assert f"fields:{name}" in names
    for name in spec.EXAMPLES:
        assert f"example:{name}" in names
    assert {"kinds", "grammars", "limits", "example:entry", "example:checkpoint"} < set(names)


def structs_in(kind: inspect.Type) -> set[str]:
    match kind:
        case inspect.StructType():
            return {kind.cls.__name__}.union(*(structs_in(field.type) for field in kind.fields))
        case inspect.ListType():
            return structs_in(kind.item_type)
    return set()


def test_no_struct_is_referred_to_without_its_fields() -> None:
    referred = set().union(*(structs_in(inspect.type_info(one)) for one in (*KINDS.values(), *spec.STRUCTS.values())))
    assert referred == {*spec.STRUCTS} | {struct.__name__ for struct in KINDS.values()}


def test_the_problem_words_and_statuses_are_those_that_are_answered() -> None:
    rows = re.findall(r"^\| ([0-9]{3}) \| `([a-z_]+)` \|", TEXT, re.MULTILINE)
    answered: dict[type[Any], tuple[int, str]] = answers._STATUS
    expected = set()
    for kind, (status, _title) in answered.items():
        word = errors._PROTOCOL_PROBLEMS[kind] if issubclass(kind, ProtocolError) else kind.problem
        expected.add((str(status), word))
    assert set(rows) == expected
    assert len(rows) == len(expected)


def test_every_vector_is_listed_and_there() -> None:
    listed = set(re.findall(r"`([a-z_]+)\.json`", TEXT[TEXT.index("## 19. Vectors") :]))
    assert listed == {path.stem for path in VECTORS.glob("*.json")}


def test_every_route_is_listed() -> None:
    for path in (JOIN_PATH, HINT_PATH, PAGE_PATH, "/journal/{epoch}/checkpoint", "/directory/"):
        assert path in TEXT


@pytest.mark.parametrize("message", [exchange.REQUEST, exchange.REQUEST_WITH_BODY, exchange.ANSWER])
def test_what_is_signed_over_http_is_what_the_rfc_says(message: exchange.Signed) -> None:
    """The signature holds over a signature base that was built apart from the library."""
    key = find_key(story.PUBLIC_KEYS[message.signer], Purpose.HTTP, story.NOW)
    signature = message.headers["signature"].removeprefix("maillon=:").removesuffix(":")
    verify(key, b64decode(signature), message.base.encode())
    if message.body:
        assert message.headers["content-digest"] == content_digest(message.body)


def test_the_example_order_and_receipt_are_signed() -> None:
    for message, sender in ((story.ERASURE_ORDER, story.HOME), (story.ERASURE_RECEIPT, story.EMPLOYER)):
        member = story.MEMBERS.find(sender)
        assert member is not None
        verify_signed(message, member, parse_timestamp(message.at))
        with pytest.raises(BadSignature):
            verify_signed(replace(message, forward="f-other"), member, parse_timestamp(message.at))


def test_the_example_journal_proves_itself(golden: Golden) -> None:
    golden("journal", generate.journal())
    assert open_checkpoint(story.CHECKPOINT, story.JOURNAL_VKEY).size == len(story.JOURNAL)
    headers = [verify_opening(bytes.fromhex(entry), opening) for entry, opening in story.JOURNAL]
    assert [header.number for header in headers] == [1, 2]
    assert headers[1].previous == story.OPENED_ENTRY


def test_golden(golden: Golden) -> None:
    golden("http_signatures", generate.http_signatures())
