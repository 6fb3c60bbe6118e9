"""The tests' own PostgreSQL server ends with the processes that use it, however they end."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.contracts.databases import why_no_postgresql
from tests.contracts.postgresql import ROOT

USE = """
import sys
from pathlib import Path
from tests.contracts.postgresql import server
with server(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.readline()
"""


def user(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """A process that uses the server, and the server's URL."""
    process = subprocess.Popen(
        [sys.executable, "-c", USE, folder], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def version(url: str) -> str:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return str(connection.exec_driver_sql("SHOW server_version").scalar())


def test_nothing_is_left_of_a_run_that_is_killed(tmp_path: Path) -> None:
    if reason := why_no_postgresql(own=True):
        pytest.skip(reason)
    stopped, url = user(tmp_path)
    killed, same = user(tmp_path)
    assert url == same, "one server for all"
    place = Path((tmp_path / "place").read_text())
    server = int((place / "data" / "postmaster.pid").read_text().splitlines()[0])
    watched = [os.pidfd_open(pid) for pid in (int((tmp_path / "keeper").read_text()), server)]
    stopped.send_signal(signal.SIGTERM)
    stopped.communicate(timeout=60)
    assert version(url), "somebody uses it still"
    killed.kill()
    killed.communicate(timeout=60)
    for process in watched:
        assert select.select([process], [], [], 60)[0], "it goes on"
        os.close(process)
    assert not place.exists()
    again, other = user(tmp_path)
    assert other != url and version(other), "whoever comes next has a new one"
    again.communicate("end\n", timeout=60)
    assert again.returncode == 0
