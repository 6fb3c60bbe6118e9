"""Root and targets get a year more: by the coordinator alone, or by authorities that each sign a file at home.

What such a file may hold is in test_renewal_drafts.py."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata

from federation.errors import BadDirectory, BadDraft, DraftFault, NotEnoughKeys, StaleDirectory
from federation.membership.changing import suspend
from federation.membership.expiries import mirrored
from federation.membership.registry import Registry
from federation.membership.renewal import (
    Draft,
    decode_draft,
    draft,
    encode_draft,
    fingerprint,
    gather,
    keys_here,
    network_root,
    publish,
    renew,
    sign,
    standing,
)
from federation.membership.repository import LIVES, Keys, Thresholds
from federation.membership.role_keys import load_key
from federation.transport.address_policy import AddressPolicy
from federation.transport.client import Transport
from protocol.keys import NodeKeys
from tests.federation.conftest import (
    BAYONNE,
    DRANCY,
    MONTLUCON,
    NOW,
    FixedClock,
    Network,
    member_of,
    members_of,
    seeded,
)
from tests.federation.membership.test_online_changes import of_before_the_role
from tests.federation.membership.test_registry import AUTHORITIES, Coordinator, Mirror

YEAR = LIVES["root"]
LATER = NOW + timedelta(days=300)
OFFLINE = tuple(f"{role}-{number}" for role in ("root", "targets") for number in range(1, 6))


class Authorities:
    """A coordinator without one offline key, those who hold them, and Drancy's mirror."""

    def __init__(self, folder: Path, network: Network) -> None:
        self.folder, self.network, self.clock = folder, network, FixedClock(LATER)
        self.registry = Registry(folder / "directory", seeded(5))
        self.coordinator = Coordinator(self.registry)
        self.homes = {name: load_key((folder / "homes" / f"{name}.pem").read_bytes()) for name in OFFLINE}

    def mirror(self, name: str = "mirror") -> Mirror:
        http = httpx.MockTransport(self.coordinator)
        transport = Transport(self.network.keys[DRANCY], self.clock, seeded(1), AddressPolicy(), http)
        mirror = Mirror(self.coordinator, transport, self.folder / name, self.clock)
        mirror.begin()
        return mirror

    def draft(self, now: datetime = LATER) -> Draft:
        return decode_draft(encode_draft(draft(self.registry, now)))

    def signed(self, one: Draft, *names: str, now: datetime = LATER) -> Draft:
        """A copy that went to these homes, one after the other."""
        for name in names:
            one = decode_draft(encode_draft(sign(one, [self.homes[name]], now)))
        return one

    def publish(self, *drafts: Draft, now: datetime = LATER) -> None:
        publish(self.registry, gather(self.registry, drafts), now)

    def files(self) -> dict[str, bytes]:
        found = (path for path in self.registry.folder.rglob("*") if path.is_file() and path.name != ".lock")
        return {str(path.relative_to(self.registry.folder)): path.read_bytes() for path in found}

    def bring_back(self, *names: str) -> None:
        for name in names:
            shutil.copy(self.folder / "homes" / f"{name}.pem", self.registry.keys.folder)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory, node_keys: dict[str, NodeKeys]) -> Path:
    """Made once, 3 of 5 and 2 of 5: the authorities took their keys home."""
    folder = tmp_path_factory.mktemp("founded")
    members = members_of([member_of(keys) for keys in node_keys.values()])
    Registry.create(folder / "directory", members, NOW, seeded(4), AUTHORITIES)
    (folder / "homes").mkdir()
    for name in OFFLINE:
        (folder / "directory" / "keys" / f"{name}.pem").rename(folder / "homes" / f"{name}.pem")
    registry = Registry(folder / "directory")
    registry.refresh_timestamp(LATER)
    return folder


@pytest.fixture
def authorities(founded: Path, network: Network, tmp_path: Path) -> Authorities:
    shutil.copytree(founded, tmp_path / "network")
    return Authorities(tmp_path / "network", network)


def test_each_signs_a_copy_at_home_and_the_coordinator_publishes(authorities: Authorities) -> None:
    mirror = authorities.mirror()
    members = mirror.refresh()
    one = authorities.draft()
    assert [(role.role, role.version, role.threshold, role.keys, role.missing) for role in standing(one)] == [
        ("root", 2, 3, 5, 3),
        ("targets", 2, 2, 5, 2),
    ]
    assert network_root(one) == authorities.registry.root_fingerprint()
    copies = [
        authorities.signed(one, "root-5", "targets-5"),
        authorities.signed(one, "root-1"),
        authorities.signed(one, "targets-2", "root-3"),
    ]
    assert {fingerprint(copy) for copy in copies} == {fingerprint(one)}
    authorities.publish(*copies)
    assert mirror.refresh() == members
    assert set(mirrored(mirror.cache).values()) == {LATER + YEAR}
    for role, path in (("root", "2.root.json"), ("targets", "2.targets.json")):
        metadata = Metadata[Any].from_bytes((authorities.registry.metadata / path).read_bytes())
        assert len(metadata.signatures) == {"root": 3, "targets": 2}[role]


def test_one_file_may_go_from_hand_to_hand_and_keys_that_are_here_sign_too(authorities: Authorities) -> None:
    authorities.bring_back("root-1", "targets-1")
    one = authorities.draft()
    assert [role.signed for role in standing(one)] == [1, 1]
    authorities.publish(authorities.signed(one, "root-2", "root-4", "targets-4"))
    assert authorities.mirror().refresh() == authorities.registry.members()
    # A key that came back after the file was made counts as well.
    two = authorities.signed(authorities.draft(), "root-2", "targets-4")
    authorities.bring_back("root-3")
    authorities.publish(two)
    assert authorities.registry.root().version == 3


@pytest.mark.parametrize(
    "names",
    [
        (),
        ("root-1",),
        ("root-1", "root-2", "targets-1", "targets-2"),
        ("root-1", "root-2", "root-3", "targets-1"),
        ("targets-1", "targets-2", "targets-3", "targets-4", "targets-5"),
    ],
)
def test_under_the_threshold_nothing_is_written(authorities: Authorities, names: tuple[str, ...]) -> None:
    before = authorities.files()
    with pytest.raises(NotEnoughKeys):
        authorities.publish(*(authorities.signed(authorities.draft(), name) for name in names), authorities.draft())
    with pytest.raises(NotEnoughKeys, match="root: 3 keys must sign, 0 are here"):
        renew(authorities.registry, LATER)
    assert authorities.files() == before


def test_the_coordinator_alone_at_the_threshold(authorities: Authorities) -> None:
    authorities.bring_back("root-1", "root-2", "root-5", "targets-4", "targets-5")
    assert [one.missing for one in keys_here(authorities.registry)] == [0, 0]
    renewed = renew(authorities.registry, LATER)
    assert [one.until for one in standing(renewed)] == [LATER + YEAR, LATER + YEAR]
    assert authorities.mirror().refresh() == authorities.registry.members()


def test_a_signature_that_does_not_hold_is_not_counted_and_stands_in_nobodys_way(authorities: Authorities) -> None:
    good = authorities.signed(authorities.draft(), "root-1", "root-2", "root-3", "targets-1", "targets-2")
    broken = json.loads(encode_draft(good))
    for part in ("next_root", "next_targets"):
        metadata = json.loads(broken[part])
        for signature in metadata["signatures"]:
            signature["sig"] = "00" * 64
        broken[part] = json.dumps(metadata)
    bad = decode_draft(_canonical(broken))
    assert [one.signed for one in standing(bad)] == [0, 0]
    assert [one.signed for one in standing(authorities.signed(bad, "root-1"))] == [1, 0]
    authorities.publish(good, bad)
    assert authorities.mirror().refresh() == authorities.registry.members()


def test_what_is_published_is_no_longer_than_what_readers_take(authorities: Authorities) -> None:
    """A signature that is spelt with a megabyte of spaces, beside a field that nobody knows, holds all the same."""
    one = json.loads(
        encode_draft(authorities.signed(authorities.draft(), "root-1", "root-2", "root-3", "targets-1", "targets-2"))
    )
    metadata = json.loads(one["next_root"])
    metadata["signatures"][0]["sig"] += " " * 600_000
    metadata["signatures"][1]["remark"] = "x" * 600_000
    metadata["remark"] = "x" * 600_000
    one["next_root"] = json.dumps(metadata)
    authorities.publish(decode_draft(_canonical(one)))
    assert len((authorities.registry.metadata / "2.root.json").read_bytes()) < 16 * 1024
    assert authorities.mirror().refresh() == authorities.registry.members()


def _canonical(file: dict[str, Any]) -> bytes:
    return json.dumps(file, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _altered(authorities: Authorities, part: str, change: Callable[[dict[str, Any]], None]) -> bytes:
    file = json.loads(encode_draft(authorities.draft()))
    metadata = json.loads(file[part])
    change(metadata["signed"])
    file[part] = json.dumps(metadata)
    return _canonical(file)


def test_other_ends_are_other_drafts_and_no_end_is_beyond_a_year(authorities: Authorities) -> None:
    def until(moment: datetime) -> Draft:
        end = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        return decode_draft(_altered(authorities, "next_root", lambda signed: signed.update(expires=end)))

    before = authorities.files()
    shorter = until(LATER + timedelta(days=100))
    assert fingerprint(shorter) != fingerprint(authorities.draft())
    with pytest.raises(BadDraft) as refused:
        gather(authorities.registry, [authorities.draft(), shorter])
    assert refused.value.word is DraftFault.OTHER_COPY
    for moment, fault in (
        (LATER, DraftFault.PAST),
        (LATER - timedelta(days=1), DraftFault.PAST),
        (LATER + YEAR + timedelta(days=2), DraftFault.FAR),
        (datetime(9999, 12, 31, tzinfo=NOW.tzinfo), DraftFault.FAR),
    ):
        with pytest.raises(BadDraft) as refused:
            authorities.signed(until(moment), "root-1")
        assert refused.value.word is fault
        with pytest.raises(BadDraft) as refused:
            authorities.publish(until(moment))
        assert refused.value.word is fault
    assert authorities.files() == before


def test_a_draft_of_an_older_state_is_not_published(authorities: Authorities, network: Network) -> None:
    names = ("root-1", "root-2", "root-3", "targets-1", "targets-2")
    one = authorities.signed(authorities.draft(), *names)
    authorities.bring_back(*OFFLINE)
    listed = suspend(network.members, BAYONNE, LATER)
    authorities.registry.publish(listed, LATER)
    two = authorities.signed(authorities.draft(), *names)
    before = authorities.files()
    with pytest.raises(BadDraft) as refused:
        authorities.publish(one)
    assert refused.value.word is DraftFault.OLDER
    assert authorities.files() == before
    renew(authorities.registry, LATER + timedelta(days=1))
    before = authorities.files()
    for old in (one, two):
        with pytest.raises(BadDraft) as refused:
            authorities.publish(old)
        assert refused.value.word is DraftFault.OLDER
    assert authorities.files() == before
    assert authorities.mirror().refresh() == listed


def test_what_the_online_role_changed_meanwhile_stays(authorities: Authorities) -> None:
    """Neither a suspension nor a new timestamp makes a draft old: they are not what it signs."""
    one = authorities.signed(authorities.draft(), "root-1", "root-2", "root-3", "targets-1", "targets-2")
    authorities.registry.suspend(MONTLUCON, LATER)
    authorities.registry.refresh_timestamp(LATER + timedelta(days=5))
    authorities.clock.moment = LATER + timedelta(days=5)
    authorities.publish(one, now=authorities.clock.moment)
    members = authorities.mirror().refresh()
    found = members.find(MONTLUCON)
    assert found is not None
    assert found.status == "suspended"
    assert members.version == 2


def test_another_networks_draft_is_refused(authorities: Authorities, network: Network, tmp_path: Path) -> None:
    other = Registry.create(tmp_path / "other", network.members, NOW, seeded(8))
    with pytest.raises(BadDraft) as refused:
        authorities.publish(draft(other, LATER))
    assert refused.value.word is DraftFault.OTHER_NETWORK


def _killed_at(registry: Registry, survived: int, act: Callable[[], object], patch: pytest.MonkeyPatch) -> bool:
    """Do it and die before the write after `survived` ones; False when it needs no more than those."""
    written: list[str] = []

    def write(path: str, data: bytes) -> None:
        if len(written) == survived:
            raise KeyboardInterrupt
        written.append(path)
        (registry.folder / path).write_bytes(data)

    with patch.context() as killed:
        killed.setattr(registry, "_write", write)
        try:
            act()
        except KeyboardInterrupt:
            return True
    return False


def _again(authorities: Authorities, one: Draft) -> None:
    authorities.publish(one)


def _after_the_online_keys(authorities: Authorities, one: Draft) -> None:
    authorities.clock.moment = LATER + timedelta(days=4)
    assert authorities.registry.refresh_timestamp(authorities.clock.moment)
    authorities.publish(one, now=authorities.clock.moment)


def _by_those_who_are_here(authorities: Authorities, _one: Draft) -> None:
    authorities.bring_back(*OFFLINE)
    renew(authorities.registry, LATER)


def _by_a_new_file(authorities: Authorities, _one: Draft) -> None:
    names = ("root-3", "root-4", "root-5", "targets-1", "targets-2")
    authorities.publish(authorities.signed(authorities.draft(), *names))


@pytest.mark.parametrize(
    ("old", "go_on"),
    [
        (False, _again),
        (False, _after_the_online_keys),
        (False, _by_those_who_are_here),
        (False, _by_a_new_file),
        (True, _again),
        (True, _by_a_new_file),
    ],
)
def test_interrupted_at_any_write_it_ends_well_when_done_again(
    authorities: Authorities,
    network: Network,
    monkeypatch: pytest.MonkeyPatch,
    go_on: Callable[[Authorities, Draft], None],
    old: bool,
) -> None:
    if old:
        authorities.bring_back(*OFFLINE)
        of_before_the_role(authorities.registry.folder)
        for name in OFFLINE:
            (authorities.registry.keys.folder / f"{name}.pem").unlink()
    start, survived = authorities.folder, 0
    while True:
        folder = start.with_name(f"killed-{survived}")
        shutil.copytree(start, folder)
        one = Authorities(folder, network)
        mirror = one.mirror()
        assert mirror.refresh() == network.members
        file = one.signed(one.draft(), "root-1", "root-2", "root-3", "targets-1", "targets-2")
        if not _killed_at(one.registry, survived, lambda one=one, file=file: one.publish(file), monkeypatch):  # type: ignore[misc]
            break
        assert mirror.refresh() == network.members
        go_on(one, file)
        assert mirror.refresh() == network.members
        assert one.registry.in_force().targets.expires >= LATER + YEAR
        assert min(mirrored(mirror.cache).values()) >= LATER + YEAR
        one.registry.suspend(MONTLUCON, one.clock.moment)
        assert mirror.refresh().version == 2
        survived += 1
    assert survived == (6 if old else 5)


def test_a_root_of_another_renewal_that_was_interrupted_makes_a_draft_old(
    authorities: Authorities, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("root-1", "root-2", "root-3", "targets-1", "targets-2")
    one = authorities.signed(authorities.draft(), *names)
    restored = authorities.folder.with_name("restored")
    shutil.copytree(authorities.folder, restored)
    authorities.bring_back(*OFFLINE)
    day = LATER + timedelta(days=1)
    assert _killed_at(authorities.registry, 1, lambda: renew(authorities.registry, day), monkeypatch)
    # The coordinator's backup of before that went on with another root of the same version.
    other = Authorities(restored, network)
    other.bring_back(*OFFLINE)
    assert _killed_at(other.registry, 1, lambda: renew(other.registry, LATER), monkeypatch)
    for draft_of_elsewhere in (one, other.draft()):
        before = authorities.files()
        with pytest.raises(BadDraft) as refused:
            authorities.publish(draft_of_elsewhere)
        assert refused.value.word is DraftFault.OLDER
        assert authorities.files() == before


def test_done_twice_is_done_once(authorities: Authorities) -> None:
    one = authorities.signed(authorities.draft(), "root-1", "root-2", "root-3", "targets-1", "targets-2")
    authorities.publish(one)
    after = authorities.files()
    authorities.publish(one)
    assert authorities.files() == after


class TestBeforeChanges:
    """A registry that was made before the role `changes`."""

    @pytest.fixture
    def old(self, authorities: Authorities) -> Authorities:
        authorities.bring_back(*OFFLINE)
        of_before_the_role(authorities.registry.folder)
        return authorities

    def test_renewal_gives_it_the_role(self, old: Authorities, network: Network) -> None:
        mirror = old.mirror()
        assert mirror.refresh() == network.members
        with pytest.raises(NotEnoughKeys):
            old.registry.suspend(MONTLUCON, LATER)
        renew(old.registry, LATER)
        assert mirror.refresh() == network.members
        old.registry.suspend(MONTLUCON, LATER)
        assert mirror.refresh().version == 2

    def test_too_few_keys_make_none(self, old: Authorities) -> None:
        for name in OFFLINE[:3]:
            (old.registry.keys.folder / f"{name}.pem").unlink()
        before = old.files()
        with pytest.raises(NotEnoughKeys):
            renew(old.registry, LATER)
        assert old.files() == before

    def test_holders_sign_it(self, old: Authorities) -> None:
        for name in OFFLINE:
            (old.registry.keys.folder / f"{name}.pem").unlink()
        one = old.draft()
        assert fingerprint(one) == fingerprint(old.draft())
        old.publish(old.signed(one, "root-1", "root-2", "root-3", "targets-1", "targets-2"))
        old.mirror().refresh()
        old.registry.suspend(MONTLUCON, LATER)
        assert old.mirror("another").refresh().version == 2

    def test_a_thiefs_key_for_it_is_refused(self, old: Authorities) -> None:
        """The file went through other hands, and holders did not compare fingerprints."""
        file = json.loads(encode_draft(old.draft()))
        metadata = json.loads(file["next_targets"])
        key = CryptoSigner(Ed25519PrivateKey.from_private_bytes(bytes(32))).public_key
        delegations = metadata["signed"]["delegations"]
        delegations["keys"] = {key.keyid: key.to_dict()}
        delegations["roles"][0]["keyids"] = [key.keyid]
        metadata["signatures"] = []
        one = decode_draft(_canonical({**file, "next_targets": json.dumps(metadata)}))
        signed = old.signed(one, "root-1", "root-2", "root-3", "targets-1", "targets-2")
        before = old.files()
        with pytest.raises(BadDraft) as refused:
            old.publish(signed)
        assert refused.value.word is DraftFault.ALTERED
        assert old.files() == before

    @pytest.mark.parametrize(
        "change",
        [
            lambda signed: signed.pop("delegations"),
            lambda signed: signed["delegations"].update(keys={}),
            lambda signed: signed["delegations"]["roles"][0].update(paths=["*"]),
            lambda signed: signed["delegations"]["roles"][0].update(threshold=2),
            lambda signed: signed["delegations"]["roles"][0].update(name="others"),
        ],
    )
    def test_no_other_role_is_given(self, old: Authorities, change: Callable[[dict[str, Any]], None]) -> None:
        with pytest.raises(BadDraft) as refused:
            decode_draft(_altered(old, "next_targets", change))
        assert refused.value.word is DraftFault.ALTERED


class TestAfterTheEnd:
    def test_a_directory_that_ended_50_days_ago_comes_back(self, authorities: Authorities, network: Network) -> None:
        mirror = authorities.mirror()
        mirror.refresh()
        late = authorities.clock.moment = NOW + YEAR + timedelta(days=50)
        with pytest.raises(StaleDirectory):
            mirror.refresh()
        # Online keys alone do not help: root has ended.
        assert authorities.registry.refresh_timestamp(late)
        with pytest.raises(StaleDirectory):
            mirror.refresh()
        one = authorities.draft(late)
        names = ("root-1", "root-2", "root-3", "targets-1", "targets-2")
        authorities.publish(authorities.signed(one, *names, now=late), now=late)
        assert mirror.refresh() == network.members
        assert authorities.mirror("newcomer").refresh() == network.members

    def test_a_member_that_slept_through_three_renewals_follows_root_by_root(
        self, authorities: Authorities, network: Network
    ) -> None:
        mirror = authorities.mirror()
        mirror.refresh()
        authorities.bring_back(*OFFLINE)
        for years in (1, 2, 3):
            authorities.clock.moment = NOW + years * YEAR + timedelta(days=50)
            renew(authorities.registry, authorities.clock.moment)
        mirror.coordinator.asked.clear()
        assert mirror.refresh() == network.members
        assert mirror.coordinator.asked[:4] == [f"metadata/{version}.root.json" for version in (2, 3, 4, 5)]
        one = authorities.draft(authorities.clock.moment)
        assert len(one.roots) == 4
        assert network_root(one) == authorities.registry.root_fingerprint()


def test_alone_at_one_of_one(network: Network, tmp_path: Path) -> None:
    registry = Registry.create(tmp_path / "directory", network.members, NOW, seeded(4), Thresholds(Keys(), Keys()))
    assert all(not one.missing for one in standing(renew(registry, LATER)))
    assert registry.root().expires == registry.in_force().targets.expires == LATER + YEAR


def test_a_key_file_that_holds_none_is_named(authorities: Authorities) -> None:
    (authorities.registry.keys.folder / "root-1.pem").write_bytes(b"not a key")
    with pytest.raises(BadDirectory, match=r"root-1\.pem holds no key"):
        renew(authorities.registry, LATER)
