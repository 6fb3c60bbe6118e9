"""Sendings to local employers: whole, by code, link and forward; their words; what is forgotten."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from node.mission.employers.sending import EmployerWord, Sending, SendingContact, SendingPart, SendingWay, WordWay
from node.storage import AlreadyThere, Missing, SqlDatabase
from tests.contracts.databases import MONTLUCON, NOW

HOUR = timedelta(hours=1)
PRESELECTION = Sending(
    id="s1",
    code="K7PXM2QD",
    offer=f"{MONTLUCON}/o-boucher",
    way=SendingWay.MAIL,
    contact=SendingContact(name="Mme Roche", email="roche@boucherie.example", address="3 rue de la Gare\n03100"),
    made=NOW,
    by="anne",
    until=NOW + timedelta(days=60),
    parts=(
        SendingPart(forward="f2", checked=(("met_in_person", date(2026, 11, 20)), ("licence", date(2026, 11, 23)))),
        SendingPart(forward="f1"),
    ),
)
LETTER = replace(
    PRESELECTION, id="s2", code="AAAA2222", way=SendingWay.LETTER, made=NOW + HOUR, parts=PRESELECTION.parts[1:]
)
SAID = EmployerWord(id="w1", sending="s1", way=WordWay.MAIL, at=NOW + HOUR, text="Je reçois les deux jeudi.")


@pytest.fixture
def town(database: SqlDatabase) -> SqlDatabase:
    with database.write() as uow:
        uow.sendings.add(PRESELECTION)
        uow.sendings.add(LETTER)
    return database


def test_a_sending_is_kept_with_its_people_in_order(town: SqlDatabase) -> None:
    first, second = PRESELECTION.parts
    changed = replace(
        PRESELECTION,
        mailed=NOW,
        ended=NOW + HOUR,
        with_cvs=True,
        parts=(replace(first, asked_back=NOW, told=NOW + HOUR), replace(second, longer=NOW + 99 * HOUR)),
    )
    with town.write() as uow:
        assert uow.sendings.get("s1") == PRESELECTION
        uow.sendings.save(changed)
    with town.read() as uow:
        assert uow.sendings.get("s1") == uow.sendings.by_code("K7PXM2QD") == changed
        assert uow.sendings.get("s9") is uow.sendings.by_code("K7PXM2QE") is None
    with pytest.raises(Missing), town.write() as uow:
        uow.sendings.save(replace(changed, id="s9"))


def test_no_two_sendings_have_one_code(town: SqlDatabase) -> None:
    with pytest.raises(AlreadyThere), town.write() as uow:
        uow.sendings.add(replace(PRESELECTION, id="s9"))


def test_a_sending_is_found_by_each_of_its_links_and_by_its_people(town: SqlDatabase) -> None:
    with town.write() as uow:
        for digest in ("d1", "d2"):
            uow.sendings.add_link(digest, "s1", NOW)
    with town.read() as uow:
        assert uow.sendings.by_link("d1") == uow.sendings.by_link("d2") == PRESELECTION
        assert uow.sendings.by_link("d3") is None
        assert uow.sendings.of_forward("f1") == [LETTER, PRESELECTION]
        assert uow.sendings.of_forward("f2") == [PRESELECTION]


def test_whoever_is_still_to_be_asked_for_destruction_is_found(town: SqlDatabase) -> None:
    (asked,) = (replace(one, asked_back=NOW) for one in LETTER.parts)
    with town.write() as uow:
        assert uow.sendings.asking_back() == []
        uow.sendings.save(LETTER.with_part(asked))
        assert uow.sendings.asking_back() == [LETTER.with_part(asked)]
        uow.sendings.save(LETTER.with_part(replace(asked, told=NOW)))
        assert uow.sendings.asking_back() == []


def test_a_mail_that_has_not_left_is_found_while_its_link_would_stand(town: SqlDatabase) -> None:
    later, end = NOW + HOUR, PRESELECTION.until
    with town.write() as uow:
        assert uow.sendings.unmailed(later, later) == [PRESELECTION], "letters are no mails"
        assert uow.sendings.unmailed(NOW, later) == uow.sendings.unmailed(later, end) == []
        for settled in (replace(PRESELECTION, mailed=NOW), replace(PRESELECTION, ended=NOW)):
            uow.sendings.save(settled)
            assert uow.sendings.unmailed(later, later) == []


def test_an_employers_words_wait_until_they_are_settled(town: SqlDatabase) -> None:
    later = replace(SAID, id="w2", forward="f1", way=WordWay.LINK, at=NOW + 2 * HOUR, settled=NOW, by="employer")
    with town.write() as uow:
        assert uow.sendings.add_word(later)
        assert uow.sendings.add_word(SAID)
        assert not uow.sendings.add_word(replace(SAID, text="Deux fois le même courriel."))
        assert uow.sendings.words_of("s1") == [SAID, later]
        assert uow.sendings.unsettled(NOW) == [SAID]
        assert uow.sendings.unsettled(NOW + 2 * HOUR) == []
        uow.sendings.settle("w1", NOW + 3 * HOUR, "anne")
    with town.read() as uow:
        assert uow.sendings.unsettled(NOW) == []
        assert uow.sendings.words_of("s1")[0] == replace(SAID, settled=NOW + 3 * HOUR, by="anne")


def test_of_an_erased_person_no_word_stays_and_what_is_of_others_does(town: SqlDatabase) -> None:
    with town.write() as uow:
        uow.sendings.add_word(SAID)
        uow.sendings.add_word(replace(SAID, id="w3", sending="s2"))
        uow.sendings.forget_person(["f2"])
    with town.read() as uow:
        known = uow.sendings.get("s1")
        assert known is not None
        assert [one.checked for one in known.parts] == [(), ()]
        assert [one.text for one in uow.sendings.words_of("s1")] == [""]
        assert [one.text for one in uow.sendings.words_of("s2")] == [SAID.text]


def test_sendings_of_long_ago_are_forgotten_with_all_that_hangs_on_them(town: SqlDatabase) -> None:
    with town.write() as uow:
        uow.sendings.add_link("d1", "s1", NOW)
        uow.sendings.add_word(SAID)
        uow.sendings.save(replace(LETTER, until=NOW + timedelta(days=90)))
        assert uow.sendings.forget_before(PRESELECTION.until + HOUR) == 1
    with town.read() as uow:
        assert uow.sendings.get("s1") is uow.sendings.by_link("d1") is None
        assert uow.sendings.words_of("s1") == []
        assert uow.sendings.get("s2") is not None
