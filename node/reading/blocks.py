"""Which lines of a CV belong to which job: its head, with the employer, and what was done.

Guarantees: pure and bounded; a line belongs to one job at most, and what comes out fits a job's fields; lines that tell
how to reach the person belong to none. Where a CV gives the employer a line of its own, above the title or below it,
all its jobs are read alike: the habit is found by looking at all of them.

Read next: `employers.py`, which reads the heads; `experience.py`, which finds titles and dates.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from node.kit.clean_text import is_line
from node.mission.people.rules import MAX_LINE
from node.reading.contacts import tells_street
from node.reading.employers import Employers, Employment
from node.reading.organisations import NameLikeness, judge_name, says_deeds
from node.reading.phrases import Sentence, segments
from node.reading.proposals import Proposed, Spot

MOST_TASKS: Final = 20
"""More than that for one job is a part of the CV that was not understood."""
_LONGEST_HEAD: Final = 90
_MOST_FACTS: Final = 2
_ITEM: Final = re.compile(r"\t\s*[•◦▪■●*·-]?\s*|\s+[•◦▪■●]\s+|\s*;\s+|^\s*[•◦▪■●]\s+")
_STOP: Final = re.compile(r"(?<=\w\w\w[.!?])\s+(?=[A-ZÀ-Ý])")


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a job is told: the sentence with its dates, the sentence with its title, and that title's place. Indexes
    of sentences, the same for both when there are no dates or no title."""

    anchor: int
    title: int
    at: Spot | None

    @property
    def first(self) -> int:
        """The upper one of the two."""
        return min(self.anchor, self.title)

    @property
    def last(self) -> int:
        """The lower one of the two."""
        return max(self.anchor, self.title)


@dataclass(frozen=True, slots=True)
class Said:
    """What is told of one job beside its title and dates."""

    employment: Employment
    tasks: tuple[Proposed[str], ...] = ()


def fitting(text: str) -> str:
    """A text as one line of a job holds it, without its bullet, cut between words if need be; empty when it cannot."""
    text = " ".join(text.split()).lstrip(" .-–—•").rstrip(" ;,(|")
    if not is_line(text):
        return ""
    return text if len(text) <= MAX_LINE else f"{text[: MAX_LINE - 1].rpartition(' ')[0] or text[: MAX_LINE - 1]}…"


def told(said: Sequence[Sentence], heads: Sequence[Heading], employers: Employers, *, headed: bool) -> list[Said]:
    """What the sentences tell of each job, in the order of `heads`. `headed`: whether a heading says that the
    sentences are about jobs."""
    read = [employers.read(said[head.first : head.last + 1], head.at) for head in heads]
    spans = [(head.first, head.last + 1) for head in heads]
    lacking = [number for number, one in enumerate(read) if one.employer is None]

    def lines_of(line: Callable[[int], int | None]) -> dict[int, int]:
        """Of the jobs without employer, the line that may be the employer's, where there is one."""
        wanted = {number: index for number in lacking if (index := line(number)) is not None}
        return {number: index for number, index in wanted.items() if _may_be_head(said[index], employers)}

    above = lines_of(lambda number: _free_above(number, spans))
    below = lines_of(lambda number: _free_below(number, spans, len(said)))
    # The first job tells the habit best: no other job's tasks stand above it.
    for_above = _votes(said, above, employers) + (1 if headed and lacking and lacking[0] in above else -4)
    for_below = _votes(said, below, employers)
    chosen = above if for_above > max(0, for_below) else below if for_below > 0 else {}
    for number, index in chosen.items():
        if employers.judge(said[index]) >= NameLikeness.NAME:
            first, last = spans[number]
            spans[number] = first, last = min(first, index), max(last, index + 1)
            read[number] = employers.read(said[first:last], heads[number].at, named=said[index])
    return list(_with_tasks(said, heads, spans, read, employers, headed))


def _with_tasks(
    said: Sequence[Sentence],
    heads: Sequence[Heading],
    spans: Sequence[tuple[int, int]],
    read: Sequence[Employment],
    employers: Employers,
    headed: bool,
) -> Iterator[Said]:
    for number, employment in enumerate(read):
        first, last = spans[number]
        until = spans[number + 1][0] if number + 1 < len(spans) else len(said)
        known = last
        while known < min(until, last + _MOST_FACTS) and _says_facts(said[known], employers):
            known += 1
        if known > last and employment.place is None:
            further = employers.read(said[first:known], heads[number].at)
            employment = replace(employment, place=further.place)
        lines = said[known:until]
        if not headed:
            lines = _surely_of_job(lines, last=number + 1 == len(spans))
        body = [line for line in lines if not (employers.is_private(line) or tells_street(line.text))]
        deeds = itertools.chain(employment.deeds, ((line, 0, len(line.text)) for line in body))
        tasks = itertools.chain.from_iterable(_tasks(*deed) for deed in deeds)
        yield Said(employment, tuple(itertools.islice(tasks, MOST_TASKS)))


def _surely_of_job(lines: Sequence[Sentence], *, last: bool) -> Sequence[Sentence]:
    """Without headings, what follows a job may be anything: what stands up to the end of its bullets is the job's."""
    bullets = [number for number, line in enumerate(lines) if line.bulleted]
    if not bullets:
        return () if last else lines
    end = next((n for n in range(bullets[0], len(lines)) if not lines[n].bulleted), len(lines))
    return lines[:end] if not last else lines[bullets[0] : end]


def _free_above(number: int, spans: Sequence[tuple[int, int]]) -> int | None:
    line = spans[number][0] - 1
    return line if line >= (spans[number - 1][1] if number else 0) else None


def _free_below(number: int, spans: Sequence[tuple[int, int]], count: int) -> int | None:
    line = spans[number][1]
    return line if line < (spans[number + 1][0] if number + 1 < len(spans) else count) else None


def _may_be_head(line: Sentence, employers: Employers) -> bool:
    short = len(line.text) <= _LONGEST_HEAD and not says_deeds(line.text)
    return short and not line.bulleted and not employers.is_private(line)


def _votes(said: Sequence[Sentence], lines: dict[int, int], employers: Employers) -> int:
    """How much these lines look like employers rather than like tasks."""
    votes = 0
    for index in lines.values():
        like = employers.judge(said[index])
        bullets_follow = index + 1 < len(said) and said[index + 1].bulleted
        # A capital alone opens any line.
        sure = bullets_follow or len(said[index].text.split()) > 1 or said[index].text.isupper()
        votes += -1 if like < NameLikeness.NAME else int(like) if like is NameLikeness.ORGANISATION or sure else 0
    return votes


def _says_facts(line: Sentence, employers: Employers) -> bool:
    return _may_be_head(line, employers) and employers.says_terms_only(line)


def _tasks(line: Sentence, first: int, last: int) -> Iterator[Proposed[str]]:
    """What a line says was done, item by item, without "Missions :" before it."""
    start = max(first, says_deeds(line.text)) if first == 0 else first
    rest = Sentence(" " * start + line.text[start:last], line.pieces, line.bulleted, line.column, line.size)
    for _, begin, end in segments(rest, _ITEM):
        whole = Sentence(" " * begin + rest.text[begin:end], line.pieces, line.bulleted, line.column, line.size)
        for text, start, stop in segments(whole, _STOP):
            if len(task := fitting(text)) > 2 and judge_name(text) is not NameLikeness.TERMS:
                yield Proposed(task, 0.8 if line.bulleted else 0.6, line.place(start, stop))
