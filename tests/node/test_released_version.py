"""The databases that version 0.1.0 left, opened by today's code, taken through all migrations, and used.

tests/fixtures/released-0.1.0/make.py says what is in them, and makes them again.
"""

import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal

from federation.audit.audit import audit, audit_export
from federation.peers.visit import pull
from node.app import open_node
from node.config import load
from node.mission.forwards.forward import Forward, ForwardState, Side, Words
from node.mission.people.candidate import CandidateState
from node.services.accounts import accounts
from node.services.deposits import deposits
from node.services.desk import Desk
from node.services.forwards import answers, disclosures, sending
from node.services.matching import matching
from node.services.network import membership
from node.services.network.checking import check
from node.services.network.exporting import export_journal
from node.services.network.status import status
from node.services.node import Node
from node.services.offers import offers, searching
from node.services.people import candidates
from node.storage.health import inspect_database
from node.storage.migrate import HEAD
from node.web_app import create_app
from protocol import wire_json
from protocol.guarantee import verify_forward
from protocol.messages import ForwardSent
from tests.federation.conftest import FixedClock, seeded
from tests.node.mission.samples import NOW
from tests.node.stage import Wire

FIXTURE = Path(__file__).parents[1] / "fixtures" / "released-0.1.0" / "nodes.zip"
COORDINATOR, DRANCY, MONTLUCON, MOULINS = NAMES = tuple(
    f"{name}.emploi.example" for name in ("reseau", "drancy", "montlucon", "grands-moulins")
)


class Released:
    """The four nodes of the fixture, the day after its story, opened by today's code."""

    def __init__(self, folder: Path, wire: Wire) -> None:
        self.clock = FixedClock(NOW + timedelta(days=1))
        self.nodes: dict[str, Node] = {}
        for number, name in enumerate(NAMES):
            config = load(folder / name.partition(".")[0] / "config.toml")
            node = open_node(config, clock=self.clock, random_bytes=seeded(100 + number), http=wire)
            self.nodes[name] = node
            wire.apps[name] = create_app(node)

    def desk(self, name: str) -> Desk:
        return self.nodes[name].desk

    def sync(self) -> None:
        for _round in range(3):
            for here, node in self.nodes.items():
                for there in NAMES:
                    if there != here:
                        self.clock.moment += timedelta(seconds=1)
                        report = pull(node.federation, there)
                        assert not (report.error or report.alarm or report.refused), report

    def the_open_one(self, name: str, side: Side, peer: str) -> Forward:
        """What is on its way between two nodes, and has no answer yet."""
        found = [
            one
            for one in sending.all_forwards(self.desk(name))
            if (one.side, one.peer) == (side, peer) and one.state in (ForwardState.SENT, ForwardState.RECEIVED)
        ]
        assert len(found) == 1
        return found[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The directories as they were left; whose they are alone is what `zipfile` does not put back."""
    with zipfile.ZipFile(FIXTURE) as archive:
        for entry in archive.infolist():
            Path(archive.extract(entry, tmp_path)).chmod(entry.external_attr >> 16)
    return tmp_path


@pytest.fixture
def released(folder: Path) -> Iterator[Released]:
    with ExitStack() as stack:
        opened = Released(folder, Wire(stack.enter_context(start_blocking_portal())))
        for node in opened.nodes.values():
            stack.callback(node.close)
        yield opened


def test_the_schema_is_brought_up_to_date_at_the_first_opening(folder: Path) -> None:
    config = load(folder / "drancy" / "config.toml")
    assert inspect_database(config.database_url).revision == "0007"
    open_node(config, clock=FixedClock(NOW)).close()
    found = inspect_database(config.database_url)
    assert (found.revision, found.faults) == (HEAD, ())


def test_what_was_kept_is_read(released: Released) -> None:
    drancy, moulins = released.desk(DRANCY), released.desk(MOULINS)
    people = candidates.register(drancy, 0, 100)
    # Twenty-four were imported, and one erased.
    assert people.count == len(people.rows) == 23
    assert [one for one in people.rows if one.state is not CandidateState.ACTIVE]
    assert all(candidates.one_candidate(drancy, one.reference) == one for one in people.rows)
    states = sorted(one.state for one in sending.all_forwards(moulins))
    ended = [ForwardState.HIRED, ForwardState.DECLINED, ForwardState.WITHDRAWN, ForwardState.WITHDRAWN]
    assert states == sorted([*ended, ForwardState.RECEIVED, ForwardState.RECEIVED])
    (declined,) = (one for one in sending.all_forwards(drancy) if one.state is ForwardState.DECLINED)
    assert "formation" in declined.moves[-1].to_candidate
    assert [one.order for one in disclosures.ledger(drancy) if one.receipt_at]
    assert [one.first_name for one in deposits.waiting_deposits(drancy).rows] == ["Inès"]
    assert offers.first_offers(drancy, None).count == 2
    newest = searching.search_offers(drancy)
    assert [one.node for one in newest] == [MOULINS, DRANCY]
    for one in newest:
        assert one in searching.search_offers(drancy, rome=one.rome)
    with released.nodes[DRANCY].database.read() as uow:
        assert [one.name for one in uow.accounts.all()] == ["Nadia Réau", "Paul Aubert"]
        assert accounts.find_account(uow, "nadia@drancy.example").state.value == "active"
    counts = status(released.nodes[DRANCY]).counts
    assert (counts.candidates, counts.offers_open, counts.refused) == (23, 2, 0)


def test_work_goes_on(released: Released) -> None:
    drancy, moulins = released.desk(DRANCY), released.desk(MOULINS)
    sent = released.the_open_one(DRANCY, Side.HOME, MOULINS)
    assert answers.read_dossier(moulins, sent.id).last_name
    answers.give_answer(moulins, sent.id, ForwardState.INTERVIEW)
    other = released.the_open_one(MONTLUCON, Side.HOME, MOULINS)
    answers.home_move(released.desk(MONTLUCON), other.id, ForwardState.WITHDRAWN, Words(reason="unavailable"))
    (campaign,) = offers.first_offers(moulins, None, own=True).rows
    known = {one.candidate for one in sending.all_forwards(drancy)}
    matched = (one.candidate for one in matching.match_offer(drancy, campaign.key).matches)
    best = next(one for one in matched if one.id not in known)
    assert campaign.key in {one.offer.key for one in matching.match_candidate(drancy, best.id).matches}
    demand = sending.Demand(candidate=best.id, offer=campaign.key, why="Vue ce matin, prête.")
    new = sending.send(drancy, sending.create(drancy, demand).id)
    for name in NAMES:
        membership.refresh(released.nodes[name])
    released.sync()
    assert sending.one_forward(drancy, sent.id).state is ForwardState.INTERVIEW
    assert sending.one_forward(moulins, other.id).state is ForwardState.WITHDRAWN
    assert sending.one_forward(moulins, new.id).state is ForwardState.RECEIVED
    report = audit(released.nodes[COORDINATOR].federation)
    assert report.ok, report
    assert {one.state for one in report.pairs} == {"agree"}


def test_its_journals_and_its_guarantees_are_proven_as_ever(released: Released, tmp_path: Path) -> None:
    members = released.nodes[COORDINATOR].federation.members()
    for number, (name, node) in enumerate(released.nodes.items()):
        out = tmp_path / f"journal-{number}"
        export_journal(node.federation, out)
        assert audit_export(out, members).ok, name
    drancy = members.find(DRANCY)
    assert drancy is not None
    sent = released.the_open_one(DRANCY, Side.HOME, MOULINS)
    with released.nodes[MOULINS].database.read() as uow:
        papers = uow.forwards.papers(sent.id)
    assert papers is not None
    message = wire_json.decode(papers.message, ForwardSent)
    now = released.clock.now()
    for journaled in (sent.created, now):
        proven = verify_forward(message, drancy.keys, recipient=MOULINS, now=now, journaled=journaled)
        assert proven.forward == sent.id


def test_the_check_finds_nothing_wrong(released: Released) -> None:
    open_again = partial(open_node, clock=released.clock)
    for name, node in released.nodes.items():
        found = check(node.config, open_again)
        # Whether a port is free is this machine's affair.
        faults = [one for one in found if not one.ok and one.name != "port"]
        assert not faults, (name, faults)
