"""A person's file as any of its pages opens it: the person, what the CV lacks, contacts, applications, and where they
stand. What a page shows beside that it asks for itself.

Read next: `node/mission/forwards/stage.py`, which says where somebody stands.
"""

from dataclasses import dataclass
from typing import Final

from node.mission.forwards.following import NOTHING_AROUND
from node.mission.forwards.forward import Forward, ForwardState
from node.mission.forwards.moves import is_open
from node.mission.forwards.stage import Known, Stage, UnreadReply, stage
from node.mission.people.candidate import Candidate
from node.mission.people.contacts import Contact
from node.mission.people.quality import CvLack, missing_for_ready
from node.mission.ports import MissionUnitOfWork
from node.mission.team.today import ENDS_WITHIN
from node.services.desk import Desk
from node.services.people.files import met_on
from node.services.people.finding import find_candidate

_OVER: Final = frozenset({ForwardState.WITHDRAWN, ForwardState.EXPIRED, ForwardState.BROKEN_OFF})
"""Nothing is ever to be done about these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    """What every page of a file needs."""

    person: Candidate
    gaps: tuple[CvLack, ...]
    contacts: tuple[Contact, ...]
    forwards: tuple[Forward, ...]
    stage: Stage


def opened_file(desk: Desk, name: str) -> OpenedFile:
    """The file of a person by id or reference; NotFound."""
    today = desk.today()
    with desk.federation.database.read() as uow:
        person = find_candidate(uow, name)
        gaps = tuple(missing_for_ready(person, met_on=met_on(uow, person), today=today, asks_to_keep=desk.asks_to_keep))
        contacts = tuple(uow.files.contacts_of(person.id))
        forwards = tuple(uow.forwards.of_candidate(person.id))
        live = [one for one in forwards if one.state not in _OVER]
        around = uow.following.around(live) if live else {}
        hires = tuple(one for one in uow.hires.of_candidate(person.id) if not one.forward)
        local = [one.id for one in live if one.peer == desk.node_id and is_open(one.state)]
        replies = {one: reply for one in local if (reply := _unread(uow, one)) is not None}
    known = Known(
        person=person,
        gaps=gaps,
        contacts=contacts,
        forwards=[(one, around.get(one.id, NOTHING_AROUND)) for one in live],
        hires=hires,
        replies=replies,
        now=desk.now(),
        renew_from=today + ENDS_WITHIN,
    )
    return OpenedFile(person=person, gaps=gaps, contacts=contacts, forwards=forwards, stage=stage(known))


def _unread(uow: MissionUnitOfWork, forward: str) -> UnreadReply | None:
    """The oldest of an employer's words about that forward that nobody has noted."""
    words = (
        word
        for sending in uow.sendings.of_forward(forward)
        for word in uow.sendings.words_of(sending.id)
        if word.settled is None and word.forward in ("", forward)
    )
    first = min(words, key=lambda word: word.at, default=None)
    return None if first is None else UnreadReply(first.sending, first.at)
