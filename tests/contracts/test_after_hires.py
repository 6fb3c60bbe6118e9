"""What hires bring along, and pauses of employers: kept whole, found when they are due, asked about in order."""

from dataclasses import replace
from datetime import timedelta

from node.mission.forwards.after_hire import AfterHire
from node.mission.forwards.forward import ForwardState, Move, Side
from node.mission.forwards.pauses import EmployerPause
from node.mission.people.candidate import CandidateState
from node.storage import SqlDatabase
from tests.contracts.databases import MONTLUCON, NOW
from tests.contracts.test_candidates import AMINA, BRUNO, TODAY
from tests.node.mission import samples

DAY = timedelta(days=1)
HIRED = AfterHire(id="f1", candidate=AMINA.id, at=NOW, heard=NOW)
ALONE = AfterHire(id="h1", candidate=BRUNO.id, at=NOW - DAY, heard=NOW, answered=NOW, by="anne")


def test_hires_are_due_a_day_later_and_asked_about_while_their_people_look(database: SqlDatabase) -> None:
    with database.write() as uow:
        uow.candidates.add(AMINA)
        uow.candidates.add(replace(BRUNO, owner=""))
        for one in (HIRED, ALONE):
            uow.after_hires.put(one)
        for number, state in enumerate([ForwardState.HIRED, ForwardState.SENT, ForwardState.DRAFT], 1):
            uow.forwards.add(samples.forward(number, state, candidate=AMINA.id))
    with database.write() as uow:
        assert uow.after_hires.get("f1") == HIRED and uow.after_hires.get("f2") is None
        assert uow.after_hires.of_candidates([BRUNO.id, AMINA.id, "nobody"]) == [ALONE, HIRED]
        assert uow.after_hires.due(NOW) == [ALONE] and uow.after_hires.due(NOW + DAY) == [ALONE, HIRED]
        asked = uow.after_hires.asking(None, 9)
        assert (asked.count, asked.rows) == (1, (HIRED,))
        assert uow.after_hires.asking("somebody else", 9).count == (AMINA.owner == "")
        assert {one.id for one in uow.forwards.live_of([AMINA.id, BRUNO.id, ""])[AMINA.id]} == {"f2", "f3"}
        uow.after_hires.put(replace(ALONE, closed=NOW))
        uow.forwards.save(samples.forward(1, ForwardState.BROKEN_OFF, candidate=AMINA.id))
        assert uow.after_hires.asking(None, 9).count == 0, "whoever's contract broke off looks for work"
        uow.forwards.save(samples.forward(1, ForwardState.CONFIRMED, candidate=AMINA.id))
        assert uow.after_hires.asking(None, 9).count == 1
        uow.candidates.save(replace(AMINA, state=CandidateState.PLACED))
        assert uow.after_hires.asking(None, 9).count == 0
        uow.after_hires.drop("f1")
        assert uow.after_hires.due(NOW + DAY) == []


def test_the_most_silent_employers_come_first_and_the_last_word_on_each_is_kept(database: SqlDatabase) -> None:
    lives = {"Muette": (12, 0), "Distraite": (11, 4), "Bavarde": (9, 30)}
    with database.write() as uow:
        for number, (employer, (silent, answered)) in enumerate(lives.items()):
            offer = samples.offer(number, node=MONTLUCON, reference=f"R{number}", employer=employer)
            uow.offers.add(offer)
            for place in range(silent + answered):
                made = samples.forward(100 * number + place, sent=NOW - 40 * DAY, peer=MONTLUCON, offer=offer.key)
                event = ForwardState.EXPIRED if place < silent else ForwardState.DECLINED
                by = Side.HOME if place < silent else Side.RECEIVER
                moves = (*made.moves, Move(event=event, at=NOW - 10 * DAY, by=by, reason="other"))
                uow.forwards.add(replace(made, state=event, moves=moves))
        assert uow.employer_pauses.silent(NOW, 9) == [(MONTLUCON, "Muette"), (MONTLUCON, "Distraite")]
        assert uow.employer_pauses.silent(NOW, 1) == [(MONTLUCON, "Muette")]
        assert uow.employer_pauses.silent(NOW + 60 * DAY, 9) == []
        assert len(uow.forwards.to_employer(MONTLUCON, "Muette", NOW - 40 * DAY)) == 12
        assert uow.forwards.to_employer(MONTLUCON, "Muette", NOW) == []
        paused = EmployerPause(node=MONTLUCON, employer="Muette", paused=True, by="head", at=NOW, until=TODAY + DAY)
        other = replace(paused, employer="Distraite", paused=False, until=TODAY)
        for one in (replace(paused, until=TODAY), paused, other):
            uow.employer_pauses.put(one)
    with database.read() as uow:
        assert uow.employer_pauses.get(MONTLUCON, "Muette") == paused
        assert uow.employer_pauses.get(MONTLUCON, "Bavarde") is None
        assert uow.employer_pauses.holding(TODAY) == [other, paused]
        assert uow.employer_pauses.holding(TODAY + DAY) == [paused]
