"""Mails follow what happened, whoever did it and however: by a page, the API, a command, or by itself."""

import re
from collections.abc import Callable
from datetime import timedelta

from federation.peers.ports import PeerState
from node.mission.accounts.roles import Role
from node.mission.agreements.consent import ConsentScope
from node.mission.happened import HEAD_START, Happened
from node.mission.people.candidate import ERASED_AFTER_NOTICE, INACTIVE_AFTER
from node.scheduler import Scheduler
from node.services.accounts import accounts
from node.services.agreements import erasing
from node.services.listening import PAUSES
from node.services.my_space import telling as own_telling
from node.services.people import files
from node.services.workshops import workshops
from protocol.keys import NodeKeys
from tests.federation.conftest import member_of, seeded
from tests.node.conftest import french
from tests.node.mirrored import put_in_network
from tests.node.registering import register_person
from tests.node.web.conftest import EMAILS, Town, words
from tests.node.web.mail_sink import Sink
from tests.node.web.workshops.test_mails import enrol, invite, planned

GONE = 0
BACK = 1000


def run(town: Town, *names: str, after: timedelta = HEAD_START) -> None:
    """Let time pass, then run these jobs, each a moment after the one before."""
    jobs = {job.name: job for job in Scheduler(town.node).jobs()}
    for name, passed in zip(names, [after, *[HEAD_START] * len(names)], strict=False):
        town.clock.moment += passed
        jobs[name].run()


def link_in(sink: Sink) -> str:
    """Where the last mail leads."""
    (path,) = re.findall(r"http://[^/]+(/\S+)", sink.mails[-1].get_content())
    return str(path)


def test_an_invitation_by_any_door_is_mailed(town: Town, sink: Sink) -> None:
    workshop, aicha = planned(town), enrol(town)
    workshops.invite(town.node.desk, workshop.id, aicha.id, "anne")
    run(town, "events", after=timedelta(0))
    assert sink.mails == [], "whoever did it comes first"
    run(town, "events", "events")
    assert [mail["To"] for mail in sink.mails] == ["aicha@exemple.fr"]
    history = [one.after for one in files.history(town.node.desk, aicha.id) if one.by == "anne"]
    assert any("message envoyé par courriel" in line for line in history)


def test_what_did_not_leave_leaves_by_itself(town: Town, sink: Sink) -> None:
    workshop, aicha = planned(town), enrol(town)
    sink.patience = GONE
    workshops.invite(town.node.desk, workshop.id, aicha.id, "anne")
    run(town, "events")
    sink.patience = BACK
    run(town, "events", after=PAUSES[0] - timedelta(seconds=1))
    assert sink.mails == []
    run(town, "events", after=timedelta(seconds=1))
    assert len(sink.mails) == 1


def test_whoever_was_told_by_voice_meanwhile_is_not_written_to(town: Town, sink: Sink) -> None:
    workshop, aicha, visitor = planned(town), enrol(town), town.signed_in(Role.COUNSELLOR)
    sink.patience = GONE
    visitor.send_form(f"/ateliers/{workshop.id}/inviter", f"/ateliers/{workshop.id}", personne=aicha.id)
    visitor.send_form(f"/ateliers/{workshop.id}/{aicha.id}/prevenu", f"/ateliers/{workshop.id}", revision="0")
    sink.patience = BACK
    run(town, "events", after=PAUSES[-1])
    assert sink.mails == []


def silent(town: Town) -> str:
    """Aïcha, of whom nothing was heard for two years; her id."""
    agreed = {ConsentScope.KEEP: "signé au guichet"}
    fields = {"first_name": "Aïcha", "last_name": "N'Diaye", "email": "aicha@exemple.fr"}
    person = register_person(town.node.desk, fields, "anne", agreements=agreed)
    town.clock.moment += INACTIVE_AFTER + timedelta(days=1)
    return person.id


def test_a_notice_leaves_once_though_the_server_was_gone_and_the_job_came_often(town: Town, sink: Sink) -> None:
    silent(town)
    sink.patience = GONE
    run(town, "retention", "retention", "events")
    sink.patience = BACK
    for _hour in range(5):
        run(town, "retention", "events", after=timedelta(hours=1))
    (mail,) = sink.mails
    assert mail["To"] == "aicha@exemple.fr"
    text = french(mail.get_content())
    assert f"Dans {ERASED_AFTER_NOTICE.days} jours" in text and "/mon-espace/entrer" in text


def test_whoever_answered_or_is_erased_meanwhile_gets_no_notice(town: Town, sink: Sink) -> None:
    answers = silent(town)
    sink.patience = GONE
    run(town, "retention", "events")
    files.seen(town.node.desk, answers)
    sink.patience = BACK
    run(town, "events", after=timedelta(hours=1))
    assert sink.mails == []
    run(town, "retention", "events", after=INACTIVE_AFTER + timedelta(days=1))
    assert len(sink.mails) == 1, "a new silence, a new notice"
    own_telling.give_own_link(town.node.desk, answers)
    erasing.erase(town.node.desk, answers)
    run(town, "events")
    assert len(sink.mails) == 1


def test_a_link_that_was_asked_for_comes_when_the_server_is_back_and_opens(town: Town, sink: Sink) -> None:
    town.account(Role.HEAD)
    sink.patience = GONE
    town.visitor().send_form("/connexion/demander", email=EMAILS[Role.HEAD])
    sink.patience = BACK
    run(town, "events", after=PAUSES[0])
    (mail,) = sink.mails
    assert mail["To"] == EMAILS[Role.HEAD]
    assert "Aujourd'hui" in french(town.visitor().send_form(link_in(sink)).text)


def test_a_link_that_comes_too_late_does_not_come(town: Town, sink: Sink) -> None:
    town.account(Role.HEAD)
    sink.patience = GONE
    town.visitor().send_form("/connexion/demander", email=EMAILS[Role.HEAD])
    sink.patience = BACK
    run(town, "events", after=timedelta(minutes=31))
    assert sink.mails == []


def test_a_closed_account_is_not_written_to(town: Town, sink: Sink) -> None:
    head = town.account(Role.HEAD)
    accounts.open_account(town.node.desk, name="Ali", email="ali@montlucon.fr", roles=[Role.HEAD])
    sink.patience = GONE
    town.visitor().send_form("/connexion/demander", email=EMAILS[Role.HEAD])
    sink.patience = BACK
    accounts.close_account(town.node.desk, head.id)
    run(town, "events", after=PAUSES[0])
    assert sink.mails == []


def test_a_colleague_sees_that_it_did_not_leave_and_it_never_does(town: Town, sink: Sink) -> None:
    counsellor, head = town.account(Role.COUNSELLOR), town.signed_in(Role.HEAD)
    sink.patience = GONE
    page = french(head.send_form(f"/comptes/{counsellor.id}/lien", f"/comptes/{counsellor.id}").text)
    assert "Remettez ce lien vous-même" in page
    sink.patience = BACK
    run(town, "events", after=PAUSES[0])
    assert sink.mails == []
    page = french(head.send_form(f"/comptes/{counsellor.id}/lien", f"/comptes/{counsellor.id}").text)
    assert "Le lien est en route" in page
    assert sink.mails[0]["To"] == EMAILS[Role.COUNSELLOR]
    assert "Aujourd'hui" in french(town.visitor().send_form(link_in(sink)).text)


def test_no_event_has_a_word_about_a_person(town: Town, sink: Sink, everything_told: Callable[[], str]) -> None:
    """Not in the database, not in the log: identifiers and stable words."""
    secrets = ("aicha@", "Aïcha", "N'Diaye", EMAILS[Role.HEAD])
    town.account(Role.HEAD)
    workshop, aicha = planned(town), enrol(town)
    sink.patience = GONE
    workshops.invite(town.node.desk, workshop.id, aicha.id, "anne")
    town.visitor().send_form("/connexion/demander", email=EMAILS[Role.HEAD])
    town.visitor().send_form("/mon-espace/lien", "/mon-espace/entrer", email="AICHA@exemple.fr")
    with town.node.database.read() as uow:
        kept = uow.events.since(0, frozenset(kind for kind in Happened))
    assert len(kept) >= 4
    logged = everything_told()
    assert "event.failed" in logged
    assert not any(secret in f"{kept}{logged}" for secret in secrets)


def test_a_node_without_mail_keeps_no_mail_for_later(town: Town) -> None:
    workshop, aicha, visitor = planned(town), enrol(town), town.signed_in(Role.COUNSELLOR)
    visitor.send_form(f"/ateliers/{workshop.id}/inviter", f"/ateliers/{workshop.id}", personne=aicha.id)
    visitor.send_form("/connexion/demander", email=EMAILS[Role.COUNSELLOR])
    with town.node.database.read() as uow:
        assert uow.events.since(0, frozenset({Happened.WORKSHOP_UNTOLD})), "it happened all the same"
        assert not uow.events.due(town.node.now() + timedelta(days=1))


def test_a_page_speaks_of_the_person_who_was_invited(town: Town, sink: Sink) -> None:
    """Not of somebody else, to whom an earlier mail leaves at the same time."""
    workshop, visitor = planned(town), town.signed_in(Role.COUNSELLOR)
    aicha, bob, carole = enrol(town), enrol(town, "Bob", ""), enrol(town, "Carole", "carole@exemple.fr")
    sink.refused = {"aicha@"}
    assert "n'est pas partie" in invite(visitor, workshop, aicha)
    sink.refused = set()
    assert "partie par courriel" not in invite(visitor, workshop, bob)
    assert [mail["To"] for mail in sink.mails] == ["aicha@exemple.fr"]
    sink.refused = {"carole@"}
    assert "n'est pas partie" in invite(visitor, workshop, carole)


def test_somebody_invited_later_waits_for_no_address_that_is_refused(town: Town, sink: Sink) -> None:
    workshop, aicha, carole = planned(town), enrol(town), enrol(town, "Carole", "carole@exemple.fr")
    sink.refused = {"aicha@"}
    workshops.invite(town.node.desk, workshop.id, aicha.id, "anne")
    for pause in PAUSES[:5]:
        run(town, "events", after=pause)
    workshops.invite(town.node.desk, workshop.id, carole.id, "anne")
    run(town, "events")
    assert [mail["To"] for mail in sink.mails] == ["carole@exemple.fr"]


def test_a_notice_outlives_a_clock_that_was_a_year_ahead(town: Town, sink: Sink) -> None:
    silent(town)
    moment, peer = town.clock.moment, member_of(NodeKeys.generate("bayonne.emploi.example", seeded(9)))
    put_in_network(town.node, moment + timedelta(days=700), moment, [peer])
    with town.node.database.write() as uow:
        uow.peers.save(PeerState(peer=peer.id, due=moment, last_success=moment))
    sink.patience = GONE
    run(town, "retention", "events")
    town.clock.moment += timedelta(days=365)
    run(town, "events")
    town.clock.moment -= timedelta(days=365)
    sink.patience = BACK
    run(town, "events")
    assert len(sink.mails) == 1


def test_whoever_asks_again_and_again_gets_one_mail_with_a_link_that_opens(town: Town, sink: Sink) -> None:
    person = enrol(town)
    town.account(Role.HEAD)
    sink.patience = GONE
    for _time in range(4):
        town.visitor().send_form("/connexion/demander", email=EMAILS[Role.HEAD])
        town.visitor().send_form("/mon-espace/lien", "/mon-espace/entrer", email=person.email)
    sink.patience = BACK
    run(town, "events", after=PAUSES[0])
    assert sorted(mail["To"] for mail in sink.mails) == sorted([EMAILS[Role.HEAD], person.email])
    town.visitor().send_form("/connexion/demander", email=EMAILS[Role.HEAD])
    assert "Aujourd'hui" in french(town.visitor().send_form(link_in(sink)).text)
    assert len(sink.mails) == 3


def test_what_a_page_says_did_not_leave_does_not_though_something_waits_before_it(town: Town, sink: Sink) -> None:
    counsellor, head, person = town.account(Role.COUNSELLOR), town.signed_in(Role.HEAD), enrol(town)
    town.account(Role.COUNSELLOR)
    sink.patience = GONE
    town.visitor().send_form("/connexion/demander", email=EMAILS[Role.COUNSELLOR])
    town.visitor().send_form("/mon-espace/lien", "/mon-espace/entrer", email=person.email)
    page = french(head.send_form(f"/comptes/{counsellor.id}/lien", f"/comptes/{counsellor.id}").text)
    assert "Remettez ce lien vous-même" in page
    page = words(head.send_form(f"/candidats/{person.id}/acces/lien", f"/candidats/{person.id}"))
    assert "Le courriel n'a pas pu partir" in page
    sink.patience = BACK
    run(town, "events", after=PAUSES[0])
    run(town, "events", after=PAUSES[1])
    assert len(sink.mails) == 2, "what the two asked for themselves"


def test_the_link_shown_and_the_link_mailed_each_open_once(town: Town, sink: Sink) -> None:
    counsellor, head = town.account(Role.COUNSELLOR), town.signed_in(Role.HEAD)
    page = head.send_form(f"/comptes/{counsellor.id}/lien", f"/comptes/{counsellor.id}").text
    (shown,) = re.findall(r'id="lien">http://[^/]+(/[^<]+)<', page)
    assert shown != link_in(sink), "what is mailed is kept nowhere, so that it cannot be the same"
    for link in (shown, link_in(sink)):
        assert "Aujourd'hui" in french(town.visitor().send_form(link).text)
        assert town.visitor().get(link).status_code == 410
