"""What the tests of the wire format share: keys and randomness from fixed seeds, and golden vectors.

Vectors are bytes written down once, for us and for other implementations. A test computes them again and compares;
after an intended change of the format, MAILLON_WRITE_VECTORS=1 writes them anew.
"""

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

VECTORS = Path(__file__).parents[1] / "vectors"

Golden = Callable[[str, Any], None]


@pytest.fixture
def golden() -> Golden:
    """`golden(name, value)`: the JSON value is exactly what tests/vectors/<name>.json says."""

    def compare(name: str, value: Any) -> None:
        path = VECTORS / f"{name}.json"
        text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        if os.environ.get("MAILLON_WRITE_VECTORS") == "1":
            VECTORS.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text

    return compare


def seeded_key(name: str) -> Ed25519PrivateKey:
    """The Ed25519 key whose seed is SHA-256 of a name: for tests and vectors only."""
    return Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())


def public_of(key: Ed25519PrivateKey) -> bytes:
    """Its 32 public bytes."""
    return key.public_key().public_bytes_raw()


def seeded_bytes(name: str) -> Callable[[int], bytes]:
    """A source of bytes that gives the same ones in every run: SHA-256 of the name and a counter."""
    calls = iter(range(1_000_000))

    def draw(count: int) -> bytes:
        block = b""
        while len(block) < count:
            block += sha256(f"{name} {next(calls)}".encode()).digest()
        return block[:count]

    return draw
