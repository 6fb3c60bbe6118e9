"""« Pas d'autres villes »: a person of Montluçon refuses other towns, and is served in their own."""

from dataclasses import replace
from typing import Any

import pytest

from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.forward import ForwardState
from node.mission.people.candidate import CandidateState
from node.mission.people.contacts import ContactChannel
from node.mission.team.today import Waiting
from node.services.actors import BY_PERSON
from node.services.agreements import recording, retention, withdrawing
from node.services.desk import Refused
from node.services.forwards import answers, sending
from node.services.matching import matching
from node.services.people import contacts, files, resuming
from node.services.people.saving import BadFields
from node.services.team import today
from tests.node.mission.samples import TODAY, candidate, network_consent, offer, site
from tests.node.stage import Place, Stage, campaign, put_forward


@pytest.fixture
def both(stage: Stage) -> tuple[str, str]:
    """One person, put forward in town and to Les Grands Moulins; the numbers of both forwards."""
    home = stage.montlucon
    home.enrol(candidate(1))
    (away,) = stage.moulins.post(campaign())
    (here,) = home.post(offer(7, reference="ICI"))
    stage.sync()
    local = put_forward(home, "p1", here.key, site="s1")
    far = put_forward(home, "p1", away.key)
    stage.sync()
    return local.id, far.id


def test_what_the_own_town_does_goes_on(stage: Stage, both: tuple[str, str]) -> None:
    home, (local, far) = stage.montlucon, both
    answers.give_answer(home.desk, local, ForwardState.INTERVIEW)

    found = withdrawing.foresee(home.desk, "p1", ConsentScope.NETWORK)
    assert ([one.id for one in found.ending], [one.id for one in found.going_on]) == ([far], [local])
    assert found.recalled == 1
    done = withdrawing.withdraw(home.desk, "p1", BY_PERSON)

    assert (done.withdrawn, len(done.orders)) == ((far,), 1)
    assert home.forward(local).state is ForwardState.INTERVIEW
    person = home.candidate("p1")
    assert person is not None and person.state is CandidateState.ACTIVE and person.readiness is not None
    keys = {one.offer.node for one in matching.match_candidate(home.desk, "p1").matches}
    assert keys == {home.id}, "the town's own offers, and no other's"
    assert [one.candidate.id for one in matching.match_offer(home.desk, "ICI").matches] == ["p1"]


def test_what_it_ended_is_on_the_days_page_until_they_spoke(stage: Stage, both: tuple[str, str]) -> None:
    home, (_local, far) = stage.montlucon, both
    withdrawing.withdraw(home.desk, "p1", BY_PERSON)

    def ended() -> list[str]:
        groups = today.today(home.desk, "anne").groups
        return [item.id for one in groups if one.kind is Waiting.ENDED for item in one.items]

    assert ended() == [far]
    contacts.add_contact(home.desk, "p1", ContactChannel.PHONE, "Pas d'autres villes.", "anne")
    assert ended() == []


def test_somebody_who_never_agreed_to_other_towns_is_matched_and_put_forward_in_theirs(stage: Stage) -> None:
    home = stage.montlucon
    home.enrol(candidate(1, consents=()))
    stage.moulins.post(campaign())
    (here,) = home.post(offer(7, reference="ICI"))
    stage.sync()
    (match,) = matching.match_candidate(home.desk, "p1").matches
    assert match.offer.key == here.key
    demand = sending.Demand(candidate="p1", offer=here.key, why="Habite en face.")
    with pytest.raises(Refused, match="oui à cette offre"):
        sending.create(home.desk, demand)
    draft = sending.create(home.desk, replace(demand, agreed="au guichet"), "anne")
    person = home.candidate("p1")
    assert person is not None
    (said,) = person.consents
    assert (said.scope, said.offer, said.how) == (ConsentScope.OFFER, here.key, "au guichet")
    lines = [(one.field, one.by) for one in files.history(home.desk, "p1")]
    assert ("consent_given", "anne") in lines
    assert sending.send(home.desk, draft.id).consent == said.id


def test_a_refused_draft_records_no_agreement(town: Place) -> None:
    town.enrol(candidate(1, consents=(), readiness=None))
    (here,) = town.post(offer(7))
    with pytest.raises(Refused):
        sending.create(town.desk, sending.Demand(candidate="p1", offer=here.key, why="x", agreed="au guichet"))
    person = town.candidate("p1")
    assert person is not None and person.consents == ()


def test_a_yes_to_an_employer_by_name_covers_its_offers_in_every_town(stage: Stage) -> None:
    home = stage.montlucon
    home.enrol(candidate(1, consents=()))
    (away,) = stage.moulins.post(campaign())
    stage.sync()
    assert matching.match_candidate(home.desk, "p1").matches == ()
    recording.give_consent(home.desk, "p1", ConsentScope.EMPLOYER, "au guichet", "anne", employer="les grands MOULINS")
    (match,) = matching.match_candidate(home.desk, "p1").matches
    assert match.offer.key == away.key
    assert [one.candidate.id for one in matching.match_offer(home.desk, away.key).matches] == ["p1"]
    sent = put_forward(home, "p1", away.key)
    found = withdrawing.foresee(home.desk, "p1", ConsentScope.NETWORK)
    assert [one.id for one in found.going_on] == [sent.id]
    done = withdrawing.withdraw(home.desk, "p1", scope=ConsentScope.EMPLOYER, about="Les Grands Moulins")
    assert done.withdrawn == (sent.id,)
    assert matching.match_candidate(home.desk, "p1").matches == ()


def test_an_agreement_names_whom_it_is_for(town: Place) -> None:
    town.enrol(candidate(1))
    wrong: tuple[tuple[ConsentScope, dict[str, Any]], ...] = (
        (ConsentScope.EMPLOYER, {}),
        (ConsentScope.NETWORK, {"employer": "Moulins"}),
        (ConsentScope.OFFER, {}),
        (ConsentScope.EMPLOYER, {"employer": "Moulins", "offer": "n/o"}),
    )
    for scope, named in wrong:
        with pytest.raises(BadFields):
            recording.give_consent(town.desk, "p1", scope, "dit", "anne", **named)


def test_another_agreement_that_covers_keeps_what_is_under_way(stage: Stage, both: tuple[str, str]) -> None:
    home, (_local, far) = stage.montlucon, both
    recording.give_consent(home.desk, "p1", ConsentScope.OFFER, "au guichet", "anne", offer=home.forward(far).offer)
    assert withdrawing.withdraw(home.desk, "p1").withdrawn == ()
    assert home.forward(far).state is ForwardState.RECEIVED


def test_an_old_local_forward_under_the_agreement_to_other_towns_goes_on(town: Place) -> None:
    """Before local offers needed a yes of their own, that agreement covered them too."""
    town.enrol(candidate(1))
    (here,) = town.post(offer(7, sites=(site(posts=1),)))
    sent = put_forward(town, "p1", here.key, site="s1")
    with town.node.database.write() as uow:
        uow.forwards.save(replace(sent, consent="c1"))
        person = uow.candidates.get("p1")
        assert person is not None
        uow.candidates.save(replace(person, consents=person.consents[:1]))
    assert withdrawing.withdraw(town.desk, "p1").withdrawn == ()
    assert town.forward(sent.id).state is not ForwardState.WITHDRAWN


def test_a_file_on_hold_is_kept_and_nothing_is_done_with_it(stage: Stage, both: tuple[str, str]) -> None:
    home, (local, far) = stage.montlucon, both
    foreseen = withdrawing.foresee(home.desk, "p1", None)
    assert {one.id for one in foreseen.ending} == {local, far}
    done = withdrawing.pause(home.desk, "p1", BY_PERSON)
    assert set(done.withdrawn) == {local, far}
    assert withdrawing.pause(home.desk, "p1", BY_PERSON).withdrawn == ()
    assert matching.match_candidate(home.desk, "p1").matches == ()
    stage.wait(days=31)
    assert retention.apply_retention(home.desk).erased == 0
    back = files.set_state(home.desk, "p1", CandidateState.ACTIVE, BY_PERSON)
    assert back.agrees(ConsentScope.NETWORK, home.desk.today()), "it stood meanwhile"
    assert [one.field for one in files.history(home.desk, "p1")].count("paused") == 1


def test_who_left_does_not_pause_and_may_come_back(town: Place) -> None:
    town.enrol(candidate(1))
    withdrawing.withdraw(town.desk, "p1", BY_PERSON, ConsentScope.KEEP)
    with pytest.raises(Refused):
        withdrawing.pause(town.desk, "p1", BY_PERSON)
    with pytest.raises(BadFields):
        files.set_state(town.desk, "p1", CandidateState.LIMITED, "anne")
    back = files.set_state(town.desk, "p1", CandidateState.ACTIVE, BY_PERSON)
    assert (back.objected_at, back.state) == (None, CandidateState.ACTIVE)


def test_a_town_that_asks_for_agreement_keeps_nobody_without(town: Place) -> None:
    desk = replace(town.desk, asks_to_keep=True)
    town.enrol(candidate(1))
    withdrawing.withdraw(desk, "p1", BY_PERSON, ConsentScope.KEEP)
    with pytest.raises(BadFields):
        files.set_state(desk, "p1", CandidateState.ACTIVE, BY_PERSON)
    kept = recording.give_consent(desk, "p1", ConsentScope.NETWORK, "au guichet", "anne")
    assert kept.objected_at is not None, "other towns say nothing of keeping the file"
    kept = recording.give_consent(desk, "p1", ConsentScope.KEEP, "au guichet", "anne")
    assert (kept.objected_at, kept.state) == (None, CandidateState.ACTIVE)


def test_whom_an_earlier_release_took_out_is_shown_and_taken_up_again_by_a_person(town: Place) -> None:
    refused = network_consent(withdrawn_at=town.desk.now())
    town.enrol(
        candidate(1, state=CandidateState.WITHDRAWN, consents=(refused,)),
        candidate(2, state=CandidateState.WITHDRAWN, consents=(refused,), objected_at=town.desk.now()),
        candidate(3),
    )
    assert [one.id for one in resuming.taken_out(town.desk)] == ["p1"]
    assert resuming.resume(town.desk, ["p1", "p2", "p3"], "head") == 1
    person = town.candidate("p1")
    assert person is not None and person.state is CandidateState.ACTIVE
    assert not person.agrees(ConsentScope.NETWORK, TODAY)
    assert resuming.taken_out(town.desk) == ()
    left = town.candidate("p2")
    assert left is not None and left.state is CandidateState.WITHDRAWN
