"""Cosignatures: a witness saw that a checkpoint continues those before it (C2SP tlog-cosignature, Ed25519 with a
moment).

Read next: note.py (what is signed), checkpoint.py.
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol.checkpoint import parse_checkpoint
from protocol.errors import BadSignature
from protocol.merkle import MAX_SIZE
from protocol.note import (
    COSIGNATURE,
    NoteSignature,
    SignedNote,
    VerifierKey,
    as_key,
    check_name,
    cosigned_at,
    cosigned_message,
    key_id,
    signature_line,
    verified_signatures,
)


def cosign_checkpoint(note: bytes, name: str, private_key: Ed25519PrivateKey, timestamp: int) -> bytes:
    """A witness's signature line over the note's text, newline included (C2SP tlog-cosignature, Ed25519).

    `timestamp` is in seconds since 1970. The caller has verified the note and its consistency before.
    Append the line to the note, or answer it to `add-checkpoint`. MalformedMessage when the text is no
    checkpoint.
    """
    text = SignedNote.parse(note).text
    parse_checkpoint(text)
    check_name(name)
    if not 0 < timestamp <= MAX_SIZE:
        raise ValueError("a cosignature's timestamp is a positive number of seconds")
    public = private_key.public_key().public_bytes_raw()
    signature = timestamp.to_bytes(8, "big") + private_key.sign(cosigned_message(timestamp, text))
    return signature_line(NoteSignature(name, key_id(name, public, COSIGNATURE), signature)).encode()


def verify_cosignature(note: bytes, key: str | VerifierKey) -> int:
    """When this witness last cosigned the checkpoint, in seconds since 1970; the caller judges its age.

    Raises MalformedMessage, and BadSignature when the witness did not sign it or a signature of it is wrong.
    """
    key = as_key(key)
    if key.algorithm != COSIGNATURE:
        raise ValueError("not a cosignature key")
    parsed = SignedNote.parse(note)
    parse_checkpoint(parsed.text)
    cosignatures = verified_signatures(parsed, [key])
    if not cosignatures:
        raise BadSignature(f"note: not cosigned by {key.name}")
    return max(cosigned_at(one) for one in cosignatures)
