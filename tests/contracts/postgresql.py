"""One PostgreSQL server for a whole run, which ends with whoever uses it, however they end.

Every process that uses the server holds a lock on a file, which the system gives back when the process dies. A keeper,
in a session of its own, waits for that lock: once it has it there is nobody left, and it stops the server and removes
its folder. So a run that is killed leaves nothing behind. Databases are reached through a socket in that folder: no
port is taken, and none can be lost to another.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.places import quick_folder

ROOT = Path(__file__).parents[2]
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    # It may lie in memory.
    "max_wal_size": "128MB",
    # In the server's folder, so that it goes with it.
    "dynamic_shared_memory_type": "mmap",
}


def programs() -> Path | None:
    """The folder of the newest PostgreSQL of this machine, as Debian lays them out; None when there is none."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb") if path.parts[-3].isdigit()]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The URL of the server that all share who give this folder; the first one starts it."""
    folder.mkdir(parents=True, exist_ok=True)
    url = folder / "url"
    with (folder / "users").open("w") as users, (folder / "log").open("a") as log:
        with (folder / "starting").open("w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_SH)
            if not url.exists():
                keeper = [sys.executable, "-m", "tests.contracts.postgresql", str(folder)]
                subprocess.run(keeper, check=True, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        yield url.read_text()


def keep(folder: Path) -> None:
    """Start the server; return once it answers, while another process watches over it."""
    place = Path(tempfile.mkdtemp(prefix="maillon-postgresql-", dir=quick_folder()))
    (folder / "place").write_text(str(place))
    try:
        _start(place)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    if keeper := os.fork():
        (folder / "keeper").write_text(str(keeper))
        (folder / "url").write_text(f"postgresql+psycopg://postgres@/postgres?host={place}")
        return
    try:
        with (folder / "users").open("w") as users:
            fcntl.flock(users, fcntl.LOCK_EX)
            # Before the lock is given back: whoever comes next must not find it.
            (folder / "url").unlink(missing_ok=True)
            _run("pg_ctl", "-D", place / "data", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _start(place: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(place, "postgres")
    _run("initdb", "-D", place / "data", "-A", "trust", "-U", "postgres", "--no-sync")
    options = " ".join([f"-k {place}", *(f"-c {name}={value}" for name, value in _SETTINGS.items())])
    _run("pg_ctl", "-D", place / "data", "-l", place / "log", "-o", options, "-w", "start")


def _run(program: str, *arguments: str | Path) -> None:
    folder = programs()
    assert folder is not None
    # PostgreSQL refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    # The server keeps the descriptors that it inherits: a pipe would never end.
    subprocess.run(
        [folder / program, *arguments],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd="/",
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
