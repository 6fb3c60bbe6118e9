"""Drancy calls Bayonne over a network where anything may answer, or nothing."""

import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
import respx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from federation.errors import AddressRefused, BadAnswer, NotAMember, PeerRefused, Unreachable
from federation.transport.address_policy import AddressPolicy
from federation.transport.client import PROBLEM_JSON, Timeouts, Transport
from federation.transport.signatures import sign_response
from protocol.errors import BadSignature, UnknownKey
from protocol.keys import NodeKeys
from tests.federation.conftest import BAYONNE, DRANCY, MONTLUCON, NOW, FixedClock, Network, seeded
from tests.federation.transport.asking import verify_request

PAGE_PATH = "/federation/v1/page?epoch=1&first=0&count=4096"
CHECKPOINT = f"https://{BAYONNE}/journal/1/checkpoint"
PUBLIC = "185.24.184.1"


def bayonne_answers(
    network: Network,
    status: int = 200,
    body: bytes = b"a page",
    content_type: str = "application/vnd.maillon.page",
    by: str = BAYONNE,
) -> Callable[[httpx.Request], httpx.Response]:
    """A peer that verifies what it is asked, and signs what it answers."""

    def handle(request: httpx.Request) -> httpx.Response:
        content = request.read()
        verified = verify_request(request.method, str(request.url), request.headers, content, network.members, NOW)
        assert verified.member.id == DRANCY
        headers = {"content-type": content_type}
        headers |= sign_response(status, headers, body, request.headers, network.keys[by], NOW)
        return httpx.Response(status, headers=headers, content=body)

    return handle


def test_a_signed_question_gets_a_signed_answer(
    network: Network, drancy_transport: Transport, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.get(f"https://{BAYONNE}{PAGE_PATH}").mock(side_effect=bayonne_answers(network))
    answer = drancy_transport.call(network.member(BAYONNE), "GET", PAGE_PATH, directory_version=1)
    assert (answer.status, answer.content_type, answer.body) == (200, "application/vnd.maillon.page", b"a page")
    assert route.calls.last.request.headers["accept-encoding"] == "identity"


def test_a_service_outside_is_asked_unsigned_and_judged_by_the_caller(
    drancy_transport: Transport, respx_mock: respx.MockRouter
) -> None:
    url = "https://proconnect.example/token"
    route = respx_mock.post(url).respond(400, json={"error": "invalid_grant"})
    answer = drancy_transport.ask("POST", url, body=b"code=x", headers={"authorization": "Basic x"}, max_bytes=100)
    assert (answer.status, answer.content_type) == (400, "application/json")
    assert answer.body == b'{"error":"invalid_grant"}'
    sent = route.calls.last.request
    assert (sent.content, sent.headers["authorization"]) == (b"code=x", "Basic x")
    assert "signature" not in sent.headers


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=b"x" * 101),
        httpx.Response(302, headers={"location": "https://x.example"}),
        httpx.Response(200, headers={"content-encoding": "gzip"}, content=b""),
    ],
)
def test_neither_too_much_nor_elsewhere_nor_compressed(
    drancy_transport: Transport, respx_mock: respx.MockRouter, answer: httpx.Response
) -> None:
    respx_mock.get("https://proconnect.example/keys").mock(return_value=answer)
    with pytest.raises(BadAnswer):
        drancy_transport.ask("GET", "https://proconnect.example/keys", max_bytes=100)


def test_a_signed_body_with_its_idempotency_key(
    network: Network, drancy_transport: Transport, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.post(f"https://{BAYONNE}/federation/v1/hint").mock(
        side_effect=bayonne_answers(network, 204, b"", "text/plain")
    )
    answer = drancy_transport.call(
        network.member(BAYONNE), "POST", "/federation/v1/hint", b"{}", "application/json", idempotency_key="hint-1"
    )
    assert answer.status == 204
    assert route.calls.last.request.headers["idempotency-key"] == "hint-1"


def test_a_signed_no_is_the_peers_own(
    network: Network, drancy_transport: Transport, respx_mock: respx.MockRouter
) -> None:
    problem = (
        b'{"type":"urn:maillon:problem:stale","title":"stale","detail":"your clock\\u0000 is off","skew_seconds":812}'
    )
    respx_mock.get(f"https://{BAYONNE}{PAGE_PATH}").mock(
        side_effect=bayonne_answers(network, 401, problem, PROBLEM_JSON)
    )
    with pytest.raises(PeerRefused) as refused:
        drancy_transport.call(network.member(BAYONNE), "GET", PAGE_PATH)
    assert (refused.value.status, refused.value.word, refused.value.skew_seconds) == (401, "stale", 812)
    assert refused.value.detail == "your clock is off"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"type":1}', b"[" * 5000, b'{"type":"urn:maillon:problem:<b>"}'])
def test_a_signed_no_without_a_readable_reason(
    network: Network, drancy_transport: Transport, respx_mock: respx.MockRouter, body: bytes
) -> None:
    respx_mock.get(f"https://{BAYONNE}{PAGE_PATH}").mock(side_effect=bayonne_answers(network, 403, body, PROBLEM_JSON))
    with pytest.raises(PeerRefused) as refused:
        drancy_transport.call(network.member(BAYONNE), "GET", PAGE_PATH)
    assert (refused.value.status, refused.value.word) == (403, "")


@pytest.mark.parametrize(
    ("status", "kind"), [(429, Unreachable), (502, Unreachable), (503, Unreachable), (504, Unreachable)]
)
@pytest.mark.parametrize("content_type", ["text/html", PROBLEM_JSON])
def test_a_gateway_is_not_the_peer(
    network: Network,
    drancy_transport: Transport,
    respx_mock: respx.MockRouter,
    status: int,
    kind: type[Exception],
    content_type: str,
) -> None:
    respx_mock.get(f"https://{BAYONNE}{PAGE_PATH}").respond(status, content=b"{}", content_type=content_type)
    with pytest.raises(kind) as failure:
        drancy_transport.call(network.member(BAYONNE), "GET", PAGE_PATH)
    assert getattr(failure.value, "status", None) == status


@pytest.mark.parametrize("status", [200, 401, 404, 500])
def test_an_unsigned_answer_says_nothing(
    network: Network, drancy_transport: Transport, respx_mock: respx.MockRouter, status: int
) -> None:
    respx_mock.get(f"https://{BAYONNE}{PAGE_PATH}").respond(status, content=b"free wifi: please log in")
    with pytest.raises(BadAnswer) as failure:
        drancy_transport.call(network.member(BAYONNE), "GET", PAGE_PATH)
    assert failure.value.status == status


def test_an_unsigned_refusal_of_a_stranger_is_one_and_no_more(
    network: Network, drancy_transport: Transport, respx_mock: respx.MockRouter
) -> None:
    told = b'{"type":"urn:maillon:problem:not_a_member","detail":"call 0600000000","skew_seconds":99}'
    respx_mock.get(f"https://{BAYONNE}{PAGE_PATH}").respond(403, content=told, content_type=PROBLEM_JSON)
    with pytest.raises(PeerRefused) as refused:
        drancy_transport.call(network.member(BAYONNE), "GET", PAGE_PATH)
    assert (refused.value.word, refused.value.detail, refused.value.skew_seconds) == ("not_a_member", "", None)


def test_somebody_between_changes_the_answer(
    network: Network, drancy_transport: Transport, respx_mock: respx.MockRouter
) -> None:
    honest = bayonne_answers(network)

    def between(request: httpx.Request) -> httpx.Response:
        response = honest(request)
        return httpx.Response(200, headers=response.headers, content=b"b page")

    respx_mock.get(f"https://{BAYONNE}{PAGE_PATH}").mock(side_effect=between)
    with pytest.raises(BadSignature):
        drancy_transport.call(network.member(BAYONNE), "GET", PAGE_PATH)


def test_an_old_answer_is_not_an_answer_to_this_question(
    network: Network, drancy_transport: Transport, respx_mock: respx.MockRouter
) -> None:
    honest, recorded = bayonne_answers(network), list[httpx.Response]()

    def replays(request: httpx.Request) -> httpx.Response:
        recorded.append(honest(request))
        return recorded[0]

    respx_mock.get(f"https://{BAYONNE}{PAGE_PATH}").mock(side_effect=replays)
    drancy_transport.call(network.member(BAYONNE), "GET", PAGE_PATH)
    with pytest.raises(BadSignature):
        drancy_transport.call(network.member(BAYONNE), "GET", PAGE_PATH)


def test_montlucon_answers_at_bayonnes_address(
    network: Network, drancy_transport: Transport, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(f"https://{BAYONNE}{PAGE_PATH}").mock(side_effect=bayonne_answers(network, by=MONTLUCON))
    with pytest.raises(NotAMember):
        drancy_transport.call(network.member(BAYONNE), "GET", PAGE_PATH)


def test_bayonne_answers_with_a_key_that_it_never_told(
    network: Network, drancy_transport: Transport, respx_mock: respx.MockRouter
) -> None:
    network.keys = network.keys | {BAYONNE: NodeKeys.generate(BAYONNE, seeded(500))}
    respx_mock.get(f"https://{BAYONNE}{PAGE_PATH}").mock(side_effect=bayonne_answers(network))
    with pytest.raises(UnknownKey):
        drancy_transport.call(network.member(BAYONNE), "GET", PAGE_PATH)


@pytest.mark.parametrize("status", [301, 302, 304, 307, 308])
def test_redirections_are_not_followed(drancy_transport: Transport, respx_mock: respx.MockRouter, status: int) -> None:
    respx_mock.get(CHECKPOINT).respond(status, headers={"location": "http://169.254.169.254/latest/meta-data"})
    with pytest.raises(BadAnswer) as failure:
        drancy_transport.get_public(CHECKPOINT)
    assert failure.value.status == status


def test_a_bomb_is_not_unpacked(drancy_transport: Transport, respx_mock: respx.MockRouter) -> None:
    respx_mock.get(CHECKPOINT).respond(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"\x1f\x8b"))
    with pytest.raises(BadAnswer, match="compressed"):
        drancy_transport.get_public(CHECKPOINT)


def test_an_endless_answer_is_cut_at_its_cap(drancy_transport: Transport, respx_mock: respx.MockRouter) -> None:
    produced = []

    class Endless(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                produced.append(1)
                yield b"x" * 1000

    respx_mock.get(CHECKPOINT).respond(200, stream=Endless())
    with pytest.raises(BadAnswer, match="more than 10000 bytes"):
        drancy_transport.get_public(CHECKPOINT, max_bytes=10_000)
    assert len(produced) == 11


def test_public_answers_and_refusals(drancy_transport: Transport, respx_mock: respx.MockRouter) -> None:
    respx_mock.get(CHECKPOINT).respond(200, content=b"a note")
    assert drancy_transport.get_public(CHECKPOINT, max_bytes=6) == b"a note"
    respx_mock.get(CHECKPOINT).respond(404, content=b"nothing here")
    with pytest.raises(BadAnswer) as absent:
        drancy_transport.get_public(CHECKPOINT)
    assert absent.value.status == 404
    problem = msgspec.json.encode({"type": "urn:maillon:problem:bad_signature", "status": 401})
    join = f"https://{BAYONNE}/federation/v1/join"
    respx_mock.post(join).respond(401, content=problem, content_type=PROBLEM_JSON)
    with pytest.raises(PeerRefused) as refused:
        drancy_transport.post_public(join, b"{}", "application/json")
    assert refused.value.word == "bad_signature"
    respx_mock.post(join).respond(202)
    assert drancy_transport.post_public(join, b"{}", "application/json").status == 202
    respx_mock.get(CHECKPOINT).respond(503, content=b"maintenance")
    with pytest.raises(Unreachable):
        drancy_transport.get_public(CHECKPOINT)


def test_no_cookie_is_kept(drancy_transport: Transport, respx_mock: respx.MockRouter) -> None:
    route = respx_mock.get(CHECKPOINT).respond(200, headers={"set-cookie": "who=drancy; Max-Age=9999"})
    drancy_transport.get_public(CHECKPOINT)
    drancy_transport.get_public(CHECKPOINT)
    assert "cookie" not in route.calls.last.request.headers


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError, httpx.PoolTimeout])
def test_no_answer_is_unreachable(
    drancy_transport: Transport, respx_mock: respx.MockRouter, error: type[Exception]
) -> None:
    respx_mock.get(CHECKPOINT).mock(side_effect=error)
    with pytest.raises(Unreachable):
        drancy_transport.get_public(CHECKPOINT)


@pytest.mark.parametrize("path", ["", "federation", "//evil.example/", "/a\n", "@evil.example/"])
def test_a_path_stays_at_its_host(network: Network, drancy_transport: Transport, path: str) -> None:
    with pytest.raises(ValueError, match="slash"):
        drancy_transport.call(network.member(BAYONNE), "GET", path)


# Real sockets on loopback, where httpx's own parts are not replaced.


@contextmanager
def server(talk: Callable[[socket.socket], None], context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A port at which every connection is talked to by `talk`, after a TLS handshake when there is a context."""

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    if context is None:
                        talk(connection)
                    else:
                        with context.wrap_socket(connection, server_side=True) as wrapped:
                            talk(wrapped)
                except OSError:
                    continue

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


PATIENT, HURRIED = Timeouts(60, 60, 60), Timeouts(0.5, 0.3, 0.8)
"""For what is answered, however busy the machine; and for what is not."""


@contextmanager
def transport(
    keys: NodeKeys,
    policy: AddressPolicy,
    timeouts: Timeouts = PATIENT,
    ssl_context: ssl.SSLContext | None = None,
) -> Iterator[Transport]:
    with Transport(keys, FixedClock(), seeded(3), policy, timeouts=timeouts, ssl_context=ssl_context) as made:
        yield made


def at_loopback(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


LOOPBACK = AddressPolicy.allowing(["127.0.0.0/8"], at_loopback)


def replying(data: bytes, seen: list[bytes] | None = None) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        request = connection.recv(65536)
        if seen is not None:
            seen.append(request)
        connection.sendall(data)

    return talk


def dripping(first: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(first)
        for _ in range(1000):
            connection.sendall(drop)
            time.sleep(0.05)

    return talk


def silent(connection: socket.socket) -> None:
    """Until whoever asks gives up."""
    while connection.recv(65536):
        pass


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def test_the_checked_address_is_dialled_and_the_name_stays_in_host(network: Network) -> None:
    seen: list[bytes] = []
    with server(replying(OK, seen)) as port, transport(network.keys[DRANCY], LOOPBACK) as way_out:
        assert way_out.get_public(f"http://{BAYONNE}:{port}/healthz") == b"ok"
    assert f"Host: {BAYONNE}:{port}\r\n".encode() in seen[0]


def test_a_name_that_changes_its_mind_gains_nothing(network: Network) -> None:
    """DNS rebinding: a public address for the check, loopback for the connection, if anybody asked twice."""
    asked = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    policy = AddressPolicy(resolve=resolve)
    seen: list[bytes] = []
    with server(replying(OK, seen)) as port, transport(network.keys[DRANCY], policy, Timeouts(0.2, 0.2, 0.3)) as out:
        with pytest.raises(Unreachable):
            out.get_public(f"http://{BAYONNE}:{port}/")
        with pytest.raises(AddressRefused):
            out.get_public(f"http://{BAYONNE}:{port}/")
    assert len(asked) == 2
    assert seen == []


def test_loopback_is_refused_unless_it_is_allowed(network: Network) -> None:
    seen: list[bytes] = []
    with server(replying(OK, seen)) as port, transport(network.keys[DRANCY], AddressPolicy()) as way_out:
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"):
            with pytest.raises((AddressRefused, Unreachable)):
                way_out.get_public(f"http://{host}:{port}/")
    assert seen == []


def test_the_next_address_is_tried_when_one_does_not_answer(network: Network) -> None:
    policy = AddressPolicy.allowing(["127.0.0.0/8"], lambda host, port: ["127.0.0.2", "127.0.0.1"])
    with server(replying(OK)) as port, transport(network.keys[DRANCY], policy) as way_out:
        assert way_out.get_public(f"http://{BAYONNE}:{port}/") == b"ok"


@pytest.mark.parametrize(
    "talk",
    [
        pytest.param(silent, id="never"),
        pytest.param(replying(OK[:-1]), id="half a body"),
        pytest.param(replying(b"HTTP/1.1 200 O"), id="half a status"),
        pytest.param(replying(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), id="another protocol"),
        pytest.param(lambda connection: None, id="hangs up"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b"x"), id="drips its body"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"), id="drips its headers"),
    ],
)
def test_a_peer_that_answers_slowly_half_or_never_is_left_in_time(
    network: Network, talk: Callable[[socket.socket], None]
) -> None:
    with server(talk) as port, transport(network.keys[DRANCY], LOOPBACK, HURRIED) as way_out:
        started = time.monotonic()
        with pytest.raises(Unreachable):
            way_out.get_public(f"http://{BAYONNE}:{port}/")
        assert time.monotonic() - started < 20


def test_a_port_where_nobody_listens(network: Network) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with transport(network.keys[DRANCY], LOOPBACK) as way_out, pytest.raises(Unreachable):
        way_out.get_public(f"http://{BAYONNE}:{port}/")


def test_no_proxy_of_the_environment_is_used(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with server(replying(OK)) as port, transport(network.keys[DRANCY], LOOPBACK) as way_out:
        assert way_out.get_public(f"http://{BAYONNE}:{port}/") == b"ok"


@pytest.fixture
def bayonne_certificate(tmp_path: Path) -> Path:
    """A certificate for Bayonne's name alone, with its key, as one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, BAYONNE)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(BAYONNE)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "bayonne.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def test_tls_checks_the_name_though_an_address_is_dialled(network: Network, bayonne_certificate: Path) -> None:
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(bayonne_certificate)
    ours = ssl.create_default_context(cafile=str(bayonne_certificate))
    with (
        server(replying(OK), theirs) as port,
        transport(network.keys[DRANCY], LOOPBACK, ssl_context=ours) as way_out,
    ):
        assert way_out.get_public(f"https://{BAYONNE}:{port}/") == b"ok"
        with pytest.raises(Unreachable):
            way_out.get_public(f"https://{MONTLUCON}:{port}/")
