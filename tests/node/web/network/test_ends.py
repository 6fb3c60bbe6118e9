"""What pages and mails say of ends, and to whom: whoever may act, in plain words, and nobody else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from node import mailing
from node.config import load
from node.mission.accounts.roles import Role
from node.mission.happened import HEAD_START
from node.scheduler import Scheduler
from node.services.accounts import accounts
from node.services.listening import HOLD, PAUSES, deliver
from node.services.network import ends_telling
from node.services.network.ends_telling import tell_ends
from node.services.network.founding import Created
from tests.federation.conftest import NOW
from tests.node.conftest import french
from tests.node.mirrored import put_in_network, verified
from tests.node.test_mailing import with_mail
from tests.node.web.conftest import EMAILS, Town, town_of
from tests.node.web.mail_sink import Sink, smtp_sink
from tests.node.web.markup import faults

DAY = timedelta(days=1)
KEYS = "Vos clés de signature"
LIST = "La liste des membres du réseau"
COMMAND = "maillon keys rotate --purpose all"
FIRST_PAGES = {Role.HEAD: "/aujourdhui", Role.ADMINISTRATOR: "/comptes", Role.COORDINATOR: "/etat"}
NEVER_SAID = ("nœud", "époque", "checkpoint", "journal", "maillon ")


def notice(town: Town, role: Role, path: str) -> str:
    """The notices of that page; the page itself is sound."""
    answer = town.signed_in(role).get(path)
    assert answer.status_code == 200 and faults(answer.text) == []
    parts = answer.text.split('<div class="notice tone-')[1:]
    return french("\n".join(part.partition("</div></div>")[0] for part in parts)).replace("&#39;", "'")


class TestPages:
    def test_from_sixty_days_before_and_no_day_earlier(self, town: Town) -> None:
        put_in_network(town.node, NOW + 61 * DAY, NOW)
        for role, path in FIRST_PAGES.items():
            assert notice(town, role, path) == ""
        town.clock.moment = NOW + DAY
        verified(town.node, town.clock.moment)
        for role, path in FIRST_PAGES.items():
            said = notice(town, role, path)
            assert f"{KEYS} ne sont valables que jusqu'au 23 janvier 2027." in said
            assert (COMMAND in said) is (role is not Role.HEAD)
            assert said.startswith("warning")

    def test_a_head_reads_who_does_it_and_no_words_of_machines(self, town: Town) -> None:
        put_in_network(town.node, NOW + 60 * DAY, NOW - 360 * DAY)
        said = notice(town, Role.HEAD, "/aujourdhui")
        assert "Votre administrateur ou administratrice doit s'en charger." in said
        assert f"{LIST} n'est valable que jusqu'au 28 novembre 2026." in said
        assert said.count(LIST) == 1, "root and targets are one thing to a person"
        assert not [word for word in NEVER_SAID if word in said]

    def test_who_cannot_act_is_not_told(self, town: Town) -> None:
        put_in_network(town.node, NOW - DAY, NOW)
        assert KEYS not in town.signed_in(Role.COUNSELLOR).text("/aujourdhui")
        for role in (Role.COUNSELLOR, Role.EMPLOYER):
            assert KEYS not in town.signed_in(role).text("/etat")
        assert KEYS not in town.visitor().text("/etat")
        assert notice(town, Role.HEAD, "/aujourdhui").startswith("danger")

    def test_an_expired_directory_is_one_sentence_to_everybody_on_its_page(self, town: Town) -> None:
        put_in_network(town.node, NOW + 500 * DAY, NOW - 366 * DAY)
        for page in (town.visitor().text("/etat"), town.signed_in(Role.HEAD).text("/etat")):
            assert page.count(f"{LIST} n'est plus valable depuis le 22 novembre 2026.") == 1
            assert page.count("Aucun nouveau membre n'est pris en compte ; tout le reste continue.") == 1
        assert f"{LIST} n'est plus valable" in notice(town, Role.HEAD, "/aujourdhui")

    def test_a_directory_that_could_not_be_verified(self, town: Town) -> None:
        put_in_network(town.node, NOW + 500 * DAY, NOW)
        verified(town.node, NOW - 3 * DAY)
        for page in (town.visitor().text("/etat"), town.signed_in(Role.ADMINISTRATOR).text("/etat")):
            assert page.count(f"{LIST} n'a pas pu être vérifiée depuis le 20 novembre 2026.") == 1
        assert "écrivez-lui" in notice(town, Role.ADMINISTRATOR, "/comptes")

    def test_other_pages_say_it_in_their_language(self, town: Town) -> None:
        put_in_network(town.node, NOW + 10 * DAY, NOW)
        page = town.signed_in(Role.HEAD, **{"Accept-Language": "en"}).text("/aujourdhui")
        assert "Your signing keys are valid until December 3, 2026." in page


@pytest.fixture
def sink() -> Iterator[Sink]:
    with smtp_sink() as opened:
        yield opened


@pytest.fixture
def mailed(created: Created, sink: Sink) -> Iterator[Town]:
    """A town with a mail server, a head, an administrator and a counsellor; its keys end in 60 days."""
    with town_of(with_mail(load(created.config), port=sink.port)) as town:
        for role in (Role.HEAD, Role.ADMINISTRATOR, Role.COUNSELLOR):
            town.account(role)
        put_in_network(town.node, NOW + 60 * DAY, NOW)
        yield town


def run_on(town: Town, sink: Sink, days: float) -> int:
    """How many mails come on that day after the stories' noon, though each job runs twice."""
    before = len(sink.mails)
    moment = NOW + days * DAY
    verified(town.node, moment)
    jobs = {job.name: job for job in Scheduler(town.node).jobs()}
    for name, town.clock.moment in (("ends", moment - HEAD_START), ("events", moment)):
        jobs[name].run()
        jobs[name].run()
    return len(sink.mails) - before


class TestMails:
    def test_each_stage_is_written_once_to_whoever_may_act(self, mailed: Town, sink: Sink) -> None:
        days = [day for day in range(-1, 85) if run_on(mailed, sink, day) == 2]
        assert days == [0, 30, 46, 53, 57, 59, 60, 68, 75, 82]
        assert {mail["To"] for mail in sink.mails} == {EMAILS[Role.HEAD], EMAILS[Role.ADMINISTRATOR]}
        assert len(sink.mails) == 2 * len(days)

    def test_the_text_says_when_what_and_who(self, mailed: Town, sink: Sink) -> None:
        run_on(mailed, sink, 0)
        by_reader = {mail["To"]: french(mail.get_content().replace("\r\n", "\n")) for mail in sink.mails}
        assert sink.mails[0]["Subject"].replace("\xa0", " ") == "Montlucon : à faire avant le 22 janvier 2027"
        head, administrator = by_reader[EMAILS[Role.HEAD]], by_reader[EMAILS[Role.ADMINISTRATOR]]
        assert head == (
            "Bonjour,\n\nVos clés de signature ne sont valables que jusqu'au 22 janvier 2027.\nEnsuite, les échanges "
            "avec les autres membres s'arrêtent.\nVotre administrateur ou administratrice doit s'en charger.\n\n"
            "Montlucon\n"
        )
        assert administrator.endswith(f"Commande à lancer :\n{COMMAND}\n\nMontlucon\n")
        run_on(mailed, sink, 61)
        assert sink.mails[-1]["Subject"].replace("\xa0", " ") == "Montlucon : une échéance est passée"

    def test_a_node_that_was_off_says_the_present_stage_alone(self, mailed: Town, sink: Sink) -> None:
        assert run_on(mailed, sink, 50) == 2
        assert run_on(mailed, sink, 52) == 0

    def test_a_restart_repeats_nothing(self, mailed: Town, sink: Sink, created: Created) -> None:
        assert run_on(mailed, sink, 0) == 2
        with town_of(mailed.node.config) as again:
            assert run_on(again, sink, 1) == 0

    def test_a_new_end_has_its_own_stages(self, mailed: Town, sink: Sink) -> None:
        assert run_on(mailed, sink, 59.5) == 2
        put_in_network(mailed.node, NOW + 120 * DAY, NOW)
        assert [day for day in range(60, 92) if run_on(mailed, sink, day)] == [60, 90]

    def test_a_clock_a_year_ahead_and_back_keeps_no_mail_back(self, mailed: Town, sink: Sink) -> None:
        assert run_on(mailed, sink, 365) == 2
        assert [day for day in range(0, 62) if run_on(mailed, sink, day)] == [0, 30, 46, 53, 57, 59, 60]

    def test_a_server_that_is_gone_is_tried_again(self, mailed: Town, sink: Sink) -> None:
        sink.patience = 0
        assert run_on(mailed, sink, 0) == 0
        sink.patience = 1000
        mailed.clock.moment += PAUSES[0]
        deliver(mailed.node)
        assert len(sink.mails) == 2
        assert run_on(mailed, sink, 1) == 0

    def test_an_address_that_is_refused_keeps_nobody_else_waiting(self, mailed: Town, sink: Sink) -> None:
        sink.refused = {EMAILS[Role.HEAD]}
        assert run_on(mailed, sink, 0) == 1
        assert run_on(mailed, sink, 1) == 0

    def test_closed_accounts_are_not_written_to(self, mailed: Town, sink: Sink) -> None:
        accounts.open_account(mailed.node.desk, name="Ali", email="ali@montlucon.fr", roles=[Role.HEAD])
        accounts.close_account(mailed.node.desk, mailed.account(Role.HEAD).id)
        assert run_on(mailed, sink, 0) == 2

    def test_a_death_between_mail_and_note_brings_it_twice_rather_than_never(
        self, mailed: Town, sink: Sink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sending = mailing.send_all

        def die(*given: object) -> None:
            sending(*given)  # type: ignore[arg-type]
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(mailing, "send_all", die)
            tell_ends(mailed.node)
            mailed.clock.moment += HEAD_START
            with pytest.raises(KeyboardInterrupt):
                deliver(mailed.node)
        assert len(sink.mails) == 2
        mailed.clock.moment += HOLD
        deliver(mailed.node)
        assert len(sink.mails) == 4
        assert run_on(mailed, sink, 1) == 0


def test_the_log_has_words_and_numbers_alone(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[tuple[str, dict[str, object]]] = []

    class Log:
        def warning(self, event: str, **fields: object) -> None:
            written.append((event, fields))

    monkeypatch.setattr(ends_telling, "log", Log())
    town.account(Role.HEAD)
    put_in_network(town.node, NOW + 10 * DAY, NOW - 366 * DAY)
    tell_ends(town.node)
    assert written == [
        ("ends.soon", {"what": what, "who_acts": who, "days": days})
        for what, who, days in (
            ("directory.root", "coordinator", -1),
            ("directory.targets", "coordinator", -1),
            ("keys", town.node.config.node.id, 10),
        )
    ]
