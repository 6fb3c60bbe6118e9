"""Signed requests and answers between nodes: RFC 9421, profiled, with RFC 9530 digests.

The profile, for both directions: one signature labelled and tagged `maillon`, Ed25519, by the sender's key of purpose
`http`; parameters `created`, `expires` (at most 300 s later), `keyid`, `tag`, and for requests `nonce` (128 bits,
base64url). The covered components are exactly these, no fewer and no others:

- a request: `@method`, `@target-uri` (from the configured base URL, never from what a proxy passes on),
  `maillon-directory` (the version of the sender's directory), `idempotency-key` when there is one, and `content-type`
  and `content-digest` when there is a body;
- an answer: `@status`, `content-digest`, `content-type` when there is one, and `"signature";req;key="maillon"`: the
  signature of the request that it answers (RFC 9421 section 2.4). As that one carries a random nonce, an answer is
  fresh by construction, and its own times are not judged: a node whose clock is off can still read that it is.

`Content-Digest` is one SHA-256 (RFC 9530) of the raw bytes. Requests are believed within 300 s of `created`, either
way; whether a nonce was seen before is the caller's to ask (`uow.nonces`) when the request changes something.
Read next: client.py (who signs), serving/routes.py (who verifies).
"""

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
)
from http_message_signatures.algorithms import ED25519

from federation.errors import FederationError, NotAMember, Suspended
from federation.membership.directory import ACTIVE, find_member
from protocol.errors import BadSignature, ProtocolError, StaleMessage
from protocol.keys import NodeKeys, PublicKey, Purpose, find_key
from protocol.members import Member, Members

LABEL = TAG = "maillon"
WINDOW = timedelta(seconds=300)
DIRECTORY_VERSION = "maillon-directory"
IDEMPOTENCY_KEY = "idempotency-key"
CONTENT_DIGEST = "content-digest"
CONTENT_TYPE = "content-type"
SIGNATURE_HEADERS = ("signature", "signature-input")
MAX_SIGNATURE_HEADER = 4096
_LAST_SECOND = 253_402_300_000
"""Within the year 9999, where `datetime` ends."""

_REQUEST_SIGNATURE = f'"signature";req;key="{LABEL}"'
_NONCE = re.compile(r"[A-Za-z0-9_-]{22}")
_VERSION = re.compile(r"0|[1-9][0-9]{0,15}")
_REQUEST_PARAMETERS = {"created", "expires", "keyid", "nonce", "tag"}
_ANSWER_PARAMETERS = _REQUEST_PARAMETERS - {"nonce"}


@dataclass(frozen=True, slots=True)
class VerifiedRequest:
    """Who asks, proven: a member, the key used, and what the signature says of itself."""

    member: Member
    key_id: str
    nonce: str
    created: datetime
    expires: datetime
    directory_version: int


@dataclass(frozen=True, slots=True)
class _Request:
    """What the library needs of a request."""

    method: str
    url: str
    headers: httpx.Headers


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the library needs of an answer, and of the request that it answers."""

    status_code: int
    headers: httpx.Headers
    request: _Request


def new_nonce(random_bytes: Callable[[int], bytes]) -> str:
    """128 random bits as 22 characters of base64url."""
    return urlsafe_b64encode(random_bytes(16)).decode().rstrip("=")


def content_digest(body: bytes) -> str:
    """The value of `Content-Digest` for these bytes (RFC 9530 section 2)."""
    return f"sha-256=:{b64encode(sha256(body).digest()).decode()}:"


def sign_request(request: httpx.Request, keys: NodeKeys, now: datetime, nonce: str, directory_version: int) -> None:
    """Add the headers that sign this request, in place. A body needs its `Content-Type`: ValueError."""
    body = request.content
    request.headers[DIRECTORY_VERSION] = str(directory_version)
    if body:
        request.headers[CONTENT_DIGEST] = content_digest(body)
    covered = _request_components(request.headers, body)
    request.headers.update(_sign(request, covered, keys, now, nonce))


def check_current(verified: VerifiedRequest, now: datetime) -> None:
    """That a proven request is of now, and its sender active; StaleMessage (with the measured skew), Suspended."""
    if verified.member.status != ACTIVE:
        raise Suspended("the sender is suspended")
    ahead = int(verified.created.timestamp()) - int(now.timestamp())
    if abs(ahead) > WINDOW.seconds or verified.expires.timestamp() < int(now.timestamp()):
        raise StaleMessage("the request is outside its window of time", skew_seconds=ahead)


def identify_request(
    method: str, target_uri: str, headers: Mapping[str, str], body: bytes, members: Members, now: datetime
) -> VerifiedRequest:
    """Which member signed this request, whenever that was; `headers` as received, `body` raw, `target_uri` built from
    the configured base URL.

    Raises NotAMember, UnknownKey, StaleMessage for a key outside its window, and BadSignature for all else.
    """
    received = _bounded(headers)
    request = _Request(method, target_uri, received)
    resolver = _MemberKeys(members, now)
    parameters, covered = _verify(request, resolver)
    _require(covered == _request_components(received, body), "the signature does not cover what it must")
    _require(parameters.keys() - {"alg"} == _REQUEST_PARAMETERS, "not the parameters of a request")
    _require(bool(_NONCE.fullmatch(parameters["nonce"])), "the nonce is not 128 bits of base64url")
    _require(not body or received[CONTENT_DIGEST] == content_digest(body), "the digest is not that of the body")
    version = received[DIRECTORY_VERSION]
    _require(bool(_VERSION.fullmatch(version)), "the version of the directory is not a number")
    created = datetime.fromtimestamp(parameters["created"], UTC)
    expires = datetime.fromtimestamp(parameters["expires"], UTC)
    member = find_member(members, _node_of(parameters["keyid"]))
    return VerifiedRequest(member, parameters["keyid"], parameters["nonce"], created, expires, int(version))


def sign_response(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    request_headers: Mapping[str, str],
    keys: NodeKeys,
    now: datetime,
) -> dict[str, str]:
    """The headers to add to an answer, which bind it to its request.

    Only for what answers a request whose sender was proven: anything else could be passed off as the
    answer to another request, whose signature was copied. `headers` are the answer's own, `Content-Type` among them;
    `body` are its raw bytes. None are added when the request has no signature to bind to: it is answered unsigned.
    """
    answer = _Answer(status, _headers(headers), _Request("GET", "http://request", _headers(request_headers)))
    answer.headers[CONTENT_DIGEST] = content_digest(body)
    try:
        added = _sign(answer, _answer_components(answer.headers), keys, now, None)
    except HTTPMessageSignaturesException:
        return {}
    return {CONTENT_DIGEST: answer.headers[CONTENT_DIGEST], **added}


def verify_response(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    request_headers: Mapping[str, str],
    member: Member,
    now: datetime,
) -> None:
    """Prove that this member gave this answer to the request that was signed with `request_headers`.

    Raises BadSignature (also when there is no signature), UnknownKey, and StaleMessage for a key outside its window.
    """
    received = _bounded(headers)
    answer = _Answer(status, received, _Request("GET", "http://request", _headers(request_headers)))
    parameters, covered = _verify(answer, _MemberKeys(member, now))
    _require(covered == _answer_components(received), "the signature does not cover what it must")
    _require(parameters.keys() - {"alg"} == _ANSWER_PARAMETERS, "not the parameters of an answer")
    _require(received[CONTENT_DIGEST] == content_digest(body), "the digest is not that of the body")


def _request_components(headers: httpx.Headers, body: bytes) -> list[str]:
    """What the signature of a request covers, exactly and in this order."""
    covered = ['"@method"', '"@target-uri"', f'"{DIRECTORY_VERSION}"']
    if IDEMPOTENCY_KEY in headers:
        covered.append(f'"{IDEMPOTENCY_KEY}"')
    if body:
        covered += [f'"{CONTENT_TYPE}"', f'"{CONTENT_DIGEST}"']
    return covered


def _answer_components(headers: httpx.Headers) -> list[str]:
    covered = ['"@status"', f'"{CONTENT_DIGEST}"', _REQUEST_SIGNATURE]
    return [*covered, f'"{CONTENT_TYPE}"'] if CONTENT_TYPE in headers else covered


def _sign(
    message: httpx.Request | _Answer, covered: list[str], keys: NodeKeys, now: datetime, nonce: str | None
) -> dict[str, str]:
    signer = HTTPMessageSigner(signature_algorithm=ED25519)
    prepared = signer.prepare(
        message,
        key_id=keys.key_id(Purpose.HTTP),
        created=now,
        expires=now + WINDOW,
        nonce=nonce,
        label=LABEL,
        tag=TAG,
        include_alg=False,
        covered_component_ids=covered,
        use_existing_digest=CONTENT_DIGEST in message.headers,
    )
    signature = b64encode(keys.sign(Purpose.HTTP, prepared.signature_base)).decode()
    return {"signature-input": f"{LABEL}={prepared.signature_params}", "signature": f"{LABEL}=:{signature}:"}


def _verify(message: _Request | _Answer, resolver: "_MemberKeys") -> tuple[dict[str, Any], list[str]]:
    """The signature's parameters and the components that it covers, in order."""
    verifier = _Verifier(resolver)
    try:
        results = verifier.verify(message, max_age=None, expect_tag=TAG, expect_label=LABEL)
    except HTTPMessageSignaturesException as error:
        if isinstance(error.__cause__, FederationError | ProtocolError):
            raise error.__cause__ from None
        raise BadSignature("the signature is missing or wrong") from None
    parameters: dict[str, Any] = dict(results[0].parameters)
    covered = [name for name in results[0].covered_components if name != '"@signature-params"']
    return parameters, covered


class _Verifier(HTTPMessageVerifier):
    """The library's verifier without its window, which is a day and refuses clocks that are 5 s ahead: ours is judged
    once it is known who asks (`check_current`)."""

    def __init__(self, resolver: "_MemberKeys") -> None:
        super().__init__(signature_algorithm=ED25519, key_resolver=resolver)

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        created, expires = sig_input.params.get("created"), sig_input.params.get("expires")
        _require(type(created) is int and type(expires) is int, "created and expires are needed")
        _require(0 < expires - created <= WINDOW.seconds, "it expires too late, or before it begins")
        _require(0 <= created <= _LAST_SECOND, "created is no moment")


class _MemberKeys(HTTPSignatureKeyResolver):
    """The `http` keys of one member, or of all."""

    def __init__(self, members: Members | Member, now: datetime) -> None:
        self.members = members
        self.now = now

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        node_id = _node_of(key_id)
        if isinstance(self.members, Members):
            member = find_member(self.members, node_id)
        else:
            member = self.members
            if member.id != node_id:
                raise NotAMember("the answer is signed by another node")
        return _loaded(find_key(member.keys, Purpose.HTTP, self.now, key_id))


@lru_cache(maxsize=4096)
def _loaded(key: PublicKey) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(key.raw())


def _node_of(key_id: str) -> str:
    return key_id.partition("#")[0]


def _bounded(headers: Mapping[str, str]) -> httpx.Headers:
    """The headers, once those that the library parses are known to be short."""
    received = _headers(headers)
    _require(
        all(len(received.get(name, "")) <= MAX_SIGNATURE_HEADER for name in SIGNATURE_HEADERS),
        "the signature's headers are too long",
    )
    return received


def _headers(headers: Mapping[str, str]) -> httpx.Headers:
    """Names without case, repeated lines joined, and any characters that a server let through."""
    return httpx.Headers(list(headers.items()), encoding="utf-8")


def _require(condition: bool, text: str) -> None:
    if not condition:
        raise BadSignature(text)
