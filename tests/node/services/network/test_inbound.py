"""What peers' messages do at Les Grands Moulins and at home, also when they come twice, late, or from a liar."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import msgspec
import pytest
import sqlalchemy as sa

from federation.context import channel_to
from federation.erasure.orders import order_erasure
from federation.erasure.ports import Disclosure
from federation.peers.ports import Received
from federation.peers.visit import pull
from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.forward import Condition, ConditionKind, ForwardState, Words
from node.mission.forwards.moves import IllegalMove
from node.mission.offers.offer import OfferState
from node.services.agreements import withdrawing
from node.services.desk import Refused
from node.services.forwards import answers, sending
from node.services.network.inbound import MAX_MOVES, Inbound
from node.services.offers import finding, offers, publishing
from node.services.sheets.searching import search_sheets
from protocol import wire_json
from protocol.commitment import Header
from protocol.errors import BadSignature, MalformedMessage, ProofMismatch, ProtocolError, StaleMessage
from protocol.guarantee import ConsentReference
from protocol.messages import (
    ErasureOrder,
    FormerForwardMoved,
    ForwardMoved,
    ForwardSent,
    Message,
    OfferPublished,
    kind_of,
)
from protocol.messages.forwards import NamedMove, StatedCondition
from tests import factories
from tests.node.mission import samples
from tests.node.mission.samples import candidate, network_consent
from tests.node.stage import DRANCY, Place, Stage, campaign, put_forward


@pytest.fixture
def sent(stage: Stage) -> str:
    """One person of Montluçon, put forward to Les Grands Moulins and received there; the forward's number."""
    stage.montlucon.enrol(candidate(1))
    (offer,) = stage.moulins.post(campaign())
    stage.sync()
    forward = put_forward(stage.montlucon, "p1", offer.key)
    stage.sync()
    return forward.id


def receive(here: Place, sender: str, *messages: Message, index: int = 900) -> None:
    """Hand over messages of one kind, as the sync would: proven, in one unit of work."""
    kind, now = kind_of(messages[0]), here.desk.now()
    channel, time = channel_to(here.id), wire_json.timestamp(now)
    header = Header(body="00" * 32, channel=channel, kind="sealed/1", number=1, previous="", time=time)
    proven: list[Received] = [
        Received(
            peer=sender,
            epoch=1,
            index=index + number,
            entry=bytes([1]) * 33,
            header=header,
            kind=kind,
            message=message,
        )
        for number, message in enumerate(messages)
    ]
    with here.node.database.write() as uow:
        Inbound(lambda: here.desk).by_kind()[kind](uow, proven, now)


def message_of(stage: Stage, forward: str) -> ForwardSent:
    """The application as it was received."""
    with stage.moulins.node.database.read() as uow:
        papers = uow.forwards.papers(forward)
    assert papers is not None
    return wire_json.decode(papers.message, ForwardSent)


def moved(forward: str, event: str, stage: Stage, **changes: Any) -> ForwardMoved:
    at = wire_json.timestamp(stage.clock.now())
    return msgspec.structs.replace(factories.moved(forward, event), at=at, **changes)


def test_the_receiver_is_told_what_the_guarantor_checked(stage: Stage, sent: str) -> None:
    (received,) = (one for one in sending.all_forwards(stage.moulins.desk) if one.id == sent)
    vouched = message_of(stage, sent).guarantee.guarantee.checked
    assert received.checked == tuple(check.what for check in vouched) and vouched


def test_an_application_that_comes_twice_is_taken_in_once(stage: Stage, sent: str) -> None:
    before = stage.moulins.snapshot()
    receive(stage.moulins, stage.montlucon.id, message_of(stage, sent))
    assert stage.moulins.snapshot() == before


@pytest.mark.parametrize("lie", ["dossier", "offer", "revision", "site", "forward", "signature", "expiry"])
def test_an_application_that_its_guarantee_does_not_cover_is_refused(stage: Stage, sent: str, lie: str) -> None:
    message = message_of(stage, sent)
    changes: dict[str, Any] = {"forward": "another"}
    match lie:
        case "dossier":
            dossier = bytearray(wire_json.unbase64(message.dossier))
            dossier[-1] ^= 1
            changes = {"dossier": wire_json.base64(bytes(dossier))}
        case "offer":
            changes = {"offer": "another"}
        case "revision":
            changes = {"revision": 2}
        case "site":
            changes = {"site": "bayonne"}
        case "signature":
            wrong = wire_json.base64(bytes(64))
            changes = {"guarantee": msgspec.structs.replace(message.guarantee, signature=wrong)}
        case "expiry":
            changes = {}
            stage.wait(days=61)
    with stage.moulins.node.database.write() as uow:
        uow.forwards.destroy_papers(sent)
    fresh = msgspec.structs.replace(message, **changes)
    _forget(stage.moulins, sent)
    before = stage.moulins.snapshot()
    with pytest.raises((ProofMismatch, BadSignature, StaleMessage)):
        receive(stage.moulins, stage.montlucon.id, fresh)
    assert stage.moulins.snapshot() == before


@pytest.mark.parametrize("scope", ["network", "offer"])
def test_the_guarantee_names_the_agreement_that_it_stands_on(stage: Stage, scope: Literal["network", "offer"]) -> None:
    (offer,) = stage.moulins.post(campaign())
    agreed = network_consent(scope=ConsentScope.of(scope), offer=offer.key if scope == "offer" else "")
    stage.montlucon.enrol(candidate(1, consents=(agreed,)))
    stage.sync()
    forward = put_forward(stage.montlucon, "p1", offer.key)
    stage.sync()
    stated = message_of(stage, forward.id).guarantee.guarantee.consent
    assert stated == ConsentReference(reference=agreed.id, scope=scope, until=agreed.until.isoformat())


def _forget(place: Place, forward: str) -> None:
    """As if the forward had never come."""
    with place.node.database.write() as uow:
        connection = uow.forwards._connection
        for table in ("forward_move", "forward"):
            column = "forward" if table == "forward_move" else "id"
            connection.execute(sa.text(f"DELETE FROM {table} WHERE {column} = :one"), {"one": forward})


def test_another_towns_guarantee_is_worth_nothing(stage: Stage, sent: str) -> None:
    message = message_of(stage, sent)
    _forget(stage.moulins, sent)
    with pytest.raises(ProtocolError):
        receive(stage.moulins, stage.drancy.id, message)


def test_beyond_its_cap_an_offer_takes_no_dossier_and_the_home_learns_it(stage: Stage) -> None:
    """One post, five open applications: a sixth of another town, which cannot know, is declined by itself."""
    one_post = campaign(sites=(samples.site(samples.MONTLUCON, posts=1, identifier="montlucon"),))
    (offer,) = stage.moulins.post(one_post)
    stage.montlucon.enrol(*(candidate(number) for number in range(1, 6)))
    stage.drancy.enrol(candidate(6))
    stage.sync()
    stage.wait(days=8)
    for number in range(1, 6):
        put_forward(stage.montlucon, f"p{number}", offer.key)
    stage.sync()
    refused = put_forward(stage.drancy, "p6", offer.key)
    stage.sync()

    at_home, there = stage.drancy.forward(refused.id), stage.moulins.forward(refused.id)
    assert (at_home.state, at_home.moves[-1].reason) == (ForwardState.DECLINED, "no_position")
    assert at_home.moves[-1].to_candidate and at_home.moves[-1].to_guarantor
    assert (there.has_dossier, there.why) == (False, "")
    with stage.moulins.node.database.read() as uow:
        assert uow.forwards.papers(refused.id) is None
        bodies = [one.opening.body for one in uow.replica.records(DRANCY, 1) if one.header.kind == "sealed/1"]
        assert bodies == [None]
    assert withdrawing.withdraw(stage.drancy.desk, "p6").orders
    stage.sync()
    with stage.drancy.node.database.read() as uow:
        assert not uow.disclosures.pending()


def test_in_an_offers_first_days_one_home_has_a_share_of_it(stage: Stage) -> None:
    """Seven open at most, three of one home: the fourth is refused at home. Of a home that knows nothing of it, it is
    turned away, and may be sent again once the first days are over."""
    (offer,) = stage.moulins.post(campaign(most_open=7))
    for home in (stage.montlucon, stage.drancy):
        home.enrol(*(candidate(number) for number in range(1, 6)))
    stage.sync()
    for number in range(1, 4):
        put_forward(stage.montlucon, f"p{number}", offer.key)
    with pytest.raises(Refused) as caught:
        put_forward(stage.montlucon, "p4", offer.key)
    ends = stage.clock.now().date() + timedelta(days=7)
    assert f"jusqu'au {ends:%d/%m/%Y}, chaque mission a au plus 3 présentations" in str(caught.value)
    with stage.drancy.node.database.write() as uow:
        known = uow.offers.get(*offer.key.split("/", 1))
        assert known is not None
        uow.offers.save(replace(known, published=known.published - timedelta(days=9) if known.published else None))
    sent = [put_forward(stage.drancy, f"p{number}", offer.key).id for number in range(1, 5)]
    stage.sync()
    *taken, turned_away = sent
    assert {stage.drancy.forward(one).state for one in taken} == {ForwardState.RECEIVED}
    last = stage.drancy.forward(turned_away).moves[-1]
    assert (last.event, last.reason) == (ForwardState.DECLINED, "no_position")
    assert f"à partir du {ends:%d/%m/%Y}" in last.to_guarantor
    assert not stage.moulins.forward(turned_away).has_dossier
    answers.give_answer(stage.moulins.desk, taken[0], ForwardState.DECLINED, Words("no_position", "Pourvu."))
    stage.wait(days=7)
    stage.sync()
    again = put_forward(stage.drancy, "p4", offer.key).id
    put_forward(stage.montlucon, "p4", offer.key)
    stage.sync()
    assert stage.drancy.forward(again).state is ForwardState.RECEIVED
    with pytest.raises(Refused):
        put_forward(stage.drancy, "p1", offer.key)


def test_an_application_for_no_offer_of_ours_is_passed_by_and_the_next_one_taken_in(stage: Stage) -> None:
    town, employer = stage.montlucon, stage.moulins
    town.enrol(candidate(1), candidate(2, consents=(network_consent(id="c2"),)))
    (offer,) = employer.post(campaign())
    stage.sync()
    put_forward(town, "p1", offer.key)
    with employer.node.database.write() as uow:
        uow.offers.save(campaign(node=employer.id, id=offer.id, revision=1, sites=campaign().sites[:1]))
    good = put_forward(town, "p2", offer.key, site="drancy")

    report = pull(employer.node.federation, town.id)

    assert (report.refused, report.error) == (1, "")
    assert employer.forward(good.id).state is ForwardState.RECEIVED
    assert [one.id for one in sending.all_forwards(employer.desk)] == [good.id]


def test_a_move_of_somebody_elses_forward_is_refused(stage: Stage, sent: str) -> None:
    for place, liar in ((stage.montlucon, stage.drancy.id), (stage.moulins, stage.drancy.id)):
        before = place.snapshot()
        with pytest.raises(ProofMismatch):
            receive(place, liar, moved(sent, "hired", stage))
        assert place.snapshot() == before


@pytest.mark.parametrize(("where", "event"), [("home", "withdrawn"), ("home", "confirmed"), ("receiver", "hired")])
def test_a_move_that_is_not_the_senders_is_refused(stage: Stage, sent: str, where: str, event: str) -> None:
    here, sender = (stage.montlucon, stage.moulins.id) if where == "home" else (stage.moulins, stage.montlucon.id)
    before = here.snapshot()
    with pytest.raises(IllegalMove):
        receive(here, sender, moved(sent, event, stage))
    assert here.snapshot() == before


def test_a_refusal_without_its_text_is_refused(stage: Stage, sent: str) -> None:
    with pytest.raises(IllegalMove):
        receive(stage.montlucon, stage.moulins.id, moved(sent, "declined", stage, reason="other"))


@pytest.mark.parametrize("former", [False, True])
def test_a_move_is_read_in_every_version_ever_sent(stage: Stage, sent: str, former: bool) -> None:
    now = wire_json.timestamp(stage.clock.now())
    texts = {"to_candidate": "Le poste est pourvu.", "to_guarantor": "Merci."}
    no: Message = moved(sent, "declined", stage, reason="no_position", **texts)
    if former:
        no = FormerForwardMoved(forward=sent, event="declined", at=now, reason="no_position", **texts)
    receive(stage.montlucon, stage.moulins.id, no)
    told = stage.montlucon.forward(sent)
    assert (told.state, told.moves[-1].answer) == (
        ForwardState.DECLINED,
        Words("no_position", texts["to_candidate"], texts["to_guarantor"]),
    )
    before = stage.montlucon.snapshot()
    receive(stage.montlucon, stage.moulins.id, no)
    other: Message = moved(sent, "declined", stage, reason="no_position", **texts)
    receive(stage.montlucon, stage.moulins.id, other)
    assert stage.montlucon.snapshot() == before, "the same move, whichever version says it"


def test_a_peer_of_the_former_version_is_answered_and_ends_alike(stage: Stage, sent: str) -> None:
    """Its moves come as `forward.moved/1`; ours, of the new kind, are what it takes in after its upgrade."""
    former = FormerForwardMoved(
        forward=sent,
        event="expired",
        at=wire_json.timestamp(stage.clock.now()),
        reason="no_answer",
        to_candidate="",
        to_guarantor="",
    )
    receive(stage.moulins, stage.montlucon.id, former)
    assert stage.moulins.forward(sent).state is ForwardState.EXPIRED
    asked = Condition(kind=ConditionKind.IMMERSION, days=5, until=stage.clock.now().date() + timedelta(days=30))
    answers.give_answer(stage.moulins.desk, sent, ForwardState.CONDITIONAL, Words(condition=asked))
    stage.sync()
    assert stage.moulins.forward(sent).state is stage.montlucon.forward(sent).state is ForwardState.CONDITIONAL


@pytest.mark.parametrize(
    "wrong",
    [
        {"event": "conditional"},
        {"event": "corrected"},
        {"event": "fulfilled", "about": [NamedMove(event="hired", at="2026-11-23T09:00:00Z")]},
        {"event": "seen", "instead": "hired"},
        {
            "event": "conditional",
            "condition": [StatedCondition(kind="licence", skills=[], licence="B", days=0, text="", until="2027-02-30")],
        },
    ],
)
def test_a_move_without_what_it_needs_is_refused_and_changes_nothing(
    stage: Stage, sent: str, wrong: dict[str, Any]
) -> None:
    before = stage.montlucon.snapshot()
    with pytest.raises((IllegalMove, ValueError)):
        receive(stage.montlucon, stage.moulins.id, moved(sent, stage=stage, **wrong))
    assert stage.montlucon.snapshot() == before


def test_a_move_that_comes_twice_counts_once(stage: Stage, sent: str) -> None:
    interview = moved(sent, "interview", stage)
    receive(stage.montlucon, stage.moulins.id, interview, interview)
    assert [m.event.value for m in stage.montlucon.forward(sent).moves] == ["sent", "received", "interview"]


def test_two_follow_ups_of_one_word_are_two(stage: Stage, sent: str) -> None:
    answers.give_answer(stage.moulins.desk, sent, ForwardState.HIRED)
    for _follow_up in range(2):
        stage.wait(days=30)
        stage.sync()
        answers.home_move(stage.montlucon.desk, sent, ForwardState.CONFIRMED)
    stage.sync()
    events = [m.event.value for m in stage.moulins.forward(sent).moves]
    assert events == ["sent", "received", "hired", "confirmed", "confirmed"]


def test_a_peer_cannot_make_a_forward_grow_without_end(stage: Stage, sent: str) -> None:
    many = []
    for _again in range(MAX_MOVES):
        stage.wait(seconds=1)
        many.append(moved(sent, "interview", stage))
    already = len(stage.montlucon.forward(sent).moves)
    receive(stage.montlucon, stage.moulins.id, *many[:-already])
    with pytest.raises(ProofMismatch):
        receive(stage.montlucon, stage.moulins.id, many[-1])
    assert len(stage.montlucon.forward(sent).moves) == MAX_MOVES
    home = answers.home_move(stage.montlucon.desk, sent, ForwardState.WITHDRAWN, Words(reason="unavailable"))
    assert home.state is ForwardState.WITHDRAWN


def test_a_draft_is_nobodys_to_answer(stage: Stage) -> None:
    stage.montlucon.enrol(candidate(1))
    (offer,) = stage.moulins.post(campaign())
    stage.sync()
    demand = sending.Demand(candidate="p1", offer=offer.key, site="montlucon", why="Ponctuelle.")
    draft = sending.create(stage.montlucon.desk, demand)
    with pytest.raises(ProofMismatch):
        receive(stage.montlucon, stage.moulins.id, moved(draft.id, "hired", stage))
    assert stage.montlucon.forward(draft.id) == draft


def test_moves_that_crossed_end_alike_on_both_sides(stage: Stage, sent: str) -> None:
    answers.give_answer(stage.moulins.desk, sent, ForwardState.HIRED)
    answers.home_move(stage.montlucon.desk, sent, ForwardState.WITHDRAWN, Words(reason="unavailable"))
    stage.sync()
    assert stage.montlucon.forward(sent).state is stage.moulins.forward(sent).state is ForwardState.WITHDRAWN


def test_an_answer_to_a_forward_that_was_never_sent_is_refused_and_a_recall_is_not(stage: Stage) -> None:
    with pytest.raises(ProofMismatch):
        receive(stage.montlucon, stage.moulins.id, moved("never-sent", "hired", stage))
    before = stage.moulins.snapshot()
    receive(stage.moulins, stage.montlucon.id, moved("never-sent", "withdrawn", stage, reason="consent_withdrawn"))
    assert stage.moulins.snapshot() == before


def test_an_order_for_what_another_town_sent_is_not_obeyed(stage: Stage, sent: str) -> None:
    drancy, employer = stage.drancy, stage.moulins
    holder = stage.members().find(employer.id)
    assert holder is not None
    claimed = Disclosure(
        forward=sent, candidate="p1", holder=employer.id, disclosed_at=stage.clock.now(), sent_index=10_000
    )
    with drancy.node.database.write() as uow:
        uow.disclosures.add(claimed)
        ordered = order_erasure(
            uow, drancy.node.federation, claimed, holder, "o-1", "consent_withdrawn", drancy.desk.now()
        )
    receive(employer, drancy.id, wire_json.decode(ordered.order_message, ErasureOrder))
    assert answers.read_dossier(employer.desk, sent).last_name == "Petit"
    with pytest.raises(ProofMismatch):
        receive(employer, stage.montlucon.id, wire_json.decode(ordered.order_message, ErasureOrder))


def test_an_older_release_never_replaces_a_newer_one(stage: Stage) -> None:
    receive(stage.moulins, stage.montlucon.id, factories.release(2))
    receive(stage.moulins, stage.montlucon.id, msgspec.structs.replace(factories.release(1), sheets=[]))
    assert len(search_sheets(stage.moulins.desk).found) == 2


def test_an_older_revision_never_replaces_a_newer_one_and_the_unknown_is_not_closed(stage: Stage) -> None:
    town, employer = stage.montlucon, stage.moulins.id
    receive(town, employer, factories.closing(revision=9))
    assert not offers.first_offers(town.desk, None).rows
    receive(town, employer, factories.offer(revision=3), factories.offer(revision=2, title="Ancien"))
    key = f"{employer}/cariste-1"
    assert finding.one_offer(town.desk, key).title == "Cariste"
    receive(town, employer, factories.closing(revision=3))
    assert finding.one_offer(town.desk, key).state is OfferState.OPEN
    receive(town, employer, factories.closing(revision=4))
    assert finding.one_offer(town.desk, key).state is OfferState.CLOSED


def test_an_offer_whose_last_day_does_not_exist_is_refused(stage: Stage) -> None:
    wrong: OfferPublished = msgspec.structs.replace(factories.offer(), closes="2027-02-30")
    with pytest.raises((ValueError, MalformedMessage)):
        receive(stage.montlucon, stage.moulins.id, wrong)
    assert not offers.first_offers(stage.montlucon.desk, None).rows


def test_a_forward_to_a_closed_offer_is_kept_by_the_employer_and_refused_at_home(stage: Stage, sent: str) -> None:
    publishing.close_offer(stage.moulins.desk, "PREP-2026", "filled")
    stage.sync()
    assert stage.moulins.forward(sent).has_dossier
    stage.montlucon.enrol(candidate(2, consents=(network_consent(id="c2"),)))
    with pytest.raises(Refused):
        put_forward(stage.montlucon, "p2", stage.moulins.forward(sent).offer)
