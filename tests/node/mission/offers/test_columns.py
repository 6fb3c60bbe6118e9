"""Offers as columns answer a list as reading every offer would."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from node.mission.offers.columns import OfferColumns
from node.mission.offers.filter import Area, OfferFilter, Viewpoint, fits, km_from, names_employer, newest_first
from node.mission.offers.offer import Offer, OfferState
from node.mission.parts import Counted
from node.referential import load
from node.referential.text import fold
from tests.node.mission.crowds import Crowd
from tests.node.mission.samples import MONTLUCON, NOW, TODAY, offer, site

REFERENTIAL = load()
HOME = "montlucon.emploi.example"
TOWNS = (HOME, "drancy.emploi.example", "drancy-nord.emploi.example")
SEEN = Viewpoint(HOME, TODAY, km_from(REFERENTIAL.communes, MONTLUCON))
FILTERS = st.builds(
    OfferFilter,
    text=st.sampled_from(["", "", "commandes", "PRÉP  cdi", "cher", "é", "ref-1 boulang", "d'équipe"]),
    area=st.sampled_from(Area),
    km=st.sampled_from([0, 10, 50, 300]),
    rome=st.sampled_from(["", "", "N", "N11", "Z9999"]),
    contract=st.sampled_from(["", "", "CDI", "MIS"]),
    employer=st.sampled_from(["", "", "entrepots DU cher", "Nobody"]),
    commune=st.sampled_from(["", "", MONTLUCON, "99999"]),
    closing=st.sampled_from([None, None, 0, 7]),
    closed=st.booleans(),
    clause=st.sampled_from([False, False, True]),
    needs=st.sampled_from([False, False, True]),
)


def plainly(offers: Iterable[Offer], wanted: OfferFilter, offset: int, limit: int) -> Counted[str]:
    found = sorted((one for one in offers if fits(one, wanted, SEEN)), key=newest_first, reverse=True)
    return Counted(len(found), tuple(one.key for one in found[offset : offset + limit]))


def drawn(seed: int, number: int) -> list[Offer]:
    crowd = Crowd(REFERENTIAL, seed, occupations=6, communes=30)
    draw = crowd.random
    return [
        replace(
            one,
            node=draw.choice(TOWNS),
            reference=draw.choice(["", f"REF-{place}"]),
            title=draw.choice(["Préparateur de commandes", "Boulanger·ère", "Chef d\u2019équipe"]),
            state=draw.choice([OfferState.OPEN, OfferState.OPEN, *OfferState]),
            clause=draw.choice([False, True]),
            employer=draw.choice(["Entrepôts du Cher", "Œuvres & Cie", ""]),
            published=draw.choice(
                [None, NOW, NOW - timedelta(microseconds=draw.randrange(3)), NOW - timedelta(days=9)]
            ),
        )
        for place, one in enumerate(crowd.offers(number, campaign_sites=5))
    ]


@settings(max_examples=60)
@given(st.integers(0, 10**6), FILTERS, st.integers(0, 12), st.integers(1, 9))
def test_a_page_is_that_of_reading_every_offer(seed: int, wanted: OfferFilter, offset: int, limit: int) -> None:
    columns, standing = OfferColumns(HOME, SEEN.km), dict[str, Offer]()
    for round_ in range(3):
        told = drawn(seed + round_, 20)
        gone = sorted(standing)[: seed % 5]
        columns.put(told)
        columns.drop(gone)
        standing |= {one.key: one for one in told}
        standing = {key: one for key, one in standing.items() if key not in gone}
        if seed % 3 == round_:
            columns._pack()
        expected = plainly(standing.values(), wanted, offset, limit)
        assert columns.page(wanted, SEEN, offset, limit) == expected
        for text in ("entrepots", "CHER du", "œuvres", "&", ""):
            named = [one for one in standing.values() if names_employer(text, one) and one.is_open(TODAY)]
            by_name: dict[str, list[str]] = {}
            for one in named:
                by_name.setdefault(one.employer, []).append(one.key)
            assert columns.employers(text, TODAY) == {fold(name): len(keys) for name, keys in by_name.items()}
            for name, keys in by_name.items():
                assert columns.offer_of(fold(name), TODAY) == min(keys)


def test_no_offers() -> None:
    assert OfferColumns(HOME, SEEN.km).page(OfferFilter(text="a"), SEEN, 0, 9) == Counted(0, ())


def test_an_offer_without_a_known_place_is_in_every_list_but_the_near_one() -> None:
    columns = OfferColumns(HOME, SEEN.km)
    columns.put([offer(1, sites=()), offer(2, sites=(site("99999"),))])
    assert columns.page(OfferFilter(), SEEN, 0, 9).count == 2
    assert columns.page(OfferFilter(area=Area.NEAR, km=20_000), SEEN, 0, 9).count == 0
