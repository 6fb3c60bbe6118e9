"""Signed requests and an answer of the story, with the signature base of each built here a second time, from RFC 9421
section 2.5 alone: what the library signs is what the specification says."""

from dataclasses import dataclass
from typing import Any

import httpx

from federation.peers.hints import HINT_PATH, HINT_TYPE, Hint
from federation.peers.visit import PAGE_PATH
from federation.transport.signatures import sign_request, sign_response
from protocol.wire_json import encode
from tests.vectors import story

PAGE = b"(the bytes of a page)"
_NONCES = ("AAECAwQFBgcICQoLDA0ODw", "EBESExQVFhcYGRobHB0eHw")
_SIGNED = ("maillon-directory", "content-type", "content-digest", "signature-input", "signature")


@dataclass(frozen=True)
class Signed:
    """One signed HTTP message: its start line, the headers that matter, its body, who signed, and the base."""

    start: str
    headers: dict[str, str]
    body: bytes
    signer: str
    base: str

    def as_json(self) -> dict[str, Any]:
        """For a vector."""
        return {
            "start": self.start,
            "headers": self.headers,
            "body_hex": self.body.hex(),
            "signer": self.signer,
            "signature_base": self.base,
        }

    def as_http(self) -> str:
        """For a reader."""
        return "\n".join([self.start, *(f"{name}: {value}" for name, value in self.headers.items())])


def _base(headers: dict[str, str], derived: dict[str, str]) -> str:
    """The signature base: one line a component, in the order that the parameters list them, then the parameters."""
    parameters = headers["signature-input"].removeprefix("maillon=")
    listed = parameters[1 : parameters.index(")")].split(" ")
    lines = [f"{name}: {derived.get(name) or headers[name.strip(chr(34))]}" for name in listed]
    return "\n".join([*lines, f'"@signature-params": {parameters}'])


def _request(method: str, path: str, body: bytes, nonce: str) -> Signed:
    base_url = story.MEMBERS.members[1].base_url
    request = httpx.Request(method, base_url + path, content=body)
    if body:
        request.headers["content-type"] = HINT_TYPE
    sign_request(request, story.KEYS[story.EMPLOYER], story.NOW, nonce, story.MEMBERS.version)
    headers = {name: request.headers[name] for name in _SIGNED if name in request.headers}
    derived = {'"@method"': method, '"@target-uri"': base_url + path}
    return Signed(f"{method} {path} HTTP/1.1", headers, body, story.EMPLOYER, _base(headers, derived))


def _answer(request: Signed) -> Signed:
    own = {"content-type": "application/vnd.maillon.page"}
    added = sign_response(200, own, PAGE, request.headers, story.KEYS[story.HOME], story.NOW)
    headers = {name: (own | added)[name] for name in _SIGNED if name in own | added}
    signature = request.headers["signature"].removeprefix("maillon=")
    derived = {'"@status"': "200", '"signature";req;key="maillon"': signature}
    return Signed("HTTP/1.1 200 OK", headers, PAGE, story.HOME, _base(headers, derived))


REQUEST = _request("GET", f"{PAGE_PATH}?epoch=1&first=0&count=4096", b"", _NONCES[0])
REQUEST_WITH_BODY = _request("POST", HINT_PATH, encode(Hint(epoch=1, size=2)), _NONCES[1])
ANSWER = _answer(REQUEST)
