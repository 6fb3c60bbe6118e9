"""What serving needs from its host: the journal, and requests seen. See `federation/ports.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec

from protocol.commitment import Opening
from protocol.compact_range import CompactRange


class JournalRecord(msgspec.Struct, frozen=True, gc=False):
    """One entry of this node's own journal, with its opening (whose body is None once destroyed)."""

    index: int
    entry: bytes
    channel: str
    number: int
    kind: str
    opening: Opening


@dataclass(frozen=True, slots=True)
class ChannelHead:
    """The last message of a channel: its number (0 when there is none) and entry (empty when there is none)."""

    channel: str
    number: int
    entry: bytes


class Journal(Protocol):
    """This node's own append-only log, which is its outbox as well."""

    @property
    def epoch(self) -> int: ...

    def append(self, kind: str, channel: str, body: bytes, now: datetime) -> JournalRecord:
        """Number the message in its channel, commit to it and add it as the last entry. `body` is canonical."""
        ...

    def append_many(self, kind: str, channel: str, bodies: Sequence[bytes], now: datetime) -> Sequence[JournalRecord]:
        """As `append` for each body in order, several times faster."""
        ...

    def size(self) -> int: ...

    def range(self) -> CompactRange:
        """The compact range kept beside the entries, updated by each append: the first of two paths to the root."""
        ...

    def entries(self, first: int, count: int) -> Sequence[bytes]:
        """33-byte entries from `first`, at most `count`, read from the entries table: the second path."""
        ...

    def records(self, first: int, count: int) -> Sequence[JournalRecord]: ...

    def record(self, index: int) -> JournalRecord | None: ...

    def heads(self, channels: Sequence[str], size: int) -> Sequence[ChannelHead]:
        """The heads of these channels among the first `size` entries, in the order asked."""
        ...

    def channels(self) -> Sequence[str]:
        """Every channel that has a message, in ascending order."""
        ...

    def destroy_body(self, index: int) -> None:
        """Forget a body and its salt for good; entry and header stay."""
        ...

    def checkpoint(self) -> bytes | None:
        """The last signed checkpoint (a signed note), or None before the first."""
        ...

    def save_checkpoint(self, size: int, note: bytes) -> None: ...


class Nonces(Protocol):
    """Requests already seen. (keyid, nonce) is unique for 15 minutes."""

    def remember(self, key_id: str, nonce: str, now: datetime) -> bool:
        """True when it was new; also forgets those older than 15 minutes."""
        ...
