"""`maillon candidate`: a CV is signed from the command line as it is on the page, or not at all."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from node.__main__ import run
from node.kit.errors import ExitCode
from node.services.network.founding import Created
from tests.node.cli.test_life import Said
from tests.node.conftest import french

Maillon = Callable[..., Said]
HEAD = (
    "reference;nom;prenom;telephone;commune;metiers;competences;accord_conservation;"
    "pret_par;pret_le;rencontre;rencontre_le"
)

WHY = ("--because", "Demandé par la personne.")


@pytest.fixture
def maillon(capfd: pytest.CaptureFixture[str], created: Created) -> Maillon:
    """Run a command on Montluçon's node."""

    def call(*arguments: str) -> Said:
        code = run([*arguments, "--config", str(created.config)])
        captured = capfd.readouterr()
        return Said(code, captured.out, captured.err)

    return call


def line(skills: str, signature: str = ";;;") -> str:
    met = (datetime.now(UTC) - timedelta(days=20)).date().isoformat()
    return f"MTL-1;Petit;Camille;0470000000;03185;N1103:24;{skills};{met};{signature}"


def file(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "personnes.csv"
    path.write_text("\n".join((HEAD, *lines)), encoding="utf-8")
    return str(path)


def test_a_signature_is_refused_with_what_is_missing_then_given(maillon: Maillon, tmp_path: Path) -> None:
    assert maillon("import", "candidates", file(tmp_path, line("900016"))).code == ExitCode.OK
    refused = maillon("candidate", "edit", "MTL-1", *WHY, "--ready-by", "Mme Aubert")
    assert refused.code == ExitCode.ERROR and "2 compétences" in french(refused.err)
    assert maillon("candidate", "show", "MTL-1", *WHY, "--json").json["readiness"] is None
    assert maillon("import", "candidates", file(tmp_path, line("900001|900016|900003"))).code == ExitCode.OK
    signed = maillon("candidate", "edit", "MTL-1", *WHY, "--ready-by", "Mme Aubert", "--by-phone", "--json").json
    assert signed["ready"] and (signed["readiness"]["by"], signed["readiness"]["met"]) == ("Mme Aubert", "by_phone")


def test_a_number_is_kept_for_programs_and_shown_to_people(maillon: Maillon, tmp_path: Path) -> None:
    assert maillon("import", "candidates", file(tmp_path, line("900016"))).code == ExitCode.OK
    assert maillon("candidate", "edit", "MTL-1", *WHY, "--phone", "+262 (0)692 12 34 56").code == ExitCode.OK
    assert maillon("candidate", "show", "MTL-1", *WHY, "--json").json["phone"] == "+262692123456"
    assert "0692 12 34 56" in maillon("candidate", "show", "MTL-1", *WHY).out
    assert maillon("candidate", "edit", "MTL-1", *WHY, "--phone", "06 12 34 56 7").code == ExitCode.ERROR


def test_a_signature_of_a_file_on_an_unfinished_cv_is_told(maillon: Maillon, tmp_path: Path) -> None:
    met = (datetime.now(UTC) - timedelta(days=20)).date().isoformat()
    told = maillon("import", "candidates", file(tmp_path, line("900016", f"Mme Aubert;{met};en personne;{met}")))
    assert told.code == ExitCode.PARTIAL and "2 compétences" in told.out
    assert maillon("candidate", "show", "MTL-1", *WHY, "--json").json["ready"] is False


def test_a_file_is_shown_in_french_to_its_last_word(maillon: Maillon, tmp_path: Path) -> None:
    assert maillon("import", "candidates", file(tmp_path, line("900016"))).code == ExitCode.OK
    until = (datetime.now(UTC) + timedelta(days=90)).date()
    for change in (("--agree-network", until.isoformat()), ("--withdraw-consent",)):
        assert maillon("candidate", "edit", "MTL-1", *WHY, *change).code == ExitCode.OK
    shown = " ".join(french(maillon("candidate", "show", "MTL-1", *WHY).out).split())
    assert "(24 mois)" in shown and f"{until:%d/%m/%Y} (retiré)" in shown


def test_an_erasure_says_that_the_person_is_erased(maillon: Maillon, tmp_path: Path) -> None:
    assert maillon("import", "candidates", file(tmp_path, line("900016"))).code == ExitCode.OK
    said = french(maillon("erase", "--candidate", "MTL-1").out)
    assert "La personne est effacée ici." in said
    assert maillon("candidate", "show", "MTL-1", *WHY).code != ExitCode.OK
