"""What each field of a person's file may hold, whoever writes it: a form, an import, the person.

Guarantees: `check_person` names every field that cannot be kept, at once, each with a sentence that says what to do,
and never quotes what was typed. `EDITABLE` is what a form may change; signatures, agreements and states have their own
services. Read next: `quality.py`, what is missing rather than wrong.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from node.kit import phone
from node.kit.clean_text import is_email, is_line, is_text
from node.kit.i18n import gettext as _
from node.mission.people.candidate import Candidate, Diploma, Job
from node.mission.terms import Cefr, Contract, Licence

if TYPE_CHECKING:
    from node.referential import Referential

MAX_LINE: Final = 200
"""What a dossier can carry in one line (protocol/dossier.py)."""
MAX_TEXT: Final = 4000
MAX_SUMMARY: Final = 2000
MAX_WORDS: Final = 600
MAX_MOBILITY_KM: Final = 2000
MAX_MONTHS: Final = 12 * 60
MAX_AGE: Final = 100
MIN_AGE: Final = 14
MAX_ITEMS: Final = {
    "occupations": 10,
    "skills": 100,
    "languages": 20,
    "places": 100,
    "jobs": 60,
    "diplomas": 40,
    "qualities": 20,
    "interests": 20,
}

MAX_CARD_SKILLS: Final = 8
"""What a card has room for."""

_MONTH: Final = re.compile(r"(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?")

EDITABLE: Final = frozenset(
    {
        "first_name",
        "last_name",
        "email",
        "phone",
        "commune",
        "birth_date",
        "occupations",
        "skills",
        "qualification",
        "licences",
        "languages",
        "contracts",
        "hours",
        "mobility_km",
        "places",
        "relocates",
        "vehicle",
        "public_transport",
        "availability",
        "summary",
        "jobs",
        "diplomas",
        "qualities",
        "interests",
        "words",
        "card_skills",
        "photo",
    }
)


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field that cannot be kept as it is: its name in the code, and a sentence for the person who typed it."""

    field: str
    sentence: str


def unreadable_phone() -> str:
    """What whoever typed a number reads that is none."""
    return _("This is no telephone number: write it such as 04 70 00 00 00.")


def check_person(person: Candidate, referential: "Referential", today: date) -> list[FieldProblem]:
    """Everything that cannot be kept, in the order of the fields on the page."""
    return [FieldProblem(name, sentence) for name, sentence in _problems(person, referential, today)]


def check_change(before: Candidate, after: Candidate, referential: "Referential", today: date) -> list[FieldProblem]:
    """As `check_person`, but for a telephone number that was there before and cannot be read: it stays as it was typed
    until somebody corrects it, and keeps nobody from changing the rest."""
    problems = check_person(after, referential, today)
    return [one for one in problems if one.field != "phone" or after.phone != before.phone]


def _problems(person: Candidate, referential: "Referential", today: date) -> Iterator[tuple[str, str]]:
    long = _("At most {limit} characters, on one line.").format(limit=MAX_LINE)
    for name in ("first_name", "last_name"):
        if not _is_short(getattr(person, name)):
            yield name, long
    if not person.last_name.strip() and not person.first_name.strip():
        yield "last_name", _("Write the person's name.")
    if person.email and (len(person.email) > MAX_LINE or not is_email(person.email)):
        yield "email", _("This is no e-mail address: write name@domain.fr, or nothing.")
    if person.phone and phone.read(person.phone) is None:
        yield "phone", unreadable_phone()
    if person.commune and referential.communes.get(person.commune) is None:
        yield "commune", _("This commune is not known: give its INSEE code, or its name and postal code.")
    if person.birth_date is not None:
        if person.birth_date > today:
            yield "birth_date", _("This birth date is in the future: check the year.")
        elif not MIN_AGE <= _years(person.birth_date, today) <= MAX_AGE:
            yield "birth_date", _("This birth date cannot be right: check the year.")
    yield from _of_work(person, referential)
    yield from _of_mobility(person, referential)
    yield from _of_background(person, today)
    for name in ("qualities", "interests"):
        if any(not text.strip() or not _is_short(text) for text in getattr(person, name)):
            yield name, long
    for name, limit in (("summary", MAX_SUMMARY), ("words", MAX_WORDS)):
        text = getattr(person, name)
        if len(text) > limit or not is_text(text):
            yield name, _("At most {limit} characters.").format(limit=limit)
    for name, limit in MAX_ITEMS.items():
        if len(getattr(person, name)) > limit:
            yield name, _("At most {limit} of them.").format(limit=limit)


def _of_work(person: Candidate, referential: "Referential") -> Iterator[tuple[str, str]]:
    if any(referential.occupations.label(one.rome) is None for one in person.occupations):
        yield "occupations", _("This occupation is not known: choose it in the list.")
    elif any(not 0 <= one.months <= MAX_MONTHS for one in person.occupations):
        yield "occupations", _("Experience is between 0 and {limit} months.").format(limit=MAX_MONTHS)
    elif not all(_is_short(one.appellation) for one in person.occupations):
        yield "occupations", _("At most {limit} characters, on one line.").format(limit=MAX_LINE)
    elif _twice(one.rome for one in person.occupations):
        yield "occupations", _("The same occupation stands twice.")
    if any(referential.skills.label(code) is None for code in person.skills):
        yield "skills", _("This skill is not known: choose it in the list.")
    if len(person.card_skills or ()) > MAX_CARD_SKILLS:
        yield "card_skills", _("At most {limit} of them.").format(limit=MAX_CARD_SKILLS)
    if not 0 <= person.qualification <= 9:
        yield "qualification", _("Choose a qualification in the list.")
    if any(Contract.read(code) is None for code in person.contracts):
        yield "contracts", _("Choose contracts in the list.")
    if any(not code.strip() or not _is_short(code) or Cefr.read(level) is None for code, level in person.languages):
        yield "languages", _("Choose the language and a level from A1 to C2.")
    elif _twice(code for code, _level in person.languages):
        yield "languages", _("The same language stands twice.")


def _of_mobility(person: Candidate, referential: "Referential") -> Iterator[tuple[str, str]]:
    if not 0 <= person.mobility_km <= MAX_MOBILITY_KM:
        yield "mobility_km", _("Mobility is between 0 and {limit} km.").format(limit=MAX_MOBILITY_KM)
    if any(referential.communes.get(code) is None for code in person.places):
        yield "places", _("This commune is not known: give its INSEE code, or its name and postal code.")
    if any(Licence.read(code) is None for code in person.licences):
        yield "licences", _("Choose driving licences in the list.")


def _of_background(person: Candidate, today: date) -> Iterator[tuple[str, str]]:
    for job in person.jobs:
        if sentence := _job_problem(job, today):
            yield "jobs", sentence
            break
    for diploma in person.diplomas:
        if sentence := _diploma_problem(diploma, today):
            yield "diplomas", sentence
            break


def _job_problem(job: Job, today: date) -> str:
    if not job.title.strip() or not all(map(_is_short, (job.title, job.employer, job.place, *job.tasks))):
        return _("A job has a title of at most {limit} characters, on one line.").format(limit=MAX_LINE)
    if any(day and not _MONTH.fullmatch(day) for day in (job.start, job.end)):
        return _("Write the dates of a job as month and year, or the year alone.")
    now = f"{today:%Y-%m}"
    if any(day[: len(now)] > now[: len(day)] for day in (job.start, job.end)):
        return _("A job is dated in the future: check the year.")
    if job.start and job.end and job.start[: len(job.end)] > job.end[: len(job.start)]:
        return _("A job ends before it begins: check its dates.")
    return ""


def _diploma_problem(diploma: Diploma, today: date) -> str:
    if not diploma.label.strip() or not _is_short(diploma.label) or not _is_short(diploma.school):
        return _("A diploma has a name of at most {limit} characters, on one line.").format(limit=MAX_LINE)
    if diploma.level != 0 and not 3 <= diploma.level <= 8:
        return _("Choose the level of the diploma in the list: 3 (CAP) to 8 (doctorat).")
    if diploma.year != 0 and not 1900 <= diploma.year <= today.year + 1:
        return _("The year of a diploma cannot be right: check it.")
    return ""


def _is_short(text: str) -> bool:
    return len(text) <= MAX_LINE and is_line(text)


def _twice(items: Iterable[str]) -> bool:
    seen = list(items)
    return len(seen) != len(set(seen))


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
