"""What an employer said it would need: noted, asked again, people put forward, made an offer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from node.mission.offers.filter import Area, OfferFilter
from node.mission.offers.offer import Offer, OfferEvent, OfferState
from node.mission.team.today import Waiting
from node.services.desk import Refused
from node.services.matching.matching import match_candidate, match_offer
from node.services.offers.finding import one_offer
from node.services.offers.needs import edit_need, make_offer, note_need
from node.services.offers.offers import first_offers
from node.services.offers.publishing import close_offer
from node.services.offers.retention import forget_contacts
from node.services.offers.searching import offers_page, search_offers
from node.services.people.saving import BadFields
from node.services.team.today import today
from tests.node.mission import samples
from tests.node.mission.samples import TODAY
from tests.node.services.offers.test_offers import typed
from tests.node.stage import Place, Stage, put_forward


def noted(town: Place, **changes: Any) -> Offer:
    fields = {
        "employer": "Bâtir SARL",
        "rome": "N1103",
        "when": "au printemps",
        "note": "Vu M. Roux.",
        "ask_again": TODAY,
        "title": "",
    }
    return note_need(town.desk, fields | changes, "anne")


def test_a_need_lives_in_the_town_from_the_note_to_the_offer(stage: Stage) -> None:
    town, desk = stage.montlucon, stage.montlucon.desk
    town.enrol(samples.candidate(1))
    size = town.size()
    need = noted(town)
    assert need.title == desk.referential().occupations.label("N1103")
    assert [one.commune for one in need.sites] == [samples.MONTLUCON] and town.size() == size
    # In its own list alone; found by who fits it, and by nobody as an offer.
    assert [one.id for one in offers_page(desk, OfferFilter(needs=True)).rows] == [need.id]
    for others in (OfferFilter(), OfferFilter(area=Area.OWN, closed=True), OfferFilter(closed=True)):
        assert not offers_page(desk, others).rows
    assert not first_offers(desk, None, own=True).rows and not search_offers(desk, own=True)
    assert [one.candidate.id for one in match_offer(desk, need.key).matches] == ["p1"]
    assert not match_candidate(desk, "p1").matches
    (asked,) = (one for one in today(desk, "anne").groups if one.kind is Waiting.NEED)
    assert (asked.items[0].title, asked.items[0].id) == ("Bâtir SARL", need.key)
    assert all(one.kind is not Waiting.NEED for one in today(desk, "luc").groups)

    forward = put_forward(town, "p1", need.key, need.sites[0].id)
    assert (forward.state, town.size()) == ("sent", size + 2)
    later = edit_need(desk, need.key, "luc", ask_again=TODAY + timedelta(days=20))
    assert not any(one.kind is Waiting.NEED for one in today(desk, "anne", team=True).groups)
    with pytest.raises(Refused, match="entre-temps"):
        edit_need(desk, need.key, "anne", revision=need.revision, when="en mai")

    made = make_offer(desk, need.key, typed(rome="N1103", sites=later.sites), "anne", revision=later.revision)
    assert (made.key, made.state, made.network, made.ask_again) == (need.key, OfferState.OPEN, True, None)
    assert [one.what for one in made.history] == [OfferEvent.NOTED, OfferEvent.CHANGED, OfferEvent.PUBLISHED]
    assert match_offer(desk, made.key).matches[0].forward == forward.id
    assert [one.id for one in offers_page(desk, OfferFilter()).rows] == [made.id]
    stage.sync()
    there = one_offer(stage.drancy.desk, made.key)
    assert there.title == made.title and (there.when, there.note) == ("", "") and made.note == "Vu M. Roux."
    with pytest.raises(Refused):
        make_offer(desk, need.key, typed(), "anne")


def test_a_need_says_who_and_what_and_ends(town: Place) -> None:
    for wrong, field in (
        ({"employer": ""}, "employer"),
        ({"rome": ""}, "title"),
        ({"ask_again": TODAY - timedelta(days=1)}, "ask_again"),
        ({"when": "x" * 300}, "when"),
        ({"note": "Cherche un jeune homme."}, "note"),
    ):
        with pytest.raises(BadFields) as caught:
            noted(town, **wrong)
        assert field in {one.field for one in caught.value.problems}, wrong
    # Without an occupation it is kept, and nobody is put forward yet.
    vague = noted(town, rome="", title="Deux personnes pour les vendanges")
    town.enrol(samples.candidate(1))
    with pytest.raises(Refused, match="le métier et le lieu"):
        put_forward(town, "p1", vague.key, vague.sites[0].id)
    over = close_offer(town.desk, vague.id, "cancelled", "anne")
    assert over.state is OfferState.NEED and not over.takes_people(TODAY)
    assert not offers_page(town.desk, OfferFilter(needs=True)).rows
    assert not offers_page(town.desk, OfferFilter(closed=True)).rows
    with pytest.raises(Refused, match="terminé"):
        edit_need(town.desk, vague.key, "anne", when="jamais")
    # What was said of somebody is forgotten two years later, as whom to call is.
    with town.desk.federation.database.write() as uow:
        uow.offers.save(replace(over, closes=TODAY - timedelta(days=731)))
    assert (forget_contacts(town.desk), forget_contacts(town.desk)) == (1, 0)
    assert one_offer(town.desk, over.key).note == ""
