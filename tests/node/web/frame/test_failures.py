"""Failures said in the language of the visitor, by a page; programs go on getting problem documents."""

import pytest

from federation.errors import Unreachable
from node.api.limits import MAX_OTHER_BYTES
from node.kit.errors import Conflict
from node.mission.accounts.roles import Role
from node.storage import BrokenDatabase, DatabaseBusy
from node.web.frame.headers import HEADERS
from node.web.frame.multipart import MAX_FILES, MAX_TYPED_BYTES
from node.web.team import today
from tests.node.web.conftest import Town, words


def test_a_page_that_is_not_there(town: Town) -> None:
    for visitor in (town.visitor(), town.signed_in(Role.COUNSELLOR)):
        answer = visitor.get("/nulle-part/<script>")
        assert (answer.status_code, "Page introuvable" in words(answer)) == (404, True)
        assert "<script>" not in answer.text.replace('<script src="', "")


def test_a_program_gets_a_problem_document(town: Town) -> None:
    for path, accept in (("/nulle-part", "*/*"), ("/api/v1/nulle-part", "text/html"), ("/journal/x", "text/html")):
        answer = town.visitor(Accept=accept).get(path)
        assert answer.headers["content-type"] == "application/problem+json", path


def test_a_method_that_a_page_has_not(town: Town) -> None:
    answer = town.visitor().put("/connexion")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert "Partez de l'accueil." in words(answer)


@pytest.mark.parametrize("visitor_is", [None, Role.HEAD])
def test_a_body_that_is_too_large(town: Town, visitor_is: Role | None) -> None:
    visitor = town.visitor() if visitor_is is None else town.signed_in(visitor_is)
    form = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
    answer = visitor.post("/connexion", content=b"a" * (MAX_OTHER_BYTES + 1), headers=form)
    assert (answer.status_code, "10 M" in words(answer)) == (413, True)


def test_a_form_with_files_in_which_too_much_was_typed(town: Town) -> None:
    """In several fields, none of which is too long alone."""
    typed = {f"f{number}": "x" * (MAX_TYPED_BYTES // 3) for number in range(4)}
    answer = town.visitor().post("/connexion", data=typed, files={"fichier": ("a.txt", b"a")})
    assert answer.status_code == 400
    assert town.visitor().post("/connexion", data=typed | {"f3": ""}, files={"a": ("a", b"a")}).status_code != 400


def test_more_files_than_any_form_has(town: Town) -> None:
    sent = [("fichier", (f"{number}.txt", b"a")) for number in range(MAX_FILES + 1)]
    assert town.visitor().post("/connexion", files=sent).status_code == 400


def test_a_form_of_a_thousand_fields(town: Town) -> None:
    answer = town.visitor().post("/connexion", data={f"f{number}": "x" for number in range(2000)})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (Conflict("Cette offre est fermée."), 409, "Cette offre est fermée."),
        (DatabaseBusy("held"), 503, "recommencez"),
        (BrokenDatabase("damaged"), 500, "La base de données est abîmée"),
        (Unreachable("no answer"), 502, "L'autre membre ne répond pas"),
        (ZeroDivisionError("Amina Belkacem"), 500, "L'erreur vient de nous"),
    ],
)
def test_what_fails_is_said(
    town: Town, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, said: str
) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise error

    visitor = town.signed_in(Role.COUNSELLOR)
    monkeypatch.setattr(today, "render", fail)
    answer = visitor.get("/aujourdhui")
    assert (answer.status_code, said in words(answer)) == (status, True)
    assert "Amina" not in answer.text
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    english = visitor.get("/aujourdhui?langue=en")
    assert '<html lang="en">' in english.text


def test_a_page_tells_of_the_database_that_does_not_open(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise BrokenDatabase("damaged")

    visitor = town.signed_in(Role.COUNSELLOR)
    monkeypatch.setattr("node.web.frame.auth.recognise", fail)
    answer = visitor.get("/aujourdhui")
    assert (answer.status_code, "La base de données est abîmée" in words(answer)) == (500, True)
    assert "Camille" not in answer.text, "nobody was recognised"


def test_too_many_attempts_say_until_when(town: Town) -> None:
    token = "x" * 43
    for _number in range(50):
        town.visitor().post(f"/connexion/lien/{token}", headers={"Sec-Fetch-Site": "same-origin"})
    answer = town.visitor().post("/connexion", data={"email": "a@b.fr", "password": "x"})
    assert answer.status_code in (401, 429)
