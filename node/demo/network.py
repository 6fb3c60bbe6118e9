"""A network on one machine: a coordinator, towns and an employer, each its own process with its own directory.

A stopped node is started again (the story kills one). All is done through `maillon` commands and HTTP.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from node.kit.errors import NodeError
from node.kit.i18n import gettext as _
from node.referential.communes import Commune

T = TypeVar("T")

STARTUP_SECONDS = 120.0
"""For one node to be ready: many that start at once on a busy machine take their time."""
COMMAND_SECONDS = 120.0
LOG = "serve.log"


class DemoError(NodeError):
    """A command or a node did not do what the story needs; the text says which and why."""


@dataclass(slots=True)
class DemoNode:
    """One node of the demonstration."""

    id: str
    name: str
    role: str
    port: int
    directory: Path
    town: Commune | None = None
    process: "subprocess.Popen[bytes] | None" = None
    starts: int = 0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def config(self) -> Path:
        return self.directory / "config.toml"

    @property
    def token(self) -> str:
        return (self.directory / "api-token").read_text().strip()


@dataclass(slots=True)
class DemoNetwork:
    """The places, the coordinator first, and the thread that starts again whatever stops."""

    directory: Path
    places: list[DemoNode]
    interval: int = 2
    http: httpx.Client = field(default_factory=lambda: _plain_http())
    _stopping: threading.Event = field(default_factory=threading.Event)
    _watcher: threading.Thread | None = None

    @property
    def coordinator(self) -> DemoNode:
        return self.places[0]

    @property
    def towns(self) -> list[DemoNode]:
        return [place for place in self.places if place.role == "town"]

    @property
    def employer(self) -> DemoNode:
        return next(place for place in self.places if place.role == "employer")

    def run(self, place: DemoNode, *arguments: str, codes: Sequence[int] = (0,)) -> Any:
        """A public command with `--json`, for one node; its answer, decoded. DemoError with what it printed."""
        return json.loads(self.command([*arguments, "--json"], place.config, codes) or b"null")

    def each(self, places: Sequence[DemoNode], work: Callable[[DemoNode], T]) -> list[T]:
        """Do the same for several nodes at once, as many as the machine has cores; the answers in their order. Whoever
        interrupts it waits for what is under way, and for no more."""
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            try:
                return list(pool.map(work, places))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def command(self, arguments: Sequence[str], config: Path | None = None, codes: Sequence[int] = (0,)) -> bytes:
        """A public command; its standard output."""
        environment = os.environ | ({"MAILLON_CONFIG": str(config)} if config else {})
        shown = f"maillon {' '.join(arguments[:3])}"
        try:
            done = subprocess.run(  # noqa: S603  # our own command, arguments as a list
                [sys.executable, "-m", "node", *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=COMMAND_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            late = _("{command}: no end after {seconds:.0f} s").format(command=shown, seconds=COMMAND_SECONDS)
            raise DemoError(late) from None
        if done.returncode not in codes:
            said = " ".join(done.stderr.decode(errors="replace").strip().splitlines()[-3:])
            said = said or _("it said nothing")
            raise DemoError(f"{shown}: {done.returncode}: {said}")
        return done.stdout

    def api(self, place: DemoNode, method: str, path: str, body: Any = None, expect: int | None = None) -> Any:
        """One request to a node's JSON API with its token; the decoded answer. DemoError on another status."""
        try:
            answer = self.http.request(
                method,
                f"{place.base_url}/api/v1{path}",
                json=body,
                headers={"Authorization": f"Bearer {place.token}"},
            )
        except httpx.HTTPError as error:
            raise DemoError(f"{method} {path}: {type(error).__name__}") from error
        if (expect is None and not answer.is_success) or (expect is not None and answer.status_code != expect):
            raise DemoError(f"{method} {path}: {answer.status_code}: {answer.text[:300]}")
        return answer.json() if answer.content else None

    def start(self, place: DemoNode) -> None:
        """Start the node's process; its log goes to `LOG` in its directory. What it says on its standard output
        is for whoever started it, a link to the first account among others, and stays in no file."""
        log = (place.directory / LOG).open("ab")
        with log:
            place.process = subprocess.Popen(  # noqa: S603  # our own command
                [sys.executable, "-m", "node", "--config", str(place.config), "serve"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        place.starts += 1

    def start_all(self) -> None:
        """Start every node, wait until each is ready, and watch over them from then on."""
        for place in self.places:
            self.start(place)
        for place in self.places:
            self.wait_ready(place)
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._watcher.start()

    def wait_ready(self, place: DemoNode) -> float:
        """Wait for `/readyz`; seconds waited. DemoError when it does not come."""
        began = time.monotonic()
        while time.monotonic() - began < STARTUP_SECONDS:
            try:
                if self.http.get(f"{place.base_url}/readyz", timeout=2).status_code == 200:
                    return time.monotonic() - began
            except httpx.HTTPError:
                pass
            if place.process is not None and place.process.poll() is not None and self._watcher is None:
                break
            time.sleep(0.05)
        raise DemoError(_("The node {name} does not start: {why}").format(name=place.name, why=_state(place)))

    def kill(self, place: DemoNode) -> None:
        """kill -9, as a power cut would."""
        assert place.process is not None
        place.process.kill()
        place.process.wait()

    def _watch(self) -> None:
        while not self._stopping.wait(0.2):
            for place in self.places:
                if place.process is not None and place.process.poll() is not None and not self._stopping.is_set():
                    self.start(place)

    def stop(self) -> None:
        """Stop every node that was started here, gently, then for good."""
        self._stopping.set()
        if self._watcher is not None:
            self._watcher.join()
        running = [p.process for p in self.places if p.process is not None and p.process.poll() is None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.http.close()


def _plain_http() -> httpx.Client:
    """Made once, since it takes a while. Nodes are killed and started again: no connection is kept."""
    return httpx.Client(timeout=30, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))


def _state(place: DemoNode) -> str:
    """What became of a node that is not ready, and its last words."""
    status = place.process.poll() if place.process is not None else None
    if status is None:
        state = _("not ready after {seconds:.0f} s").format(seconds=STARTUP_SECONDS)
    else:
        state = _("its process ended with status {status}").format(status=status)
    tail = (place.directory / LOG).read_text(errors="replace").strip().splitlines()[-3:]
    return f"{state}; {' '.join(tail)}" if tail else state
