"""The private link of a local employer who said « oui, si… » lasts until the answer can be given.

Guarantees: in the transaction of the move, for every sending of that person whose link still opens; for that person
alone, so that nobody else of a preselection is shown longer; one that ended, or was ended, is opened by nothing. Read
next: `node/mission/employers/sending.py` (`lasting`).
"""

from datetime import datetime

from node.mission.forwards.forward import Forward, ForwardState
from node.mission.forwards.moves import expires_at
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk

_WAIT = frozenset({ForwardState.CONDITIONAL, ForwardState.FULFILLED})


def let_links_last(uow: MissionUnitOfWork, desk: Desk, forward: Forward, now: datetime) -> None:
    """The forward waits for a condition, or for the answer once it is met: its links open until 14 days after the
    condition's day, or after it was met."""
    ends = expires_at(forward) if forward.state in _WAIT and forward.peer == desk.node_id else None
    if ends is None:
        return
    for sending in uow.sendings.of_forward(forward.id):
        part = sending.part_of(forward.id)
        if sending.shows(part, now) and (after := sending.lasting(part, ends)) != sending:
            uow.sendings.save(after)
