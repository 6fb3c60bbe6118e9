"""The exact match over many pairs: NumPy columns find who can be among the first, `match.py` decides.

Guarantees: `MatchIndex.match_candidates` gives each person exactly the first `top` of what `match_pair` would give
over all offers, by (score descending, offer key). How: offers are columns sorted by occupation, so that a person's
related occupations are a few slices; great-circle bounds rule out what is surely out of reach; every criterion but
distance and language is scored exactly over what remains, those two by an upper bound. Pairs are then explained from
the highest bound down, until no bound can reach the person's last place.

The index is a snapshot: build it again when offers change. It holds offers, never people.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from node.mission.agreements.consent import ConsentScope, fold_employer
from node.mission.matching import match as matching
from node.mission.matching import mobility
from node.mission.matching.columns import Ints, Lists, ints, ranges
from node.mission.matching.match import Match, Relation, Seeker
from node.mission.matching.mobility import Trip, best_trip, city_of
from node.mission.offers.offer import Need, Offer, OfferSite, OfferState
from node.mission.people.candidate import Candidate
from node.mission.terms import QUALIFICATION_RANKS
from node.referential import Referential, great_circle_km
from node.referential.distance import GREAT_CIRCLE_ERROR

_RANKS: Final = range(-1, max(QUALIFICATION_RANKS) + 1)
_QUALIFICATION_POINTS: Final = np.array(
    [[matching.qualification_points(asked, held) for held in _RANKS] for asked in _RANKS], dtype=np.int64
)
"""Points by rank asked and rank held, both plus one."""

_OUT_OF_REACH: Final = -1


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


class MatchIndex:
    """Open offers as columns. `offers` may come from any number of nodes; keys are unique. `home` is the id of the
    town's own node."""

    def __init__(self, offers: Iterable[Offer], referential: Referential, home: str = "") -> None:
        self._referential = referential
        self._home = home
        rows = sorted((o for o in offers if o.state is OfferState.OPEN and o.sites), key=lambda o: (o.rome, o.key))
        self._offers = rows
        self._keys = [offer.key for offer in rows]
        by_key = sorted(range(len(rows)), key=self._keys.__getitem__)
        self._key_rank = np.argsort(np.array(by_key, dtype=np.int64))
        self._row_of = dict(zip(self._keys, range(len(rows)), strict=True))
        self._is_home = np.array([offer.node == home for offer in rows], dtype=np.bool_)
        self._slices = _slices([offer.rome for offer in rows])
        self._by_domain: dict[str, list[str]] = {}
        for rome in self._slices:
            self._by_domain.setdefault(referential.occupations.domain(rome), []).append(rome)
        self._closes = ints(offer.closes.toordinal() for offer in rows)
        self._months = ints(matching.months_asked(offer) for offer in rows)
        self._rank = ints(matching.qualification_rank(offer.qualification) for offer in rows)
        self._contracts = Lists((offer.contract,) for offer in rows)
        self._licences = Lists(tuple(offer.licences) for offer in rows)
        self._skills = Lists([code for code, _ in offer.skills] for offer in rows)
        self._is_required = np.array([need is Need.REQUIRED for o in rows for _, need in o.skills], dtype=np.bool_)
        self._sites = Lists([site.commune for site in offer.sites] for offer in rows)
        self._named: dict[str, list[int]] = {}
        for code, number in self._sites.numbers.items():
            for name in {code, city_of(code)}:
                self._named.setdefault(name, []).append(number)
        points = [referential.communes.get(code) for code in self._sites.numbers]
        self._latitudes = np.array([point.latitude if point else np.nan for point in points])
        self._longitudes = np.array([point.longitude if point else np.nan for point in points])
        self._bounds: dict[str, _Bounds] = {}

    def __len__(self) -> int:
        return len(self._offers)

    def match_candidates(self, candidates: Iterable[Candidate], today: date, top: int = 20) -> dict[str, list[Match]]:
        """Candidate id -> at most `top` matches, best first; an empty list for whoever matches nothing."""
        occupations = self._referential.occupations
        return {
            candidate.id: self._first(Seeker(candidate, occupations, self._home), today, top)
            for candidate in candidates
        }

    def _first(self, seeker: Seeker, today: date, top: int) -> list[Match]:
        related = self._related(seeker)
        related = related.keep(self._visible(seeker, related.rows, today))
        if top < 1 or not len(related.rows):
            return []
        around = self._around(seeker.candidate)
        sites = around.most[self._sites.words[self._sites.positions(related.rows)]]
        lengths = self._sites.lengths[related.rows]
        distance = np.maximum.reduceat(sites, np.cumsum(lengths) - lengths)
        related, distance = related.keep(distance != _OUT_OF_REACH), distance[distance != _OUT_OF_REACH]
        bounds = distance + self._other_points(seeker, related)
        ranks = self._key_rank[related.rows]
        order = np.lexsort((ranks, -bounds))
        found: list[tuple[int, int, Match]] = []
        for row, bound, rank in zip(
            related.rows[order].tolist(), bounds[order].tolist(), ranks[order].tolist(), strict=True
        ):
            if len(found) == top and found[-1][:2] < (-bound, rank):
                break
            offer = self._offers[row]
            if (trip := self._trip(seeker.candidate, row, around)) is not None:
                match = matching.explain(seeker, offer, trip)
                found.append((-match.score, rank, match))
                found.sort(key=_place)
                del found[top:]
        return [match for _, _, match in found]

    def _related(self, seeker: Seeker) -> _Rows:
        """All rows of related occupations."""
        slices = [
            (*self._slices[rome], matching.OCCUPATION[relation], months)
            for target, (relation, _through, months) in seeker.relations.items()
            for rome in self._romes(target, relation, seeker)
        ]
        starts, lengths, points, counted = np.array(slices, dtype=np.int64).reshape(-1, 4).T
        return _Rows(ranges(starts, lengths), np.repeat(points, lengths), np.repeat(counted, lengths))

    def _romes(self, target: str, relation: Relation, seeker: Seeker) -> Iterable[str]:
        """Occupations of the index that this relation stands for, each under its best relation alone."""
        if relation is Relation.DOMAIN:
            return (rome for rome in self._by_domain.get(target, ()) if rome not in seeker.relations)
        return (target,) if target in self._slices else ()

    def _visible(self, seeker: Seeker, rows: Ints, today: date) -> NDArray[np.bool_]:
        """Offers still open that are the town's own, or that the person's agreements cover."""
        is_open: NDArray[np.bool_] = self._closes[rows] >= today.toordinal()
        if not seeker.is_looking():
            return np.zeros(len(rows), dtype=np.bool_)
        if seeker.candidate.agrees(ConsentScope.NETWORK, today):
            return is_open
        agreed: list[int] = []
        for consent in seeker.candidate.consents:
            if consent.in_force(today) and consent.offer in self._row_of:
                agreed.append(self._row_of[consent.offer])
            elif consent.in_force(today) and consent.employer:
                agreed += self._of_employer.get(fold_employer(consent.employer), ())
        return is_open & (self._is_home[rows] | np.isin(rows, ints(agreed)))

    @cached_property
    def _of_employer(self) -> Mapping[str, Sequence[int]]:
        """Rows by employer: few people have said yes to one by name, so that most indexes never need it."""
        rows: dict[str, list[int]] = {}
        for row, offer in enumerate(self._offers):
            if name := fold_employer(offer.employer):
                rows.setdefault(name, []).append(row)
        return rows

    def _other_points(self, seeker: Seeker, related: _Rows) -> Ints:
        """Points of all criteria but the distance; all of them for languages, which few offers ask for."""
        rows = related.rows
        asked = self._months[rows]
        experience = matching.EXPERIENCE * np.minimum(related.months, asked) // np.maximum(asked, 1)
        experience[asked == 0] = matching.EXPERIENCE
        contracts = seeker.candidate.contracts
        fits = self._contracts.flags(contracts or self._contracts.numbers)[self._contracts.words[rows]]
        holds = self._licences.flags(seeker.licences)[self._licences.words[self._licences.positions(rows)]]
        drives = self._licences.sum_by_row(rows, holds) == self._licences.lengths[rows]
        total: Ints = (
            related.relation
            + experience
            + _QUALIFICATION_POINTS[self._rank[rows] + 1, seeker.rank + 1]
            + matching.CONTRACT * fits
            + matching.LICENCE * drives
            + matching.LANGUAGE
            + self._skills_points(seeker, rows)
        )
        return total

    def _skills_points(self, seeker: Seeker, rows: Ints) -> Ints:
        positions = self._skills.positions(rows)
        required = self._is_required[positions]
        has = self._skills.flags(seeker.candidate.skills)[self._skills.words[positions]]
        asked = self._skills.sum_by_row(rows, required)
        covered = self._skills.sum_by_row(rows, has & required)
        wished = self._skills.lengths[rows] - asked
        wished_covered = self._skills.sum_by_row(rows, has & ~required)
        return _share(matching.REQUIRED_SKILLS, covered, asked) + _share(matching.WISHED_SKILLS, wished_covered, wished)

    def _around(self, candidate: Candidate) -> _Around:
        bounds = self._bounds.get(candidate.commune)
        if bounds is None:
            bounds = self._bounds[candidate.commune] = self._measure(candidate.commune)
        accepted = np.full(len(self._sites.numbers), candidate.relocates)
        for place in candidate.places:
            accepted[self._named.get(place, [])] = True
        return _Around(bounds, accepted, _points(candidate, bounds.low, accepted))

    def _measure(self, commune: str) -> _Bounds:
        here = self._referential.communes.get(commune)
        metres = np.full(len(self._sites.numbers), np.nan)
        if here is not None:
            metres = 1000 * great_circle_km(here.latitude, here.longitude, self._latitudes, self._longitudes)
        # One metre more than rounding to whole metres can move.
        low = np.maximum(np.floor(metres / (1 + GREAT_CIRCLE_ERROR)) - 1, 0)
        high = np.ceil(metres / (1 - GREAT_CIRCLE_ERROR)) + 1
        if commune in self._sites.numbers:
            low[self._sites.numbers[commune]] = high[self._sites.numbers[commune]] = 0
        return _Bounds(low, high)

    def _trip(self, candidate: Candidate, row: int, around: _Around) -> Trip | None:
        """The best trip to the offer of that row, measured only to sites that can be the best one."""
        sites: Sequence[OfferSite] = self._offers[row].sites
        if len(sites) > 1:
            numbers = self._sites.of(row)
            low, high = around.bounds.low[numbers], around.bounds.high[numbers]
            most, least = around.most[numbers], _points(candidate, high, around.accepted[numbers])
            surest = np.lexsort((high, -least))[0]
            possible = (most > least[surest]) | ((most == least[surest]) & ~(low > high[surest]))
            sites = [site for site, can_be in zip(sites, possible.tolist(), strict=True) if can_be]
        return best_trip(candidate, sites, self._referential.communes)


def match_offer(
    offer: Offer,
    candidates: Sequence[Candidate],
    referential: Referential,
    today: date,
    *,
    served: Mapping[str, int] | None = None,
    top: int = 20,
) -> list[Match]:
    """The best people for one offer: by score, then the less served (`served`: candidate id -> forwards so far), then
    by reference."""
    matches = MatchIndex([offer], referential).match_candidates(candidates, today, top=1)
    ranked = [
        (-match.score, (served or {}).get(candidate.id, 0), candidate.reference, candidate.id, match)
        for candidate in candidates
        for match in matches[candidate.id]
    ]
    return [match for *_, match in sorted(ranked, key=lambda entry: entry[:4])[:top]]


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


def _share(points: int, part: Ints, whole: Ints) -> Ints:
    share: Ints = np.where(whole == 0, points, points * part // np.maximum(whole, 1))
    return share


def _slices(values: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Value -> (first row, number of rows) in a sorted sequence."""
    slices: dict[str, tuple[int, int]] = {}
    for row, value in enumerate(values):
        start, length = slices.get(value, (row, 0))
        slices[value] = (start, length + 1)
    return slices


def _place(entry: tuple[int, int, Match]) -> tuple[int, int]:
    return entry[:2]
