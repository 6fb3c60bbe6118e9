"""Lormont asks to join; Bayonne changes its keys; somebody is suspended."""

from datetime import timedelta

import msgspec
import pytest

from federation.errors import NotAdmitted, NotAMember
from federation.membership.changing import activate, admit, changes, suspend
from protocol.changes import OVERLAP
from protocol.errors import StaleMessage
from protocol.keys import NodeKeys, Purpose, find_key
from protocol.members import JoinRequest, decode_members, encode_members, sign_join_request, verify_join_request
from protocol.wire_json import timestamp
from tests.federation.conftest import BAYONNE, COORDINATOR, DRANCY, NOW, Network, seeded

LORMONT = "lormont.emploi.example"
LATER = NOW + timedelta(days=30)


def request(keys: NodeKeys, base_url: str = "", epoch: int = 1) -> JoinRequest:
    asked = JoinRequest(
        id=keys.node_id,
        name="Ville de " + keys.node_id.partition(".")[0].title(),
        role="town",
        base_url=base_url or f"https://{keys.node_id}",
        commune="33249",
        epoch=epoch,
        keys=keys.public_keys(LATER, LATER + timedelta(days=365)),
        at=timestamp(LATER),
    )
    return verify_join_request(sign_join_request(asked, keys), LATER)


def test_lormont_is_admitted(network: Network) -> None:
    members = admit(network.members, request(NodeKeys.generate(LORMONT, seeded(9))), LATER)
    assert members.version == network.members.version + 1
    assert members.issued == timestamp(LATER)
    lormont = members.find(LORMONT)
    assert lormont is not None
    assert (lormont.status, lormont.joined, lormont.commune) == ("active", timestamp(LATER), "33249")
    assert decode_members(encode_members(members)) == members


def test_bayonne_changes_its_keys_and_the_old_ones_overlap(network: Network) -> None:
    old, new = network.keys[BAYONNE], NodeKeys.generate(BAYONNE, seeded(10))
    bayonne = admit(network.members, request(new, epoch=2), LATER).find(BAYONNE)
    assert bayonne is not None
    assert (bayonne.epoch, bayonne.joined) == (2, network.member(BAYONNE).joined)
    for keys in (old, new):
        assert find_key(bayonne.keys, Purpose.HTTP, LATER, keys.key_id(Purpose.HTTP))
    with pytest.raises(StaleMessage):
        find_key(bayonne.keys, Purpose.HTTP, LATER + OVERLAP, old.key_id(Purpose.HTTP))
    assert find_key(bayonne.keys, Purpose.SEALING, LATER).key_id == new.key_id(Purpose.SEALING)


def test_a_year_of_changes_keeps_what_verifies_and_drops_what_only_sealed(network: Network) -> None:
    members, moment = network.members, LATER
    for seed in range(3):
        asked = request(NodeKeys.generate(BAYONNE, seeded(seed)))
        members, moment = admit(members, asked, moment), moment + timedelta(days=30)
    bayonne = members.find(BAYONNE)
    assert bayonne is not None
    purposes = [key.purpose for key in bayonne.keys]
    assert purposes.count(Purpose.JOURNAL) == 4
    assert purposes.count(Purpose.SEALING) == 3, "one in force, one replaced at its listing, one 30 days before"
    assert decode_members(encode_members(members)) == members


def test_one_address_in_two_spellings_is_one(network: Network) -> None:
    """An earlier version listed what a node said of itself; nobody else gets that address by another spelling."""
    known, keys = network.member(BAYONNE), network.keys[BAYONNE]
    listed = msgspec.structs.replace(known, base_url=f"https://{BAYONNE}:443")
    others = [one for one in network.members.members if one.id != BAYONNE]
    members = msgspec.structs.replace(network.members, members=sorted([*others, listed], key=lambda one: one.id))
    assert changes(listed, request(keys)) == changes(known, request(keys))
    assert admit(members, request(keys, listed.base_url), LATER).find(BAYONNE) is not None
    lormont = NodeKeys.generate(LORMONT, seeded(9))
    with pytest.raises(NotAdmitted, match="another member's"):
        admit(members, request(lormont, f"https://{BAYONNE}"), LATER)
    with pytest.raises(NotAdmitted, match="one form"):
        admit(members, request(lormont, f"https://{LORMONT}:443"), LATER)


def test_no_request_makes_a_coordinator(network: Network) -> None:
    to_rule = msgspec.structs.replace(request(network.keys[BAYONNE]), role="coordinator")
    with pytest.raises(NotAdmitted, match="coordinator"):
        admit(network.members, to_rule, LATER)
    kept = admit(
        network.members, msgspec.structs.replace(request(network.keys[COORDINATOR]), role="coordinator"), LATER
    )
    assert kept.version == network.members.version + 1


def test_the_same_keys_again_are_not_listed_twice(network: Network) -> None:
    members = admit(network.members, request(network.keys[BAYONNE]), LATER)
    bayonne = members.find(BAYONNE)
    assert bayonne is not None
    assert len(bayonne.keys) == len(network.member(BAYONNE).keys)


def test_whose_address_is_taken_or_whose_epoch_goes_back_is_not_admitted(network: Network) -> None:
    with pytest.raises(NotAdmitted, match="base URL"):
        admit(network.members, request(NodeKeys.generate(LORMONT, seeded(9)), f"https://{DRANCY}"), LATER)
    members = admit(network.members, request(network.keys[BAYONNE], epoch=3), LATER)
    with pytest.raises(NotAdmitted, match="epoch"):
        admit(members, request(network.keys[BAYONNE], epoch=2), LATER)


def test_suspended_until_activated(network: Network) -> None:
    suspended = suspend(network.members, BAYONNE, LATER)
    found = suspended.find(BAYONNE)
    assert found is not None
    assert found.status == "suspended"
    assert suspended.version == network.members.version + 1
    assert suspend(suspended, BAYONNE, LATER) is suspended
    with pytest.raises(NotAdmitted, match="suspended"):
        admit(suspended, request(network.keys[BAYONNE]), LATER)
    back = activate(suspended, BAYONNE, LATER)
    assert back == msgspec.structs.replace(
        network.members, version=network.members.version + 2, issued=timestamp(LATER)
    )
    with pytest.raises(NotAMember):
        suspend(network.members, LORMONT, LATER)
