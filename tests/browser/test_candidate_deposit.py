"""A CV by the poster's QR code, on a telephone, without a script."""

import io
from pathlib import Path

import pytest
from PIL import Image

from node.mission.deposits.deposit import Channel, SourceKind
from node.services.deposits import deposits
from node.services.people import documents
from tests.browser.conftest import PHONE, WIDTHS, Site, Visit, check, shoot
from tests.browser.hands import follow
from tests.node.reading import files

pytestmark = pytest.mark.browser

LINES = ("Zoé N'Diaye", "06 12 34 56 78", "zoe@example.fr", "03100 Montluçon", "Expérience", "2019-2023 Vendeuse")


def read_it(site: Site) -> None:
    """As long as a person takes at least: whoever is quicker is asked once more."""
    site.wait(seconds=3)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_a_deposit(visit: Visit, width: int) -> None:
    page = visit("/deposer", width=width)
    shoot(page, f"deposer-{width}")
    check(page)
    follow(page.locator("main button[type=submit]"))
    shoot(page, f"deposer-fautes-{width}")
    check(page, 422)
    page = visit("/deposer/merci", width=width)
    shoot(page, f"deposer-merci-{width}")
    check(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_poster_to_the_counsellor(site: Site, visit: Visit, tmp_path: Path, javascript: bool) -> None:
    poster = deposits.open_source(site.node.desk, SourceKind.EVENT, "Forum de l'emploi")
    photograph = tmp_path / "cv.jpg"
    photograph.write_bytes(files.photograph_with_position(LINES))
    page = visit(f"/deposer/{poster.id}", width=PHONE, javascript=javascript)
    page.locator("[name=last_name]").fill("N'Diaye")
    page.locator("[name=first_name]").fill("Zoé")
    page.locator("[name=photo]").set_input_files(photograph)
    assert not page.locator("[name=network]").is_checked() and page.locator("[name=keep]").count() == 0
    read_it(site)
    follow(page.locator("main button[type=submit]"))
    # Neither telephone nor agreement: both are said, and nothing is lost, the photograph least of all.
    assert page.locator("#phone-fault").is_visible()
    assert page.locator("[name=last_name]").input_value() == "N'Diaye"
    assert page.locator("[name=piece]").count() == 1
    shoot(page, f"deposer-fichier-garde-{javascript}")
    page.locator("[name=phone]").fill("06 12 34 56 78")
    page.locator("[name=network]").check()
    follow(page.locator("main button[type=submit]"))
    page.wait_for_url("**/deposer/merci")
    (taken,) = deposits.waiting_deposits(site.node.desk).rows
    assert (taken.channel, taken.source, taken.first_name, taken.phone) == (
        Channel.QR,
        poster.id,
        "Zoé",
        "+33612345678",
    )
    assert taken.keep is None and taken.network is not None
    document, content = documents.read_document(site.node.desk, taken.document)
    assert document.media_type == "image/jpeg"
    assert dict(Image.open(io.BytesIO(content)).getexif()) == {}
    site.underway.wait()
    assert "+33612345678" in str(deposits.one_deposit(site.node.desk, taken.id).proposal)
    with site.node.database.read() as uow:
        assert uow.documents.unclaimed() == []


def test_by_keyboard_alone_to_be_called_back(site: Site, visit: Visit) -> None:
    page = visit("/deposer", width=PHONE)
    page.locator("[name=first_name]").focus()
    page.keyboard.type("Luc")
    page.keyboard.press("Tab")
    page.keyboard.type("Fabre")
    page.keyboard.press("Tab")
    page.keyboard.type("0470000000")
    while page.evaluate("document.activeElement.name") != "call_back":
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    while page.evaluate("document.activeElement.type") != "submit":
        page.keyboard.press("Tab")
    read_it(site)
    page.keyboard.press("Enter")
    page.wait_for_url("**/deposer/merci?rappel=1")
    (taken,) = deposits.waiting_deposits(site.node.desk).rows
    assert taken.call_back and not taken.document


def test_100_megabytes_bring_the_form_back(site: Site, visit: Visit, tmp_path: Path) -> None:
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    page = visit("/deposer", width=PHONE, javascript=False)
    page.locator("[name=last_name]").fill("Fabre")
    page.locator("[name=phone]").fill("0470000000")
    page.locator("[name=network]").check()
    page.locator("[name=fichier]").set_input_files(large)
    read_it(site)
    follow(page.locator("main button[type=submit]"))
    assert "10 Mo" in page.locator("#fichier-fault").inner_text().replace("\u00a0", " ")
    assert page.locator("[name=last_name]").input_value() == "Fabre" and page.locator("[name=network]").is_checked()
    shoot(page, "deposer-trop-grand")
    assert deposits.waiting_deposits(site.node.desk).count == 0


def test_a_double_press_is_one_deposit(site: Site, visit: Visit, tmp_path: Path) -> None:
    photograph, paper = tmp_path / "cv.jpg", tmp_path / "cv.pdf"
    photograph.write_bytes(files.encoded(files.page_image(LINES), "JPEG"))
    paper.write_bytes(files.pdf([files.pdf_text(LINES)]))
    page = visit("/deposer", width=PHONE, javascript=False)
    page.locator("[name=last_name]").fill("Fabre")
    page.locator("[name=phone]").fill("0470000000")
    page.locator("[name=network]").check()
    page.locator("[name=photo]").set_input_files(photograph)
    page.locator("[name=fichier]").set_input_files(paper)
    read_it(site)
    page.locator("main button[type=submit]").dblclick()
    page.wait_for_url("**/deposer/merci")
    assert deposits.waiting_deposits(site.node.desk).count == 1
