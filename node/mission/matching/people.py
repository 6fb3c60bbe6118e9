"""The town's people for one offer: those whose occupations are related to it are found by it, `match.py` decides.

Guarantees: `PeopleIndex.match` gives what `match_pair` would give over everybody. A person is found by the occupations
and domains that stand in a relation to what they seek, so that all others are not looked at. Of a person it keeps what
a match is made of, nothing that a CV tells. Not safe between threads.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from node.mission.matching.index import index_of
from node.mission.matching.match import Match, Seeker, explain
from node.mission.matching.mobility import best_trip
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.referential import Referential


class PeopleIndex:
    """People by what they are related to. `home` is the id of the town's own node."""

    def __init__(self, referential: Referential, home: str = "") -> None:
        self._referential = referential
        self._home = home
        self._people: dict[str, Candidate] = {}
        self._related: dict[str, set[str]] = {}

    def __len__(self) -> int:
        return len(self._people)

    def put(self, people: Iterable[Candidate]) -> None:
        """People who are new, or in the place of what was known of them."""
        for person in people:
            self.drop([person.id])
            self._people[person.id] = _matched(person)
            for target in self._seeker(person).relations:
                self._related.setdefault(target, set()).add(person.id)

    def drop(self, ids: Iterable[str]) -> None:
        """These people are known no more; unknown ones are passed by."""
        for one in ids:
            if (known := self._people.pop(one, None)) is not None:
                for target in self._seeker(known).relations:
                    self._related[target].discard(one)

    def seeking(self, rome: str) -> list[Candidate]:
        """Everybody who seeks an occupation related to that one, in no order; of each what a match is made of."""
        found = self._related.get(rome, set()) | self._related.get(rome[:3], set())
        return [self._people[one] for one in found]

    def match(self, offer: Offer, today: date) -> list[tuple[Match, Candidate]]:
        """Everybody who matches, in no order; of each what a match is made of, without what a CV tells."""
        if not offer.takes_people(today) or not offer.sites:
            return []
        communes = self._referential.communes
        index, _source = index_of([offer], self._referential, self._home)
        found = []
        for known in self.seeking(offer.rome):
            seeker = self._seeker(known)
            if seeker.may_see(offer, today):
                person = seeker.candidate
                many = len(offer.sites) > 1
                trip = index.trip(person, offer) if many else best_trip(person, offer.sites, communes)
                if trip is not None:
                    found.append((explain(seeker, offer, trip), person))
        return found

    def _seeker(self, person: Candidate) -> Seeker:
        return Seeker(person, self._referential.occupations, self._home)


def _matched(person: Candidate) -> Candidate:
    """The person without what no match looks at."""
    return replace(
        person,
        first_name="",
        last_name="",
        email="",
        phone="",
        summary="",
        birth_date=None,
        diplomas=(),
        jobs=(),
        qualities=(),
        interests=(),
        words="",
        card_skills=None,
        photo="",
    )
