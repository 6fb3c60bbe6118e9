"""An offer's people at Montluçon, and one person beside one offer."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.kit.errors import NotFound
from node.mission.forwards.forward import ForwardState, Move, Side
from node.mission.matching.exclusion import Exclusion
from node.mission.matching.seeker import Seeker, codes_related_to
from node.mission.people.candidate import CandidateState, Experience
from node.mission.people.quality import LackCode
from node.referential import load
from node.services.forwards import sending
from node.services.matching import people as matching_people
from node.services.matching.one import one_pair
from node.services.matching.people import people_of_offer
from node.services.offers import publishing
from tests.node.mission.samples import BAYONNE, DOMERAT, candidate, network_consent, offer, site
from tests.node.stage import Place, Stage, campaign, put_forward

REFERENTIAL = load()


def who(number: int, *romes: str, **changes: Any) -> Any:
    return candidate(number, *romes, **{"consents": (network_consent(id=f"c{number}"),)} | changes)


def test_everybody_has_one_place_and_those_who_are_out_their_true_reason(stage: Stage) -> None:
    town = stage.montlucon
    town.enrol(
        who(1),
        who(2, commune=DOMERAT, mobility_km=2),
        who(3, readiness=None, skills=frozenset()),
        who(4, consents=()),
        who(5, state=CandidateState.PLACED),
        who(6, commune=BAYONNE),
        who(7, "G1602"),
        who(8, "N1199"),
    )
    (published,) = stage.moulins.post(campaign(sites=(site(),)))
    stage.sync()
    found = people_of_offer(town.desk, published.key)
    assert [one.candidate.id for one in found.within] == ["p1", "p8"]
    assert [one.candidate.id for one in found.beyond] == ["p2"]
    (waiting,) = found.preparing
    assert waiting.found.candidate.id == "p3"
    assert LackCode.FEW_SKILLS in [gap.code for gap in waiting.gaps] and all(gap.blocking for gap in waiting.gaps)
    assert {one.candidate.id: one.why for one in found.excluded} == {
        "p4": Exclusion.NO_AGREEMENT,
        "p5": Exclusion.NOT_LOOKING,
        "p6": Exclusion.TOO_FAR,
    }
    assert found.counts == {Exclusion.NOT_LOOKING: 1, Exclusion.NO_AGREEMENT: 1, Exclusion.TOO_FAR: 1}
    assert found.others == 1


def test_the_own_towns_offer_needs_no_agreement_to_be_shown(town: Place) -> None:
    town.enrol(who(1, consents=()))
    town.post(offer(1, reference="O1"))
    assert [one.candidate.id for one in people_of_offer(town.desk, "O1").within] == ["p1"]


def test_all_who_are_out_are_counted_and_the_first_shown(town: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching_people, "EXCLUDED_SHOWN", 2)
    town.enrol(*(who(number, commune=BAYONNE) for number in range(1, 6)))
    town.post(offer(1, reference="O1"))
    found = people_of_offer(town.desk, "O1")
    assert found.counts == {Exclusion.TOO_FAR: 5}
    assert [one.candidate.id for one in found.excluded] == ["p1", "p2"]


def test_at_equal_fit_the_less_served_come_first_and_what_stands_is_told(town: Place) -> None:
    one, other = town.post(offer(1, reference="O1"), offer(2, reference="O2", employer="Autre enseigne"))
    town.enrol(who(1), who(2), who(3))
    put_forward(town, "p1", other.key, site="s1")
    stands = put_forward(town, "p3", one.key, site="s1")
    found = people_of_offer(town.desk, one.key)
    assert [(each.candidate.id, each.served) for each in found.within] == [("p2", 0), ("p1", 1), ("p3", 1)]
    assert {name: forward.id for name, forward in found.forwards.items()} == {"p3": stands.id}
    withdrawn = Move(event=ForwardState.WITHDRAWN, at=town.desk.now(), by=Side.HOME, reason="in_training")
    with town.node.database.write() as uow:
        uow.forwards.save(sending.moved(town.forward(stands.id), withdrawn))
    assert people_of_offer(town.desk, one.key).forwards == {}, "whoever was withdrawn may be put forward again"


def test_a_closed_offer_is_for_nobody(town: Place) -> None:
    town.enrol(who(1))
    town.post(offer(1, reference="O1"))
    publishing.close_offer(town.desk, "O1", "filled")
    found = people_of_offer(town.desk, "O1")
    assert (found.within, found.beyond, found.preparing) == ((), (), ())
    assert found.counts == {Exclusion.CLOSED: 1}


def test_an_offer_that_nobody_knows(town: Place) -> None:
    with pytest.raises(NotFound):
        people_of_offer(town.desk, "montlucon.emploi.example/none")


def test_one_pair_is_a_match_or_has_a_reason(town: Place) -> None:
    wanted = offer(1)
    fits = one_pair(town.desk, who(1), wanted)
    assert fits.match is not None and fits.why_not is None
    out = one_pair(town.desk, who(2, commune=BAYONNE), wanted)
    assert (out.match, out.why_not) == (None, Exclusion.TOO_FAR)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(REFERENTIAL.occupations.codes()), st.sampled_from(REFERENTIAL.occupations.codes()))
def test_whoever_may_match_begins_with_one_of_the_codes(sought: str, asked: str) -> None:
    """The register is asked for these alone: nobody who is related may be missing."""
    related = codes_related_to(asked, REFERENTIAL.occupations)
    for rome in (sought, asked[:3] + sought[3:]):
        seeker = Seeker(candidate(occupations=(Experience(rome=rome, months=0),)), REFERENTIAL.occupations, "")
        assert (seeker.relation_to(asked) is not None) is rome.startswith(related)
