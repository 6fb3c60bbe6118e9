"""A node at rest: how long until `/readyz` answers, and how much memory it holds then.

    python -m bench.node [--rounds 3] [--json FILE]

A fresh node is made by `maillon init` and started by `maillon serve`, as a town would; memory is the resident set of
its one process, ten seconds after it is ready and after one visit to its page and API.
"""

import contextlib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import httpx

from bench.report import Figure, parser, publish

REST_SECONDS = 10.0


def free_port() -> int:
    """A port of loopback that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(directory: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """`maillon serve` for that directory, ended at the end."""
    command = [sys.executable, "-m", "node", "--config", str(directory / "config.toml"), "serve"]
    with (directory / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def measure(base: Path, number: int) -> tuple[float, float]:
    """(seconds until ready, MB at rest) of a fresh node."""
    port, directory = free_port(), base / str(number)
    url = f"http://127.0.0.1:{port}"
    words = ["--id", f"n{number}.emploi.example", "--name", "Ville", "--role", "town", "--commune", "03185"]
    made = [
        sys.executable,
        "-m",
        "node",
        "init",
        "--dir",
        str(directory),
        *words,
        "--base-url",
        url,
        "--port",
        str(port),
    ]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    began = time.monotonic()
    with serving(directory) as process:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{url}/readyz", trust_env=False).status_code == 200:
                    break
            if time.monotonic() - began > 60 or process.poll() is not None:
                raise SystemExit((directory / "serve.log").read_text())
            time.sleep(0.02)
        ready = time.monotonic() - began
        token = (directory / "api-token").read_text().strip()
        httpx.get(url, trust_env=False).raise_for_status()
        headers = {"Authorization": f"Bearer {token}"}
        httpx.get(f"{url}/api/v1/status", headers=headers, trust_env=False).raise_for_status()
        time.sleep(REST_SECONDS)
        status = Path(f"/proc/{process.pid}/status").read_text()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return ready, int(resident.split()[1]) / 1024


def main() -> int:
    """Measure, print, write."""
    options = parser("node", (__doc__ or "").splitlines()[0])
    options.add_argument("--rounds", type=int, default=3)
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="maillon-bench-") as name:
        rounds = [measure(Path(name), number) for number in range(arguments.rounds)]
    ready, resident = median(r[0] for r in rounds), max(r[1] for r in rounds)
    figures = [
        Figure("ready after start", ready, "s", "under 3", ready < 3),
        Figure("resident memory at rest", resident, "MB", "under 150", resident < 150),
    ]
    return publish("node", figures, arguments.json)


if __name__ == "__main__":
    sys.exit(main())
