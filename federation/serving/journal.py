"""Our own journal as others read it: the signed checkpoint, tiles, and pages of openings for one caller.

Guarantees:

- A checkpoint is signed only when two paths lead to one root: the compact range kept beside each append, and a tree
  grown from the stored entries; and when what was signed before is still the beginning of it. On any difference nothing
  is signed, `JournalDamaged` is raised and logged: a journal that signs a wrong root can never be mended.
- Nothing is served beyond what the checkpoint signs.
- A page shows the network's channel to every member, `to:X` to X alone; a coordinator sees every header, and of the
  other channels the bodies of receipts and tombstones only.

The tree costs 64 bytes an entry in memory, is read from the database once, and then grows by what was added. Read
next: routes.py (where this is served), peers/verification.py (the other side).
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from federation.context import Federation, channel_to
from federation.errors import FederationError
from federation.ports import U
from federation.serving.ports import Journal, JournalRecord
from protocol.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from protocol.commitment import NETWORK, Opening
from protocol.errors import MalformedMessage
from protocol.keys import Purpose
from protocol.members import Member
from protocol.messages import Receipt, Tombstone, kind_of
from protocol.note import SignedNote
from protocol.page import Head, Page, encode_page
from protocol.tiles import TILE_HEIGHT, TILE_WIDTH, encode_entry_bundle, parse_tile_path, tile_bytes
from protocol.tree import MerkleTree

COORDINATOR = "coordinator"

_log = logging.getLogger(__name__)
_SHOWN_TO_COORDINATORS = frozenset((kind_of(Receipt), kind_of(Tombstone)))
_BATCH = 65_536
_PAGE_BATCH = 256
_ATTEMPTS = 5


class JournalDamaged(FederationError):
    """Our stored entries are not those that were appended: nothing is signed any more."""

    problem = "journal_damaged"


class NotServed(FederationError):
    """There is no such file or page under the present checkpoint."""

    problem = "not_found"


def current_checkpoint(fed: Federation[U]) -> bytes:
    """The signed note over all that is committed, signed now if the journal grew. Raises JournalDamaged."""
    with fed.database.read() as uow:
        size, note = uow.journal.size(), uow.journal.checkpoint()
    if note is not None and _covers(fed, note, size):
        return note
    with fed.database.write() as uow:
        journal = uow.journal
        size, before = journal.size(), journal.checkpoint()
        with _tree(fed, journal, size) as tree:
            root = tree.root(size)
            signed = None if before is None else checkpoint_of(before)
            if signed is not None and (signed.size > size or tree.root(signed.size) != signed.root):
                raise _damaged("the entries are not those that were signed before")
        kept = journal.range()
        if kept.size != size or kept.root() != root:
            raise _damaged("the entries do not lead to the root that was kept beside them")
        checkpoint = Checkpoint(fed.origin, size, root)
        note = sign_checkpoint(checkpoint, fed.keys.signing_key(Purpose.JOURNAL))
        journal.save_checkpoint(size, note)
        return note


def check_journal(fed: Federation[U]) -> None:
    """That what is committed leads to one root by both paths. Writes and signs nothing. Raises JournalDamaged."""
    with fed.database.read() as uow:
        journal = uow.journal
        size, note, kept = journal.size(), journal.checkpoint(), journal.range()
        with _tree(fed, journal, size) as tree:
            signed = None if note is None else checkpoint_of(note)
            if signed is not None and (signed.size > size or tree.root(signed.size) != signed.root):
                raise _damaged("the entries are not those that were signed before")
            if kept.size != size or kept.root() != tree.root(size):
                raise _damaged("the entries do not lead to the root that was kept beside them")


def checkpoint_of(note: bytes) -> Checkpoint:
    """What one of our own notes says; it was verified, or signed, when it was kept."""
    return parse_checkpoint(SignedNote.parse(note).text)


def read_tile(fed: Federation[U], path: str) -> bytes:
    """A file of the tlog-tiles layout, `tile/...`. NotServed for one that the checkpoint does not reach."""
    try:
        tile = parse_tile_path(path)
    except MalformedMessage:
        raise NotServed("no tile of that name") from None
    size = checkpoint_of(current_checkpoint(fed)).size
    first = tile.number * TILE_WIDTH
    level = 0 if tile.level == "entries" else tile.level
    if (first + tile.width) << (level * TILE_HEIGHT) > size:
        raise NotServed("a tile beyond the checkpoint")
    with fed.database.read() as uow:
        if tile.level == "entries":
            return encode_entry_bundle(uow.journal.entries(first, tile.width))
        with _tree(fed, uow.journal, size) as tree:
            return tile_bytes(tree, tile.level, tile.number, tile.width)


def inclusion_proof(fed: Federation[U], journal: Journal, index: int, size: int) -> list[bytes]:
    """Proof that our entry `index` is among the first `size`, all of them committed."""
    with _tree(fed, journal, size) as tree:
        return tree.inclusion_proof(index, size)


def build_page(fed: Federation[U], caller: Member, first: int, count: int) -> bytes:
    """The page that answers `first` and `count`, as bytes on the wire, for this caller.

    Holds fewer records than asked where the cap of bytes or the checkpoint ends it. Beyond the checkpoint it is empty
    and proves nothing: the caller sees what we sign now. Raises JournalDamaged.
    """
    with _signed_snapshot(fed) as (journal, note, size):
        shown = _shown_records(fed, journal, caller, first, min(count, size - first))
        proof: list[bytes] = []
        if first + len(shown) <= size:
            with _tree(fed, journal, size) as tree:
                proof = tree.consistency_proof(first + len(shown), size)
        heads = _heads(journal, caller, size)
    return encode_page(Page(note, first, shown, proof, heads))


@contextmanager
def _signed_snapshot(fed: Federation[U]) -> Iterator[tuple[Journal, bytes, int]]:
    """A snapshot of the journal with its checkpoint and the size that this signs.

    The snapshot is signed to its end, unless writers are faster than we are: a body destroyed after the checkpoint
    would lack its tombstone in a page.
    """
    for attempts_left in reversed(range(_ATTEMPTS)):
        current_checkpoint(fed)
        with fed.database.read() as uow:
            note = uow.journal.checkpoint()
            assert note is not None, "a checkpoint is never forgotten"
            size = checkpoint_of(note).size
            if size == uow.journal.size() or not attempts_left:
                yield uow.journal, note, size
                return


def _shown_records(
    fed: Federation[U], journal: Journal, caller: Member, first: int, count: int
) -> list[bytes | Opening]:
    shown: list[bytes | Opening] = []
    room = fed.limits.page_bytes
    while len(shown) < count:
        batch = journal.records(first + len(shown), min(count - len(shown), _PAGE_BATCH))
        for record in batch:
            one = _show(record, caller)
            room -= len(one) if isinstance(one, bytes) else len(one.header) + len(one.body or b"") + 70
            if room < 0 and shown:
                return shown
            shown.append(one)
    return shown


def _show(record: JournalRecord, caller: Member) -> bytes | Opening:
    if record.channel == NETWORK or record.channel == channel_to(caller.id):
        return record.opening
    if caller.role != COORDINATOR:
        return record.entry
    return record.opening if record.kind in _SHOWN_TO_COORDINATORS else record.opening.without_body()


def _heads(journal: Journal, caller: Member, size: int) -> list[Head]:
    channels: Sequence[str] = sorted((NETWORK, channel_to(caller.id)))
    if caller.role == COORDINATOR:
        channels = journal.channels()
    found = journal.heads(channels, size)
    return [Head(one.channel, one.number, one.entry) for one in found if one.number]


def _covers(fed: Federation[U], note: bytes, size: int) -> bool:
    """Whether the note is of this size and signed by the key that we use now."""
    signatures = SignedNote.parse(note).signatures
    return checkpoint_of(note).size == size and any(one.key_id == fed.journal_key().key_id for one in signatures)


@contextmanager
def _tree(fed: Federation[U], journal: Journal, size: int) -> Iterator[MerkleTree]:
    """The tree over at least `size` entries, all committed, held for the block. Raises JournalDamaged."""
    with fed.tree.lock:
        tree = fed.tree.tree
        while tree.size < size:
            entries = journal.entries(tree.size, min(_BATCH, size - tree.size))
            if not entries:
                raise _damaged("entries are missing")
            tree.extend(entries)
        yield tree


def _damaged(text: str) -> JournalDamaged:
    _log.critical("journal damaged: %s", text)
    return JournalDamaged(text)
