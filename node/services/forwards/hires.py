"""Hires noted, from a forward or without one, and their follow-ups."""

from dataclasses import dataclass, replace
from datetime import date

from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.mission.forwards.after_hire import AfterHire
from node.mission.forwards.forward import Forward, ForwardState, Side
from node.mission.forwards.hire import Hire, HireWay, check_hire, in_force, read_hours
from node.mission.forwards.moves import allowed
from node.mission.people.candidate import CandidateState
from node.mission.people.history import Occasion
from node.mission.people.rules import FieldProblem
from node.mission.ports import MissionUnitOfWork
from node.mission.terms import Contract
from node.services.actors import names_in
from node.services.desk import Desk, Refused
from node.services.forwards.sending import find_forward
from node.services.people.files import write_state
from node.services.people.finding import find_candidate
from node.services.people.saving import BadFields, clean_line, history_line, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class HireWish:
    """What is typed of a hire: `forward` empty for one without; `hours` of a week as people write them; `placed` that
    the person looks for work no more."""

    forward: str = ""
    candidate: str = ""
    employer: str
    title: str
    rome: str = ""
    contract: str
    start: date | None = None
    hours: str = ""
    how: HireWay = HireWay.FORWARD
    placed: bool = False


def note_hire(desk: Desk, wish: HireWish, actor: str) -> Hire:
    """Note a hire. Raises NotFound, BadFields naming every fault, Refused `not_hired` (the forward is no hire),
    `hire_noted` (somebody noted it before)."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        forward = find_forward(uow, wish.forward) if wish.forward else None
        if forward is not None:
            _refuse_forward(uow, forward)
        person = find_candidate(uow, forward.candidate if forward is not None else wish.candidate)
        minutes = read_hours(wish.hours)
        hire = Hire(
            id=desk.new_id(),
            candidate=person.id,
            forward=forward.id if forward is not None else "",
            offer=forward.offer if forward is not None else "",
            employer=clean_line("employer", wish.employer),
            title=clean_line("title", wish.title),
            rome=clean_line("rome", wish.rome, 5),
            contract=wish.contract,
            start=wish.start,
            minutes=minutes or 0,
            how=HireWay.FORWARD if forward is not None else wish.how,
            by=actor,
            at=now,
        )
        problems = check_hire(hire, minutes, desk.today(), _sent(forward) if forward is not None else None)
        if Contract.read(wish.contract) is None:
            problems.append(FieldProblem("contract", _("Choose the kind of contract.")))
        refuse(problems)
        if forward is None:
            _refuse_twice(uow, hire)
        uow.hires.add(hire)
        said = f"{hire.title}, {hire.employer}"
        uow.files.record([history_line(person.id, now, actor, Occasion.HIRE, said)])
        if wish.placed:
            write_state(uow, desk, person, CandidateState.PLACED, actor)
            _say_placed(uow, hire)
        return hire


def hire_of(desk: Desk, forward_id: str) -> Hire | None:
    """The hire that was noted of a forward."""
    with desk.federation.database.read() as uow:
        return uow.hires.of_forward(forward_id)


def one_hire(desk: Desk, hire_id: str) -> Hire:
    """A hire by its number; NotFound."""
    with desk.federation.database.read() as uow:
        return _find(uow, hire_id)


def hires_of(desk: Desk, candidate: str) -> list[Hire]:
    """A person's, newest first."""
    with desk.federation.database.read() as uow:
        return list(uow.hires.of_candidate(candidate))


def follow_hire(desk: Desk, hire_id: str, event: ForwardState, actor: str, reason: str = "") -> Hire:
    """The follow-up of a hire without a forward: confirmed, or broken off with a reason. Raises NotFound, BadFields,
    Refused `use_forward`, `followed_already`."""
    now, today = desk.now(), desk.today()
    with desk.federation.database.write() as uow:
        hire = _find(uow, hire_id)
        if hire.forward:
            raise Refused("use_forward", _("This hire came from an application: note its follow-up there."))
        if hire.follow_up is None:
            raise Refused("followed_already", _("Both follow-ups of this hire are noted, or it has ended."))
        if event is ForwardState.BROKEN_OFF:
            after = replace(hire, ended_on=today, end_reason=clean_line("end_reason", reason, required=True))
        elif hire.month_on is None:
            after = replace(hire, month_on=today)
        else:
            after = replace(hire, half_on=today)
        uow.hires.save(after)
        said = f"{event.label} : {hire.title}, {hire.employer}"
        uow.files.record([history_line(hire.candidate, now, actor, Occasion.HIRE, said)])
        return after


def _find(uow: MissionUnitOfWork, hire_id: str) -> Hire:
    hire = uow.hires.get(hire_id)
    if hire is None:
        raise NotFound(_("No hire has that number here."))
    return hire


def _refuse_forward(uow: MissionUnitOfWork, forward: Forward) -> None:
    if forward.side is not Side.HOME or ForwardState.CONFIRMED not in allowed(forward.state, Side.HOME):
        raise Refused("not_hired", _("This application is no hire: note the employer's answer first."))
    if (known := uow.hires.of_forward(forward.id)) is not None:
        raise Refused("hire_noted", _noted_by(uow, known))


def _refuse_twice(uow: MissionUnitOfWork, hire: Hire) -> None:
    for known in in_force(uow.hires.of_candidate(hire.candidate)):
        same = (known.employer.casefold(), known.start) == (hire.employer.casefold(), hire.start)
        if same and not known.forward:
            raise BadFields([FieldProblem("employer", _noted_by(uow, known))])


def _say_placed(uow: MissionUnitOfWork, hire: Hire) -> None:
    """Whether the person still looks for work is answered; of a hire without a forward, its day counts from now."""
    known = uow.after_hires.get(hire.forward) if hire.forward else None
    if known is not None:
        uow.after_hires.put(replace(known, answered=hire.at, by=hire.by))
    elif not hire.forward:
        begun = AfterHire(id=hire.id, candidate=hire.candidate, at=hire.at, heard=hire.at)
        uow.after_hires.put(replace(begun, answered=hire.at, by=hire.by))


def _noted_by(uow: MissionUnitOfWork, hire: Hire) -> str:
    sentence = _("{who} noted this hire on {day}: nothing was noted twice.")
    return sentence.format(who=names_in(uow)[hire.by], day=f"{hire.at:%d/%m/%Y}")


def _sent(forward: Forward) -> date:
    moments = (move.at for move in forward.moves if move.event is ForwardState.SENT)
    return next(moments, forward.created).date()
