"""A serving node is killed while it takes in files through its API: each file is there whole afterwards, or not at all.

The journal is proven right by both paths each time: the kept range, and the tree grown again from every entry.
"""

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from node.config import load as load_config
from node.demo.people import candidates_csv, offers_csv
from node.referential import load
from node.setup import Created
from tests.node.test_cli import free_port

ROOT = Path(__file__).parents[2]
PEOPLE, OFFERS = 200, 40
PATIENCE = 60


class Served:
    """A node's process, started and killed."""

    def __init__(self, made: Created, port: int) -> None:
        self.made, self.url = made, f"http://127.0.0.1:{port}"
        token = load_config(made.config).token_file.read_text().strip()
        self.headers = {"Authorization": f"Bearer {token}"}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.made.config.parent / "serve.log").open("ab") as log:
            command = [sys.executable, "-m", "node", "serve", "--config", str(self.made.config)]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/readyz", trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.02)
        raise AssertionError((self.made.config.parent / "serve.log").read_text()[-2000:])

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def get(self, path: str) -> Any:
        answer = httpx.get(f"{self.url}/api/v1{path}", headers=self.headers, timeout=PATIENCE, trust_env=False)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, kind: str, file: bytes) -> Any:
        """What the import answered; None when the node died first."""
        headers = self.headers | {"Content-Type": "text/csv"}
        url = f"{self.url}/api/v1/imports/{kind}"
        try:
            answer = httpx.post(url, headers=headers, content=file, timeout=PATIENCE, trust_env=False)
        except httpx.TransportError:
            return None
        assert answer.status_code == 200, answer.text
        return answer.json()

    def check(self) -> dict[str, bool]:
        command = [sys.executable, "-m", "node", "check", "--json", "--config", str(self.made.config)]
        done = subprocess.run(command, capture_output=True, cwd=ROOT, check=False)
        return {one["name"]: one["ok"] for one in json.loads(done.stdout)["checks"]}


@pytest.fixture
def served(make_node: Callable[..., Created]) -> Iterator[Served]:
    port = free_port()
    one = Served(make_node(port=port), port)
    one.start()
    yield one
    one.kill()


def file_of(kind: str, number: int) -> bytes:
    """A file of people or of offers that no other number has."""
    town = load().communes.get("03185")
    assert town is not None
    today = datetime.now(UTC).date()
    if kind == "candidates":
        return candidates_csv(town, PEOPLE, str(number), today, load()).replace(b"\nC", b"\nF%d-" % number)
    return offers_csv(town, OFFERS, str(number), today, load()).replace(b"\nO", b"\nF%d-" % number)


def counts(served: Served) -> dict[str, int]:
    told = served.get("/status")
    return {
        "candidates": served.get("/candidates?limit=1")["total"],
        "offers": len(served.get("/offers?own=true&limit=1000")["offers"]),
        "journal": told["journal"]["size"],
    }


@pytest.mark.sockets
def test_a_killed_node_has_whole_files_or_nothing_of_them(served: Served) -> None:
    random_ = random.Random(6)
    size = {"candidates": PEOPLE, "offers": OFFERS}
    began = time.monotonic()
    answered = {kind: served.post(kind, file_of(kind, 0))["added"] for kind in size}
    lasted = time.monotonic() - began
    assert answered == size
    known = {"candidates": 1, "offers": 1}
    cut = 0
    for round_ in range(1, 7):
        kind = ("candidates", "offers")[round_ % 2]
        file, answers = file_of(kind, round_), [None]

        def take_in(kind: str = kind, file: bytes = file, answers: list[Any] = answers) -> None:
            answers[0] = served.post(kind, file)

        importing = threading.Thread(target=take_in)
        importing.start()
        time.sleep(random_.uniform(0.05, 1.0) * lasted / 2)
        served.kill()
        importing.join()
        cut += answers[0] is None
        checked = served.check()
        assert checked.pop("port") is True
        assert set(checked.values()) == {True}, checked
        served.start()
        found = counts(served)
        for one, whole in size.items():
            files, rest = divmod(found[one], whole)
            assert rest == 0, f"half a file of {one}"
            assert files in {known[one], known[one] + (one == kind)}
        assert found[kind] // size[kind] == known[kind] + 1 or answers[0] is None, "what was answered is kept"
        # The opening entry, and one for each offer: what is published is written with what is kept, or not at all.
        assert found["journal"] == 1 + found["offers"]
        again = served.post(kind, file)
        assert again["added"] + again["unchanged"] == size[kind]
        known[kind] += 1
        assert counts(served)[kind] == known[kind] * size[kind], "nothing is taken in twice"
    assert cut, "the node was killed while it worked at least once"
