"""A session's life: how long it lasts, who ends it, and what becomes of what was typed."""

import re
from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest

from node.mission.accounts.account import digest
from node.mission.accounts.roles import Role
from node.services.accounts import sessions
from tests.node.web.conftest import EMAILS, PASSWORD, Town, Visitor, words

NEW = {"name": "Ousmane N'Diaye", "email": "o.ndiaye@montlucon.fr", "roles": "counsellor"}


def signs_in(visitor: Visitor, role: Role = Role.HEAD) -> str:
    """Where one is after signing in."""
    answer = visitor.send_form("/connexion", email=EMAILS[role], password=PASSWORD)
    return answer.url.path


class TestLife:
    def test_it_lasts_eight_hours(self, town: Town) -> None:
        visitor = town.signed_in(Role.COUNSELLOR)
        town.clock.moment += timedelta(hours=7, minutes=59)
        assert visitor.get("/aujourdhui").url.path == "/aujourdhui"
        town.clock.moment += timedelta(minutes=1)
        assert visitor.get("/aujourdhui").url.path == "/connexion"

    def test_staying_makes_it_last_eight_more(self, town: Town) -> None:
        visitor = town.signed_in(Role.COUNSELLOR)
        town.clock.moment += timedelta(hours=7, minutes=55)
        page = visitor.text("/aujourdhui")
        assert "Votre session se termine à" in page
        assert re.search(r"data-warn-seconds=\"600\"[^>]*hidden>", page) is None, "seen without a script"
        stayed = visitor.send_form("/session/prolonger", "/aujourdhui", vers="/aujourdhui")
        assert "Votre session reste ouverte" in words(stayed)
        town.clock.moment += timedelta(hours=7)
        assert visitor.get("/aujourdhui").url.path == "/aujourdhui"

    def test_a_script_stays_without_leaving_the_page(self, town: Town) -> None:
        visitor = town.signed_in(Role.COUNSELLOR, Accept="application/json")
        token = re.search(r'name="csrf" value="([^"]+)"', visitor.get("/aujourdhui").text)
        assert token is not None
        answer = visitor.post("/session/prolonger", data={"csrf": token[1]})
        assert answer.status_code == 200
        assert answer.json().keys() == {"expires"}

    def test_the_bar_waits_until_the_end_is_near(self, town: Town) -> None:
        page = town.signed_in(Role.COUNSELLOR).get("/aujourdhui").text
        assert re.search(r'data-seconds-left="28800" data-warn-seconds="600"[^>]*\shidden>', page)

    def test_signing_out_ends_it_everywhere_but_here_only(self, town: Town) -> None:
        one, other = town.signed_in(Role.COUNSELLOR), town.signed_in(Role.COUNSELLOR)
        stolen = dict(one.cookies)
        answer = one.send_form("/deconnexion", "/aujourdhui", follow=False)
        assert answer.headers["clear-site-data"] == '"cache"'
        thief = town.visitor()
        thief.cookies.update(stolen)
        assert thief.get("/aujourdhui").url.path == "/connexion"
        assert other.get("/aujourdhui").url.path == "/aujourdhui"

    def test_pages_of_a_session_are_kept_by_no_cache(self, town: Town) -> None:
        assert town.signed_in(Role.COUNSELLOR).get("/aujourdhui").headers["cache-control"] == "no-store"

    def test_the_database_holds_no_token(self, town: Town) -> None:
        visitor = town.signed_in(Role.COUNSELLOR)
        (token,) = visitor.cookies.values()
        folder = town.node.config.data_dir
        assert all(token.encode() not in path.read_bytes() for path in folder.glob("maillon.db*"))


class TestList:
    def test_one_sees_ones_own_and_closes_them(self, town: Town) -> None:
        here = town.signed_in(Role.COUNSELLOR)
        other, third = town.signed_in(Role.COUNSELLOR), town.signed_in(Role.COUNSELLOR)
        town.signed_in(Role.HEAD)
        page = here.text("/mon-compte")
        ids = re.findall(r'name="session" value="(\w{64})"', page)
        assert (len(ids), page.count("celle-ci")) == (2, 1)
        here.send_form("/mon-compte/sessions", "/mon-compte", session=digest(next(iter(other.cookies.values()))))
        assert other.get("/aujourdhui").url.path == "/connexion"
        assert third.get("/aujourdhui").url.path == "/aujourdhui"
        here.send_form("/mon-compte/sessions", "/mon-compte")
        assert third.get("/aujourdhui").url.path == "/connexion"
        assert here.get("/aujourdhui").url.path == "/aujourdhui"

    def test_nobody_closes_anothers(self, town: Town) -> None:
        mine, theirs = town.signed_in(Role.COUNSELLOR), town.signed_in(Role.HEAD)
        mine.send_form("/mon-compte/sessions", "/mon-compte", session=digest(next(iter(theirs.cookies.values()))))
        assert theirs.get("/aujourdhui").url.path == "/aujourdhui"


class TestNothingTypedIsLost:
    def type_too_late(self, town: Town, visitor: Visitor) -> None:
        visitor.get("/comptes/nouveau")
        town.clock.moment += timedelta(hours=8)
        answer = visitor.send_form(
            "/comptes/nouveau", "/comptes/nouveau", name=NEW["name"], email=NEW["email"], roles=NEW["roles"]
        )
        assert answer.url.path == "/connexion"
        assert "Ce que vous avez tapé est gardé" in words(answer)

    def test_it_waits_for_its_author(self, town: Town) -> None:
        visitor = town.signed_in(Role.HEAD)
        self.type_too_late(town, visitor)
        assert signs_in(visitor) == "/saisie"

    def test_it_is_sent_from_the_new_session(self, town: Town) -> None:
        visitor = town.signed_in(Role.HEAD)
        self.type_too_late(town, visitor)
        shown = visitor.send_form("/connexion", email=EMAILS[Role.HEAD], password=PASSWORD)
        assert "Ousmane N'Diaye" in words(shown)
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', words(shown)))
        made = visitor.post("/comptes/nouveau", data=fields)
        assert "Lien pour Ousmane N'Diaye" in words(made)
        assert visitor.get("/saisie").url.path == "/aujourdhui", "taken back once"

    def test_it_is_nobody_elses(self, town: Town) -> None:
        visitor = town.signed_in(Role.HEAD)
        self.type_too_late(town, visitor)
        town.account(Role.COUNSELLOR)
        assert signs_in(visitor, Role.COUNSELLOR) == "/aujourdhui"
        assert visitor.get("/saisie").url.path == "/aujourdhui"

    def test_it_is_kept_an_hour(self, town: Town) -> None:
        visitor = town.signed_in(Role.HEAD)
        self.type_too_late(town, visitor)
        town.clock.moment += timedelta(hours=1, seconds=1)
        assert signs_in(visitor) == "/aujourdhui"

    def test_a_strangers_form_is_not_kept(self, town: Town) -> None:
        town.account(Role.HEAD)
        answer = town.visitor().post("/comptes/nouveau", data=NEW)
        assert answer.url.path == "/connexion"
        assert "rien n'a été enregistré" in words(answer)

    def test_passwords_are_never_kept(self, town: Town) -> None:
        visitor = town.signed_in(Role.HEAD)
        page = "/mon-compte"
        visitor.get(page)
        town.clock.moment += timedelta(hours=8)
        visitor.send_form("/mon-compte/mot-de-passe", page, old_password=PASSWORD, new_password="x", note="à garder")
        shown = visitor.send_form("/connexion", email=EMAILS[Role.HEAD], password=PASSWORD)
        assert ("à garder" in words(shown), PASSWORD in shown.text) == (True, False)

    def test_a_page_of_the_session_before_is_shown_again(self, town: Town) -> None:
        visitor = town.signed_in(Role.HEAD)
        old = re.search(r'name="csrf" value="([^"]+)"', visitor.get("/comptes/nouveau").text)
        assert old is not None
        town.clock.moment += timedelta(hours=8)
        signs_in(visitor)
        answer = visitor.post("/comptes/nouveau", data=NEW | {"csrf": old[1]})
        assert (answer.status_code, "Ousmane N'Diaye" in words(answer)) == (409, True)
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', words(answer)))
        assert "Lien pour Ousmane" in words(visitor.post("/comptes/nouveau", data=fields))

    def test_what_is_endless_is_not_kept(self, town: Town) -> None:
        visitor = town.signed_in(Role.HEAD)
        visitor.get("/comptes/nouveau")
        town.clock.moment += timedelta(hours=8)
        answer = visitor.send_form("/comptes/nouveau", "/comptes/nouveau", name="x" * (sessions.KEPT_BYTES + 1))
        assert "rien n'a été enregistré" in words(answer)

    def test_part_of_a_page_sends_the_whole_page_to_sign_in(self, town: Town) -> None:
        answer = town.visitor().get("/aujourdhui", headers={"HX-Request": "true"}, follow_redirects=False)
        assert answer.headers["hx-redirect"] == "/connexion?vers=%2Faujourdhui"


@pytest.mark.parametrize(
    "content", [b"", b"5", b"null", b"[[],[]]", b'["danger", 5]', b'["x", "y"]', b"{", b"\xff", b"[[],[]]"]
)
def test_a_message_that_a_browser_made_up_is_not_shown(town: Town, content: bytes) -> None:
    visitor = town.visitor()
    visitor.cookies.set("maillon-8101-message", urlsafe_b64encode(content).decode())
    answer = visitor.get("/connexion")
    assert (answer.status_code, 'class="notice' in answer.text) == (200, False)


def test_a_message_is_said_once_and_as_text(town: Town) -> None:
    visitor = town.visitor()
    said = urlsafe_b64encode(b'["success", "<b>fait</b>"]').decode()
    first = visitor.get("/connexion", headers={"Cookie": f"maillon-8101-message={said}"})
    assert "&lt;b&gt;fait&lt;/b&gt;" in first.text
    assert "maillon-8101-message=" in first.headers["set-cookie"]
    assert "Max-Age=0" in first.headers["set-cookie"]
