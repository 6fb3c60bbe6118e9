"""Forwards of both sides, and the papers of the receiving one."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from node.mission.forwards.following import FollowGroup
from node.mission.forwards.forward import Condition, ConditionKind, Forward, ForwardState, Move, MoveName, Side
from node.mission.forwards.hire import Hire, HireWay
from node.mission.forwards.moves import is_open
from node.mission.forwards.notes import ForwardNote, NoteKind
from node.mission.forwards.ports import ForwardFilter, Papers, Unplaced
from node.mission.parts import Counted
from node.mission.people.candidate import Met, ReadySignature
from node.mission.people.contacts import Contact, ContactChannel
from node.storage import AlreadyThere, Missing, SqlDatabase
from tests.contracts.databases import BAYONNE, MONTLUCON, NOW
from tests.contracts.test_candidates import AMINA, BRUNO
from tests.contracts.test_offers import BUTCHER, _peer

OFFER = f"{BAYONNE}/o-boucher"
DRAFT = Forward(
    id="f1",
    side=Side.HOME,
    peer=BAYONNE,
    offer=OFFER,
    revision=2,
    site="s1",
    candidate="c-amina",
    why="Elle a tenu ce rayon deux ans.",
    checked=("references", "licence"),
    state=ForwardState.DRAFT,
    created=NOW,
    consent="k1",
)
DECLINED = replace(
    DRAFT,
    state=ForwardState.DECLINED,
    moves=(
        Move(event=ForwardState.SENT, at=NOW, by=Side.HOME),
        Move(
            event=ForwardState.DECLINED,
            at=NOW + timedelta(days=2),
            by=Side.RECEIVER,
            reason="lacking_skills",
            to_candidate="Merci, le poste demande la découpe.",
            to_guarantor="Une formation courte suffirait.",
        ),
    ),
)


YES_IF = Condition(
    kind=ConditionKind.SKILL, codes=("300424", "121396"), text="CACES R489", until=(NOW + timedelta(days=90)).date()
)
CORRECTED = replace(
    DECLINED,
    state=ForwardState.CONDITIONAL,
    moves=(
        DECLINED.moves[0],
        replace(DECLINED.moves[1], lacking=("300424",)),
        Move(
            event=ForwardState.CORRECTED,
            at=NOW + timedelta(days=2, hours=1),
            by=Side.RECEIVER,
            condition=YES_IF,
            about=MoveName(ForwardState.DECLINED, NOW + timedelta(days=2)),
            instead=ForwardState.CONDITIONAL,
        ),
    ),
)


def _forward(number: int, **changes: object) -> Forward:
    return replace(DRAFT, id=f"g{number}", created=NOW + timedelta(hours=number), **changes)  # type: ignore[arg-type]


def test_a_forward_is_kept_whole_from_draft_to_answer(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.forwards.add(DRAFT)
        assert uow.forwards.get("f1") == DRAFT
    for value in (replace(DECLINED, state=ForwardState.SENT, moves=DECLINED.moves[:1]), DECLINED, CORRECTED):
        with database.write() as uow:
            uow.forwards.save(value)
            assert uow.forwards.get("f1") == value
        with database.read() as uow:
            assert uow.forwards.all() == [value]
    with database.read() as uow:
        assert uow.forwards.get("f9") is None


def test_what_is_not_there_is_not_saved_and_what_is_there_not_added(database: SqlDatabase) -> None:
    with pytest.raises(Missing), database.write() as uow:
        uow.forwards.save(DRAFT)
    with database.write() as uow:
        uow.forwards.add(DRAFT)
    with pytest.raises(AlreadyThere), database.write() as uow:
        uow.forwards.add(DECLINED)
    with database.read() as uow:
        assert uow.forwards.all() == [DRAFT]


def test_lists_are_newest_first(database: SqlDatabase) -> None:
    received = _forward(2, side=Side.RECEIVER, candidate="", peer=MONTLUCON, offer="drancy.emploi.example/o1")
    other = _forward(3, candidate="c-bruno")
    with database.write() as uow:
        for one in (other, DRAFT, received, _forward(1)):
            uow.forwards.add(one)
    with database.read() as uow:
        assert uow.forwards.all() == [other, received, _forward(1), DRAFT]
        assert uow.forwards.part(2) == Counted(4, (other, received))
        assert uow.forwards.part(None) == Counted(4, (other, received, _forward(1), DRAFT))
        assert uow.forwards.all(Side.RECEIVER) == [received]
        assert uow.forwards.of_candidate("c-amina") == [_forward(1), DRAFT]
        assert uow.forwards.of_candidate("") == []
        assert uow.forwards.of_offer(OFFER) == [other, _forward(1), DRAFT]


def test_what_went_to_an_employer_is_told_by_its_node_and_its_name(database: SqlDatabase) -> None:
    other = replace(BUTCHER, id="o-autre", reference="", employer="Halles de Drancy")
    theirs = replace(DRAFT, offer=BUTCHER.key, peer=BUTCHER.node)
    with database.write() as uow:
        uow.offers.add(BUTCHER)
        uow.offers.add(other)
        uow.forwards.add(theirs)
        uow.forwards.add(replace(theirs, id="f2", created=NOW + timedelta(days=1)))
        uow.forwards.add(replace(theirs, id="f3", offer=other.key))
        uow.forwards.add(replace(theirs, id="f4", side=Side.RECEIVER))
    with database.read() as uow:
        assert [one.id for one in uow.forwards.to_employer(BUTCHER.node, BUTCHER.employer)] == ["f2", "f1"]
        assert [one.id for one in uow.forwards.to_employer(BUTCHER.node, other.employer)] == ["f3"]
        assert not uow.forwards.to_employer(MONTLUCON, BUTCHER.employer)


def test_counts_by_state_and_of_the_open_ones(database: SqlDatabase) -> None:
    with database.write() as uow:
        for number, state in enumerate(ForwardState):
            uow.forwards.add(_forward(number, state=state))
        uow.forwards.add(_forward(99, state=ForwardState.SENT, offer="elsewhere.example/o1"))
    with database.read() as uow:
        assert uow.forwards.count_open(OFFER) == sum(is_open(state) for state in ForwardState)
        assert uow.forwards.count_open("elsewhere.example/o1") == 1
        assert uow.forwards.by_state() == dict.fromkeys(ForwardState, 1) | {ForwardState.SENT: 2}


def test_papers_are_held_until_they_are_destroyed(database: SqlDatabase) -> None:
    papers = Papers(message=b'{"kind":"forward.sent/1"}', dossier=bytes(range(256)), epoch=1, index=12)
    with database.write() as uow:
        assert uow.forwards.papers("f1") is None
        uow.forwards.keep_papers("f1", papers)
    with database.write() as uow:
        assert uow.forwards.papers("f1") == papers
        uow.forwards.keep_papers("f1", replace(papers, index=15))
    with database.write() as uow:
        assert uow.forwards.papers("f1") == replace(papers, index=15)
        assert uow.forwards.destroy_papers("f1")
        assert not uow.forwards.destroy_papers("f1")
        assert uow.forwards.papers("f1") is None
    with database.read() as uow:
        assert uow.forwards.papers("f1") is None


def test_how_often_each_was_put_forward(database: SqlDatabase) -> None:
    sent = Move(event=ForwardState.SENT, at=NOW, by=Side.HOME)
    with database.write() as uow:
        uow.forwards.add(DRAFT)
        uow.forwards.add(_forward(1, state=ForwardState.SENT, moves=(sent,)))
        # One that was sent again, after it had come back, counts once: it is the same.
        uow.forwards.add(_forward(2, state=ForwardState.SENT, moves=(sent, sent)))
        uow.forwards.add(_forward(3, candidate="c-bruno", state=ForwardState.DECLINED, moves=DECLINED.moves))
        uow.forwards.add(_forward(4, side=Side.RECEIVER, candidate="", state=ForwardState.SENT, moves=(sent,)))
    with database.read() as uow:
        assert uow.forwards.times_sent() == {"c-amina": 2, "c-bruno": 1}
        assert uow.forwards.times_sent(["c-bruno", "nobody"]) == {"c-bruno": 1}


SENT = Move(event=ForwardState.SENT, at=NOW, by=Side.HOME)


def _sent(number: int, candidate: str, sent: datetime, **changes: object) -> Forward:
    made = _forward(number, candidate=candidate, state=ForwardState.SENT, moves=(replace(SENT, at=sent),))
    return replace(made, **changes)  # type: ignore[arg-type]


def _listed(database: SqlDatabase, wanted: ForwardFilter, now: datetime) -> dict[FollowGroup, list[str]]:
    with database.read() as uow:
        found = {group: [one.id for one in uow.following.page(wanted, group, now, 0, 50)] for group in FollowGroup}
        assert uow.following.counts(wanted, now) == {group: len(ids) for group, ids in found.items()}
    return found


@pytest.fixture
def followed(database: SqlDatabase) -> SqlDatabase:
    """Amina, followed by Anne, and Bruno, whom nobody follows, put forward for a butcher's offer and another."""
    with database.write() as uow:
        uow.candidates.add(replace(AMINA, owner="anne"))
        uow.candidates.add(replace(BRUNO, owner=""))
        uow.offers.replace_from_peer([_peer(BUTCHER)])
        uow.forwards.add(replace(DRAFT, candidate=AMINA.id, offer=BUTCHER.key))
        uow.forwards.add(_sent(1, AMINA.id, NOW))
        uow.forwards.add(_sent(2, BRUNO.id, NOW - timedelta(days=8)))
        uow.forwards.add(_forward(3, candidate=BRUNO.id, state=ForwardState.WITHDRAWN))
        uow.forwards.add(_sent(4, "c-erased", NOW - timedelta(days=8)))
        uow.forwards.add(_sent(5, "", NOW - timedelta(days=8), side=Side.RECEIVER))
    return database


def test_the_list_is_in_three_groups_counted_by_the_database(followed: SqlDatabase) -> None:
    assert _listed(followed, ForwardFilter(), NOW) == {
        FollowGroup.TODO: ["g2", "f1"],
        FollowGroup.WAITING: ["g1"],
        FollowGroup.DONE: ["g3", "g4"],
    }
    assert _listed(followed, ForwardFilter(), NOW + timedelta(days=7))[FollowGroup.TODO] == ["g2", "f1", "g1"]
    with followed.read() as uow:
        second = uow.following.page(ForwardFilter(), FollowGroup.TODO, NOW, 1, 1)
        assert [one.id for one in second] == ["f1"]


def test_the_list_is_filtered_by_owner_state_employer_and_offer(followed: SqlDatabase) -> None:
    everything = {FollowGroup.TODO: ["g2", "f1"], FollowGroup.WAITING: ["g1"], FollowGroup.DONE: ["g3"]}
    assert _listed(followed, ForwardFilter(owner="anne"), NOW) == everything, "hers and nobody's"
    assert _listed(followed, ForwardFilter(owner="bob"), NOW)[FollowGroup.TODO] == ["g2"]
    since = ForwardFilter(due_since=NOW - timedelta(hours=1))
    assert _listed(followed, since, NOW)[FollowGroup.TODO] == ["f1"]
    drafts = _listed(followed, ForwardFilter(states=(ForwardState.DRAFT,)), NOW)
    assert drafts == {FollowGroup.TODO: ["f1"], FollowGroup.WAITING: [], FollowGroup.DONE: []}
    with followed.read() as uow:
        (employer,) = uow.following.employers(9)
    for wanted in (ForwardFilter(employer=employer), ForwardFilter(offer=BUTCHER.key)):
        assert _listed(followed, wanted, NOW)[FollowGroup.TODO] == ["f1"]
    assert not any(_listed(followed, ForwardFilter(employer="Personne"), NOW).values())


def test_the_board_has_what_moved_last_in_each_column(followed: SqlDatabase) -> None:
    with followed.read() as uow:
        board = uow.following.board(ForwardFilter(), 2)
        assert {state: [one.id for one in found] for state, found in board.items() if found} == {
            ForwardState.DRAFT: ["f1"],
            ForwardState.SENT: ["g1", "g2"],
            ForwardState.WITHDRAWN: ["g3"],
        }
        assert uow.following.by_state(ForwardFilter()) == {
            ForwardState.DRAFT: 1,
            ForwardState.SENT: 3,
            ForwardState.WITHDRAWN: 1,
        }


def test_a_note_moves_a_forward_to_another_group_and_is_kept_whole(followed: SqlDatabase) -> None:
    note = ForwardNote(
        id="n1", forward="g2", kind=NoteKind.REMINDER, at=NOW, actor="anne", on=NOW.date(),
        channel=ContactChannel.PHONE, text="Le patron rappelle lundi.",
    )  # fmt: skip
    bare = replace(note, id="n2", kind=NoteKind.TOLD, on=None, channel=None, text="")
    with followed.write() as uow:
        uow.following.add_note(note)
        uow.following.add_note(bare)
    assert _listed(followed, ForwardFilter(), NOW)[FollowGroup.WAITING] == ["g2", "g1"]
    with followed.read() as uow:
        assert uow.following.notes_of(["g1", "g2"]) == {"g2": [note, bare]}
        some = uow.forwards.some(["g2", "g4", "nothing"])
        assert set(some) == {"g2", "g4"}
        around = uow.following.around(list(some.values()))
        assert set(around) == {"g2"}, "nothing is known beside a forward of somebody who was erased"
        assert around["g2"].notes == (note, bare)
    with followed.write() as uow:
        uow.following.forget_notes("g2")
        assert uow.following.notes_of(["g2"]) == {}
    assert _listed(followed, ForwardFilter(), NOW)[FollowGroup.TODO] == ["g2", "f1"]


def test_being_spoken_with_and_being_erased_change_the_groups(followed: SqlDatabase) -> None:
    declined = replace(DECLINED, id="g7", candidate=AMINA.id)
    later = NOW + timedelta(days=3)
    with followed.write() as uow:
        uow.forwards.add(declined)
    assert "g7" in _listed(followed, ForwardFilter(), later)[FollowGroup.TODO]
    with followed.write() as uow:
        for number, (channel, at) in enumerate([(ContactChannel.NOTE, later), (ContactChannel.PHONE, later)]):
            contact = Contact(id=f"k{number}", candidate=AMINA.id, written=at, on=at.date(), by="anne", channel=channel)
            uow.files.add_contact(contact)
            uow.following.refresh(AMINA.id)
            assert (
                declined.id in [one.id for one in uow.following.page(ForwardFilter(), FollowGroup.DONE, later, 0, 50)]
            ) is (channel is ContactChannel.PHONE)
    with followed.write() as uow:
        uow.candidates.remove(AMINA.id)
        uow.following.refresh(AMINA.id)
    assert _listed(followed, ForwardFilter(), later) == {
        FollowGroup.TODO: ["g2"], FollowGroup.WAITING: [], FollowGroup.DONE: ["g7", "g3", "f1", "g1", "g4"],
    }  # fmt: skip


def test_a_hire_is_kept_and_settles_its_forward(followed: SqlDatabase) -> None:
    hired = replace(SENT, event=ForwardState.HIRED, by=Side.RECEIVER)
    forward = _sent(8, AMINA.id, NOW, state=ForwardState.HIRED, moves=(SENT, hired))
    hire = Hire(
        id="h1", candidate=AMINA.id, forward=forward.id, offer=forward.offer, employer="Boucherie", title="Boucher",
        rome="D1101", contract="CDI", start=NOW.date(), minutes=2100, how=HireWay.FORWARD, by="anne", at=NOW,
    )  # fmt: skip
    alone = replace(hire, id="h2", forward="", offer="", how=HireWay.ALONE, at=NOW + timedelta(hours=1), start=None)
    with followed.write() as uow:
        uow.forwards.add(forward)
        uow.hires.add(hire)
        uow.hires.add(alone)
        with pytest.raises(Missing):
            uow.hires.save(replace(hire, id="h9"))
    with followed.write() as uow:
        uow.hires.save(replace(alone, ended_on=NOW.date(), end_reason="Fin de chantier"))
        assert uow.hires.of_forward(forward.id) == hire
        assert uow.hires.of_forward("") is None
        assert uow.hires.of_candidate(AMINA.id) == [
            replace(alone, ended_on=NOW.date(), end_reason="Fin de chantier"),
            hire,
        ]
        assert uow.hires.get("h9") is None
        assert uow.hires.to_follow(NOW.date() + timedelta(days=400), None, 9) == Counted(0, ())
        running = replace(alone, id="h3", start=NOW.date())
        uow.hires.add(running)
        month = date(2026, 12, 23)
        assert uow.hires.to_follow(month - timedelta(days=1), "anne", 9).count == 0
        assert uow.hires.to_follow(month, "anne", 9) == Counted(1, (running,))
        assert uow.hires.to_follow(month, "bob", 9).count == 0
        assert uow.following.around([forward])[forward.id].hire == hire


def test_who_was_never_put_forward_and_who_has_no_solution(database: SqlDatabase) -> None:
    today = NOW.date()
    ready = ReadySignature(by="anne", on=today - timedelta(days=30), met=Met.IN_PERSON, met_on=today)
    put = replace(BRUNO, id="c-put", reference="R-put", readiness=ready)
    waits = replace(BRUNO, id="c-waits", reference="R-waits", readiness=replace(ready, on=today - timedelta(days=60)))
    new = replace(BRUNO, id="c-new", reference="R-new", readiness=ready, owner="anne")
    hired = replace(BRUNO, id="c-hired", reference="R-hired", readiness=ready)
    old = NOW - timedelta(days=61)
    with database.write() as uow:
        for one in (put, waits, new, hired):
            uow.candidates.add(one)
        for number, person in enumerate((put, put, hired)):
            uow.forwards.add(_sent(number, person.id, old, created=old, state=ForwardState.DECLINED))
        uow.forwards.add(_sent(9, hired.id, NOW, state=ForwardState.HIRED))
    with database.read() as uow:
        never = uow.following.never_forwarded(today, None, 0, 9)
        assert [one.candidate for one in never.rows] == ["c-waits", "c-new"] and never.count == 2
        assert never.rows[0].since == today - timedelta(days=60)
        assert uow.following.never_forwarded(today, None, 1, 9).rows == never.rows[1:]
        assert uow.following.never_forwarded(today, "bob", 0, 9).count == 1
        unsolved = uow.following.without_solution(today - timedelta(days=60), None, 0, 9)
        assert unsolved == Counted(1, (Unplaced("c-put", old.date(), 2),))
        assert uow.following.without_solution(today - timedelta(days=90), None, 0, 9).count == 0
