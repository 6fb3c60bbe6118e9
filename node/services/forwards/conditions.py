"""What « oui, si… » asks for, in words, as pages, commands and the printed promise say it; and whom to ask for the
answer once it is there.

Read next: `node/services/employers/telling.py`, by which a mail asks.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext
from node.mission.employers.sending import Sending, SendingWay
from node.mission.forwards.forward import Condition, ConditionKind, Forward
from node.mission.forwards.standing import latest_condition
from node.mission.happened import Event, Happened
from node.mission.ports import MissionUnitOfWork

if TYPE_CHECKING:
    from node.referential import Referential


def condition_of(forward: Forward) -> Condition | None:
    """The condition that was named last and not taken back; None where there was none."""
    found = latest_condition(forward.moves)
    return found.move.condition if found is not None else None


def thing_asked(condition: Condition, referential: "Referential") -> str:
    """The one thing, without its day: the employer's own words where there are any, beside what they stand for."""
    match condition.kind:
        case ConditionKind.SKILL:
            labels = [referential.skills.label(code) or code for code in condition.codes]
            return condition.text or ", ".join(labels)
        case ConditionKind.LICENCE:
            thing = _("driving licence {code}").format(code=condition.licence)
        case ConditionKind.IMMERSION:
            said = ngettext("an immersion of {number} day", "an immersion of {number} days", condition.days)
            thing = said.format(number=condition.days)
        case ConditionKind.OTHER:
            return condition.text or condition.kind.label
    return f"{thing} ({condition.text})" if condition.text else thing


def ask_for_answer(uow: MissionUnitOfWork, forward: Forward, now: datetime) -> None:
    """The condition is fulfilled: have the employer asked for the answer by mail, where the person came by one, in the
    caller's unit of work."""
    if open_mail(uow, forward, now) is not None:
        uow.events.add(Event(Happened.CONDITION_MET, forward.id, now), instead=True)


def open_mail(uow: MissionUnitOfWork, forward: Forward, now: datetime) -> Sending | None:
    """The newest mail by which that person was put forward, and whose link still opens; None where there is none."""
    sent = uow.sendings.of_forward(forward.id)
    return next((one for one in sent if one.way is SendingWay.MAIL and one.shows(one.part_of(forward.id), now)), None)
