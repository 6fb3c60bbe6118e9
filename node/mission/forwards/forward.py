"""A forward as either side keeps it. Which move is legal for whom is in `moves.py` alone."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from node.mission.terms import Term


class Side(Term):
    """Which end of the forward this node is: the home mission, or the side that receives the application."""

    HOME = "home", "la mission d'origine"
    RECEIVER = "receiver", "le destinataire"


class ForwardState(Term):
    DRAFT = "draft", "Brouillon"
    SENT = "sent", "Envoyée"
    RECEIVED = "received", "Reçue"
    SEEN = "seen", "Vue"
    INTERVIEW = "interview", "Entretien"
    HIRED = "hired", "Embauche"
    DECLINED = "declined", "Réponse : non"
    WITHDRAWN = "withdrawn", "Retirée"
    EXPIRED = "expired", "Sans réponse"
    CONFIRMED = "confirmed", "Maintien en poste confirmé"
    BROKEN_OFF = "broken_off", "Contrat rompu"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said with a move: its reason (a code of `Reason`), and of a refusal the text that the candidate reads and
    the one for the mission that stands guarantor."""

    reason: str = ""
    to_candidate: str = ""
    to_guarantor: str = ""


NO_WORDS: Final = Words()


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move in a forward's life, with its reason and the two texts of a decline.

    `epoch` and `index` say where in the peer's journal a move of the other side stands, index -1 for
    our own; both sides' copies of a move are equal all the same. `actor` is who made one of our own: an account, or a
    word of `node/services/actors.py`; it never leaves the node.
    """

    event: ForwardState
    at: datetime
    by: Side
    reason: str = ""
    to_candidate: str = ""
    to_guarantor: str = ""
    epoch: int = field(default=0, compare=False)
    index: int = field(default=-1, compare=False)
    actor: str = field(default="", compare=False)

    @property
    def answer(self) -> Words:
        """What was said with it."""
        return Words(self.reason, self.to_candidate, self.to_guarantor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """One candidate put forward for one site of one offer.

    `peer` is the node at the other end; `candidate` is the home node's candidate id, empty on the receiving side;
    `offer` is the offer's key "<node id>/<offer id>"; `why` the counsellor's own sentence; `checked` further checks
    for the guarantee; `moves` the whole history, oldest first. `has_dossier` says whether the receiving side still
    holds the dossier.
    """

    id: str
    side: Side
    peer: str
    offer: str
    revision: int
    site: str
    candidate: str = ""
    why: str
    checked: tuple[str, ...] = ()
    state: ForwardState
    moves: tuple[Move, ...] = ()
    created: datetime
    consent: str = ""
    has_dossier: bool = False
