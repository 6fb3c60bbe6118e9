"""Every page that the application has, as each visitor who may see it gets it: sound HTML, whatever state it is in.

Pages are found in the application's routes (town.py); the reader is strict (markup.py). Forms are sent as they stand,
with nothing typed, as somebody in a hurry does: what comes back is a page or a next step, never a failure.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from httpx2 import Response

from node.app import open_node
from node.config import load
from node.kit.i18n import LANGUAGES
from node.services.network.founding import Wish, create_node
from node.web_app import create_app
from tests.asking import Client
from tests.node.web.markup import Element, faults, read
from tests.node.web.town import TOWN, Town, addresses, examples, fill

PORT = 8101
LEAVES = "/deconnexion"
"""The only form that ends the visitor's session, for whom the other forms are sent too."""

SAMPLES = "/composants"


@dataclass
class Site:
    """A town's pages, in process."""

    town: Town
    clients: dict[str, Client]

    def seen(self, address: str) -> Iterator[tuple[str, Response]]:
        """The page, as each visitor who is shown it gets it."""
        path = next(examples(address, self.town))
        for who, client in self.clients.items():
            answer = client.get(path)
            assert answer.status_code < 500, (who, path)
            if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
                yield who, answer


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Montluçon, with a little of everything."""
    wish = Wish(
        id="montlucon.emploi.example",
        name="Mission emploi de Montluçon",
        role="town",
        base_url=f"http://127.0.0.1:{PORT}",
        commune=TOWN,
        port=PORT,
    )
    created = create_node(Path(tmp_path_factory.mktemp("pages")) / "town", wish, os.urandom, datetime.now(UTC))
    node = open_node(load(created.config))
    try:
        town = fill(node.desk, people=12, handed=4, planned=2, noted=4)
        app = create_app(node)
        yield Site(
            town,
            {
                who: Client(
                    app,
                    base_url=f"http://127.0.0.1:{PORT}",
                    cookies={f"maillon-{PORT}": town.tokens[who]} if who in town.tokens else {},
                    headers={"Accept": "text/html"},
                    follow_redirects=False,
                )
                for who in ("public", *town.tokens)
            },
        )
    finally:
        node.close()


@pytest.mark.parametrize("address", addresses())
def test_every_page_is_sound(site: Site, address: str) -> None:
    for who, answer in site.seen(address):
        assert _faults(answer) == [], (who, address)


def _faults(page: Response) -> list[str]:
    """What is wrong with the page; the links of the page of components are samples, and lead nowhere."""
    found = faults(page.text)
    return [one for one in found if "link leads to" not in one] if page.url.path == SAMPLES else found


@pytest.mark.parametrize("path", ["/", "/nulle-part", "/candidats", "/deposer", "/connexion"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_speak_the_language_that_they_name(site: Site, path: str, language: str) -> None:
    for client in site.clients.values():
        answer = client.get(path, headers={"Accept-Language": language})
        if answer.status_code != 303:
            assert read(answer.text).elements[0].attributes["lang"] == language
            assert faults(answer.text) == [], (path, language)


@pytest.mark.parametrize("table", ["metiers", "competences", "communes"])
@pytest.mark.parametrize("text", ["", "boulanger", "zzzz", "<b>", "'"])
def test_what_a_script_puts_into_a_page_is_sound(site: Site, table: str, text: str) -> None:
    client = site.clients["public"]
    part = client.get(f"/recherche/{table}", params={"q": text, "champ": "metiers"}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert faults(part.text, part=True) == []


@pytest.mark.parametrize("address", addresses())
def test_a_form_sent_with_nothing_typed_is_answered(site: Site, address: str) -> None:
    for who, page in site.seen(address):
        for path, fields in _forms(page):
            answer = site.clients[who].post(path, data=fields)
            assert answer.status_code < 500, (who, address, path)
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert _faults(answer) == [], (who, address, path, answer.status_code)


def _forms(page: Response) -> Iterator[tuple[str, dict[str, str]]]:
    """Where each form of the page goes, with what it sends when nobody types anything."""
    for form in (one for one in read(page.text).elements if one.tag == "form"):
        path = form.attributes.get("action") or page.url.path
        if form.attributes.get("method", "get").lower() == "post" and path != LEAVES:
            yield path, {one.attributes["name"]: one.attributes.get("value", "") for one in _hidden(form)}


def _hidden(element: Element) -> Iterator[Element]:
    for child in element.children:
        if child.attributes.get("type") == "hidden" and "name" in child.attributes:
            yield child
        yield from _hidden(child)
