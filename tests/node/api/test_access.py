"""Who may use the API, what it says of itself, and how it answers what it does not take."""

import json
from collections.abc import Iterator

import pytest

from node.api.limits import MAX_FILE_BYTES, MAX_JSON_BYTES
from tests.asking import Client
from tests.node.api.answers import problem
from tests.node.mission.samples import candidate
from tests.node.stage import MONTLUCON, Place

GUARDED = [
    ("GET", "/candidates"),
    ("GET", "/candidates/p1"),
    ("PATCH", "/candidates/p1"),
    ("POST", "/candidates/p1/withdraw-consent"),
    ("DELETE", "/candidates/p1"),
    ("POST", "/candidates"),
    ("GET", "/offers"),
    ("GET", "/offers/montlucon.emploi.example/o1"),
    ("PATCH", "/offers/o1"),
    ("POST", "/offers/o1/close"),
    ("POST", "/imports/candidates"),
    ("POST", "/imports/offers"),
    ("POST", "/releases"),
    ("GET", "/sheets"),
    ("GET", "/matches?offer=o1"),
    ("GET", "/forwards"),
    ("POST", "/forwards"),
    ("GET", "/forwards/f1"),
    ("POST", "/forwards/f1/send"),
    ("POST", "/forwards/f1/answer"),
    ("POST", "/forwards/f1/answer/correct"),
    ("POST", "/forwards/f1/fulfil"),
    ("POST", "/forwards/f1/correct"),
    ("POST", "/forwards/f1/withdraw"),
    ("GET", "/forwards/f1/dossier"),
    ("GET", "/sendings"),
    ("POST", "/sendings"),
    ("GET", "/sendings/s1"),
    ("POST", "/sendings/s1/letter"),
    ("POST", "/sendings/s1/mail"),
    ("POST", "/sendings/s1/end"),
    ("POST", "/sendings/s1/destruction"),
    ("POST", "/sendings/s1/told"),
    ("POST", "/sendings/s1/words/w1/settle"),
    ("GET", "/erasures"),
    ("GET", "/erasures/e1/certificate"),
    ("GET", "/members"),
    ("GET", "/status"),
    ("POST", "/sync"),
]
BODIES: dict[str, dict[str, object]] = {
    "/forwards": {"candidate": "p1", "offer": "a.example/o1", "why": "Ponctuelle."},
    "/forwards/f1/answer": {"event": "seen"},
    "/forwards/f1/answer/correct": {"instead": "before"},
    "/forwards/f1/withdraw": {"reason": "unavailable"},
    "/candidates/p1": {"phone": "0"},
    "/sendings": {"forwards": ["f1"], "way": "letter"},
    "/sendings/s1/told": {"forwards": ["f1"]},
    "/offers/o1": {"title": "Cariste"},
}


@pytest.fixture
def api(town: Place) -> Client:
    return town.client()


@pytest.mark.parametrize("token", ["", "wrong", "mln_" + "0" * 64, "é"])
def test_nothing_is_said_or_done_without_the_token(town: Place, token: str) -> None:
    town.enrol(candidate(1))
    before = town.snapshot()
    stranger = town.client()
    stranger.headers.pop("authorization")
    headers = [(b"Authorization", f"Bearer {token}".encode())] if token else []
    for method, path in GUARDED:
        response = stranger.request(method, f"/api/v1{path}", headers=headers, json=BODIES.get(path.partition("?")[0]))
        problem(response, 401, "bad_token")
        assert response.headers["www-authenticate"] == "Bearer"
        assert "Petit" not in response.text
    assert town.snapshot() == before


def test_every_endpoint_is_guarded_and_described(api: Client) -> None:
    """Each operation of the OpenAPI document asks for the token, has a description, and is in the list above."""
    document = api.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    known = {(method, path.partition("?")[0]) for method, path in GUARDED}
    described = set()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], path
            if path in ("/healthz", "/readyz"):
                continue
            assert path.startswith("/api/v1/")
            assert operation["security"] == [{"token": []}], path
            described.add((method.upper(), path.removeprefix("/api/v1")))
    assert len(described) == len(known)
    assert {(method, _shape(path)) for method, path in known} == {(method, _shape(path)) for method, path in described}


def _shape(path: str) -> str:
    """The path with a star for each name in it."""
    known = ("{name}", "{node_id}", "{offer}", "{order}", "{word}", "p1", "o1", "f1", "e1", "s1", "w1", MONTLUCON)
    return "/".join("*" if part in known else part for part in path.split("/"))


def test_every_field_reference_of_the_document_leads_somewhere(api: Client) -> None:
    text = api.get("/api/v1/openapi.json").text
    document = json.loads(text)
    schemas = document["components"]["schemas"]

    def walk(value: object) -> None:
        if isinstance(value, dict):
            if isinstance(reference := value.get("$ref"), str):
                assert reference.removeprefix("#/components/schemas/") in schemas
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(document)
    assert schemas["CandidateOut"]["properties"]["mobility_km"]
    assert schemas["MatchOut"]["properties"]["score"]["description"]


def test_no_answer_is_kept_by_a_cache(api: Client) -> None:
    assert api.get("/api/v1/candidates").headers["cache-control"] == "no-store"


WRITING = [pair for pair in GUARDED if pair[1] in BODIES and pair[0] in ("POST", "PATCH")]


@pytest.mark.parametrize(("method", "path"), WRITING)
def test_unknown_fields_and_other_types_are_refused(town: Place, method: str, path: str) -> None:
    town.enrol(candidate(1))
    before = town.snapshot()
    api = town.client()
    good = BODIES[path]
    name = next(iter(good))
    for wrong in (
        good | {"surprise": 1},
        good | {name: 1},
        good | {name: "x" * 5000},
        good | {name: "a\x00b"},
        [good],
        7,
    ):
        document = problem(api.request(method, f"/api/v1{path}", json=wrong), 422, "bad_input")
        assert document["faults"]
    assert town.snapshot() == before


@pytest.mark.parametrize(("method", "path"), WRITING)
def test_a_body_that_is_no_json_is_refused(town: Place, method: str, path: str) -> None:
    before = town.snapshot()
    api = town.client()
    headers = {"content-type": "application/json"}
    for text, status, word in ((b"{", 422, "bad_input"), (b"", 422, "bad_input"), (b"\xff", 400, "bad_request")):
        problem(api.request(method, f"/api/v1{path}", content=text, headers=headers), status, word)
    plain = {"content-type": "text/plain"}
    problem(api.request(method, f"/api/v1{path}", content=b'{"a": 1}', headers=plain), 422, "bad_input")
    assert town.snapshot() == before


def test_a_half_of_a_surrogate_pair_is_no_text(town: Place) -> None:
    town.enrol(candidate(1))
    response = town.client().patch(
        "/api/v1/candidates/p1",
        content=b'{"phone": "\\ud800"}',
        headers={"content-type": "application/json"},
    )
    problem(response, 422, "bad_input")


def test_a_refusal_never_quotes_what_was_sent(town: Place) -> None:
    town.enrol(candidate(1))
    response = town.client().patch("/api/v1/candidates/p1", json={"nom_complet": "Camille Petit", "email": 7})
    assert "Camille" not in response.text
    assert "faults" in problem(response, 422, "bad_input")


def test_a_body_that_is_too_large_is_refused(town: Place) -> None:
    before = town.snapshot()
    api = town.client()
    demand = BODIES["/forwards"] | {"why": "x" * MAX_JSON_BYTES}
    document = problem(api.post("/api/v1/forwards", json=demand), 413, "too_large")
    assert "64" in str(document["detail"])
    for kind in ("candidates", "offers"):
        response = api.post(f"/api/v1/imports/{kind}", content=bytes(MAX_FILE_BYTES + 1))
        problem(response, 413, "too_large")
        assert response.headers["x-content-type-options"] == "nosniff"
    assert town.snapshot() == before


def test_a_body_that_does_not_say_its_length_is_cut_at_the_cap(town: Place) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 4 * MAX_JSON_BYTES:
            sent += 4096
            yield b" " * 4096

    headers = {"content-type": "application/json"}
    problem(town.client().post("/api/v1/forwards", content=endless(), headers=headers), 413, "too_large")


@pytest.mark.parametrize("length", ["-1", "1e9", "x", "٣"])
def test_a_length_that_is_none_is_refused(town: Place, length: str) -> None:
    headers = [(b"content-length", length.encode()), (b"content-type", b"application/json")]
    response = town.client().request("POST", "/api/v1/forwards", content=b"{}", headers=headers)
    assert response.status_code in (400, 413, 422)


def test_unknown_paths_and_methods(api: Client) -> None:
    problem(api.get("/api/v1/nothing"), 404, "not_found")
    problem(api.put("/api/v1/candidates"), 405, "method_not_allowed")


@pytest.mark.parametrize(
    "path",
    [
        "/candidates/nobody",
        "/offers/montlucon.emploi.example/none",
        "/matches?offer=none",
        "/matches?candidate=none",
        "/forwards/none",
        "/forwards/none/dossier",
        "/erasures/none/certificate",
    ],
)
def test_what_is_not_here_is_not_found(api: Client, path: str) -> None:
    assert problem(api.get(f"/api/v1{path}"), 404, "not_found")["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/candidates/%00",
        "/candidates/a%0Ab",
        "/sheets?rome=N11",
        "/sheets?rome=Z9999",
        "/sheets?skill=abc",
        "/offers?limit=0",
        "/offers?limit=100000",
        "/offers?rome=x",
        "/offers?commune=montlucon",
        "/offers?own=perhaps",
        "/matches",
        "/matches?offer=a&candidate=b",
        "/matches?offer=a&limit=-1",
        "/candidates?page=5",
        "/candidates?limit=1001",
        "/candidates?offset=-1",
        "/offers?comune=03185",
    ],
)
def test_a_question_that_makes_no_sense_is_refused(api: Client, path: str) -> None:
    problem(api.get(f"/api/v1{path}"), 422, "bad_input")


def test_a_misspelt_preview_publishes_nothing(town: Place) -> None:
    before = town.snapshot()
    document = problem(town.client().post("/api/v1/releases?dryrun=true"), 422, "bad_input")
    assert document["faults"] == ["query.dryrun"]
    assert town.snapshot() == before
