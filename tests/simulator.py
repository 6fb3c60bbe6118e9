"""Several towns in one process, over the real code paths: storage, routes, signatures, sync. The wire is simulated.

`Simulation` has one clock (each town may be off by its own skew) and one seeded network, which delays, loses requests
or answers, repeats requests, delivers some late and out of order, and cuts pairs of towns. `CrashPoints` kills a town
between any two steps of a sync: `Crash` is no `Exception`, so nothing in the code can take it for a failure to handle.
After a crash, `Town.restart` forgets all that was in memory. By default a town's handlers keep one row for each message
that they apply, in the same transaction, so that a loss or a double effect shows.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import httpx
import msgspec
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

from federation.context import Federation, Limits
from federation.erasure.ports import Disclosure
from federation.outbox import publish, send_sealed
from federation.peers.ports import Received
from federation.peers.schedule import Pace
from federation.peers.visit import PullReport, pull
from federation.ports import Database, Handler, Handlers, StillOwed
from federation.serving.routes import make_router
from federation.transport.address_policy import AddressPolicy
from federation.transport.client import Transport
from node.mission.ports import MissionUnitOfWork
from node.storage import LOCAL_TROUBLE, SqlDatabase
from protocol.keys import NodeKeys
from protocol.members import Member, Members, encode_members
from protocol.messages import KINDS, Message
from tests.contracts.databases import open_copy
from tests.federation.conftest import NOW, FixedClock, member_of, members_of, seeded


class Crash(BaseException):
    """The process died here."""


@dataclass
class CrashPoints:
    """Counts the steps of a town, and dies at the one it is armed for."""

    reached: list[str] = field(default_factory=list)
    armed: int | None = None

    def reach(self, step: str) -> None:
        self.reached.append(step)
        if self.armed == len(self.reached):
            self.armed = None
            raise Crash(step)

    def arm(self, step: int | None) -> None:
        """Die at the `step`-th step from now, counted from 1; None: never."""
        self.reached.clear()
        self.armed = step

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Count no steps meanwhile."""
        reached, armed = self.reached, self.armed
        self.reached, self.armed = [], None
        try:
            yield
        finally:
            self.reached, self.armed = reached, armed


KILL_POINTS = [pytest.param(8, id="some"), pytest.param(None, id="all", marks=pytest.mark.soak)]
"""At how many steps to die: parameters of a test."""


def chosen(steps: int, how_many: int | None) -> Sequence[int]:
    """So many steps of those, the same each time; all for None."""
    every = range(1, steps + 1)
    return every if how_many is None else sorted(random.Random(steps).sample(every, min(how_many, steps)))


@dataclass
class TownClock:
    """The simulation's clock as one town reads it."""

    clock: FixedClock
    skew: timedelta = timedelta()

    def now(self) -> datetime:
        return self.clock.now() + self.skew


@dataclass
class CrashingDatabase:
    """The real database, with a step before and after each commit."""

    inner: SqlDatabase
    points: CrashPoints

    @contextmanager
    def write(self) -> Iterator[MissionUnitOfWork]:
        self.points.reach("before a unit of work")
        with self.inner.write() as uow:
            yield uow
            self.points.reach("before the commit")
        self.points.reach("after the commit")

    @contextmanager
    def read(self) -> Iterator[MissionUnitOfWork]:
        with self.inner.read() as uow:
            yield uow


@dataclass
class Weather:
    """How bad the network is: probabilities for one exchange, and the longest delay in seconds."""

    lose_request: float = 0.0
    lose_answer: float = 0.0
    repeat: float = 0.0
    late: float = 0.0
    delay: float = 0.0


@dataclass
class SimulatedNetwork:
    """Carries requests between towns by their host names."""

    clock: FixedClock
    portal: BlockingPortal
    chance: random.Random
    apps: dict[str, FastAPI] = field(default_factory=dict)
    points: dict[str, "CrashPoints"] = field(default_factory=dict)
    weather: Weather = field(default_factory=Weather)
    cut: set[frozenset[str]] = field(default_factory=set)
    held: list[httpx.Request] = field(default_factory=list)
    carried: Counter[str] = field(default_factory=Counter)
    tamper: Callable[[httpx.Request, httpx.Response], httpx.Response] | None = None

    def carry(self, source: str, request: httpx.Request) -> httpx.Response:
        """One exchange, in this weather. Raises httpx's own errors, as a real network would."""
        target = request.url.host
        request.read()
        if target not in self.apps or frozenset((source, target)) in self.cut:
            raise httpx.ConnectError("no way", request=request)
        weather, chance = self.weather, self.chance
        if weather.delay:
            self.clock.moment += timedelta(seconds=chance.uniform(0, weather.delay))
        if chance.random() < weather.late:
            self.held.append(request)
            raise httpx.ReadTimeout("late", request=request)
        if chance.random() < weather.lose_request:
            raise httpx.ConnectTimeout("lost", request=request)
        response = self.deliver(request)
        if chance.random() < weather.repeat:
            self.deliver(request)
        if self.held and chance.random() < 0.5:
            self.deliver(self.held.pop(chance.randrange(len(self.held))))
        if chance.random() < weather.lose_answer:
            raise httpx.ReadTimeout("the answer is lost", request=request)
        return self.tamper(request, response) if self.tamper else response

    def deliver(self, request: httpx.Request) -> httpx.Response:
        """Give the request to its town, whatever the weather. A town dies while it visits, never while it answers: for
        whoever asked, that would be an answer lost."""
        target = request.url.host
        self.carried[f"{request.method} {request.url.path}"] += 1
        with self.points[target].paused():
            return self.portal.call(_ask, self.apps[target], request)


async def _ask(app: FastAPI, request: httpx.Request) -> httpx.Response:
    response = await httpx.ASGITransport(app).handle_async_request(request)
    return httpx.Response(response.status_code, headers=response.headers, content=await response.aread())


@dataclass
class Line(httpx.BaseTransport):
    """One town's way to the network, with a step before and after each exchange."""

    network: SimulatedNetwork
    source: str
    points: CrashPoints

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.points.reach("before a request")
        response = self.network.carry(self.source, request)
        self.points.reach("after an answer")
        stream = httpx.ByteStream(response.content)
        return httpx.Response(response.status_code, headers=response.headers, stream=stream)


MakeHandlers = Callable[["Town"], Mapping[str, Handler[MissionUnitOfWork]]]


def counting_handlers(town: "Town") -> Mapping[str, Handler[MissionUnitOfWork]]:
    """One row for each message applied; a second row for one message is an error of the database."""

    def count(uow: MissionUnitOfWork, messages: Sequence[Received], now: datetime) -> None:
        for one in messages:
            if town.trouble is not None:
                raise town.trouble
            if one.index in town.poison.get(one.peer, ()):
                raise ValueError("this one is not to be had")
            row = f"{one.peer}/{one.epoch}/{one.index}"
            uow.disclosures.add(
                Disclosure(forward=row, candidate=one.kind, holder=one.peer, disclosed_at=now, sent_index=one.index)
            )
            if one.index in town.owing.get(one.peer, ()):
                raise StillOwed("receipt_owed")

    return dict.fromkeys(KINDS, count)


@dataclass
class Town:
    """One node: its database, its keys, its federation and its web application."""

    simulation: "Simulation"
    node_id: str
    keys: NodeKeys
    database: SqlDatabase
    clock: TownClock
    make_handlers: MakeHandlers
    limits: Limits
    random_bytes: Callable[[int], bytes]
    points: CrashPoints = field(default_factory=CrashPoints)
    poison: dict[str, set[int]] = field(default_factory=dict)
    owing: dict[str, set[int]] = field(default_factory=dict)
    trouble: Exception | None = None
    hints: list[str] = field(default_factory=list)
    fed: Federation[MissionUnitOfWork] = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new process over the same database."""
        self.points.arm(None)
        network = self.simulation.network
        line = Line(network, self.node_id, self.points)
        database: Database[MissionUnitOfWork] = CrashingDatabase(self.database, self.points)
        self.fed = Federation(
            node_id=self.node_id,
            base_url=self.member.base_url,
            epoch=1,
            keyring=self.keys,
            database=database,
            handlers=Handlers(self.make_handlers(self), LOCAL_TROUBLE),
            transport=Transport(self.keys, self.clock, self.random_bytes, AddressPolicy(), line),
            clock=self.clock,
            random_bytes=self.random_bytes,
            limits=self.limits,
            pace=Pace(),
        )
        app = FastAPI(openapi_url=None)
        app.include_router(make_router(self.fed, on_hint=self.hints.append))
        network.apps[self.node_id] = app
        network.points[self.node_id] = self.points

    @property
    def member(self) -> Member:
        found = self.simulation.members.find(self.node_id)
        assert found is not None
        return found

    def publish(self, *messages: Message) -> None:
        """Each in its own unit of work."""
        for message in messages:
            with self.database.write() as uow:
                publish(uow, message, self.clock.now())

    def send(self, recipient: "Town", *messages: Message) -> None:
        """Sealed, each in its own unit of work."""
        for message in messages:
            with self.database.write() as uow:
                send_sealed(uow, self.fed, recipient.member, message, self.clock.now())

    def pull(self, peer: "Town", max_pages: int | None = None) -> PullReport:
        return pull(self.fed, peer.node_id, max_pages)

    def applied(self, peer: "Town | None" = None) -> list[tuple[str, int]]:
        """(peer, index) of each message applied, in order."""
        with self.database.read() as uow:
            rows = uow.disclosures.all()
        return sorted((row.holder, row.sent_index) for row in rows if peer is None or row.holder == peer.node_id)

    def size(self) -> int:
        """Entries in our own journal."""
        with self.database.read() as uow:
            return uow.journal.size()

    def taken(self, peer: "Town") -> int:
        """How far the peer's journal was taken in."""
        with self.database.read() as uow:
            return uow.replica.cursor(peer.node_id, 1).range.size

    def expected_from(self, peer: "Town") -> list[tuple[str, int]]:
        """What this town ought to have applied, once all that the peer has written is taken in."""
        with peer.database.read() as uow:
            records = uow.journal.records(0, 1_000_000)
        ours = ("network", f"to:{self.node_id}")
        return [(peer.node_id, record.index) for record in records if record.channel in ours]


class Simulation:
    """Towns, their directory, clock and network. Use as a context manager. `joined` False: no town has seen the
    directory yet."""

    def __init__(
        self,
        *names: str,
        seed: int = 0,
        folder: Path | None = None,
        limits: Limits | None = None,
        handlers: MakeHandlers = counting_handlers,
        joined: bool = True,
    ) -> None:
        self.seed = seed
        self.clock = FixedClock(NOW)
        self.folder = folder
        self.limits = limits or Limits()
        self.handlers = handlers
        self._stack = ExitStack()
        portal = self._stack.enter_context(start_blocking_portal())
        self.network = SimulatedNetwork(self.clock, portal, random.Random(seed))
        keys = [NodeKeys.generate(name, seeded(number + 1000 * seed)) for number, name in enumerate(names)]
        self.members = members_of([member_of(one) for one in keys])
        self.towns = {one.node_id: self._open(number, one) for number, one in enumerate(keys)}
        if joined:
            self.announce(self.members)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for town in self.towns.values():
            town.fed.transport.close()
            town.database.dispose()
        self._stack.close()

    def __getitem__(self, name: str) -> Town:
        return self.towns[name]

    def announce(self, members: Members) -> None:
        """Every town verifies this directory now."""
        self.members = members
        for town in self.towns.values():
            with town.database.write() as uow:
                uow.directory.save_members_json(encode_members(members), self.clock.now())

    def change(self, node_id: str, **changes: object) -> None:
        """A new directory in which one member is changed."""
        members = [
            msgspec.structs.replace(one, **changes) if one.id == node_id else one for one in self.members.members
        ]
        self.announce(msgspec.structs.replace(self.members, version=self.members.version + 1, members=members))

    def wait(self, **passing: float) -> None:
        """Let time pass, as `timedelta` takes it."""
        self.clock.moment += timedelta(**passing)

    def _open(self, number: int, keys: NodeKeys) -> Town:
        random_bytes = seeded(self.seed * 7919 + number)
        url = "sqlite://" if self.folder is None else f"sqlite:///{self.folder}/{keys.node_id}.db"
        database = open_copy(url, node_id=keys.node_id, random_bytes=random_bytes, now=NOW)
        return Town(self, keys.node_id, keys, database, TownClock(self.clock), self.handlers, self.limits, random_bytes)
