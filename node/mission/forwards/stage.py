"""Where a person stands with the mission, and the one thing to do next: what every page of their file says at its top.

Guarantees: one call gives both, so that they never contradict each other; what is to be done about an application is
asked of `following.py`, what the CV lacks of `people/quality.py`. What somebody waits for comes before what would be
good to do: an application, then a step that was planned for today, then the CV, then the next application.

Read next: `node/services/forwards/stages.py`, which gathers what is known; `node/web/people/stage.html`, the words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.following import Around, due_tasks, follow_up, interview_day
from node.mission.forwards.forward import Forward, ForwardState, Side
from node.mission.forwards.hire import Hire
from node.mission.forwards.moves import expires_at, is_open
from node.mission.forwards.standing import standing
from node.mission.people.candidate import Candidate, CandidateState
from node.mission.people.contacts import Contact
from node.mission.people.quality import CvLack, LackCode
from node.mission.terms import Term


class Stands(StrEnum):
    """Where a person may stand; the page has a sentence for each."""

    AWAY = "away"
    PLACED = "placed"
    HIRED = "hired"
    INTERVIEW = "interview"
    IF_SO = "if_so"
    ASKED = "asked"
    DRAFTED = "drafted"
    INCOMPLETE = "incomplete"
    TO_MEET = "to_meet"
    TO_SIGN = "to_sign"
    READY_HERE = "ready_here"
    READY = "ready"


class FileStep(Term):
    """What the one main action of a file may be, what comes first first. Those about an application or a hire have the
    codes of `following.NextStep`."""

    REPLY = "reply", "Noter la réponse reçue"
    TELL = "tell", "Annoncer la réponse"
    COACH = "coach", "Préparer l'entretien"
    FULFIL = "fulfil", "Voir la condition à remplir"
    NOTE_HIRE = "note_hire", "Noter l'embauche"
    FOLLOW_UP = "follow_up", "Noter le suivi"
    EXPIRES = "expires", "Relancer avant la fin du délai"
    REMIND = "remind", "Relancer l'employeur"
    SEND = "send", "Envoyer la candidature"
    PLANNED = "planned", "Faire l'étape prévue"
    ASK_KEEP = "ask_keep", "Demander l'accord de garder le CV"
    MEND = "mend", "Compléter le CV"
    MEET = "meet", "Rencontrer la personne, puis signer"
    SIGN = "sign", "Signer le CV"
    ASK = "ask", "Demander l'accord pour d'autres villes"
    PROPOSE = "propose", "Proposer une offre"


@dataclass(frozen=True, slots=True)
class UnreadReply:
    """What an employer wrote about an application, when, and to which sending; nobody has noted yet what it says."""

    sending: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a person: the forwards with what is around each, hires without a forward, what employers wrote,
    by the forward that it is about. A signature that ends before `renew_from` is given again."""

    person: Candidate
    gaps: Sequence[CvLack]
    contacts: Sequence[Contact]
    forwards: Sequence[tuple[Forward, Around]]
    hires: Sequence[Hire] = ()
    replies: Mapping[str, UnreadReply] = field(default_factory=dict)
    now: datetime
    renew_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTask:
    """Something to do now: about a forward, with the `sending` that was answered for a reply; or about a hire without a
    forward. `day` is the day that it is about."""

    step: FileStep
    since: datetime
    forward: Forward | None = None
    hire: Hire | None = None
    sending: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """`count` how many applications or lacks the sentence is about, `day` the day that it names, None for none. `step`
    is None where nothing is to be done; `gap` is what `FileStep.MEND` mends. `due` is all that is due about
    applications: where there is any, `step` is the first one's."""

    stands: Stands
    step: FileStep | None = None
    count: int = 0
    day: date | None = None
    gap: CvLack | None = None
    due: tuple[DueTask, ...] = ()


_ASIDE: Final = frozenset({LackCode.NOT_MET, LackCode.NOT_ACTIVE})


def stage(known: Known) -> Stage:
    """The line and the step."""
    due = _due(known)
    stands, count, day = _stands(known)
    step, gap = _step(known, due)
    return Stage(stands=stands, step=step, count=count, day=day, gap=gap, due=due)


def _due(known: Known) -> tuple[DueTask, ...]:
    """What waits longest first, among what is of the same kind."""
    if known.person.state not in (CandidateState.ACTIVE, CandidateState.PLACED):
        return ()
    found = [
        DueTask(step=FileStep.of(task.step.value), since=task.since, forward=forward, day=task.day)
        for forward, around in known.forwards
        for task in due_tasks(forward, around, known.now)
    ]
    found += [
        DueTask(step=FileStep.REPLY, since=reply.at, forward=forward, sending=reply.sending)
        for forward, _around in known.forwards
        if (reply := known.replies.get(forward.id)) is not None
    ]
    found += [
        DueTask(step=FileStep.FOLLOW_UP, since=hire.at, hire=hire, day=hire.follow_up[1])
        for hire in known.hires
        if hire.follow_up is not None and hire.follow_up[1] <= known.now.date()
    ]
    order = list(FileStep)
    return tuple(sorted(found, key=lambda one: (order.index(one.step), one.since)))


def _step(known: Known, due: Sequence[DueTask]) -> tuple[FileStep | None, CvLack | None]:
    person, today = known.person, known.now.date()
    if due:
        return due[0].step, None
    if person.state in (CandidateState.LIMITED, CandidateState.WITHDRAWN):
        return None, None
    if any(one.is_open and one.next_on is not None and one.next_on <= today for one in known.contacts):
        return FileStep.PLANNED, None
    if person.state is CandidateState.PLACED:
        return None, None
    if lacks := [gap for gap in known.gaps if gap.blocking and gap.code not in _ASIDE]:
        first = lacks[0]
        return (FileStep.ASK_KEEP if first.code is LackCode.NO_KEEP_CONSENT else FileStep.MEND), first
    if not person.is_ready(today):
        return (FileStep.MEET if _must_meet(known) else FileStep.SIGN), None
    if person.ready_until is not None and person.ready_until < known.renew_from:
        return FileStep.SIGN, None
    if not any(one.scope is ConsentScope.NETWORK for one in person.consents):
        return FileStep.ASK, None
    return FileStep.PROPOSE, None


def _must_meet(known: Known) -> bool:
    return any(gap.code is LackCode.NOT_MET for gap in known.gaps)


def _stands(known: Known) -> tuple[Stands, int, date | None]:
    person, today = known.person, known.now.date()
    if person.state in (CandidateState.LIMITED, CandidateState.WITHDRAWN):
        return Stands.AWAY, 0, None
    if (found := next(_under_way(known), None)) is not None:
        return found
    if person.state is CandidateState.PLACED:
        return Stands.PLACED, 0, None
    if person.is_ready(today):
        return (Stands.READY if person.agrees(ConsentScope.NETWORK, today) else Stands.READY_HERE), 0, None
    if lacks := sum(gap.blocking and gap.code not in _ASIDE for gap in known.gaps):
        return Stands.INCOMPLETE, lacks, None
    return (Stands.TO_MEET if _must_meet(known) else Stands.TO_SIGN), 0, None


def _under_way(known: Known) -> Iterator[tuple[Stands, int, date | None]]:
    """What the applications say, the furthest first."""
    own = [pair for pair in known.forwards if pair[0].side is Side.HOME]
    asked = [found[1] for forward, around in own if (found := follow_up(forward, around.hire)) is not None]
    asked += [hire.follow_up[1] for hire in known.hires if hire.follow_up is not None]
    if asked:
        yield Stands.HIRED, len(asked), min(asked)
    met = [interview_day(forward, around) for forward, around in own if forward.state is ForwardState.INTERVIEW]
    if met:
        yield Stands.INTERVIEW, len(met), min(filter(None, met), default=None)
    if_so = [day for forward, _around in own if (day := _condition_until(forward)) is not None]
    if if_so:
        yield Stands.IF_SO, len(if_so), min(if_so)
    waiting = [expires_at(forward, around.answer_days) for forward, around in own if is_open(forward.state)]
    if waiting:
        yield Stands.ASKED, len(waiting), min(end.date() for end in waiting if end is not None)
    drafts = sum(forward.state is ForwardState.DRAFT for forward, _around in own)
    if drafts:
        yield Stands.DRAFTED, drafts, None


def _condition_until(forward: Forward) -> date | None:
    found = standing(forward.moves) if forward.state is ForwardState.CONDITIONAL else None
    return found.move.condition.until if found is not None and found.move.condition is not None else None
