"""« Oui, si… » as a form, which a counsellor fills in and so does an employer by the private link: the one thing asked
for, and the day by which.

Guarantees: one thing is read, that of the chosen kind, whatever else was filled in before; each fault stands at its
field; a skill that the offer does not name is said in words. Read next: yes_if.html, the fields;
`node/mission/forwards/saying.py`, the rules; answering.py, `web/employers/answering.py`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from node.kit.i18n import gettext as _
from node.mission.forwards.forward import Condition, ConditionKind, Forward, ForwardState, Move
from node.mission.forwards.saying import CONDITION_WITHIN, MAX_CODES, MAX_CONDITION_TEXT, MAX_DAYS
from node.mission.offers.offer import Offer
from node.mission.terms import Licence
from node.referential import Referential
from node.services.forwards.conditions import condition_of, thing_asked
from node.web.frame.forms import Form, labelled
from node.web.people.fields import code_label

_TOMORROW: Final = timedelta(days=1)


def choices(offer: Offer | None, tables: Referential, today: date) -> dict[str, Any]:
    """What yes_if.html needs: kinds in the order of the form, the skills that the offer asks for, driving licences with
    the commonest first, the first day that may be named."""
    said = {ConditionKind.SKILL: _("a skill, a CACES")}
    skills = [code for code, _need in offer.skills] if offer is not None else []
    return {
        "kinds": [(one.value, said.get(one, one.label)) for one in ConditionKind],
        "skills": [(code, code_label(tables, "skills", code)) for code in skills],
        "licences": labelled(sorted(Licence, key=lambda one: one is not Licence.B), coded=True),
        "tomorrow": today + _TOMORROW,
    }


def read_condition(form: Form, offer: Offer | None, today: date) -> Condition | None:
    """The condition as it was filled in; None, with its faults in the form, when something is wrong."""
    kind = form.choice("kind", list(ConditionKind), required=True)
    text = form.line("text", longest=MAX_CONDITION_TEXT)
    until = form.day("until", required=True, earliest=today + _TOMORROW, latest=today + CONDITION_WITHIN)
    asked = [code for code, _need in offer.skills] if offer is not None else []
    codes: Collection[str] = ()
    licence, days = "", None
    match kind:
        case ConditionKind.SKILL:
            codes = form.choices("skills", asked)
            if len(codes) > MAX_CODES:
                form.error("skills", _("Choose the skill, one to ten."))
            if not codes and not text and "skills" not in form.errors:
                form.error("text", _("Tick the skill, or say it in your words.") if asked else _("Say which skill."))
        case ConditionKind.LICENCE:
            licence = form.choice("licence", list(Licence), required=True)
        case ConditionKind.IMMERSION:
            days = form.whole("days", required=True, least=1, most=MAX_DAYS)
        case ConditionKind.OTHER if not text:
            form.error("text", _("Say what the condition is."))
    if not form.ok or until is None:
        return None
    chosen = ConditionKind.of(kind)
    return Condition(
        kind=ConditionKind.OTHER if chosen is ConditionKind.SKILL and not codes else chosen,
        codes=tuple(code for code in asked if code in codes),
        licence=licence,
        days=days or 0,
        text=text,
        until=until,
    )


@dataclass(frozen=True, slots=True)
class ToldConditions:
    """What rows say of « oui, si… »."""

    tables: Referential

    def of(self, forward: Forward) -> Condition | None:
        """The condition that the forward waits for now."""
        return condition_of(forward) if forward.state is ForwardState.CONDITIONAL else None

    def named(self, forward: Forward) -> bool:
        """Whether the employer ever named one that stands."""
        return condition_of(forward) is not None

    def said(self, condition: Condition) -> str:
        """« Oui, si : CACES R489 avant le 15/03/2027 »."""
        said = _("Yes, if: {thing} by {day}")
        return said.format(thing=thing_asked(condition, self.tables), day=f"{condition.until:%d/%m/%Y}")

    def told(self, forward: Forward) -> str:
        """The same, of a forward that waits for one; else empty."""
        condition = self.of(forward)
        return "" if condition is None else self.said(condition)

    def lacking(self, move: Move) -> str:
        """The demands that a refusal says were missing."""
        return ", ".join(code_label(self.tables, "skills", code) for code in move.lacking)
