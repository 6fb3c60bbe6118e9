"""Anyone entitled to can check the exchange afterwards: every journal again, and both sides of every exchange.

For each node: the checkpoint is signed by it; all its public entries lead to the root; what we took in before is the
beginning of that; every opening that we hold commits to the entry at its place; every channel that we may see goes on
without gap or change. For each pair (A, B): the last receipt of B for A's messages names the very entry that A's
journal has there (`agree`), perhaps not the last one yet (`in_transit`), or another one, or one that A does not have
(`disagree`: kept as evidence). A coordinator sees all pairs, by headers and receipts alone; a town its own.

Guarantees: no unit of work is open while the network is asked; nothing but evidence is written beside the visits that
bring us up to date. Read next: serving/tiles_reader.py, peers/verification.py.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from federation.context import Federation, channel_to
from federation.errors import Equivocation, FederationError, Fork, Gap, Rollback, problem_of
from federation.membership.directory import ACTIVE
from federation.peers.ports import Cursor, Evidence, ReplicaRecord
from federation.peers.verification import RECEIPT, kept_checkpoint
from federation.peers.visit import pull
from federation.ports import U
from federation.serving.journal import checkpoint_of, current_checkpoint
from federation.serving.ports import JournalRecord
from federation.serving.tiles_reader import fetch_checkpoint, fetch_from, read_entries
from protocol.checkpoint import Checkpoint, open_checkpoint
from protocol.commitment import Header, Opening, open_entry
from protocol.compact_range import CompactRange
from protocol.errors import MalformedMessage, ProofMismatch, ProtocolError, UnknownKey
from protocol.keys import Purpose
from protocol.members import Member, Members
from protocol.messages import Receipt
from protocol.note import parse_vkey
from protocol.tiles import export_files
from protocol.wire_json import decode

AGREE, IN_TRANSIT, DISAGREE = "agree", "in_transit", "disagree"

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class NodeAudit:
    """One journal: its size, how many openings were compared with it, and what is wrong: `problem` is a stable word,
    empty when nothing is."""

    node: str
    size: int = 0
    openings: int = 0
    problem: str = ""

    @property
    def ok(self) -> bool:
        return not self.problem


@dataclass(frozen=True, slots=True)
class PairAudit:
    """What went from `sender` to `recipient`: messages sent (receipts not counted), not acknowledged yet (`waiting`),
    and refused by the recipient. `state` is agree, in_transit or disagree."""

    sender: str
    recipient: str
    state: str
    sent: int
    waiting: int
    refused: int


@dataclass(frozen=True, slots=True)
class AuditReport:
    """`ok` when every journal is right and no pair disagrees; what is in transit is no fault."""

    nodes: list[NodeAudit]
    pairs: list[PairAudit]
    ok: bool


@dataclass(slots=True)
class _Channel:
    """The messages of one `to:` channel: (number, entry) of those that are no receipts, and the receipts in it."""

    messages: list[tuple[int, bytes]] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)


_Channels = dict[str, _Channel]
_Stored = tuple[int, bytes, Opening]
"""Index, entry and opening, of our own journal or of a replica."""


def audit(fed: Federation[U]) -> AuditReport:
    """Visit every active member, verify every journal, our own included, and reconcile all pairs that we may see."""
    members = [one for one in fed.members().members if one.status == ACTIVE]
    for member in members:
        if member.id != fed.node_id:
            pull(fed, member.id)
    nodes, journals = [], {}
    for member in members:
        node, channels = _audit_node(fed, member)
        nodes.append(node)
        if node.ok:
            journals[member.id] = channels
    pairs = _reconcile(fed, members, journals)
    ok = all(node.ok for node in nodes) and all(pair.state != DISAGREE for pair in pairs)
    return AuditReport(nodes, pairs, ok)


def audit_export(folder: Path, members: Members | None = None) -> NodeAudit:
    """Verify an exported journal offline: every file is what its checkpoint signs, and nothing is missing.

    The key is the one in the folder's `vkey`; with `members`, it must be one that the directory names for that node.
    """
    node, size = "", 0
    try:
        text = (folder / "vkey").read_text("utf-8").rstrip("\n")
        key = parse_vkey(text)
        node = key.name.partition("/")[0]
        if members is not None and key.public not in _journal_keys(members, node):
            raise UnknownKey("the key is not one of the directory's for that node")
        note = (folder / "checkpoint").read_bytes()
        checkpoint = open_checkpoint(note, key)
        size = checkpoint.size
        bundles = read_entries(lambda path, _max: (folder / path).read_bytes(), size)
        entries = [entry for bundle in bundles for entry in bundle]
        for path, content in export_files(entries, note, text):
            if (folder / path).read_bytes() != content:
                raise ProofMismatch("a file is not what the checkpoint signs")
    except (OSError, UnicodeDecodeError):
        return NodeAudit(node, size, problem="unreadable")
    except ProtocolError as error:
        return NodeAudit(node, size, problem=problem_of(error))
    return NodeAudit(node, size)


def _audit_node(fed: Federation[U], member: Member) -> tuple[NodeAudit, _Channels]:
    """The findings, and the channels between nodes; these are of use only when nothing is wrong."""
    check = _JournalCheck(member.id)
    try:
        if member.id == fed.node_id:
            checkpoint = checkpoint_of(current_checkpoint(fed))
            check.run(checkpoint, _own_entries(fed, checkpoint.size), _own_records(fed), None)
        else:
            fetch = fetch_from(fed, member)
            note, checkpoint = fetch_checkpoint(fetch, member, fed.now())
            with fed.database.read() as uow:
                cursor = uow.replica.cursor(member.id, member.epoch)
            if checkpoint.size < cursor.range.size:
                raise Rollback("shorter than what it signed before", cursor.checkpoint or b"", note)
            check.run(checkpoint, read_entries(fetch, checkpoint.size), _replica_records(fed, member), cursor)
    except (FederationError, ProtocolError) as error:
        return replace(check.finding(), problem=problem_of(error)), check.channels
    return check.finding(), check.channels


class _JournalCheck:
    """Entries and stored openings side by side, in one pass."""

    def __init__(self, node: str) -> None:
        self.node = node
        self.size = 0
        self.openings = 0
        self.channels: _Channels = {}
        self._heads: dict[str, tuple[int, str]] = {}

    def finding(self) -> NodeAudit:
        return NodeAudit(self.node, self.size, self.openings)

    def run(
        self, checkpoint: Checkpoint, bundles: Iterable[list[bytes]], records: Iterator[_Stored], cursor: Cursor | None
    ) -> None:
        """Raises the ProtocolError or FederationError that says what is wrong: first of all that the public entries
        are not what is signed, so that nobody is accused of a fork for a file that was damaged on its way."""
        self.size = checkpoint.size
        known = [] if cursor is None else _known_roots(cursor)
        wrong: list[FederationError | ProtocolError] = []
        grown = CompactRange()
        record = next(records, None)
        for bundle in bundles:
            first, end = grown.size, grown.size + len(bundle)
            for size, root in known:
                if first < size <= end:
                    prefix = grown.copy()
                    prefix.extend(bundle[: size - first])
                    if prefix.root() != root:
                        wrong.insert(0, Fork(f"two roots for size {size}"))
            while record is not None and record[0] < end and not wrong:
                try:
                    self._compare(record, bundle[record[0] - first])
                except (FederationError, ProtocolError) as error:
                    wrong.append(error)
                record = next(records, None)
            grown.extend(bundle)
        if grown.size != checkpoint.size or grown.root() != checkpoint.root:
            raise ProofMismatch("the public entries are not those that the checkpoint signs")
        if wrong:
            raise wrong[0]

    def _compare(self, record: _Stored, entry: bytes) -> None:
        _index, kept, opening = record
        opened, header = open_entry(opening)
        if opened != entry or kept != entry:
            raise ProofMismatch("an opening is not that of the entry at its place")
        self.openings += 1
        number, previous = self._heads.get(header.channel, (0, ""))
        if header.number > number + 1:
            raise Gap("a channel's number is missing")
        if header.number != number + 1 or header.previous != previous:
            raise Equivocation("two messages under one number", b"", b"", channel=header.channel, number=header.number)
        self._heads[header.channel] = (header.number, entry.hex())
        self._note(header, opening, entry)

    def _note(self, header: Header, opening: Opening, entry: bytes) -> None:
        if not header.channel.startswith("to:"):
            return
        channel = self.channels.setdefault(header.channel, _Channel())
        if header.kind != RECEIPT:
            channel.messages.append((header.number, entry))
        elif opening.body is not None:
            channel.receipts.append(decode(opening.body, Receipt))


def _reconcile(fed: Federation[U], members: Sequence[Member], journals: dict[str, _Channels]) -> list[PairAudit]:
    """All pairs whose two journals are right: half a journal accuses nobody."""
    by_id = {member.id: member for member in members if member.id in journals}
    pairs = []
    for sender in by_id.values():
        for name, channel in sorted(journals[sender.id].items()):
            recipient = by_id.get(name.removeprefix("to:"))
            if recipient is None or recipient.id == sender.id or not channel.messages:
                continue
            receipts = _receipts(journals, recipient, sender)
            pair = _compare_sides(sender, recipient, channel, receipts)
            if pair.state == DISAGREE and sender.id != fed.node_id:
                # The receipt may be newer than what we had of the sender: look again before accusing anybody.
                pull(fed, sender.id)
                finding, channels = _audit_node(fed, sender)
                if finding.ok:
                    pair = _compare_sides(sender, recipient, channels.get(name, channel), receipts)
            if pair.state == DISAGREE:
                _keep(fed, sender, recipient, channel, receipts[-1])
            pairs.append(pair)
    return pairs


def _receipts(journals: dict[str, _Channels], recipient: Member, sender: Member) -> list[Receipt]:
    """The recipient's receipts for the sender's present journal, oldest first."""
    channel = journals[recipient.id].get(channel_to(sender.id), _Channel())
    return [one for one in channel.receipts if (one.origin, one.epoch) == (sender.id, sender.epoch)]


def _compare_sides(sender: Member, recipient: Member, channel: _Channel, receipts: list[Receipt]) -> PairAudit:
    entries = {number: entry.hex() for number, entry in channel.messages}
    acknowledged = receipts[-1].number if receipts else 0
    agreed = all(entries.get(one.number) == one.entry for one in receipts)
    waiting = sum(number > acknowledged for number in entries)
    state = DISAGREE if not agreed else IN_TRANSIT if waiting else AGREE
    refused = len({number for one in receipts for number in one.refused})
    return PairAudit(sender.id, recipient.id, state, len(entries), waiting, refused)


def _keep(fed: Federation[U], sender: Member, recipient: Member, channel: _Channel, receipt: Receipt) -> None:
    entry = dict(channel.messages).get(receipt.number, b"")
    with fed.database.write() as uow:
        evidence = Evidence(recipient.id, recipient.epoch, DISAGREE, fed.now(), entry, bytes.fromhex(receipt.entry))
        uow.replica.keep_evidence(evidence)


def _known_roots(cursor: Cursor) -> list[tuple[int, bytes]]:
    known = [(cursor.range.size, cursor.range.root())]
    if cursor.checkpoint is not None:
        seen = kept_checkpoint(cursor.checkpoint)
        known.append((seen.size, seen.root))
    return known


def _own_entries(fed: Federation[U], size: int) -> Iterator[list[bytes]]:
    for first in range(0, size, _BATCH):
        with fed.database.read() as uow:
            entries = list(uow.journal.entries(first, min(_BATCH, size - first)))
        yield entries


def _own_records(fed: Federation[U]) -> Iterator[_Stored]:
    def read(first: int) -> Sequence[JournalRecord]:
        with fed.database.read() as uow:
            return uow.journal.records(first, _BATCH)

    return _all_records(read)


def _replica_records(fed: Federation[U], member: Member) -> Iterator[_Stored]:
    def read(first: int) -> Sequence[ReplicaRecord]:
        with fed.database.read() as uow:
            return uow.replica.records(member.id, member.epoch, first, _BATCH)

    return _all_records(read)


def _all_records(read: Callable[[int], Sequence[JournalRecord] | Sequence[ReplicaRecord]]) -> Iterator[_Stored]:
    first = 0
    while batch := read(first):
        for record in batch:
            yield record.index, record.entry, record.opening
        first = batch[-1].index + 1


def _journal_keys(members: Members, node: str) -> list[bytes]:
    member = members.find(node)
    if member is None:
        raise MalformedMessage("a journal of no member")
    return [key.raw() for key in member.keys if key.purpose is Purpose.JOURNAL]
