"""The base pages, seen on a phone and on a desk, by eye, by axe and by keyboard; each story once without JavaScript."""

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import Page, expect

from node.mission.accounts.account import LinkPurpose
from node.mission.accounts.roles import Role
from node.mission.accounts.trail import Access, OpenedFor
from node.services.accounts import accounts, links
from node.services.accounts.links import new_link
from tests.browser.conftest import PASSWORD, PHONE, WIDTHS, Site, Visit, check, shoot
from tests.browser.hands import follow

pytestmark = pytest.mark.browser

PUBLIC = ["/", "/etat", "/connexion", "/connexion/demander", "/composants"]
PUBLIC += ["/aide", "/accessibilite", "/donnees-personnelles"]
OWN = ["/aujourdhui", "/mon-compte", "/mon-compte/double-verification"]
MANAGED = ["/comptes", "/comptes/nouveau", "/comptes/roles", "/comptes/consultations"]


def name_of(path: str) -> str:
    return path.strip("/").replace("/", "-") or "accueil"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages(visit: Visit, path: str, width: int) -> None:
    page = visit(path, width=width)
    shoot(page, f"{name_of(path)}-{width}")
    check(page)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", [*OWN, *MANAGED])
def test_pages_of_a_head_of_mission(visit: Visit, site: Site, path: str, width: int) -> None:
    head, counsellor = site.account(Role.HEAD), site.account(Role.COUNSELLOR)
    with site.node.database.write() as uow:
        for rank, account in enumerate((counsellor, head)):
            at = site.node.now() - timedelta(hours=rank)
            uow.accounts.record_access(Access(at, account.id, account.name, "erased", OpenedFor.READ))
    page = visit(path, role=Role.HEAD, width=width)
    shoot(page, f"{name_of(path)}-{width}")
    check(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_an_account(visit: Visit, site: Site, width: int) -> None:
    page = visit(f"/comptes/{site.account(Role.COUNSELLOR).id}", role=Role.HEAD, width=width)
    shoot(page, f"compte-{width}")
    check(page)
    follow(page.get_by_role("button", name="Créer un lien"))
    shoot(page, f"lien-a-remettre-{width}")
    check(page)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("purpose", [LinkPurpose.INVITATION, LinkPurpose.SIGN_IN, LinkPurpose.CANDIDATE])
def test_the_page_of_a_link(visit: Visit, site: Site, purpose: LinkPurpose, width: int) -> None:
    subject = site.account(Role.EMPLOYER).id
    token = new_link(site.node.desk, purpose, subject)
    page = visit(f"/connexion/lien/{token}", width=width)
    shoot(page, f"lien-{purpose.value}-{width}")
    check(page)


def test_menus_on_a_phone(visit: Visit) -> None:
    page = visit("/aujourdhui", role=Role.HEAD, width=PHONE)
    page.get_by_text("Menu", exact=True).click()
    shoot(page, "menu-360")
    check(page)
    follow(page.get_by_role("link", name="Comptes"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Comptes")
    page.locator("summary", has=page.locator("svg")).click()
    shoot(page, "menu-compte-360")
    check(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_signing_in_and_out(visit: Visit, site: Site, javascript: bool) -> None:
    site.account(Role.COUNSELLOR)
    page = visit("/aujourdhui", javascript=javascript)
    expect(page).to_have_url(f"{site.url}/connexion?vers=%2Faujourdhui")
    sign_in(page, "counsellor@montlucon.example", "autre mot de passe")
    expect(page.get_by_text("Cette adresse et ce mot de passe ne vont pas ensemble.").first).to_be_visible()
    assert page.get_by_label("Adresse électronique").input_value() == "counsellor@montlucon.example"
    if javascript:
        shoot(page, "connexion-refusee-1280")
        # The refused sign-in is itself an error that the console tells.
    sign_in(page, "counsellor@montlucon.example", PASSWORD)
    expect(page).to_have_url(f"{site.url}/aujourdhui")
    page.locator("summary", has_text="Karima Benali").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_text("Votre session est fermée.")).to_be_visible()
    page.goto(site.url + "/aujourdhui")
    expect(page).to_have_url(f"{site.url}/connexion?vers=%2Faujourdhui")


def sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe").fill(password)
    follow(page.get_by_role("button", name="Se connecter"))


def test_the_first_account_by_keyboard_alone(visit: Visit, site: Site) -> None:
    url = links.first_link(site.node.desk)
    assert url is not None
    page = visit(url.removeprefix(site.url))
    shoot(page, "premier-compte-1280")
    check(page)
    for typed in ("Marie Réau", "m.reau@montlucon.example", PASSWORD, PASSWORD):
        field = {"Marie Réau": "name", "m.reau@montlucon.example": "email"}.get(typed)
        for _step in range(30):
            page.keyboard.press("Tab")
            here = page.evaluate("document.activeElement.id")
            if here == field or (field is None and here.startswith("password")):
                break
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/aujourdhui")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour, Marie Réau")


def test_the_second_factor(visit: Visit, site: Site) -> None:
    page = visit("/mon-compte/double-verification", role=Role.HEAD)
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Tapez le code").fill(pyotp.TOTP(secret).now())
    follow(page.get_by_role("button", name="L'activer"))
    shoot(page, "codes-de-secours-1280")
    check(page)
    recovery = page.locator(".codes .secret").first.inner_text()
    other = visit("/connexion", width=PHONE)
    sign_in(other, "head@montlucon.example", PASSWORD)
    shoot(other, "code-360")
    check(other)
    other.get_by_label("Code à 6 chiffres").fill(recovery.lower())
    follow(other.get_by_role("button", name="Continuer"))
    expect(other).to_have_url(f"{site.url}/aujourdhui")
    other.goto(site.url + "/mon-compte")
    expect(other.get_by_text("Il reste 7 codes de secours.")).to_be_visible()
    shoot(other, "mon-compte-double-360")
    check(other)


def test_what_was_typed_outlives_the_session(visit: Visit, site: Site) -> None:
    page = visit("/comptes/nouveau", role=Role.HEAD)
    page.get_by_label("Nom (obligatoire)", exact=True).fill("Ousmane N'Diaye")
    page.get_by_label("Adresse électronique").fill("o.ndiaye@montlucon.example")
    page.get_by_label("Conseiller ou conseillère").check()
    with site.node.database.write() as uow:
        head = accounts.find_account(uow, "head@montlucon.example")
        for session in uow.accounts.sessions(account=head.id):
            uow.accounts.save_session(replace(session, expires=site.node.now() - timedelta(seconds=1)))
    follow(page.get_by_role("button", name="Ajouter"))
    expect(page.get_by_text("Ce que vous avez tapé est gardé")).to_be_visible()
    shoot(page, "saisie-gardee-1280")
    check(page)
    sign_in(page, "head@montlucon.example", PASSWORD)
    expect(page.get_by_text("Ousmane N'Diaye")).to_be_visible()
    shoot(page, "saisie-reprise-1280")
    check(page)
    follow(page.get_by_role("button", name="Envoyer maintenant"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Lien pour Ousmane N'Diaye")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_session_that_ends_soon_says_so(visit: Visit, site: Site, javascript: bool) -> None:
    page = visit("/comptes/nouveau", role=Role.HEAD, javascript=javascript, width=PHONE)
    bar = page.get_by_role("region", name="Votre session")
    expect(bar).to_be_hidden()
    with site.node.database.write() as uow:
        head = accounts.find_account(uow, "head@montlucon.example")
        for session in uow.accounts.sessions(account=head.id):
            uow.accounts.save_session(replace(session, expires=site.node.now() + timedelta(minutes=5)))
    page.reload()
    expect(bar).to_be_visible()
    if javascript:
        expect(bar).to_contain_text("se termine dans 5 min")
        shoot(page, "session-360")
        check(page)
        page.get_by_label("Nom (obligatoire)", exact=True).fill("Ousmane")
    page.get_by_role("button", name="Garder la session ouverte").click()
    expect(page.get_by_text("Votre session reste ouverte 8 heures de plus.")).to_be_visible()
    if javascript:
        assert page.get_by_label("Nom (obligatoire)", exact=True).input_value() == "Ousmane"


def test_in_english(visit: Visit) -> None:
    page = visit("/connexion", language="en-GB")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    check(page)
    follow(page.get_by_role("link", name="Français"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")
    follow(page.get_by_role("link", name="Aide"))
    assert page.locator("html").get_attribute("lang") == "fr"


def test_an_error_in_the_towns_own_clothes(visit: Visit) -> None:
    page = visit("/nulle-part", width=PHONE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Page introuvable")
    shoot(page, "erreur-360")
    check(page, 404)
