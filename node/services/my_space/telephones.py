"""Telephones that several people share: what is shown or sent there names no employer and no reason."""

from node.kit import phone
from node.mission.people.candidate import Candidate
from node.mission.people.ports import RegisterFilter
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk


def shares_telephone(desk: Desk, person: Candidate) -> bool:
    """Whether somebody else of the register has the same number: a family's, a hostel's."""
    with desk.federation.database.read() as uow:
        return shared_in(uow, person)


def shared_in(uow: MissionUnitOfWork, person: Candidate) -> bool:
    """The same, within a transaction."""
    if not phone.is_kept(person.phone):
        return False
    return uow.candidates.page(RegisterFilter(text=person.phone), 0, 2).count > 1
