"""« Nouvelles correspondances » at Montluçon: what changed is followed, once; what somebody said of it holds."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from node.kit.errors import BadInput, NotFound
from node.mission.matching.news import MatchSeen, Novelty, SetAside
from node.mission.offers.offer import Need
from node.mission.people.candidate import Candidate, Experience
from node.mission.team.today import Waiting
from node.services.forwards import sending
from node.services.matching import news
from node.services.offers import publishing
from node.services.team import today
from tests.node.mission.samples import BAYONNE, DOMERAT, candidate, network_consent, offer, readiness, site
from tests.node.stage import Place

ANNE, REMI = "anne", "remi"


def who(number: int, **changes: Any) -> Candidate:
    return candidate(number, **{"consents": (network_consent(id=f"c{number}"),), "owner": ANNE} | changes)


def kept(town: Place) -> set[tuple[str, str, Novelty]]:
    """Person, offer and why, of what waits."""
    with town.node.database.read() as uow:
        rows = uow.match_news.waiting(None, town.desk.today(), 100).rows
    return {(one.candidate, one.offer.partition("/")[2], one.because) for one in rows}


def waiting(town: Place, owner: str | None = ANNE) -> list[MatchSeen]:
    return [one for one, _pair in news.news(town.desk, owner, 100).rows]


@pytest.fixture
def following(town: Place) -> Place:
    """A town that has begun to follow."""
    assert news.look_for_news(town.desk) == 0
    return town


def test_what_was_there_before_the_first_look_is_no_news(town: Place) -> None:
    town.enrol(who(1))
    town.post(offer(1))
    assert [news.look_for_news(town.desk) for _time in range(2)] == [0, 0]
    town.post(offer(2))
    assert news.look_for_news(town.desk) == 1
    assert kept(town) == {("p1", "o2", Novelty.NEW_OFFER)}
    assert news.look_for_news(town.desk) == 0, "and nothing is told twice"


def test_a_new_offer_is_news_for_whoever_fits_and_is_ready(following: Place) -> None:
    town = following
    skills = (("121396", Need.REQUIRED), ("300424", Need.REQUIRED))
    town.enrol(
        who(1, skills=frozenset({"121396"})),
        who(2, readiness=None),
        who(3, commune=BAYONNE),
        who(4, commune=DOMERAT, mobility_km=2),
        who(5, occupations=(Experience(rome="N1199", months=9),)),
        who(6, contracts=frozenset({"MIS"})),
        who(7, occupations=(Experience(rome="G1602", months=9),)),
    )
    news.look_for_news(town.desk)
    town.post(offer(1, skills=skills))
    assert news.look_for_news(town.desk) == 1
    assert kept(town) == {("p1", "o1", Novelty.NEW_OFFER)}, "within reach, as sought, one thing missing at most"


def test_a_cv_that_is_signed_brings_the_offers_that_are_there(following: Place) -> None:
    town = following
    town.post(offer(1), offer(2, "G1602"))
    town.enrol(who(1, readiness=None))
    assert news.look_for_news(town.desk) == 0
    save(town, who(1, readiness=readiness(town.desk.today())))
    assert news.look_for_news(town.desk) == 1
    assert kept(town) == {("p1", "o1", Novelty.CV_READY)}
    earlier = readiness(town.desk.today() - timedelta(days=3))
    save(town, who(1, readiness=earlier, occupations=(Experience(rome="G1602", months=3),)))
    assert news.look_for_news(town.desk) == 1
    assert kept(town) == {("p1", "o1", Novelty.CV_READY), ("p1", "o2", Novelty.FILE_CHANGED)}


def save(town: Place, person: Candidate) -> None:
    with town.node.database.write() as uow:
        uow.candidates.save(person)


def test_what_is_over_is_no_news(following: Place) -> None:
    """An offer that closes, a person who rests, an application that is under way."""
    town = following
    town.enrol(who(1), who(2), who(3))
    one, two = town.post(offer(1, reference="O1"), offer(2, employer="Autre enseigne"))
    assert news.look_for_news(town.desk) == 6
    publishing.close_offer(town.desk, "O1", "filled")
    save(town, who(2, readiness=None))
    demand = sending.Demand(candidate="p3", offer=two.key, why="Ponctuelle.", agreed="oui")
    sending.create(town.desk, demand)
    assert news.look_for_news(town.desk) == 0
    assert kept(town) == {("p1", "o2", Novelty.NEW_OFFER)}
    with town.node.database.write() as uow:
        uow.offers.save(replace(two, closes=town.desk.today() - timedelta(days=1)))
    assert kept(town) == {("p1", "o2", Novelty.NEW_OFFER)}, "the day that was known"
    news.look_for_news(town.desk)
    assert kept(town) == set()
    assert one.key != two.key


def test_an_offer_whose_last_day_has_passed_is_shown_no_more(following: Place) -> None:
    town = following
    town.enrol(who(1))
    (posted,) = town.post(offer(1))
    news.look_for_news(town.desk)
    with town.node.database.read() as uow:
        assert uow.match_news.waiting(None, posted.closes, 9).count == 1
        assert uow.match_news.waiting(None, posted.closes + timedelta(days=1), 9).count == 0


def test_what_was_seen_or_set_aside_never_comes_back(following: Place) -> None:
    town = following
    town.enrol(who(1))
    first, second = town.post(offer(1), offer(2))
    news.look_for_news(town.desk)
    rows = {one.offer: one for one in waiting(town)}
    seen = news.mark_seen(town.desk, rows[first.key].id, ANNE)
    assert (seen.by, seen.at, seen.reason) == (ANNE, town.desk.now(), "")
    aside = news.set_aside(town.desk, rows[second.key].id, SetAside.NOT_INTERESTED, "", ANNE)
    assert (aside.by, aside.why) == (ANNE, SetAside.NOT_INTERESTED.label)
    assert waiting(town) == []
    with town.node.database.write() as uow:
        publishing.publish_offers(uow, town.desk, [replace(first, title="Cariste"), second], town.desk.now())
    assert news.look_for_news(town.desk) == 0 and waiting(town) == []
    assert set(news.set_aside_for(town.desk, "p1")) == {second.key}


def test_whoever_said_it_first_said_it(following: Place) -> None:
    town = following
    town.enrol(who(1))
    town.post(offer(1))
    news.look_for_news(town.desk)
    (one,) = waiting(town)
    with pytest.raises(BadInput):
        news.set_aside(town.desk, one.id, SetAside.OTHER, "  ", ANNE)
    assert waiting(town) == [one], "nothing was written"
    news.mark_seen(town.desk, one.id, ANNE)
    assert news.mark_seen(town.desk, one.id, REMI).by == ANNE
    assert news.set_aside(town.desk, one.id, SetAside.OTHER, "Horaires de nuit.", REMI).why == "Horaires de nuit."
    again = news.set_aside(town.desk, one.id, SetAside.TOO_FAR, "", ANNE)
    assert (again.by, again.why) == (REMI, "Horaires de nuit.")
    with pytest.raises(NotFound):
        news.mark_seen(town.desk, "none", ANNE)


def test_each_counsellor_has_their_own_and_nobodys_people(following: Place) -> None:
    town = following
    town.enrol(who(1), who(2, owner=REMI), who(3, owner=""))
    town.post(offer(1))
    news.look_for_news(town.desk)
    assert {one.candidate for one in waiting(town, ANNE)} == {"p1", "p3"}
    assert {one.candidate for one in waiting(town, None)} == {"p1", "p2", "p3"}
    (group,) = (one for one in today.today(town.desk, REMI).groups if one.kind is Waiting.MATCH)
    assert {item.candidate for item in group.items} == {"p2", "p3"}
    assert group.items[0].detail == f"{Novelty.NEW_OFFER.label} · Préparateur de commandes"


def test_only_so_much_is_looked_at_in_one_call_and_nothing_is_missed(
    following: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = following
    monkeypatch.setattr(news, "PEOPLE_A_CALL", 2)
    monkeypatch.setattr(news, "CHANGES_A_CALL", 4)
    town.post(offer(1))
    town.enrol(*(who(number) for number in range(1, 8)))
    assert sum(news.look_for_news(town.desk) for _time in range(8)) == 7
    with town.node.database.read() as uow:
        assert uow.match_news.followed() == uow.events.last()


def test_what_dies_in_between_is_found_again_and_told_once(following: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    town, add, calls = following, news._add, list[str]()

    def dying(*given: Any) -> int:
        calls.append(given[2])
        if len(calls) == 4:
            raise KeyboardInterrupt
        return add(*given)

    monkeypatch.setattr(news, "PEOPLE_A_WRITE", 2)
    monkeypatch.setattr(news, "_add", dying)
    town.enrol(*(who(number) for number in range(1, 6)))
    news.look_for_news(town.desk)
    town.post(offer(1))
    with pytest.raises(KeyboardInterrupt):
        news.look_for_news(town.desk)
    assert len(kept(town)) == 2, "each part is kept whole, or not at all"
    assert news.look_for_news(town.desk) == 3
    assert len(kept(town)) == 5
    assert news.look_for_news(town.desk) == 0


def test_one_person_is_not_flooded(following: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    town = following
    monkeypatch.setattr(news, "NEW_A_PERSON", 3)
    town.enrol(who(1))
    town.post(*(offer(number, sites=(site(),)) for number in range(1, 9)))
    assert news.look_for_news(town.desk) == 3
    for one in waiting(town):
        news.mark_seen(town.desk, one.id, ANNE)
    town.post(offer(9))
    assert news.look_for_news(town.desk) == 1
