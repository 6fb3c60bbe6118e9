"""A person of the register, by number or reference: the one door."""

from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.mission.people.candidate import Candidate
from node.mission.ports import MissionUnitOfWork


def find_candidate(uow: MissionUnitOfWork, name: str) -> Candidate:
    """A candidate by id or by the town's own reference; NotFound, which says so when the person was erased."""
    candidate = uow.candidates.get(name) or uow.candidates.by_reference(name)
    if candidate is None and uow.erased.among([name]):
        raise NotFound(_("This person was erased: nothing of them is kept any more."))
    if candidate is None:
        raise NotFound(_("Nobody has that number here."))
    return candidate
