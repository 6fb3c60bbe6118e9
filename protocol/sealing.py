"""What only one recipient can open: HPKE to one of its sealing keys, padded so that the size says little.

HPKE (RFC 9180) in base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305, empty associated data; the
sealed bytes are the encapsulated key (32 bytes) and the ciphertext. `info` binds what is sealed to its purpose, both
nodes and the recipient's key, so that it opens in no other place. Base mode says nothing of who sealed: that is proven
by the sender's journal, or by the guarantee. Guarantees: what is opened was padded exactly as `seal` pads, and the
message inside a `sealed/1` is canonical and of a kind that travels sealed. Read next: dossier.py, messages/journal.py.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from protocol.errors import CannotOpen, MalformedMessage, UnknownKey, UnknownVersion
from protocol.keys import NodeKeys, PublicKey, Purpose
from protocol.messages import KINDS, SEALED_KINDS, Message, Sealed, kind_of
from protocol.wire_json import base64, decode_message, encode, peek_kind, unbase64

SMALLEST_BUCKET = 1024
BUCKET_STEP = 16 * 1024
MAX_PADDED = 47 * BUCKET_STEP
"""The largest bucket whose `sealed/1` body still fits into a body (1 MiB)."""

_LENGTH_SIZE = 4
_OVERHEAD = 32 + 16
_MESSAGE_LABEL = "maillon/sealed/1"

_suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def bucket(size: int) -> int:
    """The padded size: a power of two from 1 KiB to 16 KiB, then a multiple of 16 KiB."""
    if size > BUCKET_STEP:
        return -(-size // BUCKET_STEP) * BUCKET_STEP
    return max(SMALLEST_BUCKET, 1 << (size - 1).bit_length())


def make_info(label: str, *parts: str) -> bytes:
    """The context that a sealed value is bound to: each part's UTF-8 bytes after their length (2 bytes, big-endian)."""
    encoded = [part.encode() for part in (label, *parts)]
    return b"".join(len(part).to_bytes(2, "big") + part for part in encoded)


def seal(plaintext: bytes, public: PublicKey, info: bytes) -> bytes:
    """Seal for the holder of a sealing key; draws its own randomness, since the library takes none.

    The plaintext is written after its length (4 bytes, big-endian) and padded with zeros to its bucket. Raises
    MalformedMessage when it does not fit the largest bucket, UnknownKey when the key is no sealing key.
    """
    if public.purpose is not Purpose.SEALING:
        raise UnknownKey("not a sealing key")
    size = _LENGTH_SIZE + len(plaintext)
    if size > MAX_PADDED:
        raise MalformedMessage(f"sealing: more than {MAX_PADDED - _LENGTH_SIZE} bytes")
    padded = (len(plaintext).to_bytes(_LENGTH_SIZE, "big") + plaintext).ljust(bucket(size), b"\x00")
    return _suite.encrypt(padded, X25519PublicKey.from_public_bytes(public.raw()), info)


def open_sealed(sealed: bytes, keys: NodeKeys, key_id: str, info: bytes) -> bytes:
    """The plaintext. Raises CannotOpen when the key is not held, or the bytes or their context are others than those
    that were sealed; MalformedMessage when it opens and is not padded as it must be."""
    private_key = keys.sealing_key(key_id)
    if private_key is None:
        raise CannotOpen("sealed to a key that is not held")
    if len(sealed) > MAX_PADDED + _OVERHEAD:
        raise MalformedMessage("sealing: larger than the largest bucket")
    try:
        padded = _suite.decrypt(sealed, private_key, info)
    except InvalidTag:
        raise CannotOpen("sealed to another key or in another context, or changed since") from None
    size = _LENGTH_SIZE + int.from_bytes(padded[:_LENGTH_SIZE], "big")
    if size > len(padded) or len(padded) != bucket(size) or padded.count(0, size) != len(padded) - size:
        raise MalformedMessage("sealing: not padded as it must be")
    return padded[_LENGTH_SIZE:size]


def seal_message(message: Message, sender: str, recipient: str, public: PublicKey) -> Sealed:
    """A message as `to:<recipient>` carries it; `public` is a sealing key of the recipient. To itself a node may seal a
    message of any kind: it commits to what nobody else is told.

    Raises MalformedMessage when the message is not well formed, too large, or of a kind that travels in clear,
    UnknownKey when the key is not the recipient's.
    """
    if sender != recipient and kind_of(message) not in SEALED_KINDS:
        raise MalformedMessage("sealing: a kind that travels in clear")
    if not public.key_id.startswith(f"{recipient}#"):
        raise UnknownKey("sealing key of another node")
    info = make_info(_MESSAGE_LABEL, sender, recipient, public.key_id)
    return Sealed(
        algorithm="HPKE-X25519-SHA256-ChaCha20Poly1305",
        key_id=public.key_id,
        sealed=base64(seal(encode(message), public, info)),
    )


def open_message(sealed: Sealed, sender: str, recipient: str, keys: NodeKeys) -> tuple[str, Message, bytes]:
    """The kind, the message and its exact bytes. `sender` is the node in whose journal the message is.

    Raises as `open_sealed`; also UnknownVersion for a kind that is not known here, MalformedMessage when the message is
    not canonical or of a kind that travels in clear.
    """
    info = make_info(_MESSAGE_LABEL, sender, recipient, sealed.key_id)
    body = open_sealed(unbase64(sealed.sealed), keys, sealed.key_id, info)
    kind = peek_kind(body)
    if kind not in KINDS:
        raise UnknownVersion("kind of sealed message, or its major version")
    if kind not in SEALED_KINDS:
        raise MalformedMessage("sealing: a kind that travels in clear")
    return kind, decode_message(kind, body), body
