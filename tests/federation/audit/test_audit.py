"""The coordinator audits every journal and reconciles both sides; anyone audits an exported one."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import httpx
import pytest

from federation.audit import audit as audit_module
from federation.audit.audit import AuditReport, NodeAudit, PairAudit, audit, audit_export
from federation.context import channel_to
from federation.outbox import publish
from federation.peers import visit
from federation.serving.journal import current_checkpoint
from protocol.messages import Receipt, kind_of
from protocol.note import vkey
from protocol.tiles import export_files
from protocol.wire_json import encode
from tests.factories import moved, offer, offer_of_600_bytes
from tests.federation.conftest import BAYONNE, COORDINATOR, DRANCY, MONTLUCON
from tests.simulator import Simulation, Town


@pytest.fixture
def towns() -> Iterator[Simulation]:
    """Drancy published, sent two messages to Montluçon and one to Bayonne; Montluçon took them in and answered one."""
    with Simulation(COORDINATOR, DRANCY, MONTLUCON, BAYONNE) as simulation:
        drancy, montlucon = simulation[DRANCY], simulation[MONTLUCON]
        with drancy.database.write() as uow:
            for number in range(300):
                publish(uow, offer_of_600_bytes(number), drancy.clock.now())
        drancy.send(montlucon, moved("f1"), moved("f2"))
        drancy.send(simulation[BAYONNE], moved("f3"))
        montlucon.pull(drancy)
        montlucon.send(drancy, moved("f1", "seen"))
        drancy.pull(montlucon)
        yield simulation


def pair_of(report: AuditReport, sender: Town, recipient: Town) -> PairAudit:
    (found,) = [one for one in report.pairs if (one.sender, one.recipient) == (sender.node_id, recipient.node_id)]
    return found


def problems(report: AuditReport) -> dict[str, str]:
    return {one.node: one.problem for one in report.nodes if one.problem}


def test_a_coordinator_reconciles_all_pairs_by_headers_and_receipts(towns: Simulation) -> None:
    coordinator, drancy, montlucon, bayonne = (towns[n] for n in (COORDINATOR, DRANCY, MONTLUCON, BAYONNE))
    report = audit(coordinator.fed)
    assert report.ok and problems(report) == {}
    assert {one.node: one.size for one in report.nodes} == {name: town.size() for name, town in towns.towns.items()}
    assert pair_of(report, drancy, montlucon) == PairAudit(DRANCY, MONTLUCON, "agree", 2, 0, 0)
    assert pair_of(report, montlucon, drancy) == PairAudit(MONTLUCON, DRANCY, "agree", 1, 0, 0)
    assert pair_of(report, drancy, bayonne) == PairAudit(DRANCY, BAYONNE, "in_transit", 1, 1, 0)
    bayonne.pull(drancy)
    assert pair_of(audit(coordinator.fed), drancy, bayonne).state == "agree"
    assert asdict(report)["ok"] is True


def test_a_town_reconciles_its_own_pairs(towns: Simulation) -> None:
    report = audit(towns[MONTLUCON].fed)
    assert report.ok
    assert [(one.sender, one.recipient, one.state) for one in report.pairs] == [
        (DRANCY, MONTLUCON, "agree"),
        (MONTLUCON, DRANCY, "agree"),
    ]


def test_refused_messages_are_counted(towns: Simulation) -> None:
    drancy, bayonne = towns[DRANCY], towns[BAYONNE]
    bayonne.poison[DRANCY] = {303}
    assert bayonne.pull(drancy).refused == 1
    assert pair_of(audit(towns[COORDINATOR].fed), drancy, bayonne) == PairAudit(DRANCY, BAYONNE, "agree", 1, 0, 1)


@pytest.mark.parametrize(("number", "entry"), [(1, "01" + "ab" * 32), (9, "01" + "00" * 32)])
def test_a_receipt_for_what_was_never_sent_disagrees_and_is_kept(towns: Simulation, number: int, entry: str) -> None:
    coordinator, drancy, bayonne = towns[COORDINATOR], towns[DRANCY], towns[BAYONNE]
    with bayonne.database.write() as uow:
        lie = Receipt(origin=DRANCY, epoch=1, number=number, entry=entry, refused=[])
        uow.journal.append(kind_of(lie), channel_to(DRANCY), encode(lie), bayonne.clock.now())
    report = audit(coordinator.fed)
    assert (report.ok, pair_of(report, drancy, bayonne).state) == (False, "disagree")
    with coordinator.database.read() as uow:
        (kept,) = uow.replica.evidence()
    assert (kept.peer, kept.alarm, kept.second.hex()) == (BAYONNE, "disagree", entry)


def test_a_receipt_newer_than_what_we_hold_accuses_nobody(towns: Simulation) -> None:
    """Drancy writes and Bayonne acknowledges after the coordinator has visited Drancy, and before it visits Bayonne."""
    coordinator, drancy, bayonne = towns[COORDINATOR], towns[DRANCY], towns[BAYONNE]
    honest, visits = visit.pull, []

    def pull_and_go_on(fed: object, peer: str) -> object:
        report = honest(coordinator.fed, peer)
        visits.append(peer)
        if visits == [BAYONNE, DRANCY]:
            drancy.send(bayonne, moved("f4"))
            bayonne.pull(drancy)
            honest(coordinator.fed, BAYONNE)
        return report

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit_module, "pull", pull_and_go_on)
        report = audit(coordinator.fed)
    assert visits == [BAYONNE, DRANCY, MONTLUCON, DRANCY]
    assert (report.ok, pair_of(report, drancy, bayonne)) == (True, PairAudit(DRANCY, BAYONNE, "agree", 2, 0, 0))


def test_an_unreachable_node_is_named_and_the_others_audited(towns: Simulation) -> None:
    towns.network.cut.add(frozenset((COORDINATOR, BAYONNE)))
    report = audit(towns[COORDINATOR].fed)
    assert (report.ok, problems(report)) == (False, {BAYONNE: "unreachable"})
    assert pair_of(report, towns[DRANCY], towns[MONTLUCON]).state == "agree"


def test_a_forked_journal_is_named(towns: Simulation) -> None:
    coordinator = towns[COORDINATOR]
    assert audit(coordinator.fed).ok
    with Simulation(COORDINATOR, DRANCY) as elsewhere:
        elsewhere.announce(towns.members)
        for name, count in (("short", 1), ("long", 400)):
            elsewhere[DRANCY].publish(*(offer(f"{name}-{n}") for n in range(count)))
            towns.network.apps[DRANCY] = elsewhere.network.apps[DRANCY]
            report = audit(coordinator.fed)
            assert problems(report) == {DRANCY: {"short": "rollback", "long": "fork"}[name]}


def test_public_entries_that_are_not_what_is_signed_are_named(towns: Simulation) -> None:
    entry = b"\x00\x21" + bytes([1]) + bytes(32)
    bundles = {DRANCY: b"half", MONTLUCON: entry * towns[MONTLUCON].size()}

    def tamper(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        changed = bundles.get(request.url.host, b"") if "/entries/" in request.url.path else b""
        return httpx.Response(200, content=changed) if changed else response

    towns.network.tamper = tamper
    assert problems(audit(towns[COORDINATOR].fed)) == {DRANCY: "malformed", MONTLUCON: "proof_mismatch"}


def test_our_own_damage_is_found(towns: Simulation) -> None:
    montlucon = towns[MONTLUCON]
    with montlucon.database.read() as uow:
        other = uow.journal.records(1, 1)[0].opening
    honest = audit_module._own_records

    def swapped(fed: object) -> Iterator[tuple[int, bytes, object]]:
        for index, entry, opening in honest(montlucon.fed):
            yield index, entry, other if index == 2 else opening

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit_module, "_own_records", swapped)
        assert problems(audit(montlucon.fed)) == {MONTLUCON: "proof_mismatch"}


def exported(town: Town, folder: Path) -> Path:
    note = current_checkpoint(town.fed)
    with town.database.read() as uow:
        entries = uow.journal.entries(0, 10_000)
    key = town.fed.journal_key()
    for name, content in export_files(list(entries), note, vkey(key.name, key.public)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def test_an_exported_journal_is_verified_offline(towns: Simulation, tmp_path: Path) -> None:
    folder = exported(towns[DRANCY], tmp_path)
    assert audit_export(folder) == NodeAudit(DRANCY, towns[DRANCY].size())
    assert audit_export(folder, towns.members).ok


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda folder: (folder / "checkpoint").unlink(), "unreadable"),
        (lambda folder: (folder / "tile/0/000").unlink(), "unreadable"),
        (lambda folder: (folder / "vkey").write_text("nonsense"), "malformed"),
        (lambda folder: flip(folder / "tile/0/000"), "proof_mismatch"),
        (lambda folder: flip(folder / "tile/entries/000"), "proof_mismatch"),
        (lambda folder: flip(folder / "checkpoint", 60), "bad_signature"),
    ],
)
def test_a_changed_export_is_found(
    towns: Simulation, tmp_path: Path, change: Callable[[Path], object], problem: str
) -> None:
    folder = exported(towns[DRANCY], tmp_path)
    change(folder)
    assert audit_export(folder).problem == problem


def flip(path: Path, at: int = 50) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


def test_an_export_under_a_key_that_the_directory_does_not_know_is_refused(towns: Simulation, tmp_path: Path) -> None:
    with Simulation("trelaze.emploi.example") as elsewhere, Simulation(DRANCY, seed=3) as impostor:
        trelaze = exported(elsewhere["trelaze.emploi.example"], tmp_path / "trelaze")
        drancy = exported(impostor[DRANCY], tmp_path / "drancy")
    assert audit_export(trelaze, towns.members).problem == "malformed"
    assert audit_export(drancy, towns.members).problem == "unknown_key"
