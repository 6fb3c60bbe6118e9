"""Outgoing mail: by the town's own server, encrypted unless it is this machine; links asked for by e-mail."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from node import mailing
from node.config import Config, load
from node.config_sections import MailSection
from node.kit.errors import Unavailable
from node.mailing import Enclosure, Mail
from node.mission.accounts.roles import Role
from node.services.network.founding import Created
from tests.node.conftest import french
from tests.node.web.conftest import EMAILS, Town, town_of, words
from tests.node.web.mail_sink import Encryption, Sink, certificate, smtp_sink


def with_mail(config: Config, **mail: object) -> Config:
    given = {"host": "127.0.0.1", "security": "none", "sender": "emploi@montlucon.fr"} | mail
    return config.model_copy(update={"mail": MailSection.model_validate(given)})


@pytest.fixture
def sink() -> Iterator[Sink]:
    with smtp_sink() as opened:
        yield opened


@pytest.fixture
def config(created: Created, sink: Sink) -> Config:
    return with_mail(load(created.config), port=sink.port)


@pytest.fixture
def town(config: Config) -> Iterator[Town]:
    with town_of(config) as opened:
        yield opened


HELLO = Mail("amina@courriel.example", "Atelier\r\nBcc: tous@example.org", "Bonjour Amina,\n.\nà mardi !\n")


class TestSending:
    def test_a_mail_arrives_as_it_was_written(self, config: Config, sink: Sink) -> None:
        mailing.send(config, HELLO)
        (mail,) = sink.mails
        assert mail["To"] == "amina@courriel.example"
        assert mail["From"] == "Montlucon <emploi@montlucon.fr>"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail.get_content().replace("\r\n", "\n") == HELLO.text

    def test_a_subject_is_one_line(self, config: Config) -> None:
        message = mailing.compose(config, HELLO)
        assert (message["Subject"], message["Bcc"]) == ("Atelier Bcc: tous@example.org", None)

    def test_an_invitation_goes_along(self, config: Config) -> None:
        ics = Enclosure("atelier.ics", "text/calendar; method=REQUEST; charset=UTF-8", b"BEGIN:VCALENDAR\r\n")
        message = mailing.compose(config, Mail("a@b.fr", "Atelier", "À mardi", [ics]))
        (part,) = message.iter_attachments()
        assert (part.get_content_type(), part.get_param("method")) == ("text/calendar", "REQUEST")
        assert part.get_filename() == "atelier.ics"

    def test_a_server_that_is_not_there(self, config: Config, everything_told: Callable[[], str]) -> None:
        with pytest.raises(Unavailable):
            mailing.send(with_mail(config, port=1), HELLO)
        assert "amina" not in everything_told()

    def test_several_go_in_one_conversation_and_one_that_is_refused_keeps_none_back(
        self, config: Config, sink: Sink, everything_told: Callable[[], str]
    ) -> None:
        sink.refused = {"luc@"}
        mails = [Mail(f"{name}@courriel.example", "Atelier", "À mardi") for name in ("amina", "luc", "ines")]
        assert mailing.send_all(config, mails) == [True, False, True]
        assert [mail["To"] for mail in sink.mails] == ["amina@courriel.example", "ines@courriel.example"]
        assert "luc" not in everything_told()

    def test_a_server_that_hangs_up_keeps_what_it_took(self, config: Config, sink: Sink) -> None:
        sink.patience = 1
        assert mailing.send_all(config, [HELLO, HELLO, HELLO]) == [True, False, False]

    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_a_conversation_is_encrypted_with_a_server_that_is_who_it_says(
        self, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
    ) -> None:
        vouched = certificate(tmp_path)
        with smtp_sink(Encryption.of(vouched, security)) as sink:
            over = with_mail(config, port=sink.port, security=security)
            with pytest.raises(Unavailable):
                mailing.send(over, HELLO)
            assert sink.mails == [], "nobody vouches for this server"
            monkeypatch.setenv("SSL_CERT_FILE", str(vouched))
            mailing.send(over, HELLO)
            assert (len(sink.mails), sink.encrypted) == (1, True)

    def test_without_encryption_nothing_is_said_to_a_server_that_should_have_it(
        self, config: Config, sink: Sink
    ) -> None:
        with pytest.raises(Unavailable):
            mailing.send(with_mail(config, port=sink.port, security="starttls"), HELLO)
        assert sink.mails == []

    def test_without_a_server_nothing_is_sent(self, created: Created) -> None:
        config = load(created.config)
        assert not mailing.is_configured(config)
        with pytest.raises(Unavailable, match="n'envoie pas"):
            mailing.send(config, HELLO)

    def test_another_machine_is_never_spoken_to_in_clear(self) -> None:
        with pytest.raises(ValueError, match="tls"):
            MailSection(host="mail.montlucon.fr", sender="a@b.fr", security="none")
        with pytest.raises(ValueError, match="sender"):
            MailSection(host="mail.montlucon.fr")

    def test_its_password_is_in_a_file(self, config: Config) -> None:
        (config.data_dir / "mail-password").write_text("secret\n")
        assert load(config.data_dir / "config.toml").mail_password() == "secret"


class TestLinks:
    def ask(self, town: Town, email: str) -> str:
        return words(town.visitor().send_form("/connexion/demander", email=email))

    def test_a_link_comes_by_mail_and_opens(self, town: Town, sink: Sink) -> None:
        town.account(Role.EMPLOYER)
        assert "Si cette adresse a un compte" in self.ask(town, f" {EMAILS[Role.EMPLOYER].upper()} ")
        (mail,) = sink.mails
        text = french(mail.get_content())
        assert text.startswith("Bonjour Camille Employeur,")
        assert "une seule fois, pendant 30 minutes" in text
        path = re.search(r"http://127\.0\.0\.1:8101(/\S+)", text)
        assert path is not None
        assert town.visitor().send_form(path[1]).status_code == 200

    def test_an_unknown_address_is_told_the_same_and_gets_nothing(self, town: Town, sink: Sink) -> None:
        assert "Si cette adresse a un compte" in self.ask(town, "personne@montlucon.fr")
        assert sink.mails == []

    def test_only_the_last_link_opens(self, town: Town, sink: Sink) -> None:
        town.account(Role.EMPLOYER)
        for _number in range(2):
            self.ask(town, EMAILS[Role.EMPLOYER])
        first, last = (re.findall(r"8101(/\S+)", mail.get_content())[0] for mail in sink.mails)
        assert town.visitor().get(first).status_code == 410
        assert town.visitor().get(last).status_code == 200

    def test_nobody_floods_a_mailbox(self, town: Town, sink: Sink) -> None:
        town.account(Role.EMPLOYER)
        answers = [self.ask(town, EMAILS[Role.EMPLOYER]) for _number in range(21)]
        assert "Trop de liens" in answers[-1]
        assert len(sink.mails) == 20

    def test_what_is_no_address_is_said(self, town: Town, sink: Sink) -> None:
        assert "Indiquez une adresse électronique" in self.ask(town, "amina")
        assert sink.mails == []

    def test_an_invitation_is_mailed_and_shown(self, town: Town, sink: Sink) -> None:
        head = town.signed_in(Role.HEAD)
        made = head.send_form("/comptes/nouveau", name="Ana", email="ana@montlucon.fr", roles="counsellor")
        assert "en route vers ana@montlucon.fr" in words(made)
        assert sink.mails[0]["To"] == "ana@montlucon.fr"

    def test_a_mail_that_does_not_leave_is_handed_over(self, config: Config) -> None:
        with town_of(with_mail(config, port=1)) as town:
            made = town.signed_in(Role.HEAD).send_form(
                "/comptes/nouveau", name="Ana", email="ana@montlucon.fr", roles="counsellor"
            )
            assert "Remettez ce lien vous-même" in words(made)


def test_without_mail_one_is_told_whom_to_ask(created: Created) -> None:
    with town_of(load(created.config)) as town:
        assert "Ce site n'envoie pas de courriel." in town.visitor().text("/connexion/demander")
