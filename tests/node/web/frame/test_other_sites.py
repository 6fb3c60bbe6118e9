"""What another site's page can make a browser do here: nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from node.mission.accounts.roles import Role
from node.web.frame.csrf import comes_from_here, is_token, make_token
from tests.node.web.conftest import Town, words

NEW = {"name": "Ousmane N'Diaye", "email": "o.ndiaye@montlucon.fr", "roles": "counsellor"}
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8101"},
    {"Origin": "https://pirate.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:8102"},
    {"Origin": "http://127.0.0.1.pirate.example:8101"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/comptes/nouveau", "/connexion", "/deconnexion", "/session/prolonger"])
def test_a_form_of_another_site_does_nothing(town: Town, headers: dict[str, str], path: str) -> None:
    visitor = town.signed_in(Role.HEAD)
    token = re.search(r'name="csrf" value="([^"]+)"', visitor.get("/comptes/nouveau").text)
    assert token is not None
    answer = visitor.post(path, data=NEW | {"csrf": token[1]}, headers=headers)
    assert answer.status_code == 403
    assert "depuis un autre site" in words(answer)
    assert visitor.get("/aujourdhui").url.path == "/aujourdhui"
    with town.node.database.read() as uow:
        assert len(uow.accounts.all()) == 1


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://127.0.0.1:8101"}, {}])
def test_a_session_needs_the_token_of_its_page(town: Town, headers: dict[str, str]) -> None:
    visitor, other = town.signed_in(Role.HEAD), town.signed_in(Role.HEAD)
    theirs = re.search(r'name="csrf" value="([^"]+)"', other.get("/comptes/nouveau").text)
    mine = re.search(r'name="csrf" value="([^"]+)"', visitor.get("/comptes/nouveau").text)
    assert theirs is not None
    assert mine is not None
    for token in ("", "x", theirs[1], mine[1][:-2]):
        assert visitor.post("/comptes/nouveau", data=NEW | {"csrf": token}, headers=headers).status_code == 409
    assert visitor.post("/comptes/nouveau", data=NEW | {"csrf": mine[1]}, headers=headers).status_code == 200


def test_a_script_sends_the_token_in_a_header(town: Town) -> None:
    visitor = town.signed_in(Role.HEAD)
    token = re.search(r'name="csrf" value="([^"]+)"', visitor.get("/comptes/nouveau").text)
    assert token is not None
    assert visitor.post("/comptes/nouveau", data=NEW, headers={"X-CSRF-Token": token[1]}).status_code == 200


def test_no_page_has_the_token_of_another(town: Town) -> None:
    visitor = town.signed_in(Role.HEAD)
    tokens = [re.findall(r'name="csrf" value="([^"]+)"', visitor.get("/comptes/nouveau").text) for _number in range(2)]
    assert not set(tokens[0]) & set(tokens[1])


@given(session=st.text(min_size=1), token=st.text(max_size=80))
def test_tokens_are_of_their_session_alone(session: str, token: str) -> None:
    assert is_token(make_token("abc"), "abc")
    assert not is_token(make_token("abc"), "abc" + session)
    assert not is_token(token, "abc")


@given(st.sampled_from(["cross-site", "same-site", "", "SAME-ORIGIN", "x"]))
def test_whatever_a_browser_calls_another_place_is_one(site: str) -> None:
    assert not comes_from_here(Headers({"sec-fetch-site": site, "origin": "http://ici", "host": "ici"}))


def test_programs_are_not_asked_for_a_token(town: Town) -> None:
    answer = town.visitor().post("/federation/v1/hint", headers={"Origin": "https://pirate.example"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code not in (403, 409), "its signature is asked for, not a token"
