"""What a CV says at a given length: its words in French, and what goes first when a page is short.

Guarantees: `ROOMS` run from all that a CV may hold to what fits on a page in every layout (a test tries the worst);
the newest steps, the first skills and the beginnings of texts stay longest; `left_out` names what a room drops.

Read next: `cv.py`, the values; `templates/cv.typ`, which takes the first room that fits.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final
from urllib.parse import quote

from node.documents.curriculum import Cv, Step
from node.documents.dates import MONTHS, french_date, spaced
from node.documents.lettering import one_line, shortened, typographic
from node.documents.typesetting import Data
from node.mission.vocabulary import Cefr, Language, Licence

_PARTIAL_DATE: Final = re.compile(r"([12]\d{3})(?:-(0[1-9]|1[0-2])(?:-\d{2})?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Room:
    """One length: letters of `size` points, white between parts times `air`, and the most of each part, in entries or
    in characters.

    `asides` counts languages, qualities, interests and practical matters, each.
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


ROOMS: Final = (
    Room(12, 1.5),
    Room(11.5, 1.3),
    Room(11, 1.15),
    Room(10.5, 1.1),
    Room(10, 1.0),
    Room(9.5, 0.95),
    Room(9, 0.9),
    Room(9, 0.9, steps=10, courses=6, skills=24, asides=8, tasks=5, profile=600, task=180, label=110),
    Room(9, 0.9, steps=8, courses=5, skills=18, asides=7, tasks=3, profile=450, task=140, label=100),
    Room(9, 0.9, steps=7, courses=4, skills=15, asides=6, tasks=2, profile=350, task=120, label=90),
    Room(9, 0.9, steps=6, courses=3, skills=12, asides=5, tasks=1, profile=260, task=100, label=80),
    Room(9, 0.9, steps=4, courses=2, skills=8, asides=4, tasks=0, profile=180, task=80, label=50),
)


def content(cv: Cv, room: Room, today: date) -> Data:
    """The CV as `templates/cv.typ` reads it, within a room. Raises ValueError for a step's date that is none."""

    def labels(texts: Iterable[str], most: int) -> list[str]:
        return [shortened(typographic(text), room.label) for text in _said(texts)][:most]

    def part(steps: Sequence[Step], most: int, one: str, many: str) -> Data:
        entries = [
            {
                "title": shortened(typographic(step.title.strip()), room.label),
                "where": shortened(", ".join(_said((step.organisation, step.place))), room.label),
                "dates": period(step),
                "tasks": [shortened(typographic(task), room.task) for task in _said(step.tasks)][: room.tasks],
            }
            for step in steps[:most]
        ]
        return {"entries": entries, "more": _and_older(steps[most:], one, many)}

    return {
        "air": room.air,
        "name": shortened(cv.name, room.label),
        "headline": shortened(typographic(cv.headline.strip()), room.label),
        "contacts": [
            {"text": shortened(text, 120), "href": href if len(text) <= 120 else ""}
            for text, href in (
                (cv.phone.strip(), f"tel:{quote(re.sub(r'[^0-9+]', '', cv.phone))}"),
                (cv.email.strip(), f"mailto:{quote(cv.email.strip(), safe='@')}"),
                (cv.place.strip(), ""),
            )
            if text
        ],
        "profile": shortened(typographic(one_line(cv.profile)), room.profile),
        "skills": labels(cv.skills, room.skills),
        "qualities": labels(cv.qualities, room.asides),
        "experience": part(cv.experience, room.steps, "Et une expérience antérieure", "Et {} expériences antérieures"),
        "education": part(cv.education, room.courses, "Et une autre formation", "Et {} autres formations"),
        "languages": labels(map(_language, cv.languages), room.asides),
        "practical": labels(_practical(cv, today), room.asides),
        "interests": labels(cv.interests, room.asides),
    }


def left_out(cv: Cv, room: Room) -> tuple[str, ...]:
    """What a reader misses in that room, in French."""
    steps, courses = (*cv.experience[: room.steps],), (*cv.education[: room.courses],)
    tasks = [_said(step.tasks) for step in (*steps, *courses)]
    lists = (cv.qualities, cv.interests, cv.languages)
    names = (*cv.skills, *cv.qualities, *cv.interests, cv.name, cv.headline, cv.mobility)
    names += tuple(chain.from_iterable((step.title, step.organisation + step.place) for step in (*steps, *courses)))
    losses = (
        (len(cv.experience) - len(steps), "une expérience, la plus ancienne", "{} expériences, les plus anciennes"),
        (len(cv.education) - len(courses), "une formation", "{} formations"),
        (len(_said(cv.skills)) - room.skills, "une compétence", "{} compétences"),
        (sum(max(0, len(each) - room.tasks) for each in tasks), "une tâche", "{} tâches"),
        (sum(max(0, len(each) - room.asides) for each in lists), "un détail", "{} détails"),
        (len(one_line(cv.profile)) > room.profile, "la fin du profil", ""),
        (any(len(name) > room.label for name in names), "la fin des intitulés les plus longs", ""),
        (any(len(task) > room.task for task in chain(*tasks)), "la fin des tâches les plus longues", ""),
    )
    return tuple(one if count == 1 else many.format(count) for count, one, many in losses if count > 0)


def period(step: Step) -> str:
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


def _said(texts: Iterable[str]) -> list[str]:
    """Each text on one line, without the empty ones."""
    return [line for line in map(one_line, texts) if line]


def _and_older(steps: Sequence[Step], one: str, many: str) -> str:
    if not steps:
        return ""
    years = sorted(year for step in steps for year in (_date_parts(step.start)[1], _date_parts(step.end)[1]) if year)
    when = f" ({years[0]} – {years[-1]})" if years and years[0] != years[-1] else f" ({years[0]})" if years else ""
    return (one if len(steps) == 1 else many.format(len(steps))) + when


def _language(spoken: tuple[str, str]) -> str:
    code, level = spoken
    language, cefr = Language.read(code), Cefr.read(level)
    name = language.label if language else code
    return f"{name} ({cefr.value}, {cefr.label.lower()})" if cefr else name


def _practical(cv: Cv, today: date) -> Iterator[str]:
    if cv.licences:
        known = [licence for licence in Licence if licence.value in cv.licences]
        names = [licence.value for licence in known] or list(cv.licences)
        yield "Permis " + ", ".join(names)
    if cv.has_vehicle:
        yield "Véhicule personnel"
    if cv.mobility:
        yield cv.mobility
    if cv.available_from:
        soon = cv.available_from <= today
        yield "Disponible immédiatement" if soon else f"Disponible à partir du {french_date(cv.available_from)}"
