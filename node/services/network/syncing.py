"""Visiting peers at a person's wish, without waiting for the schedule."""

from collections.abc import Sequence

from federation.peers.visit import PullReport, pull, replay_refused
from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.services.desk import Desk


def replay(desk: Desk, peer: str = "") -> int:
    """Try again what this peer, or anyone, said and was refused here; how many messages were applied now. NotFound."""
    _known(desk, peer)
    return replay_refused(desk.federation, peer or None)


def sync(desk: Desk, peer: str = "") -> Sequence[PullReport]:
    """Visit this peer, or every active one, one after another. What a peer does wrong is in its report. Raises
    NotFound for a node that the directory does not name, NoDirectory before this node has joined a network."""
    federation = desk.federation
    if not peer:
        return [pull(federation, member.id) for member in federation.peers()]
    _known(desk, peer)
    return [pull(federation, peer)]


def _known(desk: Desk, peer: str) -> None:
    if peer and (peer == desk.node_id or desk.federation.members().find(peer) is None):
        raise NotFound(_("The directory names no other node of that name. See: maillon network list"))
