"""Telling peers that there is news: a hint, never the news itself.

Guarantees: a hint that is lost costs a delay and never a message, since every peer polls anyway; one that is repeated
is refused by its nonce, and one that is false costs its receiver one poll. Read next: routes.py (who takes it),
sync.py (what it hastens).
"""

from collections.abc import Iterable

from federation.context import Federation
from federation.errors import FederationError
from federation.ports import U
from protocol.errors import ProtocolError
from protocol.wire_json import encode
from protocol.wire_types import Number, WireStruct

HINT_PATH = "/federation/v1/hint"
HINT_TYPE = "application/json"


class Hint(WireStruct, frozen=True):
    """How far the sender's journal goes now."""

    epoch: Number
    size: Number


def announce(fed: Federation[U], peers: Iterable[str] | None = None) -> list[str]:
    """Hint to these peers, or to all active members; who took it. No failure is an error."""
    members = fed.members()
    with fed.database.read() as uow:
        hint = encode(Hint(epoch=fed.epoch, size=uow.journal.size()))
    wanted = None if peers is None else frozenset(peers)
    told = []
    for member in fed.peers():
        if wanted is not None and member.id not in wanted:
            continue
        try:
            fed.transport.call(
                member, "POST", HINT_PATH, hint, HINT_TYPE, max_bytes=1024, directory_version=members.version
            )
        except (FederationError, ProtocolError):
            continue
        told.append(member.id)
    return told
