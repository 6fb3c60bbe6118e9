"""A counsellor at Montluçon: a CV is handed in, its fields confirmed, printed, and signed as ready; with a mouse on a
telephone and on a desk, without JavaScript, and by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page

from node.mission.accounts.roles import Role
from tests.browser.conftest import DESK, PHONE, Site, Visit, check, shoot
from tests.browser.counsellors import hand_in, send
from tests.browser.hands import enter, follow

pytestmark = pytest.mark.browser


def confirm(page: Page, *groups: str) -> None:
    """Tick that each of these parts was compared with the document."""
    for group in groups:
        page.locator(f"#checked_{group}").check()


def correct(page: Page, field: str) -> None:
    """Open the line of a field that was read with certainty."""
    page.locator(f"details.sure:has(#{field}) > summary").click()


@pytest.mark.parametrize(("width", "javascript"), [(PHONE, True), (DESK, False)])
def test_from_deposit_to_ready(site: Site, visit: Visit, width: int, javascript: bool) -> None:
    deposit = hand_in(site)
    page = visit("/depots", role=Role.COUNSELLOR, width=width, javascript=javascript)
    shoot(page, f"depots-{width}")
    if javascript:
        check(page)
    follow(page.locator(f"a[href='/depots/{deposit}']"))
    assert page.locator("#email").input_value() == "zoulikha.benmansour@exemple.fr"
    assert not page.locator("#email").is_visible(), "read with certainty: one line says it"
    assert page.locator("#birth_date").is_visible() and not page.locator("#hours").is_visible()
    shoot(page, f"depot-1-{width}")
    correct(page, "phone")
    page.locator("#phone").fill("pas de téléphone")
    page.locator("#birth_date").fill("1985-03-02")
    send(page, "#fiche")
    assert page.locator("#fautes li").count() == 1, "nothing goes on that nobody confirmed"
    confirm(page, "identity")
    send(page, "#fiche")
    assert page.locator("#phone-fault").is_visible() and page.locator("#fautes li").count() == 1
    assert page.locator("#birth_date").input_value() == "1985-03-02"
    shoot(page, f"depot-faute-1-{width}")
    if javascript:
        check(page, 422)
    page.locator("#phone").fill("06 12 34 56 78")
    send(page, "#fiche")
    assert page.locator("#months_N1103").input_value() == "52"
    send(page, "#fiche")
    assert page.locator("#fautes li").count() == 2
    shoot(page, f"depot-fautes-{width}")
    confirm(page, "search", "background")
    if javascript:
        check(page, 422)
    send(page, "#fiche")
    page.locator("details:has(#words) > summary").click()
    page.locator("#words").fill("J'aime le travail bien fait.")
    page.locator("#q_places").fill("domer")
    follow(page.locator("button[name=chercher][value=places]"))
    follow(page.locator("button[name=ajouter][value='places:03101']"))
    assert page.locator("#words").input_value() == "J'aime le travail bien fait.", "nothing typed is lost"
    assert page.locator("#checked_search").is_checked()
    shoot(page, f"depot-3-{width}")
    if javascript:
        check(page, 422)
    follow(page.locator("#fiche button[name=etape][value='2']"))
    send(page, "#fiche")
    assert page.locator("#words").input_value() == "J'aime le travail bien fait.", "going back loses nothing"
    send(page, "#fiche")
    assert "/candidats/" in page.url
    shoot(page, f"dossier-{width}")
    if javascript:
        check(page, 422)
    follow(page.locator(".page-head a.btn-primary[href$='/cv#pret']"))
    page.locator("input[name=met][value=in_person]").check()
    send(page, "form[action$='/pret']")
    assert page.locator(".notice.tone-success").count() >= 1
    shoot(page, f"dossier-pret-{width}")
    if javascript:
        check(page, 422)
    with page.expect_download() as download:
        page.locator("a[href$='/cv/plain.pdf']").click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"%PDF")


def test_look_up_as_one_types_and_by_keyboard(site: Site, visit: Visit) -> None:
    deposit = hand_in(site)
    page = visit(f"/depots/{deposit}", role=Role.COUNSELLOR)
    confirm(page, "identity")
    send(page, "#fiche")
    correct(page, "q_occupations")
    page.locator("#q_occupations").focus()
    with page.expect_response(re.compile(r"q_occupations=macon$")):
        page.keyboard.type("macon", delay=30)
    # What was found for its first letters may have come before.
    page.locator("#q_occupations:not(.htmx-request)").wait_for()
    assert page.locator("#found_occupations button").count()
    shoot(page, "recherche-metier-1280")
    check(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "ajouter"
    enter(page)
    codes = page.locator("input[name=occupations]").evaluate_all("nodes => nodes.map(n => n.value)")
    assert len(codes) == 3 and codes[-1].startswith("F")
    page.locator("#q_occupations").fill("macon")
    enter(page)
    assert page.locator("#found_occupations button").count() > 1, "Enter looks up, it does not save"
    assert page.locator("#occupations-fault").count() == 1


def test_a_deposit_of_somebody_who_is_known(site: Site, visit: Visit) -> None:
    from tests.browser.counsellors import enrol

    known = enrol(site, "Benmansour", first_name="Zoulika", phone="0612345678", email="")
    deposit = hand_in(site)
    page = visit(f"/depots/{deposit}", role=Role.COUNSELLOR, width=PHONE)
    shoot(page, "depot-doublon-360")
    check(page)
    confirm(page, "identity")
    follow(page.locator(f"button[name=joindre][value='{known.id}']"))
    confirm(page, "search", "background")
    shoot(page, "depot-doublon-2-360")
    check(page)
    send(page, "#fiche")
    send(page, "#fiche")
    assert page.url.endswith(known.id)
    with site.node.database.read() as uow:
        after = uow.candidates.get(known.id)
    assert after is not None
    assert after.first_name == "Zoulikha" and len(after.occupations) == 2 and after.diplomas


def test_at_the_desk_without_a_file(site: Site, visit: Visit) -> None:
    page = visit("/depots/nouveau", role=Role.COUNSELLOR, width=PHONE)
    check(page)
    send(page)
    assert page.locator("#document-fault").count() == 1
    page.locator("#last_name").fill("D'Étienne-Léa")
    send(page)
    assert "/depots/" in page.url
    check(page, 422)
    page.locator("#phone").fill("pas de téléphone")
    send(page, "#fiche")
    assert page.locator("#phone-fault").is_visible()
    page.locator("#phone").fill("04 70 00 00 00")
    send(page, "#fiche")
    check(page, 422)
    send(page, "#fiche")
    page.locator("#agrees_network").check()
    page.locator("#mobility_km").fill("9000")
    send(page, "#fiche")
    assert page.locator("#mobility_km-fault").is_visible() and page.locator("#agrees_network").is_checked()
    page.locator("#mobility_km").fill("15")
    send(page, "#fiche")
    assert "/candidats/" in page.url
    shoot(page, "dossier-vide-360")
    check(page, 422)


def test_files_that_cannot_be_used(site: Site, visit: Visit) -> None:
    page = visit("/depots/nouveau", role=Role.COUNSELLOR)
    for name, content in (
        ("cv.pdf", b"MZ\x90\x00" + b"\0" * 400),
        ("vide.png", b""),
        ("cv.doc", b"\xd0\xcf\x11\xe0" * 200),
    ):
        page.locator("#first_name").fill("Amina")
        page.locator("#document").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
        send(page)
        if content:
            assert page.locator("#document-fault").count() == 1, name
            assert page.locator("#first_name").input_value() == "Amina"
        page.goto(site.url + "/depots/nouveau")


def test_discarding(site: Site, visit: Visit) -> None:
    deposit = hand_in(site, keep=False, network=False)
    page = visit(f"/depots/{deposit}/jeter", role=Role.COUNSELLOR)
    check(page)
    follow(page.locator("main form button.btn-danger"))
    assert page.url.endswith("/depots")
    with site.node.database.read() as uow:
        assert uow.deposits.get(deposit) is None
