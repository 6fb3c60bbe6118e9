"""What all use cases about a person share: refusals by field, saving with a history, agreements.

Guarantees: a person's value is saved together with the lines of its history, or not at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from node.kit.clean_text import is_line, is_text
from node.kit.errors import BadInput
from node.kit.i18n import gettext as _
from node.mission.agreements.consent import AGREEMENT_LASTS, Consent, ConsentScope
from node.mission.people.candidate import Candidate, CandidateState
from node.mission.people.history import Change, Occasion, changes_between
from node.mission.people.rules import FieldProblem
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk


class BadFields(BadInput):
    """What was typed cannot be kept. `problems` are for a form, one a field; the text has all of their sentences."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(" ".join(dict.fromkeys(problem.sentence for problem in problems)))
        self.problems = tuple(problems)


def refuse(problems: Sequence[FieldProblem]) -> None:
    """Raise BadFields when there is a problem."""
    if problems:
        raise BadFields(problems)


def clean_line(field: str, text: str, limit: int = 200, *, required: bool = False) -> str:
    """One clean line; BadFields."""
    text = text.strip()
    if required and not text:
        raise BadFields([FieldProblem(field, _("Fill this field in."))])
    if len(text) > limit or not is_line(text):
        raise BadFields([FieldProblem(field, _("At most {limit} characters, on one line.").format(limit=limit))])
    return text


def clean_prose(field: str, text: str, limit: int = 4000, *, required: bool = False) -> str:
    """Some clean sentences; BadFields."""
    text = text.strip().replace("\r\n", "\n")
    if required and not text:
        raise BadFields([FieldProblem(field, _("Fill this field in."))])
    if len(text) > limit or not is_text(text):
        raise BadFields([FieldProblem(field, _("At most {limit} characters.").format(limit=limit))])
    return text


def save(
    uow: MissionUnitOfWork, before: Candidate, after: Candidate, now: datetime, actor: str, *events: Change
) -> Candidate:
    """Keep the person as they are now, with one line of history for each field that changed, then the events."""
    if after != before:
        uow.candidates.save(after)
    uow.files.record((*changes_between(before, after, now, actor), *events))
    return after


def history_line(
    candidate: str, now: datetime, actor: str, about: Occasion, after: str = "", before: str = ""
) -> Change:
    """A line of history that is no change of a field."""
    return Change(candidate=candidate, at=now, by=actor, field=about.value, before=before, after=after)


def agreed(
    desk: Desk,
    person: Candidate,
    scope: ConsentScope,
    how: str,
    given_on: date,
    *,
    until: date | None = None,
    offer: str = "",
    employer: str = "",
) -> tuple[Candidate, Consent]:
    """The person with one more agreement; whoever had paused or left comes back by one that holds today. An agreement
    that is known already (same scope, offer, employer and day, not withdrawn) is not recorded twice."""
    for known in person.consents:
        same = (known.scope, known.offer, known.employer, known.given_on) == (scope, offer, employer, given_on)
        if same and known.withdrawn_at is None and until in (None, known.until):
            return person, known
    consent = Consent(
        id=desk.new_id(),
        scope=scope,
        given_on=given_on,
        until=until or given_on + AGREEMENT_LASTS[scope],
        how=how,
        offer=offer,
        employer=employer,
    )
    person = replace(person, consents=(*person.consents, consent), notice_on=None)
    has_stopped = person.state in (CandidateState.LIMITED, CandidateState.WITHDRAWN)
    # Where keeping the file is itself agreed to, another agreement does not say that it may be kept.
    is_kept = scope is ConsentScope.KEEP or not desk.asks_to_keep or person.objected_at is None
    returns = has_stopped and is_kept and consent.in_force(desk.today())
    return person.coming_back() if returns else person, consent


def agreement_events(candidate: str, consents: Iterable[Consent], now: datetime, actor: str) -> list[Change]:
    """One line of history for each agreement given."""
    return [
        history_line(candidate, now, actor, Occasion.CONSENT_GIVEN, f"{one.scope.label} ({one.how})")
        for one in consents
    ]
