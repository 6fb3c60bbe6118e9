"""« Offres pour moi » at Montluçon: what is shown to whom, what is said of it, and what a counsellor makes of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from node.kit.errors import BadInput, NotFound
from node.mission.forwards.forward import ForwardState
from node.mission.matching.choices import NotForMe, OfferChoice
from node.mission.matching.news import Novelty, SetAside
from node.mission.people.candidate import Candidate, CandidateState, Experience
from node.mission.team.today import Waiting
from node.services.matching import choosing, news
from node.services.matching.choosing import OwnOffer
from node.services.my_space.telephones import shares_telephone
from node.services.offers import publishing
from node.services.team import today
from tests.node.mission.samples import BAYONNE, DOMERAT, candidate, forward, network_consent, offer, site
from tests.node.stage import DRANCY, Place

ANNE, REMI = "anne", "remi"


def who(number: int = 1, **changes: Any) -> Candidate:
    return candidate(number, **{"consents": (network_consent(id=f"c{number}"),), "owner": ANNE} | changes)


def keys(lines: tuple[OwnOffer, ...]) -> list[str]:
    return [one.offer.key.partition("/")[2] for one in lines]


def key(town: Place, number: int = 1) -> str:
    return f"{town.desk.node_id}/o{number}"


def yes(town: Place, number: int = 1, person: str = "p1") -> OfferChoice:
    return choosing.choose(town.desk, person, key(town, number), wants=True)


def no(town: Place, number: int = 1, reason: NotForMe | None = None) -> OfferChoice:
    return choosing.choose(town.desk, "p1", key(town, number), wants=False, reason=reason)


def interested(town: Place, owner: str | None = ANNE) -> list[tuple[str, str]]:
    rows = choosing.interested(town.desk, owner, 9).rows
    return [(one.candidate, one.offer.partition("/")[2]) for one, _pair in rows]


def test_what_fits_is_shown_within_reach_first(town: Place) -> None:
    town.enrol(who(mobility_km=2))
    town.post(offer(1, sites=(site(DOMERAT),)), offer(2), offer(3, "G1602"), offer(4, sites=(site(BAYONNE),)))
    found = choosing.own_offers(town.desk, "p1")
    assert keys(found.new) == ["o2", "o1"] and [one.is_within for one in found.new] == [True, False]
    assert (found.wanted, found.unwanted) == ((), ())


def test_no_more_than_twenty_new_ones_at_once(town: Place) -> None:
    town.enrol(who())
    town.post(*(offer(number) for number in range(1, 26)))
    assert len(choosing.own_offers(town.desk, "p1").new) == choosing.SHOWN


@pytest.mark.parametrize("state", [CandidateState.PLACED, CandidateState.LIMITED])
def test_whoever_is_not_looking_is_shown_nothing(town: Place, state: CandidateState) -> None:
    town.enrol(who(state=state))
    town.post(offer(1))
    assert choosing.own_offers(town.desk, "p1").new == ()
    with pytest.raises(NotFound):
        yes(town)


def test_offers_of_other_towns_are_shown_to_whoever_agreed_alone(town: Place) -> None:
    town.enrol(who(1), who(2, consents=()))
    other = offer(1, node=DRANCY)
    with town.node.database.write() as uow:
        uow.offers.add(other)
    assert keys(choosing.own_offers(town.desk, "p1").new) == ["o1"]
    assert choosing.own_offers(town.desk, "p2").new == ()
    with pytest.raises(NotFound):
        choosing.choose(town.desk, "p2", other.key, wants=True)
    assert choosing.choices_of_person(town.desk, "p2") == {}


def test_a_choice_is_kept_once_and_can_be_changed(town: Place) -> None:
    town.enrol(who())
    town.post(offer(1), offer(2))
    first = yes(town)
    assert yes(town) == first, "the same said again"
    found = choosing.own_offers(town.desk, "p1")
    assert (keys(found.new), keys(found.wanted), keys(found.unwanted)) == (["o2"], ["o1"], [])
    after = no(town, reason=NotForMe.HOURS)
    assert (after.id, after.wants, after.why) == (first.id, False, NotForMe.HOURS.label)
    found = choosing.own_offers(town.desk, "p1")
    assert (keys(found.wanted), keys(found.unwanted)) == ([], ["o1"])
    assert yes(town).reason == ""
    with town.node.database.read() as uow:
        assert len(uow.offer_choices.of_candidate("p1")) == 1


def test_what_no_longer_fits_can_still_be_taken_back(town: Place) -> None:
    town.enrol(who())
    town.post(offer(1))
    yes(town)
    with town.node.database.write() as uow:
        uow.candidates.save(who(occupations=(Experience(rome="G1602", months=3),)))
    (own,) = choosing.own_offers(town.desk, "p1").wanted
    assert own.match is None
    assert not no(town).wants


@pytest.mark.parametrize("name", ["", "nothing", "nobody/o1", "montlucon.emploi.example/none"])
def test_what_is_no_offer_is_not_chosen(town: Place, name: str) -> None:
    town.enrol(who())
    with pytest.raises(NotFound):
        choosing.choose(town.desk, "p1", name, wants=True)


def test_an_offer_that_is_over_is_neither_shown_nor_chosen(town: Place) -> None:
    town.enrol(who())
    town.post(offer(1, reference="O1"))
    yes(town)
    publishing.close_offer(town.desk, "O1", "filled")
    assert choosing.own_offers(town.desk, "p1").wanted == ()
    with pytest.raises(NotFound):
        no(town)


def test_whoever_is_interested_waits_on_today_until_put_forward(town: Place) -> None:
    town.enrol(who(1), who(2, owner=REMI), who(3, owner=""))
    town.post(offer(1))
    for person in ("p1", "p2", "p3"):
        yes(town, person=person)
    assert sorted(interested(town)) == [("p1", "o1"), ("p3", "o1")] and len(interested(town, None)) == 3
    (group,) = (one for one in today.today(town.desk, REMI).groups if one.kind is Waiting.INTERESTED)
    assert {(item.candidate, item.id, item.detail) for item in group.items} == {
        ("p2", key(town), "Préparateur de commandes"),
        ("p3", key(town), "Préparateur de commandes"),
    }
    with town.node.database.write() as uow:
        uow.forwards.add(replace(forward(1, ForwardState.SENT), candidate="p1", offer=key(town)))
    assert interested(town) == [("p3", "o1")]
    (own,) = choosing.own_offers(town.desk, "p1").wanted
    assert own.is_forwarded


def test_a_yes_may_be_set_aside_with_a_reason_until_it_is_said_again(town: Place) -> None:
    town.enrol(who())
    town.post(offer(1))
    choice = yes(town)
    with pytest.raises(BadInput):
        choosing.set_interest_aside(town.desk, choice.id, SetAside.OTHER, " ", ANNE)
    with pytest.raises(NotFound):
        choosing.set_interest_aside(town.desk, "none", SetAside.NOT_NOW, "", ANNE)
    assert interested(town) == [("p1", "o1")], "nothing was written"
    aside = choosing.set_interest_aside(town.desk, choice.id, SetAside.NOT_NOW, "", ANNE)
    assert (aside.because, aside.why, aside.by) == (Novelty.INTERESTED, SetAside.NOT_NOW.label, ANNE)
    assert interested(town) == [] and news.set_aside_for(town.desk, "p1") == {key(town): aside}
    with town.node.database.write() as uow:
        uow.offer_choices.save(replace(choice, at=town.desk.now() + timedelta(hours=1)))
    assert interested(town) == [("p1", "o1")]
    again = choosing.set_interest_aside(town.desk, choice.id, SetAside.OTHER, "Permis à passer d'abord.", REMI)
    assert (again.id, again.by, again.why) == (aside.id, REMI, "Permis à passer d'abord.")


def test_what_the_person_said_is_no_news_to_the_counsellor(town: Place) -> None:
    news.look_for_news(town.desk)
    town.enrol(who())
    town.post(offer(1), offer(2))
    assert news.look_for_news(town.desk) == 2
    no(town, reason=NotForMe.TOO_FAR)
    assert [one.offer for one, _pair in news.news(town.desk, ANNE, 9).rows] == [key(town, 2)]
    yes(town, 2)
    assert news.news(town.desk, ANNE, 9).count == 0, "it waits among those who are interested"
    with town.node.database.write() as uow:
        uow.candidates.save(who(summary="Ponctuelle."))
    assert news.look_for_news(town.desk) == 0 and interested(town) == [("p1", "o2")]


def test_a_telephone_is_shared_when_somebody_else_has_it_too(town: Place) -> None:
    town.enrol(
        who(1, phone="+33470000001"), who(2, phone="+33470000002"), who(3, phone="+33470000002"), who(4, phone="")
    )
    with town.node.database.read() as uow:
        people = uow.candidates.many([f"p{number}" for number in range(1, 5)])
    assert {name for name, one in people.items() if shares_telephone(town.desk, one)} == {"p2", "p3"}
