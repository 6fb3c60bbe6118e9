"""What the node does by itself while it serves; the only use of APScheduler.

Guarantees: jobs run in the leader's process alone; each runs one at a time, except visits, of which several go to
different peers at once, so that a slow one holds up no other; each catches everything and logs it by class, never by
content; a missed tick is harmless and a doubled one does nothing twice, as all delivery state is in rows; a clock that
is set back, by however much, delays no job; what follows from dates alone waits while nobody confirms a clock that has
leapt ahead (federation/peers/confirmation.py). The job store is memory and is filled again at each start. Read next:
federation/peers/visit.py (`pull_due`).
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from federation.errors import FederationError, NoDirectory
from federation.peers.hints import announce
from federation.peers.visit import next_due, pull_due
from federation.serving.journal import current_checkpoint
from node.kit.errors import NodeError
from node.kit.logging import get_logger
from node.kit.memory import give_back
from node.mission.happened import Happened
from node.mission.sheets.rules import release_due
from node.services.agreements.retention import apply_retention
from node.services.agreements.withdrawing import resume_recalls
from node.services.at_hand import tend
from node.services.deposits import mailbox
from node.services.deposits.waiting import purge_waiting
from node.services.duplicates.merging import all_duplicates
from node.services.forwards.after_hire import close_after_hires
from node.services.forwards.answers import expire_silent
from node.services.listening import deliver, forget_old
from node.services.matching.news import look_for_news
from node.services.network.ends_telling import tell_ends
from node.services.network.inbound import resume_receipts
from node.services.network.keys import look_after
from node.services.network.membership import refresh
from node.services.network.syncing import replay
from node.services.node import Node
from node.services.offers.proposals import purge_proposals
from node.services.offers.publishing import open_to_network
from node.services.offers.retention import forget_contacts
from node.services.people.quality import lapse_signatures
from node.services.sheets.releasing import release
from protocol.errors import ProtocolError

LARGEST_TICK = timedelta(seconds=5)
"""How often due peers are looked for at least: a peer's hint makes it due at once."""
VISITS_A_TICK = 50
_STOP_SECONDS = 10.0
DOUBTS = timedelta(minutes=2)
"""How soon a job looks again that waits for the clock to be confirmed."""
OF_PEOPLE = frozenset({Happened.PERSON_CHANGED, Happened.PERSON_GONE})
VISITORS = 4
"""Visits, and hints, at once."""
_OTHER_JOBS = 7

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Duty:
    """`run` is called every `every`, for the first time `after` the start. `dated` is what does something for no other
    reason than the date."""

    name: str
    every: timedelta
    run: Callable[[], None]
    after: timedelta = timedelta(0)
    at_once: int = 1
    dated: bool = False


class Scheduler:
    """The jobs of one node."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._stopping = Event()
        self._announced = 0
        self._compared: int | None = None
        self._put_off: set[str] = set()
        self._scheduler: BackgroundScheduler | None = None

    def jobs(self) -> tuple[Duty, ...]:
        """All jobs, in no order: none needs another one to have run."""
        config = self._node.config
        interval = timedelta(seconds=config.sync.interval_seconds)
        refresh_every = timedelta(seconds=config.network.refresh_seconds)
        jobs = [
            Duty("directory", refresh_every, self._refresh),
            Duty("sync", min(interval, LARGEST_TICK), self._sync, at_once=VISITORS),
            Duty("announce", LARGEST_TICK, self._announce, after=LARGEST_TICK),
            Duty("checkpoint", timedelta(minutes=5), self._sign, after=timedelta(minutes=1)),
            # At each start too: a refusal may have been this version's fault, or a key's that is there now.
            Duty("replay", timedelta(days=1), self._replay),
            Duty("keys", timedelta(hours=6), self._keys, after=timedelta(minutes=4), dated=True),
            Duty("ends", timedelta(days=1), self._ends, after=timedelta(minutes=5), dated=True),
            Duty("forwards", timedelta(hours=1), self._expire, after=timedelta(minutes=2), dated=True),
            Duty("offers", timedelta(hours=1), self._date_offers, after=timedelta(minutes=3), dated=True),
            Duty("owed", timedelta(hours=1), self._resume, after=timedelta(minutes=2)),
            Duty("events", LARGEST_TICK, self._deliver, after=LARGEST_TICK),
            Duty("forget_events", timedelta(days=1), self._forget_events, after=timedelta(minutes=6)),
        ]
        if config.node.role == "town":
            # At once, so that nobody waits for it; then often, as tables are switched and people entered by commands.
            jobs.append(Duty("warm", timedelta(minutes=1), self._warm))
            jobs.append(Duty("news", timedelta(minutes=1), self._news, after=timedelta(seconds=30)))
            jobs.append(Duty("matching", LARGEST_TICK, self._match))
            jobs += [
                Duty("waiting_files", timedelta(minutes=10), self._purge_files, after=timedelta(minutes=1)),
                Duty("retention", timedelta(hours=6), self._retain, after=timedelta(minutes=5), dated=True),
                Duty("release", timedelta(hours=1), self._release, after=timedelta(minutes=3), dated=True),
            ]
        if config.node.role == "town" and mailbox.is_configured(config):
            every = timedelta(seconds=config.reception.imap_poll_seconds)
            jobs.append(Duty("mailbox", every, self._mailbox, after=timedelta(seconds=30)))
        return tuple(jobs)

    def start(self) -> None:
        """Begin, in threads of its own."""
        scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(VISITORS + _OTHER_JOBS)},
            job_defaults={"coalesce": True, "misfire_grace_time": None},
            timezone=UTC,
        )
        for job in self.jobs():
            scheduler.add_job(
                self.run,
                "interval",
                args=[job],
                id=job.name,
                max_instances=job.at_once,
                seconds=job.every.total_seconds(),
                next_run_time=datetime.now(UTC) + job.after,
            )
        scheduler.start()
        self._scheduler = scheduler
        Thread(target=self._watch_clock, daemon=True).start()

    def stop(self) -> None:
        """Begin no further job, let those under way come to their next pause, and wait for them a short while."""
        self._stopping.set()
        if self._scheduler is not None:
            # A visit to a slow peer may take a minute; what it does not commit is fetched again by the next one.
            ending = Thread(target=self._scheduler.shutdown, daemon=True)
            ending.start()
            ending.join(_STOP_SECONDS)
            self._scheduler = None

    def _watch_clock(self) -> None:
        while not self._stopping.wait(LARGEST_TICK.total_seconds()):
            self.bring_forward(datetime.now(UTC))

    def bring_forward(self, now: datetime) -> None:
        """Run at once the jobs that would wait for longer than they may: their time was set by a clock that was ahead,
        and that was set back since."""
        scheduler = self._scheduler
        if scheduler is None or self._stopping.is_set():
            return
        longest = {job.name: max(job.every, job.after) for job in self.jobs()}
        for waiting in scheduler.get_jobs():
            if waiting.next_run_time - now > longest[waiting.id]:
                with suppress(JobLookupError):
                    scheduler.modify_job(waiting.id, next_run_time=now)

    def nudge(self, peer: str) -> None:
        """A peer has news and is due: look now rather than at the next tick."""
        self._look_in(timedelta(0))

    def _look_in(self, wait: timedelta) -> None:
        scheduler = self._scheduler
        if scheduler is not None and not self._stopping.is_set():
            with suppress(JobLookupError):
                scheduler.modify_job("sync", next_run_time=datetime.now(UTC) + wait)

    def run(self, job: Duty) -> None:
        """One tick of a job: whatever it raises is logged, and the next tick comes."""
        try:
            if not (job.dated and self._puts_off(job)):
                job.run()
        except NoDirectory:
            log.debug("job.waiting", job=job.name, reason="no network joined yet")
        except NodeError as error:
            log.warning("job.refused", job=job.name, problem=error.problem)
        except (FederationError, ProtocolError) as error:
            log.warning("job.failed", job=job.name, error=type(error).__name__, detail=str(error))
        except Exception as error:
            # A text that was not written here could quote anything.
            log.error("job.failed", job=job.name, error=type(error).__name__)

    def _puts_off(self, job: Duty) -> bool:
        """Whether the job waits for the clock to be confirmed; said once. It looks again soon, as a node that slept is
        visited within minutes."""
        with self._node.database.read() as uow:
            confirmed = self._node.desk.clock_unconfirmed(uow)
        if confirmed is None:
            self._put_off.discard(job.name)
            return False
        if job.name not in self._put_off:
            self._put_off.add(job.name)
            log.warning("clock.unconfirmed", job=job.name, since=confirmed.isoformat(timespec="seconds"))
        if self._scheduler is not None:
            with suppress(JobLookupError):
                self._scheduler.modify_job(job.name, next_run_time=datetime.now(UTC) + DOUBTS)
        return True

    def _refresh(self) -> None:
        directory = refresh(self._node)
        if directory.status.degraded:
            log.warning("directory.degraded", reason=directory.status.reason, version=directory.status.version)

    def _keys(self) -> None:
        """Monthly a new sealing key; what replaced keys left over goes in its time."""
        look_after(self._node)

    def _ends(self) -> None:
        tell_ends(self._node)

    def _sync(self) -> None:
        for _visit in range(VISITS_A_TICK):
            if self._stopping.is_set():
                return
            reports = pull_due(self._node.federation, at_most=1)
            if not reports:
                self._look_again()
                return
            for report in reports:
                if report.error:
                    log.warning("sync.failed", peer=report.peer, error=report.error, alarm=report.alarm)
                elif report.taken:
                    log.info(
                        "sync.done",
                        peer=report.peer,
                        taken=report.taken,
                        applied=report.applied,
                        refused=report.refused,
                        size=report.size,
                        alarm=report.alarm,
                    )

    def _look_again(self) -> None:
        """When a hinted visit waits for its pause to end, look then, rather than at the next tick."""
        due = next_due(self._node.federation)
        wait = LARGEST_TICK if due is None else due - self._node.now()
        if timedelta(0) < wait < LARGEST_TICK:
            self._look_in(wait)

    def _announce(self) -> None:
        """Tell the peers that answer when our journal has grown; the others find out by themselves."""
        with self._node.database.read() as uow:
            size = uow.journal.size()
            answering = [state.peer for state in uow.peers.all() if not state.failures]
        if size > self._announced:
            announce(self._node.federation, answering, VISITORS)
            self._announced = size

    def _sign(self) -> None:
        current_checkpoint(self._node.federation)

    def _replay(self) -> None:
        applied = replay(self._node.desk)
        if applied:
            log.info("refused.replayed", messages=applied)

    def _expire(self) -> None:
        expired = expire_silent(self._node.desk)
        if expired:
            log.info("forwards.expired", count=len(expired))
        closed = close_after_hires(self._node.desk)
        if closed:
            log.info("forwards.closed_after_hires", count=len(closed))

    def _resume(self) -> None:
        ordered = resume_recalls(self._node.desk)
        if ordered:
            log.info("erasures.resumed", count=ordered)
        attested = resume_receipts(self._node.desk)
        if attested:
            log.info("receipts.resumed", count=attested)

    def _warm(self) -> None:
        self._node.desk.referential().lookup.warm()
        with self._node.database.read() as uow:
            last = uow.events.last()
            changed = self._compared is None or uow.events.since(self._compared, OF_PEOPLE, limit=1)
        if changed:
            all_duplicates(self._node.desk)
        self._compared = last
        give_back()

    def _news(self) -> None:
        if not self._node.desk.living.is_loaded:
            # Each person would be compared with all that the database holds.
            return
        found = look_for_news(self._node.desk)
        if found:
            log.info("matches.found", count=found)

    def _match(self) -> None:
        tend(self._node.desk)

    def _deliver(self) -> None:
        deliver(self._node, stopping=self._stopping.is_set)

    def _forget_events(self) -> None:
        forget_old(self._node)

    def _purge_files(self) -> None:
        purge_waiting(self._node.desk)

    def _retain(self) -> None:
        """Notices are given before anybody is erased."""
        node = self._node
        lapsed = lapse_signatures(node.desk)
        if lapsed:
            log.info("signatures.lapsed", count=lapsed)
        done = apply_retention(node.desk)
        if done.noticed or done.erased:
            log.info("retention.done", noticed=len(done.noticed), erased=done.erased)

    def _date_offers(self) -> None:
        desk = self._node.desk
        opened, purged, forgotten = open_to_network(desk), purge_proposals(desk), forget_contacts(desk)
        if opened or purged or forgotten:
            log.info("offers.dated", opened=opened, purged=purged, forgotten=forgotten)

    def _mailbox(self) -> None:
        seen = mailbox.look(self._node.desk, self._node.config)
        if seen.taken or seen.refused:
            log.info("mailbox.read", taken=seen.taken, passed=seen.passed, refused=seen.refused)

    def _release(self) -> None:
        with self._node.database.read() as uow:
            last = uow.releases.last()
        last_at = None if last is None else datetime.fromisoformat(last[0].at)
        # The first one is left to a person, after its preview (`maillon release --dry-run`).
        if last_at is not None and release_due(last_at, self._node.now()):
            result = release(self._node.desk)
            log.info("release.done", release=result.release.message.release, sheets=len(result.release.message.sheets))
