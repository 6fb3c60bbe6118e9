"""The composition root: the only place where configuration, keys, database, federation and use cases are joined.

`open_node` makes a `Node` from a configuration. Commands need no more, so no web framework is imported here. Read next:
web_app.py (what the node serves), server.py (a serving process), cli/frame.py (a command).
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from federation.context import Federation, Limits
from federation.errors import NoDirectory, NotAMember
from federation.peers.schedule import Pace
from federation.ports import Clock, Handlers
from federation.transport.address_policy import AddressPolicy
from federation.transport.client import Transport
from node.config import Config
from node.keyring import FileKeyring
from node.kit.errors import NodeError, sentence
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk
from node.services.network.inbound import Inbound
from node.services.node import EPOCH, Listener, Node
from node.storage import LOCAL_TROUBLE, LostDatabase, open_database, require_file

if TYPE_CHECKING:
    import httpx

    from node.referential import Referential
    from node.referential.source import ReferentialSource


class MissingDatabase(NodeError):
    """The configured database file is not there, or is empty."""

    status = 500
    problem = "database"


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)


def open_node(
    config: Config,
    *,
    clock: Clock | None = None,
    random_bytes: Callable[[int], bytes] = os.urandom,
    http: "httpx.BaseTransport | None" = None,
) -> Node:
    """Open the node of a configuration. The simulator gives its own clock, randomness and network.

    Raises IdentityError when the keys cannot be read, StorageError when the database is not this node's.
    """
    clock = clock or SystemClock()
    keyring = FileKeyring(config.keys_file, config.node.id, clock)
    _require_database(config)
    database = open_database(
        config.database_url,
        node_id=config.node.id,
        random_bytes=random_bytes,
        now=clock.now(),
        epoch=EPOCH,
        existing=True,
    )
    policy = AddressPolicy.allowing(config.network.allow_private_addresses)
    # The handlers need the desk, which needs the federation, which needs the handlers: they ask for it when called.
    desk: Desk
    federation = Federation[MissionUnitOfWork](
        node_id=config.node.id,
        base_url=config.node.base_url,
        epoch=EPOCH,
        keyring=keyring,
        database=database,
        handlers=Handlers(Inbound(lambda: desk).by_kind(), LOCAL_TROUBLE),
        transport=Transport(keyring, clock, random_bytes, policy, http),
        clock=clock,
        random_bytes=random_bytes,
        limits=Limits(page_records=config.sync.page_size, peer_bytes_a_day=config.sync.max_megabytes_a_day * 1_000_000),
        pace=Pace(interval=timedelta(seconds=config.sync.interval_seconds)),
    )
    desk = Desk(
        federation=federation,
        referential=_Tables(config.referential_dir),
        town=config.node.commune,
        k=config.publication.k,
        asks_to_keep=config.reception.keeping == "agreement",
    )
    if not keyring.held.one_of_each():
        with suppress(NoDirectory, NotAMember):
            keyring.choose(federation.member(config.node.id).keys)
    return Node(
        config=config, keyring=keyring, database=database, federation=federation, desk=desk, listeners=_listeners
    )


def _listeners() -> Sequence[Listener]:
    """Those of `listeners.py`, which know all that mails are made of."""
    from node.listeners import LISTENING

    return LISTENING


def _require_database(config: Config) -> None:
    """A lost database must never be replaced in silence: the new journal would be a fork of the one peers know."""
    try:
        require_file(config.database_url)
    except LostDatabase as error:
        raise MissingDatabase(sentence(error)) from None


@dataclass(frozen=True)
class _Tables:
    """The reference tables in force. They are read at the first use: most commands need none."""

    folder: Path

    def __call__(self) -> "Referential":
        return self._source()

    @cached_property
    def _source(self) -> "ReferentialSource":
        from node.referential.source import ReferentialSource

        return ReferentialSource(self.folder)
