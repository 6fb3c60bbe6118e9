"""The town's own offers: typed, corrected, closed; what other towns hear of it, and what stays at home."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from node.mission.offers.filter import Area, OfferFilter
from node.mission.offers.offer import MOST_STEPS, Need, Offer, OfferContact, OfferEvent, OfferSite, OfferStep
from node.services.desk import Refused
from node.services.offers.finding import one_offer
from node.services.offers.offers import add_offer, edit_offer, like_offer
from node.services.offers.publishing import close_offer, open_to_network
from node.services.offers.searching import offers_page, open_forwards
from node.services.people.saving import BadFields
from tests.node.mission import samples
from tests.node.mission.samples import MONTLUCON, NOW, TODAY
from tests.node.stage import Place, Stage, campaign

ROUX = OfferContact(name="Mme Roux", email="roux@exemple.fr", phone="+33470000000")


def typed(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "title": "Vendeur / Vendeuse (H/F)",
        "employer": "Boulangerie Petit",
        "rome": "D1106",
        "description": "Accueillir, vendre, encaisser, du mardi au samedi de 7 h à 14 h.",
        "contract": "CDI",
        "hours": 35 * 60,
        "sites": (samples.site(),),
        "closes": TODAY + timedelta(days=30),
        "contact": ROUX,
    }
    return fields | changes


def test_an_offer_that_is_typed_goes_to_the_network_without_whom_to_call(stage: Stage) -> None:
    made = add_offer(stage.montlucon.desk, typed(), "anne")
    stage.sync()
    there = one_offer(stage.drancy.desk, made.key)
    assert (there.title, there.hours, there.posts) == (made.title, 2100, 1)
    assert there.contact == OfferContact() and made.contact == ROUX
    assert made.history == (OfferStep(at=NOW, by="anne", what=OfferEvent.PUBLISHED),) and there.history == ()


def test_an_offer_for_the_town_alone_stays_there_until_it_is_opened(stage: Stage) -> None:
    desk, size = stage.montlucon.desk, stage.montlucon.size()
    made = add_offer(desk, typed(network=False), "anne")
    assert stage.montlucon.size() == size
    shown = edit_offer(desk, made.id, network=True, actor="anne")
    assert stage.montlucon.size() == size + 1 and shown.entry
    with pytest.raises(Refused) as caught:
        edit_offer(desk, made.id, network=False)
    assert caught.value.problem == "offer_public"


def test_an_offer_goes_to_the_network_when_its_day_has_come(stage: Stage) -> None:
    desk = stage.montlucon.desk
    day = TODAY + timedelta(days=7)
    made = add_offer(desk, typed(network=False, network_on=day), "anne")
    closed = add_offer(desk, typed(network=False, network_on=day, title="Caissier / Caissière (H/F)"), "anne")
    close_offer(desk, closed.id, "filled")
    stage.wait(days=6)
    assert open_to_network(desk) == 0
    stage.wait(days=1)
    assert (open_to_network(desk), open_to_network(desk)) == (1, 0)
    stage.sync()
    assert one_offer(stage.drancy.desk, made.key).title == made.title
    kept = one_offer(desk, made.key)
    assert kept.network and kept.network_on is None
    assert [step.what for step in kept.history] == [OfferEvent.PUBLISHED, OfferEvent.SHARED]


def test_the_day_for_the_network_is_taken_back_and_lies_before_the_last(town: Place) -> None:
    made = add_offer(town.desk, typed(network=False, network_on=TODAY + timedelta(days=7)), "anne")
    assert edit_offer(town.desk, made.id, network_on=None).network_on is None
    with pytest.raises(BadFields):
        edit_offer(town.desk, made.id, network_on=made.closes + timedelta(days=1))
    with_both = edit_offer(town.desk, made.id, network=True, network_on=TODAY + timedelta(days=7))
    assert with_both.network and with_both.network_on is None


def test_whom_to_call_is_changed_without_a_word_to_other_towns(town: Place) -> None:
    made = add_offer(town.desk, typed(), "anne")
    size = town.size()
    kept = edit_offer(town.desk, made.id, contact=replace(ROUX, name="M. Roux"), actor="luc")
    assert town.size() == size and kept.revision == made.revision and kept.contact.name == "M. Roux"
    assert [step.by for step in kept.history] == ["anne", "luc"]


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("title", {"title": " "}),
        ("employer", {"employer": ""}),
        ("rome", {"rome": ""}),
        ("rome", {"rome": "Z9999"}),
        ("sites", {"sites": ()}),
        ("sites", {"sites": (samples.site("99999"),)}),
        ("sites", {"sites": (samples.site(posts=10_000),)}),
        ("skills", {"skills": tuple((f"{number:06}", Need.WISHED) for number in range(500))}),
        ("closes", {"closes": TODAY - timedelta(days=1)}),
        ("closes", {"closes": TODAY + timedelta(days=800)}),
        ("salary", {"salary": "-1 500 € par mois"}),
        ("hours", {"hours": 61 * 60}),
        ("months", {"months": 601}),
        ("answer_days", {"answer_days": 6}),
        ("answer_days", {"answer_days": 61}),
        ("most_open", {"most_open": -1}),
        ("most_open", {"most_open": 100_001}),
        ("contract", {"contract": "XXX"}),
        ("languages", {"languages": (("bal", "B1"),)}),
        ("contact_email", {"contact": OfferContact(email="roux")}),
        ("contact_phone", {"contact": OfferContact(phone="12")}),
        ("description", {"description": "Nous cherchons un homme."}),
        ("title", {"title": "Jeune vendeur"}),
        ("description", {"description": "x" * 4001}),
    ],
)
def test_what_cannot_be_kept_is_said_by_field_and_writes_nothing(
    town: Place, field: str, change: dict[str, Any]
) -> None:
    before = town.snapshot()
    with pytest.raises(BadFields) as caught:
        add_offer(town.desk, typed(**change), "anne")
    assert field in {problem.field for problem in caught.value.problems}
    assert town.snapshot() == before


def test_a_commune_that_is_a_part_of_another_is_named_with_it(town: Place) -> None:
    former = next(iter(town.desk.referential().communes._former.by_code))
    with pytest.raises(BadFields, match="fait aujourd'hui partie de"):
        add_offer(town.desk, typed(sites=(samples.site(former),)), "anne")


def test_a_range_of_pay_is_no_negative_salary(town: Place) -> None:
    for salary in ("1 900 - 2 100 € par mois", "12 €-14 € de l'heure", "SMIC"):
        assert add_offer(town.desk, typed(salary=salary), "anne").salary == salary


def test_other_towns_hear_how_long_an_answer_takes_and_how_many_people_are_wanted(stage: Stage) -> None:
    made = add_offer(stage.montlucon.desk, typed(answer_days=7, most_open=10), "anne")
    edit_offer(stage.montlucon.desk, made.id, most_open=12)
    stage.sync()
    there = one_offer(stage.drancy.desk, made.key)
    assert (there.answer_days, there.cap, there.revision) == (7, 12, 2)


def test_what_was_pasted_from_a_document_stays_readable(town: Place) -> None:
    made = add_offer(
        town.desk, typed(title="Vendeur\u00ad /\tVendeuse (H/F)", description="•\tAccueil\r\n\uf0b7 Caisse"), "anne"
    )
    assert made.title == "Vendeur / Vendeuse (H/F)" and made.description == "- Accueil\n- Caisse"


def test_an_older_offer_is_corrected_without_mending_all_of_it(town: Place) -> None:
    (old,) = town.post(campaign(sites=(OfferSite(id="s1", commune=MONTLUCON, label="", posts=5000),)))
    assert edit_offer(town.desk, old.id, salary="13 €").salary == "13 €"
    with pytest.raises(BadFields):
        edit_offer(town.desk, old.id, sites=(OfferSite(id="s1", commune=MONTLUCON, label="", posts=6000),))


def test_of_two_colleagues_the_second_is_told_of_the_first(town: Place) -> None:
    made = add_offer(town.desk, typed(), "anne")
    edit_offer(town.desk, made.id, revision=made.revision, salary="13 €")
    with pytest.raises(Refused) as caught:
        edit_offer(town.desk, made.id, revision=made.revision, salary="14 €")
    assert caught.value.problem == "offer_changed"


def test_a_reference_names_one_offer(town: Place) -> None:
    add_offer(town.desk, typed(reference="V-1"), "anne")
    with pytest.raises(BadFields, match="déjà cette référence"):
        add_offer(town.desk, typed(reference="V-1"), "anne")


def test_an_offer_that_differs_by_a_comma_is_like_the_first(town: Place) -> None:
    made = add_offer(town.desk, typed(), "anne")
    again = typed(description="Accueillir, vendre encaisser, du mardi au samedi, de 7 h à 14 h")
    assert like_offer(town.desk, again) == made
    assert like_offer(town.desk, again | {"employer": "Boulangerie Grand"}) is None
    close_offer(town.desk, made.id, "filled")
    assert like_offer(town.desk, again) is None


def test_closing_says_why_and_who(town: Place) -> None:
    made = add_offer(town.desk, typed(), "anne")
    closed = close_offer(town.desk, made.id, "cancelled", "luc")
    assert (closed.history[-1].what, closed.history[-1].by) == (OfferEvent.CANCELLED, "luc")


def test_a_long_history_keeps_its_beginning_and_its_end() -> None:
    offer = samples.offer()
    for number in range(MOST_STEPS + 20):
        offer = offer.after(OfferStep(at=NOW, by=str(number), what=OfferEvent.CHANGED))
    assert len(offer.history) == MOST_STEPS
    assert (offer.history[0].by, offer.history[-1].by) == ("0", str(MOST_STEPS + 19))


def test_a_page_of_offers_is_cut_from_all_that_fit_newest_first(stage: Stage) -> None:
    town = stage.montlucon
    theirs = stage.drancy.post(samples.offer(9, published=None))[0]
    stage.sync()
    mine: list[Offer] = []
    for number in range(3):
        stage.wait(hours=1)
        mine.append(add_offer(town.desk, typed(title=f"Poste {number} (H/F)"), "anne"))
    first = offers_page(town.desk, OfferFilter(), 1, 2)
    assert first.count == 4 and [one.id for one in first.rows] == [mine[2].id, mine[1].id]
    last = offers_page(town.desk, OfferFilter(), 2, 2)
    assert [one.key for one in last.rows] == [mine[0].key, theirs.key]
    assert offers_page(town.desk, OfferFilter(area=Area.OWN)).count == 3
    close_offer(town.desk, mine[0].id, "filled")
    assert offers_page(town.desk, OfferFilter()).count == 3
    assert offers_page(town.desk, OfferFilter(closed=True), size=None).count == 4
    assert open_forwards(town.desk, mine) == {one.key: 0 for one in mine}
