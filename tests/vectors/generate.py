"""Writes the golden vectors of messages, keys and seals, and the generated parts of SPEC.md.

    .venv/bin/python -m tests.vectors.generate

Deterministic: running it twice changes nothing. The tests compute the same values and compare, so a change of the wire
format is always seen, and intended. One function a subject; the values come from story.py.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from protocol.changes import apply_changes, encode_changes
from protocol.keys import SIGNING, Purpose
from protocol.members import encode_members, sign_join_request
from protocol.messages import SEALED_KINDS, kind_of
from protocol.wire_json import encode
from tests.vectors import exchange, story
from tests.vectors.spec import SPEC, with_generated_parts
from tests.vectors.states import forward_states

FOLDER = Path(__file__).parent


def messages() -> list[dict[str, str]]:
    """One example of each kind: its canonical bytes, as text, and their hash."""
    found = []
    for message in story.MESSAGES:
        body = encode(message)
        found.append(
            {
                "kind": kind_of(message),
                "travels": "sealed" if kind_of(message) in SEALED_KINDS else "in clear",
                "body": body.decode(),
                "sha256": sha256(body).hexdigest(),
            }
        )
    return found


def wire_json() -> list[dict[str, str]]:
    """Bodies of `offer.closed/1` that every reader must refuse, and why; `body_hex` where they are not UTF-8."""
    good = encode(story.OFFER_CLOSED)
    refused: list[tuple[str, bytes]] = [
        ("a space", good.replace(b":", b": ", 1)),
        ("a line feed at the end", good + b"\n"),
        ("a byte order mark", b"\xef\xbb\xbf" + good),
        ("keys not sorted", b'{"offer":"mag-2026-117",' + good[1:].replace(b'"offer":"mag-2026-117",', b"")),
        ("one key twice", good.replace(b'{"at"', b'{"at":"2026-12-18T16:00:00Z","at"')),
        ("an unknown field", good.replace(b'"revision":2', b'"revision":2,"salary":"1"')),
        ("a missing field", good.replace(b',"revision":2', b"")),
        ("a float", good.replace(b'"revision":2', b'"revision":2.0')),
        ("an exponent", good.replace(b'"revision":2', b'"revision":2e0')),
        ("a negative zero", good.replace(b'"revision":2', b'"revision":-0')),
        ("a leading zero", good.replace(b'"revision":2', b'"revision":01')),
        ("an integer beyond 2^53 - 1", good.replace(b'"revision":2', b'"revision":9007199254740992')),
        ("a string for an integer", good.replace(b'"revision":2', b'"revision":"1"')),
        ("null", good.replace(b'"revision":2', b'"revision":null')),
        ("an escape where none is needed", good.replace(b'"mag-', b'"\\u006dag-')),
        ("an escaped slash", good.replace(b"closed/1", b"closed\\/1")),
        ("a lone surrogate", good.replace(b'"mag-', b'"\\ud800-')),
        ("not UTF-8", good.replace(b'"mag-', b'"\xff-')),
        ("digits of another script", good.replace(b'"2026-', '"٢٠٢٦-'.encode())),
        ("another kind", good.replace(b"offer.closed/1", b"opened/1")),
        ("an impossible hour", good.replace(b"T16:", b"T24:")),
        ("an offset for Z", good.replace(b":00Z", b":00+00:00")),
        ("a word that the list does not have", good.replace(b'"filled"', b'"lost"')),
        ("nothing", b""),
        ("a list", b"[" + good + b"]"),
        ("two values", good + good),
        ("an unclosed object", good[:-1]),
    ]
    return [{"why": why, **_text_or_hex(body)} for why, body in refused]


def keys() -> list[dict[str, Any]]:
    """The keys of the story: private (for tests only), public, and their names."""
    return [
        {
            "node_id": node,
            "private_keys": json.loads(held.to_bytes()),
            "public_keys": [json.loads(encode(key)) for key in story.PUBLIC_KEYS[node]],
            "signatures_over_ascii_maillon_hex": {
                purpose.value: held.sign(purpose, b"maillon").hex() for purpose in SIGNING
            },
        }
        for node, held in story.KEYS.items()
    ]


def members() -> dict[str, str]:
    """`members.json`, changes to it and what they make of it, and a signed join request, as text."""
    return {
        "members": encode_members(story.MEMBERS).decode(),
        "changes": encode_changes(story.CHANGES).decode(),
        "members_with_changes": encode_members(apply_changes(story.MEMBERS, story.CHANGES)).decode(),
        "signed_join_request": sign_join_request(story.JOIN_REQUEST, story.KEYS[story.HOME]).decode(),
    }


def sealing() -> dict[str, Any]:
    """A sealed message and a sealed dossier to open; sealing draws randomness, so a vector can show opening only."""
    held = story.KEYS[story.EMPLOYER]
    return {
        "recipient": story.EMPLOYER,
        "recipient_private_key_hex": held.sealing[0].private_bytes_raw().hex(),
        "key_id": held.key_id(Purpose.SEALING),
        "message": {
            "sender": story.HOME,
            "info_hex": story.SEALED_INFO.hex(),
            "body": encode(story.SEALED).decode(),
            "opens_to": encode(story.FORWARD_SENT).decode(),
        },
        "dossier": {
            "home": story.HOME,
            "forward": story.FORWARD,
            "info_hex": story.DOSSIER_INFO.hex(),
            "sealed_hex": story.SEALED_DOSSIER.hex(),
            "opens_to": encode(story.DOSSIER).decode(),
        },
    }


def guarantee() -> dict[str, str]:
    """A signed guarantee, and the bytes that its signature is over."""
    return {
        "signed_guarantee": encode(story.GUARANTEE).decode(),
        "signed_bytes_hex": (b"maillon/guarantee/1\x00" + encode(story.GUARANTEE.guarantee)).hex(),
        "public_key": next(k.public for k in story.PUBLIC_KEYS[story.HOME] if k.key_id == story.GUARANTEE.key_id),
        "sealed_dossier_sha256": sha256(story.SEALED_DOSSIER).hexdigest(),
    }


def journal() -> dict[str, Any]:
    """The employer's journal of two messages: entries, their openings, the checkpoint and its key."""
    return {
        "openings": [
            {
                "header_salt_hex": opening.header_salt.hex(),
                "header": opening.header.decode(),
                "body_salt_hex": (opening.body_salt or b"").hex(),
                "body": (opening.body or b"").decode(),
                "entry_hex": entry,
            }
            for entry, opening in story.JOURNAL
        ],
        "checkpoint": story.CHECKPOINT.decode(),
        "vkey": story.JOURNAL_VKEY,
    }


def http_signatures() -> dict[str, Any]:
    """A signed request for a page, a signed request with a body, and an answer to the first, with what was signed."""
    return {
        "request": exchange.REQUEST.as_json(),
        "request_with_body": exchange.REQUEST_WITH_BODY.as_json(),
        "answer": exchange.ANSWER.as_json(),
    }


SUBJECTS: dict[str, Callable[[], Any]] = {
    "messages": messages,
    "wire_json": wire_json,
    "keys": keys,
    "members": members,
    "sealing": sealing,
    "guarantee": guarantee,
    "journal": journal,
    "http_signatures": http_signatures,
    "forward_states": forward_states,
}


def _text_or_hex(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body_hex": body.hex()}


def main() -> None:
    """Write every subject's file, and SPEC.md."""
    for name, subject in SUBJECTS.items():
        text = json.dumps(subject(), indent=2, ensure_ascii=False) + "\n"
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")
    SPEC.write_text(with_generated_parts(SPEC.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
