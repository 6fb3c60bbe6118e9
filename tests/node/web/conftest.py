"""A town's pages, asked for as a browser does, with a clock that the story sets."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import unescape

import httpx
import pytest
from fastapi import FastAPI
from httpx2 import Response
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from node.app import open_node
from node.config import Config, load
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Role
from node.services.accounts import accounts, sessions
from node.services.network.founding import Created
from node.services.node import Node
from tests.asking import Client
from tests.federation.conftest import FixedClock
from tests.node.applications import application
from tests.node.conftest import french
from tests.node.web.mail_sink import Sink, smtp_sink

URL = "http://127.0.0.1:8101"
PASSWORD = "quatre mots de passe"
EMAILS = {role: f"{role.value}@montlucon.fr" for role in Role}

_HIDDEN = re.compile(r'<input type="hidden" name="csrf" value="([^"]+)">')


class Visitor(Client):
    """A browser: it has cookies, sends what browsers send, and takes the token of a page along with its form."""

    def send_form(self, path: str, page: str = "", *, follow: bool = True, **fields: object) -> Response:
        """Fill in the form of a page (the same path, when none is given) and send it."""
        shown = self.get(page or path)
        found = _HIDDEN.search(shown.text)
        data = {"csrf": unescape(found[1])} if found else {}
        return self.post(path, data=data | fields, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=follow)

    def text(self, path: str) -> str:
        """What the page says, with plain spaces and characters."""
        return words(self.get(path))


def words(answer: Response) -> str:
    """A page's source with entities and French spaces made plain."""
    return french(unescape(answer.text))


@dataclass
class Town:
    """A node and its visitors."""

    node: Node
    clock: FixedClock
    stack: ExitStack
    made: dict[Role, Account] = field(default_factory=dict)

    @cached_property
    def app(self) -> FastAPI:
        return application(self.node)

    def visitor(self, **headers: str) -> Visitor:
        """Somebody whom nobody knows yet."""
        browser = Visitor(
            self.app,
            base_url=self.node.config.node.base_url,
            headers={"Accept": "text/html,application/xhtml+xml", **headers},
            raising=False,
        )
        return self.stack.enter_context(browser)

    def account(self, role: Role) -> Account:
        """The account of that role, with `PASSWORD`."""
        if role not in self.made:
            self.made[role] = accounts.open_account(
                self.node.desk, name=f"Camille {role.label}", email=EMAILS[role], roles=[role], password=PASSWORD
            )
        return self.made[role]

    def signed_in(self, role: Role | None = None, candidate: str = "", **headers: str) -> Visitor:
        """Somebody with a session."""
        account = "" if role is None else self.account(role).id
        with self.node.database.write() as uow:
            came = sessions.open_session(uow, self.node.desk, account=account, candidate=candidate, agent="Firefox")
        visitor = self.visitor(**headers)
        name = "__Host-maillon" if self.node.config.node.base_url.startswith("https") else "maillon-8101"
        visitor.cookies.set(name, came.token)
        return visitor


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 is slow on purpose; stories need it to be right, not slow."""
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    monkeypatch.setattr(accounts, "_hasher", lambda: quick)


@contextmanager
def town_of(config: Config, http: httpx.BaseTransport | None = None) -> Iterator[Town]:
    clock = FixedClock()
    node = open_node(config, clock=clock, http=http)
    with ExitStack() as stack:
        stack.callback(node.close)
        yield Town(node, clock, stack)


@pytest.fixture
def town(created: Created) -> Iterator[Town]:
    """Montluçon, with its clock at the stories' noon."""
    with town_of(load(created.config)) as opened:
        yield opened


@pytest.fixture
def over_tls(created: Created) -> Iterator[Town]:
    """The same, as it is in production."""
    config = load(created.config)
    secure = config.node.model_copy(update={"base_url": "https://emploi.montlucon.example"})
    with town_of(config.model_copy(update={"node": secure})) as opened:
        yield opened


@pytest.fixture
def sink(town: Town) -> Iterator[Sink]:
    """A mail server that the town uses."""
    with smtp_sink() as opened:
        mail = {"host": "127.0.0.1", "port": opened.port, "security": "none", "sender": "ne-pas-repondre@montlucon.fr"}
        reached = {"phone": "04 70 02 55 00", "email": "emploi@montlucon.fr"}
        config = town.node.config
        town.node = replace(
            town.node,
            config=config.model_copy(
                update={
                    "mail": config.mail.model_copy(update=mail),
                    "reception": config.reception.model_copy(update=reached),
                }
            ),
        )
        yield opened
