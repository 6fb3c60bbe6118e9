"""A person's file: contacts and next steps, and the history of every change.

Guarantees: a change says who, when and which field; of a sensitive field it never holds a value.

Read next: `partners.py`, obstacles and referrals; `node/services/people/contacts.py`, which writes all this.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from node.mission.agreements.consent import Agreement
from node.mission.people.candidate import Candidate, Diploma, Experience, Job
from node.mission.terms import Term

SENSITIVE: Final = frozenset({"birth_date", "photo", "local"})
"""Fields whose values no change quotes."""

_SILENT: Final = frozenset(
    {"id", "consents", "readiness", "first_ready", "last_seen", "registered", "notice_on", "objected_at"}
)
"""Fields that change with an event that has a line of its own, or by themselves."""

_SHOWN: Final = 300


class Occasion(Term):
    """What a line of the history may be about that is no change of a field."""

    LOCAL = "local", "Freins et éligibilité"
    CREATED = "created", "Fiche ouverte"
    DEPOSIT = "deposit", "Dépôt joint"
    READY = "ready", "CV signé prêt"
    READY_LAPSED = "ready_lapsed", "Signature expirée"
    CONSENT_GIVEN = "consent_given", "Accord donné"
    CONSENT_WITHDRAWN = "consent_withdrawn", "Accord retiré"
    OBJECTED = "objected", "Ne veut plus que son dossier soit conservé"
    PAUSED = "paused", "Dossier mis en pause à sa demande"
    DOCUMENT_ADDED = "document_added", "Document ajouté"
    DOCUMENT_REMOVED = "document_removed", "Document supprimé"
    CONTACT = "contact", "Contact noté"
    STEP_OWNER = "step_owner", "Prochaine étape confiée"
    STEP_DONE = "step_done", "Étape faite"
    STEP_POSTPONED = "step_postponed", "Étape repoussée"
    REFERRAL = "referral", "Orientation vers un partenaire"
    REFERRAL_MOVED = "referral_moved", "Suivi d'orientation"
    WORKSHOP = "workshop", "Atelier"
    HANDOVER = "handover", "Passage de relais"
    HIRE = "hire", "Embauche"
    MERGED = "merged", "Fiches réunies"
    UNMERGED = "unmerged", "Fiches séparées"
    NOTICE = "notice", "Effacement annoncé"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the history. `field` is a field of the candidate or an `Occasion` (see labels.CHANGES); `before` and
    `after` are for reading, empty for sensitive fields."""

    candidate: str
    at: datetime
    by: str
    field: str
    before: str = ""
    after: str = ""


def changes_between(before: Candidate, after: Candidate, at: datetime, by: str) -> Iterator[Change]:
    """One change for each field that differs and has no event of its own."""
    for field in fields(Candidate):
        name = field.name
        if name in _SILENT:
            continue
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            secret = name in SENSITIVE
            yield Change(
                candidate=after.id,
                at=at,
                by=by,
                field=name,
                before="" if secret else shown(old),
                after="" if secret else shown(new),
            )


def shown(value: Any) -> str:
    """A field's value on one line, at most 300 characters."""
    return " ".join(as_text(value).split())[:_SHOWN]


def as_text(value: Any) -> str:
    """A value of the domain as a French reader expects it, whole."""
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case Term():
            return value.label
        case Experience():
            return f"{value.called(None)} ({value.months} mois)"
        case Job():
            return " ".join(part for part in (value.title, value.employer, value.start, value.end) if part)
        case Diploma():
            return value.label
        case Agreement():
            return f"{as_text(value.at)} ({value.how})"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M} UTC"
        case date():
            return value.isoformat()
        case frozenset():
            return ", ".join(sorted(map(as_text, value)))
        case tuple():
            return ", ".join(map(as_text, value))
        case _:
            return str(value)
