"""Who stands behind a forward, as each side can prove it."""

from datetime import timedelta

from node.services.forwards import sending
from node.services.forwards.guarantees import Guaranteed, standing
from tests.node.mission.samples import candidate
from tests.node.stage import MONTLUCON, Place, Stage, campaign, put_forward


def behind(place: Place, forward_id: str) -> Guaranteed | None:
    with place.node.database.read() as uow:
        return standing(place.desk, uow, place.forward(forward_id))


def sent_forward(stage: Stage) -> str:
    stage.montlucon.enrol(candidate(1))
    (offer,) = stage.moulins.post(campaign())
    stage.sync()
    forward = put_forward(stage.montlucon, "p1", offer.key)
    stage.sync()
    return forward.id


def test_the_receiver_verifies_it_and_reads_by_which_key_until_when_and_what_was_checked(stage: Stage) -> None:
    forward = sent_forward(stage)
    found = behind(stage.moulins, forward)
    assert found is not None and found.until is not None
    assert (found.verified, found.trouble, found.by) == (True, "", MONTLUCON)
    assert found.key_id.startswith(f"{MONTLUCON}#")
    assert found.until > stage.moulins.node.now() + timedelta(days=59)
    assert {what for what, day in found.checked if day is not None} == {"met_in_person", "cv_reworked"}


def test_the_home_mission_says_that_it_signed_and_nobody_guarantees_for_a_draft(stage: Stage) -> None:
    forward = sent_forward(stage)
    found = behind(stage.montlucon, forward)
    assert found is not None and (found.verified, found.by) == (None, MONTLUCON)
    assert {what for what, _day in found.checked} == {"met_in_person", "cv_reworked"}
    stage.montlucon.enrol(candidate(2))
    demand = sending.Demand(candidate="p2", offer=stage.montlucon.forward(forward).offer, why="Sait faire.")
    assert behind(stage.montlucon, sending.create(stage.montlucon.desk, demand).id) is None


def test_one_that_has_expired_does_not_verify_and_says_so(stage: Stage) -> None:
    forward = sent_forward(stage)
    stage.wait(days=61)
    found = behind(stage.moulins, forward)
    assert found is not None and found.verified is False and found.trouble


def test_without_the_dossier_there_is_nothing_left_to_verify(stage: Stage) -> None:
    forward = sent_forward(stage)
    with stage.moulins.node.database.write() as uow:
        uow.forwards.destroy_papers(forward)
    found = behind(stage.moulins, forward)
    assert found is not None and (found.verified, found.until) == (None, None)
