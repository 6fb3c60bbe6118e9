"""The one thing that an employer's « oui, si… » asks for, and the day by which, as a form of the private link asks it.

Guarantees: one thing is read, that of the chosen kind, whatever else was filled in before; a skill that the offer does
not name is said in words. Read next: answering.py.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from node.kit.i18n import gettext as _
from node.mission.forwards.forward import Condition, ConditionKind
from node.mission.forwards.saying import CONDITION_WITHIN, MAX_CODES, MAX_CONDITION_TEXT, MAX_DAYS
from node.mission.offers.offer import Offer
from node.mission.terms import Licence
from node.web.frame.forms import Form, labelled

_TOMORROW: Final = timedelta(days=1)


def kinds() -> list[tuple[str, str]]:
    """What may be asked for, in the order of the form."""
    said = {ConditionKind.SKILL: _("a skill, a CACES")}
    return [(one.value, said.get(one, one.label)) for one in ConditionKind]


def licences() -> list[tuple[str, str]]:
    """Driving licences, the commonest first."""
    return labelled(sorted(Licence, key=lambda one: one is not Licence.B), coded=True)


def read(form: Form, offer: Offer, today: date) -> Condition | None:
    """The condition; None when the form says what is missing."""
    kind = form.choice("kind", list(ConditionKind), required=True)
    text = form.line("text", longest=MAX_CONDITION_TEXT)
    until = form.day("until", required=True, earliest=today + _TOMORROW, latest=today + CONDITION_WITHIN)
    codes: Collection[str] = ()
    licence, days = "", None
    match kind:
        case ConditionKind.SKILL:
            codes = form.choices("skills", [code for code, _need in offer.skills])
            if len(codes) > MAX_CODES:
                form.error("skills", _("Choose the skill, one to ten."))
            if not codes and not text and "skills" not in form.errors:
                form.error("text", _("Tick the skill, or say it in your words."))
        case ConditionKind.LICENCE:
            licence = form.choice("licence", list(Licence), required=True)
        case ConditionKind.IMMERSION:
            days = form.whole("days", required=True, least=1, most=MAX_DAYS)
        case ConditionKind.OTHER if not text:
            form.error("text", _("Say what the condition is."))
    if not form.ok or until is None:
        return None
    asked = ConditionKind.of(kind)
    return Condition(
        kind=ConditionKind.OTHER if asked is ConditionKind.SKILL and not codes else asked,
        codes=tuple(code for code, _need in offer.skills if code in codes),
        licence=licence,
        days=days or 0,
        text=text,
        until=until,
    )
