"""Montluçon asks, Drancy verifies and answers, Montluçon verifies; everything in between tries to be somebody else."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest
from http_message_signatures import HTTPMessageSignaturesException
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import NotAMember, Suspended
from federation.transport.signatures import (
    VerifiedRequest,
    content_digest,
    new_nonce,
    sign_request,
    sign_response,
    verify_response,
)
from protocol.errors import BadSignature, StaleMessage, UnknownKey
from protocol.keys import NodeKeys, Purpose
from protocol.wire_json import timestamp
from tests.federation.conftest import BAYONNE, DRANCY, MONTLUCON, NOW, Network, member_of, members_of, seeded
from tests.federation.transport.asking import verify_request

PAGE = f"https://{DRANCY}/federation/v1/page?epoch=1&first=0&count=4096"
HINT = f"https://{DRANCY}/federation/v1/hint"
BODY = b'{"size":7}'


@dataclass
class Sent:
    """A signed request on its way, for somebody to change."""

    method: str
    url: str
    headers: httpx.Headers
    body: bytes

    def verify(self, network: Network, now: datetime = NOW) -> VerifiedRequest:
        return verify_request(self.method, self.url, self.headers, self.body, network.members, now)


def send(
    keys: NodeKeys,
    url: str = PAGE,
    body: bytes = b"",
    now: datetime = NOW,
    headers: dict[str, str] | None = None,
    directory_version: int = 1,
) -> Sent:
    request = httpx.Request("POST" if body else "GET", url, content=body, headers=headers)
    if body:
        request.headers["content-type"] = "application/json"
    sign_request(request, keys, now, new_nonce(seeded(5)), directory_version)
    return Sent(request.method, str(request.url), request.headers, body)


@pytest.fixture
def montlucon(network: Network) -> NodeKeys:
    return network.keys[MONTLUCON]


def test_a_read_tells_who_asks(network: Network, montlucon: NodeKeys) -> None:
    verified = send(montlucon, directory_version=41).verify(network)
    assert verified.member.id == MONTLUCON
    assert verified.key_id == montlucon.key_id(Purpose.HTTP)
    assert verified.created == NOW
    assert verified.directory_version == 41
    assert len(verified.nonce) == 22


def test_a_body_is_covered_with_its_type_and_its_digest(network: Network, montlucon: NodeKeys) -> None:
    sent = send(montlucon, HINT, BODY, headers={"idempotency-key": "hint-7"})
    assert sent.verify(network).member.id == MONTLUCON
    covered = sent.headers["signature-input"].partition(")")[0]
    assert covered == (
        'maillon=("@method" "@target-uri" "maillon-directory" "idempotency-key" "content-type" "content-digest"'
    )
    # RFC 9530 appendix D: the digest of this very body.
    assert content_digest(b'{"hello": "world"}\n') == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"


def test_headers_may_come_in_any_case_and_from_a_plain_mapping(network: Network, montlucon: NodeKeys) -> None:
    sent = send(montlucon, HINT, BODY)
    headers = {name.title(): value for name, value in sent.headers.items()}
    assert verify_request("POST", HINT, headers, BODY, network.members, NOW).member.id == MONTLUCON


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("method", {"method": "DELETE"}),
        ("target", {"url": PAGE.replace("first=0", "first=1")}),
        ("host", {"url": PAGE.replace(DRANCY, BAYONNE)}),
        ("a body where there was none", {"body": b"{}"}),
    ],
)
def test_a_changed_request_is_refused(
    network: Network, montlucon: NodeKeys, what: str, change: dict[str, str | bytes]
) -> None:
    sent = send(montlucon)
    for name, value in change.items():
        setattr(sent, name, value)
    with pytest.raises(BadSignature):
        sent.verify(network)


@pytest.mark.parametrize(
    "headers",
    [
        {"maillon-directory": "2"},
        {"content-type": "text/plain"},
        {"content-digest": content_digest(b"another body")},
        {"idempotency-key": "hint-8"},
        {"idempotency-key": ""},
        {"signature": "maillon=:AAAA:"},
        {"signature": "maillon=1"},
        {"signature": "somebody=:AAAA:"},
        {"signature": "not a dictionary ("},
        {"signature-input": 'maillon=("@method");created=1'},
        {"signature-input": "x" * 5000},
    ],
)
def test_a_changed_header_is_refused(network: Network, montlucon: NodeKeys, headers: dict[str, str]) -> None:
    sent = send(montlucon, HINT, BODY, headers={"idempotency-key": "hint-7"})
    sent.headers.update(headers)
    with pytest.raises(BadSignature):
        sent.verify(network)


@pytest.mark.parametrize(
    "name", ["signature", "signature-input", "content-digest", "maillon-directory", "content-type"]
)
def test_a_missing_header_is_refused(network: Network, montlucon: NodeKeys, name: str) -> None:
    sent = send(montlucon, HINT, BODY)
    del sent.headers[name]
    with pytest.raises(BadSignature):
        sent.verify(network)


def test_another_body_is_refused_even_of_the_same_length(network: Network, montlucon: NodeKeys) -> None:
    sent = send(montlucon, HINT, BODY)
    sent.body = b'{"size":8}'
    with pytest.raises(BadSignature):
        sent.verify(network)


def test_an_idempotency_key_that_was_not_signed_is_refused(network: Network, montlucon: NodeKeys) -> None:
    sent = send(montlucon, HINT, BODY)
    sent.headers["idempotency-key"] = "slipped in"
    with pytest.raises(BadSignature):
        sent.verify(network)


def by_hand(keys: NodeKeys, covered: dict[str, str], times: str) -> Sent:
    """A genuine signature of a read with just these components and times, which `sign_request` would never make."""
    names = " ".join(f'"{name}"' for name in covered)
    parameters = f'({names});{times};keyid="{keys.key_id(Purpose.HTTP)}";nonce="{new_nonce(seeded(1))}";tag="maillon"'
    base = "".join(f'"{name}": {value}\n' for name, value in covered.items()) + f'"@signature-params": {parameters}'
    signature = b64encode(keys.sign(Purpose.HTTP, base.encode())).decode()
    headers = {
        "maillon-directory": "1",
        "signature-input": f"maillon={parameters}",
        "signature": f"maillon=:{signature}:",
    }
    return Sent("GET", PAGE, httpx.Headers(headers), b"")


COVERED = {"@method": "GET", "@target-uri": PAGE, "maillon-directory": "1"}
SECOND = int(NOW.timestamp())


def test_a_signature_over_less_is_refused_though_it_is_genuine(network: Network, montlucon: NodeKeys) -> None:
    """Montluçon itself signs the method alone: the signature is right, and says nothing of the target."""
    sent = by_hand(montlucon, {"@method": "GET"}, f"created={SECOND};expires={SECOND + 300}")
    with pytest.raises(BadSignature, match="does not cover what it must"):
        sent.verify(network)


def test_a_request_is_believed_no_longer_than_it_says(network: Network, montlucon: NodeKeys) -> None:
    """Its sender may give it less than the five minutes that it may have."""
    sent = by_hand(montlucon, COVERED, f"created={SECOND};expires={SECOND + 30}")
    assert sent.verify(network, NOW + timedelta(seconds=30)).expires == NOW + timedelta(seconds=30)
    with pytest.raises(StaleMessage) as refused:
        sent.verify(network, NOW + timedelta(seconds=31))
    assert refused.value.skew_seconds == -31
    assert by_hand(montlucon, COVERED, f"created={SECOND};expires={SECOND + 1}").verify(network).member.id == MONTLUCON


@pytest.mark.parametrize(
    "times",
    [
        f"created={SECOND};expires={SECOND + 301}",
        f"created={SECOND};expires={SECOND}",
        f"created={SECOND};expires={SECOND - 1}",
        f"created={SECOND}",
        f"expires={SECOND + 300}",
        f'created="{SECOND}";expires={SECOND + 300}',
        f"created={SECOND}.5;expires={SECOND + 300}",
        f"created={SECOND};expires={SECOND + 300}.0",
        "created=-1;expires=200",
        "created=253402300001;expires=253402300100",
    ],
)
def test_times_outside_the_profile_are_refused_though_they_are_signed(
    network: Network, montlucon: NodeKeys, times: str
) -> None:
    """More than five minutes, an end that is not after the beginning, one of the two missing, or no whole seconds."""
    with pytest.raises(BadSignature):
        by_hand(montlucon, COVERED, times).verify(network)


@pytest.mark.parametrize("version", ["", "x", "01", "-1", "+1", "1.0", "1 2", "٣", "1" * 17])
def test_a_version_that_is_no_plain_number_is_refused_though_it_is_signed(
    network: Network, montlucon: NodeKeys, version: str
) -> None:
    sent = by_hand(montlucon, COVERED | {"maillon-directory": version}, f"created={SECOND};expires={SECOND + 300}")
    sent.headers["maillon-directory"] = version
    with pytest.raises(BadSignature):
        sent.verify(network)


@pytest.mark.parametrize("seconds", [-300, -299, 0, 299, 300])
def test_a_clock_within_five_minutes_is_good_enough(network: Network, montlucon: NodeKeys, seconds: int) -> None:
    sent = send(montlucon, now=NOW + timedelta(seconds=seconds))
    assert sent.verify(network).created == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("seconds", [-86_400, -301, 301, 86_400])
def test_a_clock_that_is_off_is_told_by_how_much(network: Network, montlucon: NodeKeys, seconds: int) -> None:
    with pytest.raises(StaleMessage) as refused:
        send(montlucon, now=NOW + timedelta(seconds=seconds)).verify(network)
    assert refused.value.skew_seconds == seconds


def test_lormont_never_joined(network: Network) -> None:
    stranger = NodeKeys.generate("lormont.emploi.example", seeded(77))
    with pytest.raises(NotAMember):
        send(stranger).verify(network)


def test_bayonne_is_suspended_and_comes_back(network: Network) -> None:
    sent = send(network.keys[BAYONNE])
    before = network.members
    network.members = network.with_member(msgspec.structs.replace(network.member(BAYONNE), status="suspended"))
    with pytest.raises(Suspended):
        sent.verify(network)
    network.members = before
    assert sent.verify(network).member.id == BAYONNE


def test_a_key_that_the_directory_does_not_name_is_refused(network: Network) -> None:
    """A thief has made other keys under Montluçon's name."""
    with pytest.raises(UnknownKey):
        send(NodeKeys.generate(MONTLUCON, seeded(78))).verify(network)


def test_a_key_signs_only_inside_its_window(network: Network, montlucon: NodeKeys) -> None:
    ended = [msgspec.structs.replace(key, not_after=timestamp(NOW)) for key in member_of(montlucon).keys]
    network.members = network.with_member(msgspec.structs.replace(network.member(MONTLUCON), keys=ended))
    sent = send(montlucon, now=NOW - timedelta(seconds=5))
    with pytest.raises(StaleMessage) as refused:
        sent.verify(network)
    assert refused.value.skew_seconds is None
    assert sent.verify(network, NOW - timedelta(seconds=1)).member.id == MONTLUCON


def test_another_purpose_of_the_same_node_does_not_sign_requests(network: Network, montlucon: NodeKeys) -> None:
    sent = send(montlucon)
    wrong = montlucon.key_id(Purpose.JOURNAL)
    sent.headers["signature-input"] = sent.headers["signature-input"].replace(montlucon.key_id(Purpose.HTTP), wrong)
    with pytest.raises(UnknownKey):
        sent.verify(network)


def test_a_body_without_a_type_is_not_signed(montlucon: NodeKeys) -> None:
    request = httpx.Request("POST", HINT, content=BODY)
    with pytest.raises(HTTPMessageSignaturesException, match="content-type"):
        sign_request(request, montlucon, NOW, new_nonce(seeded(5)), 1)


@dataclass
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes
    to: httpx.Headers


def answer(
    network: Network, sent: Sent, by: str = DRANCY, status: int = 200, now: datetime = NOW, body: bytes = b"a page"
) -> Answered:
    headers = {"content-type": "application/vnd.maillon.page"}
    return Answered(
        status,
        headers | sign_response(status, headers, body, sent.headers, network.keys[by], now),
        body,
        sent.headers,
    )


def check(network: Network, answered: Answered, by: str = DRANCY, now: datetime = NOW) -> None:
    verify_response(answered.status, answered.headers, answered.body, answered.to, network.member(by), now)


def test_an_answer_is_bound_to_its_request(network: Network, montlucon: NodeKeys) -> None:
    first, second = send(montlucon), send(montlucon, PAGE.replace("first=0", "first=4096"))
    answered = answer(network, first)
    check(network, answered)
    answered.to = second.headers
    with pytest.raises(BadSignature):
        check(network, answered)


def test_an_answer_of_a_node_whose_clock_is_off_can_still_be_read(network: Network, montlucon: NodeKeys) -> None:
    """It is fresh by the request's nonce, and what it says may well be that our clock is off."""
    check(network, answer(network, send(montlucon), status=401, now=NOW + timedelta(hours=3)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", 404),
        ("body", b"another page"),
        ("headers", {}),
    ],
)
def test_a_changed_answer_is_refused(network: Network, montlucon: NodeKeys, name: str, value: object) -> None:
    answered = answer(network, send(montlucon))
    setattr(answered, name, value)
    with pytest.raises(BadSignature):
        check(network, answered)


@pytest.mark.parametrize("changed", [{"content-type": "text/html"}, {"content-digest": content_digest(b"")}])
def test_a_changed_header_of_an_answer_is_refused(
    network: Network, montlucon: NodeKeys, changed: dict[str, str]
) -> None:
    answered = answer(network, send(montlucon))
    answered.headers |= changed
    with pytest.raises(BadSignature):
        check(network, answered)


def test_an_answer_stripped_of_its_type_is_refused(network: Network, montlucon: NodeKeys) -> None:
    answered = answer(network, send(montlucon))
    del answered.headers["content-type"]
    with pytest.raises(BadSignature):
        check(network, answered)


def test_bayonne_cannot_answer_for_drancy(network: Network, montlucon: NodeKeys) -> None:
    with pytest.raises(NotAMember):
        check(network, answer(network, send(montlucon), by=BAYONNE))


def test_what_was_not_signed_is_answered_unsigned(network: Network) -> None:
    assert sign_response(400, {}, b"", {}, network.keys[DRANCY], NOW) == {}
    assert sign_response(400, {}, b"", {"signature": "((("}, network.keys[DRANCY], NOW) == {}


def test_an_empty_answer_is_signed_too(network: Network, montlucon: NodeKeys) -> None:
    sent = send(montlucon, HINT, BODY)
    headers = sign_response(204, {}, b"", sent.headers, network.keys[DRANCY], NOW)
    verify_response(204, headers, b"", sent.headers, network.member(DRANCY), NOW)


_KEYS = NodeKeys.generate(MONTLUCON, seeded(1))
_MEMBERS = members_of([member_of(_KEYS)])
_SENT = send(_KEYS, HINT, BODY)


@given(name=st.sampled_from(["signature", "signature-input", "content-digest"]), data=st.data())
def test_no_garbled_signature_passes_or_breaks_anything(name: str, data: st.DataObject) -> None:
    """Cut, doubled, or replaced at any place: refused with one of the known kinds, never a crash."""
    genuine = _SENT.headers[name]
    at = data.draw(st.integers(0, len(genuine) - 1))
    garbled = genuine[:at] + data.draw(st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=4))
    garbled += genuine[at + data.draw(st.integers(0, 3)) :]
    headers = dict(_SENT.headers) | {name: garbled}
    if garbled.strip() == genuine:
        return
    try:
        verified = verify_request("POST", HINT, headers, BODY, _MEMBERS, NOW)
    except (BadSignature, StaleMessage, UnknownKey, NotAMember):
        return
    # A structured field has more than one spelling (spaces); what it says must then be the same.
    assert verified.created == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert verified.member.id == MONTLUCON
