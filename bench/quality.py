"""Do fitting offers come first? People made from ROME's own words and skills, offers of every occupation, the ranking
that pages show.

    python -m bench.quality ARCHIVE [--people 2000] [--each 1] [--seed 1] [--json FILE] [--missed]

The archive is official material that the project does not carry: its folder or zip is an argument. Of each occupation
`--each` offers are made in one town: half of what ROME calls its core skills are asked for, some others wished. A
person is made from an appellation of an occupation: what they seek is what the look-up answers first to that name, as a
man or a woman would type it; they have its core skills, 30 % of which are dropped, and 20 % more that are anybody's.
Then the first ten offers of the index that pages ask are looked at:

- **own**: is one among them of the occupation that the appellation is of?
- **neighbour**: somebody who seeks the same, with skills made likewise of an occupation to which ROME says that it
  leads: is one of that occupation among the ten, beside those of all its other neighbours? What this gives with the
  skills of the own occupation, and what an order drawn by lot among neighbours would give, stand beside it: ten places
  hold most of ten neighbours when each has one offer, and half of them when each has two.

A share is given with its 95 % interval (Wilson, 1927).
"""

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import comb, sqrt
from pathlib import Path
from statistics import mean, median
from typing import Final

from bench.report import Figure, parser, publish
from node.mission.matching.index import MatchIndex, Source, index_of
from node.mission.offers.offer import Need, Offer
from node.mission.people.candidate import Candidate, Experience
from node.reading.lookups import halves
from node.referential import Referential
from node.referential.edition import compose
from node.referential.rome import read_rome
from tests.node.mission.samples import TODAY, candidate, offer

FIRST: Final = 10
DROPPED, NOISE = 0.3, 0.2
OWN_AIM, NEIGHBOUR_AIM = 0.95, 0.60
_ASKED: Final = 6
"""Skills that an offer names at most."""


@dataclass(frozen=True, slots=True)
class Made:
    """A person made from an appellation, as it was typed; the same with the skills of a neighbour; the occupation that
    the appellation is of, and that neighbour."""

    person: Candidate
    moving: Candidate
    typed: str
    own: str
    neighbour: str


def main() -> int:
    """Make, ask, print, write."""
    arguments = parser("quality", (__doc__ or "").splitlines()[0])
    arguments.add_argument("archive", type=Path, help="the official archive: a folder or a zip")
    arguments.add_argument("--people", type=int, default=2000)
    arguments.add_argument("--each", type=int, default=1, help="offers of each occupation")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--missed", action="store_true", help="name what was not found")
    options = arguments.parse_args()
    if not options.archive.exists():
        raise SystemExit(f"{options.archive} is missing: this measure needs the official archive")
    tables, draw = compose(read_rome(options.archive)), random.Random(options.seed)
    cores = {code: core for code in tables.occupations.codes() if (core := sorted(tables.skills.core(code)))}
    offers = list(_offers(tables, cores, options.each, draw))
    index, source = index_of(offers, tables)
    people = list(_people(options.people, tables, cores, draw))
    own, moved, near, read = 0, 0, 0, 0
    for one in people:
        found = _first(index, source, one.person)
        own += one.own in found
        near += one.neighbour in found
        moved += one.neighbour in _first(index, source, one.moving)
        sought = [each.rome for each in one.person.occupations]
        read += sought == [one.own]
        if options.missed and one.own not in found:
            said = ", ".join(tables.occupations.label(rome) or rome for rome in sought) or "-"
            sys.stdout.write(f"  {one.typed} ({one.own}), read as {said}: {' '.join(found)}\n")
    rivals = [len(tables.occupations.related(one.own)) for one in people]
    figures = [
        Figure("people", len(people), "people"),
        Figure("offers", len(offers), "offers"),
        *_share("appellation that the look-up reads as of its own occupation", read, len(people)),
        *_share(f"own occupation in the first {FIRST}", own, len(people), OWN_AIM),
        *_share(f"neighbour occupation in the first {FIRST}, with its skills", moved, len(people), NEIGHBOUR_AIM),
        *_share("with the skills of the own one", near, len(people)),
        Figure("were the order among neighbours drawn by lot", mean(_by_lot(one, options.each) for one in rivals), ""),
        Figure("occupations to which one can move, median", median(rivals), "occupations"),
        Figure("and at most", max(rivals), "occupations"),
    ]
    return publish("quality", figures, options.json)


def _offers(tables: Referential, cores: Mapping[str, Sequence[str]], each: int, draw: random.Random) -> Iterator[Offer]:
    for rome, core in cores.items():
        others = [code for code in tables.skills.for_occupation(rome) if code not in core]
        for number in range(each):
            required = draw.sample(core, max(1, min(_ASKED, len(core) // 2)))
            wished = draw.sample(others, min(len(others), 2))
            yield offer(
                number,
                rome,
                id=f"{rome}-{number}",
                title=tables.occupations.label(rome) or rome,
                skills=(*((code, Need.REQUIRED) for code in required), *((code, Need.WISHED) for code in wished)),
            )


def _people(
    number: int, tables: Referential, cores: Mapping[str, Sequence[str]], draw: random.Random
) -> Iterator[Made]:
    """People of occupations that lead elsewhere."""
    neighbours = {
        code: known for code in cores if (known := [one for one in tables.occupations.related(code) if one in cores])
    }
    codes, anything = list(neighbours), tables.skills.codes()

    def skills(rome: str) -> frozenset[str]:
        core = cores[rome]
        kept = draw.sample(core, max(1, round(len(core) * (1 - DROPPED))))
        return frozenset((*kept, *draw.sample(anything, max(1, round(len(core) * NOISE)))))

    for place in range(number):
        own = draw.choice(codes)
        neighbour = draw.choice(neighbours[own])
        typed = draw.choice([*halves(draw.choice(tables.occupations.appellations(own)))])
        hits = tables.lookup.occupations(typed, 1)
        sought = tuple(Experience(rome=hit.code, months=draw.choice((0, 12, 36, 120))) for hit in hits)
        person = candidate(place, skills=skills(own), occupations=sought)
        yield Made(person, replace(person, skills=skills(neighbour)), typed, own, neighbour)


def _first(index: MatchIndex, source: Source, person: Candidate) -> list[str]:
    """The occupations of the first offers for somebody, best first."""
    return [one.offer_key.rpartition("/")[2].partition("-")[0] for one in index.first(person, TODAY, FIRST, source)]


def _by_lot(neighbours: int, each: int) -> float:
    """The chance that one of them is among the first, behind the own occupation's offers, were their order chance."""
    offers, places = neighbours * each, max(0, FIRST - each)
    return 1.0 if offers - each < places else 1 - comb(offers - each, places) / comb(offers, places)


def _share(name: str, hits: int, of: int, aim: float | None = None) -> Iterator[Figure]:
    share, low, high = wilson(hits, of)
    said = f"{name} (95 %: {low:.3f} to {high:.3f})"
    yield Figure(said, share, "") if aim is None else Figure(said, share, "", f"at least {aim:g}", share >= aim)


def wilson(hits: int, of: int) -> tuple[float, float, float]:
    """A share with the ends of its 95 % interval (Wilson, JASA 22, 1927)."""
    z, share = 1.96, hits / of
    centre = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return share, centre - half, centre + half


if __name__ == "__main__":
    sys.exit(main())
