"""When to visit which peer: one pure state machine a peer, no clock, no network, no database.

healthy: visited once an interval, at a second that a hash of the pair of nodes chooses, so that a network of many nodes
never polls in one beat. retrying: after a failure, 1 minute, doubling to 6 hours, each jittered. unreachable: shown as
such after 24 hours of failures, an alarm after 72. suspended: by the directory; not visited.

Guarantees: a failure of one peer moves the time of no other; back-off never gives up, and any sign of life (a verified
request from the peer, a hint, a success) clears it, what a failing peer asks itself at most once a minute; however many
hints come, two visits that they hasten are `Pace.hint_gap` apart; an alarm that is proof of a lie (`Alarm.lasting`) is
not cleared by a later success. State lives in rows (`ports.PeerState`): a missed tick is harmless, a doubled one costs
one poll. Read next: visit.py (what a visit is).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Literal

from federation.peers.ports import PeerState

Status = Literal["healthy", "retrying", "unreachable", "suspended"]


class Alarm(StrEnum):
    """What a person must look at. The word is stable; its sentence is the host's affair."""

    NONE = ""
    FORK = "fork"
    EQUIVOCATION = "equivocation"
    ROLLBACK = "rollback"
    GAP = "gap"
    WITHHELD = "withheld"
    UNPROVEN = "unproven"
    BAD_SIGNATURE = "bad_signature"
    SUSPENDED = "suspended"
    QUOTA = "quota"
    UNREACHABLE = "unreachable"
    ERASURE_OVERDUE = "erasure_overdue"

    @property
    def lasting(self) -> bool:
        """Whether the peer contradicted its own signature, which no later good behaviour undoes."""
        return self in (Alarm.FORK, Alarm.EQUIVOCATION)


@dataclass(frozen=True, slots=True)
class Pace:
    """The times of the machine; the defaults are the protocol's, the interval is the host's choice."""

    interval: timedelta = timedelta(minutes=5)
    first_retry: timedelta = timedelta(minutes=1)
    last_retry: timedelta = timedelta(hours=6)
    hint_gap: timedelta = timedelta(seconds=5)
    unreachable_after: timedelta = timedelta(hours=24)
    alarm_after: timedelta = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Succeeded:
    """A visit that went through; `alarm` is what it found all the same (bodies withheld), or none."""

    alarm: Alarm = Alarm.NONE


@dataclass(frozen=True, slots=True)
class Failed:
    """A visit that did not; `error` is a stable word, `alarm` set when it is the peer's doing."""

    error: str
    alarm: Alarm = Alarm.NONE


@dataclass(frozen=True, slots=True)
class Heard:
    """A verified request came from the peer: it lives."""


@dataclass(frozen=True, slots=True)
class Hinted:
    """The peer says that it has news."""


@dataclass(frozen=True, slots=True)
class SuspendedByDirectory:
    """The directory says that the peer is suspended."""


Outcome = Succeeded | Failed | Heard | Hinted | SuspendedByDirectory


def first_state(node: str, peer: str, now: datetime, pace: Pace) -> PeerState:
    """The state of a peer that was never visited: due at the pair's next slot, within one interval."""
    return PeerState(peer=peer, due=next_slot(node, peer, now, pace.interval))


def next_state(node: str, state: PeerState, outcome: Outcome, now: datetime, jitter: float, pace: Pace) -> PeerState:
    """The state after an outcome. `jitter` is uniform in [0, 1) and moves a retry by up to a quarter either way."""
    match outcome:
        case Succeeded(alarm):
            return replace(
                state,
                due=next_slot(node, state.peer, now, pace.interval),
                failures=0,
                failing_since=None,
                last_success=now,
                last_error="",
                alarm=_after(state.alarm, alarm),
            )
        case Failed(error, alarm):
            return replace(
                state,
                due=now + _retry(state.failures, jitter, pace),
                failures=state.failures + 1,
                # A time to come is one of a clock that was ahead.
                failing_since=min(state.failing_since or now, now),
                last_failure=now,
                last_error=error,
                alarm=_after(state.alarm, alarm or Alarm(state.alarm)),
            )
        case Heard():
            return _hastened(state, now, pace) if state.failures else state
        case Hinted():
            return _hastened(state, now, pace)
        case SuspendedByDirectory():
            due = next_slot(node, state.peer, now, pace.interval)
            return replace(state, due=due, failures=0, alarm=_after(state.alarm, Alarm.SUSPENDED))


def due(states: Iterable[PeerState], now: datetime, pace: Pace = Pace()) -> list[str]:
    """The peers whose time has come, longest overdue first; and those whose time is further ahead than anybody waits:
    this clock was ahead when it was written."""
    in_order = sorted(states, key=lambda one: (one.due, one.peer))
    return [state.peer for state in in_order if state.due <= now or state.due - now > _longest_wait(state, pace)]


def status_of(state: PeerState, now: datetime, pace: Pace | None = None) -> Status:
    """How the traffic with a peer goes, in one word."""
    if state.alarm == Alarm.SUSPENDED:
        return "suspended"
    if state.failing_since is None:
        return "healthy"
    return "unreachable" if now - state.failing_since >= (pace or Pace()).unreachable_after else "retrying"


def alarm_of(state: PeerState, now: datetime, pace: Pace | None = None, *, erasure_overdue: bool = False) -> Alarm:
    """The alarm to show: the one kept, or that of a peer which owes the receipt of an erasure (as
    `outbox.overdue_holders` says), or which has been silent for too long."""
    if state.alarm:
        return Alarm(state.alarm)
    if erasure_overdue:
        return Alarm.ERASURE_OVERDUE
    silent = state.failing_since is not None and now - state.failing_since >= (pace or Pace()).alarm_after
    return Alarm.UNREACHABLE if silent else Alarm.NONE


def next_slot(node: str, peer: str, now: datetime, interval: timedelta) -> datetime:
    """The next moment after `now` that is the pair's own, once an interval; A's visits to B and B's to A differ."""
    every = interval.total_seconds()
    share = int.from_bytes(sha256(f"{node}\n{peer}".encode()).digest()[:8], "big") / 2**64
    passed = (now.timestamp() - share * every) % every
    return datetime.fromtimestamp(now.timestamp() + every - passed, UTC)


def _hastened(state: PeerState, now: datetime, pace: Pace) -> PeerState:
    """Due now, or once a pause has passed since the last visit: who asks for visits may not set their rhythm."""
    # A visit of the future, of a clock that was ahead, is nothing to wait for.
    past = [at for at in (state.last_success, state.last_failure) if at is not None and at - now <= pace.first_retry]
    if state.failures and state.last_failure is not None:
        # A second failure since all went well was perhaps hastened already.
        pause = pace.hint_gap if state.last_failure == state.failing_since else pace.first_retry
        soonest = max(now, state.last_failure + pause) if state.last_failure in past else now
        return replace(state, due=min(state.due, soonest), failures=0 if soonest == now else state.failures)
    soonest = max([now, *(at + pace.hint_gap for at in past)])
    return replace(state, due=min(state.due, soonest))


def _retry(failures: int, jitter: float, pace: Pace) -> timedelta:
    # Doublings beyond twenty would overflow one day; the cap is reached long before.
    wait = min(pace.first_retry * (1 << min(failures, 20)), pace.last_retry)
    return wait * (0.75 + 0.5 * jitter)


def _longest_wait(state: PeerState, pace: Pace) -> timedelta:
    return max(pace.interval, _retry(state.failures, 1, pace))


def _after(kept: str, found: Alarm) -> str:
    return kept if kept and Alarm(kept).lasting else str(found)
