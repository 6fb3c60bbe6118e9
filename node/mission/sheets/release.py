"""What peers may see of candidates: one release of class sheets a week, by four rules.

1. Every class has at least k living, consenting people, each counted once, at the occupation sought first.
2. A sheet holds its label, a bucket, and a profile: what at least three members had when it was computed.
3. Every label is a node of the public tree; a skill is shown only when it stands in every occupation of the class's
   region, so that a profile says nothing more about the occupation.
4. Whole releases alone, on a weekly tick, never in answer to an event; a profile is computed again only after k joins
   or leaves, even when the class was absent in between.

Guarantees: a release is the same whoever is withheld (a test removes them); `check_release` verifies all rules by a way
of its own and is called by the code that signs. What remains: a class that appears or goes shows that its occupation
crossed k within a week; k people do not hide what they all share; whoever knows all members but one may learn something
of that one. `RiskReport.on_edge` names the classes where one person more or less would show.

Why it is so, and what remains: docs/decisions/class-sheets.md. Read next: `rules.py`, the check;
`occupation_tree.py`, the labels; `protocol/messages/sheets.py`, the message.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from node.mission.people.candidate import Candidate
from node.mission.sheets.occupation_tree import climb, label_of, least_people, regions
from node.mission.sheets.ports import ClassMembers
from node.mission.sheets.rules import (
    HELD_BY,
    K,
    RuleBroken,
    bucket,
    check_release,
    first_occupation,
    is_current,
    last_tick,
    on_edge,
    outlives,
    release_due,
)
from node.mission.terms import Contract
from node.referential import Referential, Skills
from protocol import wire_json
from protocol.messages import SheetsReleased
from protocol.messages.sheets import Sheet

__all__ = [
    "HELD_BY",
    "Release",
    "RiskReport",
    "RuleBroken",
    "WithheldGroup",
    "build_release",
    "check_release",
    "last_tick",
    "release_due",
]

MAX_SKILLS: Final = 200
MAX_LANGUAGES: Final = 50
_LANGUAGE: Final = re.compile("[a-z]{2}")

WithheldReason = Literal["too_few", "unknown_occupation", "no_occupation"]


@dataclass(frozen=True, slots=True)
class WithheldGroup:
    """People of one occupation who may be published and are not, and why. Shown at home only."""

    occupation: str
    reason: WithheldReason
    count: int


@dataclass(frozen=True, slots=True)
class RiskReport:
    """What the release would tell. `sizes` are exact and stay at home; `on_edge` are the classes that one person more
    or less would change."""

    people: int
    published: int
    sizes: Mapping[str, int]
    on_edge: tuple[str, ...]

    @property
    def withheld_share(self) -> int:
        """Percent of the people who may be published that are in no class."""
        return 100 * (self.people - self.published) // self.people if self.people else 0

    @property
    def worst_case(self) -> int:
        """The best chance, in percent, to guess who of a class a statement is about: one over the smallest class."""
        return 100 // min(self.sizes.values()) if self.sizes else 0


@dataclass(frozen=True, slots=True)
class Release:
    """A release as built: the message, and what stays at home."""

    message: SheetsReleased
    members: tuple[ClassMembers, ...]
    withheld: tuple[WithheldGroup, ...]
    report: RiskReport


def build_release(
    candidates: Iterable[Candidate],
    previous: Iterable[ClassMembers],
    referential: Referential,
    *,
    number: int,
    now: datetime,
    k: int = K,
) -> Release:
    """The release of this register. `previous` are the `members` of the release before, empty for the first."""
    today = now.date()
    occupations = referential.occupations
    people = [candidate for candidate in candidates if candidate.may_be_published(today)]
    by_rome: dict[str, list[Candidate]] = {}
    for candidate in people:
        by_rome.setdefault(first_occupation(candidate), []).append(candidate)
    counts = {rome: len(group) for rome, group in by_rome.items() if occupations.exists(rome)}
    labels = sorted(climb(counts, occupations, k))
    classes: dict[str, list[Candidate]] = {label: [] for label in labels}
    withheld = []
    for rome, group in sorted(by_rome.items()):
        label = label_of(rome, labels) if rome in counts else None
        if label is not None:
            classes[label].extend(group)
        else:
            withheld.append(WithheldGroup(rome, _why_withheld(rome, counts), len(group)))
    kept = {known.occupation: known for known in previous}
    sheets, members = [], []
    region_of = regions(labels, occupations)
    for label in labels:
        region = region_of[label]
        present = frozenset(candidate.id for candidate in classes[label])
        known = kept.pop(label, None)
        if known is None or not is_current(known, present, least_people(region, k)):
            known = _compute(label, classes[label], region, referential.skills)
        members.append(known)
        sheets.append(_sheet(known, len(classes[label]), region, referential.skills))
    everybody = frozenset(candidate.id for candidate in people)
    members.extend(known for known in kept.values() if outlives(known, everybody, k))
    message = SheetsReleased(
        release=number, at=wire_json.timestamp(now), k=k, referential=referential.version, sheets=sheets
    )
    sizes = {label: len(group) for label, group in classes.items()}
    report = RiskReport(
        people=len(people),
        published=sum(sizes.values()),
        sizes=sizes,
        on_edge=tuple(label for label in labels if on_edge(sizes[label], least_people(region_of[label], k))),
    )
    return Release(message, tuple(members), tuple(withheld), report)


def _why_withheld(rome: str, known: Mapping[str, int]) -> WithheldReason:
    if rome in known:
        return "too_few"
    return "unknown_occupation" if rome else "no_occupation"


def _compute(label: str, group: Sequence[Candidate], region: frozenset[str], skills: Skills) -> ClassMembers:
    """The profile of these people: what enough of them have, sorted."""

    def held(items: Iterable[Iterable[str]], may_show: Callable[[str], object], most: int) -> tuple[str, ...]:
        counted = Counter(item for own in items for item in set(own))
        enough = [item for item, count in counted.items() if count >= HELD_BY and may_show(item)]
        return tuple(sorted(sorted(enough, key=lambda item: (-counted[item], item))[:most]))

    return ClassMembers(
        occupation=label,
        members=frozenset(candidate.id for candidate in group),
        skills=held((c.skills for c in group), lambda code: region <= skills.footprint(code), MAX_SKILLS),
        languages=held(((code for code, _level in c.languages) for c in group), _LANGUAGE.fullmatch, MAX_LANGUAGES),
        contracts=held((c.contracts for c in group), Contract.read, len(Contract)),
    )


def _sheet(known: ClassMembers, size: int, region: frozenset[str], skills: Skills) -> Sheet:
    """The sheet of a class. A region may have grown since the profile was computed: skills that no longer stand in all
    of it go, which tells only what the labels tell."""
    return Sheet(
        occupation=known.occupation,
        size=bucket(size),
        skills=[code for code in known.skills if region <= skills.footprint(code)],
        languages=[*known.languages],
        contracts=[*known.contracts],
    )
