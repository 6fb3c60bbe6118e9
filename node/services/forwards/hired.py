"""A forward of the town's people came to a hire, or is one no more: what the hire brings along begins, or is dropped.

Guarantees: in the transaction of the move, whoever made it. Read next: after_hire.py, what comes of it.
"""

from datetime import datetime

from node.mission.forwards.after_hire import FOLLOWED, AfterHire
from node.mission.forwards.forward import Forward, ForwardState, Side
from node.mission.forwards.moves import answered_at
from node.mission.ports import MissionUnitOfWork


def follow_hire(uow: MissionUnitOfWork, before: Forward, after: Forward, now: datetime) -> None:
    """`before` became `after` now. Of somebody erased nothing is kept."""
    if after.side is not Side.HOME:
        return
    was, is_one = before.state in FOLLOWED, after.state in FOLLOWED
    if was and not is_one:
        uow.after_hires.drop(after.id)
    elif (
        after.state is ForwardState.HIRED
        and not was
        and (at := answered_at(after)) is not None
        and uow.candidates.get(after.candidate) is not None
    ):
        uow.after_hires.put(AfterHire(id=after.id, candidate=after.candidate, at=at, heard=now))
