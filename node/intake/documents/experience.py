"""Jobs: which occupation, from when to when.

Guarantees: pure. Dates make the jobs: each range of dates in the part about experience opens one. Its title is looked
for on the same line, then on the lines beside it, above or below as the CV's own habit has it.

Read next: `dates.py`, `lookups.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from node.intake.documents.dates import Period, length, periods
from node.intake.documents.lookups import Titles
from node.intake.documents.phrases import Sentence, segments
from node.intake.documents.proposals import Place, ProposedExperience, ProposedOccupation
from node.intake.documents.stems import Match

_CUT: Final = re.compile(r"\t|\s*[,;|:•()]\s*|\s+[-–—/]+\s+|\s+(?:chez|au sein d[eu']|pour le compte d[eu'])\s+|\.\s")
_SOUGHT: Final = re.compile(
    r"^(?:(?:je |en )?(?:suis |à la )?(?:recherche|cherche|souhaite|candidature|objectif|projet)\w*\W+)"
    r"(?:d['’]|de |pour |comme |en tant que )?(?:un |une |mon )?(?:nouvel |nouveau )?"
    r"(?:poste|emploi|travail|place|métier)?\s*(?:d['’]|de |en tant que |comme |en )?",
    re.IGNORECASE,
)
_LONGEST_TITLE: Final = 9
_LAST_COUNTED: Final = 600
_SURE: Final = 0.75
_BETTER: Final = 0.25


@dataclass(frozen=True, slots=True)
class _Title:
    text: str
    match: Match | None
    at: Place
    confidence: float


def experiences(said: Sequence[Sentence], titles: Titles, today: date) -> list[ProposedExperience]:
    """The jobs told in these sentences, in their order."""
    dated = [(index, _main_period(sentence, today)) for index, sentence in enumerate(said)]
    anchors = [(index, period) for index, period in dated if period is not None]
    if not anchors:
        return _undated(said, titles, today)
    above = _titles_stand_above(said, anchors, titles, today)
    found = []
    for number, (index, period) in enumerate(anchors):
        before = anchors[number - 1][0] if number else -1
        after = anchors[number + 1][0] if number + 1 < len(anchors) else len(said)
        here = _title_in(said[index], titles, today)
        beside = [said[index - 1]] if above and index - 1 > before else []
        beside += [s for s in said[index + 1 : min(after - (1 if above else 0), index + 3)] if not s.bulleted]
        title = _choose(here, beside, above, titles, today)
        if title is None:
            continue
        found.append(
            ProposedExperience(
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
        )
    return found


def occupations(
    jobs: Sequence[ProposedExperience], headlines: Sequence[tuple[Match, Place | None]], titles: Titles, today: date
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


def title_of(sentence: Sentence, titles: Titles, today: date) -> tuple[Match, Place] | None:
    """The occupation that a line names, in whichever of its parts."""
    title = _title_in(sentence, titles, today)
    return (title.match, title.at) if title is not None and title.match is not None else None


def _appellation(match: Match | None, titles: Titles) -> str:
    """The name that was matched, where the words are near enough to it to mean it and no other of the occupation."""
    return titles.appellation(match.code, match.label) if match is not None and match.score >= _SURE else ""


def _months(rome: str, jobs: Sequence[ProposedExperience], today: date) -> int:
    """Months in an occupation: dated jobs laid over one another, then lengths without dates added."""
    spans = sorted(
        Period(job.start, job.end, 0, 0, job.start == job.end).bounds(today)
        for job in jobs
        if job.rome == rome and job.start is not None
    )
    total, covered = 0, -1
    for first, last in spans:
        total += max(0, last - max(first, covered + 1) + 1)
        covered = max(covered, last)
    total += sum(job.months for job in jobs if job.rome == rome and job.start is None)
    return min(total, _LAST_COUNTED)


def _until(job: ProposedExperience, today: date) -> int:
    """The last month of a job, 0 when no date is told."""
    return Period(job.start, job.end, 0, 0).bounds(today)[1] if job.start else 0


def _main_period(sentence: Sentence, today: date) -> Period | None:
    found = periods(sentence.text, today)
    ranges = [period for period in found if not period.single]
    if ranges:
        return ranges[0]
    # A lone year opens a job only at a line's edge: "2019 : maçon", "Maçon (2019)".
    for period in found:
        if period.first <= 3 or period.last >= len(sentence.text) - 2:
            return period
    return None


def _without_dates(sentence: Sentence, today: date) -> Sentence:
    """The sentence with its dates, and "recherche un poste de", blanked out, every offset kept."""
    text = _SOUGHT.sub(lambda match: "|" * len(match[0]), sentence.text)
    for period in periods(text, today):
        text = text[: period.first] + "|" * (period.last - period.first) + text[period.last :]
    return Sentence(text, sentence.pieces, sentence.bulleted, sentence.column, sentence.size)


def _title_in(sentence: Sentence, titles: Titles, today: date) -> _Title | None:
    """The part of a line that names an occupation best, else its first part of words."""
    first: _Title | None = None
    best: _Title | None = None
    for part, start, end in segments(_without_dates(sentence, today), _CUT):
        words = part.split()
        if len(words) > _LONGEST_TITLE or not any(len(word) > 2 and word[0].isalpha() for word in words):
            continue
        match = next(iter(titles.best(part, 1)), None)
        title = _Title(part, match, sentence.place(start, end), round(match.score if match else 0.0, 2))
        first = first or title
        # What stands first is the title rather than the employer.
        if match and (best is None or title.confidence > best.confidence + _BETTER):
            best = title
    return best or (first and _Title(first.text, None, first.at, 0.3))


def _choose(here: _Title | None, beside: Sequence[Sentence], above: bool, titles: Titles, today: date) -> _Title | None:
    over = _title_in(beside[0], titles, today) if above and beside else None
    if over is not None and over.match is not None and over.confidence >= _SURE:
        return over
    if here is not None and here.match is not None and here.confidence >= _SURE:
        return here
    others = [title for sentence in beside if (title := _title_in(sentence, titles, today)) is not None]
    best = max(others, key=lambda title: title.confidence if title.match else 0.0, default=None)
    if here is None or best is None or best.match is None:
        return here or best
    # What stands beside the dates must be far better to win over what stands with them.
    return best if here.match is None or best.confidence > here.confidence + _BETTER else here


def _titles_stand_above(
    said: Sequence[Sentence], anchors: Sequence[tuple[int, Period]], titles: Titles, today: date
) -> bool:
    """Whether this CV writes the title first and the dates on the line below."""
    votes = 0
    for index, _ in anchors:
        here = title_of(said[index], titles, today)
        over = title_of(said[index - 1], titles, today) if index and not said[index - 1].bulleted else None
        under = title_of(said[index + 1], titles, today) if index + 1 < len(said) else None
        if here is None or here[0].score < _SURE:
            votes += (over[0].score if over else 0.0) > (under[0].score if under else 0.0)
            votes -= (over[0].score if over else 0.0) < (under[0].score if under else 0.0)
    return votes > 0 or (votes == 0 and anchors[0][0] > 0)


def _undated(said: Sequence[Sentence], titles: Titles, today: date) -> list[ProposedExperience]:
    """Jobs told without dates ("Maçon, 3 ans")."""
    found = []
    for sentence in said:
        title = _title_in(sentence, titles, today)
        if title is None or title.match is None or title.confidence < _SURE or sentence.bulleted:
            continue
        found.append(
            ProposedExperience(
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
        )
    return found
