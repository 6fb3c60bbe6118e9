"""An open node: its parts, for whoever serves it; every use case beyond a desk takes it. `node/app.py` opens one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from federation.context import Federation
from node.config import Config
from node.keyring import FileKeyring
from node.mission.happened import Event
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk
from node.storage import SqlDatabase
from protocol.keys import NodeKeys

if TYPE_CHECKING:
    from node.sign_on.provider import Provider

EPOCH = 1
"""The epoch of the node's journal. A second one is opened only by a recovery."""


@dataclass(frozen=True)
class Node:
    """One node, open: its parts are shared by all threads of the process. `listeners` are looked up when something is
    delivered: most commands deliver nothing."""

    config: Config
    keyring: FileKeyring
    database: SqlDatabase
    federation: Federation[MissionUnitOfWork]
    desk: Desk
    listeners: "Callable[[], Sequence[Listener]]"

    @property
    def keys(self) -> NodeKeys:
        """The private keys that sign and open now."""
        return self.keyring.current

    def now(self) -> datetime:
        """Aware UTC, from the node's clock."""
        return self.federation.now()

    @cached_property
    def sign_on(self) -> "Provider | None":
        """Whom people may sign in with beside their password; None when nobody is configured."""
        if not self.config.sign_on.issuer:
            return None
        from node.sign_on.provider import Provider

        return Provider(self.config.sign_on, self.config.sign_on_secret, self.federation.transport, self.now)

    def close(self) -> None:
        """End connections to peers and to the database."""
        self.federation.transport.close()
        self.database.dispose()


@dataclass(frozen=True, slots=True)
class Listener:
    """`hear` is called with what happened, and raises when it could not do its part yet. `name` is that of
    `mission.happened.LISTENERS`; `lasts` says for how long after it happened an event is worth a try."""

    name: str
    hear: Callable[[Node, Event], None]
    lasts: timedelta
