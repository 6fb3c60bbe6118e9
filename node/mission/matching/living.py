"""What match-making looks at, in memory and alive: open offers and the town's people, for one serving process.

Guarantees: an answer is that of the snapshot that it is asked with. `Living` follows what happened by number
(`uow.events`), so that it matters not who wrote, nor from which process; whoever asks first brings it up to date, which
is a millisecond or two for what a sync brings. What cannot be followed (too much at once, events forgotten, a day that
lies before the one that it knows) is loaded anew in the background, and `follow` says meanwhile that there is nothing:
its caller then asks the database for related occupations alone, with the same answer.

Shared between threads: `lock` is held from before the snapshot is taken until the answer is there, so that what is kept
is never ahead of it. Commands never load it: they ask once.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Final

from node.mission.happened import KEPT, MATCHING, Event, Happened

if TYPE_CHECKING:
    # NumPy comes with them: most commands match nothing.
    from collections.abc import Callable, Collection, Sequence

    from node.mission.matching.index import MatchIndex
    from node.mission.matching.people import PeopleIndex
    from node.mission.matching.ports import Followed
    from node.mission.offers.columns import OfferColumns
    from node.mission.offers.offer import Offer
    from node.referential import Referential

FOLLOWED_AT_ONCE: Final = 2_000
"""Events that a question catches up with before it is answered; more are left to the background."""
_OF_PEOPLE: Final = frozenset({Happened.PERSON_CHANGED, Happened.PERSON_GONE})
_PART: Final = 500
"""Events, or offers, between two moments at which others have their turn."""


@dataclass(slots=True)
class AtHand:
    """What is kept, as of event `number`; offers that closed before `day` are gone."""

    offers: MatchIndex
    listed: OfferColumns
    people: PeopleIndex
    referential: Referential
    number: int
    day: date

    def put(self, offers: Collection[Offer]) -> None:
        """Offers that are new or another."""
        self.offers.put(offers)
        self.listed.put(offers)

    def drop(self, keys: Collection[str]) -> None:
        """Offers that are gone."""
        self.offers.drop(keys)
        self.listed.drop(keys)


class Living:
    """Kept by the desk of a serving process; empty until it is loaded."""

    def __init__(self) -> None:
        self.lock = Lock()
        self._held: AtHand | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether there is something to ask."""
        return self._held is not None

    def follow(self, uow: Followed, referential: Referential, today: date) -> AtHand | None:
        """What is kept, as this snapshot has it; None while there is nothing to be asked. The caller holds `lock`, and
        took it before the snapshot."""
        held = self._held
        if held is None or held.referential is not referential or today < held.day:
            return None
        last = uow.events.last()
        if last == held.number:
            return held
        if not 0 < last - held.number <= KEPT:
            self._held = None
            return None
        events = uow.events.since(held.number, MATCHING, FOLLOWED_AT_ONCE + 1)
        if len(events) > FOLLOWED_AT_ONCE:
            return None
        _apply(held, uow, events)
        held.number = last
        return held

    def tend(
        self,
        read: Callable[[], AbstractContextManager[Followed]],
        referential: Referential,
        home: str,
        town: str,
        today: date,
    ) -> None:
        """In the background: load what is not there, catch up with what happened, let go of what has closed. Others
        have their turn in between. `home` is the id of the town's own node, `town` the INSEE code of its commune."""
        held = self._held
        if held is None or held.referential is not referential or today < held.day:
            held = _load(read, referential, home, town, today)
            with self.lock:
                self._held = held
        while self._catch_up(read):
            pass
        with self.lock:
            if self._held is held and held.day < today:
                held.offers.forget_closed(today)
                held.listed.forget_closed(today)
                held.day = today

    def _catch_up(self, read: Callable[[], AbstractContextManager[Followed]]) -> bool:
        """A part of what happened; whether there is more of it."""
        with self.lock, read() as uow:
            held = self._held
            if held is None:
                return False
            last = uow.events.last()
            if not 0 <= last - held.number <= KEPT:
                # The next look loads it anew.
                self._held = None
                return False
            events = uow.events.since(held.number, MATCHING, _PART)
            _apply(held, uow, events)
            more = len(events) == _PART
            held.number = events[-1].number if more else last
            return more


def _load(
    read: Callable[[], AbstractContextManager[Followed]], referential: Referential, home: str, town: str, today: date
) -> AtHand:
    from node.mission.matching.index import MatchIndex
    from node.mission.matching.people import PeopleIndex
    from node.mission.offers.columns import OfferColumns
    from node.mission.offers.filter import km_from

    held = AtHand(
        offers=MatchIndex(referential, home),
        listed=OfferColumns(home, km_from(referential.communes, town)),
        people=PeopleIndex(referential, home),
        referential=referential,
        number=0,
        day=today,
    )
    with read() as uow:
        held.number = uow.events.last()
        held.people.put(uow.candidates.all())
        offers = uow.offers.each_open(today)
        while part := list(islice(offers, _PART)):
            held.put(part)
        held.listed.put(uow.offers.of_node(home))
    return held


def _apply(held: AtHand, uow: Followed, events: Sequence[Event]) -> None:
    offers = list(dict.fromkeys(one.subject for one in events if one.kind is Happened.OFFER_CHANGED))
    people = list(dict.fromkeys(one.subject for one in events if one.kind in _OF_PEOPLE))
    if offers:
        known = uow.offers.many(offers)
        held.put(known.values())
        held.drop([key for key in offers if key not in known])
    if people:
        there = uow.candidates.many(people)
        held.people.put(there.values())
        held.people.drop(one for one in people if one not in there)
