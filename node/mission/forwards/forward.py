"""A forward as either side keeps it. Which move is legal for whom is in `moves.py` alone."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, NamedTuple

from node.mission.terms import Term


class Side(Term):
    """Which end of the forward this node is: the home mission, or the side that receives the application."""

    HOME = "home", "la mission d'origine"
    RECEIVER = "receiver", "le destinataire"


class ForwardState(Term):
    """Where a forward stands, and the moves that bring it there. `CORRECTED` is a move alone: it puts an answer, or the
    state before, in the place of one."""

    DRAFT = "draft", "Brouillon"
    SENT = "sent", "Envoyée"
    RECEIVED = "received", "Reçue"
    SEEN = "seen", "Vue"
    INTERVIEW = "interview", "Entretien"
    CONDITIONAL = "conditional", "Oui, si…"
    FULFILLED = "fulfilled", "Condition remplie"
    HIRED = "hired", "Embauche"
    DECLINED = "declined", "Réponse : non"
    WITHDRAWN = "withdrawn", "Retirée"
    EXPIRED = "expired", "Sans réponse"
    CONFIRMED = "confirmed", "Maintien en poste confirmé"
    BROKEN_OFF = "broken_off", "Contrat rompu"
    CORRECTED = "corrected", "Réponse corrigée"


class ConditionKind(Term):
    """What « oui, si… » asks for."""

    SKILL = "skill", "une compétence"
    LICENCE = "licence", "un permis"
    IMMERSION = "immersion", "une immersion"
    OTHER = "other", "autre chose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The one thing that an answer « oui, si… » asks for, and the day by which. Of a skill its `codes` (of the
    referential), of a licence its code, of an immersion its days; `text` says it in the employer's words, and is all
    that there is of something else."""

    kind: ConditionKind
    codes: tuple[str, ...] = ()
    licence: str = ""
    days: int = 0
    text: str = ""
    until: date


@dataclass(frozen=True, slots=True)
class Words:
    """What is said with a move: its reason (a code of `Reason`), of a refusal the text that the candidate reads, the
    one for the mission that stands guarantor, and the demands of the offer that were missing (`lacking`, codes of
    skills); of « oui, si… » its condition."""

    reason: str = ""
    to_candidate: str = ""
    to_guarantor: str = ""
    lacking: tuple[str, ...] = ()
    condition: Condition | None = None


NO_WORDS: Final = Words()


class MoveName(NamedTuple):
    """A move of one side by its event and moment; no side makes two alike."""

    event: ForwardState
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move in a forward's life, with what was said.

    `about` names the move that a correction takes back, the condition that is fulfilled, or the one that an expiry
    ends; `instead` is the answer that a correction puts in its place, None for the state before.
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
    lacking: tuple[str, ...] = ()
    condition: Condition | None = None
    about: MoveName | None = None
    instead: ForwardState | None = None
    epoch: int = field(default=0, compare=False)
    index: int = field(default=-1, compare=False)
    actor: str = field(default="", compare=False)

    @property
    def answer(self) -> Words:
        """What was said with it."""
        return Words(self.reason, self.to_candidate, self.to_guarantor, self.lacking, self.condition)

    @property
    def name(self) -> MoveName:
        """What another move of the forward calls it."""
        return MoveName(self.event, self.at)

    def without_texts(self) -> "Move":
        """The move without a word about the person; that it was made, why, and its day stay."""
        bare = replace(self.condition, text="") if self.condition is not None else None
        return replace(self, to_candidate="", to_guarantor="", condition=bare)


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
