"""French, and English to prove that it is a choice."""

import pytest

from node.mission.accounts.roles import Role
from node.web.frame.pages import templates
from tests.node.web.conftest import Town, words


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("", "fr"),
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en-GB,en;q=0.9", "en"),
        ("de-DE,de;q=0.9,en;q=0.5,fr;q=0.4", "en"),
        ("de, fr;q=0.2, en;q=0.1", "fr"),
        ("en;q=0, fr", "fr"),
        ("de", "fr"),
        ("*", "fr"),
        (";;;q=x,,en;q=y", "fr"),
        ("en" * 5000, "fr"),
    ],
)
def test_what_the_browser_asks_for(town: Town, accepted: str, lang: str) -> None:
    page = town.visitor(**{"Accept-Language": accepted.encode("latin-1", "replace").decode("latin-1")}).get(
        "/connexion"
    )
    assert f'<html lang="{lang}">' in page.text


def test_a_choice_is_kept(town: Town) -> None:
    visitor = town.visitor(**{"Accept-Language": "fr"})
    assert "Sign in" in words(visitor.get("/connexion?langue=en"))
    assert "Sign in" in words(visitor.get("/connexion"))
    assert "Se connecter" in words(visitor.get("/connexion?langue=fr"))
    assert "Se connecter" in words(visitor.get("/connexion?langue=xx"))


def test_a_cookie_that_holds_anything(town: Town) -> None:
    visitor = town.visitor()
    visitor.cookies.set("langue", "zz")
    assert '<html lang="fr">' in visitor.get("/connexion").text


def test_each_page_of_prose_is_whole_in_each_language() -> None:
    names = {
        name.removeprefix("frame/prose/") for name in templates.list_templates() if name.startswith("frame/prose/")
    }
    assert names == {
        f"{page}.{lang}.html" for page in ("aide", "accessibilite", "donnees-personnelles") for lang in ("fr", "en")
    }


def test_days_and_hours_are_those_of_the_place(town: Town) -> None:
    french, english = town.signed_in(Role.COUNSELLOR), town.signed_in(Role.COUNSELLOR)
    # The stories' clock stands at a moment in UTC; Montluçon is an hour ahead in November.
    local = f"{town.clock.moment.hour + 1:02}:{town.clock.moment:%M}"
    assert local in french.text("/mon-compte")
    assert "Open sessions" in english.text("/mon-compte?langue=en")


def test_the_privacy_notice_says_what_sheets_are_and_no_more(town: Town) -> None:
    page = town.visitor().text("/donnees-personnelles")
    assert "fiches pseudonymisées et généralisées, en groupes d'au moins 5 personnes" in page
    assert "anonyme" not in page
    assert "anonymous" not in town.visitor().text("/donnees-personnelles?langue=en")
