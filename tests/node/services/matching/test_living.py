"""What is kept in memory says what the database would, whoever wrote and however much; else it says nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from node.mission.matching import living
from node.mission.offers.filter import Area, OfferFilter
from node.mission.offers.offer import Offer, OfferState
from node.services.at_hand import tend
from node.services.matching.asking import asking
from node.services.offers.publishing import close_offer
from node.services.offers.searching import offers_page, search_offers
from tests.node.mission.crowds import Crowd
from tests.node.mission.samples import BAYONNE, DOMERAT, MONTLUCON, TODAY, candidate, offer, site
from tests.node.stage import Place, Stage, campaign


def both(town: Place, top: int = 5) -> Iterator[tuple[object, object]]:
    """What is kept, and what the database says alone, of everybody and each offer."""
    desk = town.desk
    with asking(desk) as ask:
        assert ask.held is not None
        alone = replace(ask, held=None)
        for person in ask.uow.candidates.all():
            yield ask.offers_for(person, top), alone.offers_for(person, top)
        for one in ask.uow.offers.open(desk.today()):
            kept, said = ask.people_for(one), alone.people_for(one)
            yield {fit.explained() for fit in kept.fits}, {fit.explained() for fit in said.fits}
            assert {(who.id, why) for who, why in kept.out} == {(who.id, why) for who, why in said.out}


def test_before_it_is_loaded_the_database_is_asked(town: Place) -> None:
    town.enrol(candidate(1))
    (published,) = town.post(offer(1))
    with asking(town.desk) as ask:
        assert ask.held is None
        assert [one.offer_key for one in ask.offers_for(candidate(1), 5)] == [published.key]
    tend(town.desk)
    assert all(kept == said for kept, said in both(town))


def test_whatever_happens_is_followed(stage: Stage) -> None:
    town = stage.montlucon
    tend(town.desk)
    town.enrol(candidate(1), candidate(2))
    (here, there) = town.post(offer(1, reference="A"), offer(2, reference="B"))
    assert all(kept == said and kept for kept, said in both(town))
    stage.moulins.post(campaign())
    stage.sync()
    assert all(kept == said for kept, said in both(town))
    close_offer(town.desk, here.id, "filled")
    with town.node.database.write() as uow:
        uow.candidates.save(candidate(2, commune=DOMERAT))
        uow.candidates.remove("p1")
    found = [*both(town)]
    assert all(kept == said for kept, said in found)
    with asking(town.desk) as ask:
        keys = {one.offer_key for one in ask.offers_for(candidate(2, commune=DOMERAT), 5)}
        assert here.key not in keys and there.key in keys
        assert {fit.candidate.id for fit in ask.people_for(there).fits} == {"p2"}


def test_more_than_a_question_catches_up_with_is_left_to_the_background(
    town: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(living, "FOLLOWED_AT_ONCE", 3)
    monkeypatch.setattr(living, "_PART", 2)
    tend(town.desk)
    town.enrol(candidate(1))
    town.post(*(offer(number, reference=str(number)) for number in range(5)))
    with asking(town.desk) as ask:
        assert ask.held is None
        assert len(ask.offers_for(candidate(1), 9)) == 5
    tend(town.desk)
    assert all(kept == said and kept for kept, said in both(town, 9))


def test_who_is_too_far_behind_begins_anew(town: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    tend(town.desk)
    monkeypatch.setattr(living, "KEPT", 2)
    town.enrol(candidate(1))
    town.post(*(offer(number, reference=str(number)) for number in range(4)))
    with asking(town.desk) as ask:
        assert ask.held is None
    tend(town.desk)
    assert all(kept == said and kept for kept, said in both(town))
    town.post(*(offer(number, reference=str(number)) for number in range(4, 9)))
    tend(town.desk)
    assert not town.desk.living.is_loaded
    tend(town.desk)
    assert all(kept == said and kept for kept, said in both(town))


def test_days_pass_and_the_clock_is_set_back(stage: Stage) -> None:
    town = stage.montlucon
    town.enrol(candidate(1))
    town.post(offer(1, closes=TODAY), offer(2, closes=TODAY + timedelta(days=30)))
    tend(town.desk)
    stage.clock.moment += timedelta(days=1)
    assert all(kept == said for kept, said in both(town))
    tend(town.desk)
    assert all(kept == said for kept, said in both(town))
    stage.clock.moment -= timedelta(days=1)
    with asking(town.desk) as ask:
        assert ask.held is None, "an offer that it let go of is open again"
    tend(town.desk)
    assert all(kept == said for kept, said in both(town))


def test_a_crowd_changes_round_after_round(town: Place) -> None:
    crowd = Crowd(town.desk.referential(), 7, occupations=6, communes=60)
    around = town.desk.referential().communes.get(MONTLUCON)
    assert around is not None
    town.enrol(*crowd.candidates(15, around))
    for _round in range(4):
        new = [replace(one, id=f"o{crowd.random.randrange(40)}", node=town.id) for one in crowd.offers(20)]
        put(town, new)
        tend(town.desk) if _round == 1 else None
        if town.desk.living.is_loaded:
            assert all(kept == said for kept, said in both(town))


def put(town: Place, offers: list[Offer]) -> None:
    with town.node.database.write() as uow:
        for one in {one.key: one for one in offers}.values():
            if uow.offers.get(one.node, one.id) is None:
                uow.offers.add(one)
            else:
                uow.offers.save(one)


def test_an_offer_that_closed_is_known_no_more(town: Place) -> None:
    tend(town.desk)
    put(town, [replace(offer(1), node=town.id)])
    town.enrol(candidate(1))
    with asking(town.desk) as ask:
        assert ask.offers_for(candidate(1), 5)
    put(town, [replace(offer(1, state=OfferState.CLOSED), node=town.id)])
    with asking(town.desk) as ask:
        assert ask.held is not None and not ask.offers_for(candidate(1), 5)


def test_lists_of_offers_are_the_same_from_memory_and_from_the_database(stage: Stage) -> None:
    town = stage.montlucon
    stage.moulins.post(campaign())
    stage.sync()
    mine = town.post(
        offer(1, reference="CDI-1", title="Boulanger·ère", description="Pain, brioches et pâte à choux."),
        offer(2, reference="CDI-2", published=None),
        offer(3, reference="CDI-3", sites=(site(BAYONNE),)),
    )
    close_offer(town.desk, mine[1].id, "filled")
    asked = [
        {},
        {"own": True},
        {"text": "PATE brioche"},
        {"text": "cdi-3"},
        {"text": "rien de tel"},
        {"commune": BAYONNE},
        {"rome": "N11", "limit": 2},
        {"own": True, "text": "préparateur", "commune": MONTLUCON},
    ]
    filters = [
        OfferFilter(),
        OfferFilter(closed=True),
        OfferFilter(area=Area.NEAR, km=20),
        OfferFilter(text="choux", contract="CDI"),
        OfferFilter(area=Area.OWN, closed=True, closing=60),
    ]

    def answers() -> list[object]:
        searched: list[object] = [search_offers(town.desk, **one) for one in asked]  # type: ignore[arg-type]
        return searched + [offers_page(town.desk, one, page, 2) for one in filters for page in (1, 2)]

    from_database = answers()
    tend(town.desk)
    assert town.desk.living.is_loaded
    assert answers() == from_database
    assert [one.id for one in search_offers(town.desk, text="PATE brioche")] == [mine[0].id]
