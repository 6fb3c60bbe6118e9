"""Several processes on one database, and processes that are killed."""

import subprocess
import sys
from pathlib import Path

from node.storage import SqlDatabase
from protocol.commitment import NETWORK
from protocol.tree import MerkleTree
from tests.contracts.databases import BAYONNE, NOW, open_town

ROOT = Path(__file__).parents[2]

APPEND = """
import os, sys
from tests.contracts.databases import NOW, open_town
database = open_town(sys.argv[1], seed=int(sys.argv[2]), copied=False)
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    with database.write() as uow:
        uow.journal.append("offer.published/1", "network", b"%s/%d" % (sys.argv[2].encode(), number), NOW)
database.dispose()
"""

DIE = """
import os, signal, sys
from federation.peers.ports import PeerState
from tests.contracts.databases import BAYONNE, NOW, open_town
from tests.contracts.test_candidates import AMINA
database = open_town(sys.argv[1], seed=2)
with database.write() as uow:
    uow.journal.append("offer.published/1", "network", b"committed", NOW)
with database.write() as uow:
    uow.candidates.add(AMINA)
    uow.journal.append_many("offer.published/1", "network", [b"lost"] * 2000, NOW)
    with uow.savepoint():
        uow.peers.save(PeerState(BAYONNE, due=NOW))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def check_journal(database: SqlDatabase, size: int) -> list[bytes]:
    """The bodies after entry 0, in order, of a journal without a gap."""
    with database.read() as uow:
        records = uow.journal.records(0, size + 10)
        assert [record.index for record in records] == list(range(size))
        assert [record.number for record in records if record.channel == NETWORK] == list(range(1, size + 1))
        assert uow.journal.range().root() == MerkleTree(uow.journal.entries(0, size)).root()
    return [record.opening.body or b"" for record in records[1:]]


def test_two_processes_that_append_at_once_lose_nothing(shared_url: str) -> None:
    each = 200
    database = open_town(shared_url)
    writers = [start(APPEND, shared_url, name, str(each)) for name in ("3", "4")]
    for writer in writers:
        assert writer.stdout is not None and writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    bodies = check_journal(database, 1 + 2 * each)
    for name in (b"3", b"4"):
        mine = [body for body in bodies if body.startswith(name)]
        assert mine == [b"%s/%d" % (name, number) for number in range(each)]
    database.dispose()


def test_the_first_processes_on_an_empty_database_agree(empty_url: str) -> None:
    """Each would create the tables and write entry 0."""
    writers = [start(APPEND, empty_url, name, "1") for name in ("3", "4", "5")]
    for writer in writers:
        writer.communicate("go\n", timeout=60)
        assert writer.returncode == 0
    database = open_town(empty_url)
    assert sorted(check_journal(database, 4)) == [b"3/0", b"4/0", b"5/0"]
    database.dispose()


def test_a_killed_writer_leaves_nothing_of_its_unit_of_work(shared_url: str) -> None:
    for round_ in (1, 2):
        killed = start(DIE, shared_url)
        killed.communicate(timeout=60)
        assert killed.returncode == -9
        database = open_town(shared_url)
        assert check_journal(database, 1 + round_) == [b"committed"] * round_
        with database.read() as uow:
            assert uow.candidates.count() == 0
            assert uow.peers.state(BAYONNE) is None
        database.dispose()
    database = open_town(shared_url)
    with database.write() as uow:
        uow.journal.append("offer.published/1", NETWORK, b"after", NOW)
    assert check_journal(database, 4)[-1] == b"after"
    database.dispose()


def test_a_database_that_was_closed_opens_as_it_was(shared_url: str) -> None:
    database = open_town(shared_url)
    with database.write() as uow:
        written = uow.journal.append("offer.published/1", NETWORK, b"kept", NOW)
    database.dispose()
    database = open_town(shared_url, seed=2)
    with database.read() as uow:
        assert uow.journal.size() == 2
        assert uow.journal.record(1) == written
    database.dispose()
