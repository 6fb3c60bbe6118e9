"""Jobs set on the page in many ways, as plain lines, each with its employer and its town: what the makes of files in
`pages.py` do not vary.

A number gives the same CV for ever.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from tests.node.reading.cvs.people import Job, person

_TOWNS: Final = ("Montluçon", "Roubaix", "Lormont", "Le Havre", "Saint-Denis", "Guéret", "Vichy", "Clermont-Ferrand")
_SMALL_FIRMS: Final = (
    "Dupont Frères",
    "Martin & Fils",
    "Le Fournil de Jade",
    "Clean Services",
    "Sud Logistique",
    "SARL Berger",
    "Établissements Colin",
    "Groupe Horizon",
    "Mairie",
    "Les Jardins de Cocagne",
    "Verdier",
    "AXO",
)
_TERMS: Final = ("CDD", "CDI", "intérim", "stage", "temps partiel")


@dataclass(frozen=True, slots=True)
class Setting:
    """One job as it was set: `employer` and `town` as written, `town` empty when left out."""

    job: Job
    employer: str
    town: str


@dataclass(frozen=True, slots=True)
class SetCv:
    """A CV as lines, and the truth about its jobs. `head` and `body` name how they were set."""

    lines: tuple[str, ...]
    jobs: tuple[Setting, ...]
    head: str
    body: str


Head = Callable[[str, str, str, str, str], Sequence[str]]
"""(title, employer, town, dates, terms) -> lines."""

HEADS: Final[dict[str, Head]] = {
    "one line": lambda t, e, p, d, _: [f"{d} {t}, {e}, {p}"],
    "chez": lambda t, e, p, d, _: [f"{t} chez {e} à {p} ({d})"],
    "employer first": lambda t, e, _p, d, _: [f"{e} — {t} — {d}"],
    "cells": lambda t, e, p, d, _: [f"{d}\t{t}\t{e}\t{p}"],
    "cells, dates last": lambda t, e, p, d, _: [f"{t}\t{e}, {p}\t{d}"],
    "slashes and terms": lambda t, e, _p, d, c: [f"{d} / {e} / {t} / {c}"],
    "brackets": lambda t, e, p, d, _: [f"{d} : {t.upper()} – {e.upper()} ({p})"],
    "employer, title, dates": lambda t, e, p, d, _: [f"{e}, {p}", t, d],
    "title, employer, dates": lambda t, e, p, d, _: [t, f"{e} ({p})", d],
    "dates, title, employer": lambda t, e, p, d, _: [d, t, f"{e} - {p}"],
    "dates, employer, title": lambda t, e, p, d, _: [d, f"{e}, {p}", t],
    "title and dates, employer": lambda t, e, p, d, _: [f"{t} | {d}", f"{e}, {p}"],
    "employer and dates, title": lambda t, e, _p, d, c: [f"{e}\t{d}", f"{t} ({c})"],
    "title and employer, dates and town": lambda t, e, p, d, _: [f"{t} - {e}", f"{d} | {p}"],
    "labels": lambda t, e, p, d, _: [f"Poste : {t}", f"Employeur : {e}", f"Lieu : {p}", f"Dates : {d}"],
}
"""How a job is headed, by a name for each way."""
_WITHOUT_TOWN: Final = frozenset({"employer first", "slashes and terms", "employer and dates, title"})

_BODIES: Final[dict[str, Callable[[Sequence[str]], list[str]]]] = {
    "hyphens": lambda tasks: [f"- {task}" for task in tasks],
    "bullets": lambda tasks: [f"• {task[0].upper()}{task[1:]}" for task in tasks],
    "lines": lambda tasks: [f"{task[0].upper()}{task[1:]}" for task in tasks],
    "below a heading": lambda tasks: ["Missions :", *(f"- {task}" for task in tasks)],
    "behind a heading": lambda tasks: [f"Missions principales : {' ; '.join(tasks)}"],
    "in a row": lambda tasks: [" • ".join(["", *tasks]).strip()],
}


def set_cv(number: int) -> SetCv:
    """The CV of this number."""
    chance = random.Random(f"settings-{number}")
    who = person(number)
    head = sorted(HEADS)[number % len(HEADS)]
    body = chance.choice(sorted(_BODIES))
    lines = [f"{who.first_name} {who.last_name}", who.phone_said, who.email, who.town, "", "Expériences"]
    jobs = []
    for job in who.jobs:
        employer = chance.choice((job.employer, chance.choice(_SMALL_FIRMS)))
        town = chance.choice(_TOWNS)
        lines += HEADS[head](job.title, employer, town, job.said, chance.choice(_TERMS))
        lines += _BODIES[body]([words for _, words in job.tasks])
        written = employer.upper() if head == "brackets" else employer
        jobs.append(Setting(job, written, "" if head in _WITHOUT_TOWN else town))
    lines += ["Formation", *(f"{year} : {words}" for words, _, year in who.diplomas)]
    return SetCv(tuple(line for line in lines if line), tuple(jobs), head, body)
