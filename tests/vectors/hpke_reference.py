"""HPKE (RFC 9180) base mode with X25519, HKDF-SHA256 and ChaCha20-Poly1305, written from the RFC alone.

A second implementation, for tests and vectors: it takes the ephemeral key, which the library draws itself, so that a
golden sealed value is the same in every run. Only the first message of a context, as Maillon uses it.
"""

from hmac import digest

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

_KEM_SUITE = b"KEM" + (0x0020).to_bytes(2, "big")
_HPKE_SUITE = b"HPKE" + b"".join(one.to_bytes(2, "big") for one in (0x0020, 0x0001, 0x0003))


def _extract(suite: bytes, salt: bytes, label: bytes, key: bytes) -> bytes:
    return digest(salt, b"HPKE-v1" + suite + label + key, "sha256")


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    assert length <= 32, "one block of HMAC-SHA-256 is enough for this suite"
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return digest(key, labelled + b"\x01", "sha256")[:length]


def seal(plaintext: bytes, recipient: X25519PublicKey, info: bytes, ephemeral: X25519PrivateKey, aad: bytes) -> bytes:
    """Encapsulated key and ciphertext, joined."""
    encapsulated = ephemeral.public_key().public_bytes_raw()
    kem_context = encapsulated + recipient.public_bytes_raw()
    kem_key = _extract(_KEM_SUITE, b"", b"eae_prk", ephemeral.exchange(recipient))
    shared_secret = _expand(_KEM_SUITE, kem_key, b"shared_secret", kem_context, 32)

    id_hash = _extract(_HPKE_SUITE, b"", b"psk_id_hash", b"")
    info_hash = _extract(_HPKE_SUITE, b"", b"info_hash", info)
    context = b"\x00" + id_hash + info_hash
    secret = _extract(_HPKE_SUITE, shared_secret, b"secret", b"")
    key = _expand(_HPKE_SUITE, secret, b"key", context, 32)
    nonce = _expand(_HPKE_SUITE, secret, b"base_nonce", context, 12)
    return encapsulated + ChaCha20Poly1305(key).encrypt(nonce, plaintext, aad)
