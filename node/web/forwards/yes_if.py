"""« Oui, si… » as a form: the one thing that the employer asks for, and the day by which.

Guarantees: what is filled in for another kind of thing is left aside; each fault stands at its field. Read next:
`node/mission/forwards/saying.py`, the rules; answering.py.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from node.kit.i18n import gettext as _
from node.mission.forwards.forward import Condition, ConditionKind, Forward, ForwardState, Move
from node.mission.forwards.saying import CONDITION_WITHIN, MAX_CONDITION_TEXT, MAX_DAYS
from node.mission.offers.offer import Offer
from node.mission.terms import Licence
from node.referential import Referential
from node.services.forwards.conditions import condition_of, thing_asked
from node.web.frame.forms import Form, labelled
from node.web.people.fields import code_label

Pairs = list[tuple[str, str]]


def skills_of(offer: Offer | None, tables: Referential) -> Pairs:
    """What the offer asks for, as pairs (code, label)."""
    return [(code, code_label(tables, "skills", code)) for code, _need in offer.skills] if offer is not None else []


def choices(offer: Offer | None, tables: Referential) -> dict[str, Pairs]:
    """The form's lists. An offer that asks for no skill leaves the other kinds."""
    skills = skills_of(offer, tables)
    kinds = [one for one in ConditionKind if skills or one is not ConditionKind.SKILL]
    return {"kinds": labelled(kinds), "skills": skills, "licences": labelled(Licence, coded=True)}


def read_condition(form: Form, offer: Offer | None, today: date) -> Condition | None:
    """The condition as it was filled in; None, with its faults in the form, when something is wrong."""
    kind = ConditionKind.read(form.choice("kind", list(ConditionKind), required=True))
    asked = [code for code, _need in offer.skills] if offer is not None else []
    codes = form.choices("codes", asked, required=kind is ConditionKind.SKILL)
    licence = form.choice("licence", list(Licence), required=kind is ConditionKind.LICENCE)
    days = form.whole("days", least=1, most=MAX_DAYS, required=kind is ConditionKind.IMMERSION)
    text = form.line("condition", longest=MAX_CONDITION_TEXT, required=kind is ConditionKind.OTHER)
    until = form.day("until", required=True, earliest=today + timedelta(days=1), latest=today + CONDITION_WITHIN)
    if not form.ok or kind is None or until is None:
        return None
    return Condition(
        kind=kind,
        codes=tuple(sorted(codes)) if kind is ConditionKind.SKILL else (),
        licence=licence if kind is ConditionKind.LICENCE else "",
        days=(days or 0) if kind is ConditionKind.IMMERSION else 0,
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
