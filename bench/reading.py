"""Read generated CVs (PDF, Word, LibreOffice, pictures; one and two columns, tables, text boxes) and count what the
proposals get right, field by field, and how long a file takes.

The truth is the generator's, whose words are not the parser's. Where tesseract is absent, pictures are left out, and
the table says so. The CVs from number 0 on were looked at while the parser was written; the default ones were not.
"""

import csv
import json
import random
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from statistics import median

from bench.report import Figure, parser, publish
from node.kit.phone import bare, shown
from node.reading.dates import Moment
from node.reading.lookups import Titles, halves
from node.reading.proposals import Proposal, ProposedExperience
from node.reading.proposing import Proposer
from node.reading.reading import read_document
from node.reading.shapes import Kind, Line, ReadDocument
from node.reading.words import flat
from node.referential import load
from tests.node.reading.cvs.pages import generated
from tests.node.reading.cvs.people import Job, Month, Person
from tests.node.reading.cvs.settings import SetCv, set_cv
from tests.node.reading.files import can_read_pictures

TODAY = date(2027, 1, 15)
"""The day of the CVs: their latest job ends in December 2026 at most."""
AIMS = {
    "contacts": 0.95,
    "occupation": 0.80,
    "skills F1": 0.60,
    "dates": 0.85,
    "employer": 0.80,
    "tasks F1": 0.70,
}


def main() -> int:
    arguments = parser("reading", __doc__ or "")
    arguments.add_argument("--count", type=int, default=60)
    arguments.add_argument("--first", type=int, default=1000, help="number of the first CV")
    arguments.add_argument("--misses", action="store_true", help="print what was missed, one JSON line a CV")
    arguments.add_argument(
        "--rome", type=Path, help="the official list of appellations, to try titles nobody here wrote"
    )
    options = arguments.parse_args()

    proposer = Proposer(load())
    pictures = can_read_pictures()
    if not pictures:
        sys.stdout.write("tesseract-ocr-fra is absent: pictures are left out\n")
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    reading: dict[str, list[float]] = defaultdict(list)
    proposing: list[float] = []
    for seed in range(options.first, options.first + options.count):
        cv = generated(seed)
        if not pictures and cv.make.startswith(("jpg", "png")):
            continue
        start = time.perf_counter()
        document = read_document(cv.data, cv.filename)
        read = time.perf_counter()
        proposal = proposer.propose(document, TODAY)
        reading[cv.make.split("-")[0]].append(read - start)
        proposing.append(time.perf_counter() - read)
        missed = []
        for field, good in judged(cv.person, proposal):
            asked[field] += 1
            right[field] += good
            if not good:
                missed.append(field)
        skills = {skill.value for skill in proposal.skills}
        for of, proposed, told in (("skills", skills, cv.person.skills), ("tasks", *tasks(cv.person, proposal))):
            right[of] += len(proposed & told)
            asked[f"{of} proposed"] += len(proposed)
            asked[f"{of} told"] += len(told)
        if options.misses and missed:
            sys.stdout.write(json.dumps({"seed": seed, "make": cv.make, "missed": missed}, ensure_ascii=False) + "\n")
    figures = list(shares(right, asked))
    figures.extend(other_settings(proposer, range(options.first, options.first + options.count)))
    if options.rome:
        figures.extend(appellations(options.rome))
    for make, times in sorted(reading.items()):
        figures.append(Figure(f"reading a {make}, median", median(times) * 1000, "ms"))
    figures.append(Figure("proposing from its text, median", median(proposing) * 1000, "ms"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures.append(Figure("memory of this process, peak", peak, "MB", "under 300 MB", peak < 300))
    return publish("reading", figures, options.json)


def judged(person: Person, proposal: Proposal) -> Iterator[tuple[str, bool]]:
    """(field, whether it was proposed rightly) for each thing that the CV tells."""
    for field, told, proposed in (
        ("first name", flat(person.first_name), proposal.first_name and flat(proposal.first_name.value)),
        ("last name", flat(person.last_name), proposal.last_name and flat(proposal.last_name.value)),
        ("e-mail", person.email, proposal.email and proposal.email.value),
        ("phone", person.phone, proposal.phone and bare(shown(proposal.phone.value))),
        ("commune", person.commune, proposal.commune and proposal.commune.value),
    ):
        yield field, told == proposed
        yield "contacts", told == proposed
    codes = [occupation.rome for occupation in proposal.occupations]
    yield "occupation", bool(codes) and codes[0] in person.trade.codes
    yield "occupation among the first three", not set(codes[:3]).isdisjoint(person.trade.codes)
    for job in person.jobs:
        found = [one for one in proposal.experiences if same_dates(job, one)]
        yield "dates", bool(found)
        yield "occupation of a job", any(one.rome in job.trade.codes for one in found)
        yield "employer", any(one.employer and flat(one.employer.value) == flat(job.employer) for one in found)
        # The generated CVs name no town of an employer.
        yield "no town proposed where none is", bool(found) and all(one.place is None for one in found)
    languages = {(language.code, language.level) for language in proposal.languages}
    for _, code, cefr in person.languages:
        yield "languages and levels", (code, cefr) in languages
    licences = {licence.value for licence in proposal.licences}
    for _, licence in person.licences:
        if licence:
            yield "licences", licence in licences
    diplomas = [(diploma.level, diploma.year) for diploma in proposal.diplomas]
    for _, level, year in person.diplomas:
        yield "diplomas with level and year", (level, year) in diplomas


def other_settings(proposer: Proposer, numbers: Iterable[int]) -> Iterator[Figure]:
    """Employers, towns and tasks of jobs set on the page in more ways than the files know, from plain lines."""
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for number in numbers:
        cv = set_cv(number)
        lines = tuple(Line(line) for line in cv.lines)
        proposal = proposer.propose(ReadDocument(kind=Kind.TEXT, lines=lines), TODAY)
        for field, good in judged_settings(cv, proposal):
            asked[field] += 1
            right[field] += good
    for field in asked:
        yield Figure(f"{field}, other settings", right[field] / asked[field], "")


def judged_settings(cv: SetCv, proposal: Proposal) -> Iterator[tuple[str, bool]]:
    """(field, whether it was proposed rightly) for the employer, town and tasks of each job."""
    for setting in cv.jobs:
        found = [one for one in proposal.experiences if same_dates(setting.job, one)]
        done = [flat(words) for _, words in setting.job.tasks]
        yield "employer", any(one.employer and flat(one.employer.value) == flat(setting.employer) for one in found)
        yield "town", any((one.place.value if one.place else "") == setting.town for one in found)
        yield "all tasks", any([flat(task.value) for task in one.tasks] == done for one in found)


def tasks(person: Person, proposal: Proposal) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """What was done as proposed, and as the CV tells it: (first month of the job, task)."""
    proposed = {(str(job.start), flat(task.value)) for job in proposal.experiences for task in job.tasks}
    return proposed, {(str(_moment(job.start)), flat(words)) for job in person.jobs for _, words in job.tasks}


def same_dates(job: Job, found: ProposedExperience) -> bool:
    """Whether an experience was proposed from and to the very months told."""
    return found.start == _moment(job.start) and found.end == (_moment(job.end) if job.end else None)


def shares(right: Counter[str], asked: Counter[str]) -> Iterator[Figure]:
    """Each field's share, then precision, recall and F1 of the skills and of the tasks."""
    for field in asked:
        if field.endswith((" proposed", " told")):
            continue
        share = right[field] / asked[field]
        aim = AIMS.get(field)
        yield Figure(field, share, "", f"at least {aim:.2f}" if aim else "", share >= aim if aim else None)
    for of in ("skills", "tasks"):
        precision = right[of] / max(asked[f"{of} proposed"], 1)
        recall = right[of] / max(asked[f"{of} told"], 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        yield Figure(f"{of}, precision", precision, "")
        yield Figure(f"{of}, recall", recall, "")
        aim = AIMS[f"{of} F1"]
        yield Figure(f"{of} F1", f1, "", f"at least {aim:.2f}", f1 >= aim)


def appellations(file: Path) -> Iterator[Figure]:
    """Official names of jobs, every trade alike, against the embedded wordings alone: few of them are embedded."""
    titles = Titles(load())
    with file.open(encoding="utf-8", newline="") as table:
        rows = [(row["libelle_appellation_long"], row["code_rome"]) for row in csv.DictReader(table)]
    sample = random.Random(1).sample(rows, min(2000, len(rows)))
    answers = [(code, [match.code for match in titles.best(next(halves(name)))]) for name, code in sample]
    named = [(code, found) for code, found in answers if found]
    yield Figure("official appellations, occupation found", sum(c in f[:1] for c, f in answers) / len(answers), "")
    yield Figure("official appellations, domain found", sum(c[:3] == f[0][:3] for c, f in named) / len(answers), "")
    yield Figure("official appellations, something proposed", len(named) / len(answers), "")


def _moment(month: Month) -> Moment:
    return Moment(*month)


if __name__ == "__main__":
    raise SystemExit(main())
