"""A person is erased, everywhere and for good."""

from dataclasses import replace
from datetime import datetime

from node.mission.duplicates.comparing import plainly_same
from node.mission.people.candidate import Candidate
from node.mission.people.identity import identity_of
from node.mission.ports import MissionUnitOfWork
from node.services.actors import SYSTEM
from node.services.agreements.withdrawing import Withdrawal, stop_all
from node.services.desk import Desk
from node.services.people.finding import find_candidate


def erase(desk: Desk, name: str, actor: str = SYSTEM) -> Withdrawal:
    """Erase the person here at once: file, documents, deposits, contacts, places, history, trail, and deposits that
    wait and are plainly the same person's; order every holder of a dossier to erase. The ledger keeps identifiers
    alone, and no import takes the person's reference in again. NotFound."""
    with desk.federation.database.write() as uow:
        return _erase(uow, desk, find_candidate(uow, name), desk.now(), actor)


def _erase(uow: MissionUnitOfWork, desk: Desk, person: Candidate, now: datetime, actor: str) -> Withdrawal:
    result = stop_all(uow, desk, person.id, now, "erased", actor)
    # A file imported again must bring back neither the person nor an entry that was merged into theirs.
    gone = (person, *(merge.gone for merge in uow.merges.of(person.id)))
    uow.erased.add([name for one in gone for name in (one.reference, one.id)])
    forwards = uow.forwards.of_candidate(person.id)
    uow.sendings.forget_person([one.id for one in forwards])
    for forward in forwards:
        bare = tuple(move.without_texts() for move in forward.moves)
        uow.forwards.save(replace(forward, why="", moves=bare))
        uow.following.forget_notes(forward.id)
    for deposit in uow.deposits.identities():
        if plainly_same(identity_of(person), deposit):
            uow.deposits.remove(deposit.id)
    for known in (person.id, *(merge.gone.id for merge in uow.merges.of(person.id))):
        uow.accounts.forget_candidate(known)
    uow.candidates.remove(person.id)
    uow.following.refresh(person.id)
    return result
