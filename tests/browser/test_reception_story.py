"""Zoulikha's CV, from the poster's QR code to its erasure.

She hands it in on her telephone; Karima signs in by a link, treats it, mends what is missing, prints it, and vouches
for it; Zoulikha opens her space, withdraws, and erases everything.

Told three times: with JavaScript (every page audited at 360 px, and at 1280 px by `make soak`), without, and by
keyboard alone.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize

from node.mission.accounts.account import LinkPurpose
from node.mission.accounts.roles import Role
from node.mission.deposits.deposit import Deposit, SourceKind
from node.mission.people.candidate import Candidate, CvState
from node.services.accounts import links
from node.services.deposits import deposits
from tests.browser.conftest import DESK, PHONE, Site, Visit, check, shoot
from tests.browser.hands import Hands, Pointing, Typing

pytestmark = pytest.mark.browser

TELEPHONE: ViewportSize = {"width": 390, "height": 844}
SLOWEST_ROBOT = 3
"""Whoever sends the form in less seconds is asked to look over it once more."""

CV = """Zoulikha BENMANSOUR
Préparatrice de commandes
06 12 34 56 78

Expérience professionnelle
mars 2021 - juin 2025 : Préparatrice de commandes, Entrepôts du Cher
2016 - 2020 : Agent d'entretien, Ville de Montluçon

Formation
CAP Employé de vente, 2004
"""
"""What is missing: where she lives, and what she can do."""


class Walk:
    """Somebody's way through the pages in one browser; each page is looked at before anything is done on it."""

    def __init__(self, page: Page, hands: Hands, audited: Sequence[int], name: str) -> None:
        self.page, self.hands = page, hands
        self._audited, self._name, self._seen, self._refused = audited, name, 0, 200
        page.set_viewport_size(TELEPHONE)
        self.look()

    def look(self, status: int = 200) -> None:
        """Audit the page at each of those widths. The console remembers an expected refusal."""
        self._seen += 1
        self._refused = max(self._refused, status)
        if not self._audited:
            return
        for width in self._audited:
            self.page.set_viewport_size({"width": width, "height": 844})
            check(self.page, self._refused)
        self.page.set_viewport_size(TELEPHONE)
        shoot(self.page, f"recit-{self._name}-{self._seen:02d}")

    def press(self, selector: str, status: int = 200) -> None:
        """Go on to another page, and look at it."""
        self.hands.press(selector)
        self.look(status)

    def go(self, url: str) -> None:
        """Open an address from a message or from paper."""
        self.page.goto(url)
        self.look()


@pytest.mark.parametrize(
    ("hands", "javascript", "audited"),
    [
        pytest.param(Pointing, True, [PHONE], id="with-javascript"),
        pytest.param(Pointing, True, [PHONE, DESK], id="with-javascript-at-both-widths", marks=pytest.mark.soak),
        pytest.param(Pointing, False, [], id="without-javascript"),
        pytest.param(Typing, True, [], id="by-keyboard"),
    ],
)
def test_from_the_poster_to_the_erasure(
    site: Site, visit: Visit, tmp_path: Path, hands: Callable[[Page], Hands], javascript: bool, audited: list[int]
) -> None:
    def walk(path: str, name: str) -> Walk:
        page = visit(path, javascript=javascript, width=390)
        return Walk(page, hands(page), audited, name)

    poster = deposits.open_source(site.node.desk, SourceKind.DESK, "Accueil de la mairie")
    _hand_in(site, walk(f"/deposer/{poster.id}", "depot"), tmp_path)
    person, invitation = _from_deposit_to_ready(site, walk)
    _withdraw_and_erase(site, walk(invitation.removeprefix(site.url), "espace"), person)


def _hand_in(site: Site, zoulikha: Walk, folder: Path) -> None:
    file = folder / "mon cv.txt"
    file.write_text(CV, encoding="utf-8")
    hands = zoulikha.hands
    hands.write("#first_name", "Zoulikha")
    hands.write("#last_name", "Benmansour")
    hands.attach("#fichier", file)
    site.wait(seconds=SLOWEST_ROBOT)
    zoulikha.press("main button[type=submit]", 422)
    assert zoulikha.page.locator("#phone-fault").is_visible()
    assert zoulikha.page.locator("#first_name").input_value() == "Zoulikha", "nothing typed is lost"
    hands.write("#phone", "06 12 34 56 78")
    hands.tick("#network")
    zoulikha.press("main button[type=submit]")
    assert zoulikha.page.url.endswith("/deposer/merci")


def _from_deposit_to_ready(site: Site, walk: Callable[[str, str], Walk]) -> tuple[Candidate, str]:
    """The person's file, signed, and the link to her space."""
    deposit = _read_by_now(site)
    account = site.account(Role.COUNSELLOR)
    link = links.new_link(site.node.desk, LinkPurpose.SIGN_IN, account.id)
    karima = walk(f"/connexion/lien/{link}", "conseil")
    page, hands = karima.page, karima.hands
    karima.press("main button[type=submit]")
    assert page.url.endswith("/aujourdhui")
    karima.press(f"main a[href='/depots/{deposit.id}']")
    assert page.locator("#last_name").input_value() == "Benmansour"
    karima.press("#fiche button.btn-primary[type=submit]")
    for group in ("search", "background"):
        hands.tick(f"#checked_{group}")
    karima.press("#fiche button.btn-primary[type=submit]")
    karima.press("#fiche button.btn-primary[type=submit]")
    (person,) = _people(site)
    file = f"/candidats/{person.id}"
    assert page.url == site.url + file
    karima.press(f"main .tabs a[href='{file}/cv']")
    assert page.locator("form[action$='/pret']").count() == 0, "nobody vouches for a CV that lacks something"
    karima.press(f"main a[href='{file}#manque']")

    karima.press(f"main .todo a[href='{file}/identite#commune']")
    hands.write("#q_commune", "montlucon")
    karima.press("button[name=chercher][value=commune]")
    karima.press("button[name=ajouter][value='commune:03185']")
    karima.press("main form button.btn-primary[type=submit]:not([name])")
    karima.press(f"main .page-head a.btn-primary[href='{file}/projet#skills']")
    usual = page.locator("input[name=skills]:not(:checked)").evaluate_all("nodes => nodes.slice(0, 3).map(n => n.id)")
    for one in usual:
        hands.tick(f"#{one}")
    karima.press("main form button.btn-primary[type=submit]:not([name])")

    karima.press(f"main .tabs a[href='{file}/cv']")
    _print(karima, f"main a[href$='{file}/cv/plain.pdf']")
    hands.tick("#met-in_person")
    karima.press("form[action$='/pret'] button[type=submit]")
    (signed,) = _people(site)
    assert signed.cv_state is CvState.READY and signed.is_ready(site.node.desk.today())
    assert signed.readiness is not None and signed.readiness.by == account.id
    assert signed.commune == "03185" and len(signed.skills) >= 3

    karima.press(f"main .tabs a[href='{file}/dossier']")
    karima.press("form[action$='/acces/lien'] button[type=submit]")
    return signed, page.locator(".secret").inner_text()


def _read_by_now(site: Site) -> Deposit:
    """The deposit, once what it says has been read: that goes on after the thanks."""
    site.underway.wait()
    (deposit,) = deposits.waiting_deposits(site.node.desk).rows
    assert deposits.one_deposit(site.node.desk, deposit.id).proposal is not None
    return deposit


def _print(karima: Walk, selector: str) -> None:
    """The PDF, as the browser gets it."""
    address = karima.page.locator(selector).first.get_attribute("href")
    answer = karima.page.context.request.get(karima.page.url.split("/candidats")[0] + str(address))
    assert answer.ok and answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF") and b"/StructTreeRoot" in answer.body()


def _withdraw_and_erase(site: Site, zoulikha: Walk, person: Candidate) -> None:
    page, hands = zoulikha.page, zoulikha.hands
    today = site.node.desk.today()
    assert person.may_be_published(today)
    zoulikha.press("main button[type=submit]")
    assert page.url.endswith("/mon-espace")
    zoulikha.press("main a[href='/mon-espace/suivi']")
    assert "Karima Benali" in page.locator("main").inner_text(), "who saw what"
    zoulikha.press("main a[href='/mon-espace/accords']")
    zoulikha.press("main a[href='/mon-espace/accords/retirer/network']")
    zoulikha.press("main form button.btn-danger")
    (withdrawn,) = _people(site)
    assert not withdrawn.may_be_published(today)
    zoulikha.press("main a[href='/mon-espace']")
    zoulikha.press("main a[href='/mon-espace/effacer']")
    zoulikha.press("main form button.btn-danger", 422)
    assert _people(site), "nothing is erased by one press alone"
    hands.tick("#sure")
    zoulikha.press("main form button.btn-danger")
    assert _people(site) == []
    assert not re.search(r"mon-espace", page.url)
    with site.node.database.read() as uow:
        assert list(uow.documents.of_candidate(person.id)) == []


def _people(site: Site) -> list[Candidate]:
    with site.node.database.read() as uow:
        return list(uow.candidates.all())
