"""Signing in with a provider, ProConnect's ways and others': who gets in, and everything that keeps people out."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pyotp
import pytest
from httpx2 import Response as Answer
from starlette.responses import JSONResponse, Response

from node.app import open_node
from node.config import SIGN_ON_SECRET, load
from node.kit.i18n import gettext
from node.mission.accounts.account import AccountState
from node.mission.accounts.roles import Role
from node.services.accounts import accounts
from node.services.network import checking
from node.services.network.founding import Created
from node.sign_on.troubles import SignOnFailed, Trouble
from tests.node.conftest import french
from tests.node.web.conftest import EMAILS, URL, Town, Visitor, town_of, words
from tests.node.web.oidc_provider import CLIENT, SECRET, Provider, Wire, ec, rsa

COUNSELLOR = EMAILS[Role.COUNSELLOR]
SENTENCES = {french(str(SignOnFailed(trouble, "ProConnect"))): trouble for trouble in Trouble}
"""What people read, by its reason: no two reasons are told alike."""
_REFRESH = re.compile(r'<meta http-equiv="refresh" content="0;url=([^"]+)">')


def speaks(message: str, **members: str) -> str:
    """That message as a visitor reads it."""
    found = french(gettext(message))
    return (found % members if "%(" in found else found.format(**members)) if members else found


@dataclass
class Place:
    """A town, and the provider that it knows."""

    town: Town
    provider: Provider
    wire: Wire

    def go(self, visitor: Visitor, vers: str = "") -> str:
        """Press the button; the address at the provider."""
        answer = visitor.send_form("/connexion/fournisseur", "/connexion", vers=vers)
        found = _REFRESH.search(answer.text)
        assert found is not None, words(answer)
        return unescape(found[1])

    def come(self, visitor: Visitor, vers: str = "") -> Answer:
        """The whole way there and back; the answer to the browser that comes back, before it goes on."""
        back = self.provider.visit(self.go(visitor, vers))
        return visitor.get(back.removeprefix(URL), follow_redirects=False)

    def start_again(self) -> None:
        """A provider without a fault, of which the node knows nothing yet."""
        self.provider = self.wire.provider = Provider(now=self.town.clock.now)
        self.wire.broken = None
        self.town.node.__dict__.pop("sign_on", None)
        self.town.clock.moment += timedelta(minutes=1)

    def told(self, visitor: Visitor, answer: Answer) -> Trouble:
        """What the sign-in page says after a failure. Nobody was signed in."""
        assert (answer.status_code, answer.headers["location"]) == (303, "/connexion")
        return self.shown(visitor)

    def shown(self, visitor: Visitor) -> Trouble:
        """What the sign-in page says now, to somebody who is not signed in."""
        page = words(visitor.get("/connexion"))
        assert visitor.get("/aujourdhui", follow_redirects=False).status_code == 303, "still nobody"
        found = re.search(r'class="notice tone-danger">.*?</svg><div>(.*?)</div>', page, re.DOTALL)
        assert found is not None, page
        return SENTENCES[found[1]]


@pytest.fixture
def make(created: Created, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Place]]:
    """A town with that provider; `settings` are of [sign_on]."""
    monkeypatch.setenv(SIGN_ON_SECRET, SECRET)
    opened = []

    def make(base_url: str = URL, **settings: object) -> Place:
        config = load(created.config)
        provider = Provider(now=lambda: town.clock.now())
        chosen = {"issuer": provider.issuer, "client_id": CLIENT} | settings
        wire = Wire(provider)
        changed = {
            "node": config.node.model_copy(update={"base_url": base_url}),
            "sign_on": config.sign_on.model_copy(update=chosen),
        }
        context = town_of(config.model_copy(update=changed), wire)
        opened.append(context)
        town = context.__enter__()
        return Place(town, provider, wire)

    yield make
    for context in opened:
        context.__exit__(None, None, None)


@pytest.fixture
def place(make: Callable[..., Place]) -> Place:
    """Montluçon with ProConnect, and a counsellor who has an account."""
    place = make()
    place.town.account(Role.COUNSELLOR)
    return place


class TestOff:
    def test_without_a_provider_nothing_speaks_of_one(self, town: Town) -> None:
        visitor = town.visitor()
        assert "ProConnect" not in visitor.text("/connexion")
        assert visitor.send_form("/connexion/fournisseur", "/connexion").status_code == 404
        assert visitor.get("/connexion/retour?state=x&code=y").status_code == 404
        assert visitor.get("/deconnexion/retour?state=x").url.path == "/"


class TestLeaving:
    def test_the_button_is_first_and_says_it_as_proconnect_wants(self, place: Place) -> None:
        page = place.town.visitor().text("/connexion?vers=/comptes")
        assert page.index(speaks("Identify yourself with %(provider)s", provider="ProConnect")) < page.index(
            'type="password"'
        )
        assert 'href="https://www.proconnect.gouv.fr/"' in page
        assert speaks("What is %(provider)s?", provider="ProConnect") in page
        assert place.provider.asked == [], "a page that is looked at asks the provider nothing"

    def test_what_is_asked(self, place: Place) -> None:
        visitor = place.town.visitor()
        address = place.go(visitor)
        assert address.startswith(place.provider.issuer + "/authorize?")
        asked = dict(parse_qsl(urlsplit(address).query, strict_parsing=True))
        assert len(asked.pop("state")) == len(asked.pop("nonce")) == len(asked.pop("code_challenge")) == 43
        assert asked == {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": URL + "/connexion/retour",
            "scope": "openid email",
            "code_challenge_method": "S256",
        }

    def test_each_question_is_another_one(self, place: Place) -> None:
        visitor = place.town.visitor()
        one, two = (parse_qs(urlsplit(place.go(visitor)).query) for _ in range(2))
        assert all(one[name] != two[name] for name in ("state", "nonce", "code_challenge"))

    def test_the_cookie_is_out_of_reach_and_short_lived(self, place: Place) -> None:
        visitor = place.town.visitor()
        answer = visitor.send_form("/connexion/fournisseur", "/connexion")
        assert answer.headers["cache-control"] == "no-store"
        cookie = answer.headers["set-cookie"]
        expected = r"maillon-8101-fournisseur=[\w.-]{131}; HttpOnly; Max-Age=600; Path=/; SameSite=lax"
        assert re.fullmatch(expected, cookie)
        policy = answer.headers["content-security-policy"]
        assert "form-action 'self'" in policy, "no site is added to it"

    def test_over_tls_the_cookie_is_of_this_very_host(self, make: Callable[..., Place]) -> None:
        place = make(base_url="https://emploi.montlucon.example")
        answer = place.town.visitor().send_form("/connexion/fournisseur", "/connexion")
        assert re.match(r"__Host-maillon-fournisseur=[\w.-]{131}; .*; Secure$", answer.headers["set-cookie"])
        found = _REFRESH.search(answer.text)
        assert found is not None
        asked = parse_qs(urlsplit(unescape(found[1])).query)
        assert asked["redirect_uri"] == ["https://emploi.montlucon.example/connexion/retour"]

    def test_levels_of_assurance_are_demanded(self, make: Callable[..., Place]) -> None:
        place = make(acr_values="eidas2 eidas3")
        place.town.account(Role.COUNSELLOR)
        visitor = place.town.visitor()
        asked = parse_qs(urlsplit(place.go(visitor)).query)
        assert asked["claims"] == ['{"id_token": {"acr": {"essential": true, "values": ["eidas2", "eidas3"]}}}']
        assert place.told(visitor, place.come(visitor)) is Trouble.WEAK
        place.provider.id_token = {"acr": "eidas3"}
        assert place.come(visitor).headers["location"] == "/"

    def test_levels_for_a_provider_that_takes_no_claims(self, make: Callable[..., Place]) -> None:
        place = make(acr_values="eidas2 eidas3")
        place.provider.description = {"claims_parameter_supported": None}
        asked = parse_qs(urlsplit(place.go(place.town.visitor())).query)
        assert (asked["acr_values"], "claims" in asked) == (["eidas2 eidas3"], False)

    def test_only_a_form_of_this_site_begins_it(self, place: Place) -> None:
        visitor = place.town.visitor()
        assert visitor.get("/connexion/fournisseur").status_code == 405
        answer = visitor.post("/connexion/fournisseur", headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        assert place.provider.asked == []

    def test_not_for_ever(self, place: Place) -> None:
        visitor = place.town.visitor()
        for _number in range(60):
            assert visitor.post("/connexion/fournisseur").status_code == 200
        answer = visitor.post("/connexion/fournisseur")
        assert answer.status_code == 429
        assert 10 <= int(answer.headers["retry-after"]) <= 12, "one more each ten seconds"
        place.town.clock.moment += timedelta(minutes=11)
        assert visitor.post("/connexion/fournisseur").status_code == 200


class TestComingIn:
    def test_an_account_with_that_address_is_opened_and_tied(self, place: Place) -> None:
        visitor = place.town.visitor()
        answer = place.come(visitor, vers="/candidats?page=2")
        assert (answer.status_code, answer.headers["location"]) == (303, "/candidats?page=2")
        assert answer.headers["cache-control"] == "no-store"
        assert set(visitor.cookies) == {"maillon-8101"}, "the question is forgotten"
        assert visitor.get("/aujourdhui").status_code == 200
        account = place.town.account(Role.COUNSELLOR)
        with place.town.node.database.read() as uow:
            kept = uow.accounts.get(account.id)
            (session,) = uow.accounts.sessions(account=account.id)
        assert kept is not None
        assert re.fullmatch("[0-9a-f]{64}", kept.identity)
        assert session.id_token == place.provider.issued[-1]

    def test_the_address_is_compared_as_accounts_do(self, place: Place) -> None:
        place.provider.person["email"] = " Counsellor@MONTLUCON.fr"
        assert place.come(place.town.visitor()).headers["location"] == "/"

    def test_from_then_on_the_identity_counts_and_not_the_address(self, place: Place) -> None:
        place.come(place.town.visitor())
        place.provider.person["email"] = "karima.benali@montlucon.fr"
        visitor = place.town.visitor()
        assert place.come(visitor).headers["location"] == "/"
        assert visitor.get("/aujourdhui").status_code == 200

    def test_an_address_given_to_somebody_else_opens_nothing(self, place: Place) -> None:
        place.come(place.town.visitor())
        place.provider.person["sub"] = "another"
        visitor = place.town.visitor()
        assert place.told(visitor, place.come(visitor)) is Trouble.OTHER_IDENTITY
        accounts.reset_account(place.town.node.desk, place.town.account(Role.COUNSELLOR).id)
        assert place.come(visitor).headers["location"] == "/"

    def test_a_head_of_mission_unties_who_changed_employer(self, place: Place) -> None:
        inside, path = place.town.visitor(), f"/comptes/{place.town.account(Role.COUNSELLOR).id}"
        head = place.town.signed_in(Role.HEAD)
        assert f'action="{path}/delier"' not in head.get(path).text, "there is nothing to untie yet"
        place.come(inside)
        place.provider.person["sub"] = "the same at another employer's"
        visitor = place.town.visitor()
        assert place.told(visitor, place.come(visitor)) is Trouble.OTHER_IDENTITY
        assert f'action="{path}/delier"' in head.get(path).text
        assert head.send_form(f"{path}/delier", path).url.path == path
        assert inside.get("/aujourdhui", follow_redirects=False).status_code == 303, "the sessions have ended"
        assert place.come(visitor).headers["location"] == "/"

    def test_nobody_gets_an_account_by_it(self, place: Place) -> None:
        place.provider.person["email"] = "inconnue@montlucon.fr"
        visitor = place.town.visitor()
        assert place.told(visitor, place.come(visitor)) is Trouble.UNKNOWN
        with place.town.node.database.read() as uow:
            assert [one.email for one in uow.accounts.all()] == [COUNSELLOR]

    def test_a_closed_account_stays_closed(self, place: Place) -> None:
        place.town.account(Role.HEAD)
        visitor = place.town.visitor()
        place.come(visitor)
        account = accounts.close_account(place.town.node.desk, place.town.account(Role.COUNSELLOR).id)
        assert account.state is AccountState.CLOSED
        assert place.told(visitor, place.come(visitor)) is Trouble.CLOSED

    def test_an_address_that_is_not_vouched_for_is_none(self, place: Place) -> None:
        visitor = place.town.visitor()
        for said in ({"email_verified": False}, {"email": None}, {"email": ["counsellor@montlucon.fr"]}):
            place.provider.userinfo = said
            assert place.told(visitor, place.come(visitor)) is Trouble.NO_EMAIL
        place.provider.userinfo = {"email_verified": True}
        assert place.come(visitor).headers["location"] == "/"

    def test_the_second_factor_is_asked_for_here_too(self, place: Place) -> None:
        desk, account = place.town.node.desk, place.town.account(Role.COUNSELLOR)
        secret = accounts.new_totp_secret(desk)
        accounts.enable_totp(desk, account.id, secret, pyotp.TOTP(secret).at(place.town.clock.moment))
        place.town.clock.moment += timedelta(minutes=1)
        visitor = place.town.visitor()
        answer = place.come(visitor, vers="/candidats")
        assert "Code de vérification" in words(answer)
        assert answer.headers["cache-control"] == "no-store"
        assert not visitor.cookies
        step = re.search(r'name="etape" value="([\w-]+)"', answer.text)
        assert step is not None
        code = pyotp.TOTP(secret).at(place.town.clock.moment)
        given = visitor.send_form(
            "/connexion/code", "/connexion", etape=step[1], code=code, vers="/candidats", follow=False
        )
        assert given.headers["location"] == "/candidats"
        assert _REFRESH.search(visitor.send_form("/deconnexion", "/mon-compte").text), (
            "that it is to be told of the end, too"
        )

    def test_what_was_typed_waits(self, place: Place) -> None:
        inside = place.town.signed_in(Role.COUNSELLOR)
        token = re.search(r'name="csrf" value="([^"]+)"', inside.get("/mon-compte").text)
        assert token is not None
        place.town.clock.moment += timedelta(hours=9)
        late = inside.post("/mon-compte/langue", data={"csrf": token[1], "language": "en"}, follow_redirects=False)
        assert late.headers["location"] == "/connexion?gardee=1"
        assert place.come(inside).headers["location"] == "/saisie"

    def test_another_provider_with_other_ways(self, make: Callable[..., Place]) -> None:
        place = make(label="Keycloak de la ville", about_url="", pkce=False)
        place.town.account(Role.COUNSELLOR)
        provider = place.provider
        provider.post, provider.pkce, provider.jwt_userinfo = False, False, False
        provider.key, provider.alg = ec(), "ES256"
        provider.id_token = {"aud": [CLIENT, "another"], "azp": CLIENT, "at_hash": None}
        page = place.town.visitor().text("/connexion")
        assert speaks("Identify yourself with %(provider)s", provider="Keycloak de la ville") in page
        assert speaks("What is %(provider)s?", provider="Keycloak de la ville") not in page
        assert place.come(place.town.visitor()).headers["location"] == "/"

    def test_a_provider_that_tells_all_at_once(self, place: Place) -> None:
        place.provider.description = {"userinfo_endpoint": None}
        place.provider.id_token = {"email": COUNSELLOR}
        assert place.come(place.town.visitor()).headers["location"] == "/"


def too_long(media_type: str = "application/json") -> Response:
    return Response(b'{"keys": [' + b" " * 70_000 + b"]}", media_type=media_type)


HALF = Response(b'{"access_token": "x", "id_tok', media_type="application/json")
DEEP = Response(b"[" * 60_000, media_type="application/json")


FAULTS: dict[str, tuple[Callable[[Place], None], Trouble]] = {}


def fault(said: Trouble) -> Callable[[Callable[[Place], None]], Callable[[Place], None]]:
    def note(alter: Callable[[Place], None]) -> Callable[[Place], None]:
        FAULTS[alter.__name__] = (alter, said)
        return alter

    return note


def of_id_token(name: str, said: Trouble, **claims: object) -> None:
    FAULTS[name] = (lambda place: place.provider.id_token.update(claims), said)


def of_userinfo(name: str, said: Trouble, **claims: object) -> None:
    FAULTS[name] = (lambda place: place.provider.userinfo.update(claims), said)


def instead(name: str, said: Trouble, path: str, answer: Response) -> None:
    FAULTS[name] = (lambda place: place.provider.replaced.update({path: answer}), said)


of_id_token("id_token_of_another_issuer", Trouble.OTHER_ISSUER, iss="https://proconnect.example/api/v3")
of_id_token("id_token_without_issuer", Trouble.OTHER_ISSUER, iss=None)
of_id_token("id_token_for_another_site", Trouble.OTHER_AUDIENCE, aud="another")
of_id_token("id_token_for_others", Trouble.OTHER_AUDIENCE, aud=["another", "third"])
of_id_token("id_token_for_nobody", Trouble.OTHER_AUDIENCE, aud=None)
of_id_token("id_token_asked_by_another", Trouble.OTHER_AUDIENCE, azp="another")
of_id_token("id_token_for_several_without_who_asked", Trouble.OTHER_AUDIENCE, aud=[CLIENT, "another"])
of_id_token("id_token_with_another_nonce", Trouble.OTHER_NONCE, nonce="x" * 43)
of_id_token("id_token_without_nonce", Trouble.OTHER_NONCE, nonce=None)
of_id_token("id_token_with_a_list_of_nonces", Trouble.OTHER_NONCE, nonce=["x"])
of_id_token("id_token_expired", Trouble.EXPIRED, exp=1_700_000_000)
of_id_token("id_token_of_the_future", Trouble.EXPIRED, iat=4_000_000_000)
of_id_token("id_token_without_end", Trouble.BAD_ANSWER, exp=None)
of_id_token("id_token_that_ends_never", Trouble.BAD_ANSWER, exp="never")
of_id_token("id_token_without_date", Trouble.EXPIRED, iat=None)
of_id_token("id_token_of_nobody", Trouble.BAD_ANSWER, sub=None)
of_id_token("id_token_of_a_number", Trouble.BAD_ANSWER, sub=7)
of_id_token("id_token_of_a_very_long_name", Trouble.BAD_ANSWER, sub="x" * 256)
of_id_token("id_token_for_another_access_token", Trouble.BAD_ANSWER, at_hash="AAAAAAAAAAAAAAAAAAAAAA")
of_id_token("id_token_that_is_very_long", Trouble.BAD_ANSWER, more="x" * 9_000)
of_userinfo("userinfo_of_another_person", Trouble.OTHER_SUBJECT, sub="another")
of_userinfo("userinfo_of_nobody", Trouble.BAD_ANSWER, sub=None)
of_userinfo("userinfo_of_another_issuer", Trouble.OTHER_ISSUER, iss="https://proconnect.example")
of_userinfo("userinfo_for_another_site", Trouble.OTHER_AUDIENCE, aud="another")
of_userinfo("userinfo_expired", Trouble.EXPIRED, exp=1_700_000_000)
instead("token_answer_cut_short", Trouble.BAD_ANSWER, "token", HALF)
instead("token_answer_without_tokens", Trouble.BAD_ANSWER, "token", JSONResponse({"token_type": "Bearer"}))
instead("token_answer_too_long", Trouble.BAD_ANSWER, "token", too_long())
instead("token_answer_very_deep", Trouble.BAD_ANSWER, "token", DEEP)
instead("token_answer_that_is_no_token", Trouble.BAD_ANSWER, "token", JSONResponse(
    {"access_token": "x", "token_type": "Bearer", "id_token": "x.y"}))  # fmt: skip
instead("token_answer_with_accents", Trouble.BAD_ANSWER, "token", JSONResponse(
    {"access_token": "x", "token_type": "Bearer", "id_token": "é.é.é"}))  # fmt: skip
instead("token_answer_not_http_like", Trouble.BAD_ANSWER, "token", Response("<h1>Bonjour</h1>", 404))
instead(
    "token_sends_elsewhere",
    Trouble.BAD_ANSWER,
    "token",
    Response(status_code=302, headers={"location": "https://x.fr"}),
)
instead("token_refuses_the_code", Trouble.REFUSED, "token", JSONResponse({"error": "invalid_grant"}, 400))
instead("token_refuses_the_node", Trouble.REFUSED, "token", JSONResponse({"error": "invalid_client"}, 401))
instead("token_endpoint_down", Trouble.UNREACHABLE, "token", Response(status_code=503))
instead("userinfo_down", Trouble.UNREACHABLE, "userinfo", Response(status_code=502))
instead("userinfo_refuses", Trouble.REFUSED, "userinfo", JSONResponse({"error": "invalid_token"}, 401))
instead("userinfo_too_long", Trouble.BAD_ANSWER, "userinfo", too_long("application/jwt"))
instead("userinfo_that_is_no_token", Trouble.BAD_ANSWER, "userinfo", Response("a.b.c", media_type="application/jwt"))
instead("userinfo_in_latin_1", Trouble.BAD_ANSWER, "userinfo", Response(b"\xe9", media_type="application/jwt"))
instead("userinfo_that_is_a_list", Trouble.BAD_ANSWER, "userinfo", JSONResponse([1]))
instead("userinfo_very_deep", Trouble.BAD_ANSWER, "userinfo", DEEP)
instead("keys_down", Trouble.UNREACHABLE, "jwks", Response(status_code=500))
instead("keys_that_are_none", Trouble.BAD_ANSWER, "jwks", JSONResponse({"keys": 3}))
instead("keys_very_deep", Trouble.BAD_ANSWER, "jwks", DEEP)
instead("keys_too_long", Trouble.BAD_ANSWER, "jwks", too_long())
instead("no_key_at_all", Trouble.BAD_SIGNATURE, "jwks", JSONResponse({"keys": []}))


@fault(Trouble.BAD_SIGNATURE)
def signed_by_somebody_else(place: Place) -> None:
    place.provider.key = rsa("forger")


@fault(Trouble.BAD_SIGNATURE)
def signed_by_somebody_else_under_its_name(place: Place) -> None:
    forged = rsa("forger-2").as_dict(private=True) | {"kid": "rsa-1"}
    place.provider.key = type(rsa()).import_key(forged)


@fault(Trouble.BAD_SIGNATURE)
def not_signed(place: Place) -> None:
    place.provider.alg = "none"


@fault(Trouble.BAD_SIGNATURE)
def signed_with_the_shared_secret(place: Place) -> None:
    place.provider.alg = "HS256"


@fault(Trouble.BAD_SIGNATURE)
def signed_by_an_algorithm_that_was_not_agreed(place: Place) -> None:
    place.provider.alg = "PS256"


@fault(Trouble.UNREACHABLE)
def dead_before_the_code_is_exchanged(place: Place) -> None:
    place.wire.broken = httpx.ConnectError("no way")


@fault(Trouble.UNREACHABLE)
def slow(place: Place) -> None:
    place.wire.broken = httpx.ReadTimeout("slow")


class TestRefused:
    def test_each_fault_is_said_and_nobody_gets_in(self, place: Place) -> None:
        told = {}
        for name, (alter, _said) in FAULTS.items():
            place.start_again()
            visitor = place.town.visitor()
            back = place.provider.visit(place.go(visitor))
            alter(place)
            told[name] = place.told(visitor, visitor.get(back.removeprefix(URL), follow_redirects=False))
        assert told == {name: said for name, (_alter, said) in FAULTS.items()}
        place.start_again()
        assert place.come(place.town.visitor()).headers["location"] == "/", "the same, without a fault"

    @pytest.mark.parametrize(
        ("alter", "said"),
        [
            ({"issuer": "https://proconnect.example/api/v2/"}, Trouble.OTHER_ISSUER),
            ({"token_endpoint": None}, Trouble.BAD_ANSWER),
            ({"token_endpoint": "http://proconnect.example/token"}, Trouble.BAD_ANSWER),
            ({"authorization_endpoint": "javascript:alert(1)"}, Trouble.BAD_ANSWER),
            ({"authorization_endpoint": 'https://x.fr/"><script>'}, Trouble.BAD_ANSWER),
            ({"jwks_uri": "https://user@x.fr/jwks"}, Trouble.BAD_ANSWER),
            ({"jwks_uri": "https://x.fr:99999/jwks"}, Trouble.BAD_ANSWER),
            ({"end_session_endpoint": "ftp://x.fr"}, Trouble.BAD_ANSWER),
        ],
    )
    def test_a_description_that_is_not_to_be_believed(
        self, place: Place, alter: dict[str, object], said: Trouble
    ) -> None:
        place.provider.description = alter
        visitor = place.town.visitor()
        answer = visitor.send_form("/connexion/fournisseur", "/connexion", follow=False)
        assert place.told(visitor, answer) is said
        assert not [name for name in visitor.cookies if "fournisseur" in name]

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (HALF, Trouble.BAD_ANSWER),
            (too_long(), Trouble.BAD_ANSWER),
            (Response(status_code=404), Trouble.BAD_ANSWER),
            (Response(status_code=503), Trouble.UNREACHABLE),
        ],
    )
    def test_no_description(self, place: Place, answer: Response, said: Trouble) -> None:
        place.provider.replaced["openid-configuration"] = answer
        visitor = place.town.visitor()
        failed = visitor.send_form("/connexion/fournisseur", "/connexion", vers="/candidats", follow=False)
        assert failed.headers["location"] == "/connexion?vers=%2Fcandidats", "where one was going is not lost"
        assert place.shown(visitor) is said
        place.provider.replaced.clear()
        place.town.account(Role.COUNSELLOR)
        assert place.come(visitor).headers["location"] == "/", "once it is mended, so is this"

    def test_a_provider_at_an_address_that_the_node_may_not_call(
        self, created: Created, monkeypatch: pytest.MonkeyPatch, everything_told: Callable[[], str]
    ) -> None:
        monkeypatch.setenv(SIGN_ON_SECRET, SECRET)
        config = load(created.config)
        here = config.sign_on.model_copy(update={"issuer": "http://127.0.0.1:9", "client_id": CLIENT})
        closed = config.network.model_copy(update={"allow_private_addresses": ()})
        with town_of(config.model_copy(update={"sign_on": here, "network": closed})) as town:
            visitor = town.visitor()
            visitor.send_form("/connexion/fournisseur", "/connexion", follow=False)
            assert french(str(SignOnFailed(Trouble.UNREACHABLE, "ProConnect"))) in visitor.text("/connexion")
        assert "AddressRefused" in everything_told()

    def test_who_is_signed_in_stays(self, place: Place) -> None:
        visitor = place.town.signed_in(Role.HEAD)
        before = visitor.cookies["maillon-8101"]
        answer = visitor.get("/connexion/retour?code=x&state=y")
        assert french(str(SignOnFailed(Trouble.STATE, "ProConnect"))) in words(answer)
        assert visitor.cookies["maillon-8101"] == before
        assert visitor.get("/comptes").status_code == 200


class TestTheQuestion:
    def test_an_answer_is_heard_once(self, place: Place) -> None:
        visitor = place.town.visitor()
        address = place.go(visitor)
        kept = visitor.cookies["maillon-8101-fournisseur"]
        back = place.provider.visit(address).removeprefix(URL)
        assert visitor.get(back, follow_redirects=False).headers["location"] == "/"
        again = place.town.visitor()
        again.cookies.set("maillon-8101-fournisseur", kept)
        asked = len(place.provider.asked)
        assert place.told(again, again.get(back, follow_redirects=False)) is Trouble.STATE
        assert len(place.provider.asked) == asked, "the provider is not even asked"

    def test_an_answer_to_another_browser_is_not_heard(self, place: Place) -> None:
        back = place.provider.visit(place.go(place.town.visitor())).removeprefix(URL)
        victim = place.town.visitor()
        assert place.told(victim, victim.get(back, follow_redirects=False)) is Trouble.STATE
        place.go(victim)
        assert place.told(victim, victim.get(back, follow_redirects=False)) is Trouble.STATE

    def test_an_answer_that_comes_late_is_not_heard(self, place: Place) -> None:
        visitor = place.town.visitor()
        back = place.provider.visit(place.go(visitor)).removeprefix(URL)
        place.town.clock.moment += timedelta(minutes=10, seconds=1)
        assert place.told(visitor, visitor.get(back, follow_redirects=False)) is Trouble.STATE

    @pytest.mark.parametrize("kept", ["", "x", "a.b.c", "é" * 43 + ".x.y", ".".join(["x" * 43] * 3)])
    def test_a_made_up_cookie_is_none(self, place: Place, kept: str) -> None:
        visitor = place.town.visitor()
        headers = {b"Cookie": f"maillon-8101-fournisseur={kept}".encode()}
        answer = visitor.get(f"/connexion/retour?code=x&state={'x' * 43}", headers=headers, follow_redirects=False)
        assert place.told(visitor, answer) is Trouble.STATE

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("error=access_denied&error_description=<b>", Trouble.GIVEN_UP),
            ("error=temporarily_unavailable", Trouble.BUSY),
            ("error=invalid_scope", Trouble.REFUSED),
            ("error=<script>", Trouble.REFUSED),
            ("", Trouble.BAD_ANSWER),
        ],
    )
    def test_what_the_provider_says_instead_of_a_code(self, place: Place, query: str, said: Trouble) -> None:
        visitor = place.town.visitor()
        state = parse_qs(urlsplit(place.go(visitor)).query)["state"][0]
        answer = visitor.get(f"/connexion/retour?{query}&state={state}", follow_redirects=False)
        assert place.told(visitor, answer) is said

    def test_an_answer_in_anothers_name(self, place: Place) -> None:
        visitor = place.town.visitor()
        back = place.provider.visit(place.go(visitor)).removeprefix(URL)
        answer = visitor.get(back.partition("&iss=")[0] + "&iss=https://pirate.example", follow_redirects=False)
        assert place.told(visitor, answer) is Trouble.OTHER_ISSUER

    def test_the_question_is_no_link(self, place: Place) -> None:
        visitor = place.town.visitor()
        state = parse_qs(urlsplit(place.go(visitor)).query)["state"][0]
        assert visitor.get(f"/connexion/lien/{state}").status_code == 410
        assert visitor.send_form(f"/connexion/lien/{state}", "/connexion").status_code == 410


class TestKeys:
    def test_description_and_keys_are_kept_for_ten_minutes(self, place: Place) -> None:
        for _number in range(2):
            place.come(place.town.visitor())
        assert place.provider.asked.count("openid-configuration") == 1
        assert place.provider.asked.count("jwks") == 1
        place.town.clock.moment += timedelta(minutes=10)
        place.come(place.town.visitor())
        assert place.provider.asked.count("openid-configuration") == 2
        assert place.provider.asked.count("jwks") == 2

    def test_a_new_key_is_asked_for_once(self, place: Place) -> None:
        place.come(place.town.visitor())
        place.provider.key = rsa("rsa-2")
        place.provider.published = [rsa("rsa-2")]
        assert place.come(place.town.visitor()).headers["location"] == "/"
        assert place.provider.asked.count("jwks") == 2

    def test_nothing_secret_or_personal_is_logged(self, place: Place, everything_told: Callable[[], str]) -> None:
        visitor = place.town.visitor()
        place.come(visitor)
        place.provider.person["email"] = "inconnue@montlucon.fr"
        place.provider.person["sub"] = "another"
        place.told(visitor := place.town.visitor(), place.come(visitor))
        place.provider.replaced["token"] = JSONResponse({"error": "counsellor@montlucon.fr"}, 400)
        place.told(visitor, place.come(visitor))
        printed = everything_told()
        assert "unknown" in printed
        assert "sign_on.refused" in printed
        for hidden in (SECRET, "montlucon.fr", *place.provider.issued):
            assert hidden not in printed


class TestLeavingAgain:
    def test_the_providers_session_ends_too(self, place: Place) -> None:
        visitor = place.town.visitor()
        place.come(visitor)
        page = visitor.send_form("/deconnexion", "/mon-compte")
        assert page.status_code == 200
        assert page.headers["clear-site-data"] == '"cache"'
        assert "Karima" not in page.text
        assert 'action="/deconnexion"' not in page.text, "nobody is signed in on it"
        found = _REFRESH.search(page.text)
        assert found is not None
        address = unescape(found[1])
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["post_logout_redirect_uri"] == URL + "/deconnexion/retour"
        assert visitor.get("/aujourdhui", follow_redirects=False).status_code == 303, "it has ended here already"
        back = httpx.URL(address)
        answer = place.wire.handle_request(httpx.Request("GET", back))
        assert place.provider.ended == place.provider.issued
        home = visitor.get(answer.headers["location"].removeprefix(URL))
        assert speaks("You are signed out, here and at {provider}.", provider="ProConnect") in words(home)
        assert not visitor.cookies

    def test_nobody_is_told_so_who_has_not_been_there(self, place: Place) -> None:
        visitor = place.town.visitor()
        for query in ("?state=x", ""):
            answer = visitor.get(f"/deconnexion/retour{query}")
            assert (answer.url.path, "ProConnect" in answer.text) == ("/", False)

    def test_a_provider_without_such_a_place(self, place: Place) -> None:
        place.provider.description = {"end_session_endpoint": None}
        visitor = place.town.visitor()
        place.come(visitor)
        assert "Votre session est fermée." in words(visitor.send_form("/deconnexion", "/mon-compte"))

    def test_a_provider_that_is_down_keeps_nobody_in(self, place: Place) -> None:
        visitor = place.town.visitor()
        place.come(visitor)
        place.town.clock.moment += timedelta(minutes=11)
        place.wire.broken = httpx.ConnectError("no way")
        answer = visitor.send_form("/deconnexion", "/mon-compte")
        said = "You are signed out here. {provider} does not answer: on a shared computer, close the browser too."
        assert speaks(said, provider="ProConnect") in words(answer)
        assert visitor.get("/aujourdhui", follow_redirects=False).status_code == 303

    def test_who_came_by_password_leaves_as_ever(self, place: Place) -> None:
        visitor = place.town.signed_in(Role.COUNSELLOR)
        assert "Votre session est fermée." in words(visitor.send_form("/deconnexion", "/mon-compte"))
        assert place.provider.asked == []


def test_a_check_says_whether_the_provider_answers(place: Place) -> None:
    def finding() -> checking.Finding:
        found = checking.check(place.town.node.config, lambda config: open_node(config, http=place.wire))
        return next(one for one in found if one.name == "sign_on")

    assert finding().ok
    place.wire.broken = httpx.ConnectError("no way")
    assert (finding().ok, SENTENCES[french(finding().detail)]) == (False, Trouble.UNREACHABLE)
