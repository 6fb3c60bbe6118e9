"""People whom an earlier release took out of the register because they refused other towns: it took that for leaving.

Nothing is decided for them by a migration: the head of mission is shown who they are and what taking them up again
does, and does it. Whoever asked that their file be kept no longer is not among them.
"""

from collections.abc import Iterable

from node.mission.people.candidate import Candidate, CandidateState
from node.services.desk import Desk
from node.services.people.saving import save


def taken_out(desk: Desk) -> tuple[Candidate, ...]:
    """Those people, by reference."""
    with desk.federation.database.read() as uow:
        found = (uow.candidates.get(one) for one in uow.candidates.taken_out_unasked())
        return tuple(one for one in found if one is not None)


def how_many(desk: Desk) -> int:
    """How many they are, for a page that is opened often."""
    with desk.federation.database.read() as uow:
        return len(uow.candidates.taken_out_unasked())


def resume(desk: Desk, candidates: Iterable[str], actor: str) -> int:
    """Help those of them again in their own town; how many. Nothing of them goes to other towns by it."""
    now, taken_up = desk.now(), 0
    with desk.federation.database.write() as uow:
        out = set(uow.candidates.taken_out_unasked())
        for one in sorted(out.intersection(candidates)):
            person = uow.candidates.get(one)
            if person is not None and person.state is CandidateState.WITHDRAWN:
                save(uow, person, person.coming_back(), now, actor)
                taken_up += 1
    return taken_up
