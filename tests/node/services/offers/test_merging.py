"""One offer that came twice: proposed as the same, made one, and taken apart again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.imports import ParsedLine
from node.mission.offers.filter import Area, OfferFilter
from node.mission.offers.likeness import Alike
from node.mission.offers.offer import Offer, OfferEvent, OfferState
from node.services.desk import Refused
from node.services.forwards import sending
from node.services.imports.importing import import_offers
from node.services.matching.matching import match_offer
from node.services.offers.finding import one_offer
from node.services.offers.merging import all_like, hidden_behind, keep_apart, merge_offers, offers_like, unmerge_offer
from node.services.offers.offers import add_offer
from node.services.offers.publishing import close_offer
from node.services.offers.searching import offers_page, open_forwards
from tests.node.mission import samples
from tests.node.mission.samples import TODAY
from tests.node.services.offers.test_offers import typed
from tests.node.stage import Stage, put_forward


def imported(stage: Stage, **changes: object) -> Offer:
    """The same offer as `typed` makes, from a file, with commas of its own."""
    line = Offer(id="", node="", **typed(title="VENDEUR, vendeuse (H/F)", reference="193KXYZ") | changes)
    report = import_offers(stage.montlucon.desk, [ParsedLine(2, line)])
    assert (report.added, report.alike) == (1, 1)
    found = report.taken[0][2]
    assert isinstance(found, Offer)
    return one_offer(stage.montlucon.desk, found.key)


def test_an_offer_that_came_twice_is_merged_and_taken_apart(stage: Stage) -> None:
    town, desk = stage.montlucon, stage.montlucon.desk
    town.enrol(samples.candidate(1), samples.candidate(2))
    mine = add_offer(desk, typed(rome="N1103"), "anne")
    twin = imported(stage, rome="N1103")
    stage.sync()
    assert [(one.offer.id, one.how, one.is_own) for one in offers_like(desk, mine)] == [(twin.id, Alike.SAME, True)]
    assert all_like(desk) == [(*sorted((mine, twin), key=lambda one: one.key), Alike.SAME)]
    there = put_forward(town, "p1", twin.key, twin.sites[0].id)

    kept = merge_offers(desk, mine.id, twin.id, "anne")
    gone = one_offer(desk, twin.key)
    assert (gone.state, gone.merged_into, gone.history[-1].what) == (OfferState.MERGED, mine.id, OfferEvent.MERGED)
    assert [one.id for one in hidden_behind(desk, kept)] == [twin.id] and not all_like(desk)
    for shown in (OfferFilter(), OfferFilter(area=Area.OWN, closed=True)):
        assert [one.id for one in offers_page(desk, shown).rows] == [mine.id]
    stage.sync()
    assert one_offer(stage.drancy.desk, twin.key).state is OfferState.CLOSED
    # The application goes on where it is, and counts with the offer that is kept.
    assert open_forwards(desk, [kept]) == {mine.key: 1}
    assert next(one.forward for one in match_offer(desk, mine.key).matches if one.candidate.id == "p1") == there.id
    with pytest.raises(Refused, match="déjà"):
        put_forward(town, "p1", mine.key, mine.sites[0].id)
    # The next file changes neither, and makes no third.
    again = import_offers(desk, [ParsedLine(2, replace(twin, salary="13 €", id="", node=""))])
    assert (again.added, again.updated, again.unchanged) == (0, 0, 1)

    back = unmerge_offer(desk, twin.id, "anne")
    assert (
        replace(
            back,
            revision=twin.revision,
            published=twin.published,
            entry=twin.entry,
            history=twin.history,
            unlike=frozenset(),
        )
        == twin
    )
    assert one_offer(desk, mine.key).merged == () and not all_like(desk)
    stage.sync()
    assert one_offer(stage.drancy.desk, twin.key).is_open(TODAY)


def test_what_is_under_way_for_both_forbids_to_merge(stage: Stage) -> None:
    town, desk = stage.montlucon, stage.montlucon.desk
    town.enrol(samples.candidate(1))
    mine = add_offer(desk, typed(rome="N1103", network=False), "anne")
    twin = add_offer(desk, typed(rome="N1103", network=False, description="Autrement dit."), "anne")
    third = add_offer(desk, typed(rome="N1103", closes=TODAY + timedelta(days=3)), "anne")

    def refused(kept: Offer, gone: Offer) -> str:
        with pytest.raises(Refused) as caught:
            merge_offers(desk, kept.id, gone.id, "anne")
        return caught.value.problem

    demand = sending.Demand(
        candidate="p1", offer=twin.key, site=twin.sites[0].id, why="Ponctuelle.", agreed="au téléphone"
    )
    draft = sending.create(desk, demand)
    assert refused(mine, mine) == "same_offer"
    assert refused(mine, twin) == "draft_left"
    sending.send(desk, draft.id)
    put_forward(town, "p1", mine.key, mine.sites[0].id)
    assert refused(mine, twin) == "both_forwarded"
    merge_offers(desk, mine.id, third.id, "anne")
    assert refused(twin, mine) == "merged_before"
    with pytest.raises(Refused, match="pas réunie"):
        unmerge_offer(desk, twin.id, "anne")
    # Of the town alone: nothing goes out, and it comes back with its own date.
    unmerge_offer(desk, third.id, "anne")
    keep_apart(desk, mine.id, twin.id)
    assert [{one.id, other.id} for one, other, _how in all_like(desk)] == [{twin.id, third.id}]
    close_offer(desk, twin.id, "filled")
    assert refused(mine, twin) == "offer_closed"
