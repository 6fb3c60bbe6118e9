"""What a verified page does here: one unit of work.

It stores the openings, calls the handlers, appends our cumulative receipt for what was addressed to us, and moves heads
and cursor: all of it, or nothing. Messages of one kind that follow each other reach their handler together; when it
raises, one at a time. A message that its handler refuses is undone alone, kept raw, named in the receipt, and passed
by: it never blocks the channel, and `replay` tries it again after an upgrade. The reason that is kept is a stable word
or the class of the error, never its text, which could quote the message.

An error of this machine itself (memory, disk, database) refuses nothing: it leaves the unit of work, so that nothing of
the page is taken in, and the next visit tries again. A handler that did its work and cannot answer yet
(`ports.StillOwed`) is called again by `replay`; its message is not named in the receipt. A tombstone destroys our copy
of the body that its sender destroyed. Read next: ports.py (`Handler`), visit.py.
"""

import logging
from collections.abc import Sequence
from itertools import groupby

from federation.context import Federation, channel_to
from federation.errors import FederationError, problem_of
from federation.peers.ports import Cursor, Received, Refusal
from federation.peers.verification import BODY_WITHHELD, TOMBSTONE, Reader, VerifiedPage, decode_body
from federation.ports import StillOwed, U, UnitOfWork
from protocol.errors import ProofMismatch, ProtocolError
from protocol.messages import Receipt, Tombstone, kind_of
from protocol.wire_json import encode

_log = logging.getLogger(__name__)


class Overtaken(FederationError):
    """Another visit to the same peer moved the cursor meanwhile; nothing was written by this one."""

    problem = "overtaken"


def take_in(fed: Federation[U], before: Cursor, page: VerifiedPage) -> tuple[int, int]:
    """Write a verified page, all of it or nothing; how many messages were applied and refused. Raises Overtaken. A page
    that says nothing new, as most do, waits for no writer and writes nothing."""
    if _same(page.cursor, before):
        return 0, 0
    peer, epoch = page.cursor.peer, page.cursor.epoch
    now = fed.now()
    with fed.database.write() as uow:
        present = uow.replica.cursor(peer, epoch)
        if not _same(present, before):
            raise Overtaken("another visit took this page in")
        uow.replica.store(peer, epoch, page.records)
        failed, owed = _apply(uow, fed, page.messages)
        for answer in owed:
            uow.replica.refuse(answer, now)
        refused = sorted(page.refusals + failed, key=lambda one: one.index)
        for refusal in refused:
            uow.replica.refuse(refusal, now)
        if refused:
            first = refused[0]
            # One line a page, or a peer could fill the disk with our log. The kind is the peer's text: not named.
            _log.warning(
                "refused %d messages of %s, the first at %d: %s", len(refused), peer, first.index, first.reason
            )
        if page.addressed is not None:
            receipt = Receipt(
                origin=peer,
                epoch=epoch,
                number=page.addressed.number,
                entry=page.addressed.entry.hex(),
                refused=[one.number for one in refused if one.channel == page.addressed.channel],
            )
            uow.journal.append(kind_of(receipt), channel_to(peer), encode(receipt), now)
        uow.replica.save_heads(peer, epoch, page.heads.values())
        uow.replica.save_cursor(page.cursor)
        return len(page.messages) - len(failed), len(refused)


def _same(one: Cursor, other: Cursor) -> bool:
    return one.checkpoint == other.checkpoint and one.range.to_bytes() == other.range.to_bytes()


def _apply(uow: U, fed: Federation[U], messages: Sequence[Received]) -> tuple[list[Refusal], list[Refusal]]:
    """Hand the messages to their handlers, in order; what they refused, and what they applied and still must answer."""
    refusals: list[Refusal] = []
    owed: list[Refusal] = []
    for kind, group in groupby(messages, key=lambda one: one.kind):
        batch = list(group)
        if _try(uow, fed, kind, batch) is None:
            continue
        for message in batch:
            error = _try(uow, fed, kind, [message])
            if isinstance(error, StillOwed):
                owed.append(_refusal(message, error))
            elif error is not None:
                refusals.append(_refusal(message, error))
    return refusals, owed


def _try(uow: U, fed: Federation[U], kind: str, batch: Sequence[Received]) -> Exception | None:
    """Apply a batch of one kind, or undo all of it and say why. StillOwed, of one message alone, undoes nothing."""
    handler = fed.handlers.by_kind.get(kind)
    try:
        with uow.savepoint():
            if kind == TOMBSTONE:
                _bury(uow, batch)
            if handler is not None:
                try:
                    handler(uow, batch, fed.now())
                except StillOwed as owed:
                    if len(batch) > 1:
                        raise
                    return owed
    except fed.handlers.trouble:
        # The next visit may go well: this must become no refusal, which the sender would be told.
        raise
    except Exception as error:  # Whatever else a handler raises concerns its message alone.
        return error
    return None


def _bury(uow: UnitOfWork, tombstones: Sequence[Received]) -> None:
    """Destroy our copies of what the sender destroyed; a body that is missing is now explained."""
    for received in tombstones:
        tombstone = received.message
        assert isinstance(tombstone, Tombstone)
        peer, epoch = received.peer, received.epoch
        buried = uow.replica.find(peer, epoch, received.header.channel, tombstone.number)
        if buried is None or buried.entry.hex() != tombstone.entry or buried.index >= received.index:
            raise ProofMismatch("a tombstone for no message")
        uow.replica.destroy_body(peer, epoch, buried.index)
        header = buried.header
        uow.replica.clear_refusal(
            Refusal(peer, epoch, buried.index, header.channel, header.number, header.kind, BODY_WITHHELD)
        )


def replay(uow: U, fed: Federation[U], reader: Reader, refusal: Refusal) -> bool:
    """Try a refused message again; True when it was applied now, and is refused no more."""
    record = uow.replica.record(refusal.peer, refusal.epoch, refusal.index)
    if record is None or record.opening.body is None:
        return False
    try:
        kind, message = decode_body(record.opening, record.header, refusal.peer, reader)
    except ProtocolError:
        return False
    received = Received(refusal.peer, refusal.epoch, record.index, record.entry, record.header, kind, message)
    if _try(uow, fed, kind, [received]) is not None:
        return False
    uow.replica.clear_refusal(refusal)
    return True


def _refusal(message: Received, error: Exception) -> Refusal:
    header = message.header
    if isinstance(error, StillOwed):
        reason = error.word
    else:
        reason = problem_of(error) if isinstance(error, FederationError | ProtocolError) else type(error).__name__
    return Refusal(message.peer, message.epoch, message.index, header.channel, header.number, message.kind, reason)
