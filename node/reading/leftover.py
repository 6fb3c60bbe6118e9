"""What a document says that became no field: shown beside the form, so that nothing is lost without a word.

Guarantees: pure and bounded; headings, dates alone, and whatever a proposed value was read from are left out, and so
are streets and civil status, for which a person's file has no place. Read next: `proposing.py`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Final

from node.reading import levels
from node.reading.contacts import tells_birth, tells_street
from node.reading.dates import blanked
from node.reading.phrases import Sentence, segments, sentences
from node.reading.proposals import Proposal, Spot
from node.reading.sections import Part, Section, heading
from node.reading.shapes import Line
from node.reading.words import flat

MOST: Final = 30
_LONGEST: Final = 120
_ITEM: Final = re.compile(r"\t|\s*[,;|•]\s*|\s+/\s+|\.\s|\s+[-–—]\s+")
# What a person did is told in sentences: a comma parts nothing there.
_WHOLE: Final = frozenset({Section.EXPERIENCE, Section.EDUCATION, Section.PROFILE, Section.TOP})
_LAST: Final = frozenset({Section.OTHER, Section.PROFILE, Section.TOP, Section.CONTACT})
_WORD: Final = re.compile(r"[^\W\d_]{2}")
_NOTHING: Final = re.compile(
    r"\W*(?:cv|curriculum(?: vitae)?|e-?mail|courriel|mail|mel|telephone|tel|portable|mobile|adresse|age|"
    r"contacts?|page \d+.*|(?:\d\d ans\W*)|(?:celibataire|mariee?|divorcee?|pacsee?|concubinage|veuf|veuve)\b.*|"
    r"nationalite\b.*|(?:\d+|un|une|deux|trois|quatre) enfants?\b.*)\W*"
)


def leftover(
    lines: Sequence[Line], cut: Iterable[Part], claimed: Iterable[Spot | None], today: date
) -> tuple[str, ...]:
    """The items of the document that no place of `claimed` touches, in their order, `MOST` at most: of a long CV, what
    tells about work before what tells about the person."""
    taken: dict[int, list[Spot]] = {}
    for at in claimed:
        if at is not None:
            taken.setdefault(at.line, []).append(at)
    found: list[tuple[bool, int, str]] = []
    for part in cut:
        for sentence in sentences(lines, part.lines):
            if any(heading(lines[piece[1]].text) is not None for piece in sentence.pieces):
                continue
            for text in _items(sentence, part.section, taken):
                if _says_something(text, today):
                    found.append((part.section in _LAST, len(found), _shortened(text)))
    kept = sorted(islice(sorted(found), MOST), key=lambda one: one[1])
    return tuple(dict.fromkeys(text for _, _, text in kept))


def places(proposal: Proposal) -> Iterator[Spot | None]:
    """Where the values of a proposal were read."""
    named = (proposal.first_name, proposal.last_name, proposal.email, proposal.phone, proposal.commune)
    yield from (one.at for one in (*named, proposal.birth_date, proposal.vehicle) if one is not None)
    for job in proposal.experiences:
        yield job.at
        yield from (told.at for told in (job.employer, job.place, *job.tasks) if told is not None)
    lists = (proposal.occupations, proposal.languages, proposal.licences, proposal.diplomas)
    yield from (one.at for found in lists for one in found)


def _items(sentence: Sentence, section: Section, taken: dict[int, list[Spot]]) -> Iterator[str]:
    whole = section in _WHOLE and "\t" not in sentence.text
    if whole or (section is Section.EXPERIENCE and _touched(sentence, 0, len(sentence.text), taken)):
        if not _touched(sentence, 0, len(sentence.text), taken):
            yield sentence.text.strip()
        return
    for text, start, end in segments(sentence, _ITEM):
        if not _touched(sentence, start, end, taken):
            yield text


def _touched(sentence: Sentence, start: int, end: int, taken: dict[int, list[Spot]]) -> bool:
    """Whether a value was read from this part of a sentence, on whichever of its lines."""
    for offset, line, shift, length in sentence.pieces:
        first, last = max(start, offset) - offset + shift, min(end, offset + length) - offset + shift
        if first < last and any(at.start < last and first < at.end for at in taken.get(line, ())):
            return True
    return False


def _says_something(text: str, today: date) -> bool:
    """More than dates, labels, and what was read elsewhere in the document already."""
    if _WORD.search(blanked(text, today)) is None or _NOTHING.fullmatch(flat(text)):
        return False
    if tells_street(text) or tells_birth(text) or levels.vehicle(text) is not None:
        return False
    return not any(levels.licences(text, expected=False)) and not any(levels.languages(text, expected=False))


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
