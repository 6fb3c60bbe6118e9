"""What a page brings along: little, compressed, kept by the browser; and never a compressed answer to a peer."""

import gzip
import re

from node.mission.accounts.roles import Role
from node.web.frame.assets import STATIC, address, assets
from tests.node.web.conftest import Town

FIRST_VIEW = 100_000


def test_an_asset_is_kept_for_ever_under_its_own_address(town: Town) -> None:
    visitor = town.visitor()
    for name, asset in assets().items():
        answer = visitor.get(address(name))
        assert answer.content == (STATIC / name).read_bytes()
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].partition(";")[0] == asset.media_type
        again = visitor.get(address(name), headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_without_its_version_it_is_not(town: Town) -> None:
    answer = town.visitor().get("/static/maillon.css")
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert town.visitor().get("/static/maillon.css?v=other").headers["cache-control"] == "public, max-age=300"


def test_what_is_not_there_is_not_served(town: Town) -> None:
    for name in ("rien.css", "../pages.py", "..%2fpages.py", "%2e%2e/pages.py"):
        assert town.visitor().get(f"/static/{name}").status_code == 404


def test_who_takes_no_compression_gets_none(town: Town) -> None:
    answer = town.visitor(**{"Accept-Encoding": "identity"}).get("/static/maillon.css")
    assert "content-encoding" not in answer.headers


def transferred(town: Town, path: str, role: Role | None = None) -> int:
    """Bytes of a page and all that it loads, as they travel."""
    visitor = town.visitor() if role is None else town.signed_in(role)
    page = visitor.get(path)
    total = len(gzip.compress(page.content))
    for found in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)):
        total += int(visitor.head(found).headers["content-length"])
    return total


def test_a_first_view_is_light(town: Town) -> None:
    for path, role in (("/", None), ("/connexion", None), ("/aujourdhui", Role.COUNSELLOR), ("/composants", None)):
        assert transferred(town, path, role) < FIRST_VIEW, path


def test_pages_are_compressed_and_peers_answers_never(town: Town) -> None:
    visitor = town.visitor(**{"Accept-Encoding": "gzip"})
    assert visitor.get("/aide").headers["content-encoding"] == "gzip"
    for path in ("/journal/1/checkpoint", "/journal/1/vkey", "/federation/v1/page", "/api/v1/openapi.json"):
        assert "content-encoding" not in visitor.get(path).headers, path


def test_nothing_is_written_into_a_page_that_the_policy_forbids(town: Town) -> None:
    for path in ("/", "/composants", "/connexion", "/aide"):
        page = town.visitor().get(path).text
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?! src)", page), path
