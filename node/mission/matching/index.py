"""The exact match over many pairs: NumPy columns find who can be among the first, `match.py` decides.

Guarantees: `MatchIndex.first` gives a person exactly the first `top` of what `match_pair` would give over all offers,
by (score descending, offer key). How: offers are rows by occupation, so that a person's related occupations are a few
slices; great-circle bounds rule out what is surely out of reach; every criterion but the distance is scored exactly
over what remains, the distance by an upper bound. Pairs are then explained from the highest bound down, until no bound
can reach the person's last place. Which offers are open is asked of the day, so that one closes while the index lives.

It holds columns alone, and asks for an offer when it explains it: 125,000 offers are some 50 MB, and one that changes
is put in the place of the former in microseconds. It holds offers, never people. Not safe between threads.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from node.mission.agreements.consent import ConsentScope, fold_employer
from node.mission.columns import Column, Ints, Lists, Table, ints
from node.mission.matching import match as matching
from node.mission.matching import mobility
from node.mission.matching.match import Match
from node.mission.matching.mobility import Trip, best_trip, city_of
from node.mission.matching.seeker import Relation, Seeker, qualification_rank
from node.mission.offers.offer import Need, Offer, OfferSite, OfferState
from node.mission.people.candidate import Candidate
from node.mission.terms import QUALIFICATION_RANKS
from node.referential import Referential, great_circle_km
from node.referential.distance import GREAT_CIRCLE_ERROR

Source: TypeAlias = Callable[[Sequence[str]], Mapping[str, Offer]]
"""Offers by their keys, as the index was told of them; whatever is not there any more is left out."""

_RANKS: Final = range(-1, max(QUALIFICATION_RANKS) + 1)
_QUALIFICATION_POINTS: Final = np.array(
    [[matching.qualification_points(asked, held) for held in _RANKS] for asked in _RANKS], dtype=np.int64
)
"""Points by rank asked and rank held, both plus one."""

_OUT_OF_REACH: Final = -1
_EXPLAINED_AT_ONCE: Final = 32
_COMMUNES_KNOWN: Final = 32
"""Communes whose distances are kept: people of a town come from few, and those of one page from one."""


class _Bounds(NamedTuple):
    """Least and greatest metres from one commune to each commune that has sites; NaN where a point is unknown."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]


class _Around(NamedTuple):
    """The communes that have sites, as one person sees them: metres, which are accepted by name, greatest points."""

    bounds: _Bounds
    accepted: NDArray[np.bool_]
    most: Ints


class _Rows(NamedTuple):
    """Rows of the index, with the points of the relation and the months of experience that count for each."""

    rows: Ints
    relation: Ints
    months: Ints

    def keep(self, mask: NDArray[np.bool_]) -> "_Rows":
        return _Rows(self.rows[mask], self.relation[mask], self.months[mask])


class MatchIndex(Table):
    """Open offers as columns. They may come from any number of nodes; `home` is the id of the town's own."""

    def __init__(self, referential: Referential, home: str = "") -> None:
        super().__init__()
        self._referential = referential
        self._home = home
        self._of_occupation: dict[str, Column] = {}
        self._by_domain: dict[str, list[str]] = {}
        self._is_home = Column(np.bool_)
        self._closes, self._months, self._rank = Column(np.int32), Column(np.int32), Column(np.int8)
        self._contracts, self._employers, self._licences, self._languages = Lists(), Lists(), Lists(), Lists()
        self._required, self._wished, self._sites = Lists(), Lists(), Lists()
        self._columns = (
            self._is_home,
            self._closes,
            self._months,
            self._rank,
            self._contracts,
            self._employers,
            self._licences,
            self._languages,
            self._required,
            self._wished,
            self._sites,
        )
        self._latitudes, self._longitudes = Column(np.float64), Column(np.float64)
        self._named: dict[str, list[int]] = {}
        self._measured = lru_cache(_COMMUNES_KNOWN)(self._measure)

    def put(self, offers: Iterable[Offer]) -> None:
        """Offers that are new, or in the place of what was known under their keys; those that are closed, or have no
        site, are known no more. Of one key the last counts."""
        told = {offer.key: offer for offer in offers}
        self.drop(told)
        matched = [offer for offer in told.values() if offer.state is OfferState.OPEN and offer.sites]
        rows = self._add([offer.key for offer in matched])
        by_occupation: dict[str, list[int]] = {}
        for row, offer in zip(rows.tolist(), matched, strict=True):
            by_occupation.setdefault(offer.rome, []).append(row)
        for rome, places in by_occupation.items():
            self._occupation(rome).extend(places)
        self._is_home.extend([offer.node == self._home for offer in matched])
        self._closes.extend([offer.closes.toordinal() for offer in matched])
        self._months.extend([matching.months_asked(offer) for offer in matched])
        self._rank.extend([qualification_rank(offer.qualification) for offer in matched])
        self._contracts.extend((offer.contract,) for offer in matched)
        self._employers.extend((fold_employer(offer.employer),) for offer in matched)
        self._licences.extend(tuple(offer.licences) for offer in matched)
        self._languages.extend([f"{code} {level}" for code, level in offer.languages] for offer in matched)
        self._required.extend([code for code, need in offer.skills if need is Need.REQUIRED] for offer in matched)
        self._wished.extend([code for code, need in offer.skills if need is Need.WISHED] for offer in matched)
        self._sites.extend([site.commune for site in offer.sites] for offer in matched)
        self._locate()
        self._pack_when_due()

    def forget_closed(self, today: date) -> None:
        """Offers whose last day is before that one are known no more."""
        over = np.flatnonzero(self._alive.values & (self._closes.values < today.toordinal()))
        self.drop([self._keys[row] for row in over.tolist()])
        self._pack_when_due()

    def _locate(self) -> None:
        """Where the communes are that have sites for the first time."""
        first = len(self._latitudes)
        new = list(islice(self._sites.numbers, first, None))
        for number, code in enumerate(new, first):
            for name in {code, city_of(code)}:
                self._named.setdefault(name, []).append(number)
        points = [self._referential.communes.get(code) for code in new]
        self._latitudes.extend([point.latitude if point else np.nan for point in points])
        self._longitudes.extend([point.longitude if point else np.nan for point in points])

    def _occupation(self, rome: str) -> Column:
        known = self._of_occupation.get(rome)
        if known is None:
            known = self._of_occupation[rome] = Column()
            self._by_domain.setdefault(self._referential.occupations.domain(rome), []).append(rome)
        return known

    def _pack(self) -> None:
        moved = np.cumsum(self._alive.values, dtype=np.int64) - 1
        for column in self._of_occupation.values():
            places = column.values
            places = moved[places[self._alive.values[places]]]
            column.pack(ints(()))
            column.extend(places)
        super()._pack()

    def first(self, candidate: Candidate, today: date, top: int, offers: Source) -> list[Match]:
        """At most `top` matches of one person, best first."""
        seeker = Seeker(candidate, self._referential.occupations, self._home)
        related = self._related(seeker)
        related = related.keep(self._visible(seeker, related.rows, today))
        if top < 1 or not len(related.rows):
            return []
        around = self._around(seeker.candidate)
        sites = around.most[self._sites.words[self._sites.positions(related.rows)]]
        lengths = self._sites.lengths[related.rows]
        distance = np.maximum.reduceat(sites, np.cumsum(lengths, dtype=np.int64) - lengths)
        related, distance = related.keep(distance != _OUT_OF_REACH), distance[distance != _OUT_OF_REACH]
        bounds = distance + self._other_points(seeker, related)
        found: list[tuple[int, str, Match]] = []
        for places in self._in_order(related.rows, bounds, top):
            known = offers([self._keys[row] for row, _bound in places])
            for row, bound in places:
                key = self._keys[row]
                if len(found) == top and found[-1][:2] < (-bound, key):
                    return [match for *_, match in found]
                offer = known.get(key)
                if offer is not None and (trip := self._trip(candidate, row, offer, around)) is not None:
                    match = matching.explain(seeker, offer, trip)
                    found.append((-match.score, key, match))
                    found.sort(key=_place)
                    del found[top:]
        return [match for *_, match in found]

    def _in_order(self, rows: Ints, bounds: Ints, top: int) -> Iterator[list[tuple[int, int]]]:
        """Rows with their bounds, highest first, at equal bound by key; some at once, so that offers come some at
        once."""
        order = np.argsort(-bounds, kind="stable")
        rows, bounds = rows[order], bounds[order]
        start, at_once = 0, min(max(top, 1), _EXPLAINED_AT_ONCE)
        while start < len(rows):
            # Whole groups of equal bounds, as their keys alone say which comes first.
            last = bounds[min(start + at_once, len(rows)) - 1]
            end = int(np.searchsorted(-bounds, -last, side="right"))
            places = list(zip(rows[start:end].tolist(), bounds[start:end].tolist(), strict=True))
            places.sort(key=lambda place: (-place[1], self._keys[place[0]]))
            for first in range(0, len(places), at_once):
                yield places[first : first + at_once]
            start = end

    def _related(self, seeker: Seeker) -> _Rows:
        """All rows of related occupations, dead ones left out."""
        found = [
            (self._of_occupation[rome].values, matching.OCCUPATION[relation], months)
            for target, (relation, _through, months) in seeker.relations.items()
            for rome in self._romes(target, relation, seeker)
        ]
        if not found:
            return _Rows(ints(()), ints(()), ints(()))
        lengths = [len(rows) for rows, _points, _months in found]
        rows = np.concatenate([rows for rows, _points, _months in found])
        points = np.repeat(ints(points for _rows, points, _months in found), lengths)
        months = np.repeat(ints(months for _rows, _points, months in found), lengths)
        return _Rows(rows, points, months).keep(self._alive.values[rows])

    def _romes(self, target: str, relation: Relation, seeker: Seeker) -> Iterable[str]:
        """Occupations of the index that this relation stands for, each under its best relation alone."""
        if relation is Relation.DOMAIN:
            return (rome for rome in self._by_domain.get(target, ()) if rome not in seeker.relations)
        return (target,) if target in self._of_occupation else ()

    def _visible(self, seeker: Seeker, rows: Ints, today: date) -> NDArray[np.bool_]:
        """Offers still open that are the town's own, or that the person's agreements cover."""
        is_open: NDArray[np.bool_] = self._closes.values[rows] >= today.toordinal()
        if not seeker.is_looking():
            return np.zeros(len(rows), dtype=np.bool_)
        if seeker.candidate.agrees(ConsentScope.NETWORK, today):
            return is_open
        standing = [consent for consent in seeker.candidate.consents if consent.in_force(today)]
        offers = ints(row for one in standing if (row := self._row_of.get(one.offer)) is not None)
        said_yes = self._employers.flags(filter(None, (fold_employer(one.employer) for one in standing)))
        agreed = np.isin(rows, offers) | said_yes[self._employers.words[rows]]
        visible: NDArray[np.bool_] = is_open & (self._is_home.values[rows] | agreed)
        return visible

    def _other_points(self, seeker: Seeker, related: _Rows) -> Ints:
        """Points of all criteria but the distance."""
        rows, candidate = related.rows, seeker.candidate
        asked = self._months.values[rows].astype(np.int64)
        experience = matching.EXPERIENCE * np.minimum(related.months, asked) // np.maximum(asked, 1)
        experience[asked == 0] = matching.EXPERIENCE
        fits = self._contracts.flags(candidate.contracts or self._contracts.numbers)[self._contracts.words[rows]]
        drives = self._licences.count(rows, self._licences.flags(seeker.licences)) == self._licences.lengths[rows]
        speaks = self._languages.count(rows, self._languages.flags_if(seeker.speaks)) == self._languages.lengths[rows]
        total: Ints = (
            related.relation
            + experience
            + _QUALIFICATION_POINTS[self._rank.values[rows] + 1, seeker.rank + 1]
            + matching.CONTRACT * fits
            + matching.LICENCE * drives
            + matching.LANGUAGE * speaks
            + _share(matching.REQUIRED_SKILLS, self._required, rows, candidate.skills)
            + _share(matching.WISHED_SKILLS, self._wished, rows, candidate.skills)
        )
        return total

    def _around(self, candidate: Candidate) -> _Around:
        # How many communes there are says for which ones the distances were measured.
        bounds = self._measured(candidate.commune, len(self._sites.numbers))
        accepted = np.full(len(self._sites.numbers), candidate.relocates)
        for place in candidate.places:
            accepted[self._named.get(place, [])] = True
        return _Around(bounds, accepted, _points(candidate, bounds.low, accepted))

    def _measure(self, commune: str, number: int) -> _Bounds:
        here = self._referential.communes.get(commune)
        metres = np.full(number, np.nan)
        if here is not None:
            there = self._latitudes.values, self._longitudes.values
            metres = 1000 * great_circle_km(here.latitude, here.longitude, *there)
        # One metre more than rounding to whole metres can move.
        low = np.maximum(np.floor(metres / (1 + GREAT_CIRCLE_ERROR)) - 1, 0)
        high = np.ceil(metres / (1 - GREAT_CIRCLE_ERROR)) + 1
        if commune in self._sites.numbers:
            low[self._sites.numbers[commune]] = high[self._sites.numbers[commune]] = 0
        return _Bounds(low, high)

    def trip(self, candidate: Candidate, offer: Offer) -> Trip | None:
        """`mobility.best_trip` to an offer of the index, however many sites it has."""
        return self._trip(candidate, self._row_of[offer.key], offer, self._around(candidate))

    def _trip(self, candidate: Candidate, row: int, offer: Offer, around: _Around) -> Trip | None:
        """The best trip to that offer, measured only to sites that can be the best one."""
        sites: Sequence[OfferSite] = offer.sites
        if len(sites) > 1:
            numbers = self._sites.of(row)
            low, high = around.bounds.low[numbers], around.bounds.high[numbers]
            most, least = around.most[numbers], _points(candidate, high, around.accepted[numbers])
            surest = np.lexsort((high, -least))[0]
            possible = (most > least[surest]) | ((most == least[surest]) & ~(low > high[surest]))
            sites = [site for site, can_be in zip(sites, possible.tolist(), strict=True) if can_be]
        return best_trip(candidate, sites, self._referential.communes)


def index_of(offers: Sequence[Offer], referential: Referential, home: str = "") -> tuple[MatchIndex, Source]:
    """An index of these offers, and where it finds them: for one question about offers that are at hand."""
    index = MatchIndex(referential, home)
    index.put(offers)
    by_key = {offer.key: offer for offer in offers}
    return index, lambda keys: {key: by_key[key] for key in keys}


def _points(candidate: Candidate, metres: NDArray[np.float64], accepted: NDArray[np.bool_]) -> Ints:
    """`mobility.reach_of` over columns: points by commune, `_OUT_OF_REACH` where it gives None."""
    limit = 1000 * candidate.mobility_km
    known = ~np.isnan(metres)
    whole = np.where(known, metres, 0).astype(np.int64)
    points = np.where(known, mobility.near_miss_points(whole - limit), mobility.UNKNOWN_POINTS)
    points[known & (whole - limit > mobility.TOO_FAR_M)] = _OUT_OF_REACH
    points[accepted] = mobility.FAR_POINTS
    within = known & (whole <= limit)
    points[within] = mobility.within_points(whole[within], limit)
    return points


def _share(points: int, wanted: Lists, rows: Ints, held: Iterable[str]) -> Ints:
    """Points by the share of a row's skills that the person has; all where none is wanted."""
    whole = wanted.lengths[rows].astype(np.int64)
    share: Ints = np.where(whole == 0, points, points * wanted.count(rows, wanted.flags(held)) // np.maximum(whole, 1))
    return share


def _place(entry: tuple[int, str, Match]) -> tuple[int, str]:
    return entry[:2]
