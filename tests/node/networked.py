"""A whole network in process: a coordinator with its directory, and towns that joined it, each as `init` makes it.

Unlike on a `Stage`, the directory is real: created, joined, mirrored and refreshed by the commands' own functions.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI

from federation.peers.visit import PullReport, pull
from federation.serving.routes import make_router
from node.app import open_node
from node.config import load
from node.services.network import coordinating, membership
from node.services.network.founding import Wish, create_node
from node.services.node import Node
from node.web_app import DirectoryFolder
from protocol.members import Member
from tests.federation.conftest import FixedClock, seeded
from tests.node.mission.samples import NOW
from tests.node.stage import DRANCY, MONTLUCON, Wire

RESEAU = "reseau.emploi.example"
WISHES = {
    RESEAU: Wish(RESEAU, "Réseau des villes", "coordinator", f"https://{RESEAU}"),
    DRANCY: Wish(DRANCY, "Ville de Drancy", "town", f"https://{DRANCY}", commune="93029"),
    MONTLUCON: Wish(MONTLUCON, "Ville de Montluçon", "town", f"https://{MONTLUCON}", commune="03185"),
}


@dataclass
class LossyWire(Wire):
    """A network that can be cut, or lose an answer, for one node."""

    down: set[str] = field(default_factory=set)
    lose_answers_of: set[str] = field(default_factory=set)
    carried: list[str] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        if host in self.down:
            raise httpx.ConnectError("down", request=request)
        answer = super().handle_request(request)
        self.carried.append(f"{request.method} {request.url.path}")
        if host in self.lose_answers_of:
            raise httpx.ReadTimeout("the answer is lost", request=request)
        return answer


@dataclass
class Networked:
    """The nodes, their one clock, and the wire between them."""

    clock: FixedClock
    wire: LossyWire
    folders: Mapping[str, Path]
    nodes: dict[str, Node]
    clocks: dict[str, FixedClock] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Node:
        return self.nodes[name]

    @property
    def reseau(self) -> Node:
        return self.nodes[RESEAU]

    @property
    def drancy(self) -> Node:
        return self.nodes[DRANCY]

    @property
    def montlucon(self) -> Node:
        return self.nodes[MONTLUCON]

    def open(self, name: str) -> None:
        """A new process over the same files."""
        node = open_node(
            load(self.folders[name] / "config.toml"),
            clock=self.clocks.setdefault(name, self.clock),
            random_bytes=seeded(100 + list(WISHES).index(name)),
            http=self.wire,
        )
        if name in self.nodes:
            self.nodes[name].close()
        self.nodes[name] = node
        app = FastAPI(openapi_url=None)
        app.include_router(make_router(node.federation, directory=DirectoryFolder(node.config.registry_dir)))
        self.wire.apps[name] = app

    def wait(self, **passing: float) -> None:
        """Let time pass, as `timedelta` takes it; the coordinator's online keys sign again, members refresh."""
        self.clock.moment += timedelta(**passing)
        self.refresh()

    def refresh(self) -> None:
        """The coordinator first, so that nobody finds it out of date."""
        for name in self.nodes:
            membership.refresh(self.nodes[name])

    def listed(self, name: str, by: str = RESEAU) -> Member:
        """What that node's directory says of another."""
        return self.nodes[by].federation.member(name)

    def visit(self, visitor: Node, peer: Node) -> PullReport:
        return pull(visitor.federation, peer.config.node.id)


@cache
def _founded(folder: Path) -> Path:
    """The nodes, members of one network, made once: keys, backups and databases take a while."""
    for number, (name, wish) in enumerate(WISHES.items()):
        create_node(folder / name, wish, seeded(number), NOW)
    with _opened({name: folder / name for name in WISHES}) as net:
        founded = coordinating.create(net.reseau, "Réseau d'essai")
        for name in (DRANCY, MONTLUCON):
            membership.join(net[name], founded.coordinator_url, founded.root_sha256)
            coordinating.admit(net.reseau, name)
        net.refresh()
    return folder


@contextmanager
def _opened(folders: Mapping[str, Path]) -> Iterator[Networked]:
    with ExitStack() as stack:
        wire = LossyWire(stack.enter_context(start_blocking_portal()))
        net = Networked(FixedClock(NOW), wire, folders, {})
        for name in folders:
            net.open(name)
        yield net
        for node in net.nodes.values():
            node.close()


@pytest.fixture
def net(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Networked]:
    """The coordinator, Drancy and Montluçon."""
    template = _founded(tmp_path_factory.getbasetemp() / "network")
    for name in WISHES:
        shutil.copytree(template / name, tmp_path / name)
    with _opened({name: tmp_path / name for name in WISHES}) as opened:
        yield opened
