"""What visits to peers brought."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from node.schemas.base import Schema

if TYPE_CHECKING:
    from federation.peers.visit import PullReport


class PullOut(Schema):
    """One visit to one peer."""

    peer: str
    taken: int
    """Journal entries proven and taken in."""
    applied: int
    refused: int
    """Messages that could not be applied; they are kept, and passed by."""
    size: int
    """How far this node holds the peer's journal."""
    alarm: str
    """A stable word when the peer contradicts itself or withholds, else empty."""
    error: str
    """A stable word when the visit failed, else empty."""
    skew_seconds: int | None
    """How far ahead the peer measured this node's clock, when it refused for that."""


class SyncOut(Schema):
    """One visit a peer."""

    ok: bool
    """Whether every visit reached the end of what the peer has signed."""
    peers: list[PullOut]

    @classmethod
    def of(cls, reports: "Iterable[PullReport]") -> Self:
        pulls = [PullOut.model_validate(report) for report in reports]
        return cls(ok=not any(pull.error for pull in pulls), peers=pulls)
