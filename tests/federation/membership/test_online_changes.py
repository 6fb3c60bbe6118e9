"""The online role of the directory: what it may publish, and what whoever steals its key cannot."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from tuf.api.metadata import Metadata, TargetFile

from federation.errors import BadDirectory, NotAMember, NotEnoughKeys
from federation.membership.changing import admit
from federation.membership.registry import Registry
from federation.membership.renewal import renew
from federation.membership.repository import CHANGES_ROLE, LIVES, Keys, Thresholds
from federation.membership.role_keys import S
from protocol.changes import Changes, KeyChange, MemberChanges, no_changes
from protocol.keys import NodeKeys, Purpose, find_key
from protocol.members import JoinRequest, Members, SignedJoinRequest, encode_members, sign_join_request
from protocol.wire_json import decode, timestamp
from tests.federation.conftest import BAYONNE, DRANCY, MONTLUCON, NOW, Network, seeded
from tests.federation.membership.test_directory import Store, keep
from tests.federation.membership.test_registry import Opened, opened, without_keys

__all__ = ["opened"]

AUTHORITIES = Thresholds(root=Keys(3, 5), targets=Keys(2, 5))
DAY = timedelta(days=1)


def statement(members: Members, new: NodeKeys, former: NodeKeys, at: datetime = NOW) -> bytes:
    """All keys of a member replaced, from that moment on."""
    before = members.find(new.node_id)
    assert before is not None
    asked = JoinRequest(
        id=before.id,
        name=before.name,
        role=before.role,
        base_url=before.base_url,
        commune=before.commune,
        epoch=before.epoch,
        keys=new.public_keys(at, at + timedelta(days=730)),
        at=timestamp(at),
    )
    return sign_join_request(asked, new, former)


def other_keys(node: str = DRANCY, seed: int = 40) -> NodeKeys:
    return NodeKeys.generate(node, seeded(seed))


def rotated(registry: Registry, network: Network, node: str = DRANCY, seed: int = 40, at: datetime = NOW) -> Members:
    listed = registry.list_keys(statement(registry.members(), other_keys(node, seed), network.keys[node], at), at)
    assert listed is not None
    return listed


def test_members_keys_and_suspensions_take_nobodys_key(opened: Opened, network: Network, tmp_path: Path) -> None:
    mirror = opened(AUTHORITIES)
    registry = mirror.coordinator.registry
    without_keys(tmp_path / "directory", *(f"{role}-{n}" for role in ("root", "targets") for n in range(1, 6)))
    listed = rotated(registry, network)
    assert mirror.refresh() == listed == registry.members()
    assert registry.suspend(BAYONNE, NOW) == mirror.refresh()
    assert mirror.refresh().version == network.members.version + 2
    assert registry.suspend(BAYONNE, NOW + DAY).version == network.members.version + 2, "it is suspended already"
    with pytest.raises(NotAMember):
        registry.suspend("lormont.emploi.example", NOW)
    with pytest.raises(NotEnoughKeys):
        registry.publish(msgspec.structs.replace(network.members, version=listed.version + 2), NOW)


def test_nothing_new_costs_two_requests_and_one_change_five(opened: Opened, network: Network) -> None:
    mirror = opened()
    mirror.refresh()
    mirror.coordinator.asked.clear()
    mirror.refresh()
    assert len(mirror.coordinator.asked) == 2
    rotated(mirror.coordinator.registry, network)
    mirror.coordinator.asked.clear()
    mirror.refresh()
    kinds = [path.rpartition(".json")[0].rpartition(".")[2] for path in mirror.coordinator.asked]
    assert kinds == ["root", "metadata/timestamp", "snapshot", "changes", "changes"]


def test_the_next_signed_list_takes_the_changes_in(opened: Opened, network: Network) -> None:
    mirror = opened()
    registry = mirror.coordinator.registry
    rotated(registry, network)
    registry.suspend(BAYONNE, NOW)
    before = mirror.refresh()
    lormont = NodeKeys.generate("lormont.emploi.example", seeded(9))
    asked = JoinRequest(
        id=lormont.node_id,
        name="Ville de Lormont",
        role="town",
        base_url="https://lormont.example",
        commune="33249",
        epoch=1,
        keys=lormont.public_keys(NOW, NOW + timedelta(days=730)),
        at=timestamp(NOW),
    )
    registry.publish(admit(registry.members(), asked, NOW), NOW)
    signed, changes = registry.published()
    assert changes == no_changes(signed)
    after = mirror.refresh()
    assert after == signed
    assert after.version == before.version + 1
    assert [one for one in after.members if one.id != lormont.node_id] == list(before.members)


def test_the_role_signs_again_at_half_its_life(opened: Opened, network: Network) -> None:
    mirror = opened()
    registry = mirror.coordinator.registry
    listed = rotated(registry, network)
    for day in range(1, 30):
        mirror.clock.moment = NOW + timedelta(days=day)
        registry.refresh_timestamp(mirror.clock.moment)
        assert mirror.refresh() == listed
    assert registry.in_force().changes.version > 2  # type: ignore[union-attr]


def test_a_request_that_came_twice_is_answered_alike(opened: Opened, network: Network) -> None:
    registry = opened().coordinator.registry
    asked = statement(registry.members(), other_keys(), network.keys[DRANCY])
    listed = registry.list_keys(asked, NOW)
    assert registry.list_keys(asked, NOW + timedelta(minutes=1)) == listed
    assert registry.list_keys(statement(registry.members(), other_keys(seed=41), other_keys(seed=42)), NOW) is None


def test_a_coordinator_killed_while_listing_keys_is_still_at_the_old_list(
    opened: Opened, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = opened()
    registry = mirror.coordinator.registry
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
                rotated(registry, network)
        assert len(written) == survived
        assert mirror.refresh() == network.members
    assert rotated(registry, network) == mirror.refresh()


def forge(registry: Registry, folder: Path, changes: Changes, now: datetime = NOW) -> None:
    """Whoever holds the online keys alone publishes this."""
    forging = Registry(folder)
    assert registry.folder == folder
    state = forging.in_force()
    for signed in (state.changes, state.snapshot, state.timestamp):
        assert signed is not None
        signed.version += 1
    forging._write_changes(state, changes, now)


def said(members: Members, *entries: MemberChanges, ahead: int = 1) -> Changes:
    return Changes(
        network=members.network, base=members.version, version=members.version + ahead, members=list(entries)
    )


class TestAThiefOfTheOnlineKeys:
    def test_gives_nobody_keys(self, opened: Opened, network: Network, tmp_path: Path) -> None:
        mirror = opened()
        thief = other_keys(seed=666)
        by_itself = decode(statement(network.members, thief, thief), SignedJoinRequest)
        change = KeyChange(listed=timestamp(NOW), request=by_itself)
        entry = MemberChanges(id=DRANCY, keys=[change], suspended="")
        forge(mirror.coordinator.registry, tmp_path / "directory", said(network.members, entry))
        with pytest.raises(BadDirectory):
            mirror.refresh()

    def test_brings_no_old_statement_back(self, opened: Opened, network: Network, tmp_path: Path) -> None:
        """Drancy rotated twice, for its first new keys were stolen. Who has seen the second ones keeps them."""
        mirror, store = opened(), Store()
        registry = mirror.coordinator.registry
        rotated(registry, network)
        first = registry.published()[1].members[0].keys[0]
        again = statement(registry.members(), other_keys(seed=41), other_keys(), NOW + DAY)
        assert registry.list_keys(again, NOW + DAY) is not None
        mirror.clock.moment = NOW + DAY
        keep(store, mirror.refresh(), NOW + DAY)
        entry = MemberChanges(id=DRANCY, keys=[first], suspended="")
        forge(registry, tmp_path / "directory", said(network.members, entry, ahead=3), NOW + DAY)
        with pytest.raises(BadDirectory, match="no longer listed"):
            keep(store, mirror.refresh(), NOW + DAY)

    def test_leaves_nothing_out_of_a_directory_that_announces_it(
        self, opened: Opened, network: Network, tmp_path: Path
    ) -> None:
        mirror = opened()
        registry = Registry(tmp_path / "directory")
        state = registry.in_force()
        assert state.changes is not None
        state.changes.targets.clear()
        for signed in (state.changes, state.snapshot, state.timestamp):
            signed.version += 1
        registry._write_changes_metadata(state, NOW)
        registry._write_snapshot(state, NOW)
        registry._write_timestamp(state, NOW)
        with pytest.raises(BadDirectory, match="what changed since"):
            mirror.refresh()

    def test_vouches_for_no_other_file(self, opened: Opened, network: Network, tmp_path: Path) -> None:
        """A list of its own beside the changes is never looked at: `targets` names that file itself."""
        mirror = opened()
        forged = msgspec.structs.replace(network.members, members=network.members.members[:1])
        registry = Registry(tmp_path / "directory")
        state = registry.in_force()
        assert state.changes is not None
        data = encode_members(forged)
        state.changes.targets["members.json"] = TargetFile.from_data("members.json", data, ["sha256"])
        for signed in (state.changes, state.snapshot, state.timestamp):
            signed.version += 1
        registry._write_changes_metadata(state, NOW)
        registry._write_snapshot(state, NOW)
        registry._write_timestamp(state, NOW)
        assert mirror.refresh() == network.members

    def test_uses_the_numbers_up_for_nobody(self, opened: Opened, network: Network, tmp_path: Path) -> None:
        mirror = opened()
        entry = MemberChanges(id=BAYONNE, keys=[], suspended=timestamp(NOW))
        forge(mirror.coordinator.registry, tmp_path / "directory", said(network.members, entry, ahead=2**40))
        with pytest.raises(BadDirectory):
            mirror.refresh()


def of_before_the_role(folder: Path) -> None:
    """Make of this registry what the first version wrote: no delegation, no `changes`, no key for it."""
    registry = Registry(folder)
    state = registry.in_force()
    state.targets.delegations, state.changes = None, None
    del state.snapshot.meta["changes.json"]
    metadata = folder / "metadata"
    targets, snapshot = state.targets, state.snapshot
    (metadata / f"{targets.version}.targets.json").write_bytes(_signed(registry, targets, "targets"))
    snapshot.meta["targets.json"] = registry._meta("targets", targets.version)
    (metadata / f"{snapshot.version}.snapshot.json").write_bytes(_signed(registry, snapshot, "snapshot"))
    state.timestamp.snapshot_meta = registry._meta("snapshot", state.snapshot.version)
    (metadata / "timestamp.json").write_bytes(_signed(registry, state.timestamp, "timestamp"))
    (folder / "keys" / "changes-1.pem").unlink()
    for path in [*(folder / "metadata").glob("*.changes.json"), *(folder / "targets").glob("*.changes.json")]:
        path.unlink()


def _signed(registry: Registry, signed: S, role: str) -> bytes:
    metadata = Metadata(signed)
    for signer in registry.keys.signers(role):
        metadata.sign(signer, append=True)
    return metadata.to_bytes()


@pytest.mark.parametrize(
    "act",
    [
        lambda registry, members: renew(registry, NOW),
        lambda registry, members: registry.publish(msgspec.structs.replace(members, version=members.version + 1), NOW),
    ],
    ids=["a renewal", "the next list"],
)
def test_a_directory_of_before_the_role_gets_it(
    opened: Opened, network: Network, tmp_path: Path, act: Callable[[Registry, Members], None]
) -> None:
    mirror = opened()
    folder = tmp_path / "directory"
    of_before_the_role(folder)
    shutil.rmtree(tmp_path / "mirror" / "metadata", ignore_errors=True)
    registry = Registry(folder, seeded(77))
    assert mirror.refresh() == network.members == registry.members(), "it reads as before"
    assert registry.refresh_timestamp(NOW + DAY)
    assert registry.list_keys(statement(network.members, other_keys(), network.keys[DRANCY]), NOW) is None
    with pytest.raises(NotEnoughKeys, match="renew"):
        registry.suspend(BAYONNE, NOW)
    act(registry, network.members)
    mirror.coordinator.registry = registry
    mirror.refresh()
    rotated(registry, network, MONTLUCON)
    assert mirror.refresh() == registry.members()
    found = registry.members().find(MONTLUCON)
    assert found is not None
    assert find_key(found.keys, Purpose.HTTP, NOW).key_id == other_keys(MONTLUCON).key_id(Purpose.HTTP)


def test_each_role_has_its_life(opened: Opened) -> None:
    registry = opened().coordinator.registry
    state = registry.in_force()
    assert state.changes is not None
    assert state.changes.expires == NOW + LIVES[CHANGES_ROLE]
    assert registry.expiries() == {"root": NOW + LIVES["root"], "targets": NOW + LIVES["targets"]}
