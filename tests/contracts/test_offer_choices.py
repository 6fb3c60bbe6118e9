"""What people said of offers, and who waits to be put forward."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.mission.forwards.forward import ForwardState
from node.mission.matching.choices import NotForMe, OfferChoice
from node.mission.matching.news import MatchSeen, Novelty, SetAside
from node.storage import Missing, SqlDatabase
from tests.contracts.databases import NOW
from tests.contracts.test_candidates import AMINA, BRUNO, TODAY
from tests.node.mission import samples

HOUR = timedelta(hours=1)
YES = OfferChoice(
    id="c1",
    candidate=AMINA.id,
    offer="bayonne.emploi.example/o1",
    closes=TODAY + timedelta(days=3),
    wants=True,
    at=NOW,
)
LATER = replace(YES, id="c2", offer="bayonne.emploi.example/o2", at=NOW + HOUR)
BRUNOS = replace(YES, id="c3", candidate=BRUNO.id)


@pytest.fixture
def town(database: SqlDatabase) -> SqlDatabase:
    with database.write() as uow:
        uow.candidates.add(AMINA)
        uow.candidates.add(replace(BRUNO, owner=""))
        for one in (YES, LATER, BRUNOS):
            uow.offer_choices.add(one)
    return database


def waiting(town: SqlDatabase, owner: str | None = None) -> list[str]:
    with town.read() as uow:
        return [one.id for one in uow.offer_choices.waiting(owner, TODAY, 9).rows]


def test_values_come_back_whole_newest_first(town: SqlDatabase) -> None:
    no = YES.said(NOW + timedelta(minutes=1), False, NotForMe.TOO_FAR.value)
    with town.write() as uow:
        uow.offer_choices.save(no)
    with town.read() as uow:
        assert uow.offer_choices.of_candidate(AMINA.id) == [LATER, no]
        assert uow.offer_choices.of_offer(YES.offer) == [no, BRUNOS]
        assert (uow.offer_choices.get("c1"), uow.offer_choices.get("none")) == (no, None)
    with pytest.raises(Missing), town.write() as uow:
        uow.offer_choices.save(replace(YES, id="none"))


def test_who_waits_is_somebodys_or_nobodys_said_yes_and_the_offer_is_not_over(town: SqlDatabase) -> None:
    with town.read() as uow:
        everybodys = uow.offer_choices.waiting(None, TODAY, 2)
        assert (everybodys.count, everybodys.rows) == (3, (LATER, YES))
        assert uow.offer_choices.waiting(AMINA.owner, YES.closes, 9).count == 3
        assert uow.offer_choices.waiting("somebody", TODAY, 9).rows == (BRUNOS,)
        assert uow.offer_choices.waiting(None, YES.closes + timedelta(days=1), 9).count == 0
    with town.write() as uow:
        uow.offer_choices.save(LATER.said(NOW + HOUR, False))
    assert waiting(town) == ["c1", "c3"]


def test_what_was_said_last_counts_where_two_entries_became_one(town: SqlDatabase) -> None:
    with town.write() as uow:
        uow.offer_choices.add(replace(YES, id="c4", wants=False, at=NOW + HOUR))
    assert waiting(town) == ["c2", "c3"]


@pytest.mark.parametrize("state", ForwardState)
def test_whoever_was_put_forward_waits_no_more_and_a_draft_or_what_ended_alone_changes_nothing(
    town: SqlDatabase, state: ForwardState
) -> None:
    with town.write() as uow:
        uow.forwards.add(replace(samples.forward(1, state), candidate=AMINA.id, offer=YES.offer))
    still = state in (ForwardState.DRAFT, ForwardState.WITHDRAWN, ForwardState.EXPIRED)
    assert waiting(town) == (["c2", "c1", "c3"] if still else ["c2", "c3"])


def test_what_was_set_aside_waits_no_more_until_the_person_says_so_again(town: SqlDatabase) -> None:
    seen = MatchSeen(
        id="m1", candidate=AMINA.id, offer=YES.offer, because=Novelty.INTERESTED, found=NOW, closes=YES.closes
    )
    with town.write() as uow:
        uow.match_news.add(seen.looked_at(NOW + HOUR, "anne"))
    assert waiting(town) == ["c2", "c1", "c3"], "seen is not set aside"
    with town.write() as uow:
        uow.match_news.save(seen.looked_at(NOW + HOUR, "anne", SetAside.NOT_NOW.value))
    assert waiting(town) == ["c2", "c3"]
    with town.write() as uow:
        uow.offer_choices.save(replace(YES, at=NOW + 2 * HOUR))
    assert waiting(town) == ["c1", "c2", "c3"]
