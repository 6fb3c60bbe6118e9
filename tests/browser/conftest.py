"""A town's node on loopback, and Debian's chromium looking at it.

    def test_it(visit: Visit) -> None:
        page = visit("/aujourdhui", role=Role.COUNSELLOR, width=360)
        check(page)                        axe, borders at 3:1, no overflow, nothing in the console

`visit` opens a new context (its own cookies): signed in for a role, as a phone or a desk, with or without JavaScript.
With MAILLON_SCREENS=DIR, `shoot(page, "name")` writes pictures there.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from node.app import open_node
from node.config import load
from node.config_sections import SignOnSection
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Role
from node.services.accounts import accounts, sessions
from node.services.network.founding import Wish, create_node
from node.services.node import Node
from tests.browser.serving import HOST, PATIENCE, Underway, listening, serving
from tests.node.applications import application

CHROMIUM = [Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")]
"""The one without windows opens a page three times as fast."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PHONE, DESK = 360, 1280
WIDTHS = [PHONE, pytest.param(DESK, marks=pytest.mark.soak)]
"""For what is the same at both: a page overflows on a telephone first."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "RGAAv4", "best-practice"]
PASSWORD = "quatre mots de passe"

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


expect.set_options(timeout=PATIENCE * 1000)


@dataclass
class LaterClock:
    """The machine's clock, and what a test lets pass."""

    later: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later


@dataclass
class Site:
    """A served node. `url` is its address."""

    node: Node
    url: str
    clock: LaterClock
    underway: Underway

    def wait(self, **passing: float) -> None:
        """Let time pass for the node, as `timedelta` takes it."""
        self.clock.later += timedelta(**passing)

    def account(self, role: Role) -> Account:
        """The account of that role, made at its first use."""
        email = f"{role.value}@montlucon.example"
        with self.node.database.read() as uow:
            found = uow.accounts.by_email(email)
        names = {Role.COUNSELLOR: "Karima Benali", Role.HEAD: "Marie Réau", Role.EMPLOYER: "Ludovic Chauvet"}
        return found or accounts.open_account(
            self.node.desk, name=names.get(role, role.label), email=email, roles=[role], password=PASSWORD
        )

    def session(self, *, role: Role | None = None, candidate: str = "") -> str:
        """The token of a new session."""
        with self.node.database.write() as uow:
            account = "" if role is None else uow.accounts.by_email(f"{role.value}@montlucon.example")
            return sessions.open_session(
                uow, self.node.desk, account=account.id if isinstance(account, Account) else "", candidate=candidate
            ).token


@contextmanager
def served(folder: Path, template: Path, sign_on: SignOnSection = SignOnSection()) -> Iterator[Site]:
    """A copy of that node, served on a free port until the block ends. It may call a provider on this machine."""
    private = ("127.0.0.0/8",) if sign_on.issuer else ()
    directory = folder / "node"
    shutil.copytree(template, directory)
    with listening() as (listener, port):
        config = load(directory / "config.toml")
        config = config.model_copy(
            update={
                "node": config.node.model_copy(update={"base_url": f"http://{HOST}:{port}"}),
                "server": config.server.model_copy(update={"port": port}),
                "network": config.network.model_copy(update={"allow_private_addresses": private}),
                "sign_on": sign_on,
            }
        )
        clock = LaterClock()
        node = open_node(config, clock=clock)
        underway = Underway(application(node))
        try:
            with serving(underway, listener):
                yield Site(node, f"http://{HOST}:{port}", clock, underway)
        finally:
            node.close()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Montluçon's directory as `init` makes it, to be copied: the key backup is slow to make."""
    directory = tmp_path_factory.mktemp("browser") / "montlucon"
    wish = Wish(
        id="montlucon.emploi.example",
        name="Mission emploi de Montluçon",
        role="town",
        base_url="http://127.0.0.1:8101",
        commune="03185",
    )
    create_node(directory, wish, os.urandom, datetime.now(UTC))
    return directory


@pytest.fixture
def site(tmp_path: Path, template: Path) -> Iterator[Site]:
    """A fresh town's node for one test."""
    with served(tmp_path, template) as opened:
        yield opened


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; tests are skipped where it is not installed."""
    installed = next((path for path in CHROMIUM if path.exists()), None)
    if installed is None:
        pytest.skip("no chromium here: apt-get install chromium-headless-shell")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=installed, args=list(ARGUMENTS))
        yield opened
        opened.close()


class Visit(Protocol):
    """Open a page of the site in a context of its own."""

    def __call__(
        self,
        path: str = "/",
        *,
        role: Role | None = None,
        candidate: str = "",
        width: int = DESK,
        javascript: bool = True,
        language: str = "fr-FR",
    ) -> Page: ...


@dataclass
class _Heard:
    """What the console and the network said against a page."""

    lines: list[str] = field(default_factory=list)


_heard: dict[int, _Heard] = {}


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Visit]:
    """See `Visit`."""
    contexts: list[BrowserContext] = []

    def go(
        path: str = "/",
        *,
        role: Role | None = None,
        candidate: str = "",
        width: int = DESK,
        javascript: bool = True,
        language: str = "fr-FR",
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            locale=language,
            timezone_id="Europe/Paris",
            java_script_enabled=javascript,
            has_touch=width < 600,
        )
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        if role is not None:
            site.account(role)
        if role is not None or candidate:
            token = site.session(role=role, candidate=candidate)
            context.add_cookies([{"name": f"maillon-{site.node.config.server.port}", "value": token, "url": site.url}])
        page = context.new_page()
        heard = _heard[id(page)] = _Heard()
        page.on("console", lambda said: heard.lines.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: heard.lines.append(str(error)))
        page.goto(site.url + path)
        return page

    yield go
    for context in contexts:
        context.close()
    _heard.clear()


_BORDERS = """
() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const f = (v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b);
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const behind = (node) => {
    for (let n = node.parentElement; n; n = n.parentElement) {
      const c = rgb(getComputedStyle(n).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const n of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (!n.getClientRects().length) continue;
    const border = rgb(getComputedStyle(n).borderTopColor);
    const filled = n.matches(":checked") ? rgb(getComputedStyle(n).backgroundColor) : border;
    if (ratio(n.matches(":checked") ? filled : border, behind(n)) < 3) bad.push(n.id || n.name);
  }
  for (const n of document.querySelectorAll(".btn:not(.btn-plain)")) {
    if (!n.getClientRects().length) continue;
    const style = getComputedStyle(n);
    const edges = [rgb(style.borderTopColor), rgb(style.backgroundColor)].filter((c) => c.length === 3 || c[3] === 1);
    if (!edges.some((c) => ratio(c, behind(n)) >= 3)) bad.push(n.textContent.trim());
  }
  return bad;
}
"""

_OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_IDS = "() => [...document.querySelectorAll('[id]')].map(n => n.id).filter((id, i, all) => all.indexOf(id) !== i)"


def check(page: Page, status: int = 200) -> None:
    """Nothing that axe finds, no border of a field or button under 3:1, no sideways scrolling, nothing in the console
    but the status that is expected."""
    assert findings(page) == []
    assert page.evaluate(_BORDERS) == []
    assert page.evaluate(_OVERFLOW) <= 0
    assert page.evaluate(_IDS) == []
    assert [line for line in _heard[id(page)].lines if f"status of {status} " not in line] == []


def findings(page: Page) -> list[str]:
    """What axe finds: rule, and the elements that break it."""
    page.evaluate(_AXE)
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})", RULES
    )
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']]} {one['nodes'][0]['failureSummary']}"
        for one in found["violations"]
    ]


def shoot(page: Page, name: str) -> None:
    """A picture of the whole page, where MAILLON_SCREENS says."""
    folder = os.environ.get("MAILLON_SCREENS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
