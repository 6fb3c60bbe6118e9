"""Whether two offers are the same one that came twice."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from node.mission.offers.likeness import Alike, likeness, pairs
from node.mission.offers.offer import Offer
from tests.node.mission import samples

OFFERS = st.builds(
    lambda number, title, employer, rome, text, commune, unlike: samples.offer(
        number, rome, title=title, employer=employer, description=text, sites=(samples.site(commune),),
        unlike=frozenset(f"o{one}" for one in unlike),
    ),
    st.integers(1, 9), st.sampled_from(["Maçon (H/F)", "maçon, h/f", "Maçonne"]),
    st.sampled_from(["Bâtir SARL", "BATIR  sarl", "Bâtir et fils"]), st.sampled_from(["F1703", "F1704"]),
    st.sampled_from(["", "Murs, dalles.", "murs dalles"]), st.sampled_from([samples.MONTLUCON, samples.DOMERAT]),
    st.sets(st.integers(1, 9), max_size=1),
)  # fmt: skip


def test_two_offers_are_alike_whatever_their_commas() -> None:
    one = samples.offer(title="Maçon (H/F)", employer="Bâtir SARL")
    for other, how in (
        ({"title": "MAÇON, h/f ", "employer": "bâtir  sarl"}, Alike.SAME),
        ({"description": "Autre texte."}, Alike.NEAR),
        ({"title": "Maçonne", "rome": "F1703"}, None if one.rome != "F1703" else Alike.NEAR),
        ({"employer": "Bâtir et fils"}, None),
        ({"description": "Autre texte.", "sites": (samples.site(samples.DRANCY),)}, None),
        ({"unlike": frozenset({one.id})}, None),
    ):
        assert likeness(one, replace(one, id="other", **other)) is how, other


@settings(max_examples=40)
@given(st.lists(OFFERS, max_size=7, unique_by=lambda one: one.id))
def test_the_pairs_are_those_of_comparing_each_with_each(offers: list[Offer]) -> None:
    found = {frozenset((one.id, other.id)): how for one, other, how in pairs(offers)}
    assert all(likeness(one, other) is likeness(other, one) for one in offers for other in offers)
    assert found == {
        frozenset((one.id, other.id)): how for one in offers for other in offers if (how := likeness(one, other))
    }
