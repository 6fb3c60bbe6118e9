"""Montluçon puts eleven people forward to one employer, who answers nobody; the head of mission is asked."""

from datetime import timedelta

import pytest

from node.kit.errors import NotFound
from node.mission.forwards.forward import ForwardState, Words
from node.services.desk import Refused
from node.services.forwards import answers, pauses
from node.services.forwards.pauses import pauses_shown
from node.services.people.saving import BadFields
from tests.node.mission.samples import candidate, offer
from tests.node.stage import Place, put_forward


def later(town: Place, days: int) -> None:
    clock = town.node.desk.federation.clock
    clock.moment += timedelta(days=days)  # type: ignore[attr-defined]


def test_a_pause_is_proposed_decided_and_lifted(town: Place) -> None:
    desk, today = town.desk, town.desk.today()
    town.enrol(*(candidate(n) for n in range(1, 14)))
    (here,) = town.post(offer(7, reference="ICI", employer="Le Silence", most_open=50))
    sent = [put_forward(town, f"p{n}", here.key, site="s1").id for n in range(1, 12)]
    later(town, 29)
    assert pauses_shown(desk) == pauses.PausesShown((), ())
    answers.give_answer(desk, sent[0], ForwardState.DECLINED, Words("other", "Merci."))
    later(town, 2)
    assert len(answers.expire_silent(desk)) == 10
    (proposal,) = pauses_shown(desk).proposed
    figures = proposal.record
    assert (proposal.employer, figures.due, figures.late, figures.answered) == ("Le Silence", 11, 10, 1)

    # Not now holds for 30 days.
    pauses.put_off(desk, town.id, "Le Silence", "head")
    assert pauses_shown(desk).proposed == ()
    later(town, 30)
    assert pauses_shown(desk).proposed == ()
    later(town, 1)
    assert pauses_shown(desk).proposed != ()

    # Answers that come late count as answers, and as late.
    for one in sent[1:6]:
        answers.give_answer(desk, one, ForwardState.DECLINED, Words("other", "Pardon, merci."))
    assert pauses_shown(desk).proposed == ()

    # A pause refuses drafts and what was drafted before, by name and day.
    (open_one,) = town.post(offer(8, reference="LA", employer="Le Silence", closes=today + timedelta(days=200)))
    for wrong in (today, desk.today(), desk.today() + timedelta(days=400)):
        with pytest.raises(BadFields):
            pauses.pause(desk, town.id, "Le Silence", wrong, "head")
    with pytest.raises(NotFound):
        pauses.pause(desk, town.id, "Personne", desk.today() + timedelta(days=9), "head")
    until = desk.today() + timedelta(days=9)
    pauses.pause(desk, town.id, "Le Silence", until, "Mme Aubert")
    ((pause, who),) = pauses_shown(desk).standing
    assert (pause.until, who) == (until, "Mme Aubert")
    assert pauses.pause_of(desk, open_one) == (pause, who)
    with pytest.raises(Refused) as caught:
        put_forward(town, "p12", open_one.key, site="s1")
    assert f"Mme Aubert a mis en pause les envois vers cet employeur jusqu'au {until:%d/%m/%Y}" in str(caught.value)
    later(town, 10)
    assert pauses_shown(desk).standing == ()
    assert put_forward(town, "p12", open_one.key, site="s1").state is ForwardState.SENT
    pauses.pause(desk, town.id, "Le Silence", desk.today() + timedelta(days=9), "Mme Aubert")
    pauses.put_off(desk, town.id, "Le Silence", "Mme Aubert")
    assert put_forward(town, "p13", open_one.key, site="s1").state is ForwardState.SENT
