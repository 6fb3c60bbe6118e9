"""The journal that verifiers written elsewhere are given."""

from hashlib import sha256
from pathlib import Path

from protocol.checkpoint import Checkpoint, sign_checkpoint
from protocol.commitment import commit
from protocol.note import vkey
from protocol.tiles import export_files
from protocol.tree import MerkleTree
from tests.protocol.conftest import public_of, seeded_key

ORIGIN = "montlucon.emploi.example/journal/1"
KEY = seeded_key("Montluçon journal")


def journal(size: int) -> tuple[list[bytes], bytes]:
    """Entries, and their signed checkpoint."""
    entries = [commit(sha256(b"salt %d" % n).digest(), b"header %d" % n) for n in range(size)]
    return entries, sign_checkpoint(Checkpoint(ORIGIN, size, MerkleTree(entries).root()), KEY)


def export(size: int, directory: Path) -> Path:
    """Montluçon's journal with `size` entries, as static files."""
    entries, note = journal(size)
    for name, content in export_files(entries, note, vkey(ORIGIN, public_of(KEY))):
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return directory
