"""A read document -> what it seems to say about a person.

Guarantees: pure and bounded; never raises on whatever text; nothing is proposed that the text does not show (an
e-mail's sender apart). `Proposer` is built once for a referential and shared between threads.

Read next: `sections.py`, `phrases.py`, then the reader of each kind of field: `contacts.py`, `names.py`,
`experience.py`, `levels.py`, `lookups.py`.
"""

import itertools
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from msgspec import structs

from node.reading import contacts, levels, names
from node.reading.choosing import by_likelihood
from node.reading.employers import Employers
from node.reading.experience import experiences, occupations
from node.reading.job_titles import title_of
from node.reading.json_resume import read_resume
from node.reading.leftover import leftover, places
from node.reading.lookups import OccupationLookup, SkillPhrases, Titles
from node.reading.phrases import Sentence, segments, sentences
from node.reading.proposals import (
    Proposal,
    Proposed,
    ProposedDiploma,
    ProposedExperience,
    ProposedLanguage,
    ProposedOccupation,
    Remark,
    Spot,
)
from node.reading.sections import Part, Section, parts
from node.reading.shapes import Kind, Line, ReadDocument
from node.reading.stems import StemMatch
from node.referential import Referential

_ITEM: Final = re.compile(r"\t|\s*[,;|•]\s*|\s+/\s+|\.\s|\s+[-–—]\s+|\s*:\s+")
_LONGEST_PHRASE: Final = 14
_MOST_SKILLS: Final = 40
_MOST_LINES: Final = 600
_MOST_CHARACTERS: Final = 40_000
_HEADLINE: Final = 0.7
_LONGEST_HEADLINE: Final = 90
_CONTACT: Final = re.compile(
    r"@|(?:\d\W*){5}|\b(?:rue|avenue|boulevard|allée|impasse|place|résidence|bât|quartier|t[ée]l|mail)\b",
    re.IGNORECASE,
)
_CERTIFIED: Final = re.compile(r"CACES|FIMO|FCO|SST|ADR|habilitation|AIPR|PSC", re.IGNORECASE)
_WANTED: Final = re.compile(r"recherche|poste (?:vise|souhaite)|objectif|souhait|projet|candidat")


class Proposer:
    """Proposes fields from documents. `further`: a search over more names of occupations than the referential's.

    Made anew when the referential changes: half a second with all of ROME imported.
    """

    def __init__(self, referential: Referential, further: OccupationLookup | None = None) -> None:
        self._referential = referential
        self._titles = Titles(referential, further)
        self._skills = SkillPhrases(referential)

    def propose(self, document: ReadDocument, today: date) -> Proposal:
        """What the document says. Of an e-mail, its likeliest CV (choosing.py), with the sender's address if need
        be."""
        if document.kind is Kind.EMAIL:
            return self._from_email(document, today)
        if document.kind is Kind.JSON_RESUME:
            return read_resume(document.resume, self._referential, self._titles, self._skills, today)
        return self._from_lines(document, today)

    def _from_email(self, message: ReadDocument, today: date) -> Proposal:
        likely = by_likelihood(message.attachments)
        read = [one.document for one in likely if one.document is not None and one.document.lines]
        proposal = self.propose(read[0], today) if read else self._from_lines(message, today)
        return by_message(proposal, message.sender, len(read))

    def _from_lines(self, document: ReadDocument, today: date) -> Proposal:
        if not document.lines:
            # What nobody could read lacks nothing: its problem says what to do.
            return Proposal()
        document = structs.replace(document, lines=_beginning(document.lines))
        lines = document.lines
        cut = parts(lines)
        tops = [index for part in cut if part.section in (Section.TOP, Section.CONTACT) for index in part.lines]
        # Without headings, or with the name below a side column, the beginning of each column is looked at too.
        tops += [part.lines[0] for part in cut if part.section not in (Section.TOP, Section.CONTACT)]
        tops += [i for i, line in enumerate(lines) if line.size > 1.5 or (i and line.column != lines[i - 1].column)]
        tops += range(min(6, len(lines)))
        mail = contacts.email(lines)
        phone = contacts.phone(lines)
        place = contacts.commune(lines, tops, self._referential.communes)
        born, impossible = contacts.birth_date(lines, today)
        name = names.name(lines, tops, mail.value if mail else "", lambda text: bool(self._titles.best(text, 1)))
        private = [one.at for one in (mail, phone, place.commune, name and name.first) if one and one.at]
        taken = {at.line for at in private}
        jobs = self._jobs(document, cut, private, today)
        headlines = self._headlines(document, cut, name, taken, today)
        trades = occupations(jobs, headlines, self._titles, today)
        remarks = [
            remark
            for remark, present in (
                (Remark.BIRTH_IN_FUTURE, impossible),
                (Remark.UNKNOWN_POSTAL_CODE, place.unknown_postal_code),
                (Remark.NO_CONTACT, mail is None and phone is None),
                (Remark.NO_NAME, name is None or name.first.confidence < 0.5),
            )
            if present
        ]
        claimed: list[Spot | None] = []
        skills = tuple(self._skills_told(document, cut, trades, jobs, claimed))
        proposal = Proposal(
            first_name=name.first if name else None,
            last_name=name.last if name else None,
            email=mail,
            phone=phone,
            commune=place.commune,
            birth_date=born,
            occupations=tuple(trades),
            experiences=tuple(jobs),
            skills=skills,
            languages=tuple(_languages(document, cut)),
            licences=tuple(_licences(document, cut)),
            vehicle=_vehicle(document, cut),
            diplomas=tuple(_diplomas(document, cut)),
            remarks=tuple(remarks),
        )
        return replace(proposal, unread=leftover(lines, cut, [*claimed, *places(proposal)], today))

    def _jobs(
        self, document: ReadDocument, cut: Sequence[Part], private: Sequence[Spot], today: date
    ) -> list[ProposedExperience]:
        told = [part for part in cut if part.section is Section.EXPERIENCE]
        headed = bool(told)
        if not told:
            told = [part for part in cut if part.section in (Section.TOP, Section.PROFILE, Section.OTHER)]
        employers = Employers(self._titles, self._referential.communes, today, private)
        found: list[ProposedExperience] = []
        for part in told:
            said = sentences(document.lines, part.lines)
            found.extend(experiences(said, self._titles, employers, today, headed=headed))
        return found

    def _headlines(
        self,
        document: ReadDocument,
        cut: Sequence[Part],
        name: names.NameFound | None,
        taken: Container[int],
        today: date,
    ) -> list[tuple[StemMatch, Spot]]:
        """Occupations named at the top of a page or column, or where the person says what is sought.

        `taken`: lines of contacts.
        """
        named = name.first.at.line if name and name.first.at else -1
        # The line below the name, whichever part it fell into.
        below = [index for index in (named + 1, named + 2) if 0 < index < len(document.lines)]
        # The line above the jobs' heading may open the main column, and have fallen into the part before.
        below += [b.lines[-1] for b, a in itertools.pairwise(cut) if a.section is Section.EXPERIENCE]
        said = sentences(document.lines, below)
        for part in cut:
            if part.section in (Section.TOP, Section.PROFILE):
                said += [s for s in sentences(document.lines, part.lines) if s.line != named and s.line not in below]
        found = []
        for sentence in said:
            if sentence.line in taken or len(sentence.text) > _LONGEST_HEADLINE or _CONTACT.search(sentence.text):
                continue
            title = title_of(sentence, self._titles, today)
            wanted = _WANTED.search(sentence.text.lower()) is not None
            if title and title[0].score >= (_HEADLINE - 0.1 * wanted):
                found.append((not wanted, title))
        return [title for _, title in sorted(found, key=lambda pair: pair[0])]

    def _skills_told(
        self,
        document: ReadDocument,
        cut: Sequence[Part],
        trades: Sequence[ProposedOccupation],
        jobs: Sequence[ProposedExperience],
        claimed: list[Spot | None],
    ) -> Iterable[Proposed[str]]:
        """Each skill once, where it is surest; `claimed` takes the places of all, those told twice too."""
        held = {trade.rome for trade in trades}
        titles = [job.at for job in jobs if job.at] + [trade.at for trade in trades if trade.at]
        footprint = self._referential.skills.footprint
        best: dict[str, Proposed[str]] = {}
        for part in cut:
            if part.section not in (
                Section.SKILLS,
                Section.EXPERIENCE,
                Section.PROFILE,
                Section.LICENCES,
            ):
                continue
            for sentence in sentences(document.lines, part.lines):
                for phrase, start, end in _phrases(sentence):
                    if part.section is Section.LICENCES and not _CERTIFIED.search(phrase):
                        continue
                    at = sentence.place(start, end)
                    if any(_overlap(at, title) for title in titles):
                        continue
                    match = self._skills.best(phrase, lambda code: not held.isdisjoint(footprint(code)))
                    if match is None:
                        continue
                    claimed.append(at)
                    sure = round(match.score * (1.0 if part.section is Section.SKILLS else 0.9), 2)
                    if match.code not in best or sure > best[match.code].confidence:
                        best[match.code] = Proposed(match.code, sure, at)
        return sorted(best.values(), key=lambda one: (-one.confidence, one.value))[:_MOST_SKILLS]


def _overlap(one: Spot, other: Spot) -> bool:
    return one.line == other.line and one.start < other.end and other.start < one.end


def _beginning(lines: Sequence[Line]) -> tuple[Line, ...]:
    """As much as a long CV holds: this runs in the process that serves pages."""
    total = itertools.accumulate(len(line.text) for line in lines[:_MOST_LINES])
    return tuple(line for line, characters in zip(lines, total, strict=False) if characters <= _MOST_CHARACTERS)


def _phrases(sentence: Sentence) -> Iterable[tuple[str, int, int]]:
    """The items of a line, and the line itself when it is short."""
    items = list(segments(sentence, _ITEM))
    if len(items) > 1 and len(sentence.text.split()) <= _LONGEST_PHRASE:
        yield sentence.text.strip(), 0, len(sentence.text)
    for phrase, start, end in items:
        if len(phrase) > 2 and len(phrase.split()) <= _LONGEST_PHRASE:
            yield phrase, start, end


def _told(document: ReadDocument, cut: Sequence[Part]) -> Iterable[tuple[Section, Sentence]]:
    for part in cut:
        for sentence in sentences(document.lines, part.lines):
            yield part.section, sentence


def _languages(document: ReadDocument, cut: Sequence[Part]) -> Iterable[ProposedLanguage]:
    found: dict[str, ProposedLanguage] = {}
    for section, sentence in _told(document, cut):
        expected = section is Section.LANGUAGES
        if section is Section.EXPERIENCE:
            continue
        for code, level, start, end in levels.languages(sentence.text, expected=expected):
            confidence = (0.9 if expected else 0.7) if level else 0.5
            if code not in found or (level and not found[code].level):
                at = sentence.place(start, end)
                found[code] = ProposedLanguage(code=code, level=level, confidence=confidence, at=at)
    return found.values()


def _licences(document: ReadDocument, cut: Sequence[Part]) -> Iterable[Proposed[str]]:
    found: dict[str, Proposed[str]] = {}
    for section, sentence in _told(document, cut):
        for category, start, end in levels.licences(sentence.text, expected=section is Section.LICENCES):
            found.setdefault(category, Proposed(category, 0.95, sentence.place(start, end)))
    # A heading such as "Permis B" says it by itself.
    for index, line in enumerate(document.lines):
        for category, start, end in levels.licences(line.text, expected=False):
            found.setdefault(category, Proposed(category, 0.9, Spot(index, start, end)))
    return found.values()


def _vehicle(document: ReadDocument, cut: Sequence[Part]) -> Proposed[bool] | None:
    skipped = {i for p in cut if p.section in (Section.EXPERIENCE, Section.EDUCATION) for i in p.lines}
    for index, line in enumerate(document.lines):
        if index not in skipped and (span := levels.vehicle(line.text)):
            return Proposed(True, 0.8, Spot(index, *span))
    return None


def _diplomas(document: ReadDocument, cut: Sequence[Part]) -> Iterable[ProposedDiploma]:
    for section, sentence in _told(document, cut):
        if section is not Section.EDUCATION:
            continue
        if told := levels.diploma(sentence.text):
            at = sentence.place(0, len(sentence.text))
            words = _without_year(sentence.text, told[1])[:200]
            yield ProposedDiploma(words=words, level=told[0], year=told[1], confidence=0.85, at=at)


def _without_year(text: str, year: int) -> str:
    """The words of a diploma; a year at either end has its own field."""
    bare = re.sub(rf"^\s*{year}\s*[:,–—-]*\s*|[\s,:(–—-]*\b{year}\)?[\s.]*$", "", text) if year else text
    return bare or text


def by_message(proposal: Proposal, sender: str, texts: int) -> Proposal:
    """The proposal of a file that came by a message: with the sender's address where it names none, and a remark where
    the message brought several files with a text."""
    if proposal.email is None and sender:
        remarks = tuple(one for one in proposal.remarks if one is not Remark.NO_CONTACT)
        proposal = replace(proposal, email=Proposed(sender.lower(), 0.6), remarks=remarks)
    if texts > 1:
        proposal = replace(proposal, remarks=(*proposal.remarks, Remark.SEVERAL_CVS))
    return proposal
