"""The pages over HTTP on loopback, with 5,000 people, 20,000 open offers, 5,000 forwards; and look-up by keystrokes.

    python -m bench.pages [--people 5000] [--offers 20000] [--forwards 5000] [--visits 40] [--json FILE]

A fresh node is filled (tests/node/web/town.py) and started by `maillon serve`, as a town would. Pages are found in the
application's routes, and each is visited as the first who may see it; a page about one person is about another at each
visit. Then first views are weighed: a page with all that it loads, as it is transferred to a browser that has nothing
of it yet. A page's times are each visit's, from the request to the last byte of the answer; its
CPU is what the server used on average, whatever else the machine was doing.
"""

import base64
import contextlib
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen
from urllib.parse import urljoin

import httpx
import numpy as np

from bench.load import add_forwards, add_offers, cpu, wait_until_loaded
from bench.lookup import typing
from bench.node import free_port, serving
from bench.report import Figure, parser, publish
from node.app import open_node
from node.config import load
from node.mission.accounts.roles import Role
from node.services.network.founding import Wish, create_node
from tests.node.web.town import CANDIDATE, PUBLIC, TOWN, Town, addresses, examples, fill

PAGE_AIM, LOOKUP_AIM, VIEW_AIM = 200.0, 50.0, 100.0
"""Milliseconds, milliseconds, thousands of bytes."""
FIRST_VIEWS = ("/", "/deposer", "/connexion")
NO_PAGES = frozenset({"/connexion/retour"})
"""Where a sign-on provider sends people back: it leads on, where there is one."""
VISITORS = (
    PUBLIC,
    Role.COUNSELLOR,
    Role.HEAD,
    Role.ADMINISTRATOR,
    Role.COORDINATOR,
    Role.EMPLOYER,
    CANDIDATE,
)
NAMES_TYPED = 25

Clients = Mapping[str, httpx.Client]

_LOADED = re.compile(r'<(?:link|script|img|source)\b[^>]*?\b(?:href|src)="([^"#]+)')


SEARCHED = base64.urlsafe_b64encode(b"martin").decode()
"""What /chercher is asked for."""


def main() -> int:
    """Fill, serve, measure, print, write."""
    options = parser("pages", (__doc__ or "").splitlines()[0])
    options.add_argument("--people", type=int, default=5000)
    options.add_argument("--offers", type=int, default=20_000)
    options.add_argument("--forwards", type=int, default=5000)
    options.add_argument("--visits", type=int, default=40, help="of each page")
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="maillon-bench-") as name:
        directory, port = Path(name) / "town", free_port()
        began = time.perf_counter()
        town, names = filled(directory, port, arguments.people)
        load_with(directory, town.people, arguments.offers, arguments.forwards)
        figures = [
            Figure("people", arguments.people, "people"),
            Figure("open offers", arguments.offers, "offers"),
            Figure("forwards", arguments.forwards, "forwards"),
            Figure("filled", time.perf_counter() - began, "s"),
        ]
        with serving(directory) as server, clients_of(f"http://127.0.0.1:{port}", port, town) as clients:
            wait_until_ready(clients[PUBLIC], directory / "serve.log")
            wait_until_loaded(server)
            figures += _pages(clients, town, server, arguments.visits)
            figures += _views(clients[PUBLIC])
            figures += _look_up(clients[PUBLIC], names)
            figures.append(Figure("resident memory afterwards", resident(server), "MB"))
    return publish("pages", figures, arguments.json)


def filled(directory: Path, port: int, people: int) -> tuple[Town, dict[str, list[str]]]:
    """The town, and what may be looked up in each table."""
    wish = Wish(
        id="montlucon.emploi.example",
        name="Mission emploi de Montluçon",
        role="town",
        base_url=f"http://127.0.0.1:{port}",
        commune=TOWN,
        port=port,
    )
    created = create_node(directory, wish, os.urandom, datetime.now(UTC))
    node = open_node(load(created.config))
    try:
        town = fill(node.desk, people=people, handed=200, planned=40, noted=min(people, 500), forwarded=people)
        tables = node.desk.referential()
        names = {
            "metiers": [n for code in tables.occupations.codes() for n in tables.occupations.appellations(code)],
            "competences": [tables.skills.label(code) or "" for code in tables.skills.codes()],
            "communes": [name for name, _, _, _ in tables.communes.names()],
        }
    finally:
        node.close()
    return town, names


@contextlib.contextmanager
def clients_of(url: str, port: int, town: Town) -> Iterator[Clients]:
    """A browser for each visitor, with the session's cookie."""
    with contextlib.ExitStack() as stack:
        yield {
            who: stack.enter_context(
                httpx.Client(
                    base_url=url,
                    cookies={f"maillon-{port}": town.tokens[who], f"maillon-{port}-recherche": SEARCHED}
                    if who in town.tokens
                    else {},
                    trust_env=False,
                    timeout=30,
                )
            )
            for who in map(str, VISITORS)
        }


def wait_until_ready(client: httpx.Client, log: Path) -> None:
    """Wait for `/readyz`; ends the program with the server's log when it never comes."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            if client.get("/readyz").status_code == 200:
                return
        time.sleep(0.05)
    raise SystemExit(log.read_text())


def load_with(directory: Path, people: Sequence[str], offers: int, forwards: int) -> None:
    """Peers' open offers, and forwards of people to them."""
    node, draw = open_node(load(directory / "config.toml")), random.Random(1)
    try:
        add_offers(node.desk, offers, draw)
        add_forwards(node.desk, people, forwards, draw)
    finally:
        node.close()


def _pages(clients: Clients, town: Town, server: "Popen[bytes]", visits: int) -> Iterator[Figure]:
    for address in addresses():
        if address in NO_PAGES:
            continue
        first = next(examples(address, town))
        answers = {who: _visit(client, first)[0] for who, client in clients.items()}
        seen = [who for who, answer in answers.items() if answer.status_code == 200]
        if not seen:
            states = ", ".join(f"{who} {answer.status_code}" for who, answer in answers.items())
            moved = any(answer.status_code == 303 for answer in answers.values())
            yield Figure(f"GET {address}", 0, "ms", f"not shown ({states})", None if moved else False)
            continue
        kind = answers[seen[0]].headers["content-type"].partition(";")[0]
        times, failed, used = [], 0, cpu(server)
        for one in examples(address, town, visits):
            answer, taken = _visit(clients[seen[0]], one)
            times.append(1000 * taken)
            failed += answer.status_code != 200
        slow, used = p95(times), 1000 * (cpu(server) - used) / len(times)
        name = f"GET {address}, {seen[0]}, p95"
        if failed:
            yield Figure(name, slow, "ms", f"{failed} visits failed", False)
        elif kind == "text/html":
            yield Figure(name, slow, "ms", f"under {PAGE_AIM:.0f}", slow < PAGE_AIM)
        else:
            yield Figure(f"{name} ({kind})", slow, "ms")
        yield Figure(f"GET {address}, {seen[0]}, CPU each", used, "ms")


def _visit(client: httpx.Client, address: str) -> tuple[httpx.Response, float]:
    """The answer, and how long it took; whoever is told to come back later does so, as a page without an account may be
    asked for so many times a minute alone."""
    for _time in range(20):
        began = time.perf_counter()
        answer = client.get(address)
        if answer.status_code != 429:
            break
        time.sleep(min(float(answer.headers.get("Retry-After", 5)), 60))
    return answer, time.perf_counter() - began


def _views(client: httpx.Client) -> Iterator[Figure]:
    for path in FIRST_VIEWS:
        page = client.get(path)
        loaded = {urljoin(path, one) for one in _LOADED.findall(page.text)}
        answers = [page, *(client.get(one) for one in sorted(loaded))]
        weight = sum(answer.num_bytes_downloaded for answer in answers) / 1000
        name = f"first view of {path}: {len(answers)} files"
        yield Figure(name, weight, "kB", f"under {VIEW_AIM:.0f}", page.status_code == 200 and weight < VIEW_AIM)


def _look_up(client: httpx.Client, names: Mapping[str, list[str]]) -> Iterator[Figure]:
    for table, labels in names.items():
        draw, times = random.Random(1), []
        for _ in range(NAMES_TYPED):
            _label, keystrokes, _wrong = typing(draw, draw.choice(labels))
            for text in keystrokes:
                began = time.perf_counter()
                answer = client.get(f"/recherche/{table}", params={"q": text}, headers={"HX-Request": "true"})
                times.append(1000 * (time.perf_counter() - began))
                answer.raise_for_status()
        slow = p95(times)
        name = f"look-up in {table}, {len(times)} keystrokes, p95"
        yield Figure(name, slow, "ms", f"under {LOOKUP_AIM:.0f}", slow < LOOKUP_AIM)


def p95(times: list[float]) -> float:
    """What 95 of 100 visits take at most."""
    return float(np.percentile(times, 95))


def resident(process: "Popen[bytes]") -> float:
    """Megabytes that a process holds in memory."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main())
