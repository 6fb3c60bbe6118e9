"""One snapshot of what the node keeps, and what a serving process keeps of it in memory.

Guarantees: what is in memory is as of that snapshot. Read next: `node/mission/matching/living.py`.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from node.mission.matching.living import AtHand
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk


@contextmanager
def snapshot(desk: Desk) -> Iterator[tuple[MissionUnitOfWork, AtHand | None]]:
    """A snapshot, and what is in memory as of it: None in commands, and while it is loaded, when the database is asked.
    Others wait for what is in memory until the block is left."""
    living = desk.living
    with ExitStack() as stack:
        asked = living.is_loaded
        if asked:
            stack.enter_context(living.lock)
        uow = stack.enter_context(desk.federation.database.read())
        yield uow, living.follow(uow, desk.referential(), desk.today()) if asked else None


def tend(desk: Desk) -> None:
    """Load, in the background, what questions are asked of, and keep it as things stand; to be called often."""
    desk.living.tend(desk.federation.database.read, desk.referential(), desk.node_id, desk.town, desk.today())
