"""Checkpoints: the signed statement "my journal has this size and this root".

The format is C2SP tlog-checkpoint (origin, size, root), in a signed note, so that verifiers written elsewhere
accept it unchanged. Guarantees: there is one byte form for each checkpoint (parse, re-encode, compare); no
size 0 is signed; no extension lines.

An origin is the journal's name and the name of its key: `montlucon.emploi.example/journal/1`.
Read next: note.py (how it is signed), proofs.py (what a root proves), tiles.py (how a journal is published).
"""

import re
from base64 import b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol.errors import MalformedMessage
from protocol.merkle import HASH_SIZE, MAX_SIZE
from protocol.note import (
    VerifierKey,
    as_key,
    check_name,
    decode_base64,
    sign_note,
    verify_note,
)

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A journal's state: `origin` names it, `size` counts its entries, `root` is the Merkle root (32
    bytes)."""

    origin: str
    size: int
    root: bytes


def checkpoint_body(checkpoint: Checkpoint) -> str:
    """The three lines that are signed."""
    root = b64encode(checkpoint.root).decode()
    return f"{checkpoint.origin}\n{checkpoint.size}\n{root}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """The inverse of `checkpoint_body`; MalformedMessage for any other form, extension lines included."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise MalformedMessage("checkpoint: not exactly three lines")
    origin, size, root = lines[:3]
    check_name(origin)
    if not _SIZE.fullmatch(size) or int(size) > MAX_SIZE:
        raise MalformedMessage("checkpoint: size")
    checkpoint = Checkpoint(origin, int(size), decode_base64(root, "checkpoint: root"))
    if len(checkpoint.root) != HASH_SIZE or checkpoint_body(checkpoint) != text:
        raise MalformedMessage("checkpoint: root, or not the canonical form")
    return checkpoint


def sign_checkpoint(checkpoint: Checkpoint, private_key: Ed25519PrivateKey) -> bytes:
    """The checkpoint as a note signed under its origin's name; ValueError for an empty journal."""
    if checkpoint.size == 0:
        raise ValueError("an empty journal is never signed")
    body = checkpoint_body(checkpoint)
    parse_checkpoint(body)
    return sign_note(body, checkpoint.origin, private_key)


def open_checkpoint(note: bytes, key: str | VerifierKey) -> Checkpoint:
    """The checkpoint in a note signed by this journal's key.

    Raises MalformedMessage, also for size 0 or when the origin is not the key's name, and BadSignature.
    """
    key = as_key(key)
    checkpoint = parse_checkpoint(verify_note(note, [key]))
    if checkpoint.origin != key.name:
        raise MalformedMessage("checkpoint: origin is not the name of its key")
    if checkpoint.size == 0:
        raise MalformedMessage("checkpoint: size 0 is never signed")
    return checkpoint
