"""What the node does by itself: when a release is due, and that no job's failure stops anything."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest

from federation.errors import NoDirectory, Unreachable
from federation.peers.ports import PeerState
from federation.peers.visit import PullReport
from node import scheduler as module
from node.app import open_node
from node.config import load
from node.kit.errors import Conflict
from node.mission.happened import Event, Happened
from node.scheduler import VISITS_A_TICK, Duty, Scheduler
from node.services.desk import Desk
from node.services.network.founding import Created
from node.services.node import Node
from node.services.sheets.releasing import release as publish
from protocol.keys import NodeKeys
from tests.federation.conftest import member_of, seeded
from tests.node.mirrored import put_in_network
from tests.node.mission.samples import candidate, network_consent

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Hands:
    """A clock that the test moves."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def test_the_first_release_is_a_persons_and_the_next_come_by_themselves(make_node: Callable[..., Created]) -> None:
    clock = Hands(MONDAY)
    node = open_node(load(make_node("drancy.emploi.example", "town").config), clock=clock)
    (job,) = [job for job in Scheduler(node).jobs() if job.name == "release"]
    try:
        job.run()
        assert releases(node) == 0
        with node.database.write() as uow:
            for number in range(1, 6):
                uow.candidates.add(candidate(number, consents=(network_consent(id=f"c{number}"),)))
        publish(node.desk)
        for days, expected in ((0, 1), (6, 1), (7, 2), (8, 2), (30, 3)):
            clock.at = MONDAY + timedelta(days=days)
            job.run()
            job.run()
            assert releases(node) == expected
    finally:
        node.close()


def releases(node: Node) -> int:
    with node.database.read() as uow:
        last = uow.releases.last()
    return 0 if last is None else last[0].release


def names(node: Node) -> set[str]:
    return {job.name for job in Scheduler(node).jobs()}


def test_a_coordinator_releases_no_sheets(node: Node, make_node: Callable[..., Created]) -> None:
    every = {"directory", "sync", "announce", "checkpoint", "replay", "keys", "ends", "forwards", "offers", "owed"}
    every |= {"events", "forget_events"}
    assert names(node) == every | {"warm", "matching", "news", "release", "waiting_files", "retention"}
    coordinator = open_node(load(make_node("reseau.emploi.example", "coordinator").config))
    try:
        assert names(coordinator) == every
    finally:
        coordinator.close()


def test_the_first_person_does_not_wait_for_the_tables(node: Node) -> None:
    (job,) = [job for job in Scheduler(node).jobs() if job.name == "warm"]
    assert not job.after
    job.run()
    assert {"_occupations", "_skills", "_communes"} <= vars(node.desk.referential().lookup).keys()


def test_people_are_compared_when_one_of_them_changed(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[Desk] = []
    monkeypatch.setattr("node.scheduler.all_duplicates", compared.append)
    (job,) = [job for job in Scheduler(node).jobs() if job.name == "warm"]
    for number in range(3):
        job.run()
        job.run()
        assert len(compared) == number + 1, "at the start, and for each change"
        with node.database.write() as uow:
            uow.events.add(Event(Happened.OFFER_CHANGED, "peer/1"))
        job.run()
        assert len(compared) == number + 1
        with node.database.write() as uow:
            uow.candidates.add(replace(candidate(), id=f"c-{number}", reference=f"2026-{number}", consents=()))


def test_what_newly_fits_is_looked_for_once_offers_and_people_are_at_hand(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Desk] = []
    monkeypatch.setattr("node.scheduler.look_for_news", looked.append)
    jobs = {job.name: job for job in Scheduler(node).jobs()}
    jobs["news"].run()
    assert not looked
    jobs["matching"].run()
    jobs["news"].run()
    assert looked == [node.desk]


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (NoDirectory("none yet"), "debug"),
        (Unreachable("no answer in time"), "warning"),
        (Conflict("Déjà publiée cette semaine."), "warning"),
        (RuntimeError("Mme Martin, 06 12 34 56 78"), "error"),
    ],
)
def test_a_jobs_failure_is_logged_without_its_content(
    node: Node, monkeypatch: pytest.MonkeyPatch, error: Exception, level: str
) -> None:
    lines: list[tuple[str, str]] = []

    class Log:
        def __getattr__(self, name: str) -> Callable[..., None]:
            return lambda event, **fields: lines.append((name, f"{event} {fields}"))

    def fail() -> None:
        raise error

    monkeypatch.setattr(module, "log", Log())
    Scheduler(node).run(Duty("sync", timedelta(seconds=1), fail))
    assert [written for written, _line in lines] == [level]
    assert "Martin" not in lines[0][1]


def test_what_follows_from_dates_alone_waits_for_a_clock_that_is_confirmed(
    make_node: Callable[..., Created], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Hands(MONDAY)
    node = open_node(load(make_node("drancy.emploi.example", "town").config), clock=clock)
    ran: list[str] = []
    lines: list[tuple[str, dict[str, object]]] = []

    class Log:
        def warning(self, event: str, **fields: object) -> None:
            lines.append((event, fields))

    monkeypatch.setattr(module, "log", Log())
    try:
        scheduler = Scheduler(node)
        dated = {job.name for job in scheduler.jobs() if job.dated}
        assert dated == {"keys", "ends", "forwards", "offers", "retention", "release"}
        jobs = [replace(job, run=partial(ran.append, job.name)) for job in scheduler.jobs()]
        peer = member_of(NodeKeys.generate("bayonne.emploi.example", seeded(9)))
        put_in_network(node, MONDAY + timedelta(days=700), MONDAY, [peer])

        def all_run() -> set[str]:
            ran.clear()
            for job in jobs:
                scheduler.run(job)
            return {job.name for job in jobs} - {*ran}

        def visited(at: datetime) -> None:
            with node.database.write() as uow:
                uow.peers.save(PeerState(peer=peer.id, due=at, last_success=at))

        visited(MONDAY)
        assert all_run() == set() and lines == []
        clock.at += timedelta(days=365)
        assert all_run() == dated
        assert all_run() == dated
        assert sorted((event, str(fields["job"])) for event, fields in lines) == [
            ("clock.unconfirmed", one) for one in sorted(dated)
        ], "each says so once"
        visited(clock.at)
        assert all_run() == set()
    finally:
        node.close()


def sync_of(node: Node) -> tuple[Scheduler, Duty]:
    scheduler = Scheduler(node)
    return scheduler, next(job for job in scheduler.jobs() if job.name == "sync")


def test_a_tick_visits_due_peers_one_by_one_and_no_more_than_its_share(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = ["drancy.emploi.example", "bayonne.emploi.example", "trelaze.emploi.example"]
    visits: list[str] = []

    def pull_due(_federation: object, at_most: int) -> list[PullReport]:
        assert at_most == 1
        if due:
            visits.append(due.pop(0))
            return [PullReport(visits[-1], taken=1, error="unreachable" if "bayonne" in visits[-1] else "")]
        return []

    monkeypatch.setattr(module, "pull_due", pull_due)
    scheduler, sync = sync_of(node)
    scheduler.run(sync)
    assert len(visits) == 3
    endless = [PullReport("drancy.emploi.example")]
    counted = count(1)
    monkeypatch.setattr(module, "pull_due", lambda _fed, at_most: endless if next(counted) else [])
    scheduler.run(sync)
    assert next(counted) == VISITS_A_TICK + 1


def test_it_stops_between_two_peers(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    scheduler, sync = sync_of(node)
    visits: list[int] = []

    def pull_due(_federation: object, at_most: int) -> list[PullReport]:
        visits.append(at_most)
        scheduler.stop()
        return [PullReport("drancy.emploi.example")]

    monkeypatch.setattr(module, "pull_due", pull_due)
    scheduler.run(sync)
    assert visits == [1]


def test_it_starts_ticks_is_nudged_and_stops(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = threading.Semaphore(0)

    def pull_due(_federation: object, at_most: int) -> list[PullReport]:
        ticks.release()
        return []

    monkeypatch.setattr(module, "pull_due", pull_due)
    monkeypatch.setattr(module, "LARGEST_TICK", timedelta(hours=1))
    scheduler = Scheduler(node)
    scheduler.nudge("drancy.emploi.example")
    scheduler.start()
    try:
        assert ticks.acquire(timeout=60)
        scheduler.nudge("drancy.emploi.example")
        assert ticks.acquire(timeout=60), "a hint is followed at once, not at the next tick"
    finally:
        scheduler.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("APScheduler")]


def test_a_clock_that_is_set_back_leaves_no_job_waiting(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    ran, scheduler = threading.Event(), Scheduler(node)
    jobs = (Duty("sync", timedelta(days=1), ran.set, after=timedelta(hours=1)),)
    monkeypatch.setattr(scheduler, "jobs", lambda: jobs)
    scheduler.start()
    try:
        scheduler.bring_forward(datetime.now(UTC))
        assert not ran.is_set(), "its time has not come"
        scheduler.bring_forward(datetime.now(UTC) - timedelta(days=365))
        assert ran.wait(10)
    finally:
        scheduler.stop()
    scheduler.bring_forward(datetime.now(UTC) - timedelta(days=365))


def test_a_slow_visit_holds_up_no_other_tick(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go, slow, others = threading.Event(), threading.Semaphore(1), threading.Semaphore(0)

    def pull_due(_federation: object, at_most: int) -> list[PullReport]:
        if slow.acquire(blocking=False):
            let_go.wait(200)
        else:
            others.release()
        return []

    monkeypatch.setattr(module, "pull_due", pull_due)
    scheduler = Scheduler(node)
    scheduler.start()
    try:
        for _ in range(2):
            scheduler.nudge("drancy.emploi.example")
            assert others.acquire(timeout=60), "the next tick goes on beside it"
    finally:
        let_go.set()
        scheduler.stop()


def test_growth_of_the_journal_is_announced_once_to_those_who_answer(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(module, "announce", lambda _fed, peers, _at_once: told.append(list(peers)))
    scheduler = Scheduler(node)
    job = next(job for job in scheduler.jobs() if job.name == "announce")
    scheduler.run(job)
    scheduler.run(job)
    assert told == [[]]
