"""Whole nodes through the years, in one process: as `init` makes them, `open_node` opens them and `serve` keeps them.

Time is one clock that the story moves in steps. At each step every node that is awake does what its scheduler would:
the very jobs of `node.scheduler`, each when it is due; requests between nodes are carried in process, signed and
verified as ever. A node that sleeps is closed: nothing of it runs, nobody reaches it, and waking it opens it anew.
Whatever a node logs as a warning or worse is trouble, and fails the story unless it was expected then.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI

from federation.serving.routes import make_router
from node.app import open_node
from node.config import load
from node.scheduler import Scheduler
from node.services.network import coordinating, membership
from node.services.network.founding import Wish, create_node
from node.web_app import create_app
from tests.federation.conftest import FixedClock, seeded
from tests.node.mission.samples import NOW
from tests.node.stage import Place, Wire

RESEAU = "reseau.emploi.example"
DRANCY = "drancy.emploi.example"
MONTLUCON = "montlucon.emploi.example"
BAYONNE = "bayonne.emploi.example"
MOULINS = "grands-moulins.emploi.example"

COMMUNES = {DRANCY: "93029", MONTLUCON: "03185", BAYONNE: "64102"}
_NAMES = {
    RESEAU: ("Coordination du réseau", "coordinator"),
    DRANCY: ("Ville de Drancy", "town"),
    MONTLUCON: ("Ville de Montluçon", "town"),
    BAYONNE: ("Ville de Bayonne", "town"),
    MOULINS: ("Les Grands Moulins", "employer"),
}
_SYNC_SECONDS = 86_400
"""Peers are looked at once a day, and whenever they say that they have news."""
_REFRESH_SECONDS = 21_600
_DAY = timedelta(days=1)
_SETTLES = 40
"""In so many minutes everything that was said has arrived."""


@dataclass
class NodeClock:
    """The story's clock as one node reads it."""

    clock: FixedClock
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return self.clock.now() + self.ahead


@dataclass(frozen=True)
class Trouble:
    """What a node logged as a warning or worse, and on which day."""

    day: int
    node: str
    event: str
    said: str


Expected = Callable[[Trouble], bool]


class Resident(Place):
    """One node of the network, through its restarts."""

    def __init__(self, years: "Years", name: str, folder: Path, number: int) -> None:
        self.years, self.name, self.folder = years, name, folder
        self.clock = NodeClock(years.clock)
        # One stream through all restarts: a node that draws the same bytes twice has no secrets.
        self.random_bytes = seeded(500 + number)
        self.awake = False

    def wake(self) -> None:
        """A new process over what is on the disk."""
        config = load(self.folder / "config.toml")
        self.node = open_node(config, clock=self.clock, random_bytes=self.random_bytes, http=self.years.wire)
        self.scheduler = Scheduler(self.node)
        self.jobs = {job.name: job for job in self.scheduler.jobs()}
        self.due = {name: self.clock.now() + job.after for name, job in self.jobs.items()}
        if config.node.role == "coordinator":
            app = create_app(self.node)
        else:
            app = FastAPI(openapi_url=None)
            app.include_router(make_router(self.node.federation))
        self.years.wire.apps[self.name] = app
        self.awake = True

    def sleep(self) -> None:
        """The process ends."""
        self.awake = False
        del self.years.wire.apps[self.name]
        self.node.close()

    def work(self, name: str) -> None:
        """The job of that name, when there is one and its time has come, as the scheduler runs it."""
        job, now = self.jobs.get(name), self.clock.now()
        if job is None:
            return
        # As `Scheduler.bring_forward` does for a clock that was set back.
        if self.due[name] <= now or self.due[name] - now > max(job.every, job.after):
            self.scheduler.run(job)
            self.due[name] = now + job.every

    def bytes_on_disk(self) -> int:
        """All that the node keeps."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


@dataclass
class Years:
    """The network, its clock, and what went wrong in it. `step`: how far the clock goes at once."""

    folder: Path
    wire: Wire
    step: timedelta
    clock: FixedClock = field(default_factory=FixedClock)
    residents: dict[str, Resident] = field(default_factory=dict)
    weekly: Callable[[], None] = lambda: None
    troubles: list[Trouble] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    steps: int = 0

    def __getitem__(self, name: str) -> Resident:
        return self.residents[name]

    @property
    def day(self) -> int:
        return (self.clock.moment - NOW).days

    @property
    def awake(self) -> Sequence[Resident]:
        return [one for one in self.residents.values() if one.awake]

    def found(self) -> None:
        """The coordinator creates the network; the others are told its fingerprint over the phone, and are admitted by
        theirs."""
        for number, (name, (title, role)) in enumerate(_NAMES.items()):
            wish = Wish(
                id=name,
                name=title,
                role=role,
                base_url=f"https://{name}",
                commune=COMMUNES.get(name, ""),
                sync_seconds=_SYNC_SECONDS,
                refresh_seconds=_REFRESH_SECONDS,
            )
            create_node(self.folder / name, wish, seeded(number), self.clock.now())
            self.residents[name] = Resident(self, name, self.folder / name, number)
            self.residents[name].wake()
        coordinator = self[RESEAU].node
        founded = coordinating.create(coordinator, "Réseau des villes")
        for name in [*COMMUNES, MOULINS]:
            asked = membership.join(self[name].node, founded.coordinator_url, founded.root_sha256)
            coordinating.admit(coordinator, name, asked.fingerprint)
        for one in self.awake:
            membership.refresh(one.node)

    def end(self) -> None:
        """Everybody's process ends."""
        for one in self.awake:
            one.sleep()

    def tick(self, passing: timedelta) -> None:
        """Let time pass, and let everybody work: job by job, as nobody's is far behind another's when days pass."""
        before = self.clock.moment
        self.clock.moment += passing
        self.steps += 1
        for name in dict.fromkeys(name for one in self.awake for name in one.jobs):
            for one in self.awake:
                with self._watching(one):
                    one.work(name)
        if before.isocalendar()[:2] != self.clock.moment.isocalendar()[:2]:
            self.weekly()

    def live_until(self, day: int) -> None:
        """Step by step to that day. After a long stride there is time for what was said to be answered."""
        end = NOW + timedelta(days=day)
        while self.clock.moment < end:
            self.tick(min(self.step, end - self.clock.moment))
            if self.step > _DAY:
                self.settle()

    def settle(self) -> None:
        """A lively hour: minute by minute until nobody has news for anybody who is awake."""
        for _minute in range(_SETTLES):
            self.tick(timedelta(minutes=1))
            if all(a.taken(b) == b.size() for a in self.awake for b in self.awake if a is not b):
                return
        behind = [(a.name, b.name, a.taken(b), b.size()) for a in self.awake for b in self.awake if a is not b]
        raise AssertionError(f"day {self.day}: it never ends: {[one for one in behind if one[2] != one[3]]}")

    @contextmanager
    def expecting(self, expected: Expected) -> Iterator[None]:
        """Such troubles are no fault meanwhile."""
        self.expected.append(expected)
        try:
            yield
        finally:
            self.expected.remove(expected)

    @contextmanager
    def asleep(self, name: str) -> Iterator[None]:
        """This node is switched off meanwhile: others cannot visit it, nor be told that it has anything new."""
        self[name].sleep()
        try:
            with self.expecting(
                lambda one: one.event == "sync.failed" and f"peer={name} error=unreachable" in one.said
            ):
                yield
        finally:
            self[name].wake()

    def _note(self, node: str, event: str, said: str) -> None:
        trouble = Trouble(self.day, node, event, said)
        if not any(expected(trouble) for expected in self.expected):
            self.troubles.append(trouble)

    @contextmanager
    def _watching(self, one: Resident) -> Iterator[None]:
        handler = _Listener(lambda event, said: self._note(one.name, event, said))
        logger = logging.getLogger("federation")
        logger.addHandler(handler)
        try:
            with structlog.testing.capture_logs() as lines:
                yield
        finally:
            logger.removeHandler(handler)
        for line in lines:
            if line["log_level"] in ("warning", "error", "critical"):
                self._note(one.name, line.pop("event"), " ".join(f"{key}={value}" for key, value in line.items()))


class _Listener(logging.Handler):
    def __init__(self, told: Callable[[str, str], None]) -> None:
        super().__init__(logging.WARNING)
        self.told = told

    def emit(self, record: logging.LogRecord) -> None:
        self.told(record.name, record.getMessage())


@contextmanager
def open_years(folder: Path, step: timedelta) -> Iterator[Years]:
    """The network in this folder, founded; in the end nothing may have gone wrong that was not expected."""
    with ExitStack() as stack:
        years = Years(folder, Wire(stack.enter_context(start_blocking_portal())), step)
        stack.callback(years.end)
        years.found()
        yield years
