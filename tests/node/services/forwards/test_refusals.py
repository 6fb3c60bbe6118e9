"""An employer's refusal: words that the law keeps out do not leave, and nothing is lost by it."""

from typing import Any

import pytest

from node.mission.forwards.forward import ForwardState, Words
from node.services.desk import Refused
from node.services.forwards import answers
from tests.node.mission.samples import candidate
from tests.node.stage import Stage, campaign, put_forward


@pytest.mark.parametrize("where", ["to_candidate", "to_guarantor"])
def test_a_refusal_that_speaks_of_what_the_law_excludes_is_to_be_written_anew(stage: Stage, where: str) -> None:
    home, employer = stage.montlucon, stage.moulins
    home.enrol(candidate(1))
    (offer,) = employer.post(campaign())
    stage.sync()
    sent = put_forward(home, "p1", offer.key)
    stage.sync()
    texts: dict[str, Any] = {"to_candidate": "Merci de votre candidature.", "to_guarantor": ""} | {
        where: "Elle habite trop loin."
    }
    before = employer.snapshot()
    with pytest.raises(Refused, match="le lieu de résidence") as caught:
        answers.give_answer(employer.desk, sent.id, ForwardState.DECLINED, Words(reason="other", **texts))
    assert caught.value.problem == "discriminating"
    assert employer.snapshot() == before
    fair = Words(reason="not_mobile", to_candidate="La prise de poste est à 4 h, sans transport à cette heure.")
    assert answers.give_answer(employer.desk, sent.id, ForwardState.DECLINED, fair).state is ForwardState.DECLINED
