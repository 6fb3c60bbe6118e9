"""What a CV says at a given length: its words in French, and what goes first when a page is short.

Guarantees: `ROOMS` run from all that a CV may hold to what fits on a page in every layout (a test tries the worst);
the newest steps, the first skills and the beginnings of texts stay longest; `left_out` names what a room drops.

Read next: `cv.py`, the values; `templates/cv_layouts.typ`, which takes the first room that fits.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import quote

from node.documents.curriculum import CareerStep, Cv
from node.documents.dates import MONTHS, french_date, spaced
from node.documents.lettering import one_line, shortened, typographic
from node.documents.typesetting import Data
from node.kit import phone
from node.mission.terms import Cefr, Licence, language_name

_PARTIAL_DATE: Final = re.compile(r"([12]\d{3})(?:-(0[1-9]|1[0-2])(?:-\d{2})?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class CvRoom:
    """One length: letters of `size` points, white between parts times `air`, and the most of each part, in entries or
    in characters.

    `asides` counts languages, qualities and interests, each; practical matters are never more than four.
    """

    size: float
    air: float = 1.0
    steps: int = 14
    courses: int = 10
    skills: int = 36
    asides: int = 14
    tasks: int = 8
    profile: int = 1200
    task: int = 220
    label: int = 140
    contact: int = 120


ROOMS: Final = (
    CvRoom(12, 1.5),
    CvRoom(11.5, 1.3),
    CvRoom(11, 1.15),
    CvRoom(10.5, 1.1),
    CvRoom(10, 1.0),
    CvRoom(9.5, 0.95),
    CvRoom(9, 0.9),
    CvRoom(9, 0.9, 12, 8, 28, 10, 6, 800, 200, 120),
    CvRoom(9, 0.9, 10, 6, 24, 8, 5, 600, 180, 110),
    CvRoom(9, 0.9, 9, 5, 20, 7, 4, 500, 160, 100),
    CvRoom(9, 0.9, 8, 5, 18, 6, 3, 450, 140, 90),
    CvRoom(9, 0.9, 7, 4, 15, 6, 2, 350, 120, 80),
    CvRoom(9, 0.9, 6, 3, 12, 5, 1, 260, 100, 70),
    CvRoom(9, 0.8, 5, 3, 10, 4, 1, 220, 90, 60, 100),
    CvRoom(9, 0.8, 4, 2, 8, 3, 0, 180, 80, 50, 80),
    CvRoom(9, 0.8, 3, 2, 5, 2, 0, 140, 80, 34, 50),
)


def tidied(cv: Cv) -> Cv:
    """The CV with every text on one printable line, as a typesetter would write it, and nothing empty. Names, contacts
    and places keep their own letters; a step without a title goes by its organisation.

    Raises ValueError for a name without a letter.
    """
    name = one_line(cv.name)
    if not name:
        raise ValueError("a CV has a name")
    return replace(
        cv,
        first_name=name,
        last_name="",
        headline=typographic(one_line(cv.headline)),
        # With plain spaces: one that does not break would take the place of all others in what programs read.
        phone=phone.shown(one_line(cv.phone)),
        email=one_line(cv.email),
        place=one_line(cv.place),
        profile=typographic(one_line(cv.profile)),
        skills=_labels(cv.skills),
        qualities=_labels(cv.qualities),
        experience=_steps(cv.experience),
        education=_steps(cv.education),
        mobility=typographic(one_line(cv.mobility)),
        interests=_labels(cv.interests),
    )


def content(cv: Cv, room: CvRoom, today: date) -> Data:
    """A tidied CV as `templates/cv_layouts.typ` reads it, within a room. Raises ValueError for a step's date that is
    none."""

    def labels(texts: Iterable[str], most: int) -> list[str]:
        return [shortened(text, room.label) for text in texts][:most]

    def part(steps: Sequence[CareerStep], most: int, one: str, many: str) -> Data:
        entries = [
            {
                "title": shortened(step.title, room.label),
                "where": shortened(_where(step), room.label),
                "dates": period(step),
                "tasks": [shortened(task, room.task) for task in step.tasks[: room.tasks]],
            }
            for step in steps[:most]
        ]
        return {"entries": entries, "more": _and_older(steps[most:], one, many)}

    return {
        "air": room.air,
        "name": shortened(cv.name, room.label),
        "headline": shortened(cv.headline, room.label),
        "contacts": _contacts(cv, room),
        "profile": shortened(cv.profile, room.profile),
        "skills": labels(cv.skills, room.skills),
        "qualities": labels(cv.qualities, room.asides),
        "experience": part(cv.experience, room.steps, "Et une expérience antérieure", "Et {} expériences antérieures"),
        "education": part(cv.education, room.courses, "Et une autre formation", "Et {} autres formations"),
        "languages": labels(_languages(cv), room.asides),
        "practical": labels(_practical(cv, today), 4),
        "interests": labels(cv.interests, room.asides),
    }


def left_out(cv: Cv, room: CvRoom) -> tuple[str, ...]:
    """What a reader of a tidied CV misses in that room, in French."""
    steps = (*cv.experience[: room.steps], *cv.education[: room.courses])
    tasks = [task for step in steps for task in step.tasks[: room.tasks]]
    lists = (cv.qualities, cv.interests, cv.languages)
    labels = [cv.name, cv.headline, cv.mobility, *cv.skills[: room.skills]]
    labels += [*cv.qualities[: room.asides], *cv.interests[: room.asides]]
    labels += [label for step in steps for label in (step.title, _where(step))]
    losses = (
        (len(cv.experience) - room.steps, "une expérience, la plus ancienne", "{} expériences, les plus anciennes"),
        (len(cv.education) - room.courses, "une formation", "{} formations"),
        (len(cv.skills) - room.skills, "une compétence", "{} compétences"),
        (sum(max(0, len(step.tasks) - room.tasks) for step in steps), "une tâche", "{} tâches"),
        (sum(max(0, len(each) - room.asides) for each in lists), "un détail", "{} détails"),
        (len(cv.profile) > room.profile, "la fin du profil", ""),
        (any(len(label) > room.label for label in labels), "la fin des intitulés les plus longs", ""),
        (any(len(task) > room.task for task in tasks), "la fin des tâches les plus longues", ""),
    )
    return tuple(one if count == 1 else many.format(count) for count, one, many in losses if count > 0)


def period(step: CareerStep) -> str:
    """« mars 2019 – juin 2022 », « mars – juin 2022 », « depuis mars 2019 », « 2019 », or nothing.

    Raises ValueError when a date is not "YYYY", "YYYY-MM" or "YYYY-MM-DD".
    """
    (start_month, start_year), (end_month, end_year) = _date_parts(step.start), _date_parts(step.end)
    start, end = (spaced(start_month, start_year), spaced(end_month, end_year))
    if step.current:
        return spaced("depuis", start) if start else "en cours"
    if not start or not end or start == end:
        return end or start
    if start_year == end_year and start_month and end_month:
        start = start_month
    return f"{start} – {end}"


def _date_parts(text: str) -> tuple[str, str]:
    """Month in French and year; the month is empty when only the year is known."""
    if not text:
        return "", ""
    match = _PARTIAL_DATE.fullmatch(text)
    if match is None:
        raise ValueError("a step's date is YYYY, YYYY-MM or YYYY-MM-DD")
    return (MONTHS[int(match[2]) - 1] if match[2] else "", match[1])


def _labels(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(label for label in (typographic(one_line(text)) for text in texts) if label)


def _steps(steps: Iterable[CareerStep]) -> tuple[CareerStep, ...]:
    tidy = (
        replace(
            step,
            title=typographic(one_line(step.title)) or one_line(step.organisation) or one_line(step.place),
            organisation=one_line(step.organisation) if one_line(step.title) else "",
            place=one_line(step.place),
            tasks=_labels(step.tasks),
        )
        for step in steps
    )
    return tuple(step for step in tidy if step.title)


def _where(step: CareerStep) -> str:
    return ", ".join(part for part in (step.organisation, step.place) if part)


def _contacts(cv: Cv, room: CvRoom) -> Data:
    """Phone, e-mail and place, the first two as links when they can be one."""
    number = phone.dialled(cv.phone)
    ways = (
        (cv.phone, f"tel:{number}" if number else ""),
        (cv.email, f"mailto:{quote(cv.email, safe='@')}" if "@" in cv.email else ""),
        (cv.place, ""),
    )
    return [
        {"text": shortened(text, room.contact), "href": href if len(text) <= room.contact else ""}
        for text, href in ways
        if text
    ]


def _and_older(steps: Sequence[CareerStep], one: str, many: str) -> str:
    if not steps:
        return ""
    years = sorted(year for step in steps for year in (_date_parts(step.start)[1], _date_parts(step.end)[1]) if year)
    when = f" ({years[0]} – {years[-1]})" if years and years[0] != years[-1] else f" ({years[0]})" if years else ""
    return (one if len(steps) == 1 else many.format(len(steps))) + when


def _languages(cv: Cv) -> Iterator[str]:
    for code, level in cv.languages:
        name, cefr = one_line(language_name(code)), Cefr.read(level)
        yield f"{name} ({cefr.value}, {cefr.label.lower()})" if cefr else name


def _practical(cv: Cv, today: date) -> Iterator[str]:
    if cv.licences:
        in_order = [licence.value for licence in Licence if licence.value in cv.licences]
        yield spaced("Permis", ", ".join(in_order or map(one_line, cv.licences)))
    if cv.has_vehicle:
        yield "Véhicule personnel"
    if cv.mobility:
        yield cv.mobility
    if cv.available_from:
        soon = cv.available_from <= today
        yield "Disponible immédiatement" if soon else f"Disponible à partir du {french_date(cv.available_from)}"
