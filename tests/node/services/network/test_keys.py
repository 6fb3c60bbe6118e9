"""A node replaces its keys while its network goes on: Drancy rotates, Montluçon and the coordinator follow."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from federation.errors import FederationError, Unreachable
from federation.outbox import publish, send_sealed
from node import identity
from node.app import open_node
from node.key_file import HeldKeys
from node.kit.errors import Conflict, Unavailable
from node.services.network import coordinating, keys, membership, renewal
from node.services.network.checking import check, check_backup
from node.services.network.founding import restore_keys
from node.services.network.keys import look_after, rotate, settle
from node.services.node import Node
from protocol.keys import SIGNING, NodeKeys, Purpose, find_key, find_sealing_key
from protocol.wire_json import parse_timestamp
from tests.factories import moved, offer
from tests.node.networked import RESEAU, Networked, net
from tests.node.stage import DRANCY, MONTLUCON

__all__ = ["net"]

ALL = [*Purpose]


def signer(node: Node, purpose: Purpose = Purpose.HTTP) -> str:
    return node.keys.key_id(purpose)


def say_something(node: Node) -> None:
    with node.database.write() as uow:
        publish(uow, offer(), node.now())


def seal(home: Node, recipient: str) -> None:
    """A message that only the recipient opens."""
    with home.database.write() as uow:
        send_sealed(uow, home.federation, home.federation.member(recipient), moved("f-unknown"), home.now())


def held(node: Node) -> Sequence[str]:
    return [one.key_id for one in identity.load_keys(node.config.keys_file, node.config.node.id).keys]


def test_new_keys_are_listed_at_once_and_signed_with_a_day_before_the_former_end(net: Networked) -> None:
    former = {one: signer(net.drancy, one) for one in SIGNING}
    rotated = rotate(net.drancy, ALL)
    assert rotated.listed
    assert {one.purpose for one in rotated.keys} == {*Purpose}
    assert coordinating.pending(net.reseau) == [], "nobody has to decide anything"
    net.refresh()
    for purpose in SIGNING:
        assert signer(net.drancy, purpose) == former[purpose]
        listed = net.listed(DRANCY, by=MONTLUCON).keys
        assert find_key(listed, purpose, net.clock.now()).key_id != former[purpose]
    for days in (5, 2, 3, 30):
        say_something(net.drancy)
        net.wait(days=days)
        assert net.visit(net.montlucon, net.drancy).error == ""
        assert net.visit(net.drancy, net.montlucon).error == ""
    assert not {*former.values()} & {signer(net.drancy, one) for one in SIGNING}
    settle(net.drancy, membership.refresh(net.drancy))
    assert not {*former.values()} & {*held(net.drancy)}, "the former private keys are gone"
    old = net.listed(DRANCY, by=MONTLUCON).keys
    assert {*former.values()} <= {key.key_id for key in old}, "and listed for ever"


def test_whoever_has_not_heard_of_it_for_days_still_believes(net: Networked) -> None:
    """Montluçon's line to the coordinator is cut: its directory names the former keys alone."""
    net.wire.down.add(RESEAU)
    known = net.listed(DRANCY, by=MONTLUCON)
    net.wire.down.clear()
    rotate(net.drancy, ALL)
    say_something(net.drancy)
    for _day in range(5):
        net.clock.moment += timedelta(days=1)
        membership.refresh(net.reseau)
        membership.refresh(net.drancy)
        assert net.visit(net.montlucon, net.drancy).error == ""
    assert net.listed(DRANCY, by=MONTLUCON) == known


def test_a_serving_process_takes_up_keys_that_a_command_made(net: Networked) -> None:
    before = {*held(net.drancy)}
    serving = net.nodes.pop(DRANCY)
    net.open(DRANCY)
    command = net.drancy
    rotate(command, [Purpose.SEALING])
    net.refresh()
    seal(net.montlucon, DRANCY)
    key_id = find_sealing_key(net.listed(DRANCY, by=MONTLUCON).keys, net.clock.now()).key_id
    assert key_id not in before
    assert serving.keyring.current.sealing_key(key_id) is not None
    command.keyring.path.write_bytes(b"garbled")
    assert serving.keyring.current.sealing_key(key_id) is not None, "what cannot be read changes nothing"
    serving.close()


def test_an_interrupted_rotation_goes_on_with_the_same_keys(net: Networked) -> None:
    count = len(held(net.drancy))
    real = net.drancy.federation.transport.post_public
    net.wire.carried.clear()
    with pytest.MonkeyPatch.context() as patched:

        def post(*given: object, **named: object) -> object:
            real(*given, **named)  # type: ignore[arg-type]
            raise Unreachable("the answer is lost")

        patched.setattr(net.drancy.federation.transport, "post_public", post)
        first = rotate(net.drancy, [Purpose.HTTP])
    assert (first.listed, first.problem) == (False, "unreachable")
    assert first.backup is not None, "the new keys are held, and so in a backup"
    assert "POST /federation/v1/join" in net.wire.carried
    assert len(held(net.drancy)) == count + 1
    new = net.drancy.keyring.held.newest()[Purpose.HTTP].key_id
    assert new in {key.key_id for key in net.listed(DRANCY).keys}, "it was listed all the same"
    net.open(DRANCY)
    again = rotate(net.drancy, [])
    assert (again.listed, again.keys) == (True, []), "nothing was left to do"
    assert len(held(net.drancy)) == count + 1
    assert coordinating.pending(net.reseau) == []


def test_a_rotation_asked_for_while_the_coordinator_is_away_makes_nothing(net: Networked) -> None:
    before = held(net.drancy)
    net.wire.down.add(RESEAU)
    with pytest.raises(Unavailable, match="annuaire"):
        rotate(net.drancy, ALL)
    assert held(net.drancy) == before


def test_the_scheduler_brings_a_rotation_to_its_end(net: Networked) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(keys, "_list", lambda *_given: (_ for _ in ()).throw(Unreachable("cut")))
        assert rotate(net.drancy, [Purpose.GUARANTEE]).problem == "unreachable"
    new = net.drancy.keyring.held.newest()[Purpose.GUARANTEE].key_id
    assert new not in {key.key_id for key in net.listed(DRANCY).keys}
    net.open(DRANCY)
    look_after(net.drancy)
    assert len([*net.drancy.config.data_dir.glob("keys-backup-2*")]) == 1, "no backup whose passphrase nobody saw"
    assert new in {key.key_id for key in net.listed(DRANCY).keys}


def test_sealing_keys_are_replaced_every_month_and_destroyed_45_days_later(net: Networked) -> None:
    first = find_sealing_key(net.listed(DRANCY).keys, net.clock.now()).key_id
    for day in range(5, 80, 5):
        net.wait(days=5)
        look_after(net.drancy)
        assert (first in held(net.drancy)) is (day < 75), day
    sealing = [one for one in held(net.drancy) if "#sealing-" in one]
    assert len(sealing) == 2, "those of day 30 and of day 60"
    assert net.reseau.federation.members().version == 5, "two months, two changes; nobody signed the list again"


def test_two_rotations_within_one_overlap(net: Networked) -> None:
    first = signer(net.drancy)
    rotate(net.drancy, [Purpose.HTTP])
    second = net.drancy.keyring.held.newest()[Purpose.HTTP].key_id
    net.wait(days=3)
    rotate(net.drancy, [Purpose.HTTP])
    third = net.drancy.keyring.held.newest()[Purpose.HTTP].key_id
    seen = []
    for _day in range(9):
        net.wait(days=1)
        look_after(net.drancy)
        say_something(net.drancy)
        assert net.visit(net.montlucon, net.drancy).error == ""
        assert net.visit(net.drancy, net.montlucon).error == ""
        seen.append(signer(net.drancy))
    assert sorted({*seen}, key=seen.index) == [first, second, third]
    assert [one for one in held(net.drancy) if "#http-" in one] == [third]


def test_who_was_away_for_a_month_opens_what_was_sealed_meanwhile(net: Networked) -> None:
    """Montluçon rotates just before it leaves; Drancy, which has not heard of it, seals to the former key."""
    net.wire.down.add(RESEAU)
    old = find_sealing_key(net.listed(MONTLUCON, by=DRANCY).keys, net.clock.now())
    net.wire.down.clear()
    rotate(net.montlucon, [Purpose.SEALING])
    seal(net.drancy, MONTLUCON)
    with net.drancy.database.read() as uow:
        assert old.key_id.encode() in (uow.journal.records(0, 99)[-1].opening.body or b"")
    net.clock.moment += timedelta(days=30)
    membership.refresh(net.reseau)
    membership.refresh(net.drancy)
    membership.refresh(net.montlucon)
    look_after(net.montlucon)
    report = net.visit(net.montlucon, net.drancy)
    with net.montlucon.database.read() as uow:
        reasons = [one.reason for one in uow.replica.refusals()]
    assert report.error == ""
    assert "cannot_open" not in reasons, "it opened; that it is about no application we know is another matter"
    assert reasons


def test_a_clock_a_year_ahead_destroys_nothing_and_rotates_nothing(net: Networked) -> None:
    net.wait(days=31)
    look_after(net.drancy)
    before, listed = held(net.drancy), net.listed(DRANCY)
    ahead = type(net.clock)(net.clock.moment + timedelta(days=365))
    net.clocks[DRANCY] = ahead
    net.open(DRANCY)
    assert membership.refresh(net.drancy).status.degraded
    look_after(net.drancy)
    with pytest.raises(Unavailable):
        rotate(net.drancy, ALL)
    assert net.visit(net.montlucon, net.drancy).error != ""
    net.clocks[DRANCY] = type(net.clock)(net.clock.moment - timedelta(days=365))
    net.open(DRANCY)
    look_after(net.drancy)
    assert (held(net.drancy), net.listed(DRANCY)) == (before, listed)
    net.clocks[DRANCY] = net.clock
    net.open(DRANCY)
    net.refresh()
    say_something(net.drancy)
    assert net.visit(net.montlucon, net.drancy).error == ""


def test_after_signing_keys_have_ended_a_person_admits_the_next_ones(net: Networked) -> None:
    net.wait(days=360)
    renewal.renew(net.reseau)
    net.wait(days=380)
    renewal.renew(net.reseau)
    net.refresh()
    rotated = rotate(net.drancy, [Purpose.HTTP])
    assert not rotated.listed
    assert {one.purpose for one in rotated.keys} == {*Purpose}, "all had ended, and all are replaced"
    (waiting,) = coordinating.pending(net.reseau)
    assert (waiting.id, waiting.changes) == (DRANCY, ("keys",))
    # The coordinator's own had ended too: it signs the list, by those who can.
    assert rotate(net.reseau, ALL).listed
    coordinating.admit(net.reseau, DRANCY)
    rotate(net.montlucon, ALL)
    coordinating.admit(net.reseau, MONTLUCON)
    net.refresh()
    say_something(net.drancy)
    assert net.visit(net.montlucon, net.drancy).error == ""


def test_a_suspended_member_and_a_stranger_rotate_nothing(net: Networked) -> None:
    coordinating.suspend(net.reseau, DRANCY)
    net.refresh()
    before = held(net.drancy)
    with pytest.raises(Conflict, match="suspendu"):
        rotate(net.drancy, ALL)
    look_after(net.drancy)
    assert held(net.drancy) == before


def test_suspending_needs_none_of_the_keys_that_are_at_home(net: Networked) -> None:
    folder = net.reseau.config.registry_dir / "keys"
    for name in ("root-1", "targets-1"):
        (folder / f"{name}.pem").unlink()
    coordinating.suspend(net.reseau, DRANCY)
    net.refresh()
    assert net.listed(DRANCY, by=MONTLUCON).status == "suspended"
    assert net.visit(net.montlucon, net.drancy).error == "suspended"
    with pytest.raises(FederationError, match="keys must sign"):
        coordinating.activate(net.reseau, DRANCY)


def test_a_restored_backup_asks_for_a_sealing_key_of_its_own(net: Networked, tmp_path: Path) -> None:
    """The backup of the first day, put back after three months: the node is the same, and is sealed to anew."""
    backup = net.drancy.keyring.path.read_bytes()
    for _month in range(3):
        net.wait(days=31)
        look_after(net.drancy)
    passphrase = identity.new_passphrase(net.drancy.federation.random_bytes)
    sealed = identity.seal_backup(
        type(net.drancy.keyring.held).from_bytes(backup), passphrase, net.drancy.federation.random_bytes
    )
    net.drancy.config.keys_file.unlink()
    restore_keys(net.drancy.config, sealed, passphrase)
    net.open(DRANCY)
    look_after(net.drancy)
    net.refresh()
    key = find_sealing_key(net.listed(DRANCY, by=MONTLUCON).keys, net.clock.now())
    assert net.drancy.keys.sealing_key(key.key_id) is not None


def test_new_signing_keys_come_with_a_backup_that_opens(net: Networked) -> None:
    assert rotate(net.drancy, [Purpose.SEALING]).backup is None
    rotated = rotate(net.drancy, [Purpose.JOURNAL])
    assert rotated.backup is not None
    assert rotated.backup.stat().st_mode & 0o777 == 0o600
    backup = rotated.backup.read_bytes()
    assert identity.open_backup(backup, rotated.backup_passphrase).newest() == net.drancy.keyring.held.newest()
    rotate(net.drancy, [Purpose.SEALING])
    found = check_backup(net.drancy.config, backup, rotated.backup_passphrase)
    assert found.ok, "a sealing key replaced since is asked for anew after a restore"
    rotate(net.drancy, [Purpose.HTTP])
    assert not check_backup(net.drancy.config, backup, rotated.backup_passphrase).ok


def test_a_backup_of_before_a_rotation_is_noticed_once_it_is_put_back(net: Networked) -> None:
    def found() -> list[bool]:
        checked = check(net.drancy.config, partial(open_node, clock=net.clock))
        return [one.ok for one in checked if one.name == "keys_in_use"]

    former = net.drancy.keyring.path.read_bytes()
    assert found() == [True]
    rotate(net.drancy, ALL)
    assert found() == [True]
    net.drancy.keyring.path.write_bytes(former)
    assert found() == [False], "they sign for some days more, and nothing follows them"
    net.open(DRANCY)
    before = net.listed(DRANCY)
    look_after(net.drancy)
    net.refresh()
    assert net.listed(DRANCY) == before, "nothing is retired that a newer backup may hold"
    net.wait(hours=1)
    assert rotate(net.drancy, [Purpose.HTTP]).listed
    net.wait(days=8)
    say_something(net.drancy)
    assert net.visit(net.montlucon, net.drancy).error == "", "all that was lost was replaced"
    assert found() == [True]
    stranger = HeldKeys.of(NodeKeys.generate(DRANCY, net.drancy.federation.random_bytes))
    net.drancy.keyring.path.write_bytes(stranger.to_bytes())
    assert found() == [False]


def test_what_is_held_is_shown_with_its_state(net: Networked) -> None:
    assert {one.state for one in keys.held_keys(net.drancy)} == {"in_use"}
    rotate(net.drancy, [Purpose.HTTP, Purpose.SEALING])
    shown = {(one.purpose, one.state): one for one in keys.held_keys(net.drancy)}
    assert {key for key in shown if key[0] in ("http", "sealing")} == {
        ("http", "next"),
        ("http", "in_use"),
        ("sealing", "in_use"),
        ("sealing", "retired"),
    }
    ends = shown["sealing", "retired"].destroyed
    assert ends is not None
    assert ends - net.clock.now() == timedelta(days=45)
    http = shown["http", "in_use"]
    assert http.not_after == http.destroyed == net.clock.now() + timedelta(days=7)
    assert parse_timestamp(net.listed(DRANCY).keys[0].not_after) > net.clock.now()
