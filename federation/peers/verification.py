"""What a peer's page proves, before anything of it is believed. Pure: bytes and values in, values or an error out.

Rules, in this order; an error means that nothing of the page is taken in:

1. The checkpoint is signed by the peer's journal key, inside its window, under the origin of the peer's present epoch.
2. It is not smaller than one that we saw (`Rollback`) and has no other root for the same size (`Fork`).
3. The page begins where our cursor stands and does not go beyond the checkpoint.
4. Every entry is rebuilt from its opening; the entries, added to ours, lead to the checkpoint's root (`ProofMismatch`;
   `Fork` when there are no new ones, so that only what was proven before can be at odds). On the way, the root at the
   size of the checkpoint that we saw is the one that it signed (`Fork`).
5. In each channel that we may see, numbers go on without a gap (`Gap`), each naming the one before, never twice
   (`Equivocation`). A coordinator sees every header: a closed entry is `Withheld` from it.
6. Where the page reaches the checkpoint, the heads that the peer states are what we took in (`Withheld`).

What is proven and cannot be used is refused, one by one, and never stops the rest: unknown kinds and versions,
malformed bodies, sealed bodies that do not open, kinds that have no business on their channel, bodies that are missing
without a tombstone in this very page. Those bodies are kept raw up to 256 KiB; of larger ones the header alone is kept,
unless they are sealed to a key that may come back. Read next: visit.py (who asks, and what it does with the answer).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from federation.context import channel_to, journal_origin
from federation.errors import Equivocation, Fork, Gap, Rollback, Withheld, problem_of
from federation.peers.ports import Cursor, Received, Refusal, ReplicaRecord
from federation.serving.ports import ChannelHead
from protocol.checkpoint import Checkpoint, parse_checkpoint
from protocol.commitment import NETWORK, Header, Opening, open_entry
from protocol.compact_range import CompactRange
from protocol.errors import CannotOpen, MalformedMessage, ProofMismatch, ProtocolError, StaleMessage
from protocol.keys import NodeKeys, Purpose
from protocol.members import Member
from protocol.messages import CLEAR_KINDS, Receipt, Sealed, Tombstone, kind_of
from protocol.note import SignedNote, VerifierKey, verify_note
from protocol.page import Head, Page
from protocol.sealing import open_message
from protocol.wire_json import decode_message, timestamp

RECEIPT = kind_of(Receipt)
TOMBSTONE = kind_of(Tombstone)
SEALED = kind_of(Sealed)

BODY_WITHHELD = "withheld"
"""Reason of a refusal: the body is missing, and no tombstone says why."""
TOO_LARGE = "too_large"
"""Reason of a refusal: the body is of no use to this version, and too large to be kept for a later one."""
MAX_USELESS_BODY = 256 * 1024

_ADDRESSED_KINDS = frozenset((SEALED, RECEIPT, TOMBSTONE))
_NETWORK_KINDS = CLEAR_KINDS - {SEALED, RECEIPT}
_SHOWN_TO_COORDINATORS = frozenset((RECEIPT, TOMBSTONE))


@dataclass(frozen=True, slots=True)
class Reader:
    """Who takes in: which channels it may see, and the keys that open what is sealed to it."""

    node_id: str
    keys: NodeKeys
    coordinator: bool


@dataclass(frozen=True, slots=True)
class VerifiedPage:
    """What a page proved. `cursor` and `heads` (those that moved) are the state after it; `messages` are to be applied
    in order; `refusals` are kept and passed by; `addressed` is the last message to us that wants a receipt; `complete`
    says that nothing more is signed yet."""

    cursor: Cursor
    heads: Mapping[str, ChannelHead]
    records: list[ReplicaRecord]
    messages: list[Received]
    refusals: list[Refusal]
    addressed: ChannelHead | None
    count: int
    complete: bool


def open_peer_checkpoint(note: bytes, member: Member, now: datetime) -> Checkpoint:
    """The checkpoint of a member's present journal, once one of its journal keys that is valid now has signed it.

    Raises BadSignature, StaleMessage when all its keys are outside their windows, MalformedMessage also for another
    origin or size 0.
    """
    origin = journal_origin(member.id, member.epoch)
    moment = timestamp(now)
    keys = [
        VerifierKey(origin, key.raw())
        for key in member.keys
        if key.purpose is Purpose.JOURNAL and key.not_before <= moment < key.not_after
    ]
    if not keys:
        raise StaleMessage("no journal key of the peer is inside its window")
    checkpoint = parse_checkpoint(verify_note(note, keys))
    if checkpoint.origin != origin or checkpoint.size == 0:
        raise MalformedMessage("checkpoint: of another journal, or of an empty one")
    return checkpoint


def journal_keys(member: Member, origin: str, journaled: str) -> list[VerifierKey]:
    """The keys that may have signed a checkpoint, of any age, over an entry of that time: all but those that had
    ended."""
    return [
        VerifierKey(origin, key.raw())
        for key in member.keys
        if key.purpose is Purpose.JOURNAL and journaled < key.not_after
    ]


def kept_checkpoint(note: bytes) -> Checkpoint:
    """A checkpoint that was verified when it was kept."""
    return parse_checkpoint(SignedNote.parse(note).text)


def verify_page(
    page: Page, cursor: Cursor, heads: Mapping[str, ChannelHead], member: Member, reader: Reader, now: datetime
) -> VerifiedPage:
    """What the page proves about this member's journal, for a reader whose state is `cursor` and `heads`.

    Raises as the module says: Mistrust and its kinds, ProofMismatch, BadSignature, StaleMessage, MalformedMessage.
    """
    checkpoint = open_peer_checkpoint(page.checkpoint, member, now)
    _check_not_rolled_back(page, checkpoint, cursor)
    entries, opened = _rebuild(page)
    size = page.first + len(entries)
    if page.first != cursor.range.size or size > checkpoint.size:
        raise MalformedMessage("page: begins elsewhere than asked, or goes beyond its checkpoint")
    grown = _prove(page, entries, cursor, checkpoint)
    if reader.coordinator and len(opened) != len(entries):
        raise Withheld("a header is not shown to a coordinator")
    taken = _Taken(page, heads, member, reader)
    for position, opening, header in opened:
        taken.take(position, entries[position], opening, header)
    taken.explain()
    complete = size == checkpoint.size
    if complete:
        taken.check_heads(page.heads)
    unreached = cursor.checkpoint is not None and kept_checkpoint(cursor.checkpoint).size > size
    return VerifiedPage(
        cursor=Cursor(member.id, member.epoch, grown, cursor.checkpoint if unreached else page.checkpoint),
        heads=taken.moved,
        records=taken.records,
        messages=taken.messages,
        refusals=taken.refusals,
        addressed=taken.addressed,
        count=len(entries),
        complete=complete,
    )


def decode_body(opening: Opening, header: Header, sender: str, reader: Reader) -> tuple[str, msgspec.Struct]:
    """The kind and message of a proven opening whose body is there; for a sealed body, of what it holds.

    Raises UnknownVersion, MalformedMessage (also for a kind that has no business on its channel), CannotOpen.
    """
    assert opening.body is not None
    message = decode_message(header.kind, opening.body)
    if header.kind not in (_NETWORK_KINDS if header.channel == NETWORK else _ADDRESSED_KINDS):
        raise MalformedMessage("a kind that has no business on its channel")
    if isinstance(message, Sealed):
        kind, inner, _exact = open_message(message, sender, reader.node_id, reader.keys)
        return kind, inner
    return header.kind, message


def header_evidence(index: int, opening: Opening) -> bytes:
    """A header with what opens it, without its body, as evidence of what its sender committed to."""
    document = {"index": index, "header_salt": opening.header_salt, "header": opening.header}
    return msgspec.json.encode(document, order="sorted")


def _check_not_rolled_back(page: Page, checkpoint: Checkpoint, cursor: Cursor) -> None:
    if cursor.checkpoint is None:
        return
    seen = kept_checkpoint(cursor.checkpoint)
    if checkpoint.size < max(seen.size, cursor.range.size):
        raise Rollback(
            f"size {checkpoint.size} is signed after size {max(seen.size, cursor.range.size)}",
            cursor.checkpoint,
            page.checkpoint,
        )
    if checkpoint.size == seen.size and checkpoint.root != seen.root:
        raise Fork(f"two roots for size {seen.size}", cursor.checkpoint, page.checkpoint)


def _rebuild(page: Page) -> tuple[list[bytes], list[tuple[int, Opening, Header]]]:
    """All entries, and what was opened with its position in the page."""
    entries: list[bytes] = []
    opened: list[tuple[int, Opening, Header]] = []
    for record in page.records:
        if isinstance(record, bytes):
            entries.append(record)
        else:
            entry, header = open_entry(record)
            opened.append((len(entries), record, header))
            entries.append(entry)
    return entries, opened


def _prove(page: Page, entries: list[bytes], cursor: Cursor, checkpoint: Checkpoint) -> CompactRange:
    """Our range with these entries, proven to be the beginning of what the checkpoint signs."""
    grown = cursor.range.copy()
    seen = kept_checkpoint(cursor.checkpoint) if cursor.checkpoint is not None else None
    root_at_seen = None
    if seen is not None and grown.size < seen.size <= grown.size + len(entries):
        until = seen.size - grown.size
        grown.extend(entries[:until])
        root_at_seen = grown.root()
        grown.extend(entries[until:])
    else:
        grown.extend(entries)
    try:
        grown.verify_prefix_of(checkpoint.size, page.proof, checkpoint.root)
    except ProofMismatch:
        if entries or cursor.checkpoint is None:
            raise
        raise Fork("what was proven before is not in what is signed now", cursor.checkpoint, page.checkpoint) from None
    if seen is not None and root_at_seen is not None and root_at_seen != seen.root:
        assert cursor.checkpoint is not None
        raise Fork(f"two roots for size {seen.size}", cursor.checkpoint, page.checkpoint)
    return grown


def _is_at(record: ReplicaRecord, header: Header, number: int) -> bool:
    return record.header.channel == header.channel and record.header.number == number


class _Taken:
    """What was taken from one page so far, channel by channel."""

    def __init__(self, page: Page, heads: Mapping[str, ChannelHead], member: Member, reader: Reader) -> None:
        self.first = page.first
        self.page = page
        self.peer = member.id
        self.epoch = member.epoch
        self.reader = reader
        self.ours = channel_to(reader.node_id)
        self.heads = dict(heads)
        self.moved: dict[str, ChannelHead] = {}
        self.records: list[ReplicaRecord] = []
        self.messages: list[Received] = []
        self.refusals: list[Refusal] = []
        self.addressed: ChannelHead | None = None
        self.unexplained: dict[tuple[str, int], Refusal] = {}

    def take(self, position: int, entry: bytes, opening: Opening, header: Header) -> None:
        channel = header.channel
        for_us = channel in (NETWORK, self.ours)
        if not for_us and not self.reader.coordinator:
            return
        index = self.first + position
        head = ChannelHead(channel, header.number, entry)
        self._check_chain(self.heads.get(channel), index, opening, header)
        self.heads[channel] = self.moved[channel] = head
        if not for_us:
            if header.kind not in _SHOWN_TO_COORDINATORS:
                opening = opening.without_body()
            self.records.append(ReplicaRecord(index, entry, header, opening))
            return
        self.records.append(ReplicaRecord(index, entry, header, opening))
        if channel != NETWORK and header.kind != RECEIPT:
            self.addressed = head
        if opening.body is None:
            self.unexplained[channel, header.number] = self._refusal(index, header, BODY_WITHHELD)
            return
        try:
            kind, message = decode_body(opening, header, self.peer, self.reader)
        except ProtocolError as error:
            reason = problem_of(error)
            if len(opening.body) > MAX_USELESS_BODY and not isinstance(error, CannotOpen):
                self.records[-1] = ReplicaRecord(index, entry, header, opening.without_body())
                reason = TOO_LARGE
            self.refusals.append(self._refusal(index, header, reason))
            return
        if isinstance(message, Tombstone):
            self.unexplained.pop((channel, message.number), None)
        self.messages.append(Received(self.peer, self.epoch, index, entry, header, kind, message))

    def explain(self) -> None:
        """Bodies that are missing and that no later tombstone of this page explains are refusals."""
        self.refusals += self.unexplained.values()

    def check_heads(self, stated: list[Head]) -> None:
        """The peer's signed heads are, for every channel that we may see, what we took in."""
        theirs = {
            one.channel: ChannelHead(one.channel, one.number, one.entry)
            for one in stated
            if self.reader.coordinator or one.channel in (NETWORK, self.ours)
        }
        if theirs != self.heads:
            raise Withheld("the heads that the peer states are not those of what it handed over")

    def _check_chain(self, before: ChannelHead | None, index: int, opening: Opening, header: Header) -> None:
        expected, previous = (1, "") if before is None else (before.number + 1, before.entry.hex())
        if header.number > expected:
            raise Gap(f"a channel goes on at {header.number} after {expected - 1}")
        if header.number < expected or header.previous != previous:
            number = min(header.number, expected - 1)
            raise Equivocation(
                f"a second message under number {number}, or one that follows another than was shown",
                next((header_evidence(r.index, r.opening) for r in self.records if _is_at(r, header, number)), b""),
                header_evidence(index, opening),
                channel=header.channel,
                number=number,
            )

    def _refusal(self, index: int, header: Header, reason: str) -> Refusal:
        return Refusal(self.peer, self.epoch, index, header.channel, header.number, header.kind, reason)
