"""What stands in a person's way, who helps with it, and what became of that.

Guarantees: obstacles and eligibility live in `Local`, apart from the candidate, so that no sheet, dossier, match or
message can carry them by accident: none of those ever reads it. Pages ask a permission of its own for it.

Read next: `history.py`, the rest of a person's file.
"""

from dataclasses import dataclass
from datetime import date

from node.mission.terms import Term


class ObstacleKind(Term):
    """What stands between a person and work."""

    MOBILITY = "mobility", "Mobilité"
    LANGUAGE = "language", "Maîtrise du français"
    CHILD_CARE = "child_care", "Garde d'enfants"
    DIGITAL = "digital", "Accès et usage du numérique"
    TRAINING = "training", "Formation, qualification"
    HOUSING = "housing", "Logement"
    HEALTH = "health", "Santé"
    RIGHTS = "rights", "Accès aux droits"
    OTHER = "other", "Autre frein"


class Eligibility(Term):
    """What opens insertion clauses and aided contracts."""

    RSA = "rsa", "Bénéficiaire du RSA"
    RQTH = "rqth", "Reconnaissance de travailleur handicapé (RQTH)"
    QPV = "qpv", "Habite un quartier prioritaire (QPV)"
    PLIE = "plie", "Suivi par le PLIE"
    LONG_TERM = "long_term", "Demandeur d'emploi de longue durée"
    UNDER_26 = "under_26", "Moins de 26 ans, peu de qualification"
    OVER_50 = "over_50", "50 ans et plus"
    ASS = "ass", "Bénéficiaire de l'ASS ou de l'AAH"


class Help(Term):
    """What a partner is for."""

    MOBILITY = "mobility", "Mobilité"
    LANGUAGE = "language", "Français, alphabétisation"
    CHILD_CARE = "child_care", "Garde d'enfants"
    DIGITAL = "digital", "Numérique"
    TRAINING = "training", "Formation"
    PLIE = "plie", "PLIE"
    MISSION_LOCALE = "mission_locale", "Mission locale"
    APEC = "apec", "Apec"
    HOUSING = "housing", "Logement"
    HEALTH = "health", "Santé"
    RIGHTS = "rights", "Accès aux droits"
    OTHER = "other", "Autre"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One obstacle. `note` is the counsellor's; `solved_on` is empty while it stands."""

    kind: ObstacleKind
    note: str = ""
    since: date
    solved_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """What never leaves this node, nor this table: one obstacle a kind, and eligibility."""

    obstacles: tuple[Obstacle, ...] = ()
    eligibilities: frozenset[Eligibility] = frozenset()
    note: str = ""

    def standing(self) -> tuple[Obstacle, ...]:
        """The obstacles that are not solved."""
        return tuple(one for one in self.obstacles if one.solved_on is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """An organisation that helps people towards work."""

    id: str
    name: str
    helps: frozenset[Help]
    person: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    note: str = ""
    active: bool = True


class ReferralState(Term):
    """What became of sending a person to a partner."""

    OPEN = "open", "En attente"
    UNDER_WAY = "under_way", "Prise en charge"
    DONE = "done", "Abouti"
    NOT_TAKEN = "not_taken", "Sans suite"


OPEN_REFERRALS = frozenset({ReferralState.OPEN, ReferralState.UNDER_WAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """One person sent to one partner; `follow_up_on` is when the counsellor asks what became of it."""

    id: str
    candidate: str
    partner: str
    help: Help
    on: date
    by: str
    why: str = ""
    follow_up_on: date | None = None
    state: ReferralState = ReferralState.OPEN
    ended_on: date | None = None
    outcome: str = ""


def helpers_for(obstacle: ObstacleKind, partners: "tuple[Partner, ...]") -> tuple[Partner, ...]:
    """The active partners who help with an obstacle, by name; the PLIE, the Mission locale and the Apec help a person
    as a whole, and follow the specialists."""
    special = [p for p in partners if p.active and any(one.value == obstacle.value for one in p.helps)]
    general = {Help.PLIE, Help.MISSION_LOCALE, Help.APEC}
    whole = [p for p in partners if p.active and p not in special and p.helps & general]
    return (*sorted(special, key=lambda p: p.name), *sorted(whole, key=lambda p: p.name))
