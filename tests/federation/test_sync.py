"""Montluçon takes in what Drancy publishes and sends: everything once, in order, proven, receipted."""

from federation.context import Limits, channel_to
from federation.ports import ReplicaRecord
from protocol.messages import Receipt
from protocol.wire_json import decode
from tests.factories import closing, moved, offer, offer_of_600_bytes, release
from tests.federation.conftest import BAYONNE, COORDINATOR, DRANCY, MONTLUCON
from tests.simulator import Simulation, Town


def receipts(town: Town, origin: Town) -> list[Receipt]:
    """What a town has acknowledged to another, oldest first."""
    with town.database.read() as uow:
        records = uow.journal.records(0, 10_000)
    return [
        decode(record.opening.body or b"", Receipt)
        for record in records
        if record.kind == "receipt/1" and record.channel == channel_to(origin.node_id)
    ]


def replica(town: Town, peer: Town) -> list[ReplicaRecord]:
    with town.database.read() as uow:
        return list(uow.replica.records(peer.node_id, 1, 0, 10_000))


def test_a_first_visit_takes_everything_in_order() -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.publish(offer(), release(), closing())
        report = montlucon.pull(drancy)
        assert (report.error, report.alarm) == ("", "")
        assert (report.taken, report.applied, report.refused, report.size) == (4, 4, 0, 4)
        assert montlucon.applied() == montlucon.expected_from(drancy)
        again = montlucon.pull(drancy)
        assert (again.taken, again.error, again.size) == (0, "", 4)


def test_many_pages_lead_to_the_same_end() -> None:
    with Simulation(DRANCY, MONTLUCON, limits=Limits(page_records=7)) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.publish(*map(offer_of_600_bytes, range(40)))
        assert montlucon.pull(drancy, max_pages=2).taken == 14
        report = montlucon.pull(drancy)
        assert (report.taken, report.error, report.alarm, report.size) == (27, "", "", 41)
        assert montlucon.applied() == montlucon.expected_from(drancy)


def test_what_is_sealed_reaches_its_recipient_alone_and_is_receipted() -> None:
    with Simulation(DRANCY, MONTLUCON, BAYONNE, COORDINATOR) as towns:
        drancy, montlucon, bayonne = towns[DRANCY], towns[MONTLUCON], towns[BAYONNE]
        drancy.publish(offer())
        drancy.send(montlucon, moved("f1"), moved("f2"))
        assert montlucon.pull(drancy).applied == 4
        assert bayonne.pull(drancy).applied == 2
        assert towns[COORDINATOR].pull(drancy).error == ""
        assert [record.header.channel for record in replica(bayonne, drancy)] == ["network", "network"]
        seen = replica(towns[COORDINATOR], drancy)
        assert [(one.header.number, one.opening.body is None) for one in seen[2:]] == [(1, True), (2, True)]
        (receipt,) = receipts(montlucon, drancy)
        assert (receipt.origin, receipt.number, receipt.refused) == (DRANCY, 2, [])
        assert receipt.entry == replica(montlucon, drancy)[-1].entry.hex()
        # The receipt comes home, and is not receipted in its turn.
        assert drancy.pull(montlucon).applied == 2
        assert receipts(drancy, montlucon) == []
        assert montlucon.pull(drancy).taken == 0
