"""« Nouvelles correspondances »: from « Aujourd'hui » to what somebody says of each, and no further."""

import pytest

from node.mission.accounts.roles import Role
from node.mission.matching.news import MatchSeen, SetAside
from node.mission.people.candidate import Candidate
from node.services.matching import news
from node.services.people import files
from tests.node.mission import samples
from tests.node.web.conftest import Town, Visitor, words
from tests.node.web.forwards.test_offers import person, published

__all__ = ["person"]

PATH = "/correspondances"


@pytest.fixture
def found(town: Town, person: Candidate) -> MatchSeen:
    """Luc fits an offer that came today."""
    news.look_for_news(town.node.desk)
    published(town)
    news.look_for_news(town.node.desk)
    ((one, _pair),) = news.news(town.node.desk, None, 9).rows
    return one


@pytest.fixture
def counsellor(town: Town) -> Visitor:
    return town.signed_in(Role.COUNSELLOR)


def test_today_says_that_something_new_fits_and_leads_there(town: Town, found: MatchSeen, counsellor: Visitor) -> None:
    page = words(counsellor.get("/aujourdhui"))
    assert "Nouvelles correspondances (1)" in page and f'href="{PATH}#c-{found.id}"' in page
    assert "nouvelle offre · Préparateur de commandes" in page
    shown = words(counsellor.get(PATH))
    assert f'id="c-{found.id}"' in shown and "Luc Fabre" in shown and "métier recherché" in shown
    assert f"/candidats/{found.candidate}/mise-en-relation?offre=" in shown
    assert news.news(town.node.desk, None, 9).count == 1, "looking at the page changes nothing"


def test_seen_is_seen(town: Town, found: MatchSeen, counsellor: Visitor) -> None:
    after = words(counsellor.send_form(f"{PATH}/{found.id}/vue", PATH))
    assert "C'est noté" in after and "Rien de nouveau" in after
    assert "Nouvelles correspondances" not in words(counsellor.get("/aujourdhui"))


def test_set_aside_needs_a_reason_and_holds(town: Town, found: MatchSeen, counsellor: Visitor) -> None:
    path = f"{PATH}/{found.id}/ecarter"
    assert "Choisissez pourquoi" in words(counsellor.send_form(path, PATH, reason="bored"))
    assert "Dites en quelques mots" in words(counsellor.send_form(path, PATH, reason=SetAside.OTHER.value))
    assert news.news(town.node.desk, None, 9).count == 1
    after = words(counsellor.send_form(path, PATH, reason=SetAside.OTHER.value, text="Horaires de nuit."))
    assert "Rien de nouveau" in after
    offers = words(counsellor.get(f"/candidats/{found.candidate}/offres"))
    assert "Écartée : Horaires de nuit." in offers
    assert "Écartée : Horaires de nuit." in words(counsellor.get(f"/offres/{found.offer}/personnes"))


def test_what_is_gone_says_so(town: Town, found: MatchSeen, counsellor: Visitor) -> None:
    assert "plus nouveau" in words(counsellor.send_form(f"{PATH}/none/vue", PATH))
    assert "plus nouveau" in words(counsellor.send_form(f"{PATH}/none/ecarter", PATH, reason=SetAside.TOO_FAR.value))


def test_a_pair_that_no_longer_fits_says_why(town: Town, found: MatchSeen, counsellor: Visitor) -> None:
    files.amend(town.node.desk, found.candidate, {"commune": samples.BAYONNE}, "anne")
    page = words(counsellor.get(PATH))
    assert "au-delà de son rayon de 10 km" in page and "mise-en-relation?" not in page


def test_a_colleagues_people_are_for_the_head_who_asks(town: Town, found: MatchSeen) -> None:
    head = town.signed_in(Role.HEAD)
    assert "Luc Fabre" not in words(head.get(PATH)) and "Luc Fabre" in words(head.get(f"{PATH}?equipe=1"))
    assert "Luc Fabre" in words(town.signed_in(Role.COUNSELLOR).get(f"{PATH}?equipe=1")), "their own"
