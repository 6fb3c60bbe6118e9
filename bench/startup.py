"""What a command costs as a whole process on a node with 20,000 offers: processor seconds (user and system), memory.

Each command is run several times, in turn with the others, so that a machine that gets slower slows them all; the
median is told. With `--beside PYTHON` (another checkout's interpreter) each run is paired with one of that version on
a node directory of its own making, and the ratio is told too.
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import msgspec

from bench.report import Figure, parser, publish
from node.mission.offers.offer import Offer, OfferSite
from node.storage.offers import published_text

NODE = "vichy.emploi.example"
OFFERS = 20_000
SECONDS = 0.4
COMMANDS = {
    "--help": ("--help",),
    "status": ("status", "--json"),
    "candidate list": ("candidate", "list"),
    "offer list": ("offer", "list"),
    "forward list": ("forward", "list"),
    "network list": ("network", "list"),
    "account list": ("account", "list"),
    "journal export": ("journal", "export", "--out", "journal"),
    "release --dry-run": ("release", "--dry-run"),
    "search offers": ("search", "offers", "--rome", "D1101"),
    "check": ("check",),
    "sync, of nobody": ("sync",),
}


@dataclass(frozen=True, slots=True)
class Cost:
    """One finished process: processor seconds, and its greatest memory in MB."""

    seconds: float
    megabytes: float


def main() -> int:
    arguments = parser("startup", __doc__ or "")
    arguments.add_argument("--runs", type=int, default=7, help="runs of each command; the first is not counted")
    arguments.add_argument("--beside", type=Path, help="the interpreter of another checkout's environment")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as made:
        # In turn: this version first, then the other one.
        sides = [(Path(sys.executable), Path(made) / "here")]
        if options.beside is not None:
            sides.append((options.beside, Path(made) / "beside"))
        for python, folder in sides:
            _make_node(python, folder)
        figures = [
            figure
            for name, command in COMMANDS.items()
            for figure in _figures(name, [[_run(*side, command) for side in sides] for _ in range(options.runs)][1:])
        ]
    return publish("startup", figures, options.json)


def _figures(name: str, runs: list[list[Cost]]) -> list[Figure]:
    here = median(costs[0].seconds for costs in runs)
    found = [
        Figure(f"{name}, CPU", here, "s", f"under {SECONDS} s", here < SECONDS),
        Figure(f"{name}, memory", median(costs[0].megabytes for costs in runs), "MB"),
    ]
    if len(runs[0]) > 1:
        found += [
            Figure(f"{name}, CPU of the other", median(costs[1].seconds for costs in runs), "s"),
            Figure(f"{name}, ratio", median(costs[0].seconds / costs[1].seconds for costs in runs), "x"),
        ]
    return found


def _run(python: Path, folder: Path, command: tuple[str, ...]) -> Cost:
    """The command in the node's directory; what it prints is thrown away."""
    process = subprocess.Popen(
        [python, "-m", "node", *command], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _pid, _status, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _make_node(python: Path, folder: Path) -> None:
    """A town's node as that version makes it, with offers of its own."""
    options = ("--id", NODE, "--name", "Vichy", "--base-url", "https://vichy.emploi.example", "--json")
    subprocess.run(
        [python, "-m", "node", "init", "--dir", folder, *options],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder.parent,
    )
    # Written by SQL: opened by this version, the other one's database would be brought to a schema that it knows not.
    offer = Offer(
        id="o",
        node=NODE,
        revision=1,
        entry="01" + "ab" * 32,
        employer="Boucheries réunies",
        title="Boucher·ère",
        rome="D1101",
        description="Découpe, vente et conseil. " * 12,
        sites=(OfferSite(id="s1", commune="03310", label="Vichy", posts=2),),
        closes=datetime.now(UTC).date() + timedelta(days=60),
        published=datetime.now(UTC),
    )
    numbered = (replace(offer, id=f"o{number:06}") for number in range(OFFERS))
    with closing(sqlite3.connect(folder / "maillon.db")) as database, database:
        database.executemany(
            "INSERT INTO offer (node, id, reference, revision, state, closes, detail) VALUES (?, ?, '', 1, ?, ?, ?)",
            [(NODE, one.id, one.state.value, one.closes.isoformat(), msgspec.json.encode(one)) for one in numbered],
        )
        columns = {row[1] for row in database.execute("PRAGMA table_info(offer)")}
        if {"rome", "published"} <= columns:
            database.execute("UPDATE offer SET rome = ?, published = ?", (offer.rome, published_text(offer.published)))


if __name__ == "__main__":
    sys.exit(main())
