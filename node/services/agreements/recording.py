"""An agreement that a person gave, recorded with who, when and how."""

from datetime import date

from node.kit.i18n import gettext as _
from node.mission.agreements.consent import ConsentScope, fold_employer
from node.mission.people.candidate import Candidate
from node.mission.people.rules import FieldProblem
from node.services.desk import Desk
from node.services.people.finding import find_candidate
from node.services.people.saving import BadFields, agreed, agreement_events, clean_line, save


def give_consent(
    desk: Desk,
    name: str,
    scope: ConsentScope,
    how: str,
    actor: str,
    *,
    given_on: date | None = None,
    until: date | None = None,
    offer: str = "",
    employer: str = "",
) -> Candidate:
    """Record an agreement that the person gave, to one `offer` or one `employer` where the scope is such. Raises
    NotFound, BadFields (days that cannot be, no manner, nobody named)."""
    now, today = desk.now(), desk.today()
    day = given_on or today
    said = clean_line("how", how, required=True)
    if day > today:
        raise BadFields([FieldProblem("given_on", _("An agreement cannot be given in the future."))])
    if until is not None and until < today:
        raise BadFields([FieldProblem("until", _("An agreement cannot end in the past."))])
    if (scope is ConsentScope.OFFER) != bool(offer):
        raise BadFields(
            [FieldProblem("offer", _("Name the offer when the agreement is for one offer, and only then."))]
        )
    named = clean_line("employer", employer)
    if (scope is ConsentScope.EMPLOYER) != bool(named):
        raise BadFields(
            [FieldProblem("employer", _("Name the employer when the agreement is for one employer, and only then."))]
        )
    if named and fold_employer(named) in ("", fold_employer(_("Employer not disclosed"))):
        raise BadFields([FieldProblem("employer", _("This names no employer: write its name as the offer does."))])
    with desk.federation.database.write() as uow:
        before = find_candidate(uow, name)
        after, consent = agreed(desk, before, scope, said, day, until=until, offer=offer, employer=named)
        if after == before:
            return before
        return save(uow, before, after, now, actor, *agreement_events(before.id, [consent], now, actor))
