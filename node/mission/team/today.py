"""Aujourd'hui: what waits for a counsellor, each item one step from its action.

Guarantees: every kind of item has one label and says whose id its link needs; the clocks of all of them stand here.

Read next: `node/services/team/today.py`, which finds the items.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from node.mission.terms import Term

NOT_CONTACTED_FOR: Final = timedelta(days=30)
ENDS_WITHIN: Final = timedelta(days=30)
"""Agreements and signatures that end within this time are shown."""
WORKSHOPS_WITHIN: Final = timedelta(days=7)
ANSWERED_WITHIN: Final = timedelta(days=60)
"""Answers of employers within this time are shown until the person was spoken with."""
ENDED_WITHIN: Final = timedelta(days=30)
"""What people ended within this time is shown until they were spoken with."""
UNTOLD_WITHIN: Final = timedelta(days=60)
"""Changes and cancellations of workshops within this time are shown until everybody knows of them."""
UNSENT_AFTER: Final = timedelta(minutes=30)
"""A mail to an employer that has not left by then is somebody's affair."""
FOLLOWED: Final = 100
"""Applications that are looked at for what is to be done about each kind, those that are due longest; whoever has more
sees all of them under « Mises en relation »."""
SHOWN: Final = 20
"""Items of a kind that are shown; the count says how many there are."""


class Waiting(Term):
    """What may wait. The order is that of the page."""

    CALL_BACK = "call_back", "Personnes à rappeler"
    DEPOSIT = "deposit", "CV à traiter"
    OFFER = "offer", "Offres déposées à vérifier"
    NEED = "need", "Besoins d'entreprises : redemander"
    NEXT_STEP = "next_step", "Prochaines étapes à faire"
    UNTOLD = "untold", "Changements d'atelier à annoncer"
    WORKSHOP = "workshop", "Ateliers cette semaine"
    ATTENDANCE = "attendance", "Présences à noter"
    ENDED = "ended", "Mises en relation arrêtées à la demande de la personne"
    NOTE = "note", "Réponses d'employeurs reçues par courriel, à noter"
    UNSENT = "unsent", "Courriels à des employeurs qui ne sont pas partis"
    DESTRUCTION = "destruction", "CV à faire détruire par des employeurs"
    AFTER_HIRE = "after_hire", "Après une embauche : la personne cherche-t-elle encore ?"
    ANSWER = "answer", "Réponses d'employeurs à transmettre"
    REPLY = "reply", "Réponses d'employeurs en retard"
    INTERESTED = "interested", "Personnes intéressées par une offre"
    MATCH = "match", "Nouvelles correspondances"
    FOLLOW_UP = "follow_up", "Suivis d'embauche à faire"
    REFERRAL = "referral", "Orientations à suivre"
    READINESS = "readiness", "CV prêts dont la signature va expirer"
    CONSENT = "consent", "Accords qui vont prendre fin"
    CONTACT = "contact", "Sans contact depuis 30 jours, ou jamais"
    NOTICE = "notice", "Fiches inactives bientôt effacées"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that waits.

    `id` is what its link needs: a deposit's id (call_back, deposit), an employer's proposal's (offer), a workshop's
    (untold, workshop, attendance), a forward's (ended, answer, reply; follow_up, empty of a hire without a forward), a
    sending's (note, unsent, destruction), a contact's (next_step), a referral's (referral), a new match's (match), an
    offer's key (interested, need), a hire's (after_hire), else the candidate's. `title` is what to show: a name, a
    workshop's title, an employer's; `detail` a step's words, an answer, an offer's title or an agreement's scope; `on`
    the day that matters, None when there never was one.
    """

    kind: Waiting
    id: str
    title: str
    on: date | None
    candidate: str = ""
    owner: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one kind, the most urgent first, `SHOWN` at most; `count` is how many there are."""

    kind: Waiting
    count: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """All groups that have something, in the order of `Waiting`."""

    day: date
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        """How many things wait."""
        return sum(group.count for group in self.groups)
