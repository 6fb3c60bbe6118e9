"""Montluçon takes in what Drancy publishes and sends: everything once, in order, proven, receipted."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import httpx
import msgspec
import pytest

from federation.context import Limits, channel_to
from federation.outbox import bury
from federation.peers import taking_in, visit
from federation.peers.hints import announce
from federation.peers.ports import Evidence, PeerState, Refusal, ReplicaRecord
from federation.peers.schedule import status_of
from federation.peers.visit import VISIT_LASTS, next_due, pull, pull_due, replay_refused
from federation.serving import journal
from node.storage import DatabaseBusy
from node.storage.network.replica import SqlReplica
from protocol.checkpoint import Checkpoint, sign_checkpoint
from protocol.commitment import make_opening
from protocol.messages import Receipt, Tombstone
from protocol.page import Head, Page, decode_page, encode_page
from protocol.tree import MerkleTree
from protocol.wire_json import decode, encode, timestamp
from tests.factories import closing, moved, offer, offer_of_600_bytes, release
from tests.federation.conftest import BAYONNE, COORDINATOR, DRANCY, MONTLUCON, seeded
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


def test_a_visit_that_finds_nothing_new_writes_only_that_it_went_well() -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        writes = []
        for news in (1, 0, 2):
            drancy.publish(*map(offer_of_600_bytes, range(news)))
            montlucon.points.arm(None)
            assert montlucon.pull(drancy).error == ""
            writes.append(montlucon.points.reached.count("before a unit of work"))
        assert writes == [2, 1, 2]


def test_many_pages_lead_to_the_same_end() -> None:
    with Simulation(DRANCY, MONTLUCON, limits=Limits(page_records=7)) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.publish(*map(offer_of_600_bytes, range(40)))
        assert montlucon.pull(drancy, max_pages=2).taken == 14
        report = montlucon.pull(drancy)
        assert (report.taken, report.error, report.alarm, report.size) == (27, "", "", 41)
        assert montlucon.applied() == montlucon.expected_from(drancy)


def test_a_peer_that_drips_does_not_keep_the_others_waiting() -> None:
    with Simulation(DRANCY, MONTLUCON, BAYONNE, limits=Limits(page_records=1)) as towns:
        drancy, montlucon, bayonne = towns[DRANCY], towns[MONTLUCON], towns[BAYONNE]
        drancy.publish(*map(offer_of_600_bytes, range(20)))

        def drip(request: httpx.Request, response: httpx.Response) -> httpx.Response:
            if request.url.host == DRANCY:
                towns.wait(seconds=50)
            return response

        towns.network.tamper = drip
        pull_due(montlucon.fed)
        towns.wait(minutes=5)
        began = towns.clock.moment
        reports = {report.peer: report for report in pull_due(montlucon.fed)}
        assert towns.clock.moment - began <= VISIT_LASTS + timedelta(seconds=100)
        assert 0 < reports[DRANCY].taken < 21
        assert (reports[DRANCY].error, reports[BAYONNE].error) == ("", "")
        assert montlucon.taken(bayonne) == bayonne.size()
        while montlucon.taken(drancy) < drancy.size():
            towns.wait(minutes=5)
            pull_due(montlucon.fed)
        assert montlucon.applied(drancy) == montlucon.expected_from(drancy)


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


def state_of(town: Town, peer: Town) -> PeerState:
    with town.database.read() as uow:
        state = uow.peers.state(peer.node_id)
    assert state is not None
    return state


def refusals(town: Town) -> list[tuple[int, str]]:
    with town.database.read() as uow:
        return [(one.index, one.reason) for one in uow.replica.refusals()]


def evidence(town: Town) -> list[Evidence]:
    with town.database.read() as uow:
        return list(uow.replica.evidence())


def test_a_message_that_its_handler_refuses_is_passed_by_and_replayed_later() -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.send(montlucon, moved("f1"), moved("f2"), moved("f3"))
        montlucon.poison[DRANCY] = {2}
        report = montlucon.pull(drancy)
        assert (report.applied, report.refused, report.error, report.size) == (3, 1, "", 4)
        assert refusals(montlucon) == [(2, "ValueError")]
        assert montlucon.applied() == [(DRANCY, 0), (DRANCY, 1), (DRANCY, 3)]
        (receipt,) = receipts(montlucon, drancy)
        assert (receipt.number, receipt.refused) == (3, [2])
        assert replay_refused(montlucon.fed) == 0
        montlucon.poison.clear()
        assert replay_refused(montlucon.fed, BAYONNE) == 0
        assert replay_refused(montlucon.fed) == 1
        assert montlucon.applied() == montlucon.expected_from(drancy)
        assert refusals(montlucon) == []


def test_what_a_message_asked_is_done_once_though_its_answer_is_still_owed() -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.send(montlucon, moved("f1"), moved("f2"), moved("f3"))
        montlucon.owing[DRANCY] = {2}
        report = montlucon.pull(drancy)
        assert (report.applied, report.refused, report.error) == (4, 0, "")
        assert montlucon.applied() == montlucon.expected_from(drancy)
        assert refusals(montlucon) == [(2, "receipt_owed")]
        (receipt,) = receipts(montlucon, drancy)
        assert (receipt.number, receipt.refused) == (3, [])


@pytest.mark.parametrize("error", [MemoryError, OSError, DatabaseBusy])
def test_this_machines_own_trouble_refuses_nothing(error: type[Exception]) -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.send(montlucon, moved("f1"), moved("f2"))
        montlucon.trouble = error("no more")
        report = montlucon.pull(drancy)
        assert (report.taken, report.error, report.alarm) == (0, "local_trouble", "")
        assert (refusals(montlucon), receipts(montlucon, drancy), montlucon.applied()) == ([], [], [])
        montlucon.trouble = None
        assert montlucon.pull(drancy).applied == 3
        assert montlucon.applied() == montlucon.expected_from(drancy)


def test_trouble_while_replaying_leaves_the_refusal_for_the_next_time() -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.send(montlucon, moved("f1"))
        montlucon.poison[DRANCY] = {1}
        montlucon.pull(drancy)
        montlucon.poison.clear()
        montlucon.trouble = OSError("disk")
        with pytest.raises(OSError):
            replay_refused(montlucon.fed)
        montlucon.trouble = None
        assert replay_refused(montlucon.fed) == 1


def test_an_unknown_kind_is_kept_raw_and_passed_by() -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        with drancy.database.write() as uow:
            uow.journal.append("visit.planned/1", "network", b'{"kind":"visit.planned/1"}', drancy.clock.now())
        drancy.publish(offer())
        report = montlucon.pull(drancy)
        assert (report.applied, report.refused, report.error) == (2, 1, "")
        assert refusals(montlucon) == [(1, "unknown_version")]
        assert replica(montlucon, drancy)[1].opening.body == b'{"kind":"visit.planned/1"}'
        assert replay_refused(montlucon.fed) == 0


def test_of_a_large_body_that_is_of_no_use_only_the_header_is_kept() -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        for kind, size in (("visit.planned/1", 256), ("visit.planned/1", 257), ("offer.published/2", 257)):
            with drancy.database.write() as uow:
                uow.journal.append(kind, "network", b"x" * (size * 1024), drancy.clock.now())
        assert montlucon.pull(drancy).error == ""
        assert refusals(montlucon) == [(1, "unknown_version"), (2, "too_large"), (3, "too_large")]
        kept = [len(record.opening.body or b"") for record in replica(montlucon, drancy)]
        assert kept[1:] == [256 * 1024, 0, 0]
        assert replay_refused(montlucon.fed) == 0
        drancy.publish(offer())
        assert montlucon.pull(drancy).applied == 1, "the channel goes on"


def test_a_peer_gives_no_more_in_a_day_than_it_may() -> None:
    with Simulation(DRANCY, MONTLUCON, limits=Limits(page_records=2, peer_bytes_a_day=4000)) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.publish(*(offer(f"o{number}") for number in range(20)))
        report = montlucon.pull(drancy)
        assert (report.error, report.alarm) == ("quota", "quota")
        assert 0 < report.taken < 12
        assert state_of(montlucon, drancy).alarm == "quota"
        asked = sum(towns.network.carried.values())
        assert montlucon.pull(drancy).taken == 0
        assert sum(towns.network.carried.values()) == asked, "it is not even asked"
        days = 0
        while montlucon.pull(drancy).error:
            towns.wait(days=1)
            days += 1
        assert 1 < days < 20
        assert montlucon.applied() == montlucon.expected_from(drancy)
        assert state_of(montlucon, drancy).alarm == ""


def test_refusals_without_number_cost_one_line_of_log_a_page(caplog: pytest.LogCaptureFixture) -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        with drancy.database.write() as uow:
            for _ in range(300):
                uow.journal.append("visit.planned/1", "network", b'{"kind":"visit.planned/1"}', drancy.clock.now())
        with caplog.at_level("WARNING"):
            assert montlucon.pull(drancy).refused == 300
        assert [record.getMessage() for record in caplog.records] == [
            f"refused 300 messages of {DRANCY}, the first at 1: unknown_version"
        ]


def test_tombstones_of_refused_messages_do_not_read_all_refusals_each(monkeypatch: pytest.MonkeyPatch) -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        with drancy.database.write() as uow:
            append = uow.journal.append
            body, now = b'{"kind":"visit.planned/1"}', drancy.clock.now()
            refused = [append("visit.planned/1", "network", body, now) for _ in range(30)]
        montlucon.pull(drancy)
        with drancy.database.write() as uow:
            bury(uow, refused[:29], drancy.clock.now())
        with monkeypatch.context() as patch:
            reads: list[str | None] = []
            read = SqlReplica.refusals

            def counted(replica: SqlReplica, peer: str | None = None) -> Sequence[Refusal]:
                reads.append(peer)
                return read(replica, peer)

            patch.setattr(SqlReplica, "refusals", counted)
            assert montlucon.pull(drancy).applied == 29
        assert len(reads) <= 1
        assert refusals(montlucon) == [(30, "unknown_version")]


def test_a_tombstone_destroys_the_copy_and_explains_a_missing_body() -> None:
    with Simulation(DRANCY, MONTLUCON, BAYONNE) as towns:
        drancy, montlucon, bayonne = towns[DRANCY], towns[MONTLUCON], towns[BAYONNE]
        drancy.publish(release(1))
        montlucon.pull(drancy)
        drancy.publish(release(2))
        with drancy.database.write() as uow:
            old = uow.journal.record(1)
            assert old is not None
            assert [one.number for one in bury(uow, [old], drancy.clock.now())] == [4]
            assert bury(uow, uow.journal.records(1, 1), drancy.clock.now()) == []
        assert montlucon.pull(drancy).alarm == ""
        assert replica(montlucon, drancy)[1].opening.body is None
        assert bayonne.pull(drancy).alarm == ""
        assert refusals(bayonne) == []
        assert bayonne.applied() == [(DRANCY, 0), (DRANCY, 2), (DRANCY, 3)]


def test_a_body_withheld_alarms_until_a_tombstone_explains_it() -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.send(montlucon, moved("f1"))
        with drancy.database.write() as uow:
            uow.journal.destroy_body(1)
        report = montlucon.pull(drancy)
        assert (report.alarm, report.error, state_of(montlucon, drancy).alarm) == ("withheld", "", "withheld")
        assert receipts(montlucon, drancy)[0].refused == [1]
        with drancy.database.write() as uow:
            record = uow.journal.record(1)
            assert record is not None
            tombstone = Tombstone(number=1, entry=record.entry.hex(), reason="erased")
            uow.journal.append("tombstone/1", record.channel, encode(tombstone), drancy.clock.now())
        assert montlucon.pull(drancy).alarm == ""
        assert (refusals(montlucon), state_of(montlucon, drancy).alarm) == ([], "")


def test_a_tombstone_for_another_message_destroys_nothing() -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.publish(release(1), Tombstone(number=2, entry="01" + "00" * 32, reason="erased"))
        montlucon.pull(drancy)
        assert refusals(montlucon) == [(2, "proof_mismatch")]
        assert replica(montlucon, drancy)[1].opening.body is not None


def one_bit_changed(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    body = bytearray(response.content)
    body[len(body) // 2] ^= 1
    return httpx.Response(response.status_code, headers=response.headers, content=bytes(body))


def test_a_page_changed_on_its_way_is_not_even_read() -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.publish(offer())
        towns.network.tamper = one_bit_changed
        report = montlucon.pull(drancy)
        assert (report.error, report.alarm, report.taken) == ("bad_signature", "bad_signature", 0)


class LyingDrancy:
    """Drancy signs pages that it changed itself: its own key makes the lie believable on the wire."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.change: Callable[[Page], Page] = lambda page: page
        honest = journal.build_page

        def build(*args: Any) -> bytes:
            return encode_page(self.change(decode_page(honest(*args))))

        monkeypatch.setattr("federation.serving.answers.build_page", build)


def test_pages_that_do_not_lead_to_the_signed_root_are_refused_and_harm_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    liar = LyingDrancy(monkeypatch)
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.publish(offer("o1"))
        montlucon.pull(drancy)
        drancy.publish(offer("o2"))

        def change(page: Page) -> Page:
            return replace(page, records=[bytes([1]) + bytes(32) for _ in page.records])

        liar.change = change
        report = montlucon.pull(drancy)
        assert (report.error, report.alarm, report.taken, report.size) == ("proof_mismatch", "unproven", 0, 2)
        assert evidence(montlucon) == []
        liar.change = lambda page: page
        assert (montlucon.pull(drancy).error, state_of(montlucon, drancy).alarm) == ("", "")
        assert montlucon.applied() == montlucon.expected_from(drancy)


def test_a_fork_is_alarmed_for_good_with_both_checkpoints() -> None:
    with Simulation(DRANCY, MONTLUCON) as towns, Simulation(DRANCY, BAYONNE) as elsewhere:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.publish(offer("o1"))
        montlucon.pull(drancy)
        # The same keys over another journal: a restored backup that was written on, or a lie.
        twin = elsewhere[DRANCY]
        twin.publish(offer("o2"), offer("o3"))
        towns.network.apps[DRANCY] = elsewhere.network.apps[DRANCY]
        elsewhere.announce(towns.members)
        report = montlucon.pull(drancy)
        assert (report.error, report.alarm, report.taken) == ("fork", "fork", 0)
        (kept,) = evidence(montlucon)
        assert (kept.alarm, kept.peer) == ("fork", DRANCY)
        assert kept.first.split(b"\n")[1:2] == [b"2"] and kept.second.split(b"\n")[1:2] == [b"3"]
        assert montlucon.pull(drancy).alarm == "fork"
        assert len(evidence(montlucon)) == 1
        drancy.restart()
        assert montlucon.pull(drancy).error == ""
        assert state_of(montlucon, drancy).alarm == "fork"


def test_a_restored_backup_is_a_rollback() -> None:
    with Simulation(DRANCY, MONTLUCON) as towns, Simulation(DRANCY, BAYONNE) as elsewhere:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.publish(offer("o1"))
        montlucon.pull(drancy)
        elsewhere.announce(towns.members)
        towns.network.apps[DRANCY] = elsewhere.network.apps[DRANCY]
        report = montlucon.pull(drancy)
        assert (report.error, report.alarm) == ("rollback", "rollback")
        assert [one.alarm for one in evidence(montlucon)] == ["rollback"]


def test_equivocation_keeps_both_headers() -> None:
    with Simulation(DRANCY, MONTLUCON, limits=Limits(page_records=2)) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.publish(offer("o1"))
        montlucon.pull(drancy)
        with drancy.database.write() as uow:
            head = uow.journal.heads(["network"], 1)[0]
            time = timestamp(drancy.clock.now())
            entry, opening = make_opening(
                "offer.published/2", "network", 2, head.entry.hex(), time, encode(offer("o2")), seeded(5)
            )
            # The schema forbids it: a liar's database would not.
            page = Page(
                sign_checkpoint(
                    Checkpoint(drancy.fed.origin, 3, MerkleTree([*uow.journal.entries(0, 2), entry]).root()),
                    drancy.keys.journal,
                ),
                2,
                [opening],
                [],
                [Head("network", 2, entry)],
            )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("federation.serving.answers.build_page", lambda *_: encode_page(page))
            assert montlucon.pull(drancy).alarm == "equivocation"
        (kept,) = evidence(montlucon)
        assert b'"index":1' in kept.first and b'"index":2' in kept.second


def test_unknown_and_suspended_members_are_not_visited_and_get_nothing() -> None:
    with Simulation(DRANCY, MONTLUCON, BAYONNE) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        assert pull(montlucon.fed, "nowhere.emploi.example").error == "not_a_member"
        towns.change(DRANCY, status="suspended")
        report = montlucon.pull(drancy)
        assert (report.error, report.alarm, state_of(montlucon, drancy).alarm) == ("suspended",) + ("suspended",) * 2
        assert not towns.network.carried
        refused = drancy.pull(montlucon)
        assert (refused.error, refused.reason, refused.taken) == ("refused", "suspended", 0)
        towns.change(DRANCY, status="active")
        assert montlucon.pull(drancy).error == ""
        assert status_of(state_of(montlucon, drancy), towns.clock.now()) == "healthy"


def test_nothing_is_taken_in_while_witnesses_are_asked_for_that_nobody_verifies() -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.publish(offer())
        members = towns.members
        towns.announce(msgspec.structs.replace(members, version=members.version + 1, witness_quorum=1))
        report = montlucon.pull(drancy)
        assert (report.error, report.taken, montlucon.applied()) == ("quorum_unknown", 0, [])


@pytest.mark.parametrize("seconds", [-900, 900])
def test_a_clock_that_is_off_is_told_its_skew(seconds: int) -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        montlucon.clock.skew = timedelta(seconds=seconds)
        report = montlucon.pull(drancy)
        assert (report.error, report.reason, report.skew_seconds, report.taken) == ("refused", "stale", seconds, 0)
        montlucon.clock.skew = timedelta(seconds=seconds / 9)
        assert montlucon.pull(drancy).error == ""


@pytest.mark.parametrize("status", [200, 302, 404, 500, 502])
def test_something_else_than_a_peer_at_that_address_is_a_failure_and_no_alarm(status: int) -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        towns.network.tamper = lambda request, response: httpx.Response(status, content=b"<html>Bienvenue</html>")
        report = montlucon.pull(drancy)
        assert report.error in ("bad_answer", "unreachable")
        assert report.alarm == ""
        assert state_of(montlucon, drancy).failures == 1


def test_a_peer_that_hands_over_nothing_of_what_it_signed_is_not_asked_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    liar = LyingDrancy(monkeypatch)
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.publish(offer())
        liar.change = lambda page: replace(page, records=[], proof=[])
        assert montlucon.pull(drancy).error == "bad_answer"
        assert sum(towns.network.carried.values()) == 1


def test_two_visits_at_once_take_everything_once() -> None:
    with Simulation(DRANCY, MONTLUCON, limits=Limits(page_records=5)) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        drancy.publish(*map(offer_of_600_bytes, range(30)))
        honest = overtaken_once(montlucon, drancy)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(visit, "take_in", honest)
            report = montlucon.pull(drancy)
        assert (report.error, report.size) == ("", 31)
        assert montlucon.applied() == montlucon.expected_from(drancy)


def overtaken_once(town: Town, peer: Town) -> Callable[..., tuple[int, int]]:
    """Another visit, complete, between the proof and the writing of the second page."""
    calls = []

    def take_in_late(*args: Any) -> tuple[int, int]:
        calls.append(args)
        if len(calls) == 2:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(visit, "take_in", taking_in.take_in)
                assert pull(town.fed, peer.node_id).size == 31
        return taking_in.take_in(*args)

    return take_in_late


def test_peers_that_are_due_are_visited_and_no_others() -> None:
    with Simulation(DRANCY, MONTLUCON, BAYONNE) as towns:
        montlucon = towns[MONTLUCON]
        assert pull_due(montlucon.fed) == []
        towns.wait(minutes=5)
        assert {report.peer for report in pull_due(montlucon.fed)} == {DRANCY, BAYONNE}
        assert pull_due(montlucon.fed) == []
        towns.network.cut.add(frozenset((MONTLUCON, DRANCY)))
        towns.wait(minutes=5)
        assert {report.peer: report.error for report in pull_due(montlucon.fed)} == {DRANCY: "unreachable", BAYONNE: ""}
        towns.wait(minutes=2)
        assert [report.peer for report in pull_due(montlucon.fed, at_most=1)] == [DRANCY]


def test_a_hint_makes_a_peer_due_now_and_a_request_clears_its_back_off() -> None:
    with Simulation(DRANCY, MONTLUCON) as towns:
        drancy, montlucon = towns[DRANCY], towns[MONTLUCON]
        towns.network.cut.add(frozenset((MONTLUCON, DRANCY)))
        for _ in range(5):
            montlucon.pull(drancy)
        assert state_of(montlucon, drancy).failures == 5
        towns.network.cut.clear()
        towns.wait(minutes=1)
        drancy.pull(montlucon)
        assert state_of(montlucon, drancy).failures == 0
        montlucon.pull(drancy)
        drancy.publish(offer())
        assert pull_due(montlucon.fed) == []
        assert announce(drancy.fed) == [MONTLUCON]
        assert montlucon.hints == [DRANCY]
        assert pull_due(montlucon.fed) == [], "it was there a moment ago"
        assert next_due(montlucon.fed) == towns.clock.now() + montlucon.fed.pace.hint_gap
        towns.wait(seconds=5)
        assert [report.taken for report in pull_due(montlucon.fed)] == [1]
        # The journal has not grown since: the hint is taken, and nobody is due.
        assert announce(drancy.fed, [MONTLUCON]) == [MONTLUCON]
        assert montlucon.hints == [DRANCY]
        towns.network.cut.add(frozenset((MONTLUCON, DRANCY)))
        assert announce(drancy.fed) == []


def test_a_peer_that_drips_keeps_only_its_own_visitor_waiting() -> None:
    with Simulation(MONTLUCON, DRANCY, BAYONNE) as towns:
        montlucon, drancy, bayonne = towns[MONTLUCON], towns[DRANCY], towns[BAYONNE]
        for town in (drancy, bayonne):
            town.publish(offer())
        pull_due(montlucon.fed)
        towns.wait(minutes=5)
        reached, let_go = Event(), Event()

        def drip(request: httpx.Request, response: httpx.Response) -> httpx.Response:
            if request.url.host == DRANCY:
                reached.set()
                assert let_go.wait(200)
            return response

        towns.network.tamper = drip
        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(pull_due, montlucon.fed)
            assert reached.wait(200)
            others = [report for _ in range(3) for report in pull_due(montlucon.fed)]
            assert DRANCY not in [report.peer for report in others], "nobody else goes to the slow one"
            assert montlucon.taken(bayonne) == bayonne.size()
            assert montlucon.taken(drancy) == 0
            let_go.set()
            assert DRANCY in [report.peer for report in slow.result(200)]
        assert montlucon.taken(drancy) == drancy.size()


def test_hints_go_out_at_once_and_one_that_is_not_taken_holds_up_no_other() -> None:
    with Simulation(DRANCY, MONTLUCON, BAYONNE) as towns:
        drancy = towns[DRANCY]
        drancy.publish(offer())
        let_go = Event()

        def drip(request: httpx.Request, response: httpx.Response) -> httpx.Response:
            if request.url.host == BAYONNE:
                assert let_go.wait(200)
            return response

        towns.network.tamper = drip
        with ThreadPoolExecutor(1) as pool:
            told = pool.submit(announce, drancy.fed, None, 2)
            deadline = time.monotonic() + 20
            while not towns[MONTLUCON].hints and time.monotonic() < deadline:
                time.sleep(0.01)
            assert towns[MONTLUCON].hints == [DRANCY]
            let_go.set()
            assert told.result(200) == [BAYONNE, MONTLUCON]
