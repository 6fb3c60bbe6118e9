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
from federation.erasure import certificates
from federation.peers import hints
from federation.transport import signatures
from protocol import (
    changes,
    commitment,
    dossier,
    keys,
    members,
    merkle,
    note,
    page,
    sealing,
    wire_json,
    wire_types,
)
from protocol.members import sign_join_request
from protocol.messages import CLEAR_KINDS, KINDS, forwards, guarantees, kind_of, offers, sheets
from protocol.wire_json import decode, encode
from tests.vectors import exchange, story

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
        forwards.StatedCondition,
        forwards.NamedMove,
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
        changes.Changes,
        changes.MemberChanges,
        changes.KeyChange,
        hints.Hint,
        certificates.Certificate,
        certificates.Logged,
    )
}
EXAMPLES: dict[str, msgspec.Struct] = {
    **{kind_of(message): message for message in story.MESSAGES},
    "PublicKey": story.PUBLIC_KEYS[story.HOME][0],
    "SignedJoinRequest": decode(
        sign_join_request(story.JOIN_REQUEST, story.KEYS[story.HOME]), members.SignedJoinRequest
    ),
    "Members": story.MEMBERS,
    "Changes": story.CHANGES,
    "Dossier": story.DOSSIER,
}
LIMITS = [
    ("body of a message, and any other canonical JSON unless said below", f"{wire_json.MAX_BYTES} bytes"),
    ("`members.json`", f"{members.MAX_MEMBERS_BYTES} bytes"),
    ("header of an entry", f"{commitment.MAX_HEADER_BYTES} bytes"),
    ("body in an opening, whatever its kind", f"{commitment.MAX_BODY_BYTES} bytes"),
    ("journal", f"{merkle.MAX_SIZE} entries"),
    ("records of a page", str(page.MAX_RECORDS)),
    ("hashes of a page's proof", str(page.MAX_PROOF)),
    ("page, before compression", f"{page.MAX_PAGE_BYTES} bytes"),
    ("signed note", f"{note.MAX_NOTE_BYTES} bytes, {note.MAX_SIGNATURES} signatures"),
    ("padded plaintext of a seal", f"{sealing.MAX_PADDED} bytes"),
    ("canonical JSON of a dossier", f"{dossier.MAX_DOSSIER_BYTES} bytes"),
    ("key changes of a member in `changes.json`", str(changes.MAX_KEY_CHANGES)),
    ("changes since a list was signed", str(changes.MAX_AHEAD)),
    ("age of a join request", f"{members.JOIN_REQUEST_LIVES.days} days"),
    ("window of a signed request, either way", f"{int(signatures.WINDOW.total_seconds())} s"),
    ("`Signature` and `Signature-Input` headers", f"{signatures.MAX_SIGNATURE_HEADER} characters each"),
]
_NAMES = [(inspect.type_info(getattr(wire_types, name)), name) for name in GRAMMARS]


def with_generated_parts(text: str) -> str:
    """The specification with every generated part written anew; KeyError for a part that is not known."""
    parts = {
        "kinds": _kinds_table(),
        "grammars": _grammars_table(),
        "limits": _table(("limit", "value"), LIMITS),
        "example:entry": _entry_example(),
        "example:checkpoint": f"```text\n{story.JOURNAL_VKEY}\n\n{story.CHECKPOINT.decode()}```",
        "example:request": _signed_example(exchange.REQUEST),
        "example:answer": _signed_example(exchange.ANSWER),
    }
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


def _entry_example() -> str:
    entry, opening = story.JOURNAL[0]
    assert opening.body_salt is not None
    assert opening.body is not None
    lines = {
        "body": opening.body.decode(),
        "body salt": opening.body_salt.hex(),
        "header": opening.header.decode(),
        "header salt": opening.header_salt.hex(),
        "entry": entry,
    }
    return "```text\n" + "\n".join(f"{name + ':':13}{value}" for name, value in lines.items()) + "\n```"


def _signed_example(message: exchange.Signed) -> str:
    return f"```http\n{message.as_http()}\n```\n\nSignature base:\n\n```text\n{message.base}\n```"


def _first_sentence(struct: type[msgspec.Struct]) -> str:
    text = " ".join((struct.__doc__ or "").split())
    return re.split(r"(?<=[.:;]) ", text)[0].rstrip(";:")


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
