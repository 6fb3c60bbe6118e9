"""One person put forward by Drancy to Montluçon, invited, and then taking back their agreement, whoever dies meanwhile.

The story is told by the real use cases over the simulator. Each run kills one town between two of its steps; it comes
back over its database, whoever was at it looks and goes on, and the end is the same: each message said once, both sides
alike, the dossier gone and attested.
"""

from collections.abc import Callable, Mapping

import pytest

from federation.audit.audit import audit
from federation.ports import Handler
from node.mission.forwards.forward import ForwardState
from node.mission.ports import MissionUnitOfWork
from node.referential import load
from node.services.agreements import withdrawing
from node.services.desk import Desk
from node.services.forwards import answers, sending
from node.services.network.inbound import Inbound
from node.services.offers.publishing import publish_offers
from tests.federation.conftest import COORDINATOR, DRANCY, MONTLUCON
from tests.node.mission.samples import candidate
from tests.node.stage import campaign
from tests.simulator import KILL_POINTS, Crash, Simulation, Town, chosen

WHY = "Ponctuelle, cinq ans en entrepôt."


def desk_of(town: Town) -> Desk:
    return Desk(federation=town.fed, referential=load, k=5)


def real_handlers(town: Town) -> Mapping[str, Handler[MissionUnitOfWork]]:
    return Inbound(lambda: desk_of(town)).by_kind()


class Story:
    """Each step may be told again: it looks at what is there, as a counsellor does after a power cut."""

    def __init__(self, towns: Simulation) -> None:
        self.towns, self.home, self.away = towns, towns[DRANCY], towns[MONTLUCON]

    def steps(self) -> list[tuple[Town, Callable[[], object]]]:
        home, away = self.home, self.away
        visit_away = (home, lambda: home.pull(away))
        visit_home = (away, lambda: away.pull(home))
        return [
            (home, self.enrol),
            (away, self.publish),
            visit_away,
            (home, self.draft),
            (home, self.send),
            visit_home,
            visit_away,
            (away, self.invite),
            visit_away,
            (home, lambda: withdrawing.withdraw(desk_of(home), "p1")),
            visit_home,
            visit_away,
        ]

    def tell(self) -> None:
        for town, step in self.steps():
            self.towns.wait(seconds=1)
            try:
                step()
            except Crash:
                town.restart()
                step()

    def enrol(self) -> None:
        with self.home.fed.database.write() as uow:
            if uow.candidates.get("p1") is None:
                uow.candidates.add(candidate(1))

    def publish(self) -> None:
        with self.away.fed.database.write() as uow:
            if uow.offers.get(MONTLUCON, "prep-2026") is None:
                publish_offers(uow, desk_of(self.away), [campaign(node=MONTLUCON)], self.away.fed.now())

    def draft(self) -> None:
        if not sending.all_forwards(desk_of(self.home)):
            demand = sending.Demand(candidate="p1", offer=f"{MONTLUCON}/prep-2026", site="montlucon", why=WHY)
            sending.create(desk_of(self.home), demand)

    def send(self) -> None:
        (forward,) = sending.all_forwards(desk_of(self.home))
        if forward.state is ForwardState.DRAFT:
            sending.send(desk_of(self.home), forward.id)

    def invite(self) -> None:
        (forward,) = sending.all_forwards(desk_of(self.away))
        answers.give_answer(desk_of(self.away), forward.id, ForwardState.INTERVIEW)

    def end(self) -> None:
        (sent,), (received,) = (sending.all_forwards(desk_of(town)) for town in (self.home, self.away))
        events = ["sent", "received", "interview", "withdrawn"]
        assert [move.event.value for move in sent.moves] == events
        assert [move.event.value for move in received.moves] == events
        assert (received.id, received.has_dossier, received.why) == (sent.id, False, "")
        with self.home.database.read() as uow:
            (disclosure,) = uow.disclosures.all()
            channels = [record.channel for record in uow.journal.records(0, 100)]
            assert uow.replica.refusals() == []
        assert disclosure.receipt_at is not None
        # The application, its withdrawal, its tombstone and the order; and three receipts.
        assert channels.count(f"to:{MONTLUCON}") == self.said
        with self.away.database.read() as uow:
            assert uow.forwards.papers(sent.id) is None
            assert uow.replica.refusals() == []
        for one in (self.home, self.away):
            for other in (self.home, self.away):
                if one is not other:
                    one.pull(other)
            self.towns[COORDINATOR].pull(one)
        report = audit(self.towns[COORDINATOR].fed)
        assert report.ok
        assert {pair.state for pair in report.pairs} <= {"agree"}

    said = 7


def told(arm: tuple[str, int] | None = None) -> dict[str, int]:
    """Tell the whole story, one town dying at one of its steps; how many steps each had."""
    with Simulation(COORDINATOR, DRANCY, MONTLUCON, handlers=real_handlers) as towns:
        story = Story(towns)
        for town in (story.home, story.away):
            town.points.arm(arm[1] if arm and arm[0] == town.node_id else None)
        story.tell()
        steps = {town.node_id: len(town.points.reached) for town in (story.home, story.away)}
        for town in (story.home, story.away):
            town.points.arm(None)
        story.end()
        return steps


@pytest.mark.parametrize("who", [DRANCY, MONTLUCON])
@pytest.mark.parametrize("how_many", KILL_POINTS)
def test_a_crash_between_any_two_steps_of_a_forward_loses_nothing_and_doubles_nothing(
    who: str, how_many: int | None, record_property: Callable[[str, object], None]
) -> None:
    steps = told()[who]
    assert steps > 15
    points = chosen(steps, how_many)
    record_property("kill points", len(points))
    for step in points:
        told((who, step))
