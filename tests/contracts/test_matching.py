"""Who newly fits what, and who looked at it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.mission.matching.news import MatchSeen, Novelty, SetAside
from node.storage import Missing, SqlDatabase
from tests.contracts.databases import NOW
from tests.contracts.test_candidates import AMINA, BRUNO, TODAY

NEWS = MatchSeen(
    id="m1",
    candidate=AMINA.id,
    offer="bayonne.emploi.example/o1",
    because=Novelty.NEW_OFFER,
    found=NOW,
    closes=TODAY + timedelta(days=3),
)
LATER = replace(
    NEWS, id="m2", offer="bayonne.emploi.example/o2", found=NOW + timedelta(hours=1), because=Novelty.CV_READY
)
BRUNOS = replace(NEWS, id="m3", candidate=BRUNO.id)


@pytest.fixture
def town(database: SqlDatabase) -> SqlDatabase:
    with database.write() as uow:
        uow.candidates.add(AMINA)
        uow.candidates.add(replace(BRUNO, owner=""))
        for one in (NEWS, LATER, BRUNOS):
            uow.match_news.add(one)
    return database


def test_values_come_back_whole_newest_first(town: SqlDatabase) -> None:
    aside = NEWS.looked_at(NOW + timedelta(minutes=1), "anne", SetAside.OTHER.value, "Horaires de « nuit ».")
    with town.write() as uow:
        uow.match_news.save(aside)
    with town.read() as uow:
        assert uow.match_news.of_candidate(AMINA.id) == [LATER, aside]
        assert uow.match_news.of_offer(NEWS.offer) == [aside, BRUNOS]
        assert (uow.match_news.get("m1"), uow.match_news.get("none")) == (aside, None)
    with pytest.raises(Missing), town.write() as uow:
        uow.match_news.save(replace(NEWS, id="none"))


def test_what_waits_is_somebodys_or_nobodys_and_not_over(town: SqlDatabase) -> None:
    with town.read() as uow:
        everybodys = uow.match_news.waiting(None, TODAY, 2)
        assert (everybodys.count, everybodys.rows) == (3, (LATER, NEWS))
        assert uow.match_news.waiting(AMINA.owner, NEWS.closes, 9).count == 3
        assert uow.match_news.waiting("somebody", TODAY, 9).rows == (BRUNOS,)
        assert uow.match_news.waiting(None, NEWS.closes + timedelta(days=1), 9).count == 0
        assert uow.match_news.count_waiting(NEWS.closes) == {AMINA.id: 2, BRUNO.id: 1}
        assert uow.match_news.count_waiting(NEWS.closes + timedelta(days=1)) == {}
    with town.write() as uow:
        uow.match_news.save(LATER.looked_at(NOW, "anne"))
    with town.read() as uow:
        assert uow.match_news.waiting(None, TODAY, 9).rows == (NEWS, BRUNOS)
        assert uow.match_news.count_waiting(TODAY) == {AMINA.id: 1, BRUNO.id: 1}


def test_only_what_nobody_looked_at_is_dropped(town: SqlDatabase) -> None:
    seen = LATER.looked_at(NOW, "anne")
    with town.write() as uow:
        uow.match_news.save(seen)
        assert uow.match_news.drop_new(candidate=AMINA.id, offer="bayonne.emploi.example/other") == 0
        assert uow.match_news.drop_new(candidate=AMINA.id) == 1
        assert uow.match_news.drop_new(offer=NEWS.offer) == 1
    with town.read() as uow:
        assert uow.match_news.of_candidate(AMINA.id) == [seen]
    with pytest.raises(ValueError, match="neither"), town.write() as uow:
        uow.match_news.drop_new()


def test_how_far_events_were_followed(town: SqlDatabase) -> None:
    with town.write() as uow:
        assert uow.match_news.followed() is None
        uow.match_news.follow(7)
        uow.match_news.follow(9)
    with town.read() as uow:
        assert uow.match_news.followed() == 9
