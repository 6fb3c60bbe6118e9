"""`maillon sending`: a letter to an employer of the town, made, printed, answered and ended by commands."""

from pathlib import Path

from node.kit.errors import ExitCode
from node.services.forwards import sending
from node.services.node import Node
from tests.node.cli.test_answer import Answer, maillon, sent

__all__ = ["maillon", "sent"]

WHY = ("--because", "demandé par Mme Aubert")


def test_a_letter_is_made_printed_answered_and_ended(node: Node, maillon: Answer, sent: str, tmp_path: Path) -> None:
    assert maillon("sending", "create", sent, "--way", "pigeon").code == ExitCode.USAGE
    refused = maillon("sending", "create", sent, "--way", "mail", "--email", "a@b.fr")
    assert refused.code == ExitCode.ERROR and "choisissez la lettre" in refused.err
    assert maillon("sending", "create", "nothing", "--way", "letter").code == ExitCode.ERROR
    made = maillon("sending", "create", sent, "--way", "letter", "--address", "3 rue de la Gare", "--json").json
    number = made["id"]
    assert (made["way"], made["forwards"]) == ("letter", [sent])
    assert maillon("sending", "list", "--json").json["total"] == 1
    assert made["code"] in maillon("sending", "list").out

    assert maillon("sending", "show", number).code == ExitCode.USAGE, "a file is opened for a reason"
    shown = maillon("sending", "show", number, *WHY)
    assert shown.code == 0 and made["code"] in shown.out and sent in shown.out
    paper = tmp_path / "lettre.pdf"
    assert maillon("sending", "letter", number, "--output", paper, *WHY).code == 0
    assert paper.read_bytes().startswith(b"%PDF")
    assert maillon("sending", "letter", number, "--output", tmp_path / "no" / "l.pdf", *WHY).code == ExitCode.ERROR
    mailed = maillon("sending", "mail", number)
    assert mailed.code == ExitCode.ERROR and "lettre" in mailed.err

    assert maillon("answer", sent, "interview", "--json").json["state"] == "interview"
    assert maillon("forward", "withdraw", sent, "--reason", "unavailable").code == 0
    asking = tmp_path / "destruction.pdf"
    assert maillon("sending", "destruction", number, "--output", asking, *WHY).code == 0
    assert asking.read_bytes().startswith(b"%PDF")
    assert maillon("sending", "told", number, sent, "--json").json["people"][0]["told"]
    assert maillon("sending", "end", number, "--json").json["ended"]
    assert "Fermé le" in maillon("sending", "end", number).out
    with node.database.read() as uow:
        person = sending.one_forward(node.desk, sent).candidate
        assert {one.because for one in uow.accounts.accesses(50) if one.candidate == person} == {WHY[1]}
