"""Match one town's register against the network's offers: exact, explained, the first 20 of each person.

The same pairs are compared one by one on a sample, and the answers must be equal.
"""

import sys
from collections.abc import Sequence

from bench.report import Figure, parser, publish, timed
from node.mission.matching.index import index_of
from node.mission.matching.match import Match, match_pair
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.referential import Referential, load
from tests.node.mission.crowds import Crowd
from tests.node.mission.samples import MONTLUCON, TODAY

TOP = 20
CHANGED = 100


def main() -> int:
    arguments = parser("match", __doc__ or "")
    arguments.add_argument("--candidates", type=int, default=450)
    arguments.add_argument("--offers", type=int, default=20_000)
    arguments.add_argument("--sample", type=int, default=5, help="people whose pairs are also compared one by one")
    arguments.add_argument("--town", default=MONTLUCON, help="INSEE code of the town whose register is matched")
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()

    referential = load()
    town = referential.communes.get(options.town)
    if town is None:
        arguments.error("unknown commune")
    crowd = Crowd(referential, options.seed, occupations=600, communes=5000)
    candidates, offers = crowd.candidates(options.candidates, town), crowd.offers(options.offers)
    build, (index, source) = timed(lambda: index_of(offers, referential))

    def first_of_each() -> dict[str, list[Match]]:
        return {person.id: index.first(person, TODAY, TOP, source) for person in candidates}

    match, matches = timed(first_of_each)
    again, _ = timed(first_of_each)
    changed, _ = timed(lambda: index.put(offers[:CHANGED]))
    one, _ = timed(lambda: index.first(candidates[0], TODAY, TOP, source))
    sample = candidates[: options.sample]
    one_by_one, expected = timed(lambda: _one_by_one(sample, offers, referential))
    if any(matches[person] != found for person, found in expected.items()):
        raise SystemExit("the index and the comparison of all pairs differ")
    whole = one_by_one * len(candidates) / len(sample)
    figures = [
        Figure("candidates", len(candidates), "people"),
        Figure("offers", len(index), "open offers"),
        Figure("matches explained", sum(map(len, matches.values())), "matches"),
        Figure("index", build, "s"),
        Figure("match, first time", match, "s"),
        Figure("match, distances known", again, "s"),
        Figure("index and match", build + match, "s", "under 1 s", build + match < 1),
        Figure(f"{CHANGED} offers change", 1000 * changed, "ms", "under 20 ms", changed < 0.02),
        Figure("one person after it", 1000 * one, "ms"),
        Figure("all pairs one by one, from a sample", whole, "s"),
        Figure("one by one / index and match", whole / (build + match), "times"),
    ]
    return publish("match", figures, options.json)


def _one_by_one(
    candidates: Sequence[Candidate], offers: Sequence[Offer], referential: Referential
) -> dict[str, list[Match]]:
    answer = {}
    for person in candidates:
        pairs = (match_pair(person, offer, referential, TODAY) for offer in offers)
        found = sorted((m for m in pairs if m is not None), key=lambda m: (-m.score, m.offer_key))
        answer[person.id] = found[:TOP]
    return answer


if __name__ == "__main__":
    sys.exit(main())
