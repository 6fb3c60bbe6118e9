"""What a page proves: Drancy's journal on paper, told rightly, and wrongly in every way."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.context import channel_to, journal_origin
from federation.errors import Equivocation, FederationError, Fork, Gap, Rollback, Withheld
from federation.peers.ports import Cursor
from federation.peers.verification import Reader, VerifiedPage, verify_page
from federation.serving.ports import ChannelHead
from protocol.checkpoint import Checkpoint, sign_checkpoint
from protocol.commitment import NETWORK, Opening, make_opening
from protocol.compact_range import CompactRange
from protocol.errors import BadSignature, MalformedMessage, ProofMismatch, ProtocolError, StaleMessage
from protocol.keys import NodeKeys, Purpose, find_key
from protocol.members import Member
from protocol.messages import Message, Opened, Receipt, Tombstone, kind_of
from protocol.page import Head, Page
from protocol.sealing import seal_message
from protocol.tree import MerkleTree
from protocol.wire_json import encode, timestamp
from tests.factories import moved, offer, release
from tests.federation.conftest import BAYONNE, COORDINATOR, DRANCY, MONTLUCON, NOW, Network, seeded

TO_MONTLUCON = channel_to(MONTLUCON)
TO_BAYONNE = channel_to(BAYONNE)


@dataclass
class PaperJournal:
    """Drancy's journal, with whatever Drancy chooses to write in it."""

    keys: NodeKeys
    entries: list[bytes] = field(default_factory=list)
    openings: list[tuple[str, Opening]] = field(default_factory=list)
    heads: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def write(self, channel: str, kind: str, body: bytes, number: int = 0, previous: str | None = None) -> bytes:
        """The next message of a channel, or one with a number and predecessor that it ought not to have."""
        last, entry = self.heads.get(channel, (0, b""))
        number = number or last + 1
        before = entry.hex() if previous is None else previous
        made, opening = make_opening(kind, channel, number, before, timestamp(NOW), body, seeded(len(self.entries)))
        self.entries.append(made)
        self.openings.append((channel, opening))
        self.heads[channel] = (number, made)
        return made

    def say(self, message: Message, channel: str = NETWORK) -> bytes:
        return self.write(channel, kind_of(message), encode(message))

    def note(self, size: int | None = None) -> bytes:
        size = len(self.entries) if size is None else size
        root = MerkleTree(self.entries[:size]).root()
        return sign_checkpoint(Checkpoint(journal_origin(DRANCY, 1), size, root), self.keys.journal)

    def page(self, first: int = 0, count: int = 4096, size: int | None = None, shown: Sequence[str] = ()) -> Page:
        """The page of an honest Drancy for who may see the channels `shown` (network and Montluçon's by default)."""
        size = len(self.entries) if size is None else size
        shown = shown or (NETWORK, TO_MONTLUCON)
        end = min(first + count, size)
        records: list[bytes | Opening] = [
            opening if channel in shown else entry
            for entry, (channel, opening) in zip(self.entries[first:end], self.openings[first:end], strict=True)
        ]
        proof = MerkleTree(self.entries[:size]).consistency_proof(end, size)
        heads = [Head(channel, *self.heads[channel]) for channel in sorted(self.heads) if channel in shown]
        return Page(self.note(size), first, records, proof, heads)


@dataclass
class Visitor:
    """Montluçon (or another), with what it took in so far."""

    member: Member
    reader: Reader
    cursor: Cursor = field(default_factory=lambda: Cursor(DRANCY, 1, CompactRange(), None))
    heads: dict[str, ChannelHead] = field(default_factory=dict)

    def take(self, page: Page) -> VerifiedPage:
        verified = verify_page(page, self.cursor, self.heads, self.member, self.reader, NOW)
        self.cursor = verified.cursor
        self.heads |= verified.heads
        return verified


@pytest.fixture
def drancy(network: Network) -> PaperJournal:
    journal = PaperJournal(network.keys[DRANCY])
    journal.say(Opened(node=DRANCY, epoch=1, reason="first"))
    return journal


@pytest.fixture
def visitor(network: Network) -> Visitor:
    return Visitor(network.member(DRANCY), Reader(MONTLUCON, network.keys[MONTLUCON], coordinator=False))


@pytest.fixture
def coordinator(network: Network) -> Visitor:
    return Visitor(network.member(DRANCY), Reader(COORDINATOR, network.keys[COORDINATOR], coordinator=True))


def sealed_for(network: Network, node: str, forward: str) -> Message:
    key = find_key(network.member(node).keys, Purpose.SEALING, NOW)
    return seal_message(moved(forward), DRANCY, node, key)


def test_an_honest_page_is_taken_in_whole(network: Network, drancy: PaperJournal, visitor: Visitor) -> None:
    drancy.say(offer())
    drancy.say(sealed_for(network, MONTLUCON, "f1"), TO_MONTLUCON)
    drancy.say(sealed_for(network, BAYONNE, "f2"), TO_BAYONNE)
    verified = visitor.take(drancy.page())
    assert [one.kind for one in verified.messages] == ["opened/1", "offer.published/2", "forward.moved/2"]
    assert [one.index for one in verified.records] == [0, 1, 2]
    assert (verified.count, verified.complete, verified.refusals) == (4, True, [])
    assert verified.addressed == ChannelHead(TO_MONTLUCON, 1, drancy.entries[2])
    assert verified.cursor.range.root() == MerkleTree(drancy.entries).root()


@settings(max_examples=30)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=12), st.integers(0, 30))
def test_any_cut_into_pages_leads_to_the_same_root(cuts: list[int], more: int) -> None:
    keys = NodeKeys.generate(DRANCY, seeded(1))
    journal = PaperJournal(keys)
    for number in range(sum(cuts) + more):
        journal.say(offer(f"o{number}"))
    member = Member(
        id=DRANCY, name="Drancy", role="town", base_url="https://drancy.example", commune="93029", epoch=1,
        keys=keys.public_keys(NOW - timedelta(days=1), NOW + timedelta(days=1)), status="active", joined=timestamp(NOW),
    )  # fmt: skip
    visitor = Visitor(member, Reader(MONTLUCON, NodeKeys.generate(MONTLUCON, seeded(2)), coordinator=False))
    taken = 0
    for count in cuts:
        verified = visitor.take(journal.page(taken, count))
        taken += count
        assert verified.complete == (taken == len(journal.entries))
    assert visitor.cursor.range.root() == MerkleTree(journal.entries[:taken]).root()
    assert visitor.heads[NETWORK].number == taken


def test_a_checkpoint_of_another_key_epoch_or_size_is_refused(
    network: Network, drancy: PaperJournal, visitor: Visitor
) -> None:
    page = drancy.page()
    impostor = PaperJournal(network.keys[BAYONNE], drancy.entries, drancy.openings, drancy.heads)
    with pytest.raises(BadSignature):
        visitor.take(replace(page, checkpoint=impostor.note()))
    visitor.member = msgspec.structs.replace(network.member(DRANCY), epoch=2)
    with pytest.raises(BadSignature):
        visitor.take(page)
    late = [
        msgspec.structs.replace(key, not_after=timestamp(NOW)) if key.purpose is Purpose.JOURNAL else key
        for key in network.member(DRANCY).keys
    ]
    visitor.member = msgspec.structs.replace(network.member(DRANCY), keys=late)
    with pytest.raises(StaleMessage):
        visitor.take(page)


def test_a_page_that_begins_elsewhere_is_refused(drancy: PaperJournal, visitor: Visitor) -> None:
    drancy.say(offer())
    with pytest.raises(MalformedMessage):
        visitor.take(drancy.page(first=1))
    visitor.take(drancy.page(count=1))
    with pytest.raises(MalformedMessage):
        visitor.take(drancy.page())


def test_tampered_entries_headers_and_bodies_do_not_lead_to_the_root(
    network: Network, drancy: PaperJournal, visitor: Visitor
) -> None:
    drancy.say(sealed_for(network, BAYONNE, "f2"), TO_BAYONNE)
    drancy.say(offer())
    page = drancy.page()
    opened = page.records[2]
    assert isinstance(opened, Opening) and opened.body is not None
    closed = page.records[1]
    assert isinstance(closed, bytes)
    changes: list[tuple[int, bytes | Opening]] = [
        (1, closed[:-1] + bytes([closed[-1] ^ 1])),
        (2, Opening(bytes(32), opened.header, opened.body_salt, opened.body)),
        (
            2,
            Opening(
                opened.header_salt, opened.header.replace(b'"number":2', b'"number":3'), opened.body_salt, opened.body
            ),
        ),
        (2, Opening(opened.header_salt, opened.header, opened.body_salt, opened.body.replace(b"Cariste", b"Caristo"))),
        (2, Opening(opened.header_salt, opened.header, bytes(32), opened.body)),
    ]
    for position, changed in changes:
        records = [*page.records[:position], changed, *page.records[position + 1 :]]
        with pytest.raises(ProofMismatch):
            visitor.take(replace(page, records=records))
    with pytest.raises(ProofMismatch):
        visitor.take(replace(page, records=page.records[:2]))
    assert visitor.take(page).complete


def test_a_rewritten_history_is_a_fork_with_both_checkpoints(
    network: Network, drancy: PaperJournal, visitor: Visitor
) -> None:
    other = PaperJournal(drancy.keys, list(drancy.entries), list(drancy.openings), dict(drancy.heads))
    drancy.say(offer(title="Cariste"))
    other.say(offer(title="Manutentionnaire"))
    visitor.take(drancy.page())
    with pytest.raises(Fork) as same_size:
        visitor.take(other.page(first=2))
    assert (same_size.value.first, same_size.value.second) == (drancy.note(), other.note())
    other.say(release())
    with pytest.raises(ProofMismatch):
        visitor.take(other.page(first=2))
    with pytest.raises(Fork) as longer:
        visitor.take(other.page(first=2, count=0))
    assert (longer.value.first, longer.value.second) == (drancy.note(), other.note())


def parted_after(journal: PaperJournal, size: int) -> PaperJournal:
    """A second journal of the same town: the same first entries, then others."""
    heads = {NETWORK: (size, journal.entries[size - 1])}
    return PaperJournal(journal.keys, journal.entries[:size], journal.openings[:size], heads)


def test_two_roots_for_the_size_seen_are_a_fork_before_the_cursor_is_there(
    drancy: PaperJournal, visitor: Visitor
) -> None:
    """What this page hands over is in both journals: only the two checkpoints are at odds."""
    for number in range(5):
        drancy.say(offer(f"o{number}"))
    other = parted_after(drancy, 4)
    other.say(offer("other1"))
    other.say(offer("other2"))
    visitor.take(drancy.page(count=2))
    with pytest.raises(Fork, match="two roots for size 6") as shown:
        visitor.take(other.page(first=2, count=1))
    assert (shown.value.first, shown.value.second) == (drancy.note(), other.note())
    assert visitor.take(drancy.page(first=2, count=1)).count == 1


def test_a_fork_beyond_the_cursor_shows_when_the_checkpoint_seen_is_reached(
    drancy: PaperJournal, visitor: Visitor
) -> None:
    """A longer checkpoint of the other journal: nothing is at odds until the entries reach the size that we saw."""
    for number in range(5):
        drancy.say(offer(f"o{number}"))
    other = parted_after(drancy, 4)
    visitor.take(drancy.page(count=2))
    for number in range(5):
        other.say(offer(f"other{number}"))
    visitor.take(other.page(first=2, count=2))
    with pytest.raises(Fork, match="two roots for size 6") as exactly:
        visitor.take(other.page(first=4, count=2))
    with pytest.raises(Fork, match="two roots for size 6") as beyond:
        visitor.take(other.page(first=4))
    for fork in (exactly, beyond):
        assert (fork.value.first, fork.value.second) == (drancy.note(), other.note())


def test_a_shorter_journal_is_a_rollback(drancy: PaperJournal, visitor: Visitor) -> None:
    drancy.say(offer())
    visitor.take(drancy.page())
    with pytest.raises(Rollback) as shorter:
        visitor.take(Page(drancy.note(1), 2, [], [], []))
    assert (shorter.value.first, shorter.value.second) == (drancy.note(), drancy.note(1))


def test_a_withheld_opening_is_a_gap_and_a_withheld_tail_too(drancy: PaperJournal, visitor: Visitor) -> None:
    drancy.say(offer("o1"))
    drancy.say(offer("o2"))
    page = drancy.page()
    with pytest.raises(Gap):
        visitor.take(replace(page, records=[page.records[0], drancy.entries[1], page.records[2]]))
    with pytest.raises(Withheld):
        visitor.take(replace(page, records=[*page.records[:2], drancy.entries[2]]))
    with pytest.raises(Withheld):
        visitor.take(replace(page, heads=[]))
    with pytest.raises(Withheld):
        visitor.take(replace(page, heads=[Head(NETWORK, 4, drancy.entries[2])]))


def test_two_messages_under_one_number_are_an_equivocation_with_both_headers(
    drancy: PaperJournal, visitor: Visitor
) -> None:
    drancy.say(offer("o1"))
    drancy.write(NETWORK, "offer.published/2", encode(offer("o2")), number=2, previous=drancy.entries[0].hex())
    with pytest.raises(Equivocation) as twice:
        visitor.take(drancy.page())
    assert (twice.value.channel, twice.value.number) == (NETWORK, 2)
    assert b'"index":1' in twice.value.first and b'"index":2' in twice.value.second


def test_a_message_that_follows_another_than_was_shown_is_an_equivocation(
    drancy: PaperJournal, visitor: Visitor
) -> None:
    visitor.take(drancy.page())
    drancy.write(NETWORK, "offer.published/2", encode(offer()), previous="01" + "ab" * 32)
    with pytest.raises(Equivocation) as other:
        visitor.take(drancy.page(first=1))
    assert (other.value.channel, other.value.number, other.value.first) == (NETWORK, 1, b""), "that page has no other"
    assert b'"index":1' in other.value.second


@pytest.mark.parametrize(
    ("channel", "kind", "body", "reason"),
    [
        (NETWORK, "visit.planned/1", b"{}", "unknown_version"),
        (NETWORK, "offer.published/99", b"{}", "unknown_version"),
        (NETWORK, "offer.published/2", b'{"kind":"offer.published/2"}', "malformed"),
        (NETWORK, "offer.published/2", encode(offer()).replace(b'"revision":1', b'"revision":1.0'), "malformed"),
        (NETWORK, "offer.published/2", encode(offer()).replace(b'{"answer', b'{ "answer'), "malformed"),
        (NETWORK, "forward.moved/2", encode(moved("f1")), "malformed"),
        (TO_MONTLUCON, "forward.moved/2", encode(moved("f1")), "malformed"),
        (TO_MONTLUCON, "offer.published/2", encode(offer()), "malformed"),
        (NETWORK, "sealed/1", b"", "malformed"),
    ],
)
def test_what_is_proven_and_of_no_use_is_refused_and_passed_by(
    drancy: PaperJournal, visitor: Visitor, channel: str, kind: str, body: bytes, reason: str
) -> None:
    drancy.write(channel, kind, body)
    drancy.say(offer("after"))
    verified = visitor.take(drancy.page())
    (refusal,) = verified.refusals
    assert (refusal.index, refusal.kind, refusal.channel, refusal.reason) == (1, kind, channel, reason)
    assert [one.index for one in verified.messages] == [0, 2]
    assert [one.index for one in verified.records] == [0, 1, 2]
    assert verified.complete


def test_a_sealed_message_for_somebody_elses_key_is_refused(
    network: Network, drancy: PaperJournal, visitor: Visitor
) -> None:
    drancy.say(sealed_for(network, BAYONNE, "f1"), TO_MONTLUCON)
    (refusal,) = visitor.take(drancy.page()).refusals
    assert (refusal.reason, refusal.number) == ("cannot_open", 1)


@pytest.mark.parametrize(
    ("size", "kept", "reason"), [(262_144, True, "unknown_version"), (262_145, False, "too_large")]
)
def test_of_a_body_that_is_of_no_use_and_too_large_the_header_alone_is_kept(
    drancy: PaperJournal, visitor: Visitor, size: int, kept: bool, reason: str
) -> None:
    drancy.write(NETWORK, "visit.planned/1", bytes(size))
    verified = visitor.take(drancy.page())
    (refusal,) = verified.refusals
    assert (refusal.index, refusal.number, refusal.reason) == (1, 2, reason)
    assert (verified.records[1].opening.body is not None) == kept


def test_a_missing_body_needs_a_tombstone(drancy: PaperJournal, visitor: Visitor) -> None:
    entry = drancy.say(release(1))
    page = drancy.page()
    gone = page.records[1]
    assert isinstance(gone, Opening)
    drancy.openings[1] = (NETWORK, gone.without_body())
    (refusal,) = verify_page(drancy.page(), visitor.cursor, {}, visitor.member, visitor.reader, NOW).refusals
    assert (refusal.index, refusal.reason) == (1, "withheld")
    drancy.say(Tombstone(number=2, entry=entry.hex(), reason="superseded"))
    explained = visitor.take(drancy.page())
    assert explained.refusals == []
    assert [one.kind for one in explained.messages] == ["opened/1", "tombstone/1"]


def test_what_is_not_ours_to_see_is_left_alone(network: Network, drancy: PaperJournal, visitor: Visitor) -> None:
    drancy.say(sealed_for(network, BAYONNE, "f2"), TO_BAYONNE)
    verified = visitor.take(drancy.page(shown=(NETWORK, TO_MONTLUCON, TO_BAYONNE)))
    assert [one.index for one in verified.records] == [0]
    assert TO_BAYONNE not in verified.heads


def test_a_coordinator_sees_every_header_and_keeps_no_body_of_others(
    network: Network, drancy: PaperJournal, coordinator: Visitor
) -> None:
    drancy.say(sealed_for(network, BAYONNE, "f2"), TO_BAYONNE)
    receipt = Receipt(origin=BAYONNE, epoch=1, number=1, entry="01" + "00" * 32, refused=[])
    drancy.say(receipt, TO_BAYONNE)
    everything = (NETWORK, TO_BAYONNE)
    page = drancy.page(shown=everything)
    with pytest.raises(Withheld):
        coordinator.take(drancy.page(shown=(NETWORK,)))
    verified = coordinator.take(page)
    assert [one.opening.body is None for one in verified.records] == [False, True, False]
    assert [one.kind for one in verified.messages] == ["opened/1"]
    assert verified.heads[TO_BAYONNE].number == 2
    assert verified.addressed is None


@settings(max_examples=150)
@given(st.data())
def test_no_single_change_of_a_page_is_ever_taken_in(data: st.DataObject) -> None:
    """Whatever one part of a signed page is changed to, the page is refused, or nothing in it differs."""
    keys = NodeKeys.generate(DRANCY, seeded(1))
    journal = PaperJournal(keys)
    for number in range(5):
        journal.say(offer(f"o{number}"))
    member = Member(
        id=DRANCY, name="Drancy", role="town", base_url="https://drancy.example", commune="93029", epoch=1,
        keys=keys.public_keys(NOW - timedelta(days=1), NOW + timedelta(days=1)), status="active", joined=timestamp(NOW),
    )  # fmt: skip
    visitor = Visitor(member, Reader(MONTLUCON, NodeKeys.generate(MONTLUCON, seeded(2)), coordinator=False))
    page = journal.page(count=3)
    position = data.draw(st.integers(0, 2))
    opening = page.records[position]
    assert isinstance(opening, Opening) and opening.body is not None and opening.body_salt is not None
    part = data.draw(st.sampled_from(["header_salt", "header", "body_salt", "body"]))
    original: bytes = getattr(opening, part)
    at = data.draw(st.integers(0, len(original) - 1))
    flipped = original[:at] + bytes([original[at] ^ data.draw(st.integers(1, 255))]) + original[at + 1 :]
    parts = {name: getattr(opening, name) for name in ("header_salt", "header", "body_salt", "body")} | {part: flipped}
    records = [*page.records[:position], Opening(**parts), *page.records[position + 1 :]]
    with pytest.raises((ProtocolError, FederationError)):
        visitor.take(replace(page, records=records))
    assert visitor.cursor.range.size == 0
