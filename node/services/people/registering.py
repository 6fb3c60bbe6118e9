"""A person registered by a program of the mission: their fields, and the agreements that they gave before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from node.kit.errors import Conflict
from node.kit.i18n import gettext as _
from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import Candidate, CvState
from node.mission.people.rules import FieldProblem
from node.services.desk import Desk
from node.services.people.files import open_file
from node.services.people.saving import BadFields, agreed, agreement_events, clean_line, save


@dataclass(frozen=True, slots=True)
class Given:
    """An agreement that the person gave, to other towns or to be kept."""

    scope: ConsentScope
    how: str
    on: date
    until: date | None


def register(
    desk: Desk,
    fields: Mapping[str, Any],
    actor: str,
    reference: str = "",
    given: Sequence[Given] = (),
    last_contact: date | None = None,
) -> Candidate:
    """A new file that nobody follows yet; `fields` are values of `rules.EDITABLE`. Raises BadFields (all problems at
    once), Conflict when the reference is taken, or was an erased person's; nothing is written then."""
    now, today = desk.now(), desk.today()
    reference = clean_line("reference", reference, 64)
    for one in given:
        if one.scope not in (ConsentScope.KEEP, ConsentScope.NETWORK):
            raise BadFields([FieldProblem("consents", _("Only agreements to other towns, or to be kept, come so."))])
        if one.on > today or (one.until is not None and one.until < one.on):
            raise BadFields([FieldProblem("consents", _("An agreement cannot be given in the future."))])
    if last_contact is not None and last_contact > today:
        raise BadFields([FieldProblem("last_contact", _("A meeting cannot be in the future."))])
    with desk.federation.database.write() as uow:
        if reference and (uow.candidates.by_reference(reference) is not None or uow.erased.among([reference])):
            raise Conflict(_("This reference is somebody's already, or was an erased person's: give another one."))
        opened = open_file(uow, desk, fields, actor, agreements={}, source="", cv_state=CvState.RECEIVED)
        person = replace(opened, reference=reference or opened.reference, owner="", last_contact=last_contact)
        consents = []
        for one in given:
            person, consent = agreed(desk, person, one.scope, clean_line("how", one.how), one.on, until=one.until)
            consents.append(consent)
        return save(uow, opened, person, now, actor, *agreement_events(person.id, consents, now, actor))
