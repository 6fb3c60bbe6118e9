"""A person of Montluçon takes back their agreement, or is erased: it wins over whatever was under way."""

import msgspec
import pytest

from federation.erasure.certificates import verify_certificate
from federation.peers.visit import pull
from node.kit.errors import NotFound
from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.forward import ForwardState, Words
from node.mission.people.candidate import CandidateState
from node.services.agreements import erasing, withdrawing
from node.services.desk import Gone, Refused
from node.services.forwards import answers, disclosures, sending
from node.services.matching import matching
from node.services.network import inbound
from node.services.network.inbound import RECEIPT_OWED
from protocol import wire_json
from protocol.messages import ErasureReceipt
from tests.node.mission.samples import candidate, network_consent, site
from tests.node.stage import Place, Stage, campaign, put_forward

SENTENCE = "Ponctuelle, cinq ans en entrepôt."


@pytest.fixture
def sent(stage: Stage) -> str:
    """One person, put forward to Les Grands Moulins and received there; the forward's number."""
    keep = network_consent(id="k1", scope=ConsentScope.KEEP)
    stage.montlucon.enrol(candidate(1, consents=(keep, network_consent())))
    (offer,) = stage.moulins.post(campaign())
    stage.sync()
    forward = put_forward(stage.montlucon, "p1", offer.key)
    stage.sync()
    return forward.id


def test_everything_stops_at_once_and_the_receipt_comes_back(stage: Stage, sent: str) -> None:
    home, employer = stage.montlucon, stage.moulins
    draft = _second_draft(stage)

    done = withdrawing.withdraw(home.desk, "MTL-0001")

    assert set(done.withdrawn) == {sent, draft}
    assert [holder for _order, holder in done.orders] == [employer.id]
    assert done.waiting == ()
    person = home.candidate("p1")
    assert person is not None
    assert person.state is CandidateState.ACTIVE, "their own town goes on"
    assert [c.scope for c in person.consents if c.withdrawn_at is None] == [ConsentScope.KEEP]
    assert matching.match_candidate(home.desk, "p1").matches == ()
    offer = home.forward(sent).offer
    assert matching.match_offer(home.desk, offer).matches == ()
    with pytest.raises(Refused):
        put_forward(home, "p1", offer)

    stage.sync()
    received = employer.forward(sent)
    assert (received.state, received.has_dossier, received.why) == (ForwardState.WITHDRAWN, False, "")
    with pytest.raises(Gone):
        answers.read_dossier(employer.desk, sent)
    (line,) = disclosures.ledger(home.desk)
    assert line.receipt_at is not None


def _second_draft(stage: Stage) -> str:
    (other,) = stage.moulins.post(campaign(id="prep-2", reference="PREP-2"))
    stage.sync()
    demand = sending.Demand(candidate="p1", offer=other.key, why=SENTENCE)
    return sending.create(stage.montlucon.desk, demand).id


def test_twice_is_once(stage: Stage, sent: str) -> None:
    first = withdrawing.withdraw(stage.montlucon.desk, "p1")
    size = stage.montlucon.size()
    again = withdrawing.withdraw(stage.montlucon.desk, "p1")
    assert (len(first.orders), again.orders, again.withdrawn) == (1, (), ())
    assert stage.montlucon.size() == size


def test_nothing_of_the_dossier_stays_in_either_database(stage: Stage, sent: str) -> None:
    answers.read_dossier(stage.moulins.desk, sent)
    stage.sync()
    erasing.erase(stage.montlucon.desk, "p1")
    stage.sync()
    (line,) = disclosures.ledger(stage.montlucon.desk)
    with stage.montlucon.node.database.read() as uow:
        sealed = uow.journal.record(line.sent_index)
        assert sealed is not None
        assert sealed.opening.body is None
    with stage.moulins.node.database.read() as uow:
        assert uow.forwards.papers(sent) is None
        taken = uow.replica.record(stage.montlucon.id, 1, line.sent_index)
        assert taken is not None
        assert taken.opening.body is None


def test_an_erased_person_is_gone_and_the_ledger_keeps_identifiers_alone(stage: Stage, sent: str) -> None:
    home = stage.montlucon
    done = erasing.erase(home.desk, "p1", "anne")
    assert (done.withdrawn, len(done.orders)) == ((sent,), 1)
    assert home.candidate("p1") is None
    assert home.forward(sent).why == ""
    assert home.forward(sent).moves[-1].actor == "anne", "who asked, not the node"
    stage.sync()
    (line,) = disclosures.ledger(home.desk)
    assert (line.candidate, line.holder) == ("p1", stage.moulins.id)
    assert line.receipt_at is not None
    with pytest.raises(NotFound):
        erasing.erase(home.desk, "p1")


def test_what_was_said_about_an_erased_person_is_not_kept_when_it_comes_late(stage: Stage, sent: str) -> None:
    answers.give_answer(
        stage.moulins.desk,
        sent,
        ForwardState.DECLINED,
        Words(reason="other", to_candidate="Camille, merci.", to_guarantor="Non."),
    )
    erasing.erase(stage.montlucon.desk, "p1")
    stage.sync()
    for side in (stage.montlucon, stage.moulins):
        assert {(m.to_candidate, m.to_guarantor) for m in side.forward(sent).moves} == {("", "")}
    assert stage.montlucon.forward(sent).state is ForwardState.WITHDRAWN
    assert stage.moulins.forward(sent).state is ForwardState.WITHDRAWN


def test_an_application_recalled_before_it_was_taken_in_leaves_no_trace(stage: Stage) -> None:
    stage.montlucon.enrol(candidate(1))
    (offer,) = stage.moulins.post(campaign())
    stage.sync()
    forward = put_forward(stage.montlucon, "p1", offer.key)
    withdrawing.withdraw(stage.montlucon.desk, "p1")
    stage.sync()
    with pytest.raises(NotFound):
        stage.moulins.forward(forward.id)
    (line,) = disclosures.ledger(stage.montlucon.desk)
    assert line.receipt_at is not None


def test_one_forward_is_recalled_and_the_person_stays(stage: Stage, sent: str) -> None:
    done = withdrawing.recall_forward(stage.montlucon.desk, sent)
    assert (done.withdrawn, len(done.orders)) == ((sent,), 1)
    stage.sync()
    assert stage.moulins.forward(sent).has_dossier is False
    assert stage.montlucon.candidate("p1") == candidate(
        1, consents=(network_consent(id="k1", scope=ConsentScope.KEEP), network_consent())
    )


def test_a_suspended_holder_is_still_told(stage: Stage, sent: str) -> None:
    stage.change(stage.moulins.id, status="suspended")
    assert len(withdrawing.withdraw(stage.montlucon.desk, "p1").orders) == 1


def test_a_holder_that_cannot_be_told_never_stands_in_the_way(stage: Stage, sent: str) -> None:
    home = stage.montlucon
    member = stage.members().find(stage.moulins.id)
    assert member is not None
    stage.hide_sealing_key(stage.moulins.id)

    done = withdrawing.withdraw(home.desk, "p1")

    assert (done.withdrawn, done.orders, done.waiting) == ((), (), (stage.moulins.id,))
    person = home.candidate("p1")
    assert person is not None
    assert not person.agrees(ConsentScope.NETWORK, home.desk.today())
    assert withdrawing.resume_recalls(home.desk) == 0
    stage.change(stage.moulins.id, keys=member.keys)
    assert withdrawing.resume_recalls(home.desk) == 1
    assert withdrawing.resume_recalls(home.desk) == 0
    stage.sync()
    assert stage.moulins.forward(sent).has_dossier is False
    assert stage.moulins.forward(sent).state is ForwardState.WITHDRAWN


def test_an_erasure_that_waits_is_ordered_when_the_person_is_long_gone(stage: Stage, sent: str) -> None:
    member = stage.members().find(stage.moulins.id)
    assert member is not None
    stage.hide_sealing_key(stage.moulins.id)
    assert erasing.erase(stage.montlucon.desk, "p1").waiting == (stage.moulins.id,)
    assert stage.montlucon.candidate("p1") is None
    stage.change(stage.moulins.id, keys=member.keys)
    assert withdrawing.resume_recalls(stage.montlucon.desk) == 1
    stage.sync()
    assert stage.moulins.forward(sent).has_dossier is False


def test_an_order_is_obeyed_although_its_receipt_cannot_be_sealed(stage: Stage, sent: str) -> None:
    home, holder = stage.montlucon, stage.moulins
    member = stage.members().find(home.id)
    assert member is not None
    (order,) = [order for order, _holder in withdrawing.withdraw(home.desk, "p1").orders]
    stage.hide_sealing_key(home.id)

    report = pull(holder.node.federation, home.id)

    assert (report.error, report.refused) == ("", 0), "the receipt of what was taken in names no refusal"
    assert holder.forward(sent).has_dossier is False
    with holder.node.database.read() as uow:
        assert uow.forwards.papers(sent) is None
        assert [one.reason for one in uow.replica.refusals()] == [RECEIPT_OWED]
    assert inbound.resume_receipts(holder.desk) == 0, "not yet"
    assert pull(home.node.federation, holder.id).error == ""
    stage.change(home.id, keys=member.keys)
    assert inbound.resume_receipts(holder.desk) == 1
    assert inbound.resume_receipts(holder.desk) == 0
    stage.sync()
    with home.node.database.read() as uow:
        disclosure = uow.disclosures.by_order(order)
    assert disclosure is not None
    receipt = wire_json.decode(disclosure.receipt_message, ErasureReceipt)
    assert receipt.destroyed == ["dossier", "message", "texts"]
    with holder.node.database.read() as uow:
        assert uow.replica.refusals() == []


def test_a_local_employers_copy_is_erased_and_attested_at_once(town: Place) -> None:
    town.enrol(candidate(1))
    (offer,) = town.post(campaign(sites=(site(posts=1),)))
    sent = put_forward(town, "p1", offer.key, site="s1")
    assert withdrawing.withdraw(town.desk, "p1").orders == (), "that is about other towns"
    found = withdrawing.foresee(town.desk, "p1", ConsentScope.OFFER, offer.key)
    assert ([one.id for one in found.ending], found.recalled) == ([sent.id], 0), "its employer got the CV by hand"
    assert len(withdrawing.withdraw(town.desk, "p1", scope=ConsentScope.OFFER, about=offer.key).orders) == 1
    assert town.forward(sent.id).state is ForwardState.WITHDRAWN
    (line,) = disclosures.ledger(town.desk)
    assert line.receipt_at is not None


def test_the_certificate_is_verified_with_the_directory_alone(stage: Stage, sent: str) -> None:
    home = stage.montlucon
    ((order, _holder),) = withdrawing.withdraw(home.desk, "p1").orders
    with pytest.raises(Refused) as caught:
        disclosures.certificate(home.desk, order)
    assert caught.value.problem == "not_attested"
    stage.sync()
    data = disclosures.certificate(home.desk, order)
    proven = verify_certificate(data, stage.members())
    assert (proven.home, proven.holder, proven.order.forward) == (home.id, stage.moulins.id, sent)
    assert proven.receipt.destroyed == ["dossier", "message", "texts"]
    assert "Camille" not in msgspec.json.encode(proven).decode()
    with pytest.raises(NotFound):
        disclosures.certificate(home.desk, "nothing")


def test_nobody_withdraws_for_nobody(town: Place) -> None:
    before = town.snapshot()
    for act in (withdrawing.withdraw, erasing.erase, withdrawing.recall_forward):
        with pytest.raises(NotFound):
            act(town.desk, "nobody")
    assert town.snapshot() == before


def test_what_is_taken_back_twice_is_in_the_history_once(stage: Stage, sent: str) -> None:
    """Wherever it is said: a page, a command and the API do the same."""
    home = stage.montlucon
    for actor in ("anne", "maillon"):
        withdrawing.withdraw(home.desk, "p1", actor)
    with home.node.database.read() as uow:
        lines = [one for one in uow.files.history("p1") if one.field == "consent_withdrawn"]
    assert [(one.by, one.after) for one in lines] == [("anne", ConsentScope.NETWORK.label)]
    assert home.forward(sent).moves[-1].actor == "anne"
