"""Duplicates shown, merged, and taken apart again.

Guarantees: a merge moves everything that hangs on the other entry, forwards and disclosures included, so that a
withdrawal or an erasure of the kept entry reaches all of it. Printed codes, links into « Mon espace » and shared cards
move too: they are one person's, who goes on using what they hold in their hands. `unmerge` undoes the last merge
exactly (see `mission/duplicates/merge.py` for the one exception), and whoever had come in by a code comes in again.
What was handed out since the merge opens nothing any more: of two people, nobody knows who holds it.
"""

from collections.abc import Sequence
from dataclasses import replace

from node.kit.i18n import gettext as _
from node.mission.accounts.account import CANDIDATES_LINKS
from node.mission.duplicates.comparing import Pair
from node.mission.duplicates.merge import Merge, merged, merged_local, taken_apart
from node.mission.forwards.after_hire import is_live
from node.mission.forwards.forward import Forward
from node.mission.people.candidate import Candidate
from node.mission.people.history import Occasion
from node.mission.people.identity import Identity, identity_of
from node.mission.ports import MissionUnitOfWork
from node.mission.workshops.workshop import Place
from node.services.agreements.withdrawing import end_uncovered
from node.services.desk import Desk, Refused
from node.services.people.finding import find_candidate
from node.services.people.saving import history_line


def duplicates_of(desk: Desk, name: str) -> list[Pair]:
    """Who may be the same person, most alike first. NotFound."""
    with desk.federation.database.read() as uow:
        person = find_candidate(uow, name)
        people = uow.candidates.identities()
    return desk.likenesses.of(identity_of(person), people)


def duplicates_of_identity(desk: Desk, person: Identity) -> list[Pair]:
    """Who in the register may be this person, whose file is not open yet, most alike first."""
    with desk.federation.database.read() as uow:
        people = uow.candidates.identities()
    return desk.likenesses.of(person, people)


def all_duplicates(desk: Desk) -> list[Pair]:
    """All pairs of the register that may be one person, most alike first."""
    with desk.federation.database.read() as uow:
        people = uow.candidates.identities()
    return desk.likenesses.pairs(people)


def merges_of(desk: Desk, name: str) -> Sequence[Merge]:
    """What was merged into this person, the last one first; only the last one may be undone. NotFound."""
    with desk.federation.database.read() as uow:
        return uow.merges.of(find_candidate(uow, name).id)


def merge(desk: Desk, kept: str, gone: str, actor: str) -> Candidate:
    """Make two entries one: `gone` becomes part of `kept`. Raises NotFound, Refused `same_person`, `both_forwarded`
    (both wait for an answer of one offer)."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        mine, theirs = find_candidate(uow, kept), find_candidate(uow, gone)
        if mine.id == theirs.id:
            raise Refused("same_person", _("These two entries are one already."))
        _refuse_both_forwarded(uow.forwards.of_candidate(mine.id), uow.forwards.of_candidate(theirs.id))
        locals_ = uow.files.local(mine.id), uow.files.local(theirs.id)
        moved = dict(uow.belongings.move(theirs.id, mine.id))
        # Places have a rule of their own, as nobody has two in one workshop; `belongings.give` passes them by.
        places, dropped = _move_places(uow, theirs.id, mine.id)
        moved["place"] = tuple(places)
        # The trail of who opened the other entry stays under its own number, for the day that it comes back.
        uow.accounts.end_sessions(desk.now(), candidate=theirs.id)
        uow.candidates.remove(theirs.id)
        uow.following.refresh(mine.id)
        whole = merged(mine, theirs)
        uow.candidates.save(whole)
        local = merged_local(*locals_)
        if local != locals_[0]:
            uow.files.save_local(mine.id, local)
        uow.merges.add(
            Merge(
                id=desk.new_id(),
                kept=mine,
                gone=theirs,
                kept_local=locals_[0],
                gone_local=locals_[1],
                at=now,
                by=actor,
                moved=moved,
                dropped=dropped,
            )
        )
        uow.files.record([history_line(mine.id, now, actor, Occasion.MERGED, theirs.reference)])
        end_uncovered(uow, desk, whole, now, actor)
        return whole


def unmerge(desk: Desk, name: str, actor: str) -> tuple[Candidate, Candidate]:
    """Undo the last merge of this person; both entries. What was added since stays with the kept one. Raises NotFound,
    Refused `not_merged`, `reference_taken`."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        whole = find_candidate(uow, name)
        merges = uow.merges.of(whole.id)
        if not merges:
            raise Refused("not_merged", _("Nothing was merged into this entry."))
        last = merges[0]
        if uow.candidates.by_reference(last.gone.reference) is not None:
            raise Refused("reference_taken", _("Another entry has taken the number of the one to be restored."))
        mine, theirs = (_without_lost_photo(uow, one) for one in taken_apart(last, whole))
        uow.merges.remove(last.id)
        uow.candidates.add(theirs)
        uow.candidates.save(mine)
        for person, local in ((mine, last.kept_local), (theirs, last.gone_local)):
            if uow.files.local(person.id) != local:
                uow.files.save_local(person.id, local)
        uow.belongings.give(last.moved, mine.id, theirs.id)
        for one in (mine, theirs):
            uow.following.refresh(one.id)
        # Whoever came in by the other entry's code leaves this one.
        uow.accounts.end_sessions(desk.now(), candidate=mine.id)
        kept = [link for purpose in CANDIDATES_LINKS for link in uow.accounts.links(purpose, mine.id)]
        uow.accounts.drop_links([link.id for link in kept if link.created > last.at])
        _restore_places(uow, last, mine.id, theirs.id)
        uow.files.record(
            [
                history_line(mine.id, now, actor, Occasion.UNMERGED, theirs.reference),
                history_line(theirs.id, now, actor, Occasion.UNMERGED, mine.reference),
            ]
        )
        return mine, theirs


def _without_lost_photo(uow: MissionUnitOfWork, person: Candidate) -> Candidate:
    """A photograph that was removed since does not come back."""
    return person if uow.documents.get(person.photo) is not None else replace(person, photo="")


def _refuse_both_forwarded(mine: Sequence[Forward], theirs: Sequence[Forward]) -> None:
    if {one.offer for one in mine if is_live(one)} & {one.offer for one in theirs if is_live(one)}:
        raise Refused("both_forwarded", _("Both entries are put forward for the same offer: withdraw one first."))


def _move_places(uow: MissionUnitOfWork, from_id: str, to_id: str) -> tuple[list[str], dict[str, Place]]:
    """Workshops where the place changed hands, and the places that were dropped as the other has one there."""
    places: list[str] = []
    dropped: dict[str, Place] = {}
    for workshop in uow.workshops.of_candidate(from_id):
        place = workshop.place_of(from_id)
        assert place is not None
        if workshop.place_of(to_id) is None:
            places.append(workshop.id)
            changed = tuple(replace(p, candidate=to_id) if p is place else p for p in workshop.places)
        else:
            dropped[workshop.id] = place
            changed = tuple(p for p in workshop.places if p is not place)
        uow.workshops.save(replace(workshop, places=changed))
    return places, dropped


def _restore_places(uow: MissionUnitOfWork, last: Merge, kept: str, gone: str) -> None:
    for workshop_id in last.moved["place"]:
        workshop = uow.workshops.get(workshop_id)
        if workshop is not None:
            changed = tuple(replace(p, candidate=gone) if p.candidate == kept else p for p in workshop.places)
            uow.workshops.save(replace(workshop, places=changed))
    for workshop_id, place in last.dropped.items():
        workshop = uow.workshops.get(workshop_id)
        if workshop is not None:
            uow.workshops.save(replace(workshop, places=(*workshop.places, place)))
