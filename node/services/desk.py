"""What every use case needs at hand, and the errors that a person is told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from federation.context import Federation
from federation.errors import NoDirectory
from federation.peers.confirmation import unconfirmed_since
from node.kit.errors import Conflict
from node.kit.i18n import gettext as _
from node.mission.duplicates.likenesses import Likenesses
from node.mission.matching.living import Living
from node.mission.ports import MissionUnitOfWork
from protocol.members import Member, Members, decode_members

if TYPE_CHECKING:
    from node.referential import Referential

_decoded = lru_cache(maxsize=2)(decode_members)


class Refused(Conflict):
    """A demand that the state of things forbids. `problem` is stable, for programs; the text is for a person, says
    what to do next, and quotes no personal data."""

    def __init__(self, problem: str, text: str) -> None:
        super().__init__(text)
        self.problem = problem


class Gone(Refused):
    """What was asked for was here, and was destroyed."""

    status = 410


@dataclass(frozen=True, slots=True)
class Desk:
    """A node's working place: its federation (keys, database, clock, members), its reference tables, what is kept of
    who looks like whom, and of offers and people while the node is served. `town` is the INSEE code of the town's
    commune, empty for who is no town; `asks_to_keep` tells that this town keeps a file on the person's agreement; else
    it does so for its public mission, and the person may object."""

    federation: Federation[MissionUnitOfWork]
    referential: "Callable[[], Referential]"
    town: str = ""
    k: int = 5
    asks_to_keep: bool = False
    likenesses: Likenesses = field(default_factory=Likenesses, compare=False)
    living: Living = field(default_factory=Living, compare=False)

    @property
    def node_id(self) -> str:
        return self.federation.node_id

    def now(self) -> datetime:
        """Aware UTC, whole seconds: what the wire can carry."""
        return self.federation.clock.now().replace(microsecond=0)

    def today(self) -> date:
        return self.now().date()

    @staticmethod
    def members(uow: MissionUnitOfWork) -> Members:
        """The directory in force, as this transaction sees it; NoDirectory before the first one was verified."""
        data = uow.directory.members_json()
        if data is None:
            raise NoDirectory("no directory was verified yet")
        return _decoded(data)

    def clock_unconfirmed(self, uow: MissionUnitOfWork) -> datetime | None:
        """When the clock was confirmed last, while it is to be doubted (federation/peers/confirmation.py); else
        None."""
        try:
            members = self.members(uow)
        except NoDirectory:
            return None
        return unconfirmed_since(uow.peers.all(), members, self.node_id, self.now())

    def new_id(self) -> str:
        """A fresh identifier, 128 random bits as hexadecimal: says nothing about what it names."""
        return self.federation.random_bytes(16).hex()


def known_member(uow: MissionUnitOfWork, desk: Desk, node_id: str) -> Member:
    """The directory's record of a member, suspended or not: what concerns a person's rights is still said to it."""
    for member in desk.members(uow).members:
        if member.id == node_id:
            return member
    raise Refused("member_unknown", _("That node is not in the network's directory."))
