"""The web application of one town's node: who may ask what, how failures are said, and the page at `/`."""

import sqlite3
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

import node as package
from federation.errors import Unreachable
from node.api.limits import MAX_FILE_BYTES
from node.app import MissingDatabase, open_node
from node.config import load
from node.identity import IdentityError
from node.kit.errors import Conflict, Unavailable
from node.services.network import coordinating
from node.services.network.founding import Created
from node.services.node import EPOCH, Node
from node.storage import DatabaseBusy, WrongDatabase
from node.web.frame.headers import HEADERS
from node.web_app import create_app
from protocol.checkpoint import open_checkpoint
from protocol.keys import NodeKeys, Purpose
from protocol.members import Members, encode_members
from tests.asking import Client
from tests.federation.conftest import NOW, member_of, members_of, seeded
from tests.node.applications import application

PROBLEM = "application/problem+json"


@pytest.fixture
def client(node: Node) -> Iterator[Client]:
    with Client(application(node), raising=False) as opened:
        yield opened


@pytest.fixture
def token(created: Created) -> dict[str, str]:
    return {"Authorization": f"Bearer {created.token.read_text().strip()}"}


def give_directory(node: Node) -> Members:
    """Montluçon and Drancy are members; as if mirrored."""
    drancy = NodeKeys.generate("drancy.emploi.example", seeded(1))
    members = members_of([member_of(node.keys), member_of(drancy)])
    with node.database.write() as uow:
        uow.directory.save_members_json(encode_members(members), node.now())
    return members


def test_the_version_is_that_of_the_distribution() -> None:
    pyproject = tomllib.loads((Path(package.__file__).parents[1] / "pyproject.toml").read_text())
    assert package.__version__ == pyproject["project"]["version"]


class TestHealth:
    def test_a_new_node_is_alive_and_ready_without_a_network(self, client: Client) -> None:
        assert client.get("/healthz").json() == {"status": "ok"}
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()) == (200, {"ready": True, "problems": []})

    def test_to_ask_whether_it_is_ready_writes_nothing(self, client: Client, node: Node) -> None:
        for _ in range(2):
            assert client.get("/readyz").status_code == 200
        with node.database.read() as uow:
            assert uow.journal.checkpoint() is None

    def test_keys_that_others_may_read_make_it_unready(self, client: Client, node: Node) -> None:
        node.config.keys_file.chmod(0o644)
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"ready": False, "problems": ["keys"]})
        assert client.get("/healthz").status_code == 200

    def test_a_changed_entry_makes_it_unready_and_unsigned(self, created: Created) -> None:
        config = load(created.config)
        with closing(sqlite3.connect(config.data_dir / "maillon.db")) as database, database:
            changed = database.execute("UPDATE journal_entry SET entry = ?", (b"\x01" + b"\x00" * 32,))
            assert changed.rowcount == 1
        node = open_node(config)
        try:
            with Client(create_app(node)) as client:
                assert client.get("/readyz").json()["problems"] == ["journal"]
                assert client.get(f"/journal/{EPOCH}/checkpoint").status_code == 503
        finally:
            node.close()

    def test_a_database_that_does_not_answer_makes_it_unready(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("node.services.network.checking.check_journal", _raising(DatabaseBusy("held")))
        assert client.get("/readyz").json()["problems"] == ["database"]


def _raising(error: Exception) -> Callable[..., object]:
    def fail(*_arguments: object, **_named: object) -> object:
        raise error

    return fail


class TestToken:
    @pytest.mark.parametrize(
        "header", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic {token}", "Bearer {token}x", "Bearer \xe9"]
    )
    def test_without_the_token_nothing_is_told(self, client: Client, token: dict[str, str], header: str | None) -> None:
        good = token["Authorization"].removeprefix("Bearer ")
        sent = [] if header is None else [(b"authorization", header.replace("{token}", good).encode("latin-1"))]
        answer = client.get("/api/v1/status", headers=sent)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == PROBLEM
        assert answer.json()["type"] == "urn:maillon:problem:bad_token"
        assert good not in answer.text

    def test_with_it_the_status_is_told(self, client: Client, token: dict[str, str], node: Node) -> None:
        told = client.get("/api/v1/status", headers=token).json()
        assert told["id"] == "montlucon.emploi.example"
        assert told["journal"]["size"] == 1
        assert told["journal"]["vkey"].startswith("montlucon.emploi.example/journal/1+")
        assert told["directory"] is None
        assert told["peers"] == []
        assert told["counts"]["candidates"] == 0

    def test_every_route_of_the_api_needs_it(self, client: Client) -> None:
        paths = client.get("/api/v1/openapi.json").json()["paths"]
        guarded = [path for path in paths if path.startswith("/api/")]
        assert "/api/v1/status" in guarded
        for path in guarded:
            for method in paths[path]:
                address = path.replace("{", "").replace("}", "")
                assert client.request(method, address).status_code == 401, (method, path)


class TestProblems:
    def test_what_is_not_there(self, client: Client, token: dict[str, str]) -> None:
        answer = client.get("/api/v1/nothing", headers=token)
        assert answer.json() == {"type": "urn:maillon:problem:not_found", "title": "Introuvable", "status": 404}

    def test_a_method_that_does_not_exist(self, client: Client, token: dict[str, str]) -> None:
        answer = client.delete("/api/v1/status", headers=token)
        assert (answer.status_code, answer.json()["type"]) == (405, "urn:maillon:problem:method_not_allowed")
        assert answer.headers["allow"] == "GET"

    def test_a_body_beyond_the_cap(self, client: Client, token: dict[str, str]) -> None:
        answer = client.post("/api/v1/imports/candidates", headers=token, content=b"x" * (MAX_FILE_BYTES + 1))
        assert (answer.status_code, answer.json()["type"]) == (413, "urn:maillon:problem:too_large")

    @pytest.mark.parametrize(
        ("error", "status", "word"),
        [
            (Conflict("Déjà là."), 409, "conflict"),
            (Unavailable("Plus tard."), 503, "unavailable"),
            (Unreachable("no answer in time"), 502, "unreachable"),
            (DatabaseBusy("held"), 503, "busy"),
            (WrongDatabase("later schema"), 500, "internal"),
            (RuntimeError("Mme Martin, 06 12 34 56 78"), 500, "internal"),
        ],
    )
    def test_each_failure_is_one_problem_that_quotes_nothing(
        self,
        client: Client,
        token: dict[str, str],
        monkeypatch: pytest.MonkeyPatch,
        error: Exception,
        status: int,
        word: str,
    ) -> None:
        monkeypatch.setattr("node.api.status.status", _raising(error))
        answer = client.get("/api/v1/status", headers=token)
        assert answer.status_code == status
        assert answer.json()["type"] == f"urn:maillon:problem:{word}"
        assert answer.json()["title"]
        assert "Martin" not in answer.text


class TestMembers:
    def test_before_joining_there_are_none(self, client: Client, token: dict[str, str]) -> None:
        assert client.get("/api/v1/members", headers=token).json() == {"members": []}

    def test_the_directory_in_force_is_told(self, client: Client, token: dict[str, str], node: Node) -> None:
        give_directory(node)
        told = client.get("/api/v1/members", headers=token).json()["members"]
        assert [one["id"] for one in told] == ["drancy.emploi.example", "montlucon.emploi.example"]
        assert told[0]["joined"] == NOW.isoformat().replace("+00:00", "Z")


class _Page(HTMLParser):
    """Tags, and the text between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


class TestPage:
    def test_a_node_alone_says_so(self, client: Client) -> None:
        answer = client.get("/etat")
        page = _Page(answer.text)
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "Aucun réseau n'est encore rejoint." in page.text
        assert not {"form", "iframe", "style"} & set(page.tags)

    def test_peers_are_shown_with_their_state(self, client: Client, node: Node) -> None:
        give_directory(node)
        page = _Page(client.get("/etat").text)
        assert "Ville de Drancy" in page.text
        assert "première visite à venir" in page.text
        assert page.tags.count("th") == 7

    def test_a_peers_name_is_text(self, client: Client, node: Node) -> None:
        members = give_directory(node)
        hostile = [msgspec.structs.replace(one, name="<script>alert(1)</script>") for one in members.members]
        with node.database.write() as uow:
            uow.directory.save_members_json(
                encode_members(msgspec.structs.replace(members, version=2, members=hostile)), node.now()
            )
        answer = client.get("/etat")
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;" in answer.text

    def test_every_answer_carries_the_security_headers(self, client: Client) -> None:
        for path in ("/", "/static/maillon.css", "/healthz", "/api/v1/status", "/nowhere", "/journal/1/checkpoint"):
            headers = client.get(path).headers
            assert {name: headers[name] for name in HEADERS} == HEADERS, path
        assert "script-src 'self';" in HEADERS["content-security-policy"]
        assert "unsafe" not in HEADERS["content-security-policy"]
        assert "default-src 'none'" in HEADERS["content-security-policy"]

    def test_its_style_is_served(self, client: Client) -> None:
        answer = client.get("/static/maillon.css")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/css")
        assert "url(" not in answer.text
        assert "@import" not in answer.text


class TestComposition:
    def test_the_journal_is_public_and_verifies(self, node: Node) -> None:
        client = Client(create_app(node))
        key = client.get("/journal/1/vkey").text.strip()
        checkpoint = open_checkpoint(client.get("/journal/1/checkpoint").content, key)
        assert (checkpoint.size, checkpoint.origin) == (1, "montlucon.emploi.example/journal/1")

    def test_a_coordinator_serves_its_directory_from_the_moment_it_exists(
        self, make_node: Callable[..., Created]
    ) -> None:
        node = open_node(load(make_node("reseau.emploi.example", "coordinator").config))
        try:
            with Client(create_app(node)) as client:
                assert client.get("/directory/metadata/timestamp.json").status_code == 404
                coordinating.create(node, "Réseau d'essai")
                assert client.get("/directory/metadata/timestamp.json").status_code == 200
                assert client.get("/directory/keys/root-1.pem").status_code == 404
        finally:
            node.close()

    def test_a_town_has_no_directory_to_serve(self, client: Client) -> None:
        assert client.get("/directory/metadata/timestamp.json").status_code == 404

    def test_a_lost_database_is_never_replaced_in_silence(self, created: Created) -> None:
        config = load(created.config)
        for file in config.data_dir.glob("maillon.db*"):
            file.unlink()
        with pytest.raises(MissingDatabase, match=r"maillon\.db"):
            open_node(config)
        assert not list(config.data_dir.glob("maillon.db*"))

    def test_another_towns_database_or_keys_are_refused(self, make_node: Callable[..., Created]) -> None:
        drancy, bayonne = (
            load(make_node("drancy.emploi.example").config),
            load(make_node("bayonne.emploi.example").config),
        )
        (bayonne.data_dir / "maillon.db").replace(drancy.data_dir / "maillon.db")
        with pytest.raises(WrongDatabase):
            open_node(drancy)
        bayonne.keys_file.replace(drancy.keys_file)
        with pytest.raises(IdentityError, match=r"bayonne\.emploi\.example"):
            open_node(drancy)

    def test_keys_are_those_of_the_file(self, node: Node) -> None:
        assert node.federation.keys.key_id(Purpose.HTTP).startswith("montlucon.emploi.example#http-")
