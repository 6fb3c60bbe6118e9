"""Agreements: what a person agreed to, when, how, and for how long."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from node.mission.terms import Term


class ConsentScope(Term):
    """What a person agreed to: that the mission keeps the CV, where the town's DPO has it ask for that; that missions
    and employers of other towns are shown what the network shows; that one named employer, or the employer of one
    offer, is sent the CV. What the person's own town does for them needs none of these but a yes to whoever gets the
    CV."""

    KEEP = "keep", "Conservation du CV par la mission"
    NETWORK = "network", "Autres villes : missions emploi et employeurs du réseau"
    EMPLOYER = "employer", "Un employeur nommé"
    OFFER = "offer", "Une offre précise"


AGREEMENT_LASTS: Final[Mapping[ConsentScope, timedelta]] = {
    ConsentScope.KEEP: timedelta(days=730),
    ConsentScope.NETWORK: timedelta(days=365),
    ConsentScope.EMPLOYER: timedelta(days=180),
    ConsentScope.OFFER: timedelta(days=90),
}
"""How long an agreement holds that was given without an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One agreement. `offer` is "<node id>/<offer id>" when the scope is OFFER, else empty; `employer` the name of whom
    the person agreed to when the scope is EMPLOYER, else empty."""

    id: str
    scope: ConsentScope
    given_on: date
    until: date
    how: str
    offer: str = ""
    employer: str = ""
    withdrawn_at: datetime | None = None

    def covers(self, scope: ConsentScope, today: date) -> bool:
        """Whether this agreement is for that scope, in force today."""
        return self.scope is scope and self.in_force(today)

    def in_force(self, today: date) -> bool:
        """Given, not over, not taken back."""
        return self.withdrawn_at is None and self.given_on <= today <= self.until

    def names(self, offer: str, employer: str) -> bool:
        """Whether it is a yes to that very offer, or to that employer, whatever the capitals of its name."""
        match self.scope:
            case ConsentScope.OFFER:
                return self.offer == offer
            case ConsentScope.EMPLOYER:
                return fold_employer(self.employer) == fold_employer(employer) != ""
        return False


def without_refused(consents: Iterable[Consent]) -> tuple[Consent, ...]:
    """The same agreements, in order; one that was given no later than another to the same thing was taken back is taken
    back with it, wherever it was recorded: a paper found later, or another entry, undoes no refusal."""
    found = tuple(consents)
    refused: dict[tuple[object, ...], datetime] = {}
    for one in found:
        if one.withdrawn_at is not None:
            key = _about(one)
            refused[key] = max(one.withdrawn_at, refused.get(key, one.withdrawn_at))

    def carried(one: Consent) -> Consent:
        at = refused.get(_about(one))
        stands = one.withdrawn_at is None and at is not None and one.given_on <= at.date()
        return replace(one, withdrawn_at=at) if stands else one

    return tuple(map(carried, found))


def _about(one: Consent) -> tuple[object, ...]:
    return one.scope, one.offer, fold_employer(one.employer)


def fold_employer(name: str) -> str:
    """An employer's name as names are compared: capitals, accents, signs and the width of blanks do not count."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(sign for sign in plain if sign.isalnum() or sign.isspace()).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An agreement as it was given: when, and how ("formulaire en ligne", "signé au guichet")."""

    at: datetime
    how: str
