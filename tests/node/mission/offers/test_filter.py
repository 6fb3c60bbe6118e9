"""What a list of offers is asked for: each filter alone, and the laws that hold for all of them together."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.mission.offers.filter import Area, OfferFilter, Viewpoint, fits, km_from, nearest_km, newest_first
from node.mission.offers.offer import Offer, OfferState
from node.referential import load
from tests.node.mission import samples
from tests.node.mission.samples import BAYONNE, DOMERAT, DRANCY, MONTLUCON, NOW, TODAY, site

HOME = "montlucon.emploi.example"
SEEN = Viewpoint(HOME, TODAY, km_from(load().communes, MONTLUCON))
OFFER = replace(
    samples.offer(),
    node="drancy.emploi.example",
    employer="Boulangerie Édouard & Fils",
    title="Préparateur de commandes",
    description="Chargement de l'entrepôt, de nuit.",
    contract="CDD",
    sites=(site(DRANCY), site(DOMERAT, identifier="s2")),
    closes=TODAY + timedelta(days=5),
    published=NOW,
)


@pytest.mark.parametrize(
    ("wanted", "answer"),
    [
        ({}, True),
        ({"text": "PREPARATEUR entrepot"}, True),
        ({"text": "edouard fils"}, True),
        ({"text": "préparateur de jour"}, False),
        ({"text": "  ,; "}, True),
        ({"area": Area.OWN}, False),
        ({"area": Area.NEAR, "km": 10}, True),
        ({"area": Area.NEAR, "km": 1}, False),
        ({"rome": "N11"}, True),
        ({"rome": "N1103"}, True),
        ({"rome": "N12"}, False),
        ({"contract": "CDD"}, True),
        ({"contract": "CDI"}, False),
        ({"employer": "boulangerie edouard fils"}, True),
        ({"employer": "Boulangerie"}, False),
        ({"commune": DOMERAT}, True),
        ({"commune": BAYONNE}, False),
        ({"closing": 5}, True),
        ({"closing": 4}, False),
        ({"contract": "CDD", "closing": 4}, False),
        ({"clause": True}, False),
        ({"needs": True}, False),
    ],
)
def test_each_filter_means_what_it_says(wanted: dict[str, Any], answer: bool) -> None:
    assert fits(OFFER, OfferFilter(**wanted), SEEN) is answer


def test_the_towns_own_closed_and_past_offers_are_shown_when_asked_for() -> None:
    closed, past = replace(OFFER, state=OfferState.CLOSED), replace(OFFER, closes=TODAY - timedelta(days=1))
    for one in (closed, past):
        assert not fits(one, OfferFilter(), SEEN)
        assert not fits(one, OfferFilter(closed=True), SEEN), "another town's stay away"
        assert fits(replace(one, node=HOME), OfferFilter(closed=True), SEEN)


def test_the_reference_that_an_employer_gave_is_searched() -> None:
    assert fits(replace(OFFER, reference="PREP-2026"), OfferFilter(text="prep 2026"), SEEN)


def test_where_no_place_is_known_nothing_is_near() -> None:
    nowhere = replace(OFFER, sites=(site("99999"),))
    assert nearest_km(nowhere, SEEN) is None and not fits(nowhere, OfferFilter(area=Area.NEAR, km=2000), SEEN)
    without = Viewpoint(HOME, TODAY, km_from(load().communes, ""))
    assert nearest_km(OFFER, without) is None


def test_the_last_published_comes_first_and_what_never_was_last() -> None:
    older, never = replace(OFFER, id="a", published=NOW - timedelta(days=1)), replace(OFFER, id="b", published=None)
    assert sorted([never, older, OFFER], key=newest_first, reverse=True) == [OFFER, older, never]


OFFERS = st.builds(
    lambda node, rome, contract, commune, days, words, state: replace(
        OFFER,
        node=node,
        rome=rome,
        contract=contract,
        sites=(site(commune),),
        closes=TODAY + timedelta(days=days),
        title=words,
        state=state,
    ),
    st.sampled_from((HOME, "drancy.emploi.example")),
    st.sampled_from(("N1101", "N1103", "D1106")),
    st.sampled_from(("CDI", "CDD")),
    st.sampled_from((MONTLUCON, DOMERAT, DRANCY)),
    st.integers(-3, 10),
    st.text("aéE -'œ", max_size=8),
    st.sampled_from(OfferState),
)
FILTERS = st.builds(
    OfferFilter,
    text=st.text("aeÉ -", max_size=4),
    area=st.sampled_from(Area),
    km=st.sampled_from((1, 10, 500)),
    rome=st.sampled_from(("", "N", "N11", "N1103")),
    contract=st.sampled_from(("", "CDI")),
    commune=st.sampled_from(("", DOMERAT)),
    closing=st.sampled_from((None, 0, 7)),
    closed=st.booleans(),
)


@given(OFFERS, FILTERS)
def test_a_filter_is_the_meeting_of_its_parts(offer: Offer, wanted: OfferFilter) -> None:
    """Each part alone lets pass whatever they all let pass together, and nothing else is let pass."""
    plain = OfferFilter(closed=wanted.closed)
    parts = [
        replace(plain, text=wanted.text),
        replace(plain, area=wanted.area, km=wanted.km),
        replace(plain, rome=wanted.rome),
        replace(plain, contract=wanted.contract),
        replace(plain, commune=wanted.commune),
        replace(plain, closing=wanted.closing),
    ]
    assert fits(offer, wanted, SEEN) is all(fits(offer, part, SEEN) for part in parts)


@given(OFFERS, st.text("aéE -'", max_size=5), st.text("aéE -'", max_size=5))
def test_words_may_come_in_any_order_accent_and_case(offer: Offer, one: str, other: str) -> None:
    answer = fits(offer, OfferFilter(text=f"{one} {other}"), SEEN)
    assert answer is fits(offer, OfferFilter(text=f"{other.upper()} {one.replace('é', 'E')}"), SEEN)
