"""One leader, whatever dies."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from node.storage import lease_for
from node.storage.engine import make_engine
from tests.contracts.databases import open_town

ROOT = Path(__file__).parents[2]

HOLD = """
import sys
from node.storage import lease_for
lease = lease_for(sys.argv[1])
print(lease.acquire(), flush=True)
sys.stdin.readline()
"""


def hold(url: str) -> tuple[subprocess.Popen[str], bool]:
    """Another process, and whether it got the lease, which it holds until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, url], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    return process, process.stdout.readline() == "True\n"


def test_one_holder_at_a_time(shared_url: str) -> None:
    open_town(shared_url).dispose()
    with lease_for(shared_url) as first, lease_for(shared_url) as second:
        assert first.holder() == ""
        assert first.acquire()
        assert first.acquire()
        assert not second.acquire()
        assert second.holder() == first.holder() != ""
        first.release()
        first.release()
        assert second.holder() == ""
        assert second.acquire()
        assert not first.acquire()


def test_another_process_waits_for_its_turn(shared_url: str) -> None:
    open_town(shared_url).dispose()
    with lease_for(shared_url) as lease:
        assert lease.acquire()
        process, got = hold(shared_url)
        process.communicate(timeout=60)
        assert not got
    process, got = hold(shared_url)
    process.communicate(timeout=60)
    assert got


def test_kill_9_gives_the_lease_back(shared_url: str) -> None:
    open_town(shared_url).dispose()
    process, got = hold(shared_url)
    assert got
    with lease_for(shared_url) as lease:
        assert not lease.acquire()
        if shared_url.startswith("sqlite"):
            assert lease.holder() == str(process.pid)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        if shared_url.startswith("sqlite"):
            assert lease.acquire()
            assert lease.holder() == str(os.getpid())
        else:
            # The server notices the closed connection by itself, a moment later.
            assert any(lease.acquire() for _ in range(500))


def test_a_lease_that_the_server_took_back_is_taken_anew(shared_url: str) -> None:
    if shared_url.startswith("sqlite"):
        pytest.skip("the operating system takes no lock from a living process")
    with lease_for(shared_url) as lease, lease_for(shared_url) as other:
        assert lease.acquire()
        engine = make_engine(shared_url)
        with engine.connect() as connection:
            connection.exec_driver_sql(f"SELECT pg_terminate_backend({lease.holder()})")
        engine.dispose()
        assert any(other.acquire() for _ in range(500))
        assert not lease.acquire()
        other.release()
        assert any(lease.acquire() for _ in range(500))


def test_a_database_in_memory_has_one_process() -> None:
    with lease_for("sqlite://") as lease:
        assert lease.holder() == ""
        assert lease.acquire()
        assert lease.holder() == str(os.getpid())
