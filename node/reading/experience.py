"""Jobs: which occupation, from when to when, for whom and doing what.

Guarantees: pure. Dates make the jobs: each range of dates in the part about experience opens one. Its title is looked
for on the same line, then on the lines beside it, above or below as the CV's own habit has it.

Read next: `dates.py`, `job_titles.py`; `blocks.py` for employers and tasks.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from node.reading.blocks import Heading, told
from node.reading.contacts import tells_birth
from node.reading.dates import Period, length, lengths, periods
from node.reading.employers import Employers
from node.reading.job_titles import HIGHEST, SURE, choose, height_of_titles, line_above, title_in, titles_stand_above
from node.reading.lookups import Titles
from node.reading.phrases import Sentence, segments
from node.reading.proposals import ProposedExperience, ProposedOccupation, Spot
from node.reading.stems import StemMatch

_LAST_COUNTED: Final = 600
_JOBS_APART: Final = re.compile(r"\s*[,;|•]\s+|\t|\s+puis\s+")


def experiences(
    said: Sequence[Sentence], titles: Titles, employers: Employers, today: date, *, headed: bool = True
) -> list[ProposedExperience]:
    """The jobs told in these sentences, in their order. `headed`: whether a heading says that they are about jobs."""
    said = [one for sentence in said for one in _one_job_each(sentence, today)]
    found = _dated(said, titles, today)
    if not found:
        found = _undated(said, titles, today)
        if not headed:
            # A title below the name is what the person seeks, not a job with what follows for its tasks.
            return [job for _, job in found if job is not None]
    blocks = told(said, [head for head, _ in found], employers, headed=headed)
    return [
        replace(job, employer=block.employment.employer, place=block.employment.place, tasks=block.tasks)
        for (_, job), block in zip(found, blocks, strict=True)
        if job is not None
    ]


def _one_job_each(sentence: Sentence, today: date) -> list[Sentence]:
    """The sentence cut where it tells of several jobs, each with its own dates or its own length ("Maçon : 3 ans,
    cariste : 2 ans"); as it is where they cannot be told apart."""
    total = _marks(sentence.text, today)
    if total < 2:
        return [sentence]
    pieces = list(segments(sentence, _JOBS_APART))
    if [_marks(text, today) for text, _, _ in pieces].count(1) != total:
        return [sentence]
    # Dates stand before their job, or behind it.
    leads = _marks(pieces[0][0], today) == 1 and _marks(pieces[-1][0], today) == 0
    starts: list[int] = []
    opens = True
    for text, start, _ in pieces:
        marked = _marks(text, today) == 1
        if opens or (leads and marked):
            starts.append(start)
        opens = marked and not leads
    ends = [*starts[1:], len(sentence.text)]
    return [
        replace(sentence, text=" " * start + sentence.text[start:end].rstrip(" ,;|•\t"))
        for start, end in zip(starts, ends, strict=True)
    ]


def _marks(text: str, today: date) -> int:
    """How many periods a text tells, or else how many lengths."""
    return sum(not one.single for one in periods(text, today)) or lengths(text)


def _dated(said: Sequence[Sentence], titles: Titles, today: date) -> list[tuple[Heading, ProposedExperience | None]]:
    """A head for each period; no job when it has no title."""
    dated = [(index, _main_period(sentence, today)) for index, sentence in enumerate(said)]
    anchors = [(index, period) for index, period in dated if period is not None]
    if not anchors:
        return []
    height = height_of_titles(said, anchors[0][0], titles, today)
    above = titles_stand_above(said, anchors, height, titles, today)
    found: list[tuple[Heading, ProposedExperience | None]] = []
    for number, (index, period) in enumerate(anchors):
        before = anchors[number - 1][0] if number else -1
        after = anchors[number + 1][0] if number + 1 < len(anchors) else len(said)
        here = title_in(said[index], titles, today)
        over = line_above(said, index, height, before) if above else None
        below = [s for s in said[index + 1 : min(after - (height if above else 0), index + 3)] if not s.bulleted]
        title = choose(here, over, below, titles, today)
        if title is None:
            found.append((Heading(index, index, None), None))
            continue
        job = ProposedExperience(
            title=title.text,
            rome=title.match.code if title.match else "",
            label=titles.label(title.match.code) if title.match else "",
            appellation=_appellation(title.match, titles),
            start=period.start,
            end=period.end,
            months=min(period.months(today), _LAST_COUNTED),
            confidence=round(title.confidence * (0.7 if period.single else 1.0), 2),
            at=title.at,
        )
        found.append((Heading(index, _sentence_of(title.at, said, index), title.at), job))
    return found


def _sentence_of(at: Spot, said: Sequence[Sentence], near: int) -> int:
    """The index of the sentence in which a title stands, beside that of its dates."""
    around = range(max(0, near - HIGHEST), min(len(said), near + HIGHEST))
    return next(index for index in around if any(piece[1] == at.line for piece in said[index].pieces))


def occupations(
    jobs: Sequence[ProposedExperience],
    headlines: Sequence[tuple[StemMatch, Spot | None]],
    titles: Titles,
    today: date,
) -> list[ProposedOccupation]:
    """What the person seeks, first, then what was done last; each once, with its months."""
    found: dict[str, ProposedOccupation] = {}
    for match, at in headlines:
        if match.code not in found:
            found[match.code] = ProposedOccupation(
                rome=match.code,
                label=titles.label(match.code),
                appellation=_appellation(match, titles),
                months=_months(match.code, jobs, today),
                confidence=round(match.score, 2),
                at=at,
            )
    held = {job.rome: job for job in sorted(jobs, key=lambda job: job.confidence) if job.rome}
    rest = [
        ProposedOccupation(
            rome=rome,
            label=job.label,
            months=_months(rome, jobs, today),
            confidence=job.confidence,
            at=job.at,
            appellation=job.appellation,
        )
        for rome, job in held.items()
        if rome not in found
    ]
    latest = {rome: max(_until(job, today) for job in jobs if job.rome == rome) for rome in held}
    return [*found.values(), *sorted(rest, key=lambda one: (-latest[one.rome], -one.months, one.rome))]


def _appellation(match: StemMatch | None, titles: Titles) -> str:
    """The name that was matched, where the words are near enough to it to mean it and no other of the occupation."""
    return titles.appellation(match.code, match.label) if match is not None and match.score >= SURE else ""


def _months(rome: str, jobs: Sequence[ProposedExperience], today: date) -> int:
    """Months in an occupation: dated jobs laid over one another, then lengths without dates added."""
    dated = [job for job in jobs if job.rome == rome and job.start is not None and not job.end_unread]
    spans = sorted(
        Period(job.start, job.end, 0, 0, job.start == job.end).bounds(today) for job in dated if job.start is not None
    )
    total, covered = 0, -1
    for first, last in spans:
        total += max(0, last - max(first, covered + 1) + 1)
        covered = max(covered, last)
    total += sum(job.months for job in jobs if job.rome == rome and job.start is None)
    return min(total, _LAST_COUNTED)


def _until(job: ProposedExperience, today: date) -> int:
    """The last month of a job, 0 when no date is told."""
    end = job.start if job.end_unread else job.end
    return Period(job.start, end, 0, 0).bounds(today)[1] if job.start else 0


def _main_period(sentence: Sentence, today: date) -> Period | None:
    if tells_birth(sentence.text):
        return None
    found = periods(sentence.text, today)
    ranges = [period for period in found if not period.single]
    if ranges:
        return ranges[0]
    # A lone year opens a job only at a line's edge: "2019 : maçon", "Maçon (2019)".
    for period in found:
        if period.first <= 3 or period.last >= len(sentence.text) - 2:
            return period
    return None


def _undated(said: Sequence[Sentence], titles: Titles, today: date) -> list[tuple[Heading, ProposedExperience | None]]:
    """Jobs told without dates ("Maçon, 3 ans")."""
    found: list[tuple[Heading, ProposedExperience | None]] = []
    for index, sentence in enumerate(said):
        title = title_in(sentence, titles, today)
        if title is None or title.match is None or title.confidence < SURE or sentence.bulleted:
            continue
        job = ProposedExperience(
            title=title.text,
            rome=title.match.code,
            label=titles.label(title.match.code),
            appellation=_appellation(title.match, titles),
            start=None,
            end=None,
            months=length(sentence.text),
            confidence=round(title.confidence * 0.7, 2),
            at=title.at,
        )
        found.append((Heading(index, index, title.at), job))
    return found
