"""Somebody who looks for work, as comparisons ask of them: licences, languages, rank, relation to each occupation.

Guarantees: of one occupation `Seeker.relation_to` says what `relations_of` says of all. Read next: `match.py`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate, CandidateState, Experience
from node.mission.terms import QUALIFICATION_RANKS, Term, licences_given
from node.referential import Occupations


class Relation(Term):
    """How the offer's occupation stands to one that the person seeks, nearest first."""

    SAME = "same", "métier recherché"
    MOBILITY = "mobility", "métier proche"
    DOMAIN = "domain", "même domaine"


class Related(NamedTuple):
    """How a person stands to an occupation, through which of theirs, and the months of experience that count."""

    relation: Relation
    through: str
    months: int


class Seeker:
    """A candidate with what every comparison asks again: all licences, language ranks, and relations by occupation,
    worked out when they are first asked for. `home` is the id of the town's own node."""

    __slots__ = ("_occupations", "_relations", "candidate", "home", "languages", "licences", "rank")

    def __init__(self, candidate: Candidate, occupations: Occupations, home: str) -> None:
        self.home = home
        self.candidate = candidate
        self.licences = licences_given(candidate.licences)
        self.languages = dict(candidate.languages)
        self.rank = qualification_rank(candidate.qualification)
        self._occupations = occupations
        self._relations: Mapping[str, Related] | None = None

    @property
    def relations(self) -> Mapping[str, Related]:
        """The best relation to each occupation, and to all others of a domain under its three characters."""
        if self._relations is None:
            self._relations = relations_of(self.candidate, self._occupations)
        return self._relations

    def relation_to(self, rome: str) -> Related | None:
        """The best relation to an occupation, or None: what `relations` has of it, without all the others."""
        sought, domain = self.candidate.occupations, self._occupations.domain
        if same := [one for one in sought if one.rome == rome]:
            return _most_months(Relation.SAME, same)
        if near := [one for one in sought if rome in self._occupations.related(one.rome)]:
            return _most_months(Relation.MOBILITY, near)
        close = [one for one in sought if domain(one.rome) == domain(rome)]
        return _most_months(Relation.DOMAIN, close) if close else None

    def speaks(self, asked: str) -> bool:
        """Whether the person has a language at that level or a higher one: "en B1"."""
        code, _, level = asked.rpartition(" ")
        return self.languages.get(code, "") >= level

    def is_looking(self) -> bool:
        """Whether the person looks for work."""
        return self.candidate.state is CandidateState.ACTIVE

    def may_see(self, offer: Offer, today: date) -> bool:
        """Whether the person looks for work, and the offer is their own town's or covered by what they agreed to."""
        return self.is_looking() and (
            offer.node == self.home
            or self.candidate.consent_for(today, offer.key, offer.employer, own=False) is not None
        )


def relations_of(candidate: Candidate, occupations: Occupations) -> dict[str, Related]:
    """The best relation to each occupation, and to all others of a domain under its three characters: the nearest
    relation, then the most months, then the occupation that the person named first."""
    found: dict[str, Related] = {}
    for relation in Relation:
        for experience in sorted(candidate.occupations, key=lambda e: -e.months):
            related = Related(relation, experience.rome, _months_that_count(relation, experience))
            targets = {
                Relation.SAME: (experience.rome,),
                Relation.MOBILITY: occupations.related(experience.rome),
                Relation.DOMAIN: (occupations.domain(experience.rome),),
            }[relation]
            for target in targets:
                found.setdefault(target, related)
    return found


def _most_months(relation: Relation, sought: Sequence[Experience]) -> Related:
    """Of occupations that stand in this relation, the one with the most months, then the one named first."""
    most = max(sought, key=lambda one: one.months)
    return Related(relation, most.rome, _months_that_count(relation, most))


def _months_that_count(relation: Relation, experience: Experience) -> int:
    return experience.months if relation is Relation.SAME else experience.months // 2


def codes_related_to(rome: str, occupations: Occupations) -> tuple[str, ...]:
    """How the codes begin of all occupations that have a relation to this one: whoever seeks none of them is out."""
    near = (code for code in occupations.codes() if rome in occupations.related(code))
    return (occupations.domain(rome), *near)


def qualification_rank(qualification: int) -> int:
    """Rank of a qualification code; -1 for none asked, not said, or no code at all."""
    return QUALIFICATION_RANKS[qualification] if 0 <= qualification < len(QUALIFICATION_RANKS) else -1
