"""Agreements: what a person agreed to, when, how, and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from node.mission.terms import Term


class ConsentScope(Term):
    """What a person agreed to: that the mission keeps the CV; that it is put forward to the network's employers; that
    it is put forward for one named offer."""

    KEEP = "keep", "Conservation du CV par la mission"
    NETWORK = "network", "Mise en relation avec les employeurs du réseau"
    OFFER = "offer", "Mise en relation pour une offre précise"


AGREEMENT_LASTS: Final[Mapping[ConsentScope, timedelta]] = {
    ConsentScope.KEEP: timedelta(days=730),
    ConsentScope.NETWORK: timedelta(days=365),
    ConsentScope.OFFER: timedelta(days=90),
}
"""How long an agreement holds that was given without an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One agreement. `offer` is "<node id>/<offer id>" when the scope is OFFER, else empty."""

    id: str
    scope: ConsentScope
    given_on: date
    until: date
    how: str
    offer: str = ""
    withdrawn_at: datetime | None = None

    def covers(self, scope: ConsentScope, today: date) -> bool:
        """Whether this agreement is for that scope, in force today."""
        return self.scope is scope and self.withdrawn_at is None and self.given_on <= today <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An agreement as it was given: when, and how ("formulaire en ligne", "signé au guichet")."""

    at: datetime
    how: str
