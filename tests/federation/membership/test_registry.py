"""The coordinator publishes the directory; Drancy mirrors it; somebody on the way would like it otherwise."""

import json
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root, Targets

from federation.errors import (
    BadAnswer,
    BadDirectory,
    FederationError,
    NoDirectory,
    NotEnoughKeys,
    StaleDirectory,
    Unreachable,
)
from federation.membership.changing import suspend
from federation.membership.mirror import bootstrap, refresh
from federation.membership.registry import Registry
from federation.membership.renewal import renew
from federation.membership.repository import LIVES, Keys, Thresholds
from federation.transport.address_policy import AddressPolicy
from federation.transport.client import Transport
from protocol.members import Members
from tests.federation.conftest import BAYONNE, COORDINATOR, DRANCY, NOW, FixedClock, Network, seeded

URL = f"https://{COORDINATOR}"
AUTHORITIES = Thresholds(root=Keys(3, 5), targets=Keys(2, 5))


@dataclass
class Coordinator:
    """Serves a registry under `/directory/`, with files that an attacker puts in the place of others."""

    registry: Registry
    instead: dict[str, bytes | None] = field(default_factory=dict)
    down: bool = False
    asked: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("down")
        path = request.url.path.removeprefix("/directory/")
        self.asked.append(path)
        data = self.instead[path] if path in self.instead else self.registry.read(path)
        return httpx.Response(404) if data is None else httpx.Response(200, content=data)


@dataclass
class Mirror:
    """Drancy's mirror of that coordinator."""

    coordinator: Coordinator
    transport: Transport
    cache: Path
    clock: FixedClock

    def begin(self) -> None:
        bootstrap(self.transport, URL, self.coordinator.registry.root_fingerprint(), self.cache)

    def refresh(self) -> Members:
        return refresh(self.transport, URL, self.cache, self.clock.moment)


Opened = Callable[..., Mirror]


@pytest.fixture
def opened(network: Network, tmp_path: Path) -> Opened:
    """A new network's coordinator, and a mirror that trusts its root."""

    def make(thresholds: Thresholds = Thresholds()) -> Mirror:
        registry = Registry.create(tmp_path / "directory", network.members, NOW, seeded(4), thresholds)
        coordinator = Coordinator(registry)
        http = httpx.MockTransport(coordinator)
        transport = Transport(network.keys[DRANCY], network.clock, seeded(1), AddressPolicy(), http)
        mirror = Mirror(coordinator, transport, tmp_path / "mirror", network.clock)
        mirror.begin()
        return mirror

    return make


def without_keys(folder: Path, *names: str) -> None:
    """Some authorities take their keys home."""
    for name in names:
        (folder / "keys" / f"{name}.pem").unlink()


def test_drancy_mirrors_what_the_coordinator_publishes(opened: Opened, network: Network) -> None:
    mirror = opened()
    assert mirror.refresh() == network.members
    registry = mirror.coordinator.registry
    registry.publish(suspend(network.members, BAYONNE, NOW), NOW)
    suspended = mirror.refresh()
    assert suspended.version == 2
    assert suspended == registry.members()


def test_nothing_new_costs_two_requests(opened: Opened) -> None:
    mirror = opened()
    mirror.refresh()
    mirror.coordinator.asked.clear()
    mirror.refresh()
    assert mirror.coordinator.asked == ["metadata/2.root.json", "metadata/timestamp.json"]


def test_keys_are_for_the_coordinator_alone(opened: Opened, tmp_path: Path) -> None:
    registry = opened(AUTHORITIES).coordinator.registry
    keys = tmp_path / "directory" / "keys"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert sorted(path.name for path in keys.iterdir()) == sorted(
        [f"root-{n}.pem" for n in range(1, 6)]
        + [f"targets-{n}.pem" for n in range(1, 6)]
        + ["changes-1.pem", "snapshot-1.pem", "timestamp-1.pem"]
    )
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}
    for path in ("keys/root-1.pem", "metadata/../keys/root-1.pem", "", "metadata", "targets/members.json", ".lock"):
        assert registry.read(path) is None


def test_three_of_five_and_two_of_five(opened: Opened, network: Network, tmp_path: Path) -> None:
    mirror = opened(AUTHORITIES)
    registry, folder = mirror.coordinator.registry, tmp_path / "directory"
    without_keys(folder, "root-1", "root-5", "targets-1", "targets-2", "targets-3")
    registry.publish(suspend(network.members, BAYONNE, NOW), NOW)
    renew(registry, NOW)
    assert mirror.refresh().version == 2
    without_keys(folder, "root-2")
    before = {path: path.read_bytes() for path in (folder / "metadata").iterdir()}
    with pytest.raises(NotEnoughKeys, match="3 keys must sign, 2 are here"):
        renew(registry, NOW)
    without_keys(folder, "targets-4")
    with pytest.raises(NotEnoughKeys, match="2 keys must sign, 1 are here"):
        registry.publish(msgspec.structs.replace(network.members, version=3), NOW)
    assert {path: path.read_bytes() for path in (folder / "metadata").iterdir()} == before
    assert registry.members().version == 2


def test_thresholds_that_cannot_be_met_are_refused(network: Network, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="threshold"):
        Registry.create(tmp_path / "d", network.members, NOW, seeded(4), Thresholds(root=Keys(3, 2)))
    assert list(tmp_path.iterdir()) == []


def test_a_repository_is_created_once_and_opened_where_it_is(opened: Opened, network: Network, tmp_path: Path) -> None:
    mirror = opened()
    with pytest.raises(FileExistsError):
        Registry.create(tmp_path / "directory", network.members, NOW, seeded(4))
    assert Registry(tmp_path / "directory").members() == network.members
    assert Registry(tmp_path / "directory").root_fingerprint() == mirror.coordinator.registry.root_fingerprint()
    with pytest.raises(BadDirectory):
        Registry(tmp_path / "elsewhere")


def test_only_the_next_version_is_published(opened: Opened, network: Network) -> None:
    registry = opened().coordinator.registry
    for version in (1, 3):
        with pytest.raises(BadDirectory):
            registry.publish(msgspec.structs.replace(network.members, version=version), NOW)


def test_a_coordinator_killed_while_publishing_is_still_at_the_old_list(
    opened: Opened, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = opened()
    registry, next_list = mirror.coordinator.registry, suspend(network.members, BAYONNE, NOW)
    for survived in range(4):
        written: list[str] = []

        def write(path: str, data: bytes, survived: int = survived, written: list[str] = written) -> None:
            if len(written) == survived:
                raise KeyboardInterrupt
            written.append(path)
            (tmp_path / "directory" / path).write_bytes(data)

        with monkeypatch.context() as killed:
            killed.setattr(registry, "_write", write)
            with pytest.raises(KeyboardInterrupt):
                registry.publish(next_list, NOW)
        assert Registry(tmp_path / "directory").members() == network.members
        assert mirror.refresh() == network.members
    registry.publish(next_list, NOW)
    assert mirror.refresh() == next_list


def test_online_roles_sign_again_at_half_their_life(opened: Opened, network: Network) -> None:
    mirror = opened()
    registry = mirror.coordinator.registry
    assert not registry.refresh_timestamp(NOW + timedelta(hours=23))
    for day in range(2, 30):
        mirror.clock.moment = NOW + timedelta(days=day)
        assert registry.refresh_timestamp(mirror.clock.moment)
        assert mirror.refresh() == network.members


def test_a_coordinator_that_is_down_for_days_leaves_the_directory_stale(opened: Opened, network: Network) -> None:
    mirror = opened()
    mirror.refresh()
    mirror.clock.moment = NOW + LIVES["timestamp"]
    with pytest.raises(StaleDirectory):
        mirror.refresh()
    mirror.coordinator.registry.refresh_timestamp(mirror.clock.moment)
    assert mirror.refresh() == network.members


def test_after_a_year_the_authorities_renew_the_root(opened: Opened, network: Network) -> None:
    mirror = opened()
    registry = mirror.coordinator.registry
    mirror.clock.moment = NOW + timedelta(days=366)
    registry.refresh_timestamp(mirror.clock.moment)
    with pytest.raises(StaleDirectory):
        mirror.refresh()
    renew(registry, mirror.clock.moment)
    assert mirror.refresh() == network.members
    assert mirror.refresh() == network.members


def test_a_new_node_trusts_only_the_root_that_it_was_told(opened: Opened, tmp_path: Path) -> None:
    mirror = opened()
    fresh = tmp_path / "fresh"
    with pytest.raises(NoDirectory):
        refresh(mirror.transport, URL, fresh, NOW)
    with pytest.raises(BadDirectory):
        bootstrap(mirror.transport, URL, "0" * 64, fresh)
    with pytest.raises(NoDirectory):
        refresh(mirror.transport, URL, fresh, NOW)


def test_an_anchor_once_taken_is_not_asked_for_again(opened: Opened) -> None:
    mirror = opened()
    mirror.coordinator.down = True
    mirror.begin()
    with pytest.raises(Unreachable):
        mirror.refresh()


def test_an_attacker_without_keys_changes_nothing(opened: Opened, network: Network) -> None:
    """Each file of the directory in turn is changed in one byte, cut, or gone: the answer is an error, never a list."""
    mirror = opened()
    registry = mirror.coordinator.registry
    mirror.refresh()
    registry.publish(suspend(network.members, BAYONNE, NOW), NOW)
    targets = next(path for path in _files(registry) if path.startswith("targets/"))
    for path in ("metadata/timestamp.json", "metadata/2.snapshot.json", "metadata/2.targets.json", targets):
        genuine = registry.read(path)
        assert genuine is not None
        position = genuine.index(b"20") if b"20" in genuine else 0
        flipped = genuine[:position] + bytes([genuine[position] ^ 1]) + genuine[position + 1 :]
        for forged in (flipped, genuine[:-3], b"", b"{}", b"[" * 9999, None):
            mirror.coordinator.instead = {path: forged}
            with pytest.raises((BadDirectory, BadAnswer)):
                mirror.refresh()
    mirror.coordinator.instead = {}
    assert mirror.refresh().version == 2


def _files(registry: Registry) -> list[str]:
    """The list in force, as served."""
    metadata = registry.read("metadata/2.targets.json")
    assert metadata is not None
    digest = json.loads(metadata)["signed"]["targets"]["members.json"]["hashes"]["sha256"]
    return [f"targets/{digest}.members.json"]


def test_yesterdays_timestamp_is_a_rollback(opened: Opened, network: Network) -> None:
    mirror = opened()
    yesterday = mirror.coordinator.registry.read("metadata/timestamp.json")
    mirror.coordinator.registry.publish(suspend(network.members, BAYONNE, NOW), NOW)
    assert mirror.refresh().version == 2
    mirror.coordinator.instead = {"metadata/timestamp.json": yesterday}
    with pytest.raises(BadDirectory):
        mirror.refresh()


def test_a_coordinator_restored_from_a_backup_is_noticed(opened: Opened, network: Network, tmp_path: Path) -> None:
    mirror = opened()
    shutil.copytree(tmp_path / "directory", tmp_path / "backup")
    mirror.coordinator.registry.publish(suspend(network.members, BAYONNE, NOW), NOW)
    mirror.refresh()
    mirror.coordinator.registry = Registry(tmp_path / "backup")
    with pytest.raises(BadDirectory):
        mirror.refresh()


def test_targets_signed_by_one_authority_of_two_are_refused(opened: Opened, network: Network, tmp_path: Path) -> None:
    """Who holds the online keys and one authority's key cannot change the list."""
    mirror = opened(AUTHORITIES)
    registry = mirror.coordinator.registry
    registry.publish(suspend(network.members, BAYONNE, NOW), NOW)
    path = tmp_path / "directory" / "metadata" / "2.targets.json"
    metadata = Metadata[Targets].from_bytes(path.read_bytes())
    for key_id in list(metadata.signatures)[1:]:
        del metadata.signatures[key_id]
    path.write_bytes(metadata.to_bytes())
    # The thief's snapshot and timestamp vouch for it.
    mirror.clock.moment = NOW + timedelta(days=4)
    registry.refresh_timestamp(mirror.clock.moment)
    with pytest.raises(BadDirectory):
        mirror.refresh()


def test_a_second_root_that_the_first_did_not_sign_is_refused(opened: Opened) -> None:
    mirror = opened()
    first = mirror.coordinator.registry.read("metadata/1.root.json")
    assert first is not None
    root = Metadata[Root].from_bytes(first)
    thief = CryptoSigner(Ed25519PrivateKey.from_private_bytes(seeded(666)(32)))
    root.signed.version = 2
    for role in root.signed.roles:
        for key_id in list(root.signed.roles[role].keyids):
            root.signed.revoke_key(key_id, role)
        root.signed.add_key(thief.public_key, role)
    root.sign(thief)
    mirror.coordinator.instead = {"metadata/2.root.json": root.to_bytes()}
    with pytest.raises(BadDirectory):
        mirror.refresh()


def test_a_coordinator_that_sends_something_huge_is_cut(opened: Opened) -> None:
    mirror = opened()
    mirror.coordinator.instead = {"metadata/timestamp.json": b"x" * 100_000}
    with pytest.raises(FederationError):
        mirror.refresh()
