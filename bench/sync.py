"""A sync of many documents between two processes, fully verified and stored, beside plain `sqlite3` executemany.

    python -m bench.sync [--documents 100000] [--rounds 3] [--json FILE]

A journal holds the documents (`offer.published/1`, about 600 bytes each); one process serves it over HTTP on
loopback, another pulls it: signed requests, every commitment and proof verified, bodies decoded, rows and offers
stored, one transaction a page. Beside it, in turn, the same rows go into the same tables of a bare SQLite file by
executemany with the same pragmas, a transaction a page. Bare times depend on the machine; read the ratios.
"""

import contextlib
import os
import resource
import socket
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from hmac import digest
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from bench.report import Figure, parser, publish
from federation.peers import visit
from node import identity
from node.app import open_node
from node.config import load
from node.mission.offers.offer import Offer, OfferSite
from node.services.node import Node
from node.services.offers.publishing import publish_offers
from node.storage import open_database
from node.web_app import create_app
from protocol.keys import NodeKeys
from protocol.members import Member, Members, encode_members
from protocol.wire_json import timestamp

SERVER, PULLER = "montlucon.emploi.example", "drancy.emploi.example"
CHUNK = 2000
PAGE = 4096


def make_node(directory: Path, node_id: str, port: int) -> None:
    """A node's directory as `maillon init` would leave it, without the command's start-up time."""
    directory.mkdir(parents=True)
    (directory / "config.toml").write_text(
        f'[node]\nid = "{node_id}"\nname = "{node_id}"\nrole = "town"\nbase_url = "http://127.0.0.1:{port}"\n'
        f'[server]\nport = {port}\n[network]\nallow_private_addresses = ["127.0.0.0/8"]\n[sync]\npage_size = {PAGE}\n'
    )
    config = load(directory / "config.toml")
    identity.write_secret(config.keys_file, NodeKeys.generate(node_id, os.urandom).to_bytes())
    identity.write_secret(config.token_file, identity.new_token(os.urandom).encode())
    now = datetime.now(UTC)
    open_database(config.database_url, node_id=node_id, random_bytes=os.urandom, now=now).dispose()


@contextlib.contextmanager
def opened(directory: Path) -> Iterator[Node]:
    """A node of the benchmark, closed at the end."""
    node = open_node(load(directory / "config.toml"))
    try:
        yield node
    finally:
        node.close()


def introduce(directories: list[Path], now: datetime) -> None:
    """One directory of members, put into each node as its mirror would."""
    members = []
    for directory in directories:
        with opened(directory) as node:
            config = node.config.node
            members.append(
                Member(
                    id=config.id,
                    name=config.name,
                    role="town",
                    base_url=config.base_url,
                    commune="",
                    epoch=1,
                    keys=node.keys.public_keys(now - timedelta(days=1), now + timedelta(days=365)),
                    status="active",
                    joined=timestamp(now),
                )
            )
    members.sort(key=lambda member: member.id)
    data = encode_members(
        Members(
            network="bench",
            version=1,
            issued=timestamp(now),
            referential="bench",
            witness_quorum=0,
            members=members,
        )
    )
    for directory in directories:
        with opened(directory) as node, node.database.write() as uow:
            uow.directory.save_members_json(data, now)


def fill(directory: Path, documents: int) -> float:
    """Publish that many offers; the mean size of a body in bytes."""
    today = date(2030, 1, 1)
    with opened(directory) as node:
        now = node.desk.now()
        for start in range(0, documents, CHUNK):
            offers = [
                Offer(
                    id=f"o{number:07d}",
                    node=SERVER,
                    reference=f"R{number:07d}",
                    employer="Propreté Services",
                    title="Agent / Agente de nettoyage industriel",
                    rome="K2204",
                    description=sha256(str(number).encode()).hexdigest(),
                    salary="Selon convention collective",
                    sites=(OfferSite(id="s1", commune="03185", label="Montluçon", posts=2),),
                    closes=today,
                )
                for number in range(start, min(documents, start + CHUNK))
            ]
            with node.database.write() as uow:
                publish_offers(uow, node.desk, offers, now)
        with node.database.read() as uow:
            bodies = [r.opening.body or b"" for r in uow.journal.records(1, 200)]
        return sum(map(len, bodies)) / len(bodies)


def serve(directory: Path, ready: Any) -> None:
    """The serving process."""
    import uvicorn

    with opened(directory) as node:
        config = uvicorn.Config(
            create_app(node), port=node.config.server.port, log_level="error", access_log=False, lifespan="off"
        )
        server = uvicorn.Server(config)
        ready.set()
        server.run()


class Counting(httpx.BaseTransport):
    """Counts the bytes of bodies that come in, on the way to the real transport."""

    def __init__(self) -> None:
        self.inner = httpx.HTTPTransport()
        self.received = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        self.received += int(response.headers.get("content-length", "0"))
        return response


def pull(directory: Path, results: Any) -> None:
    """The pulling process: everything, from an empty replica."""
    counting = Counting()
    node = open_node(load(directory / "config.toml"), http=counting)
    began, cpu = time.perf_counter(), time.process_time()
    report = visit.pull(node.federation, SERVER)
    wall, busy = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    node.close()
    results.put(
        {"wall": wall, "cpu": busy, "applied": report.applied, "error": report.error, "bytes": counting.received,
         "peak_mb": peak}
    )  # fmt: skip


def plain(source: Path, target: Path) -> float:
    """Seconds of plain executemany for the rows that the sync stored (openings and offers), into tables of the same
    definition with the same indexes, a transaction a page."""
    tables = ("replica_entry", "offer")
    with contextlib.closing(sqlite3.connect(source)) as database:
        definitions = [
            sql
            for name in tables
            for (sql,) in database.execute("SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql NOT NULL", (name,))
        ]
        rows = {name: database.execute(f"SELECT * FROM {name} ORDER BY rowid").fetchall() for name in tables}
    began = time.perf_counter()
    database = sqlite3.connect(target, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    for definition in definitions:
        database.execute(definition)
    for start in range(0, len(rows["replica_entry"]), PAGE):
        database.execute("BEGIN IMMEDIATE")
        for name in tables:
            page = rows[name][start : start + PAGE]
            if page:
                database.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * len(page[0]))})", page)
        database.execute("COMMIT")
    database.close()
    return time.perf_counter() - began


def cryptography_seconds(documents: int, body: int) -> float:
    """CPU seconds that the hashing of a sync of so many documents takes, measured here and now: two HMAC an opening,
    one leaf hash and one node hash an entry. (Signatures are one a page: too few to count.)"""
    salt, header, text = os.urandom(32), os.urandom(330), os.urandom(body)
    rounds = 20_000
    began = time.process_time()
    for _ in range(rounds):
        digest(salt, header, "sha256")
        digest(salt, text, "sha256")
        sha256(salt).digest()
        sha256(header[:65]).digest()
    return (time.process_time() - began) / rounds * documents


def free_port() -> int:
    """A port of loopback that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def in_process(work: Callable[..., None], *arguments: Any) -> Any:
    """Run in a fresh process and give what it put into its queue."""
    context = get_context("spawn")
    results = context.Queue()
    process = context.Process(target=work, args=(*arguments, results))
    process.start()
    result = results.get(timeout=600)
    process.join()
    return result


def main() -> int:
    """Run the rounds, print the table; 1 when an aim is missed."""
    options = parser("sync", (__doc__ or "").splitlines()[0])
    options.add_argument("--documents", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="maillon-bench-") as name:
        base = Path(name)
        make_node(base / "server", SERVER, free_port())
        make_node(base / "puller", PULLER, free_port())
        introduce([base / "server", base / "puller"], datetime.now(UTC))
        body = fill(base / "server", arguments.documents)
        (base / "empty").mkdir()
        for path in (base / "puller").iterdir():
            (base / "empty" / path.name).write_bytes(path.read_bytes())
        context = get_context("spawn")
        ready = context.Event()
        server = context.Process(target=serve, args=(base / "server", ready))
        server.start()
        try:
            ready.wait(60)
            time.sleep(1)
            rounds = []
            for number in range(arguments.rounds):
                for path in (base / "puller").glob("maillon.db*"):
                    path.unlink()
                (base / "puller" / "maillon.db").write_bytes((base / "empty" / "maillon.db").read_bytes())
                before = _cpu_of(server.pid)
                result = in_process(pull, base / "puller")
                result["server_cpu"] = _cpu_of(server.pid) - before
                result["plain"] = plain(base / "puller" / "maillon.db", base / f"plain-{number}.db")
                rounds.append(result)
        finally:
            server.terminate()
            server.join()
    return _tell(rounds, arguments.documents, body, arguments.json)


def _cpu_of(pid: int | None) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _tell(rounds: list[dict[str, Any]], documents: int, body: float, path: Path) -> int:
    wall, cpu = median(r["wall"] for r in rounds), median(r["cpu"] for r in rounds)
    crypto = cryptography_seconds(documents, int(body))
    ratio = median(r["wall"] / r["plain"] for r in rounds)
    share = crypto / cpu
    lost = sum(documents - (r["applied"] - 1) for r in rounds)
    failed = sum(bool(r["error"]) for r in rounds)
    figures = [
        Figure("documents", documents, ""),
        Figure("body", body, "B a document"),
        Figure("verified and stored", documents / wall, "documents/s"),
        Figure("sync", wall, "s"),
        Figure("plain sqlite3 executemany, same rows", median(r["plain"] for r in rounds), "s"),
        Figure("sync / plain", ratio, "x", "at most 4", ratio <= 4),
        Figure("on the wire", rounds[0]["bytes"] / documents, "B a document"),
        Figure("puller CPU", cpu, "s"),
        Figure("server CPU", median(r["server_cpu"] for r in rounds), "s"),
        Figure("hashing, of the puller's CPU", 100 * share, "%", "under 15", share < 0.15),
        Figure("puller peak memory", max(r["peak_mb"] for r in rounds), "MB"),
        Figure("documents lost", lost, "", "none", lost == 0),
        Figure("failed rounds", failed, "", "none", failed == 0),
    ]
    return publish("sync", figures, path)


if __name__ == "__main__":
    sys.exit(main())
