"""A small network for the stories: Drancy, Montluçon, Bayonne and a coordinator, with their keys and one clock."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from federation.transport.address_policy import AddressPolicy
from federation.transport.client import Transport
from protocol.keys import NodeKeys
from protocol.members import Member, Members
from protocol.wire_json import timestamp

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

COORDINATOR = "coordination.emploi.example"
DRANCY = "drancy.emploi.example"
MONTLUCON = "montlucon.emploi.example"
BAYONNE = "bayonne.emploi.example"

NAMES = {
    COORDINATOR: "Coordination",
    DRANCY: "Ville de Drancy",
    MONTLUCON: "Ville de Montluçon",
    BAYONNE: "Ville de Bayonne",
}
COMMUNES = {DRANCY: "93029", MONTLUCON: "03185", BAYONNE: "64102"}


@dataclass
class FixedClock:
    """A clock that a story sets."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment


def seeded(seed: int) -> Callable[[int], bytes]:
    """Reproducible bytes in the place of random ones."""
    return random.Random(seed).randbytes


def member_of(keys: NodeKeys, now: datetime = NOW) -> Member:
    """What the directory says of a node with these keys, valid from a day ago and for a year."""
    return Member(
        id=keys.node_id,
        name=NAMES.get(keys.node_id, keys.node_id),
        role="coordinator" if keys.node_id == COORDINATOR else "town",
        base_url=f"https://{keys.node_id}",
        commune=COMMUNES.get(keys.node_id, ""),
        epoch=1,
        keys=keys.public_keys(now - timedelta(days=1), now + timedelta(days=365)),
        status="active",
        joined=timestamp(now),
    )


def members_of(members: Sequence[Member], version: int = 1, now: datetime = NOW) -> Members:
    """A list of members in its order."""
    return Members(
        network="Réseau des villes",
        version=version,
        issued=timestamp(now),
        referential="2026-11",
        witness_quorum=0,
        members=sorted(members, key=lambda member: member.id),
    )


@dataclass
class Network:
    """The four nodes' keys and what the directory says of them."""

    keys: dict[str, NodeKeys]
    members: Members
    clock: FixedClock = field(default_factory=FixedClock)

    def member(self, node_id: str) -> Member:
        found = self.members.find(node_id)
        assert found is not None
        return found

    def with_member(self, member: Member) -> Members:
        """The list with one member replaced."""
        others = [one for one in self.members.members if one.id != member.id]
        return msgspec.structs.replace(self.members, members=sorted([*others, member], key=lambda one: one.id))


@pytest.fixture(scope="session")
def node_keys() -> dict[str, NodeKeys]:
    return {name: NodeKeys.generate(name, seeded(number)) for number, name in enumerate(NAMES)}


@pytest.fixture
def network(node_keys: dict[str, NodeKeys]) -> Network:
    return Network(node_keys, members_of([member_of(keys) for keys in node_keys.values()]))


@pytest.fixture
def drancy_transport(network: Network) -> Iterator[Transport]:
    """Drancy's way out over the real network stack; respx stands in the network's place."""
    with Transport(network.keys[DRANCY], network.clock, seeded(99), AddressPolicy()) as transport:
        yield transport
