"""What the worker's process can no longer do once it is confined: tried in a process of its own."""

import subprocess
import sys

import pytest

CONFINED = """
from node.reading.sandbox import confine
from node.reading.shapes import ReadingLimits
import os, socket, subprocess
confine(ReadingLimits(cpu_seconds=1), programs=("/bin/true",))
try:
    {attempt}
except BaseException as error:
    print(type(error).__name__)
else:
    print("done")
"""


@pytest.mark.parametrize(
    ("attempt", "outcome"),
    [
        ("socket.socket()", "PermissionError"),
        ("socket.create_connection(('127.0.0.1', 9))", "PermissionError"),
        ("subprocess.run(['/bin/ls'])", "PermissionError"),
        ("os.system('true')", "PermissionError"),
        ("os.fork()", "PermissionError"),
        ("os.execv('/bin/ls', ['ls'])", "PermissionError"),
        ("os.posix_spawn('/bin/ls', ['ls'], {})", "PermissionError"),
        ("os.posix_spawnp('ls', ['ls'], {})", "PermissionError"),
        ("subprocess.run(['/bin/true'], check=True)", "done"),
        ("subprocess.run(['/bin/true'], close_fds=False, check=True)", "done"),
        ("subprocess.run(['/bin/true'], cwd='/', check=True)", "done"),
        ("bytearray(600 << 20)", "MemoryError"),
        ("bytearray(8 << 20)", "done"),
        ("open('/tmp/maillon-sandbox-test', 'wb').write(b'x' * 9999)", "OSError"),
    ],
)
def test_what_is_refused_and_what_is_not(attempt: str, outcome: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", CONFINED.format(attempt=attempt)], capture_output=True, text=True, check=False
    )
    assert answer.stdout.split()[-1:] == [outcome], answer.stderr


def test_processor_time_runs_out() -> None:
    answer = subprocess.run([sys.executable, "-c", CONFINED.format(attempt="exec('while True: pass')")], check=False)
    assert answer.returncode < 0
