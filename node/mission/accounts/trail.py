"""The trail: who opened or changed which person's file, and what for."""

from dataclasses import dataclass
from datetime import datetime

from node.mission.terms import Term


class OpenedFor(Term):
    """What a file was opened for."""

    READ = "read", "lecture"
    EDIT = "edit", "correction"
    DOCUMENT = "document", "document ouvert"
    PRINT = "print", "impression"
    OBSTACLES = "obstacles", "freins et éligibilité"
    FORWARD = "forward", "mise en relation"
    CODE = "code", "code d'accès imprimé"
    LINK = "link", "lien vers l'espace personnel"
    DISCARD = "discard", "dépôt détruit"


@dataclass(frozen=True, slots=True)
class Access:
    """One line of the trail: who opened which person's file, and what for. `candidate` is empty for a deposit that was
    destroyed, which was nobody's yet."""

    at: datetime
    account: str
    name: str
    candidate: str
    what: OpenedFor
