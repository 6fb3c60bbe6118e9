"""A person of Montluçon is put forward to Les Grands Moulins, and what becomes of it."""

import pytest

from federation.outbox import HolderOverdue
from node.kit.errors import BadInput, NotFound
from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.forward import ForwardState, Side, Words
from node.mission.people.candidate import CandidateState, Experience
from node.services.actors import SYSTEM
from node.services.agreements import withdrawing
from node.services.desk import Gone, Refused
from node.services.forwards import answers, sending
from node.services.forwards.sending import Demand
from tests.node.mission.samples import candidate, network_consent, site
from tests.node.stage import MONTLUCON, Place, Stage, campaign, put_forward

WHY = "Cinq ans sur les mêmes machines."


def ready_stage(stage: Stage) -> str:
    """One person of Montluçon, one campaign known to all; the campaign's name."""
    stage.montlucon.enrol(candidate(1))
    (offer,) = stage.moulins.post(campaign())
    stage.sync()
    return offer.key


def demand(offer: str, **changes: object) -> Demand:
    fields: dict[str, object] = {"candidate": "p1", "offer": offer, "site": "montlucon", "why": WHY}
    return Demand(**fields | changes)  # type: ignore[arg-type]


def test_a_draft_stays_at_home(stage: Stage) -> None:
    offer = ready_stage(stage)
    before = stage.montlucon.size()

    draft = sending.create(stage.montlucon.desk, demand(offer, candidate="MTL-0001", checked=("mobility", "mobility")))

    assert (draft.state, draft.side, draft.candidate) == (ForwardState.DRAFT, Side.HOME, "p1")
    assert draft.checked == ("mobility",)
    assert sending.all_forwards(stage.montlucon.desk) == [draft]
    assert stage.montlucon.size() == before


def test_the_site_of_the_match_is_meant_when_none_is_named(stage: Stage) -> None:
    offer = ready_stage(stage)
    assert [one.id for one in campaign().sites] == ["drancy", "montlucon"]
    assert sending.create(stage.montlucon.desk, demand(offer, site="")).site == "montlucon", "the one near the person"


def test_the_first_site_is_meant_where_nothing_matches(stage: Stage) -> None:
    offer = ready_stage(stage)
    stage.montlucon.enrol(candidate(2, occupations=(Experience(rome="A1201", months=3),)))
    assert sending.create(stage.montlucon.desk, demand(offer, candidate="p2", site="")).site == "drancy"


def test_a_refused_reason_names_the_right_ones_in_words(stage: Stage) -> None:
    draft = sending.create(stage.montlucon.desk, demand(ready_stage(stage)))
    for reason in ("", "lacking_skills", "nonsense"):
        with pytest.raises(Refused) as refused:
            answers.home_move(stage.montlucon.desk, draft.id, ForwardState.WITHDRAWN, Words(reason))
        assert "Embauche ailleurs (hired_elsewhere)" in str(refused.value)
        assert "lacking_skills" not in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"candidate": "nobody"}, NotFound),
        ({"offer": "grands-moulins.emploi.example/nothing"}, NotFound),
        ({"offer": "no slash"}, NotFound),
        ({"site": "bayonne"}, Refused),
        ({"why": "  "}, Refused),
        ({"why": "x" * 4001}, Refused),
        ({"checked": ("horoscope",)}, BadInput),
        ({"checked": ("met_in_person",)}, BadInput),
    ],
)
def test_what_stands_in_the_way_writes_nothing(
    stage: Stage, changes: dict[str, object], error: type[Exception]
) -> None:
    known = {"offer": ready_stage(stage)}
    before = stage.montlucon.snapshot()
    with pytest.raises(error):
        sending.create(stage.montlucon.desk, demand(**known | changes))  # type: ignore[arg-type]
    assert stage.montlucon.snapshot() == before


def test_every_obstacle_is_named_at_once(stage: Stage) -> None:
    offer = ready_stage(stage)
    stage.montlucon.enrol(candidate(2, readiness=None, consents=()))
    with pytest.raises(Refused) as caught:
        sending.create(stage.montlucon.desk, demand(offer, candidate="p2", site="bayonne", why=""))
    assert caught.value.problem == "forward_refused"
    assert str(caught.value).count(".") == 4


def test_sent_received_read_and_declined_with_both_texts(stage: Stage) -> None:
    offer = ready_stage(stage)
    home, employer = stage.montlucon, stage.moulins

    sent = put_forward(home, "p1", offer)
    assert [move.actor for move in sent.moves] == [SYSTEM]
    assert (sent.state, sent.consent, sent.revision) == (ForwardState.SENT, "c1", 1)
    stage.sync()
    assert home.forward(sent.id).state is ForwardState.RECEIVED
    received = employer.forward(sent.id)
    assert (received.side, received.peer, received.candidate) == (Side.RECEIVER, MONTLUCON, "")
    assert received.has_dossier
    assert set(received.checked) == {"met_in_person", "cv_reworked"}

    dossier = answers.read_dossier(employer.desk, sent.id)
    assert (dossier.first_name, dossier.last_name, dossier.commune) == ("Camille", "Petit", "03185")
    stage.sync()
    assert home.forward(sent.id).state is ForwardState.SEEN

    answers.give_answer(
        employer.desk,
        sent.id,
        ForwardState.DECLINED,
        Words(
            reason="lacking_skills",
            to_candidate=" Une formation vous ouvrirait ce poste. ",
            to_guarantor="Trois jours suffiraient.",
        ),
    )
    stage.sync()
    told = home.forward(sent.id)
    assert told.state is ForwardState.DECLINED
    assert told.moves[-1].reason == "lacking_skills"
    assert told.moves[-1].to_candidate == "Une formation vous ouvrirait ce poste."
    assert told.moves[-1].to_guarantor == "Trois jours suffiraient."
    assert [m.event.value for m in told.moves] == ["sent", "received", "seen", "declined"]
    assert told.moves == employer.forward(sent.id).moves


def test_reading_the_dossier_twice_tells_it_once(stage: Stage) -> None:
    sent = put_forward(stage.montlucon, "p1", ready_stage(stage))
    stage.sync()
    answers.read_dossier(stage.moulins.desk, sent.id)
    size = stage.moulins.size()
    assert answers.read_dossier(stage.moulins.desk, sent.id).last_name == "Petit"
    assert stage.moulins.size() == size


def test_sending_twice_sends_once(stage: Stage) -> None:
    sent = put_forward(stage.montlucon, "p1", ready_stage(stage))
    size = stage.montlucon.size()
    assert sending.send(stage.montlucon.desk, sent.id) == sent
    assert stage.montlucon.size() == size


def test_answering_twice_tells_once(stage: Stage) -> None:
    sent = put_forward(stage.montlucon, "p1", ready_stage(stage))
    stage.sync()
    once = answers.give_answer(stage.moulins.desk, sent.id, ForwardState.INTERVIEW)
    assert answers.give_answer(stage.moulins.desk, sent.id, ForwardState.INTERVIEW) == once


def test_a_refusal_without_reason_or_text_is_refused(stage: Stage) -> None:
    sent = put_forward(stage.montlucon, "p1", ready_stage(stage))
    stage.sync()
    before = stage.moulins.snapshot()
    for words in (Words(), Words("lacking_skills"), Words("no such reason", to_candidate="Non.")):
        with pytest.raises(Refused, match=r"\w") as caught:
            answers.give_answer(stage.moulins.desk, sent.id, ForwardState.DECLINED, words)
        assert caught.value.problem == "illegal_move"
    assert stage.moulins.snapshot() == before


def test_each_side_makes_its_own_moves_alone(stage: Stage) -> None:
    sent = put_forward(stage.montlucon, "p1", ready_stage(stage))
    stage.sync()
    with pytest.raises(Refused) as caught:
        answers.give_answer(stage.montlucon.desk, sent.id, ForwardState.HIRED)
    assert caught.value.problem == "not_ours"
    with pytest.raises(Refused):
        answers.home_move(stage.moulins.desk, sent.id, ForwardState.WITHDRAWN, Words(reason="unavailable"))
    with pytest.raises(Refused):
        sending.send(stage.moulins.desk, sent.id)
    with pytest.raises(Refused) as caught:
        answers.read_dossier(stage.montlucon.desk, sent.id)
    assert caught.value.problem == "not_ours"
    assert not isinstance(caught.value, Gone)


def test_a_draft_is_withdrawn_in_silence_and_a_sent_forward_is_told(stage: Stage) -> None:
    offer = ready_stage(stage)
    home = stage.montlucon
    draft = sending.create(home.desk, demand(offer))
    size = home.size()
    answers.home_move(home.desk, draft.id, ForwardState.WITHDRAWN, Words(reason="unavailable"))
    assert home.size() == size
    sent = put_forward(home, "p1", offer)
    answers.home_move(home.desk, sent.id, ForwardState.WITHDRAWN, Words(reason="unavailable"))
    stage.sync()
    assert stage.moulins.forward(sent.id).moves[-1].reason == "unavailable"


def test_a_withdrawn_agreement_is_not_told_as_an_ordinary_withdrawal(stage: Stage) -> None:
    sent = put_forward(stage.montlucon, "p1", ready_stage(stage))
    with pytest.raises(Refused) as caught:
        answers.home_move(stage.montlucon.desk, sent.id, ForwardState.WITHDRAWN, Words(reason="consent_withdrawn"))
    assert caught.value.problem == "use_consent"


def test_what_changed_between_draft_and_sending_is_looked_at_again(stage: Stage) -> None:
    offer = ready_stage(stage)
    home = stage.montlucon
    draft = sending.create(home.desk, demand(offer))
    with home.node.database.write() as uow:
        uow.candidates.save(candidate(1, state=CandidateState.PLACED))
    with pytest.raises(Refused) as caught:
        sending.send(home.desk, draft.id)
    assert caught.value.problem == "forward_refused"
    assert home.forward(draft.id).state is ForwardState.DRAFT


def test_a_suspended_employer_is_sent_nothing(stage: Stage) -> None:
    offer = ready_stage(stage)
    draft = sending.create(stage.montlucon.desk, demand(offer))
    stage.change(stage.moulins.id, status="suspended")
    before = stage.montlucon.snapshot()
    with pytest.raises(Refused) as caught:
        sending.send(stage.montlucon.desk, draft.id)
    assert caught.value.problem == "member_unknown"
    assert stage.montlucon.snapshot() == before


def test_a_dossier_that_no_message_can_carry_is_refused_before_anything_is_written(stage: Stage) -> None:
    offer = ready_stage(stage)
    stage.montlucon.enrol(candidate(2, last_name="x" * 201))
    draft = sending.create(stage.montlucon.desk, demand(offer, candidate="p2"))
    before = stage.montlucon.snapshot()
    with pytest.raises(Refused) as caught:
        sending.send(stage.montlucon.desk, draft.id)
    assert caught.value.problem == "dossier_invalid"
    assert stage.montlucon.snapshot() == before


def test_silence_for_thirty_days_expires_a_forward_and_a_late_answer_still_counts(stage: Stage) -> None:
    sent = put_forward(stage.montlucon, "p1", ready_stage(stage))
    stage.sync()
    assert answers.expire_silent(stage.montlucon.desk) == []
    stage.wait(days=30)
    (expired,) = answers.expire_silent(stage.montlucon.desk)
    assert (expired.id, expired.state) == (sent.id, ForwardState.EXPIRED)
    assert answers.expire_silent(stage.montlucon.desk) == []
    stage.sync()
    assert stage.moulins.forward(sent.id).state is ForwardState.EXPIRED
    answers.give_answer(stage.moulins.desk, sent.id, ForwardState.HIRED)
    stage.sync()
    assert stage.montlucon.forward(sent.id).state is ForwardState.HIRED


def test_one_employer_that_cannot_be_told_keeps_no_other_forward_from_expiring(stage: Stage) -> None:
    offer = ready_stage(stage)
    stage.drancy.post(campaign(id="local", reference="LOCAL", employer="Mairie"))
    stage.sync()
    lost = put_forward(stage.montlucon, "p1", offer)
    told = put_forward(stage.montlucon, "p1", f"{stage.drancy.id}/local")
    stage.sync()
    stage.hide_sealing_key(stage.moulins.id)
    stage.wait(days=30)
    assert [one.id for one in answers.expire_silent(stage.montlucon.desk)] == [told.id]
    assert stage.montlucon.forward(lost.id).state is ForwardState.RECEIVED


def test_silence_ends_a_forward_when_the_offer_said(stage: Stage) -> None:
    stage.montlucon.enrol(candidate(1), candidate(2, consents=(network_consent(id="c2"),)))
    (soon,) = stage.moulins.post(campaign(answer_days=7))
    (late,) = stage.moulins.post(campaign(id="o2", reference="PREP-2", answer_days=60))
    stage.sync()
    first, second = put_forward(stage.montlucon, "p1", soon.key), put_forward(stage.montlucon, "p2", late.key)
    stage.sync()
    stage.wait(days=7)
    assert [one.id for one in answers.expire_silent(stage.montlucon.desk)] == [first.id]
    stage.wait(days=50)
    assert not answers.expire_silent(stage.montlucon.desk)
    stage.wait(days=3)
    assert [one.id for one in answers.expire_silent(stage.montlucon.desk)] == [second.id]


def test_an_offer_takes_no_more_than_its_employer_says(town: Place) -> None:
    town.enrol(*(candidate(number) for number in (1, 2, 3)))
    (offer,) = town.post(campaign(sites=(site(posts=1),), most_open=2))
    for number in (1, 2):
        put_forward(town, f"p{number}", offer.key, site="s1")
    with pytest.raises(Refused, match="2 "):
        put_forward(town, "p3", offer.key, site="s1")


def test_a_local_employers_forward_takes_the_same_path(town: Place) -> None:
    town.enrol(candidate(1))
    (offer,) = town.post(campaign(sites=(site(posts=1),)))
    sent = put_forward(town, "p1", offer.key, site="s1")
    assert (sent.peer, sent.side) == (MONTLUCON, Side.HOME)
    hired = answers.give_answer(town.desk, sent.id, ForwardState.HIRED)
    assert hired.state is ForwardState.HIRED
    assert [m.by for m in hired.moves] == [Side.HOME, Side.RECEIVER]


def test_an_offer_takes_five_open_forwards_a_post(town: Place) -> None:
    (offer,) = town.post(campaign(sites=(site(posts=1),)))
    town.enrol(*(candidate(number, consents=(network_consent(id=f"c{number}"),)) for number in range(1, 7)))
    for number in range(1, 6):
        put_forward(town, f"p{number}", offer.key, site="s1")
    with pytest.raises(Refused) as caught:
        put_forward(town, "p6", offer.key, site="s1")
    assert caught.value.problem == "forward_refused"


def test_an_agreement_for_one_offer_covers_that_offer_alone(stage: Stage) -> None:
    offer = ready_stage(stage)
    (other,) = stage.moulins.post(campaign(id="other", reference="OTHER"))
    stage.sync()
    named = network_consent(id="c2", scope=ConsentScope.OFFER, offer=offer)
    stage.montlucon.enrol(candidate(2, consents=(named,)))
    assert put_forward(stage.montlucon, "p2", offer).consent == "c2"
    with pytest.raises(Refused):
        put_forward(stage.montlucon, "p2", other.key)


def test_who_owes_the_receipt_of_an_erasure_is_given_no_new_dossier(stage: Stage) -> None:
    offer = ready_stage(stage)
    stage.montlucon.enrol(candidate(2, consents=(network_consent(id="c2"),)))
    put_forward(stage.montlucon, "p1", offer)
    stage.sync()
    withdrawing.withdraw(stage.montlucon.desk, "p1")
    stage.wait(days=8)
    draft = sending.create(stage.montlucon.desk, demand(offer, candidate="p2"))
    with pytest.raises(HolderOverdue):
        sending.send(stage.montlucon.desk, draft.id)
    assert stage.montlucon.forward(draft.id).state is ForwardState.DRAFT
    stage.sync()
    assert sending.send(stage.montlucon.desk, draft.id).state is ForwardState.SENT
