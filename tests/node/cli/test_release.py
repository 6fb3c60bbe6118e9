"""Whoever publishes sheets sees first what they would tell."""

import pytest

from node.cli.release import say_risk
from node.mission.sheets.release import RiskReport
from tests.node.conftest import french


def test_what_remains_to_be_guessed_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    say_risk(RiskReport(30, 27, {"N1103": 20, "N1101": 7}, ("N1103", "N1101")), "« {} »".format)
    first, second = french(capsys.readouterr().out).splitlines()
    assert first.startswith("Gardées chez nous : 10 %. Meilleure chance") and first.endswith(" : 14 %.")
    assert second == "Une personne de plus ou de moins se verrait dans : « N1103 » ; « N1101 »."
    say_risk(RiskReport(30, 30, {"N1103": 30}, ()), str)
    assert len(capsys.readouterr().out.splitlines()) == 1
