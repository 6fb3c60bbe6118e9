"""The one way in: visit a peer, prove what it hands over, apply it, remember how far we are.

A visit asks for one page after another (the next one is on its way while the last one is applied), until nothing more
is signed. Of each page, verification.py proves everything first; then taking_in.py applies it in one unit of work. So
no unit of work is open across a network call, and whatever happens between two pages, or between commit and answer, the
next visit goes on from the cursor: nothing is lost and nothing is applied twice. Of a peer that contradicts itself
nothing is taken in: an alarm and the two documents are kept instead.

Read next: schedule.py (when), verification.py (what is proven), taking_in.py (what is then done with it).
"""

import logging
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from federation.context import Federation
from federation.errors import (
    BadAnswer,
    Equivocation,
    FederationError,
    Mistrust,
    NotAMember,
    PeerRefused,
    Suspended,
    problem_of,
)
from federation.membership.directory import ACTIVE
from federation.peers.ports import Cursor, Evidence, PeerState
from federation.peers.schedule import (
    Alarm,
    Failed,
    Outcome,
    Succeeded,
    SuspendedByDirectory,
    due,
    first_state,
    next_state,
)
from federation.peers.taking_in import Overtaken, replay, take_in
from federation.peers.verification import BODY_WITHHELD, Reader, VerifiedPage, header_evidence, verify_page
from federation.ports import U
from federation.serving.journal import COORDINATOR
from federation.serving.ports import ChannelHead
from protocol.commitment import Opening
from protocol.errors import BadSignature, ProofMismatch, ProtocolError
from protocol.members import Member
from protocol.page import CONTENT_TYPE, Page, decode_page

_log = logging.getLogger(__name__)

PAGE_PATH = "/federation/v1/page"
VISIT_LASTS = timedelta(minutes=2)
"""After this a scheduled visit asks for no further page: a peer that drips, or whose journal never ends, does not keep
the others waiting. The next visit goes on from the cursor."""


class LocalTrouble(FederationError):
    """This machine's memory, disk or database failed while a page was taken in: nothing of it was."""

    problem = "local_trouble"


class OverQuota(FederationError):
    """The peer gave as many bytes today as it may (`Limits.peer_bytes_a_day`): the rest waits for the next day."""

    problem = "quota"


class QuorumUnknown(FederationError):
    """The directory asks for witnesses, whose cosignatures this version does not verify: nothing is taken in."""

    problem = "quorum_unknown"


@dataclass(frozen=True, slots=True)
class PullReport:
    """One visit: entries proven (`taken`), messages applied and refused, the size of the peer's journal as far as we
    hold it, and what went wrong: `error` a stable word, empty when the visit reached the end; `alarm` likewise. When
    the peer refused us, `reason` is its own word, and `skew_seconds` how far ahead it measured our clock, if that was
    why."""

    peer: str
    taken: int = 0
    applied: int = 0
    refused: int = 0
    size: int = 0
    alarm: str = ""
    error: str = ""
    reason: str = ""
    skew_seconds: int | None = None


def pull(
    fed: Federation[U], peer_id: str, max_pages: int | None = None, lasting: timedelta | None = None
) -> PullReport:
    """Visit one peer, to the end of its journal or until so many pages or so long after, and record how it went.

    What the peer or the network does wrong is told by the report, and so is trouble of this machine (`local_trouble`)
    as long as it can be recorded; else that is raised, and NoDirectory.
    """
    members = fed.members()
    member = members.find(peer_id)
    if member is None:
        return PullReport(peer_id, error=NotAMember.problem)
    if member.status != ACTIVE:
        _record(fed, peer_id, SuspendedByDirectory())
        return PullReport(peer_id, error=Suspended.problem, alarm=Alarm.SUSPENDED)
    visit = _Visit(fed, member, members.version, max_pages, None if lasting is None else fed.now() + lasting)
    try:
        if members.witness_quorum:
            raise QuorumUnknown(f"the directory asks for {members.witness_quorum} witnesses")
        try:
            visit.run()
        except fed.handlers.trouble as error:
            _log.error("taking in what %s says failed here: %s", peer_id, type(error).__name__)
            raise LocalTrouble(type(error).__name__) from error
    except (FederationError, ProtocolError) as error:
        outcome: Outcome = Failed(problem_of(error), _alarm_for(error))
        if isinstance(error, Mistrust):
            visit.keep_evidence(error)
        report = replace(visit.report, error=problem_of(error), alarm=_alarm_for(error))
        if isinstance(error, PeerRefused):
            report = replace(report, reason=error.word, skew_seconds=error.skew_seconds)
    else:
        alarm = Alarm.WITHHELD if visit.bodies_withheld() else Alarm.NONE
        outcome = Succeeded(alarm)
        report = replace(visit.report, alarm=alarm)
    _record(fed, peer_id, outcome)
    return report


def pull_due(fed: Federation[U], at_most: int = 50) -> list[PullReport]:
    """Visit the peers whose time has come, longest overdue first: a bounded number a call, each for a bounded time.

    Threads may call it at once: each goes to another peer, so that a slow one keeps only its own visitor waiting.
    """
    reports: list[PullReport] = []
    for _visit in range(at_most):
        with fed.claims.first(due(_states(fed), fed.now(), fed.pace)) as peer:
            if peer is None or any(report.peer == peer for report in reports):
                break
            reports.append(pull(fed, peer, lasting=VISIT_LASTS))
    return reports


def next_due(fed: Federation[U]) -> datetime | None:
    """When the next visit's time comes, those under way apart; None without peers."""
    return min((state.due for state in _states(fed) if state.peer not in fed.claims.claimed), default=None)


def _states(fed: Federation[U]) -> list[PeerState]:
    """Of every active peer; one that was never visited gets its first slot."""
    now = fed.now()
    with fed.database.read() as uow:
        known = {state.peer: state for state in uow.peers.all()}
    peers = [peer.id for peer in fed.peers()]
    states = [known.get(peer) or first_state(fed.node_id, peer, now, fed.pace) for peer in peers]
    new = [state for state in states if state.peer not in known]
    if new:
        with fed.database.write() as uow:
            for state in new:
                if uow.peers.state(state.peer) is None:
                    uow.peers.save(state)
    return states


def replay_refused(fed: Federation[U], peer_id: str | None = None, reason: str = "") -> int:
    """Try again what was refused (for this reason alone, if one is given), one message a unit of work, in order; how
    many were applied now.

    For after an upgrade, or once a key or a row is there that was missing. What fails again stays refused.
    """
    replayed = 0
    with fed.database.read() as uow:
        refusals = [one for one in uow.replica.refusals(peer_id) if reason in ("", one.reason)]
    if not refusals:
        return 0
    reader = _reader(fed)
    for refusal in refusals:
        with fed.database.write() as uow:
            replayed += replay(uow, fed, reader, refusal)
    return replayed


class _Visit:
    """One run of pages of one peer."""

    def __init__(
        self,
        fed: Federation[U],
        member: Member,
        directory_version: int,
        max_pages: int | None,
        until: datetime | None,
    ) -> None:
        self.fed = fed
        self.member = member
        self.directory_version = directory_version
        self.max_pages = max_pages
        self.until = until
        self.reader = _reader(fed)
        self.report = PullReport(member.id)

    def run(self) -> None:
        """Pages until nothing more is signed, or until `max_pages` or `until`."""
        with ExitStack() as stack:
            ahead: Future[Page] | None = None
            pool: ThreadPoolExecutor | None = None
            pages = 0
            while self.may_ask(pages):
                self.weigh(0)
                with self.fed.database.read() as uow:
                    cursor = uow.replica.cursor(self.member.id, self.member.epoch)
                    heads = uow.replica.heads(self.member.id, self.member.epoch)
                size = cursor.range.size
                self.report = replace(self.report, size=size)
                page = self.fetch(size) if ahead is None else ahead.result()
                pages += 1
                ahead = None
                if page.proof and self.may_ask(pages):
                    if pool is None:
                        pool = stack.enter_context(ThreadPoolExecutor(1, "next-page"))
                    ahead = pool.submit(self.fetch, size + len(page.records))
                verified = self.verify(page, cursor, heads)
                try:
                    applied, refused = take_in(self.fed, cursor, verified)
                except Overtaken:
                    ahead = None
                    continue
                self.report = replace(
                    self.report,
                    taken=self.report.taken + verified.count,
                    applied=self.report.applied + applied,
                    refused=self.report.refused + refused,
                    size=verified.cursor.range.size,
                )
                spent = sum(_weight(record.opening) for record in verified.records)
                if verified.complete:
                    self.fed.meter.add(self.member.id, spent, self.fed.now().date())
                    return
                self.weigh(spent)
                if not verified.count:
                    raise BadAnswer("the peer hands over nothing of what it signed")

    def may_ask(self, pages: int) -> bool:
        """Whether this visit may ask for one page more, after so many."""
        return (self.max_pages is None or pages < self.max_pages) and (
            self.until is None or not pages or self.fed.now() < self.until
        )

    def weigh(self, size: int) -> None:
        """Count what was taken in; OverQuota when it is enough for today."""
        if self.fed.meter.add(self.member.id, size, self.fed.now().date()) >= self.fed.limits.peer_bytes_a_day:
            raise OverQuota("this peer gave as many bytes today as it may")

    def fetch(self, first: int, count: int | None = None) -> Page:
        """The page that begins at `first`; runs without a unit of work."""
        wanted = self.fed.limits.page_records if count is None else count
        answer = self.fed.transport.call(
            self.member,
            "GET",
            f"{PAGE_PATH}?epoch={self.member.epoch}&first={first}&count={wanted}",
            max_bytes=self.fed.limits.answer_bytes,
            directory_version=self.directory_version,
        )
        if answer.content_type != CONTENT_TYPE:
            raise BadAnswer("the answer is not a page", status=answer.status)
        return decode_page(answer.body)

    def verify(self, page: Page, cursor: Cursor, heads: Mapping[str, ChannelHead]) -> VerifiedPage:
        """What the page proves. When its records do not lead to its checkpoint, ask for the proof without records: it
        tells a rewritten history (`Fork`) from records that were changed on the way to us (`ProofMismatch`)."""
        now = self.fed.now()
        try:
            return verify_page(page, cursor, heads, self.member, self.reader, now)
        except ProofMismatch:
            if page.records and cursor.range.size:
                verify_page(self.fetch(cursor.range.size, 0), cursor, heads, self.member, self.reader, now)
            raise

    def bodies_withheld(self) -> bool:
        """Whether a body is missing that no tombstone explains so far."""
        with self.fed.database.read() as uow:
            return any(one.reason == BODY_WITHHELD for one in uow.replica.refusals(self.member.id))

    def keep_evidence(self, error: Mistrust) -> None:
        """Keep the two documents that contradict each other, when there are two."""
        peer, epoch = self.member.id, self.member.epoch
        with self.fed.database.write() as uow:
            first = error.first
            if isinstance(error, Equivocation) and not first:
                known = uow.replica.find(peer, epoch, error.channel, error.number)
                first = b"" if known is None else header_evidence(known.index, known.opening)
            if first or error.second:
                uow.replica.keep_evidence(Evidence(peer, epoch, error.problem, self.fed.now(), first, error.second))


def _reader(fed: Federation[U]) -> Reader:
    ours = fed.members().find(fed.node_id)
    return Reader(fed.node_id, fed.keys, ours is not None and ours.role == COORDINATOR)


def _weight(opening: Opening) -> int:
    return len(opening.header) + len(opening.body or b"")


def _alarm_for(error: Exception) -> Alarm:
    if isinstance(error, OverQuota):
        return Alarm.QUOTA
    if isinstance(error, Mistrust):
        return Alarm(error.problem)
    if isinstance(error, ProofMismatch):
        return Alarm.UNPROVEN
    return Alarm.BAD_SIGNATURE if isinstance(error, BadSignature) else Alarm.NONE


def _record(fed: Federation[U], peer: str, outcome: Outcome) -> None:
    now = fed.now()
    jitter = int.from_bytes(fed.random_bytes(4), "big") / 2**32
    with fed.database.write() as uow:
        state = uow.peers.state(peer) or first_state(fed.node_id, peer, now, fed.pace)
        uow.peers.save(next_state(fed.node_id, state, outcome, now, jitter, fed.pace))
