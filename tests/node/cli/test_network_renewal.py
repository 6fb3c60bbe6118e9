"""`maillon network renew` and `sign`, as a coordinator and five authorities type them."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from federation.membership.registry import Registry
from node.__main__ import run
from node.app import open_node
from node.config import load
from node.kit.errors import ExitCode
from node.services.network.founding import Created
from tests.node.cli.test_life import Said
from tests.node.conftest import french

SIGNED = "« renouvellement.json » est signé."


@dataclass
class Network:
    """A coordinator's machine, and a folder for each holder of keys."""

    call: Callable[..., Said]
    folder: Path
    config: Path

    @property
    def directory(self) -> Path:
        return self.config.parent / "directory"

    @property
    def registry(self) -> Registry:
        return Registry(self.directory)

    def coordinator(self, *arguments: object) -> Said:
        return self.call(self.folder, "network", *arguments, "--config", self.config)

    def at_home(self, number: int, *arguments: object) -> Said:
        """A holder's machine: no configuration, and no node."""
        return self.call(self.folder / f"home-{number}", "network", "sign", *arguments)

    def draft(self) -> Path:
        path = self.folder / "renouvellement.json"
        assert self.coordinator("renew", "--out", path).code == ExitCode.OK
        return path

    def copies(self, *numbers: int) -> list[Path]:
        """The draft, sent to these holders."""
        draft = self.draft()
        return [Path(shutil.copy(draft, self.folder / f"home-{number}")) for number in numbers]

    def files(self) -> dict[Path, bytes]:
        found = (path for path in self.directory.rglob("*") if path.is_file() and path.name != ".lock")
        return {path: path.read_bytes() for path in found}


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Run a command line in a folder."""

    def call(folder: Path, *arguments: object) -> Said:
        monkeypatch.chdir(folder)
        code = run([str(one) for one in arguments])
        captured = capfd.readouterr()
        return Said(code, captured.out, captured.err)

    return call


@pytest.fixture
def network(call: Callable[..., Said], tmp_path: Path, make_node: Callable[..., Created]) -> Network:
    """3 of 5 and 2 of 5, with every offline key at a holder's home."""
    config = make_node("reseau.emploi.example", "coordinator").config
    made = Network(call, tmp_path, config)
    created = made.coordinator("create", "--root-keys", "3/5", "--targets-keys", "2/5")
    assert "une fois par an" in created.out
    for number in range(1, 6):
        home = tmp_path / f"home-{number}"
        home.mkdir()
        for role in ("root", "targets"):
            (made.directory / "keys" / f"{role}-{number}.pem").rename(home / f"{role}.pem")
    return made


def test_each_signs_at_home_and_the_coordinator_publishes(network: Network) -> None:
    one, two, three = network.copies(1, 2, 3)
    first = network.at_home(1, "renouvellement.json", "--key", "root.pem", "--key", "targets.pem")
    assert first.code == ExitCode.OK
    for words in (SIGNED, "1 → 2", "3 sur 5", "2 sur 5", "Rien d'autre ne change", "Il manque encore des signatures"):
        assert words in first.out, words
    root = network.registry.root_fingerprint()
    assert " ".join(root[at : at + 8] for at in range(0, 64, 8)) in first.out
    said = network.at_home(2, "renouvellement.json", "--key", "root.pem", "--json").json
    assert said["fingerprint"][:4] + " " + said["fingerprint"][4:8] in first.out
    assert [(role["signed"], role["threshold"]) for role in said["roles"]] == [(1, 3), (0, 2)]
    before = network.files()
    short = network.coordinator("renew", "--with", one, two)
    assert short.code == ExitCode.ERROR
    assert "racine : 2 sur 3, liste des membres : 1 sur 2" in short.err
    assert network.files() == before
    both = ("--key", "root.pem", "--key", "targets.pem")
    assert network.at_home(3, three, *both, "--fingerprint", said["fingerprint"].upper()).code == ExitCode.OK
    done = network.coordinator("renew", "--with", one, "--with", two, three)
    assert (done.code, done.err) == (ExitCode.OK, "")
    assert "L'annuaire est renouvelé" in done.out
    assert network.registry.root().version == 2
    again = network.coordinator("renew", "--with", one, two, three, "--json").json
    assert [(role["what"], role["version"]) for role in again["renewed"]] == [("root", 2), ("targets", 2)]
    assert datetime.fromisoformat(again["renewed"][0]["until"]) > datetime.now(UTC) + timedelta(days=364)


def test_the_coordinators_node_goes_on_with_what_was_renewed(network: Network) -> None:
    for number in (1, 2, 3):
        for role in ("root", "targets"):
            shutil.copy(
                network.folder / f"home-{number}" / f"{role}.pem", network.directory / "keys" / f"{role}-{number}.pem"
            )
    late = datetime.now(UTC) + timedelta(days=415)

    class Late:
        def now(self) -> datetime:
            return late

    from node.services.network.membership import refresh
    from node.services.network.renewal import renew

    node = open_node(load(network.config), clock=Late())
    renewed = renew(node)
    assert [one.until for one in renewed] == [(late + timedelta(days=365)).replace(microsecond=0)] * 2
    assert not refresh(node).status.degraded
    node.close()


def test_alone_at_one_of_one(call: Callable[..., Said], tmp_path: Path, make_node: Callable[..., Created]) -> None:
    config = make_node("reseau.emploi.example", "coordinator").config
    alone = Network(call, tmp_path, config)
    assert "maillon network create" in alone.coordinator("renew").err
    assert "indiquez la vôtre par --key" in alone.coordinator("sign", config).err
    alone.coordinator("create")
    said = alone.coordinator("renew")
    assert said.code == ExitCode.OK
    for words in ("racine", "liste des membres", f"{datetime.now(UTC) + timedelta(days=365):%d/%m/%Y}"):
        assert words in said.out
    # The keys in its own folder sign a file too.
    draft = alone.draft()
    assert alone.coordinator("sign", draft, "--json").json["complete"] is True
    assert alone.coordinator("renew", "--with", draft).code == ExitCode.OK
    assert alone.registry.root().version == 3


def test_without_keys_the_coordinator_is_told_how_many_and_what_to_do(network: Network) -> None:
    before = network.files()
    said = network.coordinator("renew")
    assert said.code == ExitCode.ERROR
    assert "racine : 0 sur 3, liste des membres : 0 sur 2" in said.err
    assert "--out" in said.err
    assert said.err.count("\n") == 1
    assert "indiquez la vôtre par --key" in network.coordinator("sign", network.draft()).err
    assert network.files() == before


def test_a_file_is_never_overwritten(network: Network) -> None:
    draft = network.draft()
    before = draft.read_bytes()
    assert "existe déjà" in network.coordinator("renew", "--out", draft).err
    assert draft.read_bytes() == before
    said = network.coordinator("renew", "--out", network.folder / "nowhere" / "r.json")
    assert (said.code, "nowhere" in said.err) == (ExitCode.ERROR, True)


def test_what_a_holder_must_not_sign_with_is_refused_and_the_file_untouched(network: Network) -> None:
    (file,) = network.copies(1)
    home = file.parent
    before = file.read_bytes()
    (home / "open.pem").write_bytes((home / "root.pem").read_bytes())
    (home / "open.pem").chmod(0o640)
    shutil.copy(network.directory / "keys" / "timestamp-1.pem", home / "other.pem")
    for name, content in (("none.pem", b"hello"), ("long.pem", b"x" * 100_000), ("empty.pem", b"")):
        (home / name).write_bytes(content)
        (home / name).chmod(0o600)
    for key, words in {
        "open.pem": "chmod 600",
        "other.pem": "ni une clé racine ni une clé de la liste",
        "none.pem": "ne contient pas de clé privée",
        "empty.pem": "ne contient pas de clé privée",
        "long.pem": "trop gros",
    }.items():
        said = network.at_home(1, file, "--key", "root.pem", "--key", key)
        assert (said.code, words in said.err) == (ExitCode.ERROR, True), said.err
        assert said.err.count("\n") == 1
        assert file.read_bytes() == before
    assert network.at_home(1, file, "--key", "nowhere.pem").code == ExitCode.USAGE
    assert "--key" in network.at_home(1, file).err
    said = network.at_home(1, file, "--key", "root.pem", "--fingerprint", "0000 1111")
    assert "Ne signez rien" in said.err
    assert file.read_bytes() == before


def test_signing_twice_changes_nothing(network: Network) -> None:
    (file,) = network.copies(1)
    network.at_home(1, file, "--key", "root.pem")
    once, stamp = file.read_bytes(), file.stat().st_mtime_ns
    assert network.at_home(1, file, "--key", "root.pem").code == ExitCode.OK
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (once, stamp)
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []


def test_what_is_no_file_of_ours_is_one_sentence(network: Network) -> None:
    (file,) = network.copies(1)
    altered = json.loads(file.read_bytes())
    metadata = json.loads(altered["next_root"])
    metadata["signed"]["roles"]["root"]["threshold"] = 1
    altered["next_root"] = json.dumps(metadata)
    old = network.folder / "home-2" / "other.json"
    for content, words in (
        (b"", "n'est pas un renouvellement"),
        (b"\x00\xff", "n'est pas un renouvellement"),
        (b"x" * 10_000_000, "n'est pas un renouvellement"),
        (b"[" * 1_000_000, "n'est pas un renouvellement"),
        (json.dumps(altered, sort_keys=True, separators=(",", ":")).encode(), "autre chose que des dates"),
    ):
        old.write_bytes(content)
        before = network.files()
        for said in (network.at_home(1, old, "--key", "root.pem"), network.coordinator("renew", "--with", file, old)):
            assert (said.code, words in said.err) == (ExitCode.ERROR, True), said.err
            assert "other.json" in said.err
            assert said.err.count("\n") == 1
        assert network.files() == before
        assert old.read_bytes() == content


def test_files_of_two_drafts_and_of_another_network_are_refused(
    network: Network, call: Callable[..., Said], make_node: Callable[..., Created]
) -> None:
    (file,) = network.copies(1)
    elsewhere = Network(call, network.folder, make_node("autre.emploi.example", "coordinator").config)
    elsewhere.coordinator("create")
    other = network.folder / "autre.json"
    assert elsewhere.coordinator("renew", "--out", other).code == ExitCode.OK
    assert "celui d'un autre réseau" in network.coordinator("renew", "--with", other).err
    assert "ne sont pas des copies" in network.coordinator("renew", "--with", file, other).err


def test_an_online_key_that_is_gone_is_named(network: Network) -> None:
    """Nobody at home can mend it; once it is back, the same file is published."""
    (file,) = network.copies(1)
    for number in (1, 2, 3):
        home = network.folder / f"home-{number}"
        network.at_home(number, file, "--key", home / "root.pem", "--key", home / "targets.pem")
    key = network.directory / "keys" / "snapshot-1.pem"
    key.rename(network.folder / "snapshot.pem")
    said = network.coordinator("renew", "--with", file)
    assert (said.code, "snapshot: 1 keys must sign, 0 are here" in said.err) == (ExitCode.ERROR, True)
    (network.folder / "snapshot.pem").rename(key)
    assert network.coordinator("renew", "--with", file).code == ExitCode.OK


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--out", "new.json", "--with", "renouvellement.json"), "pas les deux"),
        (("renouvellement.json",), "après --with"),
        (("--with", "nowhere.json"), "nowhere.json"),
        (("--with", "home-1"), "home-1"),
    ],
)
def test_options_that_do_not_go_together(network: Network, arguments: tuple[str, ...], words: str) -> None:
    network.draft()
    said = network.coordinator("renew", *arguments)
    assert (said.code, words in said.err) == (ExitCode.USAGE, True)
    assert not (network.folder / "new.json").exists()


@pytest.mark.parametrize("command", ["renew", "sign"])
def test_help_is_french(call: Callable[..., Said], tmp_path: Path, command: str) -> None:
    said = call(tmp_path, "network", command, "--help")
    assert said.code == ExitCode.OK
    for word in ("Usage:", "FILE", "<list", "default", "Path"):
        assert word not in french(said.out), word
