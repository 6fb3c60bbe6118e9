"""The node's journal as files, for anyone's verifier: C2SP tlog-tiles, plus the file `vkey`.

The checkpoint is written last, so that whoever reads meanwhile sees a whole journal, the old one or the new one.
"""

from dataclasses import dataclass
from pathlib import Path

from federation.context import Federation
from federation.files import write_atomically
from federation.ports import U
from federation.serving.journal import checkpoint_of, current_checkpoint
from protocol.note import vkey
from protocol.tiles import export_files


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written where: the journal's name, its size in entries, and the number of files."""

    origin: str
    size: int
    files: int
    out: Path


def export_journal(federation: Federation[U], out: Path) -> Exported:
    """Write the whole journal under its present checkpoint. Raises JournalDamaged; ProofMismatch when the entries are
    not those that were signed: then no file was written."""
    note = current_checkpoint(federation)
    checkpoint = checkpoint_of(note)
    with federation.database.read() as uow:
        entries = list(uow.journal.entries(0, checkpoint.size))
    key = federation.journal_key()
    files = 0
    for name, content in export_files(entries, note, vkey(key.name, key.public)):
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
        files += 1
    return Exported(checkpoint.origin, checkpoint.size, files, out)
