"""Offers and group sheets leave for all peers; what was published is corrected, closed, replaced."""

from dataclasses import replace
from typing import Any

import pytest

from node.kit.errors import BadInput, NotFound
from node.mission.offers.offer import OfferState
from node.mission.sheets.release import RuleBroken
from node.services.agreements import withdrawing
from node.services.desk import Refused
from node.services.offers import finding, offers, publishing
from node.services.offers.searching import search_offers
from node.services.sheets import releasing
from node.services.sheets.searching import search_sheets
from protocol import wire_json
from protocol.messages import SheetsReleased
from tests.node.mission.samples import FORKLIFT, candidate, network_consent, offer
from tests.node.stage import Place, Stage, campaign


def enrol_group(town: Place, count: int, rome: str = "N1103", start: int = 1) -> None:
    people = [
        candidate(number, rome, consents=(network_consent(id=f"c{number}"),)) for number in range(start, start + count)
    ]
    town.enrol(*people)


def test_a_campaign_reaches_every_node(stage: Stage) -> None:
    (published,) = stage.moulins.post(campaign())
    stage.sync()
    for town in (stage.drancy, stage.montlucon):
        there = finding.one_offer(town.desk, published.key)
        assert replace(there, reference="PREP-2026", history=published.history) == published


def test_a_local_offer_stays_here(stage: Stage) -> None:
    before = stage.montlucon.size()
    (local,) = stage.montlucon.post(campaign(network=False))
    assert (local.revision, local.entry) == (1, "")
    assert stage.montlucon.size() == before
    stage.sync()
    assert not offers.first_offers(stage.drancy.desk, None).rows


def test_a_correction_replaces_the_revision_at_peers(stage: Stage) -> None:
    (first,) = stage.moulins.post(campaign())
    stage.sync()
    second = offers.edit_offer(stage.moulins.desk, "PREP-2026", title=" Préparation de commandes ", closes="2027-01-15")
    stage.sync()
    there = finding.one_offer(stage.montlucon.desk, first.key)
    assert (there.revision, there.title, str(there.closes)) == (2, "Préparation de commandes", "2027-01-15")
    assert there.entry == second.entry != first.entry


def test_a_correction_that_changes_nothing_publishes_nothing(town: Place) -> None:
    (first,) = town.post(campaign())
    size = town.size()
    assert offers.edit_offer(town.desk, first.key, title=first.title) == first
    assert town.size() == size


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"title": "  "}, BadInput),
        ({"closes": "next week"}, BadInput),
        ({"title": "x" * 201}, BadInput),
        ({"description": "x" * 4001}, BadInput),
    ],
)
def test_a_correction_that_cannot_be_published_writes_nothing(
    town: Place, changes: dict[str, Any], error: type[Exception]
) -> None:
    town.post(campaign())
    before = town.snapshot()
    with pytest.raises(error):
        offers.edit_offer(town.desk, "PREP-2026", **changes)
    assert town.snapshot() == before


def test_a_closed_offer_is_closed_for_everybody_and_for_good(stage: Stage) -> None:
    (published,) = stage.moulins.post(campaign())
    stage.sync()
    closed = publishing.close_offer(stage.moulins.desk, published.id, "filled")
    assert publishing.close_offer(stage.moulins.desk, published.id, "cancelled") == closed
    stage.sync()
    assert finding.one_offer(stage.montlucon.desk, published.key).state is OfferState.CLOSED
    with pytest.raises(Refused) as caught:
        offers.edit_offer(stage.moulins.desk, published.id, title="Encore")
    assert caught.value.problem == "offer_closed"


def test_nobody_closes_or_corrects_anothers_offer(stage: Stage) -> None:
    (published,) = stage.moulins.post(campaign())
    stage.sync()
    with pytest.raises(NotFound):
        publishing.close_offer(stage.montlucon.desk, published.id, "filled")
    with pytest.raises(NotFound):
        offers.edit_offer(stage.montlucon.desk, published.key, title="Le mien")


def test_offers_are_searched_by_words_occupation_and_place(stage: Stage) -> None:
    stage.moulins.post(campaign())
    stage.drancy.post(offer(7, FORKLIFT, title="Cariste", reference="CAR-7"))
    stage.sync()

    def titles(**wanted: object) -> list[str]:
        return [one.title for one in search_offers(stage.montlucon.desk, **wanted)]  # type: ignore[arg-type]

    assert sorted(titles()) == ["Cariste", "Préparateur de commandes"]
    assert titles(rome="N1101") == ["Cariste"]
    assert len(titles(rome="N11")) == 2
    assert titles(text="GRANDS moulins") == ["Préparateur de commandes"]
    assert titles(commune="93029") == ["Préparateur de commandes"]
    assert titles(own=True) == []
    assert len(titles(limit=1)) == 1
    publishing.close_offer(stage.drancy.desk, "CAR-7", "filled")
    stage.sync()
    assert titles() == ["Préparateur de commandes"]
    assert [one.reference for one in search_offers(stage.drancy.desk, own=True)] == ["CAR-7"]


def test_a_release_shows_groups_of_five_alone_and_a_preview_writes_nothing(stage: Stage) -> None:
    town = stage.montlucon
    enrol_group(town, 6)
    enrol_group(town, 2, "K2204", start=20)
    before = town.snapshot()

    preview = releasing.release(town.desk, dry_run=True)
    assert preview.index is None
    assert town.snapshot() == before
    done = releasing.release(town.desk)

    assert done.release.message == preview.release.message
    assert [(sheet.occupation, sheet.size) for sheet in done.release.message.sheets] == [("N1103", "5+")]
    assert sum(group.count for group in done.release.withheld) == 2
    stage.sync()
    answer = search_sheets(stage.moulins.desk, rome="N1103")
    assert [(found.node, found.size, found.relation) for found in answer.found] == [(town.id, "5+", "same")]
    assert answer.at_least == 5


def test_a_second_release_in_one_week_is_refused(town: Place) -> None:
    enrol_group(town, 5)
    releasing.release(town.desk)
    before = town.snapshot()
    with pytest.raises(RuleBroken) as caught:
        releasing.release(town.desk)
    assert caught.value.rule == "rhythm"
    assert town.snapshot() == before


def test_a_first_release_without_any_sheet_is_refused_and_the_week_stays_free(stage: Stage) -> None:
    town = stage.montlucon
    enrol_group(town, 4)
    before = town.snapshot()
    assert releasing.release(town.desk, dry_run=True).release.message.sheets == []
    with pytest.raises(Refused) as caught:
        releasing.release(town.desk)
    assert caught.value.problem == "no_sheet"
    assert "aucune fiche" in str(caught.value)
    assert town.snapshot() == before
    enrol_group(town, 2, start=20)
    assert releasing.release(town.desk).release.message.release == 1


def test_a_later_release_without_any_sheet_takes_the_one_before_out_of_sight(stage: Stage) -> None:
    town = stage.montlucon
    enrol_group(town, 5)
    releasing.release(town.desk)
    for number in range(1, 6):
        withdrawing.withdraw(town.desk, f"p{number}")
    stage.wait(days=7)
    assert releasing.release(town.desk).release.message.sheets == []
    stage.sync()
    assert search_sheets(stage.moulins.desk, rome="N1103").found == ()


def test_next_weeks_release_replaces_the_one_before_whose_bytes_are_destroyed(stage: Stage) -> None:
    town = stage.montlucon
    enrol_group(town, 6)
    first = releasing.release(town.desk)
    stage.sync()
    enrol_group(town, 6, start=30)
    stage.wait(days=7)
    second = releasing.release(town.desk)
    stage.sync()

    assert second.release.message.release == 2
    assert first.index is not None
    with town.node.database.read() as uow:
        old = uow.journal.record(first.index)
        assert old is not None
        assert old.opening.body is None
    with stage.moulins.node.database.read() as uow:
        taken = uow.replica.record(town.id, 1, first.index)
        assert taken is not None
        assert taken.opening.body is None
    found = search_sheets(stage.moulins.desk).found
    assert [one.size for one in found] == ["10+"]


def test_a_withdrawal_changes_nothing_that_is_published_until_the_next_week(stage: Stage) -> None:
    town = stage.montlucon
    enrol_group(town, 5)
    releasing.release(town.desk)
    stage.sync()
    withdrawing.withdraw(town.desk, "p1")
    stage.sync()
    assert len(search_sheets(stage.moulins.desk).found) == 1
    stage.wait(days=7)
    releasing.release(town.desk)
    stage.sync()
    assert search_sheets(stage.moulins.desk).found == ()


def test_what_was_published_is_what_was_checked(town: Place) -> None:
    enrol_group(town, 5)
    done = releasing.release(town.desk)
    assert done.index is not None
    with town.node.database.read() as uow:
        record = uow.journal.record(done.index)
    assert record is not None
    assert record.opening.body is not None
    assert wire_json.decode(record.opening.body, SheetsReleased) == done.release.message


def test_the_coverage_says_who_stands_behind_the_answer(stage: Stage) -> None:
    enrol_group(stage.montlucon, 5)
    releasing.release(stage.montlucon.desk)
    before = {one.node: one for one in search_sheets(stage.moulins.desk).coverage}
    assert set(before) == {stage.drancy.id, stage.montlucon.id}
    assert all((one.release, one.synced_at) == (0, None) for one in before.values())
    stage.sync()
    after = {one.node: one for one in search_sheets(stage.moulins.desk).coverage}
    assert (after[stage.montlucon.id].release, after[stage.drancy.id].release) == (1, 0)
    assert all(one.synced_at is not None for one in after.values())
    own = {one.node: one for one in search_sheets(stage.montlucon.desk).coverage}[stage.montlucon.id]
    assert own.release == 1
    stage.change(stage.montlucon.id, status="suspended")
    assert search_sheets(stage.moulins.desk).found == ()
