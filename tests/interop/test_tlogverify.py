"""An exported journal is accepted by golang.org/x/mod/sumdb, by the authors of the formats, and a tampered one
is not. Debian: apt-get install golang-go golang-golang-x-mod-dev."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from protocol.note import vkey
from tests.interop.journals import ORIGIN, export
from tests.protocol.conftest import public_of, seeded_key

GOPATH = Path("/usr/share/gocode")
SOURCE = Path(__file__).parent / "tlogverify" / "main.go"

Verifier = Callable[[Path], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def verify(tmp_path_factory: pytest.TempPathFactory) -> Verifier:
    go = shutil.which("go")
    if go is None:
        pytest.skip("no Go compiler: apt-get install golang-go")
    if not (GOPATH / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip("no golang.org/x/mod: apt-get install golang-golang-x-mod-dev")
    built = tmp_path_factory.mktemp("tlogverify")
    program = built / "tlogverify"
    environment = os.environ | {"GO111MODULE": "off", "GOPATH": str(GOPATH), "GOCACHE": str(built / "cache")}
    subprocess.run([go, "build", "-o", program, SOURCE], env=environment, check=True)

    def run(directory: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([program, directory], capture_output=True, text=True, check=False, timeout=60)

    return run


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 600, 70_000])
def test_go_accepts_an_exported_journal(verify: Verifier, tmp_path: Path, size: int) -> None:
    answer = verify(export(size, tmp_path))
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout == f"ok {ORIGIN} {size}\n"


def test_go_refuses_a_journal_with_one_flipped_bit_in_any_file(verify: Verifier, tmp_path: Path) -> None:
    export(600, tmp_path)
    files = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert len(files) == 9  # three tiles of leaves, one above, three bundles of entries, key and checkpoint
    for path in files:
        content = path.read_bytes()
        at = len(content) // 2
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        answer = verify(tmp_path)
        assert answer.returncode == 1, f"{path.name} was accepted with a flipped bit"
        assert answer.stderr.startswith("refused:")
        path.write_bytes(content)
    assert verify(tmp_path).returncode == 0


def test_go_refuses_a_journal_whose_key_is_another_towns(verify: Verifier, tmp_path: Path) -> None:
    export(3, tmp_path)
    (tmp_path / "vkey").write_text(vkey(ORIGIN, public_of(seeded_key("Bayonne journal"))))
    assert verify(tmp_path).returncode == 1
