"""A person of Montluçon withdraws consent: Drancy is ordered to erase, attests it, and anyone can verify both."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
import pytest

from federation.erasure.certificates import Certificate, NoCertificate, certificate, verify_certificate
from federation.erasure.orders import attest, check_order, order_erasure, take_receipt
from federation.erasure.ports import Disclosure
from federation.errors import NotAMember, problem_of
from federation.outbox import HolderOverdue, overdue_holders, send_sealed
from federation.peers.ports import Received
from federation.ports import Handler
from federation.serving.ports import JournalRecord
from node.mission.ports import MissionUnitOfWork
from protocol.errors import BadSignature, MalformedMessage, ProofMismatch, ProtocolError, UnknownKey
from protocol.messages import ErasureOrder, ErasureReceipt, ForwardSent
from protocol.messages.guarantees import Checked, ConsentReference, Guarantee, SignedGuarantee
from protocol.wire_json import decode, encode, parse_timestamp
from tests.factories import moved, offer
from tests.federation.conftest import BAYONNE, COORDINATOR, DRANCY, MONTLUCON
from tests.simulator import Simulation, Town

FORWARD = "f1"


def erasing_handlers(town: Town) -> Mapping[str, Handler[MissionUnitOfWork]]:
    """A holder that destroys what it holds, and a home mission that closes its ledger."""

    def ordered(uow: MissionUnitOfWork, messages: Sequence[Received], now: datetime) -> None:
        for one in messages:
            assert isinstance(one.message, ErasureOrder)
            home = town.simulation[one.peer].member
            check_order(town.fed, home, one.message, parse_timestamp(one.header.time))
            attest(uow, town.fed, home, one.message, ["dossier", "message"], now)

    def receipted(uow: MissionUnitOfWork, messages: Sequence[Received], now: datetime) -> None:
        for one in messages:
            assert isinstance(one.message, ErasureReceipt)
            take_receipt(uow, one, one.message)

    return {"erasure.order/1": ordered, "erasure.receipt/1": receipted}


@pytest.fixture
def towns() -> Iterator[Simulation]:
    """Montluçon has sent one forward to Drancy, which holds it."""
    with Simulation(DRANCY, MONTLUCON, BAYONNE, COORDINATOR, handlers=erasing_handlers) as simulation:
        montlucon, drancy = simulation[MONTLUCON], simulation[DRANCY]
        disclose(montlucon, drancy, FORWARD)
        assert drancy.pull(montlucon).error == ""
        yield simulation


def disclose(home: Town, holder: Town, forward: str) -> None:
    now = home.clock.now()
    with home.database.write() as uow:
        record = send_sealed(uow, home.fed, holder.member, moved(forward), now)
        uow.disclosures.add(
            Disclosure(
                forward=forward,
                candidate="candidate-17",
                holder=holder.node_id,
                disclosed_at=now,
                sent_index=record.index,
            )
        )


def order(home: Town, holder: Town, forward: str = FORWARD, name: str = "order-1") -> Disclosure:
    with home.database.write() as uow:
        disclosure = next((one for one in uow.disclosures.all() if one.forward == forward), None)
        assert disclosure is not None
        now = home.clock.now()
        return order_erasure(uow, home.fed, disclosure, holder.member, name, "consent_withdrawn", now)


def ledger(town: Town, forward: str = FORWARD) -> Disclosure:
    with town.database.read() as uow:
        found = next((one for one in uow.disclosures.all() if one.forward == forward), None)
    assert found is not None
    return found


def records(town: Town) -> list[JournalRecord]:
    with town.database.read() as uow:
        return list(uow.journal.records(0, 1000))


def test_an_order_destroys_our_copy_at_once_and_comes_back_attested(towns: Simulation) -> None:
    montlucon, drancy = towns[MONTLUCON], towns[DRANCY]
    ordered = order(montlucon, drancy)
    sent = records(montlucon)
    assert [one.kind for one in sent] == ["opened/1", "sealed/1", "tombstone/1", "sealed/1"]
    assert sent[1].opening.body is None
    assert (ordered.order_index, ordered.receipt_at) == (3, None)
    assert drancy.pull(montlucon).alarm == ""
    with drancy.database.read() as uow:
        copy = uow.replica.record(MONTLUCON, 1, 1)
    assert copy is not None and copy.opening.body is None
    assert montlucon.pull(drancy).refused == 0
    closed = ledger(montlucon)
    assert closed.receipt_at is not None
    receipt = decode(closed.receipt_message, ErasureReceipt)
    assert (receipt.order, receipt.forward, receipt.destroyed) == ("order-1", FORWARD, ["dossier", "message"])
    with montlucon.database.read() as uow:
        assert uow.disclosures.pending() == []


def test_ordering_twice_orders_once(towns: Simulation) -> None:
    montlucon, drancy = towns[MONTLUCON], towns[DRANCY]
    first = order(montlucon, drancy)
    assert order(montlucon, drancy, name="order-2") == first
    assert len(records(montlucon)) == 4


def test_an_order_for_what_went_to_our_own_node_is_attested_at_once(towns: Simulation) -> None:
    montlucon = towns[MONTLUCON]
    disclose(montlucon, montlucon, "f-local")
    closed = order(montlucon, montlucon, "f-local", "order-local")
    assert closed.receipt_at is not None
    assert ledger(montlucon, "f-local") == closed
    proven = verify_certificate(certificate(montlucon.fed, "order-local"), towns.members)
    assert (proven.home, proven.holder, proven.receipt.destroyed) == (MONTLUCON, MONTLUCON, ["message"])


def test_a_holder_that_is_overdue_gets_no_new_dossier(towns: Simulation) -> None:
    montlucon, drancy = towns[MONTLUCON], towns[DRANCY]
    order(montlucon, drancy)
    forward = forward_sent("f2")
    towns.wait(days=7)
    with montlucon.database.write() as uow:
        send_sealed(uow, montlucon.fed, drancy.member, forward, montlucon.clock.now())
    towns.wait(seconds=1)
    with montlucon.database.write() as uow:
        assert overdue_holders(uow, montlucon.clock.now()) == {DRANCY}
        with pytest.raises(HolderOverdue):
            send_sealed(uow, montlucon.fed, drancy.member, forward, montlucon.clock.now())
        # What concerns the person's rights is still said to it.
        send_sealed(uow, montlucon.fed, drancy.member, moved(FORWARD, "withdrawn"), montlucon.clock.now())
        send_sealed(uow, montlucon.fed, towns[BAYONNE].member, forward, montlucon.clock.now())
    drancy.pull(montlucon)
    montlucon.pull(drancy)
    with montlucon.database.read() as uow:
        assert overdue_holders(uow, montlucon.clock.now()) == frozenset()


def test_an_order_that_is_not_its_senders_is_refused(towns: Simulation) -> None:
    montlucon, drancy, bayonne = towns[MONTLUCON], towns[DRANCY], towns[BAYONNE]
    message = decode(order(montlucon, drancy).order_message, ErasureOrder)
    bayonne.send(drancy, message)
    bayonne.send(drancy, msgspec.structs.replace(message, home=BAYONNE))
    montlucon.send(drancy, msgspec.structs.replace(message, forward="f9"))
    assert drancy.pull(bayonne).refused == 2
    report = drancy.pull(montlucon)
    assert (report.refused, report.error) == (1, "")
    with drancy.database.read() as uow:
        assert [one.reason for one in uow.replica.refusals()] == ["proof_mismatch", "unknown_key", "bad_signature"]


def test_a_receipt_closes_only_the_order_that_it_names(towns: Simulation) -> None:
    montlucon, drancy, bayonne = towns[MONTLUCON], towns[DRANCY], towns[BAYONNE]
    order(montlucon, drancy)
    drancy.pull(montlucon)
    montlucon.pull(drancy)
    closed = ledger(montlucon)
    receipt = decode(closed.receipt_message, ErasureReceipt)
    # A second one changes nothing; another holder's, another order's or an unsigned one is refused.
    drancy.send(montlucon, receipt, msgspec.structs.replace(receipt, order="order-9"))
    drancy.send(montlucon, msgspec.structs.replace(receipt, destroyed=["unknown"]))
    drancy.send(montlucon, msgspec.structs.replace(receipt, home=BAYONNE))
    bayonne.send(montlucon, receipt)
    assert montlucon.pull(drancy).refused == 3
    assert montlucon.pull(bayonne).refused == 1
    assert ledger(montlucon) == closed


def attested(towns: Simulation) -> bytes:
    montlucon, drancy = towns[MONTLUCON], towns[DRANCY]
    order(montlucon, drancy)
    drancy.pull(montlucon)
    montlucon.pull(drancy)
    return certificate(montlucon.fed, "order-1", "Ce document prouve la demande et l'attestation.")


def test_a_certificate_can_be_verified_by_anyone_offline(towns: Simulation) -> None:
    data = attested(towns)
    proven = verify_certificate(data, towns.members)
    assert (proven.home, proven.holder, proven.order.forward) == (MONTLUCON, DRANCY, FORWARD)
    assert proven.statement == "Ce document prouve la demande et l'attestation."
    assert b"candidate-17" not in data
    # Both journals grow: it stays what it was, and a new one proves the same.
    for town in towns.towns.values():
        town.publish(offer())
    assert verify_certificate(data, towns.members) == proven
    again = verify_certificate(certificate(towns[MONTLUCON].fed, "order-1"), towns.members)
    assert (again.order, again.receipt) == (proven.order, proven.receipt)
    assert "does not prove that no copy exists" in again.statement


def test_no_certificate_without_an_attestation(towns: Simulation) -> None:
    montlucon, drancy = towns[MONTLUCON], towns[DRANCY]
    with pytest.raises(NoCertificate):
        certificate(montlucon.fed, "order-1")
    order(montlucon, drancy)
    with pytest.raises(NoCertificate) as refused:
        certificate(montlucon.fed, "order-1")
    assert problem_of(refused.value) == "no_certificate"


def test_a_changed_certificate_proves_nothing(towns: Simulation) -> None:
    data = attested(towns)
    proven = verify_certificate(data, towns.members)
    replace = msgspec.structs.replace
    lies: list[tuple[Certificate, type[Exception]]] = [
        (replace(proven, home=BAYONNE), ProofMismatch),
        (replace(proven, holder="trelaze.emploi.example"), ProofMismatch),
        (replace(proven, order=replace(proven.order, reason="retention")), BadSignature),
        (replace(proven, order=replace(proven.order, forward="f9")), ProofMismatch),
        (replace(proven, receipt=replace(proven.receipt, destroyed=["texts"])), BadSignature),
        (replace(proven, receipt=replace(proven.receipt, key_id=proven.order.key_id)), UnknownKey),
        (replace(proven, holder_epoch=2), BadSignature),
        (replace(proven, ordered=proven.attested), BadSignature),
        (replace(proven, ordered=replace(proven.ordered, index=0)), ProofMismatch),
        (replace(proven, attested=replace(proven.attested, proof=[])), ProofMismatch),
        (replace(proven, attested=replace(proven.attested, header_salt="AA==")), MalformedMessage),
        (replace(proven, ordered=replace(proven.ordered, header=proven.attested.header)), ProofMismatch),
    ]
    for lie, error in lies:
        with pytest.raises(error):
            verify_certificate(encode(lie), towns.members)
    with pytest.raises(MalformedMessage):
        verify_certificate(data + b" ", towns.members)
    without = msgspec.structs.replace(towns.members, members=[m for m in towns.members.members if m.id != DRANCY])
    with pytest.raises(NotAMember):
        verify_certificate(data, without)


def test_a_holder_whose_journal_lost_the_receipt_gets_no_certificate(towns: Simulation) -> None:
    attested(towns)
    with Simulation(DRANCY, BAYONNE) as elsewhere:
        towns.network.apps[DRANCY] = elsewhere.network.apps[DRANCY]
        with pytest.raises(ProtocolError):
            certificate(towns[MONTLUCON].fed, "order-1")


def forward_sent(forward: str) -> ForwardSent:
    guarantee = Guarantee(
        forward=forward,
        offer="cariste-1",
        revision=1,
        offer_entry="01" + "00" * 32,
        home=MONTLUCON,
        recipient=DRANCY,
        dossier_sha256="00" * 32,
        checked=[Checked(what="cv_reworked", on="2026-11-20")],
        consent=ConsentReference(reference="consent-1", scope="offer", until="2027-01-31"),
        issued="2026-11-23T09:00:00Z",
        expires="2027-01-22T09:00:00Z",
    )
    return ForwardSent(
        forward=forward,
        offer="cariste-1",
        revision=1,
        offer_entry="01" + "00" * 32,
        site="drancy",
        sent="2026-11-23T09:00:00Z",
        reason="Douze ans de cariste, habite à deux rues.",
        dossier="",
        guarantee=SignedGuarantee(guarantee=guarantee, key_id=f"{MONTLUCON}#guarantee-0123456789abcdef", signature=""),
    )
