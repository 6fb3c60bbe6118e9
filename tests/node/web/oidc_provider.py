"""A sign-on provider for tests, as strict as ProConnect and as faulty as a test wants it.

`Provider` is an application (`app`): its description, keys, a page with one button, tokens, userinfo as a JWT, the end
of a session. Over `Wire` it answers the node in process; served on loopback it answers a browser too. What it signs and
says can be altered by its fields.
"""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.asking import Client

CLIENT, SECRET = "maillon-montlucon", "le secret / que ProConnect + donne"
ALLOWED = {
    *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "claims", "acr_values"),
    *("code_challenge", "code_challenge_method"),
}
KARIMA = {"sub": "7f3c-karima", "email": "counsellor@montlucon.fr", "given_name": "Karima", "usual_name": "Benali"}


@cache
def rsa(kid: str = "rsa-1", bits: int = 2048) -> RSAKey:
    """A key of its own for each name."""
    return RSAKey.generate_key(bits, {"kid": kid, "use": "sig"})


@cache
def ec(kid: str = "ec-1") -> ECKey:
    """The same on P-256."""
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})


@dataclass
class Provider:
    """`now` is the story's clock. Of what it issues, `id_token`, `userinfo`, `answer` and `description` alter single
    members (None takes one away); `key` and `alg` sign; `replaced` gives other answers, by the last part of a path."""

    now: Callable[[], datetime]
    issuer: str = "https://proconnect.example/api/v2"
    person: dict[str, Any] = field(default_factory=lambda: dict(KARIMA))
    key: Key = field(default_factory=rsa)
    alg: str = "RS256"
    published: list[Key] = field(default_factory=lambda: [rsa(), ec()])
    post: bool = True
    pkce: bool = True
    jwt_userinfo: bool = True
    id_token: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)
    replaced: dict[str, Response] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    issued: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    @cached_property
    def app(self) -> Starlette:
        """Everything under the issuer's path."""
        prefix = urlsplit(self.issuer).path
        pages = {
            "/.well-known/openid-configuration": (self._describe, ["GET"]),
            "/jwks": (self._keys, ["GET"]),
            "/authorize": (self._authorize, ["GET", "POST"]),
            "/token": (self._token, ["POST"]),
            "/userinfo": (self._userinfo, ["GET"]),
            "/session/end": (self._end, ["GET"]),
        }
        return Starlette(
            routes=[Route(prefix + path, self._or_else(call), methods=how) for path, (call, how) in pages.items()]
        )

    def visit(self, address: str) -> str:
        """What a browser does there that presses the one button; the address that it comes back to."""
        browser = Client(self.app, base_url=self.issuer)
        page = browser.get(address)
        assert page.status_code == 200, page.text
        back = browser.post(address, follow_redirects=False)
        return back.headers["location"]

    def _or_else(self, call: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            word = request.url.path.rpartition("/")[2]
            self.asked.append(word)
            return self.replaced[word] if word in self.replaced else await call(request)

        return answer

    async def _describe(self, request: Request) -> Response:
        methods = ["client_secret_post"] if self.post else ["client_secret_basic"]
        described = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/session/end",
            "token_endpoint_auth_methods_supported": methods,
            "claims_parameter_supported": True,
        }
        return JSONResponse(altered(described, self.description))

    async def _keys(self, request: Request) -> Response:
        keys = [key.as_dict(private=False) for key in self.published]
        # What others publish and the node passes by: keys for other uses, of other kinds, and nonsense.
        others: list[object] = [{"kty": "oct", "k": "c2VjcmV0", "kid": "rsa-1"}, {"kty": "ML-DSA", "kid": "x"}, 3]
        others += [{**rsa("enc").as_dict(private=False), "use": "enc", "kid": "rsa-1"}, {"kty": "RSA", "n": "", "e": 1}]
        return JSONResponse({"keys": [*others, *keys]})

    async def _authorize(self, request: Request) -> Response:
        given = dict(request.query_params)
        strange = set(given) - ALLOWED | ({"code_challenge"} & set(given) if not self.pkce else set())
        good = (
            not strange
            and given.get("response_type") == "code"
            and given.get("client_id") == CLIENT
            and "openid" in given.get("scope", "").split()
            and min(len(given.get("state", "")), len(given.get("nonce", ""))) >= 32
            and (given.get("code_challenge_method") == "S256" or not self.pkce)
        )
        if not good:
            return HTMLResponse("Y000400", 400)
        if request.method == "GET":
            who = escape(f"{self.person.get('given_name', '')} {self.person.get('usual_name', '')}")
            button = f'<form method="post"><button id="continuer">Continuer : {who}</button></form>'
            head = '<title>Fournisseur</title><link rel="icon" href="data:,">'
            head += "<style>button:focus {outline: 3px solid #000}</style>"
            return HTMLResponse(f'<!doctype html><html lang="fr">{head}{button}')
        code = secrets.token_urlsafe(32)
        self.codes[code] = given
        query = urlencode({"code": code, "state": given["state"], "iss": self.issuer})
        return RedirectResponse(f"{given['redirect_uri']}?{query}", 303)

    async def _token(self, request: Request) -> Response:
        sent = dict(parse_qsl((await request.body()).decode(), strict_parsing=True))
        if not self._is_client(sent, request.headers.get("authorization", "")):
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.pop(sent.get("code", ""), {})
        challenge = _b64(sha256(sent.get("code_verifier", "").encode()).digest())
        right = asked and asked["redirect_uri"] == sent["redirect_uri"] and sent["grant_type"] == "authorization_code"
        if not right or asked.get("code_challenge", challenge) != challenge:
            return JSONResponse({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(32)
        now = int(self.now().timestamp())
        claims = {
            "iss": self.issuer,
            "sub": self.person["sub"],
            "aud": CLIENT,
            "exp": now + 60,
            "iat": now,
            "nonce": asked["nonce"],
            "at_hash": _b64(sha256(access.encode()).digest()[:16]),
            "acr": "eidas1",
        }
        token = self.sign(altered(claims, self.id_token))
        self.issued.append(token)
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": 60, "id_token": token}
        return JSONResponse(altered(answer, self.answer))

    def _is_client(self, sent: Mapping[str, str], header: str) -> bool:
        if self.post:
            return (sent.get("client_id"), sent.get("client_secret"), header) == (CLIENT, SECRET, "")
        name, _colon, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
        return (unquote(name), unquote(secret), "client_secret" in sent) == (CLIENT, SECRET, False)

    async def _userinfo(self, request: Request) -> Response:
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return JSONResponse({"error": "invalid_token"}, 401)
        if not self.jwt_userinfo:
            return JSONResponse(altered(self.person, self.userinfo))
        now = int(self.now().timestamp())
        claims = {**self.person, "iss": self.issuer, "aud": CLIENT, "exp": now + 60, "iat": now}
        return Response(self.sign(altered(claims, self.userinfo)), media_type="application/jwt")

    async def _end(self, request: Request) -> Response:
        given = dict(request.query_params)
        if given.get("id_token_hint") not in self.issued or len(given.get("state", "")) < 32:
            return HTMLResponse("no", 400)
        self.ended.append(given["id_token_hint"])
        return RedirectResponse(f"{given['post_logout_redirect_uri']}?{urlencode({'state': given['state']})}", 303)

    def sign(self, claims: dict[str, Any]) -> str:
        """A token with these claims, by the present key and algorithm."""
        if self.alg == "none":
            return f"{_b64(json.dumps({'alg': 'none'}).encode())}.{_b64(json.dumps(claims).encode())}."
        key = self.key
        if self.alg == "HS256":
            # What ProConnect offers too, and the node does not take: whoever can check it can forge it.
            key = OctKey.import_key(SECRET)
        header = {"alg": self.alg} | ({"kid": self.key.kid} if self.key.kid else {})
        return jwt.encode(header, claims, key, algorithms=[self.alg])


def altered(members: Mapping[str, Any], by: Mapping[str, Any]) -> dict[str, Any]:
    """With these members instead; None takes one away."""
    return {name: value for name, value in {**members, **by}.items() if value is not None}


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class Wire(httpx.BaseTransport):
    """The node's way to the provider. `broken` is what happens instead of an exchange."""

    provider: Provider
    broken: Exception | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.broken is not None:
            raise self.broken
        assert str(request.url).startswith(self.provider.issuer), "the node asks nobody else"
        client = Client(self.provider.app, base_url=self.provider.issuer)
        headers = [(name, value) for name, value in request.headers.items() if name != "host"]
        answer = client.request(
            request.method, str(request.url), content=request.read(), headers=headers, follow_redirects=False
        )
        return httpx.Response(
            answer.status_code, headers=list(answer.headers.items()), stream=httpx.ByteStream(answer.content)
        )
