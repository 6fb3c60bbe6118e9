"""The demonstration from outside, as anyone runs it: one whole story, what it leaves behind, how it is stopped."""

import csv
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from node.demo.steps import STEPS
from tests.loopback import free_ports

pytestmark = pytest.mark.sockets

ROOT = Path(__file__).parents[2]
NODES = ["reseau", "drancy-93029", "montlucon-03185", "bayonne-64102", "pare-brise"]
TOWNS = NODES[1:4]
PATIENCE = 900
"""Seconds for what takes thirty on a quiet machine."""


@dataclass
class Played:
    """A story played to its end, whose nodes then served until they were stopped from elsewhere."""

    directory: Path
    code: int
    out: str
    err: str
    second: "subprocess.CompletedProcess[str]"
    """Another one in the same directory, while the first served."""
    went_on: bool
    stopped: "subprocess.CompletedProcess[str]"

    @property
    def report(self) -> Any:
        return json.loads(self.out)

    def people(self, town: str) -> list[dict[str, str]]:
        """The file that the town imported."""
        with (self.directory / town / "candidates.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, delimiter=";"))

    def databases(self, node: str) -> bytes:
        return b"".join(path.read_bytes() for path in sorted((self.directory / node).glob("*.db*")))

    def log(self, node: str) -> bytes:
        return (self.directory / node / "serve.log").read_bytes()


def command(directory: Path, *arguments: object) -> list[str]:
    return [sys.executable, "-m", "node", "demo", "--dir", str(directory), *map(str, arguments)]


def demo(directory: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """`maillon demo`, to its end."""
    return subprocess.run(
        command(directory, *arguments), capture_output=True, text=True, timeout=PATIENCE, cwd=ROOT, check=False
    )


def processes_of(directory: Path) -> list[int]:
    """Who was started with that directory on the command line."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and str(directory).encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return found


@contextmanager
def running(directory: Path, log: Path, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
    """A demonstration that was started; nothing of it is left in the end."""
    with log.open("w") as errors:
        process = subprocess.Popen(
            command(directory, *arguments), stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT
        )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
            for left in processes_of(directory):
                os.kill(left, signal.SIGKILL)


def until(seen: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < deadline, f"never seen: {what}"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("demo")
    directory, log = folder / "nodes", folder / "log"
    small = ("--candidates", 40, "--offers", 3, "--base-port", free_ports(len(NODES)))
    with running(directory, log, "--json", *small) as process:
        until(lambda: process.poll() is not None or "make stop" in log.read_text(), "the nodes keep serving")
        assert process.poll() is None, log.read_text()
        second = demo(directory, "--once", "--base-port", free_ports(len(NODES)))
        went_on = process.poll() is None
        stopped = demo(directory, "--stop")
        out, _none = process.communicate(timeout=PATIENCE)
        return Played(directory, process.returncode, out, log.read_text(), second, went_on, stopped)


def test_every_step_comes_true_and_the_report_says_so(played: Played) -> None:
    assert played.code == 0, played.err
    report = played.report
    assert list(report) == ["ok", "nodes", "steps"]
    assert report["ok"] is True
    assert [(step["name"], step["ok"]) for step in report["steps"]] == [(name, True) for name, _step in STEPS]
    assert all(step["detail"] and step["seconds"] >= 0 for step in report["steps"])
    assert [node["role"] for node in report["nodes"]] == ["coordinator", "town", "town", "town", "employer"]
    for node, name in zip(report["nodes"], NODES, strict=True):
        assert node.keys() == {"id", "role", "base_url", "config", "journal_vkey"}
        assert Path(node["config"]) == played.directory / name / "config.toml"
        assert node["journal_vkey"].startswith(f"{node['id']}/journal/1+")
        assert node["base_url"].startswith("http://127.0.0.1:")
    assert played.err.count("✓") == len(STEPS) and "✗" not in played.err


def test_nothing_runs_on(played: Played) -> None:
    assert processes_of(played.directory) == []
    assert not (played.directory / "demo.json").exists()


def test_nobody_is_named_in_a_log_or_in_anothers_database(played: Played) -> None:
    everybody = {town: played.people(town) for town in TOWNS}
    logs = {node: played.log(node) for node in NODES}
    # "Boulanger" stands in the name of an employer, "Boulangerie Duval".
    public = b"".join((played.directory / town / "offers.csv").read_bytes() for town in TOWNS)
    for home, people in everybody.items():
        assert len(people) == 40
        contacts = {person[column].encode() for person in people for column in ("email", "telephone")}
        # Shorter ones could stand by chance in what is sealed.
        names = {person[column].encode() for person in people for column in ("nom", "prenom")}
        names = {name for name in names if len(name) >= 6 and not re.search(name + b"[a-z]", public)}
        for node in NODES:
            assert not [word for word in contacts | names if word in logs[node]], f"{home} in the log of {node}"
        for node in ("reseau", "pare-brise"):
            held = played.databases(node)
            assert held and not [word for word in contacts | names if word in held], f"{home} at {node}"
        for other in set(TOWNS) - {home}:
            # Towns invent people from one list of names and numbers, and e-mails of their own.
            held = played.databases(other)
            assert not [person["email"] for person in people if person["email"].encode() in held]
        assert people[0]["email"].encode() in played.databases(home), "the register itself is there"


def test_no_secret_is_in_a_log_or_a_database(played: Played) -> None:
    for owner in NODES:
        folder = played.directory / owner
        secrets = [(folder / name).read_bytes().strip() for name in ("api-token", "backup-passphrase.demo")]
        texts = _strings(json.loads((folder / "keys.json").read_text()))
        private = [text.encode() for text in texts if len(text) > 40]
        assert private
        for node in NODES:
            for written in (played.log(node), played.databases(node)):
                assert not [secret for secret in secrets + private if secret in written]
        for shown in (played.out, played.err):
            assert not [secret for secret in secrets + private if secret in shown.encode()]
    assert b"/connexion/lien/" not in b"".join(played.log(node) for node in NODES), "links are for whoever started it"


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def test_what_is_secret_is_its_owners_alone(played: Played) -> None:
    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    for node in NODES:
        folder = played.directory / node
        assert mode(folder) == 0o750
        secret = [folder / name for name in ("keys.json", "api-token", "keys-backup.json", "backup-passphrase.demo")]
        databases = list(folder.glob("*.db*"))
        assert databases
        assert {path.name: oct(mode(path)) for path in secret + databases if mode(path) != 0o600} == {}
    registry = played.directory / "reseau" / "directory" / "keys"
    assert mode(registry) == 0o700
    assert {mode(key) for key in registry.iterdir()} == {0o600}


def test_an_export_holds_the_journal_alone(played: Played) -> None:
    exports = sorted((played.directory / "export").iterdir())
    assert len(exports) == len(NODES)
    everybody = [person for town in TOWNS for person in played.people(town)]
    for export in exports:
        files = sorted(str(path.relative_to(export)) for path in export.rglob("*") if path.is_file())
        assert [name for name in files if not name.startswith("tile/")] == ["checkpoint", "vkey"]
        assert [name for name in files if name.startswith("tile/")]
        content = b"".join((export / name).read_bytes() for name in files)
        assert not [person for person in everybody if person["email"].encode() in content]


def test_one_runs_in_a_directory_and_is_stopped_from_elsewhere(played: Played) -> None:
    assert played.second.returncode == 1
    assert "tourne déjà" in played.second.stderr
    assert one_line(played.second.stderr)
    assert played.went_on, "the first one goes on"
    assert (played.stopped.returncode, played.stopped.stdout) == (0, "La démonstration est arrêtée.\n")
    again = demo(played.directory, "--stop")
    assert (again.returncode, again.stdout) == (0, "Aucune démonstration ne tourne là.\n")


def test_one_is_stopped_while_it_prepares(tmp_path: Path) -> None:
    directory = tmp_path / "nodes"
    with running(directory, tmp_path / "log", "--base-port", free_ports(len(NODES))) as process:
        until(lambda: process.poll() is not None or bool(processes_of(directory)[1:]), "its first command")
        stopped = demo(directory, "--stop")
        assert (stopped.returncode, stopped.stdout) == (0, "La démonstration est arrêtée.\n")
        assert process.wait(PATIENCE) == 0, (tmp_path / "log").read_text()
    assert "Traceback" not in (tmp_path / "log").read_text()
    assert processes_of(directory) == []
    assert not (directory / "demo.json").exists()


LEFT_BEHIND = """
import signal, sys
from pathlib import Path
from node.demo.network import DemoNetwork, DemoNode
from node.demo.running import write_state
directory, port = Path(sys.argv[1]), int(sys.argv[2])
write_state(directory)
DemoNetwork(directory, [DemoNode(name, name, "town", port, directory / name) for name in sys.argv[3:]]).start_all()
print("all serve", flush=True)
signal.pause()
"""


def test_nodes_left_behind_by_a_kill_are_ended(played: Played) -> None:
    """Those of a story that was told there, started again by a process that is killed."""
    port = json.loads(played.out)["nodes"][1]["base_url"].rpartition(":")[2]
    starter = [sys.executable, "-c", LEFT_BEHIND, str(played.directory), port, TOWNS[0]]
    with subprocess.Popen(starter, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        process.kill()
        assert said == "all serve\n"
    assert processes_of(played.directory), "nobody watches over this node any more"
    stopped = demo(played.directory, "--stop")
    assert (stopped.returncode, stopped.stdout) == (0, "La démonstration est arrêtée.\n")
    assert processes_of(played.directory) == []


def one_line(text: str) -> bool:
    """One sentence of a failure, whatever came before it was progress."""
    return [line.startswith("Erreur") for line in text.splitlines()].count(True) == 1 and "Traceback" not in text


def test_a_port_in_use_is_one_sentence_and_nothing_is_made(tmp_path: Path) -> None:
    base = free_ports(len(NODES))
    with socket.create_server(("127.0.0.1", base + 2)):
        done = demo(tmp_path / "nodes", "--once", "--base-port", base)
    assert done.returncode == 1
    assert f"Le port {base + 2} est pris" in done.stderr
    assert one_line(done.stderr)
    assert not (tmp_path / "nodes").exists()


@pytest.mark.parametrize("arguments", [("--once",), ("--stop",)])
def test_a_directory_of_other_things_is_never_touched(tmp_path: Path, arguments: Sequence[str]) -> None:
    (tmp_path / "nodes").mkdir()
    kept = tmp_path / "nodes" / "thesis.odt"
    kept.write_text("three years of work")
    done = demo(tmp_path / "nodes", *arguments)
    assert done.returncode == (1 if "--once" in arguments else 0)
    assert kept.read_text() == "three years of work"
