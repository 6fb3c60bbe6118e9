"""The secrets of a node: files that only their owner reads, and a backup that opens."""

import json
import os
from pathlib import Path

import pytest

from node import identity
from node.identity import IdentityError
from node.key_file import HeldKeys
from node.kit.errors import BadInput, Conflict
from protocol.keys import NodeKeys

DRANCY = "drancy.emploi.example"


@pytest.fixture(scope="module")
def keys() -> HeldKeys:
    return HeldKeys.of(NodeKeys.generate(DRANCY, os.urandom))


@pytest.fixture(scope="module")
def backup(keys: HeldKeys) -> tuple[bytes, str]:
    passphrase = identity.new_passphrase(os.urandom)
    return identity.seal_backup(keys, passphrase, os.urandom), passphrase


def test_a_secret_file_is_its_owners_alone_and_never_overwritten(tmp_path: Path, keys: HeldKeys) -> None:
    path = tmp_path / "keys.json"
    old = os.umask(0)
    try:
        identity.write_secret(path, keys.to_bytes())
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Conflict, match=r"keys\.json"):
        identity.write_secret(path, b"other")
    assert identity.load_keys(path, DRANCY) == keys


def test_a_secret_that_others_may_read_is_refused_with_the_mend(tmp_path: Path) -> None:
    path = tmp_path / "api-token"
    identity.write_secret(path, b"mln_0\n")
    assert identity.load_token(path) == "mln_0"
    path.chmod(0o640)
    with pytest.raises(IdentityError, match="chmod 600"):
        identity.load_token(path)


def test_what_is_no_key_file_is_said_so_and_not_quoted(tmp_path: Path, keys: HeldKeys) -> None:
    with pytest.raises(IdentityError, match="--restore-keys"):
        identity.load_keys(tmp_path / "keys.json", DRANCY)
    with pytest.raises(IdentityError):
        identity.read_secret(tmp_path)
    broken = tmp_path / "broken.json"
    identity.write_secret(broken, keys.to_bytes()[:-20])
    with pytest.raises(IdentityError) as caught:
        identity.load_keys(broken, DRANCY)
    assert keys.to_bytes()[60:80].decode() not in str(caught.value)
    large = tmp_path / "large.json"
    identity.write_secret(large, b"x" * (identity.MAX_FILE_BYTES + 1))
    with pytest.raises(IdentityError):
        identity.read_secret(large)


def test_the_keys_of_another_town_are_refused(tmp_path: Path, keys: HeldKeys) -> None:
    path = tmp_path / "keys.json"
    identity.write_secret(path, keys.to_bytes())
    with pytest.raises(IdentityError, match=r"drancy\.emploi\.example.*bayonne\.emploi\.example"):
        identity.load_keys(path, "bayonne.emploi.example")


def test_the_backup_opens_as_written_on_paper(keys: HeldKeys, backup: tuple[bytes, str]) -> None:
    data, passphrase = backup
    assert identity.open_backup(data, passphrase).to_bytes() == keys.to_bytes()
    assert identity.open_backup(data, passphrase.lower().replace("-", " ")).to_bytes() == keys.to_bytes()
    assert keys.to_bytes()[40:80] not in data


def test_the_backup_opens_with_nothing_else(backup: tuple[bytes, str]) -> None:
    data, passphrase = backup
    with pytest.raises(BadInput):
        identity.open_backup(data, identity.new_passphrase(os.urandom))
    other_name = {**json.loads(data), "node": "bayonne.emploi.example"}
    with pytest.raises(BadInput):
        identity.open_backup(json.dumps(other_name).encode(), passphrase)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b"[" * 60_000])
def test_what_is_no_backup_is_said_so(data: bytes) -> None:
    with pytest.raises(BadInput):
        identity.open_backup(data, "x")


@pytest.mark.parametrize(
    ("field", "value"), [("format", "maillon-key-backup/2"), ("memory_kib", 1), ("salt", "AA=="), ("sealed", "A!")]
)
def test_a_backup_of_other_parameters_is_refused_before_any_work(
    backup: tuple[bytes, str], field: str, value: object
) -> None:
    data, passphrase = backup
    with pytest.raises(BadInput):
        identity.open_backup(json.dumps({**json.loads(data), field: value}).encode(), passphrase)


def test_passphrases_and_tokens_are_long_and_all_different() -> None:
    passphrases = {identity.new_passphrase(os.urandom) for _ in range(50)}
    assert len(passphrases) == 50
    assert all(len(one) == 29 and one.count("-") == 4 for one in passphrases)
    assert len(identity.new_token(os.urandom)) == 68
