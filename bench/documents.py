"""Printed documents: how long a CV takes, how large it is, and what a node's memory keeps of two hundred.

`python -m bench.documents`. Each CV is somebody else's, so nothing that typst remembers helps. Times are the
processor's (one thread is at work), for they hold on a busy machine too; the wall's median stands beside them.
"""

import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from bench.report import Figure, parser, publish
from node.documents.cv import LAYOUTS, CareerStep, Cv, Layout, cv_pdf

TODAY = date(2026, 11, 23)
AIM_SECONDS = 0.1
RENDERS = 200
WARM_UP = 10

TASKS = (
    "Réception et contrôle des marchandises, mise en rayon et rotation des produits frais",
    "Encaissement, fidélisation de la clientèle et gestion des réclamations",
    "Tenue des plannings de quatre personnes",
)
PERSON = Cv(
    first_name="Marie-Christine",
    last_name="Rakotomalala",
    headline="Employée de rayon",
    phone="06 12 34 56 78",
    email="marie-christine@example.fr",
    place="Bayonne (64100)",
    profile="Vingt ans d'expérience dans la grande distribution, dont huit à encadrer une équipe de quatre personnes.",
    skills=("Encadrer une équipe", "Gérer les stocks", "Former des débutants", "Accueillir la clientèle", "Encaisser"),
    qualities=("Sens de l'organisation", "Pédagogue"),
    education=(CareerStep(title="BEP Vente action marchande", organisation="Lycée Louis-de-Foix", end="2001"),),
    languages=(("fr", "C2"), ("eu", "B1")),
    licences=("B",),
    has_vehicle=True,
    mobility="Mobile à 45 km autour de Bayonne",
    available_from=date(2026, 12, 1),
)


def person(number: int) -> Cv:
    """Somebody with one to eight jobs, no two alike."""
    jobs = tuple(
        CareerStep(
            title=f"Employée de rayon {number}",
            organisation=f"Magasin {number}-{job}",
            place="Bayonne",
            start=str(2020 - 2 * job),
            end=str(2022 - 2 * job),
            tasks=tuple(f"{task} ({number})" for task in TASKS),
        )
        for job in range(1 + number % 8)
    )
    return replace(PERSON, last_name=f"Rakotomalala {number}", profile=f"{PERSON.profile} {number}", experience=jobs)


def resident() -> float:
    """This process's memory, in MB (Linux)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6


def measure(layout: Layout) -> list[Figure]:
    """Processor and wall time of a CV in that layout, and its size."""
    processor, wall, sizes = [], [], []
    for number in range(WARM_UP + RENDERS // len(Layout)):
        cv = person(number)
        at, turned = time.perf_counter(), time.process_time()
        pdf = cv_pdf(cv, layout, TODAY).pdf
        processor.append(time.process_time() - turned)
        wall.append(time.perf_counter() - at)
        sizes.append(len(pdf))
    median = statistics.median(processor[WARM_UP:])
    slowest = statistics.quantiles(processor[WARM_UP:], n=20)[-1]
    name = f"CV « {LAYOUTS[layout]} »"
    return [
        Figure(f"{name}, median", 1000 * median, "ms", "under 100 ms", median < AIM_SECONDS),
        Figure(f"{name}, 95th of a hundred", 1000 * slowest, "ms"),
        Figure(f"{name}, median by the clock on the wall", 1000 * statistics.median(wall[WARM_UP:]), "ms"),
        Figure(f"{name}, largest file", max(sizes) / 1000, "kB", "under 200 kB", max(sizes) < 200_000),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write; the exit status says whether every aim is reached."""
    options = parser("documents", "Time and memory of printed documents.").parse_args(arguments)
    at_rest = resident()
    started = time.perf_counter()
    cv_pdf(PERSON, Layout.PLAIN, TODAY)
    first = time.perf_counter() - started
    for number in range(WARM_UP):
        cv_pdf(person(number), Layout.PLAIN, TODAY)
    warm = resident()
    figures = [Figure("first CV, with typst and its fonts to load", 1000 * first, "ms")]
    for layout in Layout:
        figures += measure(layout)
    grown = resident() - warm
    figures += [
        Figure("memory of the first CVs", warm - at_rest, "MB"),
        Figure(f"growth over the next {RENDERS}", grown, "MB", "under 30 MB", grown < 30),
    ]
    return publish("documents", figures, options.json)


if __name__ == "__main__":
    sys.exit(main())
