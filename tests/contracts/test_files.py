"""What a person's file holds beside the CV."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from node.mission.duplicates.merge import Merge
from node.mission.people.contacts import Contact, ContactChannel
from node.mission.people.history import Change
from node.mission.people.partners import (
    Eligibility,
    Help,
    Local,
    Obstacle,
    ObstacleKind,
    Partner,
    Referral,
    ReferralState,
)
from node.mission.workshops.workshop import Place
from node.storage import AlreadyThere, Missing, SqlDatabase
from tests.contracts.databases import NOW
from tests.contracts.test_candidates import AMINA, BRUNO, TODAY

DAY = timedelta(days=1)
CALL = Contact(
    id="k1",
    candidate="c-amina",
    written=NOW,
    on=TODAY,
    by="anne",
    channel=ContactChannel.PHONE,
    text="Disponible en décembre.",
    next_step="Rappeler",
    next_on=TODAY + DAY,
    next_owner="anne",
)
LOCAL = Local(
    obstacles=(
        Obstacle(kind=ObstacleKind.MOBILITY, note="Pas de permis", since=TODAY),
        Obstacle(kind=ObstacleKind.DIGITAL, since=TODAY, solved_on=TODAY),
    ),
    eligibilities=frozenset({Eligibility.RSA, Eligibility.QPV}),
    note="Suivie par le CCAS.",
)
GARAGE = Partner(id="p1", name="Garage solidaire", helps=frozenset({Help.MOBILITY, Help.PLIE}), phone="0470000000")
REFERRAL = Referral(
    id="r1",
    candidate="c-amina",
    partner="p1",
    help=Help.MOBILITY,
    on=TODAY,
    by="anne",
    why="Permis",
    follow_up_on=TODAY,
)


@pytest.fixture
def town(database: SqlDatabase) -> SqlDatabase:
    with database.write() as uow:
        uow.candidates.add(AMINA)
        uow.candidates.add(BRUNO)
        uow.files.save_partner(GARAGE)
    return database


def test_contacts_newest_first(town: SqlDatabase) -> None:
    older = replace(CALL, id="k2", on=TODAY - DAY, next_step="", next_on=None, next_owner="")
    later_written = replace(older, id="k0", written=NOW + DAY, channel=ContactChannel.NOTE)
    with town.write() as uow:
        for one in (older, CALL, later_written):
            uow.files.add_contact(one)
    with town.write() as uow:
        assert uow.files.contacts_of("c-amina") == [CALL, later_written, older]
        assert uow.files.contact("k2") == older
        assert uow.files.contact("k9") is None
        uow.files.save_contact(replace(CALL, done_on=TODAY))
        assert uow.files.contact("k1") == replace(CALL, done_on=TODAY)
    with pytest.raises(Missing), town.write() as uow:
        uow.files.save_contact(replace(CALL, id="k9"))


def test_a_note_or_a_letter_is_no_meeting(town: SqlDatabase) -> None:
    with town.write() as uow:
        assert uow.files.last_met("c-amina") is None
        assert uow.files.days_met(["c-amina"]) == {}
        uow.files.add_contact(replace(CALL, id="k2", on=TODAY - 3 * DAY))
        uow.files.add_contact(replace(CALL, id="k3", on=TODAY - 2 * DAY, channel=ContactChannel.IN_PERSON))
        uow.files.add_contact(replace(CALL, id="k4", channel=ContactChannel.LETTER))
        uow.files.add_contact(replace(CALL, id="k5", channel=ContactChannel.NOTE))
        last = uow.files.last_met("c-amina")
        assert uow.files.days_met(["c-amina", "nobody"]) == {"c-amina": TODAY - 2 * DAY}
    assert last is not None and last.id == "k3"


def test_steps_that_are_due(town: SqlDatabase) -> None:
    with town.write() as uow:
        uow.files.add_contact(CALL)
        uow.files.add_contact(replace(CALL, id="k2", next_on=TODAY, next_owner="remi"))
        uow.files.add_contact(replace(CALL, id="k3", next_on=TODAY, next_owner=""))
        uow.files.add_contact(replace(CALL, id="k4", next_on=TODAY, done_on=TODAY))
        uow.files.add_contact(replace(CALL, id="k5", next_step="", next_on=None, next_owner=""))
    with town.read() as uow:
        assert [one.id for one in uow.files.steps_due(TODAY, None, 9).rows] == ["k2", "k3"]
        assert [one.id for one in uow.files.steps_due(TODAY + DAY, "anne", 9).rows] == ["k3", "k1"]
        cut = uow.files.steps_due(TODAY + DAY, None, 2)
        assert (cut.count, len(cut.rows)) == (3, 2)


def test_steps_change_hands(town: SqlDatabase) -> None:
    with town.write() as uow:
        uow.files.add_contact(CALL)
        uow.files.add_contact(replace(CALL, id="k2", candidate="c-bruno"))
        uow.files.add_contact(replace(CALL, id="k3", done_on=TODAY))
        assert uow.files.hand_over_steps("anne", "remi", "c-amina") == ["c-amina"]
        assert uow.files.contact("k1") == replace(CALL, next_owner="remi")
        assert uow.files.count_steps_by_owner() == {"anne": 1, "remi": 1}
        assert uow.files.hand_over_steps("anne", "remi") == ["c-bruno"]
        assert uow.files.hand_over_steps("anne", "remi") == []
        assert uow.files.contact("k3") == replace(CALL, id="k3", done_on=TODAY)


def test_obstacles_and_eligibility(town: SqlDatabase) -> None:
    with town.write() as uow:
        assert uow.files.local("c-amina") == Local()
        uow.files.save_local("c-amina", LOCAL)
        uow.files.save_local("c-bruno", replace(LOCAL, note=""))
        uow.files.save_local("c-bruno", Local())
    with town.read() as uow:
        assert uow.files.local("c-amina") == LOCAL
        assert uow.files.local("c-bruno") == Local()


def test_partners_by_name(town: SqlDatabase) -> None:
    apec = Partner(id="p0", name="Apec", helps=frozenset({Help.APEC}), active=False)
    with town.write() as uow:
        uow.files.save_partner(apec)
        uow.files.save_partner(replace(GARAGE, person="M. Roche"))
    with town.read() as uow:
        assert uow.files.partners() == [apec, replace(GARAGE, person="M. Roche")]
        assert uow.files.partner("p0") == apec
        assert uow.files.partner("p9") is None


def test_referrals_and_those_to_follow_up(town: SqlDatabase) -> None:
    taken = replace(REFERRAL, id="r2", state=ReferralState.UNDER_WAY, follow_up_on=TODAY + DAY, on=TODAY + DAY)
    done = replace(REFERRAL, id="r3", state=ReferralState.DONE, ended_on=TODAY, on=TODAY - DAY, by="remi")
    with town.write() as uow:
        for one in (REFERRAL, taken, done):
            uow.files.add_referral(one)
    with town.write() as uow:
        assert uow.files.referrals_of("c-amina") == [taken, REFERRAL, done]
        assert uow.files.referral("r3") == done
        assert [one.id for one in uow.files.referrals_due(TODAY, None, 9).rows] == ["r1"]
        assert [one.id for one in uow.files.referrals_due(TODAY + DAY, "anne", 9).rows] == ["r1", "r2"]
        assert uow.files.referrals_due(TODAY + DAY, "remi", 9).count == 0
        assert uow.files.referrals_due(TODAY + DAY, None, 1).count == 2
        uow.files.save_referral(replace(REFERRAL, outcome="Inscrite"))
        assert uow.files.referral("r1") == replace(REFERRAL, outcome="Inscrite")
    with pytest.raises(Missing), town.write() as uow:
        uow.files.save_referral(replace(REFERRAL, id="r9"))
    with pytest.raises(AlreadyThere), town.write() as uow:
        uow.files.add_referral(replace(REFERRAL, id="r4", partner="p9"))


def test_the_history_keeps_its_order(town: SqlDatabase) -> None:
    lines = [Change(candidate="c-amina", at=NOW, by="anne", field=name, after="é") for name in ("phone", "email")]
    with town.write() as uow:
        uow.files.record(lines)
        uow.files.record([])
        uow.files.record([replace(lines[0], candidate="c-bruno"), replace(lines[0], at=NOW - DAY, field="created")])
    with town.read() as uow:
        assert [one.field for one in uow.files.history("c-amina")] == ["email", "phone", "created"]
        assert uow.files.history("c-amina", 1) == [lines[1]]


def test_a_file_moves_to_another_person_and_back(town: SqlDatabase) -> None:
    line = Change(candidate="c-amina", at=NOW, by="anne", field="phone")
    kept = Merge(
        id="m1",
        kept=AMINA,
        gone=replace(BRUNO, id="c-gone"),
        kept_local=LOCAL,
        gone_local=Local(),
        at=NOW,
        by="anne",
        moved={"contact": ("k7",)},
        dropped={"w1": Place(candidate="c-gone", invited=NOW)},
    )
    with town.write() as uow:
        uow.files.add_contact(CALL)
        uow.files.add_referral(REFERRAL)
        uow.files.record([line])
        uow.merges.add(kept)
        uow.files.add_contact(replace(CALL, id="k2", candidate="c-bruno"))
        moved = uow.belongings.move("c-amina", "c-bruno")
        assert moved["contact"] == ("k1",) and moved["referral"] == ("r1",) and moved["merge"] == ("m1",)
        assert len(uow.files.contacts_of("c-bruno")) == 2
        assert uow.files.history("c-bruno") == [replace(line, candidate="c-bruno")]
        assert uow.merges.of("c-bruno") == [kept]
        assert (*uow.files.contacts_of("c-amina"), *uow.files.history("c-amina")) == ()
    with town.write() as uow:
        uow.belongings.give(moved, "c-bruno", "c-amina")
        assert uow.files.contacts_of("c-amina") == [CALL]
        assert uow.files.referrals_of("c-amina") == [REFERRAL]
        assert uow.merges.of("c-amina") == [kept]
        assert uow.merges.into(BRUNO.reference) == "c-amina"
        assert uow.merges.into(AMINA.reference) is None
        uow.merges.remove("m1")
        assert uow.merges.of("c-amina") == []


def test_everything_goes_with_the_person(town: SqlDatabase) -> None:
    with town.write() as uow:
        uow.files.add_contact(CALL)
        uow.files.add_referral(REFERRAL)
        uow.files.save_local("c-amina", LOCAL)
        uow.files.record([Change(candidate="c-amina", at=NOW, by="anne", field="phone")])
    with town.write() as uow:
        assert uow.files.contact("k1") == CALL
        uow.candidates.remove("c-amina")
        assert uow.files.contact("k1") is None
        assert uow.files.referral("r1") is None
        assert uow.files.local("c-amina") == Local()
        assert uow.files.history("c-amina") == []


def test_days_are_days(town: SqlDatabase) -> None:
    with town.write() as uow:
        uow.files.add_contact(replace(CALL, on=date(2024, 2, 29)))
    with town.read() as uow:
        assert uow.files.contacts_of("c-amina")[0].on == date(2024, 2, 29)
