"""A serving node is killed while it takes in files through its API: each file (one part of a long one) is there whole
afterwards, or not at all.
A process is killed while it tells of things: whoever listens hears each of them afterwards.

The journal is proven right by both paths each time: the kept range, and the tree grown again from every entry.
"""

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from node.__main__ import run
from node.app import open_node
from node.config import load as load_config
from node.demo.people import candidates_csv, offers_csv
from node.imports import read_candidates, read_offers
from node.mission.happened import LISTENERS
from node.referential import load
from node.services.imports import importing
from node.services.network.founding import Created
from tests.loopback import PATIENCE, free_ports, until_ready

ROOT = Path(__file__).parents[2]
SIZE = {"candidates": 60, "offers": 20}
ROUNDS = 40


class Served:
    """A node's process, started and killed. It dies by itself at that step of an import; at 0 it does not."""

    def __init__(self, made: Created, port: int) -> None:
        self.made, self.port, self.url = made, port, f"http://127.0.0.1:{port}"
        token = load_config(made.config).token_file.read_text().strip()
        self.headers = {"Authorization": f"Bearer {token}"}
        self.process: subprocess.Popen[bytes] | None = None
        self.steps = made.config.parent / "steps"

    def start(self, dies_at: int = 0) -> None:
        with (self.made.config.parent / "serve.log").open("ab") as log:
            arguments = [str(dies_at), str(self.steps), "serve", "--config", str(self.made.config)]
            command = [sys.executable, "-m", "tests.node.dying", *arguments]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT)
        until_ready(self.process, self.port, self.made.config.parent / "serve.log")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

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


class Left:
    """What the last process left, seen by another one."""

    def __init__(self, made: Created, capfd: pytest.CaptureFixture[str]) -> None:
        self.made, self._capfd = made, capfd
        self.files = dict.fromkeys(SIZE, 0)

    def is_sound(self) -> None:
        """`maillon check` finds nothing."""
        self._capfd.readouterr()
        run(["check", "--json", "--config", str(self.made.config)])
        found = {one["name"]: one["ok"] for one in json.loads(self._capfd.readouterr().out)["checks"]}
        assert set(found.values()) == {True}, found

    def has_whole_files(self, kind: str, answered: bool) -> None:
        """Of the file under way all or nothing; all when its import was answered. Then it is taken in once, by hand."""
        node = open_node(load_config(self.made.config))
        try:
            with node.database.read() as uow:
                own = len(list(uow.offers.of_node(node.desk.node_id)))
                found = {"candidates": uow.candidates.count(), "offers": own}
                journal = uow.journal.size()
            for one, whole in SIZE.items():
                files, rest = divmod(found[one], whole)
                assert rest == 0, f"half a file of {one}"
                assert files in {self.files[one], self.files[one] + (one == kind)}
            assert found[kind] // SIZE[kind] == self.files[kind] + 1 or not answered, "what was answered is kept"
            # The opening entry, and one for each offer: what is published is written with what is kept, or not at all.
            assert journal == 1 + found["offers"]
            today, tables = node.desk.today(), node.desk.referential()
            file = file_of(kind, self.files[kind])
            if kind == "candidates":
                again = importing.import_candidates(node.desk, read_candidates(file, tables, today))
            else:
                again = importing.import_offers(node.desk, read_offers(file, tables, today))
            assert again.added + again.unchanged == SIZE[kind]
            self.files[kind] += 1
            with node.database.read() as uow:
                assert uow.candidates.count() == self.files["candidates"] * SIZE["candidates"]
                assert len(list(uow.offers.of_node(node.desk.node_id))) == self.files["offers"] * SIZE["offers"]
        finally:
            node.close()


@pytest.fixture
def served(make_node: Callable[..., Created]) -> Iterator[Served]:
    port = free_ports()
    one = Served(make_node(port=port), port)
    yield one
    one.kill()


@pytest.fixture
def left(served: Served, capfd: pytest.CaptureFixture[str]) -> Left:
    return Left(served.made, capfd)


def file_of(kind: str, number: int) -> bytes:
    """A file of people or of offers that no other number has."""
    town = load().communes.get("03185")
    assert town is not None
    today = datetime.now(UTC).date()
    if kind == "candidates":
        return candidates_csv(town, SIZE[kind], str(number), today, load()).replace(b"\nC", b"\nF%d-" % number)
    return offers_csv(town, SIZE[kind], str(number), today, load()).replace(b"\nO", b"\nF%d-" % number)


def steps_of_an_import(served: Served, left: Left) -> dict[str, int]:
    """How many steps there are to die at, by kind, once there is a file of each."""
    steps = {}
    served.start()
    for _time in range(2):
        for kind in SIZE:
            assert served.post(kind, file_of(kind, left.files[kind]))["added"] == SIZE[kind]
            left.files[kind] += 1
            steps[kind] = int(served.steps.read_text())
    served.kill()
    return steps


def die(served: Served, left: Left, kind: str, steps: Sequence[int]) -> None:
    for step in steps:
        served.start(dies_at=step)
        assert served.post(kind, file_of(kind, left.files[kind])) is None, f"it was to die at step {step}"
        served.kill()
        left.is_sound()
        left.has_whole_files(kind, answered=False)


@pytest.mark.sockets
def test_a_node_killed_at_a_step_of_an_import_has_whole_files_or_nothing_of_them(served: Served, left: Left) -> None:
    chance = random.Random(6)
    for kind, steps in steps_of_an_import(served, left).items():
        assert steps > 5
        # The last two lie on either side of the commit.
        last = steps - 1 if kind == "offers" else steps
        die(served, left, kind, [chance.randrange(1, steps - 1), last])


@pytest.mark.soak
@pytest.mark.sockets
@pytest.mark.parametrize("kind", list(SIZE))
def test_a_node_killed_at_any_step_of_an_import(
    served: Served, left: Left, kind: str, record_property: Callable[[str, object], None]
) -> None:
    steps = steps_of_an_import(served, left)[kind]
    record_property("kill points", steps)
    die(served, left, kind, range(1, steps + 1))


@pytest.mark.soak
@pytest.mark.sockets
def test_a_node_killed_at_any_moment_of_an_import(
    served: Served, left: Left, record_property: Callable[[str, object], None]
) -> None:
    """Between the steps too, wherever the clock finds it."""
    record_property("kill points", ROUNDS)
    chance = random.Random(6)
    began = time.monotonic()
    steps_of_an_import(served, left)
    lasted = (time.monotonic() - began) / 4
    cut = 0
    for round_ in range(ROUNDS):
        kind = ("candidates", "offers")[round_ % 2]
        file, answers = file_of(kind, left.files[kind]), [None]

        def take_in(kind: str = kind, file: bytes = file, answers: list[Any] = answers) -> None:
            answers[0] = served.post(kind, file)

        served.start()
        importing_ = threading.Thread(target=take_in)
        importing_.start()
        time.sleep(chance.uniform(0.0, lasted))
        served.kill()
        importing_.join()
        cut += answers[0] is None
        left.is_sound()
        left.has_whole_files(kind, answered=answers[0] is not None)
    assert cut, "the node was killed while it worked at least once"


def heard_through(made: Created, seeds: Sequence[int]) -> int:
    """A process for each seed tells and hears until it is killed, then one hears the rest; how many events there were.
    Each was heard once at least, and those of one subject in their order."""
    file = made.config.parent / "heard"
    chance = random.Random(seeds[0])
    for seed in (*seeds, 0):
        dies_at = chance.randrange(1, 300) if seed else 0
        command = [sys.executable, "-m", "tests.node.hearing", str(made.config), str(file), str(seed), str(dies_at)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=PATIENCE, check=False)
        assert ended.returncode == (-signal.SIGKILL if dies_at else 0), ended.stderr.decode()
    node = open_node(load_config(made.config))
    try:
        with node.database.read() as uow:
            told = [(one.subject, one.number) for one in uow.events.since(0, LISTENERS["workshop_mail"])]
            assert not uow.events.due(node.now() + timedelta(days=1))
    finally:
        node.close()
    heard = [(subject, int(number)) for subject, number in map(str.split, file.read_text().splitlines())]
    assert set(heard) == set(told), "what was committed was heard, and nothing else"
    for subject in {subject for subject, _number in told}:
        once = list(dict.fromkeys(number for about, number in heard if about == subject))
        assert once == sorted(once), f"{subject} was heard out of order"
    return len(told)


def test_what_a_killed_process_told_of_is_heard(make_node: Callable[..., Created]) -> None:
    assert heard_through(make_node(), range(1, 5)) > 5


@pytest.mark.soak
def test_what_processes_killed_at_any_step_told_of_is_heard(
    make_node: Callable[..., Created], record_property: Callable[[str, object], None]
) -> None:
    record_property("kill points", 2 * ROUNDS)
    assert heard_through(make_node(), range(5, 5 + 2 * ROUNDS)) > 5 * ROUNDS
