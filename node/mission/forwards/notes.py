"""What is noted of a forward at home beside its moves: it stays here, and is told to nobody but the person."""

from dataclasses import dataclass
from datetime import date, datetime

from node.mission.people.contacts import ContactChannel
from node.mission.terms import Term


class NoteKind(Term):
    REMINDER = "reminder", "Relance"
    INTERVIEW = "interview", "Jour de l'entretien"
    COACHING = "coaching", "Entretien préparé"
    TOLD = "told", "Réponse annoncée à la personne"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardNote:
    """One note. `on` is the day that it is about: of the reminder, of the interview; `at` when it was written, by
    `actor` (an account, or a word of `node/services/actors.py`)."""

    id: str
    forward: str
    kind: NoteKind
    at: datetime
    actor: str
    on: date | None = None
    channel: ContactChannel | None = None
    text: str = ""
