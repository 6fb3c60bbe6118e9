"""What a person of Montluçon refused stays refused: through a merge, an old paper, another name, a pause."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.imports import ParsedLine
from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.forward import ForwardState
from node.mission.people.candidate import CandidateState
from node.mission.workshops.workshop import Attendance
from node.services.agreements import recording, withdrawing
from node.services.desk import Refused
from node.services.duplicates import merging
from node.services.forwards import sending
from node.services.imports import importing
from node.services.matching import matching
from node.services.offers.publishing import publish_offers
from node.services.people.candidates import Correction, correct
from node.services.people.saving import BadFields
from node.services.workshops import workshops
from tests.node.mission.samples import TODAY, candidate, network_consent, offer
from tests.node.stage import Place, Stage, campaign, put_forward


def test_a_merge_undoes_no_refusal(town: Place) -> None:
    town.enrol(candidate(1), candidate(2, consents=(network_consent(id="c2"),)))
    withdrawing.withdraw(town.desk, "p1")
    whole = merging.merge(town.desk, "p1", "p2", "anne")
    assert not whole.agrees(ConsentScope.NETWORK, TODAY) and not whole.may_be_published(TODAY)


def test_an_older_paper_in_a_file_undoes_no_refusal(town: Place) -> None:
    town.enrol(candidate(1))
    withdrawing.withdraw(town.desk, "p1")
    older = candidate(1, id="", consents=(network_consent(TODAY - timedelta(days=20), id=""),))
    importing.import_candidates(town.desk, [ParsedLine(2, value=older)])
    person = town.candidate("p1")
    assert person is not None and not person.agrees(ConsentScope.NETWORK, TODAY)
    later = correct(town.desk, "p1", Correction(network_until=TODAY + timedelta(days=90)))
    assert later.agrees(ConsentScope.NETWORK, TODAY), "what they say anew counts"


def test_a_yes_that_is_taken_back_recalls_the_cv_whatever_the_employer_calls_itself_now(stage: Stage) -> None:
    home, employer = stage.montlucon, stage.moulins
    home.enrol(candidate(1, consents=()))
    (posted,) = employer.post(campaign())
    stage.sync()
    recording.give_consent(home.desk, "p1", ConsentScope.EMPLOYER, "dit", "anne", employer=posted.employer)
    sent = put_forward(home, "p1", posted.key)
    with employer.node.database.write() as uow:
        publish_offers(uow, employer.desk, [replace(posted, employer="Les Grands Moulins SAS")], employer.desk.now())
    stage.sync()
    assert withdrawing.foresee(home.desk, "p1", ConsentScope.EMPLOYER, posted.employer).recalled == 1
    done = withdrawing.withdraw(home.desk, "p1", scope=ConsentScope.EMPLOYER, about=posted.employer)
    assert (done.withdrawn, len(done.orders)) == ((sent.id,), 1)


def test_what_was_never_agreed_to_is_not_taken_back_in_silence(town: Place) -> None:
    town.enrol(candidate(1))
    for scope, about in ((ConsentScope.EMPLOYER, "Tpyo"), (ConsentScope.NETWORK, "Moulins"), (ConsentScope.OFFER, "x")):
        with pytest.raises(Refused) as caught:
            withdrawing.withdraw(town.desk, "p1", scope=scope, about=about)
        assert caught.value.problem == "no_such_agreement"


def test_an_agreement_that_is_over_brings_nobody_back(town: Place) -> None:
    town.enrol(candidate(1))
    withdrawing.pause(town.desk, "p1", "anne")
    old = TODAY - timedelta(days=900)
    kept = recording.give_consent(town.desk, "p1", ConsentScope.NETWORK, "papier", "anne", given_on=old)
    assert kept.state is CandidateState.LIMITED
    (here,) = town.post(offer(7))
    with pytest.raises(Refused):
        sending.create(town.desk, sending.Demand(candidate="p1", offer=here.key, why="x", agreed="au téléphone"))
    person = town.candidate("p1")
    assert person is not None and person.state is CandidateState.LIMITED


def test_who_left_a_town_that_asks_is_not_taken_up_by_another_agreement(town: Place) -> None:
    desk = replace(town.desk, asks_to_keep=True)
    town.enrol(candidate(1))
    withdrawing.withdraw(desk, "p1", scope=ConsentScope.KEEP)
    kept = correct(desk, "p1", Correction(network_until=TODAY + timedelta(days=90)))
    assert kept.state is CandidateState.WITHDRAWN and kept.objected_at is not None


def test_who_pauses_comes_to_no_workshop_and_is_asked_to_none(town: Place) -> None:
    town.enrol(candidate(1))
    first, second = (
        workshops.plan(town.desk, town.desk.now() + timedelta(days=day), "Salle 2", "anne") for day in (1, 2)
    )
    workshops.invite(town.desk, first.id, "p1", "anne")
    withdrawing.pause(town.desk, "p1", "anne")
    with town.node.database.read() as uow:
        (held,) = uow.workshops.of_candidate("p1")
    place = held.place_of("p1")
    assert place is not None and place.attendance is Attendance.DECLINED
    with pytest.raises(Refused):
        workshops.invite(town.desk, second.id, "p1", "anne")


def test_an_entry_that_paused_pauses_what_it_is_merged_with(stage: Stage) -> None:
    home = stage.montlucon
    home.enrol(candidate(1), candidate(2, consents=(network_consent(id="c2"),)))
    (posted,) = stage.moulins.post(campaign())
    stage.sync()
    sent = put_forward(home, "p1", posted.key)
    withdrawing.pause(home.desk, "p2", "anne")
    assert merging.merge(home.desk, "p1", "p2", "anne").state is CandidateState.LIMITED
    assert home.forward(sent.id).state is ForwardState.WITHDRAWN


def test_who_came_back_after_a_merge_is_not_erased_once_it_is_undone(town: Place) -> None:
    town.enrol(candidate(1), candidate(2, consents=(network_consent(id="c2"),)))
    withdrawing.withdraw(town.desk, "p2", scope=ConsentScope.KEEP)
    merging.merge(town.desk, "p1", "p2", "anne")
    correct(town.desk, "p1", Correction(network_until=TODAY + timedelta(days=90)))
    mine, theirs = merging.unmerge(town.desk, "p1", "anne")
    assert (mine.objected_at, theirs.objected_at) == (None, None)


def test_a_name_that_is_none_covers_nothing(stage: Stage) -> None:
    home = stage.montlucon
    home.enrol(candidate(1, consents=()))
    stage.moulins.post(campaign(employer="***"))
    stage.sync()
    for named in ("---", "***"):
        with pytest.raises(BadFields):
            recording.give_consent(home.desk, "p1", ConsentScope.EMPLOYER, "dit", "anne", employer=named)
    assert matching.match_candidate(home.desk, "p1").matches == ()
