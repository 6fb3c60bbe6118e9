"""A demonstration that fails says why, opens no doors, and leaves nothing running."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from node.__main__ import run
from node.demo import network as networks
from node.demo import play, running, steps, visit
from node.demo.network import LOG, DemoError, DemoNetwork, DemoNode
from node.demo.reasons import reason, warnings_since
from node.demo.story import Story
from node.kit.errors import ExitCode
from tests.node.conftest import french

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def network(tmp_path: Path) -> Iterator[DemoNetwork]:
    """A coordinator alone; as its process one that never serves."""
    place = DemoNode("reseau.example", "Coordination", "coordinator", 9, tmp_path / "reseau")
    place.directory.mkdir()
    (place.directory / LOG).touch()
    place.process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    network = DemoNetwork(tmp_path, [place])
    yield network
    network.stop()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (httpx.ReadTimeout(""), "ReadTimeout"),
        (TimeoutError(), "TimeoutError"),
        (DemoError(""), "DemoError"),
        (DemoError("GET /offers: 500"), "GET /offers: 500"),
        (KeyError("found"), "KeyError: 'found'"),
        (AssertionError(), "AssertionError"),
    ],
)
def test_every_failure_has_a_reason(error: Exception, said: str) -> None:
    assert reason(error) == said


def log_line(event: str, level: str, at: datetime) -> str:
    return json.dumps({"event": event, "level": level, "person": "Nadia", "timestamp": at.isoformat()}) + "\n"


def test_of_the_logs_only_the_last_warning_of_that_step_is_named(network: DemoNetwork) -> None:
    log = network.coordinator.directory / LOG
    log.write_text(
        log_line("old.trouble", "error", NOW - timedelta(seconds=1))
        + log_line("job.refused", "warning", NOW)
        + log_line("sync.failed", "warning", NOW)
        + log_line("sync.done", "info", NOW)
        + '{"half a li'
    )
    assert warnings_since(network, NOW) == ["Coordination: sync.failed"]
    assert warnings_since(network, NOW + timedelta(seconds=1)) == []


def test_a_node_that_is_slow_and_logged_nothing_yet_is_named_with_a_reason(
    network: DemoNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "STARTUP_SECONDS", 0.1)
    with pytest.raises(DemoError, match=r"Coordination.*: pas prêt après 0 s$"):
        network.wait_ready(network.coordinator)


def test_a_node_that_died_is_named_with_its_status_and_its_last_words(network: DemoNetwork) -> None:
    place = network.coordinator
    network.kill(place)
    (place.directory / LOG).write_text("Traceback\nOSError: no space left\n")
    with pytest.raises(DemoError, match=r"code -9; Traceback OSError: no space left$"):
        network.wait_ready(place)


def test_a_command_that_is_late_or_killed_says_so(network: DemoNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "COMMAND_SECONDS", 0.01)
    with pytest.raises(DemoError, match=r"maillon status.*pas de fin"):
        network.command(["status"])
    killed = subprocess.CompletedProcess([], -9, b"", b"")
    monkeypatch.setattr(subprocess, "run", lambda *_arguments, **_options: killed)
    with pytest.raises(DemoError, match="maillon status: -9: elle n'a rien dit"):
        network.command(["status"])


def test_a_form_that_is_not_answered_has_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_arguments: object, **_options: object) -> httpx.Response:
        raise httpx.ReadTimeout("")

    monkeypatch.setattr(httpx.Client, "get", late)
    with pytest.raises(DemoError, match=r"^/deposer: ReadTimeout$"):
        visit.hand_in("http://127.0.0.1:9", NOW.date())


def true_step(_story: Story) -> str:
    return "Tout va bien"


def failing_step(_story: Story) -> str:
    raise httpx.ReadTimeout("")


@pytest.fixture
def staged(network: DemoNetwork, monkeypatch: pytest.MonkeyPatch) -> DemoNetwork:
    """The command plays two steps on that network, the second of which fails without a text."""
    monkeypatch.setattr(play, "prepare", lambda *_arguments: network)
    monkeypatch.setattr(DemoNetwork, "run", lambda *_arguments, **_options: {"root_sha256": ""})
    monkeypatch.setattr(steps, "STEPS", (("first", true_step), ("second", failing_step)))
    running.write_state(network.directory)
    return network


def test_a_true_story_ends_by_itself_when_asked_to(
    staged: DemoNetwork, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(steps, "STEPS", (("first", true_step),))
    assert run(["demo", "--dir", str(staged.directory), "--once", "--json"]) == ExitCode.OK
    assert json.loads(capfd.readouterr().out)["ok"] is True
    process = staged.coordinator.process
    assert process is not None and process.poll() is not None, "its nodes are ended"
    assert not (staged.directory / running.STATE).exists()


def test_a_story_that_is_stopped_ends_its_nodes(
    staged: DemoNetwork, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def stopped(_story: Story) -> str:
        signal.raise_signal(signal.SIGTERM)
        raise AssertionError("it goes on")

    monkeypatch.setattr(steps, "STEPS", (("first", true_step), ("second", stopped)))
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert run(["demo", "--dir", str(staged.directory)]) == ExitCode.OK
    finally:
        signal.signal(signal.SIGTERM, before)
    said = capfd.readouterr()
    assert "Tout va bien" in said.err and "Arrêt" in said.err and "http://" not in said.out
    process = staged.coordinator.process
    assert process is not None and process.poll() is not None, "its nodes are ended"
    assert not (staged.directory / running.STATE).exists()


@pytest.mark.parametrize("options", [(), ("--once",), ("--json",), ("--once", "--json")])
def test_a_failed_story_opens_no_doors(
    staged: DemoNetwork, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    opened: list[DemoNetwork] = []
    monkeypatch.setattr(visit, "open_doors", lambda network, _today: opened.append(network))
    code = run(["demo", "--dir", str(staged.directory), *options])
    said = capfd.readouterr()
    assert code == ExitCode.ERROR
    assert "second: ReadTimeout" in said.err and "aucune porte n'est ouverte" in french(said.err)
    assert opened == [] and "http://" not in said.err
    if "--json" in options:
        report = json.loads(said.out)
        assert report["ok"] is False
        assert [(step["ok"], step["detail"]) for step in report["steps"]] == [
            (True, "Tout va bien"),
            (False, "ReadTimeout"),
        ]
    else:
        assert said.out == ""
    process = staged.coordinator.process
    assert process is not None and process.returncode is not None, "the nodes are ended"
    assert not (staged.directory / running.STATE).exists()


def test_doors_that_do_not_open_are_a_failure_too(
    staged: DemoNetwork, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_arguments: object) -> None:
        raise DemoError("POST /deposer: 500")

    monkeypatch.setattr(steps, "STEPS", (("first", true_step),))
    monkeypatch.setattr(visit, "open_doors", fail)
    code = run(["demo", "--dir", str(staged.directory)])
    said = capfd.readouterr()
    assert code == ExitCode.ERROR
    assert "POST /deposer: 500" in said.err and said.out == "", "no addresses either"
    process = staged.coordinator.process
    assert process is not None and process.returncode is not None
