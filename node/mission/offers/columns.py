"""Offers as columns, for lists that are filtered: the same answer as `filter.fits`, without reading an offer.

Guarantees: `OfferColumns.page` gives what sorting all offers that `fits` takes would give, newest first, and how many
there are. Open offers of everybody are in it, and of the town's own the closed ones and the needs too. The words of
title, employer, description and reference are kept by number: what stands as a part of one is found among the words,
which are few, and not in the texts. Not safe between threads.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from node.mission.columns import Column, Ints, Lists, Table
from node.mission.offers.filter import Area, OfferFilter, Viewpoint
from node.mission.offers.offer import LISTED, Offer, OfferState
from node.mission.parts import Counted
from node.referential.text import fold

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_OF_HOME: Final = (*LISTED, OfferState.NEED)
_OF_OTHERS: Final = (OfferState.OPEN,)
_NEVER: Final = np.iinfo(np.int64).min


class OfferColumns(Table):
    """`home` is the id of the town's own node, `km` says how far a commune is from the town (None: not known)."""

    def __init__(self, home: str, km: Callable[[str], float | None]) -> None:
        super().__init__()
        self._home = home
        self._km_of = km
        self._km = Column(np.float64)
        self._published, self._closes = Column(), Column(np.int32)
        self._is_home, self._is_open = Column(np.bool_), Column(np.bool_)
        self._is_need, self._has_clause = Column(np.bool_), Column(np.bool_)
        self._romes, self._contracts, self._employers = Lists(), Lists(), Lists()
        self._sites, self._words = Lists(), Lists()
        self._columns = (
            self._published,
            self._closes,
            self._is_home,
            self._is_open,
            self._is_need,
            self._has_clause,
            self._romes,
            self._contracts,
            self._employers,
            self._sites,
            self._words,
        )

    def put(self, offers: Iterable[Offer]) -> None:
        """Offers that are new, or in the place of what was known under their keys; another town's that is closed is
        known no more, nor is what no list shows. Of one key the last counts."""
        told = {offer.key: offer for offer in offers}
        self.drop(told)
        listed = [one for one in told.values() if one.state in (_OF_HOME if one.node == self._home else _OF_OTHERS)]
        self._add([one.key for one in listed])
        self._published.extend([_moment(one.published) for one in listed])
        self._closes.extend([one.closes.toordinal() for one in listed])
        self._is_home.extend([one.node == self._home for one in listed])
        self._is_open.extend([one.state is OfferState.OPEN for one in listed])
        self._is_need.extend([one.state is OfferState.NEED for one in listed])
        self._has_clause.extend([one.clause for one in listed])
        self._romes.extend((one.rome,) for one in listed)
        self._contracts.extend((one.contract,) for one in listed)
        self._employers.extend((fold(one.employer),) for one in listed)
        self._sites.extend([site.commune for site in one.sites] for one in listed)
        self._km.extend([_far(self._km_of(code)) for code in islice(self._sites.numbers, len(self._km), None)])
        self._words.extend(_words(one) for one in listed)
        self._pack_when_due()

    def forget_closed(self, today: date) -> None:
        """Other towns' offers whose last day is before that one are known no more."""
        over = self._alive.values & (self._closes.values < today.toordinal()) & ~self._is_home.values
        self.drop([self._keys[row] for row in np.flatnonzero(over).tolist()])
        self._pack_when_due()

    def page(self, wanted: OfferFilter, seen: Viewpoint, offset: int, limit: int) -> Counted[str]:
        """At most `limit` keys of the offers that are wanted, after the first `offset`, newest first; how many there
        are in all."""
        rows = self._wanted(wanted, seen)
        most = offset + limit
        published = self._published.values[rows]
        if most < len(rows):
            # The last place's moment, and all of that moment: names alone say which of them come first.
            least = np.partition(published, len(rows) - most)[len(rows) - most]
            first = rows[published >= least]
        else:
            first = rows
        ranked = sorted(first.tolist(), key=self._place, reverse=True)
        return Counted(len(rows), tuple(self._keys[row] for row in ranked[offset:most]))

    def employers(self, text: str, today: date) -> dict[str, int]:
        """How many open offers each employer has, by its folded name, of those whose name all words of a text stand
        in."""
        words = fold(text).split()
        named = self._employers.flags_if(lambda name: bool(words) and all(word in name for word in words))
        rows = self._open_rows(today)
        numbers, counts = np.unique(self._employers.words[rows][named[self._employers.words[rows]]], return_counts=True)
        names = list(self._employers.numbers)
        return {names[number]: count for number, count in zip(numbers.tolist(), counts.tolist(), strict=True)}

    def offer_of(self, employer: str, today: date) -> str:
        """The key of an open offer of the employer that has this folded name, the first in the order of keys;
        ValueError when it has none."""
        rows = self._open_rows(today)
        rows = rows[self._employers.flags([employer])[self._employers.words[rows]]]
        keys: list[str] = [self._keys[row] for row in rows.tolist()]
        return min(keys)

    def _open_rows(self, today: date) -> Ints:
        rows = self._rows()
        return rows[(self._is_open.values & (self._closes.values >= today.toordinal()))[rows]]

    def _wanted(self, wanted: OfferFilter, seen: Viewpoint) -> Ints:
        rows = self._rows()
        home, need = self._is_home.values, self._is_need.values
        stands = self._closes.values >= seen.today.toordinal()
        if wanted.needs:
            rows = rows[(need & stands)[rows]]
        elif wanted.closed:
            rows = rows[((self._is_open.values & stands) | (home & ~need))[rows]]
        else:
            rows = rows[(self._is_open.values & stands)[rows]]
        if wanted.clause:
            rows = rows[self._has_clause.values[rows]]
        if wanted.area is Area.OWN:
            rows = rows[home[rows]]
        if wanted.rome:
            rows = rows[self._romes.flags_if(lambda code: code.startswith(wanted.rome))[self._romes.words[rows]]]
        if wanted.contract:
            rows = rows[self._contracts.flags([wanted.contract])[self._contracts.words[rows]]]
        if wanted.employer:
            rows = rows[self._employers.flags([fold(wanted.employer)])[self._employers.words[rows]]]
        if wanted.closing is not None:
            rows = rows[self._closes.values[rows] <= (seen.today + timedelta(days=wanted.closing)).toordinal()]
        if wanted.commune:
            rows = rows[self._sites.having(self._sites.flags([wanted.commune]))[rows]]
        if wanted.area is Area.NEAR:
            rows = rows[self._sites.having(self._km.values <= wanted.km)[rows]]
        for word in dict.fromkeys(fold(wanted.text).split()):
            rows = rows[self._words.having(self._holding(word))[rows]]
        return rows

    def _holding(self, part: str) -> NDArray[np.bool_]:
        return self._words.flags_if(lambda word: part in word)

    def _place(self, row: int) -> tuple[int, str, str]:
        node, _, name = self._keys[row].partition("/")
        return int(self._published.values[row]), node, name


def _far(km: float | None) -> float:
    return np.inf if km is None else km


def _words(offer: Offer) -> list[str]:
    return list(dict.fromkeys(fold(f"{offer.title} {offer.employer} {offer.description} {offer.reference}").split()))


def _moment(published: datetime | None) -> int:
    return _NEVER if published is None else (published - _BEGINNING) // _MICROSECOND
