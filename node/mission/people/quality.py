"""What a CV lacks before a counsellor may sign it, as a list to act on.

Guarantees: an empty list of blocking gaps is the only leave to sign; the same call serves the page that shows the list
and the service that signs. A gap that does not block is advice, or stands in the way of being put forward only.

Read next: `node/services/people/quality.py`, the signature; `forwards/drafting.py`, what a forward needs beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import Candidate, CandidateState, Job

MET_WITHIN: Final = timedelta(days=183)
"""A signature needs a meeting, in person or by telephone, at most this long ago."""
FEW_SKILLS: Final = 3
LONG_GAP_MONTHS: Final = 12
FEW_WORDS: Final = 40


class LackCode(StrEnum):
    NOT_ACTIVE = "not_active"
    NO_NAME = "no_name"
    NO_CONTACT = "no_contact"
    NO_COMMUNE = "no_commune"
    NO_OCCUPATION = "no_occupation"
    NO_BACKGROUND = "no_background"
    FEW_SKILLS = "few_skills"
    NO_SUMMARY = "no_summary"
    JOBS_UNDATED = "jobs_undated"
    JOBS_GAP = "jobs_gap"
    JOBS_ENDED = "jobs_ended"
    NOT_MET = "not_met"
    NO_KEEP_CONSENT = "no_keep_consent"
    NO_NETWORK_CONSENT = "no_network_consent"
    NO_AVAILABILITY = "no_availability"
    NO_MOBILITY = "no_mobility"


@dataclass(frozen=True, slots=True)
class CvLack:
    """One thing that is missing: a code, a sentence that says what to do, the field of the file where it is mended
    (empty: none), and whether the CV may not be signed before."""

    code: LackCode
    sentence: str
    field: str
    blocking: bool = True


def missing_for_ready(
    person: Candidate, *, met_on: date | None, today: date, asks_to_keep: bool = False
) -> list[CvLack]:
    """What is missing, what blocks first. `met_on` is the last day on which a counsellor met the person, in person or
    by telephone; `asks_to_keep` tells that the town keeps files on people's agreement."""
    return sorted(_gaps(person, met_on, today, asks_to_keep), key=lambda gap: not gap.blocking)


def blocking(gaps: list[CvLack]) -> list[CvLack]:
    """Those that forbid to sign."""
    return [gap for gap in gaps if gap.blocking]


def _gaps(person: Candidate, met_on: date | None, today: date, asks_to_keep: bool) -> Iterator[CvLack]:
    if person.state is not CandidateState.ACTIVE:
        yield CvLack(
            LackCode.NOT_ACTIVE, _("The person is not looking for work now: ask, and record that they are."), ""
        )
    if not person.first_name.strip() or not person.last_name.strip():
        yield CvLack(LackCode.NO_NAME, _("Write the first name and the last name."), "last_name")
    if not person.email and not person.phone:
        yield CvLack(LackCode.NO_CONTACT, _("Ask for a telephone number or an e-mail address."), "phone")
    if not person.commune:
        yield CvLack(
            LackCode.NO_COMMUNE, _("Choose the commune where the person lives: distances start there."), "commune"
        )
    if not person.occupations:
        yield CvLack(LackCode.NO_OCCUPATION, _("Choose at least one occupation that the person seeks."), "occupations")
    if not person.jobs and not person.diplomas and not any(one.months for one in person.occupations):
        yield CvLack(
            LackCode.NO_BACKGROUND,
            _("Add a job, a work placement, a diploma or volunteering: the CV says nothing of the past."),
            "jobs",
        )
    if len(person.skills) < FEW_SKILLS:
        lacking = FEW_SKILLS - len(person.skills)
        sentence = ngettext("Choose {number} more skill.", "Choose {number} more skills.", lacking)
        yield CvLack(LackCode.FEW_SKILLS, sentence.format(number=lacking), "skills")
    if met_on is None or today - met_on > MET_WITHIN:
        yield CvLack(
            LackCode.NOT_MET,
            _("Meet the person, or call them, and write the contact down: a signature vouches for somebody you met."),
            "contacts",
        )
    if asks_to_keep and not person.agrees(ConsentScope.KEEP, today):
        yield CvLack(
            LackCode.NO_KEEP_CONSENT,
            _("Ask whether the mission may keep the CV, and record the agreement."),
            "consents",
        )
    yield from _advice(person, today)


def _advice(person: Candidate, today: date) -> Iterator[CvLack]:
    if not person.agrees(ConsentScope.NETWORK, today):
        yield CvLack(
            LackCode.NO_NETWORK_CONSENT,
            _("Ask about other towns: without this agreement, only your town and employers named one by one."),
            "consents",
            blocking=False,
        )
    if len(person.summary.strip()) < FEW_WORDS:
        yield CvLack(LackCode.NO_SUMMARY, _("Write two sentences that present the person."), "summary", blocking=False)
    undated = sum(1 for job in person.jobs if not job.start)
    if undated:
        sentence = ngettext("Date {number} job.", "Date {number} jobs.", undated)
        yield CvLack(LackCode.JOBS_UNDATED, sentence.format(number=undated), "jobs", blocking=False)
    between, since = gaps_of(person.jobs, today)
    if between > LONG_GAP_MONTHS:
        yield CvLack(
            LackCode.JOBS_GAP,
            _("More than a year stands empty between two jobs: prepare with the person what to say of it."),
            "jobs",
            blocking=False,
        )
    if since > LONG_GAP_MONTHS:
        yield CvLack(
            LackCode.JOBS_ENDED,
            _("The last job ended more than a year ago: prepare with the person what to say of the time since."),
            "jobs",
            blocking=False,
        )
    if person.availability is None:
        yield CvLack(
            LackCode.NO_AVAILABILITY, _("Ask from which day the person is available."), "availability", blocking=False
        )
    if not (person.licences or person.vehicle or person.public_transport):
        yield CvLack(
            LackCode.NO_MOBILITY,
            _("Ask how the person travels: licence, vehicle, public transport."),
            "mobility_km",
            blocking=False,
        )


def gaps_of(jobs: tuple[Job, ...], today: date) -> tuple[int, int]:
    """Months of the longest time without a job between two of them, and since the last one; jobs without a start are
    not counted, and a year alone stands for the whole of it."""
    spans = sorted((_month(job.start, last=False), _end(job, today)) for job in jobs if job.start)
    longest = 0
    reached = None
    for start, end in spans:
        if reached is not None:
            longest = max(longest, start - reached - 1)
        reached = end if reached is None else max(reached, end)
    since = 0 if reached is None else max(0, today.year * 12 + today.month - 1 - reached)
    return longest, since


def _end(job: Job, today: date) -> int:
    if job.current:
        return today.year * 12 + today.month - 1
    return _month(job.end or job.start, last=True)


def _month(text: str, *, last: bool) -> int:
    year, _dash, month = text.partition("-")
    return int(year) * 12 + (int(month) - 1 if month else 11 if last else 0)
