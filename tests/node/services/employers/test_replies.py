"""An employer answers the mail: its words wait on each application, and are no CV."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from node.kit.clean_text import is_text
from node.mission.employers.codes import shown_code
from node.mission.employers.sending import LONGEST_WORD
from node.mission.forwards.following import FollowGroup
from node.mission.forwards.forward import ForwardState, Words
from node.mission.forwards.ports import ForwardFilter
from node.mission.team.today import Waiting
from node.services.deposits import deposits, mailbox
from node.services.employers import answering, sending
from node.services.employers.replies import own_words, take_reply
from node.services.forwards import following
from node.services.forwards.answers import expire_silent, give_answer, home_move
from node.services.team.today import today
from tests.node.reading import files
from tests.node.services.deposits.test_mailbox import config
from tests.node.services.employers.conftest import House
from tests.node.web.mail_sink import imap_box


def test_a_reply_waits_on_each_application_and_is_no_deposit(house: House, tmp_path: Path) -> None:
    made, _token = house.mailed("p1", "p2")
    subject = f"RE: {house.sink.mails[0]['Subject']}"
    reply = files.message(
        "Chef <chef@boucherie.example>", subject, "Je reçois Amina jeudi.\n\n> Bonjour Mme Roche,", []
    )
    with imap_box() as box:
        settings = config(house.stage.montlucon, box, tmp_path)
        for _time in range(2):
            box.put(reply)
            mailbox.look(house.node.desk, settings)
    with house.node.database.read() as uow:
        assert not uow.deposits.identities()
    (word,) = sending.sending_file(house.node.desk, made.id).words
    assert word.text == "Je reçois Amina jeudi."
    assert house.forward_of(made).state is ForwardState.SENT
    groups = {group.kind: group for group in today(house.node.desk, "anne", team=True).groups}
    assert [item.title for item in groups[Waiting.NOTE].items] == ["Amina Benali-Roy", "Luc Fabre"]
    for part in made.parts:
        assert [one.text for one in answering.words_for(house.node.desk, [part.forward])[part.forward]] == [word.text]
    lists = following.listed(house.node.desk, ForwardFilter()).groups[FollowGroup.TODO]
    assert {one.forward.id for one in lists} == {part.forward for part in made.parts}, "the list says so as well"
    assert all(one.reply is not None and one.reply.sending == made.id for one in lists)
    sending.settle_word(house.node.desk, made.id, word.id, "anne")
    assert not following.listed(house.node.desk, ForwardFilter()).groups[FollowGroup.TODO]
    assert Waiting.NOTE not in {group.kind for group in today(house.node.desk, "anne", team=True).groups}


def test_a_reply_that_comes_late_waits_too_and_one_about_nobody_waits_on_the_sending(house: House) -> None:
    made, _token = house.mailed("p1", "p2")
    desk = house.node.desk
    home_move(desk, made.parts[0].forward, ForwardState.WITHDRAWN, Words("in_training"), "anne")
    house.stage.wait(days=31)
    assert [one.state for one in expire_silent(desk)] == [ForwardState.EXPIRED]
    take_reply(desk, made, b"1", "Je la reçois quand même.")

    def waiting() -> list[str]:
        groups = {group.kind: group for group in today(desk, "anne", team=True).groups}
        return [item.title for item in groups[Waiting.NOTE].items]

    assert waiting() == ["Luc Fabre"]
    give_answer(desk, made.parts[1].forward, ForwardState.HIRED)
    assert waiting() == ["Boucherie Roche"]


def test_a_code_of_no_sending_is_a_mail_as_any(house: House) -> None:
    made, _token = house.mailed("p1")
    other = shown_code(made.code[:-2] + "22")
    message = files.message("zoe@example.fr", f"Candidature {other}", "Bonjour.", [])
    assert not mailbox.take_reply(house.node.desk, message)
    assert deposits.source(house.node.desk, "") is None


@given(st.text(max_size=300))
def test_an_employers_own_words_are_clean_and_short(text: str) -> None:
    for given_text in (text, text * 40):
        said = own_words(given_text)
        assert is_text(said) and len(said) <= LONGEST_WORD


def test_quoted_lines_are_left_out_unless_there_is_nothing_else() -> None:
    assert own_words("D'accord.\r\n> Bonjour\r\n>> avant") == "D'accord."
    assert own_words("> Bonjour") == "> Bonjour"
