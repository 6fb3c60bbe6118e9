"""The commands of a node's life, as an administrator types them; and one short life of a network over real sockets."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from federation.peers.ports import PeerState
from node.__main__ import run
from node.app import open_node
from node.config import load
from node.kit.errors import ExitCode
from node.services.network.founding import Created
from node.storage import lease_for
from protocol.checkpoint import open_checkpoint
from protocol.keys import NodeKeys
from tests.federation.conftest import member_of, seeded
from tests.loopback import PATIENCE, free_ports, until_ready
from tests.node.conftest import french
from tests.node.mirrored import put_in_network

ROOT = Path(__file__).parents[3]
MONTLUCON = "montlucon.emploi.example"
RENEW = "maillon network renew"
INIT = ["--id", MONTLUCON, "--name", "Ville de Montluçon", "--role", "town", "--base-url", "http://127.0.0.1:8101"]


class Said:
    """What a command ended with, and printed."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, french(out), french(err)

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Maillon = Callable[..., Said]


@pytest.fixture
def maillon(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Maillon:
    """Run a command line in this process, in an empty directory."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Said:
        code = run([str(one) for one in arguments])
        captured = capfd.readouterr()
        return Said(code, captured.out, captured.err)

    return call


class TestInit:
    def test_a_new_node_is_complete_and_its_secrets_its_own(self, maillon: Maillon, tmp_path: Path) -> None:
        made = maillon("init", "--dir", tmp_path / "montlucon", *INIT, "--commune", "03185", "--port", 8101, "--json")
        assert (made.code, made.err) == (0, "")
        directory = tmp_path / "montlucon"
        config = load(directory / "config.toml")
        assert (config.node.commune, config.server.port) == ("03185", 8101)
        assert config.network.allow_private_addresses == ("127.0.0.0/8", "::1/128")
        assert made.json["config"] == str(directory / "config.toml")
        assert re.fullmatch(r"([A-Z2-9]{5}-){4}[A-Z2-9]{5}", made.json["backup_passphrase"])
        for name in ("keys.json", "api-token", "keys-backup.json", "maillon.db"):
            assert (directory / name).stat().st_mode & 0o777 == 0o600, name
        assert not list(directory.glob(".init-*"))

    def test_an_address_is_written_in_its_one_form(self, maillon: Maillon, tmp_path: Path) -> None:
        urls = ("--base-url", "https://EMPLOI.Vézère.example:443/", "--coordinator", "https://Reseau.example.")
        assert maillon("init", "--dir", tmp_path / "m", *INIT, *urls).code == 0
        config = load(tmp_path / "m" / "config.toml")
        assert config.node.base_url == "https://emploi.xn--vzre-6oae.example"
        assert config.network.coordinator_url == "https://reseau.example"
        assert f'"{config.node.base_url}"' in (tmp_path / "m" / "config.toml").read_text(encoding="utf-8")

    def test_a_person_is_told_the_passphrase_once_and_what_to_do_next(self, maillon: Maillon, tmp_path: Path) -> None:
        made = maillon("init", "--dir", tmp_path / "m", *INIT)
        found = re.search(r"montrée cette seule fois : (\S+)", made.out)
        assert found is not None
        assert "check" in made.out
        stored = b"".join(path.read_bytes() for path in (tmp_path / "m").iterdir())
        assert found[1].encode() not in stored

    def test_an_existing_node_is_never_touched(self, maillon: Maillon, created: Created) -> None:
        before = {path: path.read_bytes() for path in created.config.parent.iterdir()}
        said = maillon("init", "--dir", created.config.parent, *INIT)
        assert said.code == ExitCode.ERROR
        assert "rien n'a été changé" in said.err
        assert {path: path.read_bytes() for path in created.config.parent.iterdir()} == before

    @pytest.mark.parametrize(
        ("option", "value", "key"),
        [
            ("--id", "Montlucon", "id"),
            ("--role", "mairie", "role"),
            ("--base-url", "http://montlucon.example/maillon", "base_url"),
            ("--base-url", "https://mission_emploi.example", "base_url"),
            ("--commune", "Montluçon", "commune"),
            ("--allow-private", "home", "allow_private_addresses"),
            ("--coordinator", "reseau.example", "coordinator_url"),
        ],
    )
    def test_a_refused_value_names_its_key_and_nothing_is_made(
        self, maillon: Maillon, tmp_path: Path, option: str, value: str, key: str
    ) -> None:
        said = maillon("init", "--dir", tmp_path / "m", *INIT, option, value)
        assert said.code == ExitCode.USAGE
        assert f"« {key} »" in said.err
        assert not (tmp_path / "m").exists()

    def test_a_commune_that_does_not_exist_is_refused(self, maillon: Maillon, tmp_path: Path) -> None:
        said = maillon("init", "--dir", tmp_path / "m", *INIT, "--commune", "99999")
        assert said.code == ExitCode.USAGE
        assert "« 99999 » n'est pas une commune" in said.err
        assert not (tmp_path / "m").exists()

    def test_the_commune_is_named_so_that_a_postal_code_is_noticed(self, maillon: Maillon, tmp_path: Path) -> None:
        said = maillon("init", "--dir", tmp_path / "m", *INIT, "--commune", "03100")
        assert "Commune : Diou" in french(said.out), "03100 is Montluçon's postal code"

    def test_what_is_missing_is_named(self, maillon: Maillon, tmp_path: Path) -> None:
        said = maillon("init", "--dir", tmp_path / "m", "--name", "Montluçon")
        assert (said.code, said.err) == (ExitCode.USAGE, "Erreur : --id manque.\n")

    def test_a_name_of_any_letters_survives(self, maillon: Maillon, tmp_path: Path) -> None:
        name = 'L\'"Étoile" \\ \x7f\t du Nord'
        said = maillon("init", "--dir", tmp_path / "m", *INIT, "--name", name)
        assert said.code == 0
        assert load(tmp_path / "m" / "config.toml").node.name == name

    def test_lost_keys_come_back_from_the_backup(
        self, maillon: Maillon, created: Created, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keys = load(created.config).keys_file
        before = keys.read_bytes()
        monkeypatch.setenv("MAILLON_BACKUP_PASSPHRASE", created.backup_passphrase)
        restore = ("init", "--restore-keys", created.backup, "--config", created.config)
        assert maillon(*restore).code == ExitCode.ERROR
        keys.unlink()
        assert maillon(*restore).code == 0
        assert keys.read_bytes() == before
        assert keys.stat().st_mode & 0o777 == 0o600

    def test_another_nodes_backup_is_refused(
        self, maillon: Maillon, created: Created, make_node: Callable[..., Created], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bayonne = make_node("bayonne.emploi.example")
        load(bayonne.config).keys_file.unlink()
        monkeypatch.setenv("MAILLON_BACKUP_PASSPHRASE", created.backup_passphrase)
        said = maillon("init", "--restore-keys", created.backup, "--dir", bayonne.config.parent)
        assert said.code == ExitCode.ERROR
        assert MONTLUCON in said.err
        assert not load(bayonne.config).keys_file.exists()


class TestFrame:
    def test_the_configuration_is_taken_before_after_from_the_environment_or_from_here(
        self, maillon: Maillon, created: Created, make_node: Callable[..., Created], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bayonne = make_node("bayonne.emploi.example")

        def who(*arguments: object) -> str:
            return str(maillon(*arguments, "--json").json["id"])

        assert who("--config", created.config, "status") == MONTLUCON
        assert who("status", "--config", created.config) == MONTLUCON
        monkeypatch.setenv("MAILLON_CONFIG", str(bayonne.config))
        assert who("status") == "bayonne.emploi.example"
        assert who("status", "--config", created.config) == MONTLUCON
        monkeypatch.delenv("MAILLON_CONFIG")
        monkeypatch.chdir(created.config.parent)
        assert who("status") == MONTLUCON

    def test_no_configuration_says_what_to_do(self, maillon: Maillon) -> None:
        said = maillon("status")
        assert said.code == ExitCode.BAD_CONFIG
        assert "maillon init" in said.err
        assert "Traceback" not in said.err

    def test_an_unreadable_one_names_the_line(self, maillon: Maillon, created: Created) -> None:
        created.config.write_text(created.config.read_text(encoding="utf-8") + "prot = \n", encoding="utf-8")
        said = maillon("status", "--config", created.config)
        assert said.code == ExitCode.BAD_CONFIG
        assert re.search(r"config\.toml, ligne \d+ : ", said.err)

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("statu",), "la commande statu n'existe pas"),
            (("status", "--jsn"), "l'option --jsn n'existe pas"),
            (("network", "admit"), "manque"),
            (("init", "--port", "http"), "--port"),
            (("network", "create", "--root-keys", "5/3"), "5/3"),
            (("import", "candidates", "/nope"), "« /nope » n'existe pas"),
            (("import", "offers", "/"), "« / » est un dossier"),
            (("import", "rome", "/nope"), "« /nope » n'existe pas"),
        ],
    )
    def test_a_slip_of_the_pen_is_one_french_sentence(
        self, maillon: Maillon, arguments: Sequence[str], words: str
    ) -> None:
        said = maillon(*arguments)
        assert said.code == ExitCode.USAGE
        assert words in said.err
        assert said.err.count("\n") == 1
        assert said.out == ""

    def test_help_is_french_and_lists_every_command(self, maillon: Maillon) -> None:
        said = maillon("--help")
        assert said.code == 0
        for word in ("Commandes", "Afficher ce message", "serve", "network", "audit", "check"):
            assert word in said.out
        assert "Seulement ce pair" in maillon("sync", "--help").out

    @pytest.mark.parametrize("command", [(), ("import",), ("import", "candidates"), ("import", "rome"), ("init",)])
    def test_no_word_of_the_help_is_english(self, maillon: Maillon, command: Sequence[str]) -> None:
        said = maillon(*command, "--help")
        assert said.code == 0
        assert "Usage : maillon" in said.out
        for word in ("Usage:", "COMMAND ", "[ARGS]", "Take in", "default", "<str", "<int", "<bool", "<dir"):
            assert word not in said.out, word

    def test_a_bug_is_one_sentence_or_a_traceback_when_asked_for(
        self, maillon: Maillon, created: Created, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_arguments: object) -> None:
            raise RuntimeError("Mme Martin")

        monkeypatch.setattr("node.services.network.status.status_and_ahead", fail)
        said = maillon("status", "--config", created.config)
        assert said.code == ExitCode.ERROR
        assert "MAILLON_DEBUG=1" in said.err
        assert "Martin" not in said.err
        monkeypatch.setenv("MAILLON_DEBUG", "1")
        with pytest.raises(RuntimeError):
            maillon("status", "--config", created.config)

    def test_light_commands_import_nothing_heavy(self) -> None:
        code = "import sys; from node.__main__ import run; run(['--help']); print(*sys.modules)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
        loaded = set(done.stdout.split())
        assert not loaded & {
            "fastapi",
            "uvicorn",
            "tuf",
            "numpy",
            "sqlalchemy",
            "pydantic_settings",
            "httpx",
            "apscheduler",
        }


class TestStatusAndCheck:
    def test_the_status_of_a_node_alone(self, maillon: Maillon, created: Created) -> None:
        said = maillon("status", "--config", created.config)
        assert said.code == 0
        assert "Journal : 1 entrée, époque 1" in said.out
        assert "aucun réseau rejoint encore" in said.out

    def test_what_ends_is_a_table_once_it_must_be_acted_on(self, maillon: Maillon, created: Created) -> None:
        node = open_node(load(created.config))
        now = node.now()
        put_in_network(node, now + timedelta(days=100, hours=1), now - timedelta(days=200))
        said = maillon("status", "--config", created.config)
        assert "Prochaine échéance : clés de signature" in said.out and "Ce qui prend fin" not in said.out
        ends = maillon("status", "--config", created.config, "--json").json["ends"]
        assert [(one.pop("on")[-1], one) for one in ends][:2] == [
            ("Z", {"what": "keys", "days": 100, "who_acts": MONTLUCON, "command": "maillon keys rotate --purpose all"}),
            ("Z", {"what": "directory.root", "days": 164, "who_acts": "coordinator", "command": RENEW}),
        ]
        put_in_network(node, now + timedelta(days=100, hours=1), now - timedelta(days=366))
        node.close()
        said = maillon("status", "--config", created.config)
        assert "n'est plus valable depuis le" in said.out and "tout le reste continue" in said.out
        _before, _title, table = said.out.partition("Ce qui prend fin")
        assert table.count("passé") == table.count(RENEW) == table.count("la coordination du réseau") == 2
        assert "keys rotate" not in table, "not within 60 days"

    def test_a_clock_that_nobody_confirms_is_said_and_no_date_with_it(self, maillon: Maillon, created: Created) -> None:
        node = open_node(load(created.config))
        now = node.now()
        peer = member_of(NodeKeys.generate("bayonne.emploi.example", seeded(9)))
        put_in_network(node, now + timedelta(days=10), now - timedelta(days=366), [peer])
        with node.database.write() as uow:
            uow.peers.save(PeerState(peer=peer.id, due=now, last_success=now - timedelta(days=365)))
        node.close()
        said = maillon("status", "--config", created.config)
        assert said.code == 0 and "L'horloge de ce nœud semble avancer" in said.out
        assert "Ce qui prend fin" not in said.out and "n'est plus valable" not in said.out
        checked = maillon("check", "--config", created.config)
        assert checked.code == ExitCode.ERROR and "✗ horloge" in checked.out and "maillon sync" in checked.out

    def test_everything_is_in_order_after_init(self, maillon: Maillon, make_node: Callable[..., Created]) -> None:
        made = make_node(port=free_ports())
        said = maillon("check", "--config", made.config, "--json")
        assert (said.code, said.json["ok"]) == (0, True)
        names = [finding["name"] for finding in said.json["checks"]]
        seen = ["config", "keys", "token", "database", "migrations", "journal", "clock", "directory", "ends", "port"]
        assert names == seen
        assert maillon("check", "--config", made.config).out.count("✓") == len(names)

    def test_each_fault_is_named_with_what_to_do(self, maillon: Maillon, make_node: Callable[..., Created]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            made = make_node(port=taken.getsockname()[1])
            config = load(made.config)
            config.token_file.chmod(0o644)
            said = maillon("check", "--config", made.config, "--json")
            faults = {one["name"]: one["advice"] for one in said.json["checks"] if not one["ok"]}
            assert said.code == ExitCode.ERROR
            assert faults.keys() == {"token", "port"}
            assert "chmod 600" in faults["token"]
            config.keys_file.unlink()
            said = maillon("check", "--config", made.config)
            assert said.code == ExitCode.ERROR
            assert "--restore-keys" in said.out

    def test_a_damaged_database_is_found(self, maillon: Maillon, created: Created) -> None:
        path = load(created.config).data_dir / "maillon.db"
        content = bytearray(path.read_bytes())
        content[4096:] = b"\xff" * (len(content) - 4096)
        path.write_bytes(content)
        said = maillon("check", "--config", created.config, "--json")
        assert said.code == ExitCode.ERROR
        assert "database" in {one["name"] for one in said.json["checks"] if not one["ok"]}

    def test_the_backup_is_proven_to_open(
        self, maillon: Maillon, make_node: Callable[..., Created], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = make_node(port=free_ports())
        ask = ("check", "--config", made.config, "--backup", made.backup)
        monkeypatch.setenv("MAILLON_BACKUP_PASSPHRASE", made.backup_passphrase)
        assert "s'ouvre" in maillon(*ask).out
        monkeypatch.setenv("MAILLON_BACKUP_PASSPHRASE", "AAAAA-AAAAA")
        said = maillon(*ask)
        assert said.code == ExitCode.ERROR
        assert "ne s'ouvre pas" in said.out


class TestServe:
    def test_a_second_serve_names_the_first(self, maillon: Maillon, created: Created) -> None:
        with lease_for(load(created.config).database_url) as lease:
            assert lease.acquire()
            said = maillon("serve", "--config", created.config)
        assert said.code == ExitCode.ERROR
        assert f"processus {os.getpid()}" in said.err

    def test_a_port_in_use_is_one_sentence(self, maillon: Maillon, make_node: Callable[..., Created]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            said = maillon("serve", "--config", make_node(port=port).config)
        assert said.code == ExitCode.ERROR
        assert f"Le port {port} de 127.0.0.1 est pris par un autre programme" in said.err


class TestJournal:
    def test_an_export_verifies_and_is_audited(self, maillon: Maillon, created: Created, tmp_path: Path) -> None:
        out = tmp_path / "export"
        said = maillon("journal", "export", "--out", out, "--config", created.config, "--json")
        assert said.json["size"] == 1
        checkpoint = open_checkpoint((out / "checkpoint").read_bytes(), (out / "vkey").read_text().strip())
        assert checkpoint.size == 1
        audited = maillon("audit", "--export", out, "--json")
        assert (audited.code, audited.json["ok"]) == (0, True)
        entries = out / "tile/entries/000.p/1"
        content = entries.read_bytes()
        entries.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        audited = maillon("audit", "--export", out)
        assert audited.code == ExitCode.AUDIT_FAILED
        assert "ÉCHEC" in audited.out


class TestAlone:
    def test_network_commands_of_a_node_alone_say_what_to_do(self, maillon: Maillon, created: Created) -> None:
        config = ("--config", created.config)
        for command in ("sync", "audit"):
            said = maillon(command, *config)
            assert said.code == ExitCode.ERROR
            assert "maillon network join" in said.err
        assert "maillon network join" in maillon("network", "refresh", *config).err
        assert maillon("network", "list", *config, "--json").json == {"members": [], "pending": []}
        assert "Seul un nœud de coordination" in maillon("network", "create", *config).err
        assert "--root-sha256" in maillon("network", "join", *config).err
        nobody = ("--coordinator", "http://127.0.0.1:9")
        for fingerprint in ("00", "g" * 64, "0" * 65):
            said = maillon("network", "join", *nobody, "--root-sha256", fingerprint, *config)
            assert said.code == ExitCode.ERROR
            assert "64 caractères" in said.err, "nobody was asked"


@pytest.fixture
def serve() -> Iterator[Callable[[Created, int], "subprocess.Popen[bytes]"]]:
    """Start `maillon serve` as its own process and wait until it is ready."""
    started: list[subprocess.Popen[bytes]] = []

    def start(made: Created, port: int) -> "subprocess.Popen[bytes]":
        folder = made.config.parent
        with (folder / "serve.log").open("ab") as log, (folder / "serve.out").open("ab") as out:
            command = [sys.executable, "-m", "node", "serve", "--config", str(made.config)]
            process = subprocess.Popen(command, stdout=out, stderr=log, cwd=ROOT)
        started.append(process)
        until_ready(process, port, folder / "serve.log")
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.sockets
def test_a_network_of_two_lives_over_real_sockets(
    maillon: Maillon, make_node: Callable[..., Created], serve: Callable[[Created, int], "subprocess.Popen[bytes]"]
) -> None:
    ports = free_ports(), free_ports()
    reseau = make_node("reseau.emploi.example", "coordinator", ports[0])
    town = make_node(MONTLUCON, "town", ports[1])

    def at(made: Created, *arguments: object) -> Said:
        return maillon(*arguments, "--config", made.config, "--json")

    server = serve(reseau, ports[0])
    network = at(reseau, "network", "create", "--name", "Réseau d'essai", "--root-keys", "2/3").json
    assert "déjà un réseau" in maillon("network", "create", "--config", reseau.config).err

    join = ("network", "join", "--coordinator", f"http://127.0.0.1:{ports[0]}", "--root-sha256")
    wrong = at(town, *join, "0" * 64)
    assert (wrong.code, "téléphone" in wrong.err) == (ExitCode.ERROR, True)
    asked = at(town, *join, network["root_sha256"]).json
    assert (asked["member"], asked["request"]) == (False, "sent")
    (waiting,) = at(reseau, "network", "list").json["pending"]
    assert (waiting["id"], waiting["fingerprint"]) == (MONTLUCON, asked["fingerprint"])
    assert "autre empreinte" in at(reseau, "network", "admit", MONTLUCON, "--fingerprint", "0" * 20).err
    assert at(reseau, "network", "refuse", MONTLUCON).json == {"id": MONTLUCON, "request": "refused"}
    assert at(reseau, "network", "refuse", MONTLUCON).code == ExitCode.ERROR
    assert at(town, *join, network["root_sha256"]).json["fingerprint"] == asked["fingerprint"]
    assert at(reseau, "network", "admit", "bayonne.emploi.example").code == ExitCode.ERROR
    unasked = at(reseau, "network", "admit", MONTLUCON)
    assert (unasked.code, "--fingerprint manque" in unasked.err) == (ExitCode.USAGE, True)
    said = " ".join(asked["fingerprint"][at : at + 4] for at in range(0, 20, 4)).upper()
    assert at(reseau, "network", "admit", MONTLUCON, "--fingerprint", said).json["status"] == "active"
    assert at(reseau, "network", "list").json["pending"] == []
    assert at(town, "network", "refresh").json["version"] == 2
    assert len(at(town, "network", "list").json["members"]) == 2

    synced = at(town, "sync")
    assert (synced.code, [peer["taken"] for peer in synced.json["peers"]]) == (0, [1])
    assert at(town, "sync", "--peer", "reseau.emploi.example").json["peers"][0]["taken"] == 0
    assert at(town, "sync", "--replay").json == {"ok": True, "applied": 0, "refused": 0}
    assert at(town, "sync", "--replay", "--peer", "lille.emploi.example").code == ExitCode.ERROR
    assert "servi par le processus" in maillon("check", "--config", reseau.config).out
    assert "Réseau d'essai" in maillon("status", "--config", town.config).out

    assert at(reseau, "sync").code == ExitCode.ERROR, "the town does not serve yet"
    serve(town, ports[1])
    assert at(reseau, "sync").code == 0
    audited = at(reseau, "audit")
    assert (audited.code, len(audited.json["nodes"])) == (0, 2)

    assert at(reseau, "network", "suspend", MONTLUCON).json["status"] == "suspended"
    assert at(reseau, "network", "suspend", "reseau.emploi.example").code == ExitCode.ERROR
    refused = at(town, "sync", "--peer", "reseau.emploi.example")
    assert (refused.code, refused.json["peers"][0]["error"]) == (ExitCode.ERROR, "refused")
    assert at(reseau, "network", "activate", MONTLUCON).json["status"] == "active"

    began = time.monotonic()
    server.send_signal(signal.SIGTERM)
    assert server.wait(PATIENCE) == 0
    assert time.monotonic() - began < 20, "it waits for none of its jobs"
    log = [json.loads(line) for line in (reseau.config.parent / "serve.log").read_text().splitlines()]
    assert {"serve.started", "serve.stopped"} <= {line["event"] for line in log}
    said = (reseau.config.parent / "serve.out").read_text()
    assert f"http://127.0.0.1:{ports[0]}/connexion/lien/" in said, "where the first account is made"
    gone = at(town, "network", "refresh")
    assert (gone.code, gone.json["degraded"], gone.json["reason"]) == (ExitCode.PARTIAL, True, "unreachable")
