"""Telling peers that there is news: a hint, never the news itself.

Guarantees: a hint that is lost costs a delay and never a message, since every peer polls anyway; one that is repeated
is refused by its nonce, and one that is false costs its receiver one poll. Read next: serving/routes.py (who takes it),
visit.py (what it hastens).
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from federation.context import Federation
from federation.errors import FederationError
from federation.ports import U
from protocol.errors import ProtocolError
from protocol.members import Member
from protocol.wire_json import encode
from protocol.wire_types import Number, WireStruct

HINT_PATH = "/federation/v1/hint"
HINT_TYPE = "application/json"
HINT_SECONDS = 5.0


class Hint(WireStruct, frozen=True):
    """How far the sender's journal goes now."""

    epoch: Number
    size: Number


def announce(fed: Federation[U], peers: Iterable[str] | None = None, at_once: int = 1) -> list[str]:
    """Hint to these peers, or to all active members, so many at once; who took it. No failure is an error, and a peer
    that does not answer within `HINT_SECONDS` holds nobody up for longer."""
    members = fed.members()
    with fed.database.read() as uow:
        hint = encode(Hint(epoch=fed.epoch, size=uow.journal.size()))
    wanted = None if peers is None else frozenset(peers)
    to_tell = [member for member in fed.peers() if wanted is None or member.id in wanted]

    def tell(member: Member) -> bool:
        try:
            fed.transport.call(
                member,
                "POST",
                HINT_PATH,
                hint,
                HINT_TYPE,
                max_bytes=1024,
                directory_version=members.version,
                seconds=HINT_SECONDS,
            )
        except (FederationError, ProtocolError):
            return False
        return True

    if at_once == 1:
        return [member.id for member in to_tell if tell(member)]
    with ThreadPoolExecutor(at_once, "hint") as pool:
        return [member.id for member, took in zip(to_tell, pool.map(tell, to_tell), strict=True) if took]
