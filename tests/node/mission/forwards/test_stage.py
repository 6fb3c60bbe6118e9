"""Where a person stands, in the order of their way: from a CV that lacks something to a hire that is followed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from node.mission.forwards.following import NOTHING_AROUND, Around, NextStep
from node.mission.forwards.forward import Condition, ConditionKind, Forward, ForwardState, Move, Side
from node.mission.forwards.hire import Hire, HireWay
from node.mission.forwards.stage import FileStep, Known, Stage, Stands, UnreadReply, stage
from node.mission.people.candidate import Candidate, CandidateState, Experience
from node.mission.people.contacts import Contact, ContactChannel
from node.mission.people.quality import missing_for_ready
from tests.node.mission.samples import NOW, WAREHOUSE, candidate, forward, network_consent

S = ForwardState
TODAY = NOW.date()
DAY = timedelta(days=1)


def ready_person() -> Candidate:
    """Whose CV is signed today, and who agrees to other towns."""
    worked = (Experience(rome=WAREHOUSE, months=30),)
    return candidate(phone="0611223344", occupations=worked, skills=frozenset({"1", "2", "3"}))


def seen(person: Candidate, *forwards: Forward, days: int = 0, met: bool = True, **changes: Any) -> Stage:
    """So many days later."""
    now = NOW + days * DAY
    known = Known(
        person=person,
        gaps=missing_for_ready(person, met_on=TODAY if met else None, today=now.date()),
        contacts=(),
        forwards=[(one, NOTHING_AROUND) for one in forwards],
        now=now,
        renew_from=now.date() + 30 * DAY,
    )
    return stage(replace(known, **changes))


def moved(*events: ForwardState, condition: Condition | None = None) -> Forward:
    moves = [Move(event=event, at=NOW, by=Side.HOME) for event in (S.SENT, *events)]
    if condition is not None:
        moves[-1] = replace(moves[-1], condition=condition)
    return forward(state=moves[-1].event, moves=tuple(moves))


def test_a_cv_is_completed_then_signed_then_proposed() -> None:
    ready = ready_person()
    bare = replace(ready, readiness=None, skills=frozenset())
    found = seen(bare)
    assert (found.stands, found.step, found.count) == (Stands.INCOMPLETE, FileStep.MEND, 1)
    assert found.gap is not None and found.gap.field == "skills"
    unsigned = replace(ready, readiness=None)
    assert (seen(unsigned).stands, seen(unsigned).step) == (Stands.TO_SIGN, FileStep.SIGN)
    assert (seen(unsigned, met=False).stands, seen(unsigned, met=False).step) == (Stands.TO_MEET, FileStep.MEET)
    assert (seen(ready).stands, seen(ready).step) == (Stands.READY, FileStep.PROPOSE)
    never_asked = replace(ready, consents=())
    assert (seen(never_asked).stands, seen(never_asked).step) == (Stands.READY_HERE, FileStep.ASK)
    refused = replace(ready, consents=(network_consent(withdrawn_at=NOW),))
    assert (seen(refused).stands, seen(refused).step) == (Stands.READY_HERE, FileStep.PROPOSE), "asked once is asked"
    assert seen(ready, days=170).step is FileStep.SIGN, "before the signature lapses"


def test_what_an_employer_said_comes_before_the_cv() -> None:
    ready = ready_person()
    sent = seen(ready, moved(), moved())
    assert (sent.stands, sent.count, sent.day) == (Stands.ASKED, 2, TODAY + 30 * DAY)
    assert seen(ready, moved(), days=8).step is FileStep.REMIND
    assert seen(ready, forward(state=S.DRAFT, moves=())).step is FileStep.SEND
    assert seen(ready, forward(state=S.DRAFT, moves=())).stands is Stands.DRAFTED
    invited = seen(ready, moved(S.INTERVIEW), moved())
    assert (invited.stands, invited.day, invited.step) == (Stands.INTERVIEW, None, FileStep.TELL)
    caces = Condition(kind=ConditionKind.OTHER, text="CACES R489", until=TODAY + 60 * DAY)
    if_so = seen(ready, moved(S.CONDITIONAL, condition=caces))
    assert (if_so.stands, if_so.day, if_so.step) == (Stands.IF_SO, TODAY + 60 * DAY, FileStep.TELL)
    hired = seen(ready, moved(S.HIRED))
    assert hired.stands is Stands.HIRED and hired.day == TODAY.replace(month=12)
    assert seen(ready, moved(S.WITHDRAWN), moved(S.EXPIRED)).stands in (Stands.READY, Stands.READY_HERE)


def test_a_step_that_was_planned_comes_before_what_would_be_good_to_do() -> None:
    call = Contact(
        id="c1", candidate="p1", written=NOW, on=TODAY, by="anne", channel=ContactChannel.PHONE,
        next_step="Rappeler", next_on=TODAY + DAY, next_owner="anne",
    )  # fmt: skip
    assert seen(ready_person(), contacts=(call,)).step is not FileStep.PLANNED
    assert seen(ready_person(), contacts=(call,), days=1).step is FileStep.PLANNED
    assert seen(ready_person(), moved(), contacts=(call,), days=8).step is FileStep.REMIND, "an employer waits as well"


@pytest.mark.parametrize("state", [CandidateState.LIMITED, CandidateState.WITHDRAWN])
def test_nothing_is_done_with_a_file_on_hold(state: CandidateState) -> None:
    found = seen(replace(ready_person(), state=state), moved(), days=8)
    assert (found.stands, found.step, found.due) == (Stands.AWAY, None, ())


def test_whoever_is_in_work_is_followed_alone() -> None:
    placed = replace(ready_person(), state=CandidateState.PLACED, readiness=None)
    assert (seen(placed).stands, seen(placed).step) == (Stands.PLACED, None)
    hired = seen(placed, moved(S.HIRED), forwards=[(moved(S.HIRED), Around(spoken=NOW + DAY))], days=40)
    assert hired.step in (FileStep.NOTE_HIRE, FileStep.FOLLOW_UP)


def test_a_job_found_otherwise_is_followed_and_a_reply_is_noted_first() -> None:
    found = Hire(
        id="h1", candidate="p1", employer="Garage du Canal", title="Mécanicienne", contract="CDI", start=TODAY,
        how=HireWay.ALONE, by="anne", at=NOW,
    )  # fmt: skip
    placed = replace(ready_person(), state=CandidateState.PLACED)
    assert (seen(placed, hires=(found,)).stands, seen(placed, hires=(found,)).step) == (Stands.HIRED, None)
    later = seen(placed, hires=(found,), days=31)
    assert (later.step, later.due[0].hire, later.day) == (FileStep.FOLLOW_UP, found, TODAY.replace(month=12))
    waits = seen(ready_person(), moved(), days=8, replies={"f1": UnreadReply("s1", NOW + DAY)})
    assert (waits.step, waits.due[0].sending) == (FileStep.REPLY, "s1")
    assert [one.step for one in waits.due] == [FileStep.REPLY, FileStep.REMIND]


def test_what_may_be_due_about_an_application_has_its_word() -> None:
    assert {step.value for step in NextStep} <= {step.value for step in FileStep}
