"""The trail: who opened or changed which person's file, and what for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from node.mission.terms import Term

PROGRAM: Final = "program"
"""Who opened a file, when it was a program of the mission, by the node's token."""
COMMAND: Final = "command"
"""The same, when it was a command on the server."""


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
    LISTED = "listed", "liste consultée"
    EXPORTED = "exported", "liste téléchargée"
    ERASED = "erased", "personne effacée"
    ACCESS = "access", "accès à un compte donné"


@dataclass(frozen=True, slots=True)
class Access:
    """One line of the trail: who opened which person's file, and what for. `account` is an account's id, `PROGRAM` or
    `COMMAND`; `candidate` is empty for what is no file of this town: a deposit that was destroyed, a dossier of another
    town's person, the way into an account. `because` is what was said by whoever gave a command on the server."""

    at: datetime
    account: str
    name: str
    candidate: str
    what: OpenedFor
    because: str = ""
