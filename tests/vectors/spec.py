"""The generated parts of SPEC.md: grammars and fields from the structs themselves, examples from the story.

A part stands between `<!-- generated: NAME -->` and `<!-- end -->`; everything else in the file is written by hand.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import inspect

import protocol
from protocol import dossier, keys, members, wire_types
from protocol.members import sign_join_request
from protocol.messages import CLEAR_KINDS, KINDS, guarantees, kind_of, offers, sheets
from protocol.wire_json import decode, encode
from tests.vectors import story

SPEC = Path(protocol.__file__).parent / "SPEC.md"

_PART = re.compile(r"(<!-- generated: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
_LONGEST = 100

GRAMMARS = (
    "NodeId KeyId BaseUrl Identifier Timestamp Day Entry Digest Base64 RomeCode InseeCode SkillCode "
    "Short Text Count Number"
).split()
STRUCTS: dict[str, type[msgspec.Struct]] = {
    struct.__name__: struct
    for struct in (
        sheets.Sheet,
        offers.Site,
        offers.WantedSkill,
        offers.WantedLanguage,
        guarantees.SignedGuarantee,
        guarantees.Guarantee,
        guarantees.Checked,
        guarantees.ConsentReference,
        dossier.Dossier,
        dossier.Occupation,
        dossier.Skill,
        keys.PublicKey,
        members.Members,
        members.Member,
        members.JoinRequest,
        members.SignedJoinRequest,
        members.KeySignature,
    )
}
EXAMPLES: dict[str, msgspec.Struct] = {
    **{kind_of(message): message for message in story.MESSAGES},
    "PublicKey": story.PUBLIC_KEYS[story.HOME][0],
    "SignedJoinRequest": decode(
        sign_join_request(story.JOIN_REQUEST, story.KEYS[story.HOME]), members.SignedJoinRequest
    ),
    "Members": story.MEMBERS,
    "Dossier": story.DOSSIER,
}
_NAMES = [(inspect.type_info(getattr(wire_types, name)), name) for name in GRAMMARS]


def with_generated_parts(text: str) -> str:
    """The specification with every generated part written anew; KeyError for a part that is not known."""
    parts = {"kinds": _kinds_table(), "grammars": _grammars_table()}
    for kind, struct in KINDS.items():
        parts[f"fields:{kind}"] = _fields_table(struct)
    for name, struct in STRUCTS.items():
        parts[f"fields:{name}"] = _fields_table(struct)
    for name, example in EXAMPLES.items():
        parts[f"example:{name}"] = _example(example)
    return _PART.sub(lambda part: f"{part[1]}{parts[part[2]]}\n{part[3]}", text)


def part_names(text: str) -> list[str]:
    """The names of the generated parts, in order."""
    return [part[2] for part in _PART.finditer(text)]


def _kinds_table() -> str:
    rows = [
        (f"`{kind}`", "in clear" if kind in CLEAR_KINDS else "sealed", _first_sentence(struct))
        for kind, struct in sorted(KINDS.items())
    ]
    return _table(("kind", "travels", "says"), rows)


def _grammars_table() -> str:
    rows = [(f"`{name}`", _constraints(inspect.type_info(getattr(wire_types, name)))) for name in GRAMMARS]
    return _table(("name", "what it is"), rows)


def _fields_table(struct: type[msgspec.Struct]) -> str:
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    rows = [(f"`{field.name}`", _describe(field.type)) for field in info.fields]
    if isinstance(info.tag, str):
        rows.append(("`kind`", f"`{info.tag}`"))
    return _table(("field", "type"), sorted(rows))


def _describe(kind: inspect.Type) -> str:
    for known, name in _NAMES:
        if kind == known:
            return name
    if isinstance(kind, inspect.StructType):
        return kind.cls.__name__
    if isinstance(kind, inspect.ListType):
        most = f"at most {kind.max_length}" if not kind.min_length else f"{kind.min_length} to {kind.max_length}"
        return f"list of {most}: {_describe(kind.item_type)}"
    return _constraints(kind)


def _constraints(kind: inspect.Type) -> str:
    match kind:
        case inspect.StrType():
            said = ["string"]
            if kind.pattern is not None:
                pattern = kind.pattern.removeprefix(r"\A").removesuffix(r"\Z").replace("|", r"\|")
                said.append(f"`{pattern}`")
            if kind.max_length is not None:
                said.append(f"at most {kind.max_length} characters")
            return ", ".join(said)
        case inspect.IntType():
            assert kind.ge is not None
            assert kind.le is not None
            return f"integer, {kind.ge} to {kind.le}"
        case inspect.LiteralType():
            return "one of " + ", ".join(f"`{value}`" if value else "empty" for value in kind.values)
        case inspect.EnumType():
            return "one of " + ", ".join(f"`{value.value}`" for value in kind.cls)
    raise TypeError(f"the wire has no {kind}")


def _example(value: msgspec.Struct) -> str:
    readable = json.dumps(_shortened(json.loads(encode(value))), indent=2, ensure_ascii=False)
    return f"```json\n{readable}\n```"


def _shortened(value: object) -> object:
    """Long base64 is cut; the whole of it stands in the vectors."""
    match value:
        case str() if len(value) > _LONGEST and " " not in value:
            return f"{value[:40]}… ({len(value)} characters)"
        case dict():
            return {key: _shortened(one) for key, one in value.items()}
        case list():
            return [_shortened(one) for one in value]
    return value


def _first_sentence(struct: type[msgspec.Struct]) -> str:
    text = " ".join((struct.__doc__ or "").split())
    return re.split(r"(?<=[.:;]) ", text)[0].rstrip(";:")


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
