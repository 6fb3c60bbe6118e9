"""The sign-on provider's button, pressed in a real browser under the strict policy: there, back, and out again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from node.config import SIGN_ON_SECRET
from node.config_sections import SignOnSection
from node.mission.accounts.roles import Role
from tests.browser.conftest import PASSWORD, WIDTHS, Site, Visit, check, served, shoot
from tests.browser.hands import Hands, Pointing, Typing
from tests.browser.serving import HOST, listening, serving
from tests.node.web.oidc_provider import CLIENT, SECRET, Provider

pytestmark = pytest.mark.browser


@contextmanager
def provider_on_loopback() -> Iterator[Provider]:
    """The provider, served on a free port until the block ends."""
    with listening() as (listener, port):
        provider = Provider(now=lambda: datetime.now(UTC), issuer=f"http://{HOST}:{port}/api/v2")
        with serving(provider.app, listener):
            yield provider


@pytest.fixture
def provider() -> Iterator[Provider]:
    with provider_on_loopback() as opened:
        yield opened


@pytest.fixture
def site(tmp_path: Path, template: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A town that knows that provider; the provider knows its counsellor."""
    monkeypatch.setenv(SIGN_ON_SECRET, SECRET)
    with served(tmp_path, template, sign_on=SignOnSection(issuer=provider.issuer, client_id=CLIENT)) as opened:
        provider.person["email"] = opened.account(Role.COUNSELLOR).email
        yield opened


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_with_the_button(visit: Visit, width: int) -> None:
    page = visit("/connexion", width=width)
    expect(page.locator("form[action='/connexion/fournisseur'] button")).to_be_visible()
    shoot(page, f"connexion-fournisseur-{width}")
    check(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_after_a_failure(visit: Visit, provider: Provider, width: int) -> None:
    provider.person["email"] = "inconnue@montlucon.example"
    page = visit("/connexion", width=width)
    sign_on(page, Pointing(page), provider)
    page.wait_for_url("**/connexion")
    expect(page.locator("main .notice")).to_be_visible()
    shoot(page, f"connexion-fournisseur-inconnue-{width}")
    check(page)


@pytest.mark.parametrize(("hands", "javascript"), [(Pointing, True), (Pointing, False), (Typing, True)])
def test_there_back_and_out_again(
    visit: Visit, site: Site, provider: Provider, hands: type[Pointing] | type[Typing], javascript: bool
) -> None:
    page = visit("/candidats", javascript=javascript)
    sign_on(page, hands(page), provider)
    page.wait_for_url(f"{site.url}/candidats")
    page.goto(site.url)
    page.wait_for_url(f"{site.url}/aujourdhui")
    expect(page.get_by_text("Karima Benali").first).to_be_attached()
    if javascript:
        check(page)
    page.locator("summary", has_text="Karima Benali").click()
    page.locator("form[action='/deconnexion'] button").click()
    page.wait_for_url(f"{site.url}/")
    assert provider.ended == provider.issued
    page.goto(site.url + "/aujourdhui")
    expect(page).to_have_url(f"{site.url}/connexion?vers=%2Faujourdhui")


def test_a_password_still_opens(visit: Visit, site: Site, provider: Provider) -> None:
    page = visit("/connexion")
    hands = Pointing(page)
    hands.write("#email", site.account(Role.COUNSELLOR).email)
    hands.write("#password", PASSWORD)
    hands.press("form[action='/connexion'] button")
    expect(page).to_have_url(f"{site.url}/aujourdhui")
    assert provider.asked == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_on_the_way(visit: Visit, provider: Provider, width: int) -> None:
    """Seen by whoever has told the browser to go nowhere by itself."""
    page = visit("/connexion", width=width)
    page.route(provider.issuer + "/authorize*", lambda route: route.fulfill(status=204))
    page.locator("form[action='/connexion/fournisseur'] button").click()
    link = page.locator("main a.btn-primary")
    expect(link).to_be_visible()
    shoot(page, f"vers-fournisseur-{width}")
    assert str(link.get_attribute("href")).startswith(provider.issuer + "/authorize?")
    check(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_account_that_is_tied_and_the_page_on_the_way_out(
    visit: Visit, site: Site, provider: Provider, width: int
) -> None:
    page = visit("/connexion", width=width)
    sign_on(page, Pointing(page), provider)
    page.wait_for_url(f"{site.url}/aujourdhui")
    account = visit(f"/comptes/{site.account(Role.COUNSELLOR).id}", role=Role.HEAD, width=width)
    expect(account.locator("form[action$='/delier'] button")).to_be_visible()
    shoot(account, f"compte-lie-{width}")
    check(account)
    page.route(provider.issuer + "/session/end*", lambda route: route.fulfill(status=204))
    page.locator("summary", has=page.locator("svg")).click()
    page.locator("form[action='/deconnexion'] button").click()
    expect(page.locator("main a.btn-primary")).to_be_visible()
    shoot(page, f"deconnexion-fournisseur-{width}")
    check(page)


def sign_on(page: Page, hands: Hands, provider: Provider) -> None:
    """Press the button here, then the one there."""
    page.locator("form[action='/connexion/fournisseur'] button").wait_for()
    with page.expect_navigation(url=provider.issuer + "/authorize*"):
        hands.press("form[action='/connexion/fournisseur'] button")
    hands.press("#continuer")
