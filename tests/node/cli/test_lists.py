"""Lists that may be long: the first 50 unless asked, with how many there are."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from node.__main__ import run
from node.services.network.founding import Created
from node.services.node import Node
from tests.contracts.test_candidates import AMINA
from tests.contracts.test_forwards import DRAFT
from tests.contracts.test_offers import MASON
from tests.node.cli.test_life import Said
from tests.node.conftest import french

MANY = 1_234
KINDS = {"candidate": "candidates", "offer": "offers", "forward": "forwards"}
List = Callable[..., Said]


@pytest.fixture
def full(node: Node) -> Node:
    """A town with many of each."""
    closes = node.desk.today() + timedelta(days=30)
    with node.database.write() as uow:
        for number in range(MANY):
            uow.offers.add(replace(MASON, id=f"o{number:05}", node=node.config.node.id, closes=closes))
            uow.forwards.add(replace(DRAFT, id=f"f{number:05}", created=node.now() + timedelta(seconds=number)))
            uow.candidates.add(replace(AMINA, id=f"c{number:05}", reference=f"93-{number:05}"))
    return node


@pytest.fixture
def list_of(full: Node, created: Created, capfd: pytest.CaptureFixture[str]) -> List:
    def call(kind: str, *arguments: str) -> Said:
        code = run([kind, "list", *arguments, "--config", str(created.config)])
        captured = capfd.readouterr()
        return Said(code, captured.out, captured.err)

    return call


def test_fifty_are_shown_and_all_are_counted(list_of: List) -> None:
    for kind, name in KINDS.items():
        answer = list_of(kind, "--json").json
        assert (len(answer[name]), answer["total"]) == (50, MANY)
    assert "50 offres sur 1\u202f234 : --all les montre toutes" in french(list_of("offer").out)
    assert "50 offres sur 1\u202f234" in french(list_of("offer", "--own").out)
    assert "50 personnes sur 1\u202f234" in french(list_of("candidate").out)
    assert "50 mises en relation sur 1\u202f234" in french(list_of("forward").out)


def test_as_many_as_asked(list_of: List) -> None:
    for kind, name in KINDS.items():
        first = list_of(kind, "--limit", "2", "--json").json
        everything = list_of(kind, "--all", "--json").json
        assert len(first[name]) == 2
        assert len(everything[name]) == everything["total"] == first["total"] == MANY
        assert everything[name][:2] == first[name]
    assert "1 offre sur 1\u202f234" in french(list_of("offer", "--limit", "1").out)
    assert "--all" not in list_of("offer", "--all").out


def test_the_newest_forwards_come_first_and_people_by_reference(list_of: List) -> None:
    assert [one["id"] for one in list_of("forward", "--limit", "2", "--json").json["forwards"]] == ["f01233", "f01232"]
    people = list_of("candidate", "--limit", "2", "--json").json["candidates"]
    assert [one["reference"] for one in people] == ["93-00000", "93-00001"]


def test_one_group_of_the_forwards(list_of: List) -> None:
    ended = list_of("forward", "--group", "done", "--limit", "2", "--json").json
    assert (len(ended["forwards"]), ended["total"]) == (2, MANY), "these people are not in the register any more"
    assert list_of("forward", "--group", "todo", "--all", "--json").json == {"forwards": [], "total": 0}
    assert list_of("forward", "--group", "later").code == 2
