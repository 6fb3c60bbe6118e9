"""The counsellor's signature that a CV is ready, and its end.

Guarantees: nobody signs while something that blocks is missing, nor without having met the person: a page, the API, a
command and a file that is imported all sign by `signed`; a signature that lapsed is taken off by `lapse_signatures`,
and in any case counts for nothing.

Read next: `node/mission/people/quality.py`, what may be missing.
"""

from dataclasses import replace
from datetime import date, datetime

from node.kit.errors import BadInput
from node.kit.i18n import gettext as _
from node.mission.people.candidate import Candidate, CvState, Met, ReadySignature
from node.mission.people.contacts import Contact, ContactChannel
from node.mission.people.history import Change, Occasion
from node.mission.people.quality import CvLack, blocking, missing_for_ready
from node.mission.people.rules import FieldProblem
from node.mission.ports import MissionUnitOfWork
from node.services.actors import SYSTEM
from node.services.desk import Desk, Refused
from node.services.people.files import met_on as last_met_on
from node.services.people.finding import find_candidate
from node.services.people.saving import BadFields, history_line, save

_MET_BY = {Met.IN_PERSON: ContactChannel.IN_PERSON, Met.BY_PHONE: ContactChannel.PHONE}


class NotReady(Refused):
    """What blocks is missing; `gaps` says what."""

    def __init__(self, gaps: list[CvLack]) -> None:
        super().__init__("not_ready", " ".join(gap.sentence for gap in gaps))
        self.gaps = tuple(gaps)


def gaps(desk: Desk, name: str) -> tuple[CvLack, ...]:
    """What is missing before the CV may be signed, what blocks first. NotFound."""
    with desk.federation.database.read() as uow:
        person = find_candidate(uow, name)
        return tuple(
            missing_for_ready(
                person, met_on=last_met_on(uow, person), today=desk.today(), asks_to_keep=desk.asks_to_keep
            )
        )


def sign_ready(desk: Desk, name: str, actor: str, *, met: Met | None = None, met_on: date | None = None) -> Candidate:
    """Sign today that the CV is ready. `met` says how the counsellor met the person, on `met_on` (today when None),
    and is noted as a contact; without it the last meeting that was noted counts. Raises NotFound, NotReady, BadFields
    (a meeting in the future)."""
    with desk.federation.database.write() as uow:
        before = find_candidate(uow, name)
        person, line = sign_in(uow, desk, before, actor, met=met, met_on=met_on)
        return save(uow, before, person, desk.now(), actor, line)


def sign_in(
    uow: MissionUnitOfWork,
    desk: Desk,
    person: Candidate,
    counsellor: str,
    *,
    met: Met | None = None,
    met_on: date | None = None,
) -> tuple[Candidate, Change]:
    """As `sign_ready`, in the caller's unit of work, of the person as the caller is about to save them: the person
    signed, and the line of the history. `counsellor` is an account's id, or a name."""
    now, today = desk.now(), desk.today()
    day = met_on or today
    if day > today:
        raise BadFields([FieldProblem("met_on", _("A meeting cannot be in the future."))])
    if met is not None:
        person = person.contacted(day)
        uow.files.add_contact(
            Contact(id=desk.new_id(), candidate=person.id, written=now, on=day, by=counsellor, channel=_MET_BY[met])
        )
    how, when = _meeting(uow, person)
    if how is None or when is None:
        raise NotReady(blocking(missing_for_ready(person, met_on=None, today=today, asks_to_keep=desk.asks_to_keep)))
    readiness = ReadySignature(by=counsellor, on=today, met=how, met_on=when)
    return signed(desk, person, readiness), signature_event(person.id, readiness, now, counsellor)


def signed(desk: Desk, person: Candidate, readiness: ReadySignature) -> Candidate:
    """The person with that signature: the one way in which a CV becomes ready, whoever brings the signature. Raises
    NotReady."""
    today = desk.today()
    if missing := blocking(
        missing_for_ready(person, met_on=readiness.met_on, today=today, asks_to_keep=desk.asks_to_keep)
    ):
        raise NotReady(missing)
    return replace(person, readiness=readiness)


def signature_event(candidate: str, readiness: ReadySignature, now: datetime, actor: str) -> Change:
    """The line of the history that tells a signature."""
    return history_line(candidate, now, actor, Occasion.READY, f"{readiness.met.label}, {readiness.met_on.isoformat()}")


def _meeting(uow: MissionUnitOfWork, person: Candidate) -> tuple[Met | None, date | None]:
    last, ready = uow.files.last_met(person.id), person.readiness
    if last is not None and (ready is None or last.on >= ready.met_on):
        return Met.IN_PERSON if last.channel is ContactChannel.IN_PERSON else Met.BY_PHONE, last.on
    return (ready.met, ready.met_on) if ready is not None else (None, None)


def set_cv_state(desk: Desk, name: str, state: CvState, actor: str) -> Candidate:
    """The CV is received, to rework, or in a workshop; a signature goes. Raises NotFound, BadInput for "ready", which
    only a signature makes."""
    if state is CvState.READY:
        raise BadInput(_("Only a signature makes a CV ready."))
    with desk.federation.database.write() as uow:
        before = find_candidate(uow, name)
        return save(uow, before, before.in_rework(state), desk.now(), actor)


def lapse_signatures(desk: Desk) -> int:
    """Take off the signatures that have lapsed; how many. Called by the scheduler, safe to call twice."""
    now, today = desk.now(), desk.today()
    with desk.federation.database.read() as uow:
        ending = uow.candidates.signatures_ending(today, None, 1000).rows
    lapsed = 0
    for one in ending:
        with desk.federation.database.write() as uow:
            person = uow.candidates.get(one.id)
            if person is None or person.ready_until is None or person.ready_until >= today:
                continue
            after = person.in_rework(CvState.TO_REWORK)
            save(uow, person, after, now, SYSTEM, history_line(person.id, now, SYSTEM, Occasion.READY_LAPSED))
            lapsed += 1
    return lapsed
