"""What Drancy answers, and to whom: signatures, problems, nonces, skew, caps, and the coordinator's own routes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest
from fastapi import FastAPI

from federation.context import Limits
from federation.membership.changing import JOIN_PATH
from federation.peers.hints import HINT_PATH, HINT_TYPE, Hint
from federation.peers.visit import PAGE_PATH
from federation.serving.answers import DirectoryHost
from federation.serving.journal import current_checkpoint, read_tile
from federation.serving.routes import make_router
from federation.transport.signatures import sign_request, verify_response
from protocol.keys import NodeKeys
from protocol.members import JoinRequest, Members, sign_join_request
from protocol.note import VerifierKey, vkey
from protocol.page import CONTENT_TYPE, decode_page
from protocol.wire_json import encode, timestamp
from tests.factories import offer
from tests.federation.conftest import BAYONNE, COORDINATOR, DRANCY, MONTLUCON, NOW, seeded
from tests.simulator import Simulation, Town

PAGE = f"{PAGE_PATH}?epoch=1&first=0&count=10"


@pytest.fixture
def towns() -> Iterator[Simulation]:
    with Simulation(DRANCY, MONTLUCON, BAYONNE) as simulation:
        simulation[DRANCY].publish(offer())
        yield simulation


def ask(town: Town, request: httpx.Request) -> httpx.Response:
    return town.simulation.network.deliver(request)


def signed(
    town: Town,
    target: Town,
    path: str = PAGE,
    method: str = "GET",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    nonce: str = "A" * 22,
) -> httpx.Request:
    """A request of one town to another, signed."""
    content = {"content-type": HINT_TYPE} if body else {}
    request = httpx.Request(method, target.member.base_url + path, content=body, headers={**content, **(headers or {})})
    sign_request(request, town.keys, town.clock.now(), nonce, 1)
    return request


def problem(response: httpx.Response) -> tuple[int, str]:
    """Status and the stable word of an RFC 9457 answer."""
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert told["status"] == response.status_code
    assert told["title"] and told["detail"]
    return response.status_code, told["type"].removeprefix("urn:maillon:problem:")


def test_a_member_gets_a_signed_page(towns: Simulation) -> None:
    drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
    request = signed(montlucon, drancy)
    response = ask(drancy, request)
    assert (response.status_code, response.headers["content-type"]) == (200, CONTENT_TYPE)
    verify_response(200, response.headers, response.content, request.headers, drancy.member, NOW)
    assert len(decode_page(response.content).records) == 2


def test_refusals_are_problems_and_signed_too(towns: Simulation) -> None:
    drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
    towns.change(MONTLUCON, status="suspended")
    request = signed(montlucon, drancy)
    response = ask(drancy, request)
    assert problem(response) == (403, "suspended")
    verify_response(403, response.headers, response.content, request.headers, drancy.member, NOW)


def test_unsigned_badly_signed_and_unknown_callers_get_nothing(towns: Simulation) -> None:
    drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
    url = drancy.member.base_url + PAGE
    assert problem(ask(drancy, httpx.Request("GET", url))) == (401, "bad_signature")
    wrong = signed(montlucon, drancy)
    wrong.headers["signature"] = "maillon=:" + "A" * 86 + "==:"
    assert problem(ask(drancy, wrong)) == (401, "bad_signature")
    elsewhere = signed(montlucon, towns[BAYONNE])
    moved = httpx.Request("GET", url, headers=elsewhere.headers)
    assert problem(ask(drancy, moved)) == (401, "bad_signature")
    further = httpx.Request("GET", url.replace("first=0", "first=1"), headers=signed(montlucon, drancy).headers)
    assert problem(ask(drancy, further)) == (401, "bad_signature")
    stranger = NodeKeys.generate("trelaze.emploi.example", seeded(50))
    request = httpx.Request("GET", url)
    sign_request(request, stranger, NOW, "B" * 22, 1)
    assert problem(ask(drancy, request)) == (403, "not_a_member")
    request = httpx.Request("GET", url)
    sign_request(request, NodeKeys.generate(MONTLUCON, seeded(51)), NOW, "B" * 22, 1)
    assert problem(ask(drancy, request)) == (401, "unknown_key")


@pytest.mark.parametrize("skew", [-3600, 3600])
def test_the_measured_skew_is_named(towns: Simulation, skew: int) -> None:
    drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
    montlucon.clock.skew = timedelta(seconds=skew)
    response = ask(drancy, signed(montlucon, drancy))
    assert problem(response) == (401, "stale")
    assert response.json()["skew_seconds"] == skew


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("", (400, "malformed")),
        ("?epoch=1&first=0", (400, "malformed")),
        ("?first=0&epoch=1&count=1", (400, "malformed")),
        ("?epoch=1&first=-1&count=1", (400, "malformed")),
        ("?epoch=1&first=1_0&count=1", (400, "malformed")),
        ("?epoch=1&first=0&count=1&count=2", (400, "malformed")),
        ("?epoch=2&first=0&count=1", (404, "not_found")),
    ],
)
def test_a_page_takes_exactly_its_three_numbers(towns: Simulation, query: str, answer: tuple[int, str]) -> None:
    drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
    assert problem(ask(drancy, signed(montlucon, drancy, PAGE_PATH + query))) == answer


def test_a_hint_is_taken_once(towns: Simulation) -> None:
    drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
    body = encode(Hint(epoch=1, size=7))
    request = signed(montlucon, drancy, HINT_PATH, "POST", body)
    response = ask(drancy, request)
    assert (response.status_code, response.content) == (204, b"")
    verify_response(204, response.headers, b"", request.headers, drancy.member, NOW)
    assert drancy.hints == [MONTLUCON]
    with drancy.database.read() as uow:
        state = uow.peers.state(MONTLUCON)
        assert state is not None and state.due == NOW
    assert problem(ask(drancy, request)) == (409, "replayed")
    assert drancy.hints == [MONTLUCON]
    changed = httpx.Request("POST", request.url, content=body.replace(b"7", b"8"), headers=request.headers)
    assert problem(ask(drancy, changed)) == (401, "bad_signature")


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"epoch":1,"size":1.5}', b'{"epoch":1,"epoch":1,"size":1}', b"\xff" * 9]
)
def test_a_hint_that_is_none_changes_nothing(towns: Simulation, body: bytes) -> None:
    drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
    assert problem(ask(drancy, signed(montlucon, drancy, HINT_PATH, "POST", body))) == (400, "malformed")
    assert drancy.hints == []


def test_a_body_beyond_the_cap_is_not_read(towns: Simulation) -> None:
    drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
    request = signed(montlucon, drancy, HINT_PATH, "POST", b"x" * (64 * 1024 + 1))
    assert problem(ask(drancy, request)) == (413, "too_large")


def test_a_replay_under_a_host_of_the_callers_choice_fails(towns: Simulation) -> None:
    """The target is built from the configured base URL, never from the Host header."""
    drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
    request = signed(montlucon, towns[BAYONNE], HINT_PATH, "POST", encode(Hint(epoch=1, size=7)))
    to_drancy = httpx.Request("POST", drancy.member.base_url + HINT_PATH, content=request.content)
    to_drancy.headers.update({**request.headers, "host": BAYONNE, "x-forwarded-host": BAYONNE})
    assert problem(ask(drancy, to_drancy)) == (401, "bad_signature")


def get(town: Town, path: str) -> httpx.Response:
    return ask(town, httpx.Request("GET", town.member.base_url + path))


def test_nothing_is_signed_for_who_is_not_known(towns: Simulation) -> None:
    drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
    wrong = signed(montlucon, drancy)
    wrong.headers["signature"] = "maillon=:" + "A" * 86 + "==:"
    stranger = httpx.Request("GET", drancy.member.base_url + PAGE)
    sign_request(stranger, NodeKeys.generate("trelaze.emploi.example", seeded(50)), NOW, "B" * 22, 1)
    large = signed(montlucon, drancy, HINT_PATH, "POST", b"x" * (64 * 1024 + 1))
    for request in (wrong, stranger, large):
        answer = ask(drancy, request)
        assert answer.is_client_error
        assert "signature" not in answer.headers
    montlucon.clock.skew = timedelta(hours=1)
    late = signed(montlucon, drancy)
    verify_response(401, (answer := ask(drancy, late)).headers, answer.content, late.headers, drancy.member, NOW)


def test_members_and_strangers_have_their_own_measure() -> None:
    limits = Limits(member_requests_a_minute=3, refusals_a_minute=2)
    with Simulation(DRANCY, MONTLUCON, BAYONNE, limits=limits) as towns:
        drancy, montlucon, bayonne = towns[DRANCY], towns[MONTLUCON], towns[BAYONNE]
        assert [ask(drancy, signed(montlucon, drancy)).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
        unsigned = httpx.Request("GET", drancy.member.base_url + PAGE)
        assert [ask(drancy, unsigned).status_code for _ in range(4)] == [401, 401, 429, 429]
        assert ask(drancy, signed(bayonne, drancy)).status_code == 200, "from the same address"
        towns.wait(seconds=20)
        assert ask(drancy, signed(montlucon, drancy)).status_code == 200


def test_the_public_files_of_the_journal(towns: Simulation) -> None:
    drancy = towns[DRANCY]
    checkpoint = get(drancy, "/journal/1/checkpoint")
    assert checkpoint.content == current_checkpoint(drancy.fed)
    assert checkpoint.headers["content-type"] == "text/plain; charset=utf-8"
    key: VerifierKey = drancy.fed.journal_key()
    assert get(drancy, "/journal/1/vkey").text == vkey(key.name, key.public) + "\n"
    tile = get(drancy, "/journal/1/tile/entries/000.p/2")
    assert tile.content == read_tile(drancy.fed, "tile/entries/000.p/2")
    assert "immutable" in tile.headers["cache-control"]
    for missing in ("/journal/2/checkpoint", "/journal/01/vkey", "/journal/1/tile/0/000", "/journal/1/tile/0/000.p/3"):
        assert problem(get(drancy, missing)) == (404, "not_found")


def test_public_routes_are_limited_by_address() -> None:
    with Simulation(DRANCY, limits=Limits(public_requests_a_minute=3)) as towns:
        drancy = towns[DRANCY]
        answers = [get(drancy, "/journal/1/checkpoint").status_code for _ in range(5)]
        assert answers == [200, 200, 200, 429, 429]
        towns.wait(seconds=20)
        assert [get(drancy, "/journal/1/checkpoint").status_code for _ in range(2)] == [200, 429]


def test_a_node_without_a_directory_serves_its_journal_and_no_pages() -> None:
    with Simulation(DRANCY, MONTLUCON, joined=False) as towns:
        drancy = towns[DRANCY]
        assert problem(ask(drancy, signed(towns[MONTLUCON], drancy))) == (503, "no_directory")
        assert get(drancy, "/journal/1/checkpoint").status_code == 200


@dataclass
class Files(DirectoryHost):
    """A directory with one file."""

    def read(self, path: str) -> bytes | None:
        return b"{}" if path == "metadata/timestamp.json" else None

    def change_keys(self, request: bytes, now: datetime) -> Members | None:
        return None


def coordinator(towns: Simulation) -> Town:
    town = towns[COORDINATOR]
    app = FastAPI(openapi_url=None)
    app.include_router(make_router(town.fed, directory=Files()))
    towns.network.apps[COORDINATOR] = app
    return town


def join(town: Town, body: bytes) -> httpx.Response:
    return ask(town, httpx.Request("POST", town.member.base_url + JOIN_PATH, content=body))


def join_request(node: str = "trelaze.emploi.example", seed: int = 60, **changes: Any) -> bytes:
    keys = NodeKeys.generate(node, seeded(seed))
    request = JoinRequest(
        id=node,
        name="Ville de Trélazé",
        role="town",
        base_url=f"https://{node}",
        commune="49353",
        epoch=1,
        keys=keys.public_keys(NOW - timedelta(days=1), NOW + timedelta(days=300)),
        at=timestamp(NOW),
    )
    return sign_join_request(msgspec.structs.replace(request, **changes), keys)


def test_only_a_coordinator_has_a_directory(towns: Simulation) -> None:
    assert get(towns[DRANCY], "/directory/metadata/timestamp.json").status_code == 404
    assert join(towns[DRANCY], join_request()).status_code == 404
    with Simulation(COORDINATOR) as network:
        town = coordinator(network)
        assert get(town, "/directory/metadata/timestamp.json").content == b"{}"
        assert problem(get(town, "/directory/keys/root-1.pem")) == (404, "not_found")


def test_a_request_to_join_proves_itself_and_waits() -> None:
    with Simulation(COORDINATOR, limits=Limits(join_requests=2)) as network:
        town = coordinator(network)
        first = join_request()
        assert join(town, first).status_code == 202
        assert join(town, first).status_code == 202
        moved = join_request(base_url="https://emploi.trelaze.example")
        assert join(town, moved).status_code == 202
        with town.database.read() as uow:
            assert dict(uow.directory.join_requests()) == {"trelaze.emploi.example": moved}
        assert problem(join(town, join_request(seed=61))) == (409, "join_refused")
        assert problem(join(town, first.replace(b"49353", b"49354"))) == (401, "bad_signature")
        assert problem(join(town, b"{}")) == (400, "malformed")
        assert problem(join(town, b" " * 70_000)) == (413, "too_large")
        assert join(town, join_request("lormont.emploi.example")).status_code == 202
        assert problem(join(town, join_request("lille.emploi.example"))) == (409, "join_refused")


def test_requests_to_join_are_limited_and_old_ones_make_room() -> None:
    with Simulation(COORDINATOR, DRANCY, limits=Limits(join_requests=1, join_requests_a_minute=3)) as network:
        town = coordinator(network)
        assert join(town, join_request()).status_code == 202
        assert problem(join(town, join_request("lormont.emploi.example"))) == (409, "join_refused")
        assert problem(join(town, b"{}")) == (400, "malformed")
        assert problem(join(town, b"{}")) == (429, "too_many_requests")
        network.wait(minutes=1)
        renewed = JoinRequest(
            id=DRANCY,
            name="Ville de Drancy",
            role="town",
            base_url=network[DRANCY].member.base_url,
            commune="93029",
            epoch=1,
            keys=network[DRANCY].member.keys,
            at=timestamp(NOW),
        )
        assert join(town, sign_join_request(renewed, network[DRANCY].keys)).status_code == 202, "a member has room"
        network.wait(days=31)
        late = join_request("lormont.emploi.example", at=timestamp(NOW + timedelta(days=31)))
        assert join(town, late).status_code == 202
        with town.database.read() as uow:
            assert set(uow.directory.join_requests()) == {"lormont.emploi.example"}


def test_nobody_asks_in_a_members_name_nor_to_be_a_coordinator() -> None:
    with Simulation(COORDINATOR, DRANCY) as network:
        town, drancy = coordinator(network), network[DRANCY]
        taken_over = join_request(DRANCY, role="employer", base_url="https://elsewhere.example")
        assert problem(join(town, taken_over)) == (409, "join_refused")
        assert problem(join(town, join_request(role="coordinator"))) == (409, "not_admitted")
        with town.database.read() as uow:
            assert not uow.directory.join_requests()
        new = NodeKeys.generate(DRANCY, seeded(62))
        asked = JoinRequest(
            id=DRANCY,
            name="Ville de Drancy",
            role="town",
            base_url=drancy.member.base_url,
            commune="93029",
            epoch=1,
            keys=new.public_keys(NOW - timedelta(days=1), NOW + timedelta(days=300)),
            at=timestamp(NOW),
        )
        assert problem(join(town, sign_join_request(asked, new))) == (409, "join_refused")
        assert join(town, sign_join_request(asked, new, drancy.keys)).status_code == 202
        to_rule = msgspec.structs.replace(asked, role="coordinator")
        assert problem(join(town, sign_join_request(to_rule, new, drancy.keys))) == (409, "not_admitted")
