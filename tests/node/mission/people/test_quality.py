"""What a CV lacks before a counsellor may sign it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import Candidate, CandidateState, Diploma, Experience, Job
from node.mission.people.quality import LackCode, blocking, gaps_of, missing_for_ready
from tests.node.mission.samples import TODAY, WAREHOUSE, candidate, network_consent

GOOD = candidate(
    readiness=None,
    phone="0612345678",
    skills=frozenset({"1", "2", "3"}),
    jobs=(Job(title="Préparateur", start="2019-01", current=True),),
    summary="Préparateur de commandes, ponctuel, cinq ans dans le même entrepôt.",
    availability=TODAY,
    vehicle=True,
    consents=(network_consent(), network_consent(id="k", scope=ConsentScope.KEEP)),
)


def codes(person: Candidate, met_on: date | None = TODAY) -> list[LackCode]:
    return [gap.code for gap in missing_for_ready(person, met_on=met_on, today=TODAY)]


def test_nothing_is_missing() -> None:
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"state": CandidateState.WITHDRAWN}, LackCode.NOT_ACTIVE, ""),
        ({"last_name": " "}, LackCode.NO_NAME, "last_name"),
        ({"phone": ""}, LackCode.NO_CONTACT, "phone"),
        ({"commune": ""}, LackCode.NO_COMMUNE, "commune"),
        ({"occupations": ()}, LackCode.NO_OCCUPATION, "occupations"),
        ({"jobs": ()}, LackCode.NO_BACKGROUND, "jobs"),
        ({"skills": frozenset({"1"})}, LackCode.FEW_SKILLS, "skills"),
        ({"consents": (network_consent(),)}, LackCode.NO_KEEP_CONSENT, "consents"),
    ],
)
def test_what_blocks(changes: dict[str, object], code: LackCode, field: str) -> None:
    person = replace(GOOD, **changes)  # type: ignore[arg-type]
    (gap,) = blocking(missing_for_ready(person, met_on=TODAY, today=TODAY, asks_to_keep=True))
    assert (gap.code, gap.field) == (code, field)
    assert gap.sentence.endswith(".") or "." in gap.sentence


def test_a_town_that_keeps_files_for_its_mission_asks_nobody_whether_it_may() -> None:
    assert blocking(missing_for_ready(replace(GOOD, consents=()), met_on=TODAY, today=TODAY)) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"consents": GOOD.consents[1:]}, LackCode.NO_NETWORK_CONSENT),
        ({"summary": "Motivé."}, LackCode.NO_SUMMARY),
        ({"jobs": (*GOOD.jobs, Job(title="Vendeur"))}, LackCode.JOBS_UNDATED),
        ({"jobs": (Job(title="Vendeur", start="2015", end="2016"), *GOOD.jobs)}, LackCode.JOBS_GAP),
        ({"availability": None}, LackCode.NO_AVAILABILITY),
        ({"vehicle": False}, LackCode.NO_MOBILITY),
    ],
)
def test_what_is_advice(changes: dict[str, object], code: LackCode) -> None:
    (gap,) = missing_for_ready(replace(GOOD, **changes), met_on=TODAY, today=TODAY)  # type: ignore[arg-type]
    assert (gap.code, gap.blocking) == (code, False)


def test_nobody_vouches_for_somebody_they_never_met() -> None:
    assert codes(GOOD, met_on=None) == [LackCode.NOT_MET]
    assert codes(GOOD, met_on=TODAY - timedelta(days=184)) == [LackCode.NOT_MET]
    assert codes(GOOD, met_on=TODAY - timedelta(days=183)) == []


def test_a_diploma_or_months_of_experience_are_a_background_too() -> None:
    assert LackCode.NO_BACKGROUND not in codes(replace(GOOD, jobs=(), diplomas=(Diploma(label="CAP"),)))
    months = (Experience(rome=WAREHOUSE, months=6),)
    assert LackCode.NO_BACKGROUND not in codes(replace(GOOD, jobs=(), occupations=months))


def test_a_bare_person_is_told_everything_what_blocks_first() -> None:
    bare = Candidate(id="p", reference="r", first_name="", last_name="", commune="", occupations=())
    found = missing_for_ready(bare, met_on=None, today=TODAY, asks_to_keep=True)
    kinds = [gap.blocking for gap in found]
    assert kinds == sorted(kinds, reverse=True)
    assert len({gap.code for gap in found}) == len(found) == 12


@pytest.mark.parametrize(
    ("jobs", "between", "since"),
    [
        ((), 0, 0),
        ((Job(title="a", start="2026-01", end="2026-11"),), 0, 0),
        ((Job(title="a", start="2026-01", end="2026-05"),), 0, 6),
        ((Job(title="a", start="2020-01", end="2020-12"), Job(title="b", start="2022-01", current=True)), 12, 0),
        ((Job(title="a", start="2020", end="2021"), Job(title="b", start="2022", current=True)), 0, 0),
        ((Job(title="long", start="2010", current=True), Job(title="b", start="2012", end="2013")), 0, 0),
        ((Job(title="undated"), Job(title="b", start="2026-11", current=True)), 0, 0),
    ],
)
def test_the_longest_time_between_two_jobs_and_since_the_last(jobs: tuple[Job, ...], between: int, since: int) -> None:
    assert gaps_of(jobs, TODAY) == (between, since)


def test_what_is_said_of_a_time_without_a_job_is_so() -> None:
    """Between two jobs only when there are two; since the last one otherwise."""
    one = replace(GOOD, jobs=(Job(title="Vendeur", start="2015", end="2016"),))
    assert codes(one) == [LackCode.JOBS_ENDED]
    two = replace(GOOD, jobs=(*one.jobs, Job(title="Vendeur", start="2026-01", current=True)))
    assert codes(two) == [LackCode.JOBS_GAP]
