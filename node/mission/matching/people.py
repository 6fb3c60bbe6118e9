"""The town's people for one offer: those whose occupations are related to it are found by it, `match.py` decides.

Guarantees: `PeopleIndex.compare` gives what `match_pair` and `exclusion` would give of each who seeks a related
occupation, in one pass; those who match can be explained, and only those who are shown need be. A person is found by
the occupations and domains that stand in a relation to what they seek, so that all others are not looked at. Of a
person it keeps what a match is made of, nothing that a CV tells. Not safe between threads.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from node.mission.matching.exclusion import Exclusion
from node.mission.matching.index import index_of
from node.mission.matching.match import Fit, OfferAsked
from node.mission.matching.mobility import Trip, best_trip
from node.mission.matching.seeker import Seeker, relations_of
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.referential import Referential


@dataclass(frozen=True, slots=True)
class Compared:
    """Everybody who seeks a related occupation, in no order: those who match, and those who are out, with the true
    reason; of each what a match is made of, without what a CV tells."""

    fits: list[Fit]
    out: list[tuple[Candidate, Exclusion]]


class PeopleIndex:
    """People by what they are related to. `home` is the id of the town's own node."""

    def __init__(self, referential: Referential, home: str = "") -> None:
        self._referential = referential
        self._home = home
        self._people: dict[str, Seeker] = {}
        self._related: dict[str, set[str]] = {}

    def __len__(self) -> int:
        return len(self._people)

    def put(self, people: Iterable[Candidate]) -> None:
        """People who are new, or in the place of what was known of them."""
        occupations = self._referential.occupations
        for person in people:
            self.drop([person.id])
            self._people[person.id] = Seeker(_matched(person), occupations, self._home)
            for target in relations_of(person, occupations):
                self._related.setdefault(target, set()).add(person.id)

    def drop(self, ids: Iterable[str]) -> None:
        """These people are known no more; unknown ones are passed by."""
        for one in ids:
            if (known := self._people.pop(one, None)) is not None:
                for target in relations_of(known.candidate, self._referential.occupations):
                    self._related[target].discard(one)

    def seeking(self, rome: str) -> list[Candidate]:
        """Everybody who seeks an occupation related to that one, in no order; of each what a match is made of."""
        return [one.candidate for one in self._seeking(rome)]

    def compare(self, offer: Offer, today: date) -> Compared:
        """Everybody who seeks an occupation related to the offer's, against it."""
        found = Compared([], [])
        asked, is_open, trip_of = OfferAsked(offer), offer.takes_people(today), self._trips(offer)
        for seeker in self._seeking(offer.rome):
            # In the order of `exclusion`.
            if not is_open:
                why = Exclusion.CLOSED
            elif not seeker.is_looking():
                why = Exclusion.NOT_LOOKING
            elif not seeker.may_see(offer, today):
                why = Exclusion.NO_AGREEMENT
            elif (trip := trip_of(seeker.candidate)) is None:
                why = Exclusion.TOO_FAR
            else:
                related = seeker.relation_to(offer.rome)
                assert related is not None, "it was found by it"
                found.fits.append(Fit(seeker, asked, related, trip))
                continue
            found.out.append((seeker.candidate, why))
        return found

    def _seeking(self, rome: str) -> list[Seeker]:
        found = self._related.get(rome, set()) | self._related.get(rome[:3], set())
        return [self._people[one] for one in found]

    def _trips(self, offer: Offer) -> Callable[[Candidate], Trip | None]:
        """The best trip of each person; people who would go equally far from one commune have the same."""
        communes, known = self._referential.communes, dict[object, Trip | None]()
        # Of an offer with many sites, those that can be the best one are found by bounds.
        index = index_of([offer], self._referential, self._home)[0] if len(offer.sites) > 1 else None

        def trip(person: Candidate) -> Trip | None:
            key = person.commune, person.mobility_km, person.places, person.relocates
            if key not in known:
                known[key] = best_trip(person, offer.sites, communes) if index is None else index.trip(person, offer)
            return known[key]

        return trip


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
