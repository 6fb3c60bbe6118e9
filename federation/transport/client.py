"""The only outgoing HTTP of a node.

Guarantees, whatever the other side does: no address that the policy forbids (address_policy.py), no redirection, no
proxy or credentials from the environment, no cookies, no decompression; a connection, a silence and a whole exchange
each have their limit of time, and an answer its limit of bytes, enforced while it arrives. `call` signs, and returns
nothing that the member it called did not sign for this very request (signatures.py). An unsigned refusal is taken as no
more than one: its word says why a stranger was sent away.

Failures: Unreachable (no answer, or a gateway's), BadAnswer (not an answer of the protocol), Refused (the peer's own
no), AddressRefused, and from the signature BadSignature, UnknownKey or StaleMessage.
httpx and the library of signatures are imported when something is first asked: most commands ask nothing.
Read next: peers/visit.py.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Self

import msgspec

from federation.errors import PROBLEM_TYPE, BadAnswer, PeerRefused, Unreachable
from federation.ports import Clock, Keyring
from federation.transport.address_policy import AddressPolicy, deadline, remaining
from protocol.members import Member

if TYPE_CHECKING:
    import ssl

    import httpx

MAX_ANSWER_BYTES = 16 * 1024 * 1024
PROBLEM_JSON = "application/problem+json"

_MAX_PROBLEM_BYTES = 64 * 1024
_MAX_DETAIL = 300
_GATEWAY_TROUBLE = frozenset({429, 502, 503, 504})
_NOT_KNOWN = frozenset({401, 403})
_PATH = re.compile(r"/[^/\s#].*|/")
_WORD = re.compile(r"[a-z][a-z_]{0,39}")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, between two reads, and for a whole exchange."""

    connect: float = 5.0
    read: float = 10.0
    total: float = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; a good one (status 2xx) but from `ask`. `content_type` and `date` are as sent, empty without one."""

    status: int
    content_type: str
    body: bytes
    date: str = ""


class _Problem(msgspec.Struct):
    """What is read of an RFC 9457 answer; further members are ignored, as it says."""

    type: str = ""
    detail: str = ""
    skew_seconds: int | None = None


class Transport:
    """Outgoing HTTP for one node; safe to share between threads. `http` replaces the network, in tests and in the
    simulator; the address policy is the network's and does not apply to a replacement."""

    def __init__(
        self,
        keyring: Keyring,
        clock: Clock,
        random_bytes: Callable[[int], bytes],
        policy: AddressPolicy,
        http: "httpx.BaseTransport | None" = None,
        timeouts: Timeouts = Timeouts(),
        ssl_context: "ssl.SSLContext | None" = None,
    ) -> None:
        self._keyring = keyring
        self._clock = clock
        self._random_bytes = random_bytes
        self._timeouts = timeouts
        self._policy = policy
        self._http = http
        self._ssl_context = ssl_context
        self._made: httpx.Client | None = None
        self._making = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all connections."""
        if self._made is not None:
            self._made.close()

    def get_public(self, url: str, max_bytes: int = MAX_ANSWER_BYTES) -> bytes:
        """What anyone may read: checkpoints, tiles, the directory's files. The caller verifies the bytes."""
        return self._public(self._client.build_request("GET", url), max_bytes).body

    def post_public(self, url: str, body: bytes, content_type: str, max_bytes: int = MAX_ANSWER_BYTES) -> Answer:
        """Unsigned by HTTP: what proves itself (a join request), or needs no proof."""
        request = self._client.build_request("POST", url, content=body, headers={"content-type": content_type})
        return self._public(request, max_bytes)

    def ask(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_ANSWER_BYTES,
        seconds: float | None = None,
    ) -> Answer:
        """Ask a service that is no member of the network, unsigned both ways; its answer, whatever its status. The
        caller judges it."""
        request = self._client.build_request(method, url, content=body, headers=dict(headers or {}))
        response, received = self._exchange(request, max_bytes, seconds)
        return _answer(response, received)

    def call(
        self,
        member: Member,
        method: str,
        path_and_query: str,
        body: bytes = b"",
        content_type: str = "",
        *,
        max_bytes: int = MAX_ANSWER_BYTES,
        directory_version: int = 0,
        idempotency_key: str = "",
        seconds: float | None = None,
    ) -> Answer:
        """Ask this member, signed; its answer, proven. `path_and_query` begins with one slash; `seconds` are for the
        whole exchange, when it may not take as long as others."""
        from federation.transport.signatures import IDEMPOTENCY_KEY, new_nonce, sign_request, verify_response

        if not _PATH.fullmatch(path_and_query):
            raise ValueError("a path begins with one slash")
        request = self._client.build_request(method, member.base_url + path_and_query, content=body)
        if body:
            request.headers["content-type"] = content_type
        if idempotency_key:
            request.headers[IDEMPOTENCY_KEY] = idempotency_key
        sign_request(
            request, self._keyring.current, self._clock.now(), new_nonce(self._random_bytes), directory_version
        )
        response, received = self._exchange(request, max_bytes, seconds)
        if "signature" not in response.headers:
            if response.status_code in _NOT_KNOWN and _is_problem(response):
                # It does not know us, and signs nothing for strangers: its word is all that is taken from it.
                raise PeerRefused(response.status_code, _refusal(response, received).word)
            raise _not_an_answer(response, "the answer is not signed")
        verify_response(response.status_code, response.headers, received, request.headers, member, self._clock.now())
        if response.is_success:
            return _answer(response, received)
        raise _refusal(response, received)

    @property
    def _client(self) -> "httpx.Client":
        with self._making:
            if self._made is None:
                from http.cookiejar import CookieJar, DefaultCookiePolicy

                import httpx

                from federation.transport.policed_http import PolicedTransport

                self._made = httpx.Client(
                    transport=self._http or PolicedTransport(self._policy, self._ssl_context),
                    timeout=httpx.Timeout(self._timeouts.read, connect=self._timeouts.connect),
                    headers={"accept-encoding": "identity", "user-agent": "maillon"},
                    cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                    follow_redirects=False,
                    trust_env=False,
                )
            return self._made

    def _public(self, request: "httpx.Request", max_bytes: int) -> Answer:
        response, received = self._exchange(request, max_bytes)
        if response.is_success:
            return _answer(response, received)
        if _is_problem(response):
            raise _refusal(response, received)
        raise _not_an_answer(response, "no success, and no reason given")

    def _exchange(
        self, request: "httpx.Request", max_bytes: int, seconds: float | None = None
    ) -> "tuple[httpx.Response, bytes]":
        """Status and headers, and the body as it was sent."""
        import httpx

        try:
            with deadline(self._timeouts.total if seconds is None else seconds):
                response = self._client.send(request, stream=True)
                try:
                    return response, _read(response, max_bytes)
                finally:
                    response.close()
        except httpx.TimeoutException:
            raise Unreachable("no answer in time") from None
        except httpx.TransportError as error:
            raise Unreachable(f"no answer: {type(error).__name__}") from None


def _read(response: "httpx.Response", max_bytes: int) -> bytes:
    import httpx

    status = response.status_code
    if response.status_code < 200 or 300 <= response.status_code < 400:
        raise BadAnswer("redirections are not followed", status=status)
    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise BadAnswer("the answer is compressed, which was not asked for", status=status)
    limit = max_bytes if response.is_success else max(max_bytes, _MAX_PROBLEM_BYTES)
    received = bytearray()
    assert isinstance(response.stream, httpx.SyncByteStream)
    for chunk in response.stream:
        received += chunk
        if len(received) > limit:
            raise BadAnswer(f"the answer has more than {limit} bytes", status=status)
        if remaining() <= 0:
            raise httpx.ReadTimeout("the deadline is over")
    return bytes(received)


def _answer(response: "httpx.Response", received: bytes) -> Answer:
    headers = response.headers
    return Answer(response.status_code, headers.get("content-type", ""), received, headers.get("date", ""))


def _is_problem(response: "httpx.Response") -> bool:
    content_type: str = response.headers.get("content-type", "")
    return content_type.partition(";")[0].strip().lower() == PROBLEM_JSON


def _not_an_answer(response: "httpx.Response", text: str) -> Unreachable | BadAnswer:
    """What an answer means that is not the peer's: a gateway in front of it, or something else altogether."""
    if response.status_code in _GATEWAY_TROUBLE:
        return Unreachable("only a gateway answered", status=response.status_code)
    return BadAnswer(text, status=response.status_code)


def _refusal(response: "httpx.Response", received: bytes) -> PeerRefused:
    problem = _Problem()
    if _is_problem(response):
        try:
            problem = msgspec.json.decode(received, type=_Problem)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            problem = _Problem()
    word = problem.type.removeprefix(PROBLEM_TYPE)
    detail = "".join(character for character in problem.detail[:_MAX_DETAIL] if character.isprintable())
    return PeerRefused(
        response.status_code, word if _WORD.fullmatch(word) else "", detail, skew_seconds=problem.skew_seconds
    )
