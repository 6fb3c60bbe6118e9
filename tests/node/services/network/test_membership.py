"""The coordinator's list of those who wait: what it shows of each, and that exactly this is admitted."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from federation.membership.changing import JOIN_PATH
from node.app import open_node
from node.config import load
from node.kit.errors import BadInput, Conflict, NotFound
from node.services.network.coordinating import admit, create, grouped, pending, refuse
from node.services.network.founding import Created
from node.services.node import Node
from node.web_app import create_app
from protocol.errors import UnknownKey
from protocol.keys import NodeKeys
from protocol.members import JoinRequest, fingerprint, sign_join_request
from protocol.wire_json import timestamp
from tests.asking import Client
from tests.federation.conftest import FixedClock, seeded
from tests.node.conftest import NOW

BAYONNE = "bayonne.emploi.example"
KEYS = NodeKeys.generate(BAYONNE, seeded(70))
OTHERS = NodeKeys.generate(BAYONNE, seeded(71))


@pytest.fixture
def reseau(make_node: Callable[..., Created]) -> Iterator[Node]:
    """A coordinator with its network."""
    node = open_node(load(make_node("reseau.emploi.example", "coordinator").config), clock=FixedClock(NOW))
    create(node, "Réseau d'essai")
    yield node
    node.close()


def request(keys: NodeKeys = KEYS, **changes: Any) -> JoinRequest:
    asked = JoinRequest(
        id=BAYONNE,
        name="Ville de Bayonne",
        role="town",
        base_url="https://emploi.bayonne.example",
        commune="64102",
        epoch=1,
        keys=keys.public_keys(NOW - timedelta(days=1), NOW + timedelta(days=300)),
        at=timestamp(NOW),
    )
    return msgspec.structs.replace(asked, **changes)


def ask(node: Node, data: bytes) -> int:
    answer: int = Client(create_app(node), base_url=node.config.node.base_url).post(JOIN_PATH, content=data).status_code
    return answer


def test_a_newcomer_is_admitted_by_the_fingerprint_that_it_read_out(reseau: Node) -> None:
    assert ask(reseau, sign_join_request(request(), KEYS)) == 202
    (waiting,) = pending(reseau)
    assert (waiting.id, waiting.member, waiting.changes, waiting.problem) == (BAYONNE, False, (), "")
    assert waiting.fingerprint == fingerprint(request())
    elsewhere = request(base_url="https://elsewhere.example")
    assert ask(reseau, sign_join_request(elsewhere, KEYS)) == 202, "the same node thought better of it"
    with pytest.raises(BadInput, match="empreinte"):
        admit(reseau, BAYONNE, waiting.fingerprint)
    assert admit(reseau, BAYONNE, grouped(fingerprint(elsewhere)).upper()).base_url == "https://elsewhere.example"
    assert pending(reseau) == []


def test_a_squatter_of_a_free_name_is_refused_and_the_name_is_free_again(reseau: Node) -> None:
    assert ask(reseau, sign_join_request(request(OTHERS), OTHERS)) == 202
    assert ask(reseau, sign_join_request(request(), KEYS)) == 409
    refuse(reseau, BAYONNE)
    with pytest.raises(NotFound):
        refuse(reseau, BAYONNE)
    assert ask(reseau, sign_join_request(request(), KEYS)) == 202
    assert pending(reseau)[0].fingerprint == fingerprint(request())


def test_a_member_is_not_taken_over(reseau: Node) -> None:
    ask(reseau, sign_join_request(request(), KEYS))
    admit(reseau, BAYONNE)
    before = reseau.federation.member(BAYONNE)
    evil = sign_join_request(request(OTHERS, base_url="https://elsewhere.example"), OTHERS)
    assert ask(reseau, evil) == 409
    with reseau.database.write() as uow:
        uow.directory.save_join_request(BAYONNE, evil, NOW)  # as if it had waited since before the node was admitted
    (waiting,) = pending(reseau)
    assert waiting.member and "no key" in waiting.problem and not waiting.fingerprint
    with pytest.raises(UnknownKey):
        admit(reseau, BAYONNE)
    assert reseau.federation.member(BAYONNE) == before


def test_a_member_changes_its_keys_and_address_and_the_coordinator_sees_it(reseau: Node) -> None:
    ask(reseau, sign_join_request(request(), KEYS))
    admit(reseau, BAYONNE)
    moved = request(OTHERS, base_url="https://elsewhere.example", role="employer")
    assert ask(reseau, sign_join_request(moved, OTHERS, KEYS)) == 202
    (waiting,) = pending(reseau)
    assert (waiting.member, waiting.changes) == (True, ("keys", "base_url", "role"))
    assert admit(reseau, BAYONNE, waiting.fingerprint).base_url == "https://elsewhere.example"
    assert ask(reseau, sign_join_request(moved, OTHERS)) == 200, "nothing is new in it, and nobody is asked"
    assert pending(reseau) == []


def test_only_a_coordinator_refuses(node: Node) -> None:
    with pytest.raises(Conflict):
        refuse(node, BAYONNE)
