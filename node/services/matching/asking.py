"""Offers for a person, people for an offer: asked of what is kept in memory where the node is served, else once of the
database, with the same answer.

Guarantees: an answer is that of one snapshot. Read next: `node/mission/matching/living.py`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from node.mission.matching.index import index_of
from node.mission.matching.living import AtHand
from node.mission.matching.match import Match
from node.mission.matching.people import Compared, PeopleIndex
from node.mission.matching.seeker import Seeker, codes_related_to
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.mission.ports import MissionUnitOfWork
from node.services.at_hand import snapshot
from node.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Asking:
    """One snapshot, and what is kept in memory as of it; `held` is None where nothing is."""

    desk: Desk
    uow: MissionUnitOfWork
    held: AtHand | None
    today: date

    def offers_for(self, candidate: Candidate, top: int) -> list[Match]:
        """The best `top` of the open offers for a person, as `match_pair` says."""
        if self.held is not None:
            return self.held.offers.first(candidate, self.today, top, self.uow.offers.many)
        tables, home = self.desk.referential(), self.desk.node_id
        seeker = Seeker(candidate, tables.occupations, home)
        index, source = index_of(self.uow.offers.open(self.today, seeker.relations.keys()), tables, home)
        return index.first(candidate, self.today, top, source)

    def people_for(self, offer: Offer) -> Compared:
        """Everybody of this town who seeks an occupation related to the offer's, against it."""
        if self.held is not None:
            return self.held.people.compare(offer, self.today)
        people = PeopleIndex(self.desk.referential(), self.desk.node_id)
        people.put(self.seeking(offer.rome))
        return people.compare(offer, self.today)

    def seeking(self, rome: str) -> Sequence[Candidate]:
        """Everybody of this town who seeks an occupation related to that one, in no order; of each what a match is made
        of."""
        if self.held is not None:
            return self.held.people.seeking(rome)
        return self.uow.candidates.seeking(codes_related_to(rome, self.desk.referential().occupations))


@contextmanager
def asking(desk: Desk) -> Iterator[Asking]:
    """Ask of one snapshot."""
    with snapshot(desk) as (uow, held):
        yield Asking(desk, uow, held, desk.today())
