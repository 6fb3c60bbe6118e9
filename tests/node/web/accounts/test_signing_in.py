"""Coming in: by password, by code, by link; what is refused, and for how long."""

import re
from datetime import timedelta
from html import unescape

import pyotp
import pytest
from httpx2 import Response

from node.mission.accounts.account import LinkPurpose
from node.mission.accounts.roles import Role
from node.services.accounts import accounts, links, lockouts, signing_in
from node.services.accounts.links import new_link
from tests.node.web.conftest import EMAILS, PASSWORD, URL, Town, Visitor, words

COUNSELLOR = EMAILS[Role.COUNSELLOR]


def enter(visitor: Visitor, email: str = COUNSELLOR, password: str = PASSWORD, **more: str) -> tuple[int, str]:
    """Sign in; status, and where to."""
    answer = visitor.send_form("/connexion", email=email, password=password, follow=False, **more)
    return answer.status_code, answer.headers.get("location", "")


class TestPassword:
    def test_the_right_one_opens(self, town: Town) -> None:
        town.account(Role.COUNSELLOR)
        visitor = town.visitor()
        assert enter(visitor, "  Counsellor@MONTLUCON.fr ") == (303, "/")
        assert visitor.get("/").url.path == "/aujourdhui"

    @pytest.mark.parametrize(
        ("email", "password"),
        [(COUNSELLOR, "un autre mot de passe"), ("personne@montlucon.fr", PASSWORD), (COUNSELLOR, PASSWORD + " ")],
    )
    def test_a_wrong_one_is_refused_without_saying_which(self, town: Town, email: str, password: str) -> None:
        town.account(Role.COUNSELLOR)
        answer = town.visitor().send_form("/connexion", email=email, password=password)
        assert answer.status_code == 401
        assert "Cette adresse et ce mot de passe ne vont pas ensemble." in words(answer)
        assert f'value="{email}"' in answer.text, "what was typed stays"
        assert password not in answer.text, "but for the password"

    def test_an_account_without_password_is_not_opened_by_an_empty_one(self, town: Town) -> None:
        accounts.open_account(town.node.desk, name="Ludovic", email="l@pare-brise.example", roles=[Role.EMPLOYER])
        assert enter(town.visitor(), "l@pare-brise.example", "")[0] == 422
        assert enter(town.visitor(), "l@pare-brise.example", "x")[0] == 401

    def test_a_closed_account_does_not_open_and_its_sessions_end(self, town: Town) -> None:
        inside = town.signed_in(Role.COUNSELLOR)
        town.account(Role.HEAD)
        accounts.close_account(town.node.desk, town.account(Role.COUNSELLOR).id)
        assert inside.get("/aujourdhui").url.path == "/connexion"
        assert enter(town.visitor())[0] == 401

    def test_one_goes_on_to_where_one_was_going(self, town: Town) -> None:
        town.account(Role.HEAD)
        visitor = town.visitor()
        asked = visitor.get("/comptes?page=2", follow_redirects=False)
        assert asked.headers["location"] == "/connexion?vers=%2Fcomptes%3Fpage%3D2"
        page = visitor.get(asked.headers["location"])
        assert 'name="vers" value="/comptes?page=2"' in unescape(page.text)
        assert enter(visitor, EMAILS[Role.HEAD], vers="/comptes?page=2")[1] == "/comptes?page=2"

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://pirate.example",
            "//pirate.example",
            "/\\pirate.example",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie:x",
        ],
    )
    def test_one_is_never_sent_to_another_site(self, town: Town, elsewhere: str) -> None:
        town.account(Role.COUNSELLOR)
        assert enter(town.visitor(), vers=elsewhere) == (303, "/")

    def test_the_cookie_is_out_of_reach(self, over_tls: Town) -> None:
        over_tls.account(Role.COUNSELLOR)
        visitor = over_tls.visitor()
        cookie = visitor.send_form("/connexion", email=COUNSELLOR, password=PASSWORD, follow=False).headers[
            "set-cookie"
        ]
        assert re.fullmatch(r"__Host-maillon=[\w-]{43}; HttpOnly; Path=/; SameSite=lax; Secure", cookie)

    def test_nodes_on_one_machine_do_not_share_it(self, town: Town) -> None:
        town.account(Role.COUNSELLOR)
        visitor = town.visitor()
        enter(visitor)
        assert list(visitor.cookies) == ["maillon-8101"]


class TestLocks:
    def fail(self, town: Town, times: int, email: str = COUNSELLOR) -> None:
        for _number in range(times):
            assert enter(town.visitor(), email, "un autre mot de passe")[0] == 401

    def test_five_failures_lock_even_the_right_password_for_a_minute(self, town: Town) -> None:
        town.account(Role.COUNSELLOR)
        self.fail(town, 5)
        answer = town.visitor().send_form("/connexion", email=COUNSELLOR, password=PASSWORD)
        assert answer.status_code == 429
        assert "Trop d'essais. Réessayez dans 1 min" in words(answer)
        town.clock.moment += timedelta(seconds=61)
        assert enter(town.visitor())[0] == 303

    def test_a_success_forgets_the_failures(self, town: Town) -> None:
        town.account(Role.COUNSELLOR)
        self.fail(town, 4)
        assert enter(town.visitor())[0] == 303
        self.fail(town, 4)
        assert enter(town.visitor())[0] == 303

    def test_an_address_that_has_no_account_locks_alike(self, town: Town) -> None:
        self.fail(town, 5, "personne@montlucon.fr")
        assert enter(town.visitor(), "personne@montlucon.fr")[0] == 429

    def test_others_are_not_locked_with_it(self, town: Town) -> None:
        town.account(Role.COUNSELLOR)
        town.account(Role.HEAD)
        self.fail(town, 5)
        assert enter(town.visitor(), EMAILS[Role.HEAD])[0] == 303

    def test_one_machine_that_tries_many_accounts_is_locked(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("node.services.accounts.signing_in.password_is_right", lambda account, password: False)
        town.account(Role.COUNSELLOR)
        for number in range(50):
            self.fail(town, 1, f"p{number}@montlucon.fr")
        monkeypatch.undo()
        assert enter(town.visitor())[0] == 429

    def test_links_are_guessed_no_better(self, town: Town) -> None:
        visitor = town.visitor()
        for number in range(50):
            with pytest.raises(links.LinkSpent):
                signing_in.open_link(town.node.desk, f"guess-{number}", "testclient", "")
        with pytest.raises(lockouts.TooManyAttempts):
            signing_in.open_link(town.node.desk, "guess", "testclient", "")
        town.account(Role.COUNSELLOR)
        answer = visitor.send_form("/connexion", email=COUNSELLOR, password=PASSWORD)
        assert answer.status_code == 429


class TestSecondFactor:
    def turn_on(self, town: Town, role: Role = Role.HEAD) -> tuple[str, list[str]]:
        visitor = town.signed_in(role)
        page = visitor.get("/mon-compte/double-verification").text
        found = re.search(r'name="secret" value="(\w+)"', page)
        assert found is not None
        code = pyotp.TOTP(found[1]).at(town.clock.moment)
        shown = visitor.send_form("/mon-compte/double-verification", secret=found[1], code=f"{code[:3]} {code[3:]}")
        assert shown.status_code == 200
        town.clock.moment += timedelta(minutes=1)
        return found[1], re.findall(r'class="secret">([\w-]+)<', shown.text)

    def first_step(self, town: Town) -> tuple[Visitor, str]:
        visitor = town.visitor()
        answer = visitor.send_form("/connexion", email=EMAILS[Role.HEAD], password=PASSWORD)
        found = re.search(r'name="etape" value="([\w-]+)"', answer.text)
        assert found is not None, words(answer)
        assert not visitor.cookies
        return visitor, found[1]

    def give(self, visitor: Visitor, step: str, code: str) -> int:
        answer = visitor.send_form("/connexion/code", "/connexion", etape=step, code=code, follow=False)
        status: int = answer.status_code
        return status

    def test_the_code_of_now_opens_and_only_once(self, town: Town) -> None:
        secret, _codes = self.turn_on(town)
        code = pyotp.TOTP(secret).at(town.clock.moment)
        visitor, step = self.first_step(town)
        assert self.give(visitor, step, code) == 303
        assert visitor.get("/").url.path == "/aujourdhui"
        visitor, step = self.first_step(town)
        assert self.give(visitor, step, code) == 401, "somebody looked over the shoulder"

    @pytest.mark.parametrize("seconds", [-29, 0, 29])
    def test_clocks_may_differ_a_little(self, town: Town, seconds: int) -> None:
        secret, _codes = self.turn_on(town)
        visitor, step = self.first_step(town)
        assert self.give(visitor, step, pyotp.TOTP(secret).at(town.clock.moment + timedelta(seconds=seconds))) == 303

    @pytest.mark.parametrize("wrong", ["000000", "12345", "abcdef", "１２３４５６", "' or 1=1"])
    def test_another_code_does_not(self, town: Town, wrong: str) -> None:
        self.turn_on(town)
        visitor, step = self.first_step(town)
        assert self.give(visitor, step, wrong) == 401
        assert visitor.get("/", follow_redirects=False).status_code == 200, "still nobody"

    def test_codes_cannot_be_tried_for_ever(self, town: Town) -> None:
        secret, _codes = self.turn_on(town)
        visitor, step = self.first_step(town)
        for _number in range(5):
            assert self.give(visitor, step, "000000") == 401
        assert self.give(visitor, step, pyotp.TOTP(secret).at(town.clock.moment)) == 429

    def test_a_recovery_code_works_once(self, town: Town) -> None:
        _secret, codes = self.turn_on(town)
        assert len(set(codes)) == 8
        visitor, step = self.first_step(town)
        assert self.give(visitor, step, codes[0].lower().replace("-", " ")) == 303
        visitor, step = self.first_step(town)
        assert self.give(visitor, step, codes[0]) == 401
        assert self.give(visitor, step, codes[1]) == 303

    def test_the_first_step_does_not_last(self, town: Town) -> None:
        secret, _codes = self.turn_on(town)
        visitor, step = self.first_step(town)
        town.clock.moment += timedelta(minutes=11)
        assert self.give(visitor, step, pyotp.TOTP(secret).at(town.clock.moment)) == 410
        assert visitor.get(f"/connexion/lien/{step}").status_code == 410, "it is no link"

    def test_a_link_needs_the_code_too(self, town: Town) -> None:
        self.turn_on(town)
        token = new_link(town.node.desk, LinkPurpose.SIGN_IN, town.account(Role.HEAD).id)
        answer = town.visitor().send_form(f"/connexion/lien/{token}")
        assert "Code de vérification" in words(answer)

    def test_it_is_not_turned_on_by_a_wrong_code(self, town: Town) -> None:
        visitor = town.signed_in(Role.HEAD)
        secret = accounts.new_totp_secret(town.node.desk)
        answer = visitor.send_form("/mon-compte/double-verification", secret=secret, code="000000")
        assert answer.status_code == 422
        assert secret in answer.text, "the same key is shown again"
        assert visitor.send_form("/mon-compte/double-verification", secret="x", code="0").status_code == 200

    def test_it_is_turned_off_with_the_password_alone(self, town: Town) -> None:
        self.turn_on(town)
        visitor = town.signed_in(Role.HEAD)
        path = "/mon-compte/double-verification/arreter"
        assert visitor.send_form(path, "/mon-compte", totp_password="autre chose").status_code == 422
        assert "désactivée" in words(visitor.send_form(path, "/mon-compte", totp_password=PASSWORD))
        assert enter(town.visitor(), EMAILS[Role.HEAD])[0] == 303


class TestLinks:
    def link(self, town: Town, purpose: LinkPurpose, subject: str) -> str:
        return f"/connexion/lien/{new_link(town.node.desk, purpose, subject)}"

    def test_looking_opens_nothing_and_the_button_opens_once(self, town: Town) -> None:
        path = self.link(town, LinkPurpose.SIGN_IN, town.account(Role.EMPLOYER).id)
        for _number in range(3):
            page = town.visitor().get(path)
            assert (page.status_code, "set-cookie" in page.headers) == (200, False)
        visitor = town.visitor()
        assert visitor.send_form(path, follow=False).status_code == 303
        assert list(visitor.cookies) == ["maillon-8101"]
        again = town.visitor().get(path)
        assert again.status_code == 410
        assert "Ce lien a déjà servi" in words(again)
        assert town.visitor().post(path, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 410

    def test_it_lasts_half_an_hour(self, town: Town) -> None:
        path = self.link(town, LinkPurpose.SIGN_IN, town.account(Role.EMPLOYER).id)
        town.clock.moment += timedelta(minutes=30)
        assert town.visitor().get(path).status_code == 410

    def test_the_database_does_not_hold_it(self, town: Town) -> None:
        path = self.link(town, LinkPurpose.CANDIDATE, "p1")
        token = path.rpartition("/")[2]
        assert token.encode() not in (town.node.config.data_dir / "maillon.db").read_bytes()
        assert token.encode() not in (town.node.config.data_dir / "maillon.db-wal").read_bytes()

    def test_no_other_site_is_told_the_address(self, town: Town) -> None:
        path = self.link(town, LinkPurpose.CANDIDATE, "p1")
        assert town.visitor().get(path).headers["referrer-policy"] == "strict-origin"

    def test_an_invitation_chooses_the_password(self, town: Town) -> None:
        made = accounts.open_account(town.node.desk, name="Ana", email="ana@montlucon.fr", roles=[Role.COUNSELLOR])
        path = self.link(town, LinkPurpose.INVITATION, made.id)
        visitor = town.visitor()
        for password, again, fault in (
            ("court", "court", "12 caractères ou plus"),
            ("ana montlucon ana", "ana montlucon ana", ""),
            (PASSWORD, PASSWORD + "!", "diffèrent"),
            ("", "", "Remplissez ce champ."),
        ):
            answer = visitor.send_form(path, password=password, password_again=again)
            if fault:
                assert (answer.status_code, fault in words(answer)) == (422, True)
                continue
            assert answer.status_code == 200
            assert answer.url.path == "/aujourdhui"
            break

    def test_a_new_password_takes_the_old_ways_in_away(self, town: Town) -> None:
        account, inside = town.account(Role.COUNSELLOR), town.signed_in(Role.COUNSELLOR)
        old = self.link(town, LinkPurpose.SIGN_IN, account.id)
        path = self.link(town, LinkPurpose.INVITATION, account.id)
        new = "brouette panier vélo loire"
        town.visitor().send_form(path, password=new, password_again=new)
        assert town.visitor().get(old).status_code == 410
        assert inside.get("/aujourdhui").url.path == "/connexion"
        assert [enter(town.visitor(), password=one)[0] for one in (PASSWORD, new)] == [401, 303]

    def test_a_candidate_comes_in_by_link(self, town: Town) -> None:
        visitor = town.visitor()
        answer = visitor.send_form(self.link(town, LinkPurpose.CANDIDATE, "p1"), follow=False)
        assert answer.headers["location"] == "/"
        assert visitor.get("/", follow_redirects=False).headers["location"] == "/mon-espace"
        assert visitor.get("/aujourdhui").url.path == "/connexion", "it is no account"

    def test_a_printed_code_works_again_until_it_is_replaced(self, town: Town) -> None:
        code = new_link(town.node.desk, LinkPurpose.PAPER, "p1")
        typed = f"/connexion/lien/{code.lower().replace('-', ' ')}"
        for _number in range(2):
            assert town.visitor().send_form(typed, follow=False).status_code == 303
        new_link(town.node.desk, LinkPurpose.PAPER, "p1")
        assert town.visitor().get(typed).status_code == 410

    def test_a_closed_account_is_not_opened_by_its_link(self, town: Town) -> None:
        town.account(Role.HEAD)
        account = town.account(Role.COUNSELLOR)
        path = self.link(town, LinkPurpose.SIGN_IN, account.id)
        accounts.close_account(town.node.desk, account.id)
        assert town.visitor().get(path).status_code == 410


def fill(visitor: Visitor, path: str, email: str = "m.reau@montlucon.fr") -> Response:
    """The form of the first account."""
    return visitor.send_form(path, name="Marie Réau", email=email, password=PASSWORD, password_again=PASSWORD)


class TestFirstAccount:
    def test_it_manages_the_others_and_is_made_once(self, town: Town) -> None:
        url = links.first_link(town.node.desk)
        assert url is not None
        path = url.removeprefix(URL)
        visitor = town.visitor()
        refused = fill(visitor, path, "rien")
        assert refused.status_code == 422
        assert "Marie Réau" in refused.text
        assert fill(visitor, path).url.path == "/aujourdhui"
        assert visitor.get("/comptes").status_code == 200
        with town.node.database.read() as uow:
            (made,) = uow.accounts.all()
        assert made.roles == {Role.HEAD, Role.ADMINISTRATOR}
        assert links.first_link(town.node.desk) is None
        assert town.visitor().get(path).status_code == 410

    def test_each_start_makes_another_link_and_the_one_before_is_void(self, town: Town) -> None:
        first, second = links.first_link(town.node.desk), links.first_link(town.node.desk)
        assert first is not None
        assert second is not None
        assert town.visitor().get(first.removeprefix(URL)).status_code == 410
        assert town.visitor().get(second.removeprefix(URL)).status_code == 200

    def test_an_account_made_meanwhile_by_command_is_the_first(self, town: Town) -> None:
        url = links.first_link(town.node.desk)
        assert url is not None
        town.account(Role.ADMINISTRATOR)
        answer = fill(town.visitor(), url.removeprefix(URL))
        assert (answer.status_code, "Le premier compte existe" in words(answer)) == (422, True)
