"""Places keep their numbers, whatever else of them is told anew."""

from hypothesis import given
from hypothesis import strategies as st

from node.kit.errors import BadInput
from node.mission.offers.offer import OfferSite
from node.services.offers.corrections import numbered, told_pairs, told_site

COMMUNES = ("03185", "03101", "93029")
NUMBERS = ("", "03185", "03185-2", "a")


def site(number: str = "", commune: str = "03185", label: str = "") -> OfferSite:
    return OfferSite(id=number, commune=commune, label=label, posts=1)


PLACES = st.lists(
    st.builds(site, st.just(""), st.sampled_from(COMMUNES), st.sampled_from(("", "Quai", "Four"))), max_size=8
)


@given(PLACES, PLACES)
def test_every_place_has_a_number_of_its_own(first: list[OfferSite], then: list[OfferSite]) -> None:
    known = numbered(first, ())
    for sites in (known, numbered(then, known)):
        assert all(one.id for one in sites) and len({one.id for one in sites}) == len(sites)
    assert numbered(known, known) == known


@given(PLACES)
def test_a_place_that_is_told_again_without_its_number_keeps_it(places: list[OfferSite]) -> None:
    once = list({(one.commune, one.label): one for one in places}.values())
    known = numbered(once, ())
    again = numbered(reversed(once), known)
    assert set(again) == set(known)


def test_a_number_that_is_told_is_never_another_places() -> None:
    known = (site("03185"), site("03185-2", label="Quai"))
    told = (site(label="Four"), site("03185", label="Cour"), site(label="Quai"))
    assert [one.id for one in numbered(told, known)] == ["03185-2-2", "03185", "03185-2"]


@given(st.text(max_size=30))
def test_whatever_is_typed_for_a_place_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        assert told_site(text).posts >= 0
    except BadInput as error:
        assert str(error)


def test_pairs_are_read_with_and_without_their_word() -> None:
    assert told_pairs(["900016", "117474:S", " ", ""], "E") == {"900016": "E", "117474": "S"}
