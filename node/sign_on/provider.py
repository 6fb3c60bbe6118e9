"""The exchanges with the configured provider: its description, its keys, the code for an identity, the way out.

Guarantees: HTTPS but on this machine, no redirection followed, each exchange within 10 seconds and 64 kB, by the
node's one way out (federation/transport/client.py), whose address policy holds here too; description and keys are kept
for 10 minutes, keys are asked for once more when a token names another one. The secret goes to the token endpoint
alone. No network call happens at start: a provider that is down keeps nobody from signing in otherwise.

Standards: OpenID Connect Core 1.0 (code flow), Discovery 1.0, RP-Initiated Logout 1.0; RFC 7636 (PKCE). ProConnect's
own ways: state and nonce of 32 characters or more, `client_secret_post`, userinfo as a JWT. Read next:
services/accounts/sign_on.py.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import httpx
import msgspec

from federation.errors import AddressRefused, BadAnswer, Unreachable
from federation.transport.client import Answer, Transport
from node.config_sections import THIS_MACHINE, SignOnSection
from node.kit.logging import get_logger
from node.sign_on import tokens
from node.sign_on.tokens import Claims, Expected, Key, UnknownSigningKey
from node.sign_on.troubles import SignOnFailed, Trouble

SECONDS: Final = 10.0
"""For one exchange; signing in takes three or four."""
MAX_BYTES: Final = 64 * 1024
MAX_ID_TOKEN: Final = 8 * 1024
KEPT: Final = timedelta(minutes=10)

log = get_logger(__name__)

T = TypeVar("T", bound=msgspec.Struct)


class _Description(msgspec.Struct):
    """What is read of a provider's description (Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    claims_parameter_supported: bool = False
    # What a provider that says nothing takes (same section).
    token_endpoint_auth_methods_supported: list[str] = msgspec.field(default_factory=lambda: ["client_secret_basic"])


class _Tokens(msgspec.Struct):
    """What is read of the token endpoint's good answer (Core, 3.1.3.3)."""

    access_token: str
    id_token: str
    token_type: str


class _Denial(msgspec.Struct):
    """What is read of its other answers (RFC 6749, 5.2)."""

    error: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Who signed in. `email` as the provider writes it, empty when it does not vouch for it; `id_token` goes back to it
    when they sign out."""

    issuer: str
    subject: str
    email: str
    id_token: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is kept until the provider answers. Each of the three is 32 random bytes in Base64URL, 43 characters."""

    state: str
    nonce: str
    verifier: str


class Provider:
    """One provider, as configured; safe to share between threads. `now` is the node's clock; `secret` is read when it
    is needed, and kept nowhere."""

    def __init__(
        self, settings: SignOnSection, secret: Callable[[], str], transport: Transport, now: Callable[[], datetime]
    ) -> None:
        self.settings = settings
        self._secret = secret
        self._transport = transport
        self._now = now
        self._description: tuple[_Description, datetime] | None = None
        self._keys: tuple[Sequence[Key], datetime] | None = None

    @property
    def name(self) -> str:
        """As people say it."""
        return self.settings.label

    def failed(self, trouble: Trouble) -> SignOnFailed:
        """That failure, with this provider's name."""
        return SignOnFailed(trouble, self.name)

    def prepare(self) -> None:
        """Have its description at hand: what `address_to_ask` needs. SignOnFailed."""
        self._described()

    def address_to_ask(self, question: Question, come_back: str) -> str:
        """Where the browser goes to be asked who it is (Core, 3.1.2.1). SignOnFailed."""
        described = self._described()
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": come_back,
            "scope": self.settings.scopes,
            "state": question.state,
            "nonce": question.nonce,
        }
        if levels := self.settings.acr_values.split():
            # Only the first of the two ways obliges the provider (Core, 5.5.1.1).
            if described.claims_parameter_supported:
                asked["claims"] = json.dumps({"id_token": {"acr": {"essential": True, "values": levels}}})
            else:
                asked["acr_values"] = " ".join(levels)
        if self.settings.pkce:
            challenge = sha256(question.verifier.encode()).digest()
            asked["code_challenge"] = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
            asked["code_challenge_method"] = "S256"
        return _with(described.authorization_endpoint, asked)

    def address_to_leave(self, id_token: str, state: str, come_back: str) -> str:
        """Where the browser goes to end the provider's session too; empty when it has no such place. SignOnFailed."""
        where = self._described().end_session_endpoint
        asked = {"id_token_hint": id_token, "state": state, "post_logout_redirect_uri": come_back}
        return _with(where, asked) if where else ""

    def redeem(self, code: str, question: Question, come_back: str) -> Person:
        """Exchange the code for who it stands for, proven. SignOnFailed."""
        described = self._described()
        given = self._exchange_code(described, code, question, come_back)
        expected = Expected(self.name, self.settings.issuer, self.settings.client_id, self._now())
        claims = self._verified(given.id_token)
        levels = self.settings.acr_values.split()
        subject = tokens.check_id_token(claims, expected, question.nonce, given.access_token, levels)
        if described.userinfo_endpoint:
            claims = self._userinfo(described, given.access_token, expected, subject)
        return Person(expected.issuer, subject, _email(claims), given.id_token)

    def _exchange_code(self, described: _Description, code: str, question: Question, come_back: str) -> _Tokens:
        sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": come_back}
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        methods = described.token_endpoint_auth_methods_supported
        if "client_secret_post" not in methods and "client_secret_basic" in methods:
            pair = f"{quote(self.settings.client_id, safe='')}:{quote(self._secret(), safe='')}"
            headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            sent |= {"client_id": self.settings.client_id, "client_secret": self._secret()}
        if self.settings.pkce:
            sent["code_verifier"] = question.verifier
        answer = self._ask("POST", described.token_endpoint, urlencode(sent).encode(), headers)
        if answer.status != 200:
            raise self._denied(answer)
        given = self._read(answer.body, _Tokens)
        if given.token_type.lower() != "bearer" or len(given.id_token) > MAX_ID_TOKEN or not given.access_token:
            raise self.failed(Trouble.BAD_ANSWER)
        return given

    def _userinfo(self, described: _Description, access_token: str, expected: Expected, subject: str) -> Claims:
        headers = {"authorization": f"Bearer {access_token}", "accept": "application/jwt, application/json"}
        answer = self._ask("GET", described.userinfo_endpoint, b"", headers)
        if answer.status != 200:
            raise self._denied(answer)
        signed = answer.content_type.partition(";")[0].strip().lower() == "application/jwt"
        claims = self._verified(self._text(answer.body)) if signed else self._object(answer.body)
        tokens.check_userinfo(claims, expected, subject, signed=signed)
        return claims

    def _verified(self, token: str) -> Claims:
        """By the keys at hand; when the token names another one, by those of now."""
        try:
            return tokens.verify(token, self._signing_keys(), self.name)
        except UnknownSigningKey:
            pass
        try:
            return tokens.verify(token, self._signing_keys(anew=True), self.name)
        except UnknownSigningKey:
            raise self.failed(Trouble.BAD_SIGNATURE) from None

    def _signing_keys(self, *, anew: bool = False) -> Sequence[Key]:
        kept = self._keys
        if anew or kept is None or self._now() - kept[1] >= KEPT:
            body = self._get(self._described().jwks_uri)
            try:
                kept = self._keys = (tokens.read_keys(body), self._now())
            except ValueError:
                raise self.failed(Trouble.BAD_ANSWER) from None
        return kept[0]

    def _described(self) -> _Description:
        kept = self._description
        if kept is None or self._now() - kept[1] >= KEPT:
            body = self._get(self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
            described = self._read(body, _Description)
            if described.issuer != self.settings.issuer:
                raise self.failed(Trouble.OTHER_ISSUER)
            for address in (
                described.authorization_endpoint,
                described.token_endpoint,
                described.jwks_uri,
                described.userinfo_endpoint,
                described.end_session_endpoint,
            ):
                if address and not _is_safe(address):
                    raise self.failed(Trouble.BAD_ANSWER)
            kept = self._description = (described, self._now())
        return kept[0]

    def _get(self, url: str) -> bytes:
        answer = self._ask("GET", url, b"", {"accept": "application/json"})
        if answer.status != 200:
            raise self.failed(Trouble.UNREACHABLE if answer.status >= 500 else Trouble.BAD_ANSWER)
        return answer.body

    def _ask(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        try:
            return self._transport.ask(method, url, body=body, headers=headers, max_bytes=MAX_BYTES, seconds=SECONDS)
        except (Unreachable, AddressRefused) as error:
            log.warning("sign_on.unreachable", error=type(error).__name__)
            raise self.failed(Trouble.UNREACHABLE) from None
        except (BadAnswer, httpx.InvalidURL):
            raise self.failed(Trouble.BAD_ANSWER) from None

    def _denied(self, answer: Answer) -> SignOnFailed:
        if answer.status >= 500:
            return self.failed(Trouble.UNREACHABLE)
        try:
            word = msgspec.json.decode(answer.body, type=_Denial).error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self.failed(Trouble.BAD_ANSWER)
        # Its word is a code of RFC 6749 for whoever keeps the server, and says nothing of the person.
        log.warning("sign_on.refused", status=answer.status, word=word if word in _WORDS else "")
        return self.failed(Trouble.REFUSED)

    def _read(self, body: bytes, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise self.failed(Trouble.BAD_ANSWER) from None

    def _object(self, body: bytes) -> Claims:
        try:
            return msgspec.json.decode(body, type=dict[str, object])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise self.failed(Trouble.BAD_ANSWER) from None

    def _text(self, body: bytes) -> str:
        try:
            return body.decode("ascii").strip()
        except UnicodeDecodeError:
            raise self.failed(Trouble.BAD_ANSWER) from None


_WORDS: Final = frozenset(
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
        "invalid_token",
        "insufficient_scope",
    }
)


def _with(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def _is_safe(address: str) -> bool:
    """HTTPS, or HTTP to this machine; and nothing that has no place in an address."""
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return False
    plain = address.isascii() and address.isprintable() and not set(address) & set(" \"'<>\\#")
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in THIS_MACHINE)
    return plain and secure and bool(parts.hostname) and "@" not in parts.netloc and len(address) <= 2000


def _email(claims: Claims) -> str:
    """The e-mail address, unless the provider says that it is not the person's."""
    given, vouched = claims.get("email"), claims.get("email_verified", True)
    return given if isinstance(given, str) and vouched in (True, "true") else ""
