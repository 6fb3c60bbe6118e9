"""What sheets need to keep: see `node/mission/ports.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from protocol.messages import SheetsReleased

if TYPE_CHECKING:
    # Ports say what goes through them, and are imported by everybody: a command makes no shape that it does not use.
    pass


@dataclass(frozen=True, slots=True)
class ClassMembers:
    """Home only, never sent: who was in a class when its profile was last computed."""

    occupation: str
    members: frozenset[str]
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    contracts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeerRelease:
    """The release in force of one node, and when it was made and taken in."""

    node: str
    release: SheetsReleased
    received: datetime


class Releases(Protocol):
    """Our own last release with its members, and the peers' releases in force."""

    def last(self) -> tuple[SheetsReleased, int] | None:
        """Our last release and its journal index."""
        ...

    def save(self, release: SheetsReleased, index: int, members: Sequence[ClassMembers]) -> None: ...

    def members(self) -> Sequence[ClassMembers]: ...

    def put_peer(self, release: PeerRelease) -> None:
        """Replace the node's release whole; an older number than the stored one is ignored."""
        ...

    def of_peers(self) -> Sequence[PeerRelease]: ...
