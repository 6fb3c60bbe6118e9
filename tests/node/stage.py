"""Whole nodes on one stage: as `init` makes them and `open_node` opens them, with one clock and a network between them.

Two towns, Drancy and Montluçon, and Les Grands Moulins, a national employer. Each has its database, keys, token and
web application; requests between them are carried in process, signed and verified as ever.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

from federation.peers.visit import PullReport, pull
from federation.serving.routes import make_router
from node import identity
from node.app import open_node
from node.config import load
from node.mission.forwards.forward import Forward
from node.mission.offers.offer import Offer
from node.mission.people.candidate import Candidate
from node.services.desk import Desk
from node.services.forwards import sending
from node.services.network.founding import Wish, create_node
from node.services.node import Node
from node.services.offers.publishing import publish_offers
from protocol.keys import Purpose
from protocol.members import Members, encode_members
from protocol.wire_json import timestamp
from tests.asking import Client
from tests.federation.conftest import FixedClock, member_of, members_of, seeded
from tests.node.applications import application
from tests.node.mission import samples
from tests.node.mission.samples import NOW

DRANCY = "drancy.emploi.example"
MONTLUCON = "montlucon.emploi.example"
MOULINS = "grands-moulins.emploi.example"

NODES = {
    DRANCY: Wish(DRANCY, "Ville de Drancy", "town", f"https://{DRANCY}", commune="93029"),
    MONTLUCON: Wish(MONTLUCON, "Ville de Montluçon", "town", f"https://{MONTLUCON}", commune="03185"),
    MOULINS: Wish(MOULINS, "Les Grands Moulins", "employer", f"https://{MOULINS}"),
}


def make_templates(folder: Path) -> Path:
    """The three nodes, members of one network, to be copied for each test: making keys and backups takes a while."""
    keys = []
    for number, (name, wish) in enumerate(NODES.items()):
        created = create_node(folder / name, wish, seeded(number), NOW)
        keys.append(identity.load_keys(load(created.config).keys_file, name).as_newest())
    members = members_of(
        [
            msgspec.structs.replace(member_of(one), name=NODES[one.node_id].name, role=NODES[one.node_id].role)
            for one in keys
        ]
    )
    for name in NODES:
        node = open_node(load(folder / name / "config.toml"))
        with node.database.write() as uow:
            uow.directory.save_members_json(encode_members(members), NOW)
        node.close()
    return folder


@dataclass
class Wire(httpx.BaseTransport):
    """A network that always works, between the nodes of one stage; tests/simulator.py has one that does not."""

    portal: BlockingPortal
    apps: dict[str, FastAPI] = field(default_factory=dict)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Give the request to the node that its host names."""
        request.read()
        if request.url.host not in self.apps:
            raise httpx.ConnectError("nobody there", request=request)
        return self.portal.call(self._ask, request)

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        answer = await httpx.ASGITransport(self.apps[request.url.host]).handle_async_request(request)
        content = httpx.ByteStream(await answer.aread())
        return httpx.Response(answer.status_code, headers=answer.headers, stream=content)


@dataclass
class Place:
    """One node, open."""

    node: Node

    @property
    def id(self) -> str:
        return self.node.config.node.id

    @property
    def desk(self) -> Desk:
        return self.node.desk

    @cached_property
    def app(self) -> FastAPI:
        """The node's whole web application; stories without pages or API do without it."""
        return application(self.node)

    @property
    def token(self) -> str:
        return identity.load_token(self.node.config.token_file)

    def client(self, token: str | None = None) -> Client:
        """A client of the API that sends the token, or another one; an empty one sends none."""
        sent = self.token if token is None else token
        headers = {"Authorization": f"Bearer {sent}"} if sent else {}
        return Client(self.app, base_url=f"https://{self.id}", headers=headers, raising=False)

    def enrol(self, *candidates: Candidate) -> None:
        """Put people into the register."""
        with self.node.database.write() as uow:
            for candidate in candidates:
                uow.candidates.add(candidate)

    def post(self, *offers: Offer) -> list[Offer]:
        """Publish offers of this node."""
        with self.node.database.write() as uow:
            mine = [replace(offer, node=self.id) for offer in offers]
            return publish_offers(uow, self.desk, mine, self.desk.now())

    def candidate(self, name: str) -> Candidate | None:
        with self.node.database.read() as uow:
            return uow.candidates.get(name)

    def forward(self, forward_id: str) -> Forward:
        return sending.one_forward(self.desk, forward_id)

    def size(self) -> int:
        """Entries in the journal."""
        with self.node.database.read() as uow:
            return uow.journal.size()

    def taken(self, peer: "Place") -> int:
        """How far the peer's journal was taken in."""
        with self.node.database.read() as uow:
            return uow.replica.cursor(peer.id, 1).range.size

    def snapshot(self) -> Mapping[str, object]:
        """All that a refused demand must leave as it was."""
        with self.node.database.read() as uow:
            return {
                "journal": uow.journal.size(),
                "candidates": list(uow.candidates.all()),
                "offers": list(uow.offers.of_node(self.id)),
                "forwards": list(uow.forwards.all()),
                "ledger": list(uow.disclosures.all()),
                "release": uow.releases.last(),
            }


class Stage:
    """The nodes of one story."""

    def __init__(self, folder: Path, portal: BlockingPortal, names: Sequence[str]) -> None:
        self.clock = FixedClock(NOW)
        self.wire = Wire(portal)
        self.places = {name: self._open(folder / name, number) for number, name in enumerate(names)}

    def _open(self, folder: Path, number: int) -> Place:
        config = load(folder / "config.toml")
        node = open_node(config, clock=self.clock, random_bytes=seeded(100 + number), http=self.wire)
        peers = FastAPI(openapi_url=None)
        peers.include_router(make_router(node.federation))
        self.wire.apps[config.node.id] = peers
        return Place(node)

    def __getitem__(self, name: str) -> Place:
        return self.places[name]

    @property
    def drancy(self) -> Place:
        return self.places[DRANCY]

    @property
    def montlucon(self) -> Place:
        return self.places[MONTLUCON]

    @property
    def moulins(self) -> Place:
        return self.places[MOULINS]

    def wait(self, **passing: float) -> None:
        """Let time pass, as `timedelta` takes it."""
        self.clock.moment += timedelta(**passing)

    def sync(self) -> list[PullReport]:
        """Everybody visits whoever has news, until nobody has any; no visit may fail."""
        visits: list[PullReport] = []
        while True:
            self.wait(seconds=1)
            reports = [
                pull(here.node.federation, there.id)
                for here in self.places.values()
                for there in self.places.values()
                if there is not here and here.taken(there) < there.size()
            ]
            assert not [report for report in reports if report.error or report.alarm or report.refused], reports
            if not reports:
                return visits
            visits += reports

    def members(self) -> Members:
        return next(iter(self.places.values())).node.federation.members()

    def change(self, node_id: str, **changes: Any) -> None:
        """Every node verifies a new directory in which one member is changed."""
        before = self.members()
        members = [msgspec.structs.replace(m, **changes) if m.id == node_id else m for m in before.members]
        after = msgspec.structs.replace(before, version=before.version + 1, members=members)
        for place in self.places.values():
            with place.node.database.write() as uow:
                uow.directory.save_members_json(encode_members(after), self.clock.now())

    def hide_sealing_key(self, node_id: str) -> None:
        """For most of a year nothing can be sealed to this node: its key has not begun."""
        member, begins = self.members().find(node_id), timestamp(self.clock.now() + timedelta(days=300))
        assert member is not None
        to_come = [
            msgspec.structs.replace(key, not_before=begins, not_after="2099-01-01T00:00:00Z")
            if key.purpose is Purpose.SEALING
            else key
            for key in member.keys
        ]
        self.change(node_id, keys=to_come)
        self.wait(seconds=1)

    def close(self) -> None:
        for place in self.places.values():
            place.node.close()


@contextmanager
def open_stage(templates: Path, folder: Path, *names: str) -> Iterator[Stage]:
    """A stage with copies of these nodes; all three when none is named."""
    chosen = names or tuple(NODES)
    for name in chosen:
        shutil.copytree(templates / name, folder / name)
    with ExitStack() as stack:
        stage = Stage(folder, stack.enter_context(start_blocking_portal()), chosen)
        stack.callback(stage.close)
        yield stage


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three nodes of one network, made once."""
    return make_templates(tmp_path_factory.mktemp("nodes"))


@pytest.fixture
def stage(templates: Path, tmp_path: Path) -> Iterator[Stage]:
    """Drancy, Montluçon and Les Grands Moulins."""
    with open_stage(templates, tmp_path) as opened:
        yield opened


@pytest.fixture
def town(templates: Path, tmp_path: Path) -> Iterator[Place]:
    """Montluçon alone."""
    with open_stage(templates, tmp_path, MONTLUCON) as opened:
        yield opened.montlucon


def campaign(**changes: Any) -> Offer:
    """Warehouse work in Drancy and Montluçon, as Les Grands Moulins publish it."""
    fields: dict[str, Any] = {
        "id": "prep-2026",
        "reference": "PREP-2026",
        "employer": "Les Grands Moulins",
        "sites": (
            samples.site(samples.DRANCY, posts=4, identifier="drancy"),
            samples.site(samples.MONTLUCON, posts=2, identifier="montlucon"),
        ),
    }
    return samples.offer(**fields | changes)


def put_forward(home: Place, candidate: str, offer: str, site: str = "montlucon") -> Forward:
    """A draft, sent; to an offer of the town's own the person said yes."""
    agreed = "au téléphone" if offer.startswith(f"{home.id}/") else ""
    demand = sending.Demand(
        candidate=candidate, offer=offer, site=site, why="Ponctuelle, cinq ans en entrepôt.", agreed=agreed
    )
    return sending.send(home.desk, sending.create(home.desk, demand).id)
