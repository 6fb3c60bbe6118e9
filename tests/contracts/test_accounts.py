"""Accounts, sessions, links, what was typed too late, and the trail."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.mission.accounts.account import Account, AccountState, Attempts, KeptForm, LinkPurpose, MagicLink, Session
from node.mission.accounts.roles import Role
from node.mission.accounts.trail import Access, OpenedFor
from node.storage import AlreadyThere, Missing, SqlDatabase
from tests.contracts.databases import NOW

KARIMA = Account(
    id="a-karima",
    email="k.benali@drancy.fr",
    name="Karima Benali",
    roles=frozenset({Role.COUNSELLOR, Role.HEAD}),
    created=NOW,
    password="$argon2id$x",
    totp="JBSWY3DPEHPK3PXP",
    totp_step=57_000_000,
    recovery=("d1", "d2"),
    language="fr",
    identity="i-karima",
)
LUDOVIC = Account(
    id="a-ludovic",
    email="l.chauvet@pare-brise.example",
    name="Ludovic N'Guyen-Chauvet",
    roles=frozenset({Role.EMPLOYER}),
    created=NOW,
    employer="Pare-Brise France",
)


def session(number: int, *, account: str = "", candidate: str = "") -> Session:
    made = NOW + timedelta(minutes=number)
    return Session(f"s{number}", account, candidate, made, made + timedelta(hours=8), "Firefox, Linux")


def link(number: int, purpose: LinkPurpose, subject: str) -> MagicLink:
    return MagicLink(f"l{number}", purpose, subject, NOW, NOW + timedelta(minutes=30))


def test_an_account_comes_back_as_it_was(database: SqlDatabase) -> None:
    with database.read() as uow:
        assert not uow.accounts.any()
    with database.write() as uow:
        uow.accounts.add(KARIMA)
        uow.accounts.add(LUDOVIC)
    with database.read() as uow:
        assert uow.accounts.any()
        assert uow.accounts.get("a-karima") == KARIMA
        assert uow.accounts.by_email("l.chauvet@pare-brise.example") == LUDOVIC
        assert uow.accounts.by_email("nobody@drancy.fr") is None
        assert uow.accounts.by_identity("i-karima") == KARIMA
        assert uow.accounts.by_identity("") is None
        assert uow.accounts.get("nobody") is None
        assert list(uow.accounts.all()) == [KARIMA, LUDOVIC]


def test_an_account_changes_as_a_whole(database: SqlDatabase) -> None:
    changed = replace(KARIMA, roles=frozenset({Role.COUNSELLOR}), recovery=("d2",), state=AccountState.CLOSED)
    with database.write() as uow:
        uow.accounts.add(KARIMA)
        uow.accounts.save(changed)
    with database.read() as uow:
        assert uow.accounts.get("a-karima") == changed
    with pytest.raises(Missing), database.write() as uow:
        uow.accounts.save(LUDOVIC)


def test_one_e_mail_is_one_account(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.accounts.add(KARIMA)
    with pytest.raises(AlreadyThere), database.write() as uow:
        uow.accounts.add(replace(LUDOVIC, email=KARIMA.email))


def test_one_identity_is_one_account_and_many_have_none(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.accounts.add(KARIMA)
        uow.accounts.add(LUDOVIC)
        uow.accounts.add(replace(LUDOVIC, id="a-other", email="other@pare-brise.example"))
    with pytest.raises(AlreadyThere), database.write() as uow:
        uow.accounts.save(replace(LUDOVIC, identity=KARIMA.identity))
    with database.write() as uow:
        uow.accounts.save(replace(KARIMA, identity=""))
        uow.accounts.save(replace(LUDOVIC, identity=KARIMA.identity))
    with database.read() as uow:
        found = uow.accounts.by_identity(KARIMA.identity)
        assert found is not None
        assert found.id == LUDOVIC.id


def test_what_a_provider_wants_back_stays_with_session_and_link(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.accounts.add_session(replace(session(1, account="a1"), id_token="e30.e30.sig"))
        uow.accounts.add_link(replace(link(1, LinkPurpose.SECOND_STEP, "a1"), id_token="e30.e30.sig"))
    with database.read() as uow:
        (kept,) = uow.accounts.sessions(account="a1")
        (waiting,) = uow.accounts.links(LinkPurpose.SECOND_STEP, "a1")
        assert (kept.id_token, waiting.id_token) == ("e30.e30.sig", "e30.e30.sig")


def test_sessions_are_their_owners(database: SqlDatabase) -> None:
    with database.write() as uow:
        for one in (session(1, account="a1"), session(2, account="a1"), session(3, candidate="p1")):
            uow.accounts.add_session(one)
    with database.write() as uow:
        assert [one.id for one in uow.accounts.sessions(account="a1")] == ["s2", "s1"]
        assert [one.id for one in uow.accounts.sessions(candidate="p1")] == ["s3"]
        longer = replace(session(1, account="a1"), expires=NOW + timedelta(days=1))
        uow.accounts.save_session(longer)
        assert uow.accounts.session("s1") == longer
        assert uow.accounts.end_session("s2", NOW)
        assert not uow.accounts.end_session("s2", NOW)
    with database.read() as uow:
        ended = uow.accounts.session("s2")
        assert ended is not None and not ended.is_open(NOW), "its row stays for what was typed in it"


def test_all_sessions_but_one_end(database: SqlDatabase) -> None:
    with database.write() as uow:
        for number in range(4):
            uow.accounts.add_session(session(number, account="a1"))
        uow.accounts.add_session(session(9, account="a2"))
        assert uow.accounts.end_sessions(NOW, account="a1", but="s3") == 3
        assert [one.id for one in uow.accounts.sessions(account="a1") if one.is_open(NOW)] == ["s3"]
        assert len(uow.accounts.sessions(account="a2")) == 1


def test_links_are_used_and_cancelled(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.accounts.add_link(link(1, LinkPurpose.SIGN_IN, "a1"))
        uow.accounts.add_link(link(2, LinkPurpose.SIGN_IN, "a2"))
        uow.accounts.add_link(link(3, LinkPurpose.INVITATION, "a1"))
    with database.write() as uow:
        uow.accounts.use_link("l1", NOW)
        assert uow.accounts.link("l1") == replace(link(1, LinkPurpose.SIGN_IN, "a1"), used=NOW)
        uow.accounts.cancel_links(LinkPurpose.SIGN_IN, "a1")
        assert [uow.accounts.link(one) is None for one in ("l1", "l2", "l3")] == [True, False, False]


def test_links_change_hands(database: SqlDatabase) -> None:
    with database.write() as uow:
        for number, purpose in ((1, LinkPurpose.PAPER), (2, LinkPurpose.CARD), (3, LinkPurpose.PAPER)):
            uow.accounts.add_link(link(number, purpose, f"p{number}"))
    with database.write() as uow:
        assert uow.accounts.link("l1") == link(1, LinkPurpose.PAPER, "p1")
        uow.belongings.give({"link": ("l1", "l9")}, "p1", "p3")
        uow.belongings.give({"link": ("l2",)}, "p1", "p3")
        assert uow.accounts.link("l1") == link(1, LinkPurpose.PAPER, "p3")
        assert uow.accounts.link("l2") == link(2, LinkPurpose.CARD, "p2")
        assert {one.id for one in uow.accounts.links(LinkPurpose.PAPER, "p3")} == {"l1", "l3"}
        uow.accounts.forget_candidate("p3")
    with database.read() as uow:
        assert [uow.accounts.link(one) is None for one in ("l1", "l2", "l3")] == [True, False, True]


def test_links_are_dropped_one_by_one(database: SqlDatabase) -> None:
    with database.write() as uow:
        for number in (1, 2):
            uow.accounts.add_link(link(number, LinkPurpose.PAPER, "p1"))
        assert uow.accounts.link("l1") is not None
        uow.accounts.drop_links(["l1", "l9"])
        uow.accounts.drop_links([])
        assert [one.id for one in uow.accounts.links(LinkPurpose.PAPER, "p1")] == ["l2"]
        assert uow.accounts.link("l1") is None


def test_the_trail_is_read_newest_first(database: SqlDatabase) -> None:
    lines = [
        Access(NOW + timedelta(minutes=number), f"a{number % 2}", "Karima Benali", f"p{number % 3}", OpenedFor.READ)
        for number in (3, 1, 2, 5, 4, 0)
    ]
    with database.write() as uow:
        for line in lines:
            uow.accounts.record_access(line)
    newest = sorted(lines, key=lambda line: line.at, reverse=True)
    with database.read() as uow:
        assert list(uow.accounts.accesses()) == newest
        assert list(uow.accounts.accesses(limit=2)) == newest[:2]
        assert list(uow.accounts.accesses(account="a1")) == [line for line in newest if line.account == "a1"]
        assert list(uow.accounts.accesses_to("p2")) == [line for line in newest if line.candidate == "p2"]


def test_an_erased_person_leaves_no_session_link_line_or_form(database: SqlDatabase) -> None:
    with database.write() as uow:
        for person in ("p1", "p2"):
            uow.accounts.add_session(replace(session(1, candidate=person), id=f"s-{person}"))
            uow.accounts.add_link(replace(link(1, LinkPurpose.PAPER, person), id=f"l-{person}"))
            uow.accounts.record_access(Access(NOW, "a1", "Karima Benali", person, OpenedFor.READ))
            uow.accounts.keep_form(KeptForm(f"f-{person}", person, "/mon-espace/donnees", (("phone", "0611"),), NOW))
        uow.accounts.forget_candidate("p1")
    with database.read() as uow:
        assert [uow.accounts.session(f"s-{person}") is None for person in ("p1", "p2")] == [True, False]
        assert [uow.accounts.link(f"l-{person}") is None for person in ("p1", "p2")] == [True, False]
        assert [uow.accounts.kept_form(f"f-{person}") is None for person in ("p1", "p2")] == [True, False]
        assert [line.candidate for line in uow.accounts.accesses()] == ["p2"]


def test_what_was_typed_comes_back(database: SqlDatabase) -> None:
    form = KeptForm("f1", "a1", "/partenaires", (("name", "Garage « L'Étoile »"), ("name", "2"), ("note", "")), NOW)
    with database.write() as uow:
        uow.accounts.keep_form(form)
    with database.write() as uow:
        assert uow.accounts.kept_form("f1") == form
        uow.accounts.drop_form("f1")
        uow.accounts.drop_form("f1")
        assert uow.accounts.kept_form("f1") is None


def test_attempts_are_counted_and_cleared(database: SqlDatabase) -> None:
    attempts = Attempts("key", 5, NOW, NOW + timedelta(minutes=1))
    with database.write() as uow:
        assert uow.accounts.attempts("key") is None
        uow.accounts.save_attempts(replace(attempts, failures=4, locked_until=None))
        uow.accounts.save_attempts(attempts)
    with database.write() as uow:
        assert uow.accounts.attempts("key") == attempts
        uow.accounts.clear_attempts("key")
        assert uow.accounts.attempts("key") is None


def test_what_is_past_its_time_goes(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.accounts.add_session(session(1, account="a1"))
        uow.accounts.add_link(link(1, LinkPurpose.SIGN_IN, "a1"))
        uow.accounts.keep_form(KeptForm("f1", "a1", "/", (("a", "b"),), NOW))
        uow.accounts.save_attempts(Attempts("key", 1, NOW))
        uow.accounts.record_access(Access(NOW, "a1", "Karima Benali", "p1", OpenedFor.READ))
    for days, left in ((0, (True, True, True, True, 1)), (2, (False, False, False, False, 1))):
        with database.write() as uow:
            uow.accounts.purge(NOW + timedelta(days=days))
            assert (
                uow.accounts.session("s1") is not None,
                uow.accounts.link("l1") is not None,
                uow.accounts.kept_form("f1") is not None,
                uow.accounts.attempts("key") is not None,
                len(uow.accounts.accesses()),
            ) == left
    with database.write() as uow:
        uow.accounts.purge(NOW + timedelta(days=366))
        assert list(uow.accounts.accesses()) == []
