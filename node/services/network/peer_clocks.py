"""What peers' clocks say of this node's, for `maillon check`: a few are asked, for seconds, and nothing is kept.

The time comes unsigned, from the `Date` of an answer that anybody may have: it is said to a person, who looks at the
machine, and decides nothing by itself. What the node does by itself is in federation/peers/confirmation.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from statistics import median_low
from typing import TYPE_CHECKING

from federation.errors import FederationError, NoDirectory
from protocol.errors import ProtocolError
from protocol.keys import MAX_SKEW

if TYPE_CHECKING:
    from node.services.node import Node

ASKED = 3
SECONDS = 3.0
_MAX_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class PeerClocks:
    """`ahead` is how far this clock is before the middle one of the peers of these `names`."""

    names: tuple[str, ...]
    ahead: timedelta

    @property
    def agrees(self) -> bool:
        """Whether they would take a request of this node."""
        return abs(self.ahead) <= MAX_SKEW


def peer_clocks(node: "Node") -> PeerClocks | None:
    """None where no peer is known, or none answers with its time."""
    found = sorted(_differences(node))
    if not found:
        return None
    return PeerClocks(tuple(name for _ahead, name in found), median_low(ahead for ahead, _name in found))


def _differences(node: "Node") -> Iterator[tuple[timedelta, str]]:
    federation = node.federation
    try:
        members = federation.members().members
    except NoDirectory:
        return
    with node.database.read() as uow:
        seen = {state.peer: state.last_success for state in uow.peers.all()}
    never = datetime.min.replace(tzinfo=UTC)
    peers = [one for one in members if one.id != node.config.node.id and one.status == "active"]
    for peer in sorted(peers, key=lambda one: seen.get(one.id) or never, reverse=True)[:ASKED]:
        try:
            answer = federation.transport.ask("GET", f"{peer.base_url}/healthz", max_bytes=_MAX_BYTES, seconds=SECONDS)
            said = parsedate_to_datetime(answer.date)
        except (FederationError, ProtocolError, ValueError, TypeError):
            continue
        yield node.now() - said.astimezone(UTC), peer.name
