"""The closed list of what travels: one struct and one vector a kind, and schemas without a way out."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from protocol.errors import MalformedMessage
from protocol.messages import CLEAR_KINDS, KINDS, SEALED_KINDS, SheetsReleased, kind_of
from protocol.messages.registry import ClearMessage, SealedMessage
from protocol.wire_json import decode, decode_message, encode
from protocol.wire_types import WireStruct
from tests.protocol.conftest import VECTORS, Golden
from tests.vectors import generate, story

changed = msgspec.structs.replace


def subclasses(struct: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    return [found for one in struct.__subclasses__() for found in (one, *subclasses(one))]


def test_every_kind_has_one_struct_and_one_vector() -> None:
    tagged = [one for one in subclasses(WireStruct) if isinstance(one.__struct_config__.tag, str)]
    tagged = [one for one in tagged if one.__module__.startswith("protocol.")]
    assert sorted(map(kind_of, tagged)) == sorted(KINDS)
    vectors: list[dict[str, str]] = json.loads((VECTORS / "messages.json").read_text(encoding="utf-8"))
    assert sorted(vector["kind"] for vector in vectors) == sorted(KINDS)
    assert KINDS.keys() == CLEAR_KINDS | SEALED_KINDS
    assert not CLEAR_KINDS & SEALED_KINDS
    for vector in vectors:
        assert encode(decode_message(vector["kind"], vector["body"].encode())).decode() == vector["body"]


def test_the_unions_name_the_same_structs() -> None:
    assert {kind_of(one) for one in ClearMessage.__args__} == CLEAR_KINDS
    assert {kind_of(one) for one in SealedMessage.__args__} == SEALED_KINDS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_schemas_are_closed_and_bounded(kind: str) -> None:
    family, _, version = kind.rpartition("/")
    assert family.islower()
    former = {f"{family}/{number}" for number in range(1, int(version))}
    assert former <= KINDS.keys(), "every version ever sent is read"
    check_closed(inspect.type_info(KINDS[kind]))


def check_closed(kind: inspect.Type) -> None:
    match kind:
        case inspect.StructType():
            config = kind.cls.__struct_config__
            assert config.frozen
            assert config.forbid_unknown_fields
            assert not config.omit_defaults
            for field in kind.fields:
                assert field.required, f"{kind.cls.__name__}.{field.name} may be left out: two encodings of one value"
                check_closed(field.type)
        case inspect.ListType():
            assert kind.max_length is not None
            check_closed(kind.item_type)
        case inspect.IntType():
            assert kind.ge is not None
            assert kind.le is not None
            assert kind.le <= 2**53 - 1
        case inspect.StrType():
            assert kind.pattern is not None or kind.max_length is not None
            if kind.pattern is not None:
                assert kind.pattern.startswith(r"\A")
                assert kind.pattern.endswith(r"\Z")
                assert r"\d" not in kind.pattern, "takes the digits of every script"
        case _:
            assert isinstance(kind, inspect.LiteralType | inspect.EnumType)


def test_a_release_is_sorted_and_names_each_class_once() -> None:
    first, second = story.SHEETS.sheets[:2]
    for sheets in ([second, first], [first, first]):
        with pytest.raises(ValueError, match="sorted"):
            changed(story.SHEETS, sheets=sheets)
    with pytest.raises(ValueError, match="sorted"):
        changed(first, languages=["fr", "es"])
    with pytest.raises(ValueError, match="without repetition"):
        changed(first, contracts=["CDI", "CDI"])
    body = encode(story.SHEETS)
    for before, after in ((b'"K+"', b'"N12+"'), (b'"K+"', b'"N11+"'), (b'"121396","300424"', b'"300424","121396"')):
        with pytest.raises(MalformedMessage):
            decode(body.replace(before, after, 1), SheetsReleased)


def test_a_release_of_small_groups_is_refused() -> None:
    body = encode(story.SHEETS)
    for before, after in ((b'"k":5', b'"k":4'), (b'"5+"', b'"4+"'), (b'"5+"', b'"7"')):
        with pytest.raises(MalformedMessage):
            decode(body.replace(before, after, 1), SheetsReleased)


def test_an_offers_sites_are_different() -> None:
    with pytest.raises(ValueError, match="different"):
        changed(story.OFFER, sites=[story.OFFER.sites[0], story.OFFER.sites[0]])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rome", "N110"),
        ("rome", "Z1103"),
        ("contract", "CDD+"),
        ("qualification", 10),
        ("closes", "2026-13-01"),
        ("offer", "a b"),
        ("offer", ""),
        ("revision", True),
        ("title", "x" * 201),
    ],
)
def test_fields_keep_to_their_grammar(field: str, value: Any) -> None:
    fields: dict[str, Any] = {field: value}
    with pytest.raises(MalformedMessage):
        encode(changed(story.OFFER, **fields))


def test_golden(golden: Golden) -> None:
    golden("messages", generate.messages())
    assert {path.stem for path in Path(VECTORS).glob("*.json")} >= generate.SUBJECTS.keys()
