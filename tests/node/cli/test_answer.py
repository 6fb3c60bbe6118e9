"""« Oui, si… » as it is typed: an employer of the town answers by telephone, the mission notes it by command."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from node.__main__ import run
from node.services.forwards import sending
from node.services.network.founding import Created
from node.services.node import Node
from node.services.offers.publishing import publish_offers
from tests.node.cli.test_life import Said
from tests.node.mirrored import put_in_network
from tests.node.mission import samples

Answer = Callable[..., Said]


@pytest.fixture
def maillon(node: Node, created: Created, capfd: pytest.CaptureFixture[str]) -> Answer:
    def call(*arguments: object) -> Said:
        code = run([*map(str, arguments), "--config", str(created.config)])
        captured = capfd.readouterr()
        return Said(code, captured.out, captured.err)

    return call


@pytest.fixture
def sent(node: Node) -> str:
    """The number of a person's application to an employer of the town."""
    desk = node.desk
    put_in_network(node, desk.now() + timedelta(days=300), desk.now())
    person = samples.candidate(1)
    closes = desk.today() + timedelta(days=30)
    with node.database.write() as uow:
        uow.candidates.add(person)
        (offer,) = publish_offers(uow, desk, [samples.offer(1, node=desk.node_id, closes=closes)], desk.now())
    demand = sending.Demand(candidate=person.id, offer=offer.key, why="Ponctuelle.", agreed="au guichet")
    return sending.send(desk, sending.create(desk, demand).id).id


def test_a_condition_is_typed_shown_fulfilled_and_corrected(node: Node, maillon: Answer, sent: str) -> None:
    until = node.desk.today() + timedelta(days=60)
    said = maillon("answer", sent, "conditional", "--licence", "B", "--condition", "et une voiture", "--until", until)
    assert said.code == 0 and f"permis B (et une voiture), avant le {until:%d/%m/%Y}" in said.out
    assert maillon("forward", "fulfil", sent, "--json").json["state"] == "fulfilled"
    assert maillon("forward", "correct", sent, "--json").json["state"] == "conditional"
    no = ("declined", "--correct", "--reason", "no_position", "--to-candidate", "Poste pourvu.")
    shown = maillon("answer", sent, *no)
    assert shown.code == 0 and "Réponse corrigée : Réponse : non" in shown.out
    assert maillon("answer", sent, "before", "--correct", "--json").json["state"] == "sent"
    immersion = maillon("answer", sent, "conditional", "--immersion", 5, "--until", until, "--json").json
    assert immersion["moves"][-1]["condition"] == {
        "kind": "immersion", "codes": [], "licence": "", "days": 5, "text": "", "until": until.isoformat()
    }  # fmt: skip
    code = min(node.desk.referential().skills.for_occupation(samples.WAREHOUSE))
    skill = ("conditional", "--correct", "--skill", code, "--until", until, "--json")
    assert maillon("answer", sent, *skill).json["moves"][-1]["condition"]["codes"] == [code]


def test_what_is_typed_wrong_is_told_and_changes_nothing(node: Node, maillon: Answer, sent: str) -> None:
    until = node.desk.today() + timedelta(days=60)
    for wrong in (
        ("conditional", "--licence", "B"),
        ("conditional", "--licence", "B", "--until", "demain"),
        ("conditional",),
        ("before",),
        ("maybe",),
        ("declined", "--reason", "lacking_skills", "--to-candidate", "Non.", "--missing", "1"),
        ("conditional", "--condition", "Qu'elle habite plus près", "--until", until),
    ):
        said = maillon("answer", sent, *wrong)
        assert said.code != 0 and said.err, wrong
    assert sending.one_forward(node.desk, sent).state.value == "sent"
