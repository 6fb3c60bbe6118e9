"""A person at the desk, whose file is opened there and then: pages open one from what was handed in."""

from collections.abc import Mapping
from typing import Any

from node.mission.agreements.consent import ConsentScope
from node.mission.people.candidate import Candidate, CvState
from node.services.desk import Desk
from node.services.people.files import open_file


def register_person(
    desk: Desk,
    fields: Mapping[str, Any],
    actor: str,
    *,
    agreements: Mapping[ConsentScope, str] | None = None,
    source: str = "",
    cv_state: CvState = CvState.RECEIVED,
) -> Candidate:
    """`fields` are values of `rules.EDITABLE`; `agreements` scope -> how it was given, today. The actor follows the
    person. Raises BadFields."""
    with desk.federation.database.write() as uow:
        return open_file(uow, desk, fields, actor, agreements=agreements or {}, source=source, cv_state=cv_state)
