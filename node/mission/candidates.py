"""Candidates as the mission knows them, their agreements, and the counsellor's signature that a CV is ready.

A candidate never leaves the node as such: peers see `publication.py`'s sheets, one recipient gets a dossier.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

READY_LAPSES_AFTER = timedelta(days=183)
"""A "ready" signature lapses after six months without contact."""


class CandidateState(StrEnum):
    """Where a person stands with the mission."""

    ACTIVE = "active"
    PLACED = "placed"
    WITHDRAWN = "withdrawn"


class ConsentScope(StrEnum):
    """What a person agreed to: that the mission keeps the CV; that it is put forward to the network's employers; that
    it is put forward for one named offer."""

    KEEP = "keep"
    NETWORK = "network"
    OFFER = "offer"


class Met(StrEnum):
    """How the counsellor met the person before signing."""

    IN_PERSON = "in_person"
    BY_PHONE = "by_phone"


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
class Readiness:
    """A counsellor's dated signature that the CV is worth guaranteeing."""

    by: str
    on: date
    met: Met
    met_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """Months worked in one ROME occupation; 0 for an occupation that is sought without experience."""

    rome: str
    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person in the town's CV library.

    `reference` is the town's own number, unique on the node. `occupations` are those sought, first the preferred one.
    `mobility_km` is how far the person will travel; `places` are INSEE codes accepted beyond it; `relocates` means
    anywhere. `qualification` is France Travail's 1 to 9, 0 when unknown. `contracts` are the France Travail codes
    accepted, empty for any. `languages` maps ISO 639-1 to the CEFR level. `availability` is the first day possible.
    """

    id: str
    reference: str
    first_name: str
    last_name: str
    email: str = ""
    phone: str = ""
    commune: str
    occupations: tuple[Experience, ...]
    skills: frozenset[str] = frozenset()
    qualification: int = 0
    licences: frozenset[str] = frozenset()
    languages: tuple[tuple[str, str], ...] = ()
    contracts: frozenset[str] = frozenset()
    mobility_km: int = 10
    places: frozenset[str] = frozenset()
    relocates: bool = False
    availability: date | None = None
    summary: str = ""
    state: CandidateState = CandidateState.ACTIVE
    readiness: Readiness | None = None
    consents: tuple[Consent, ...] = field(default=())
    last_contact: date | None = None

    def is_ready(self, today: date) -> bool:
        """Active, with a signature that has not lapsed."""
        if self.state is not CandidateState.ACTIVE or self.readiness is None:
            return False
        return today - max(self.readiness.on, self.last_contact or self.readiness.on) <= READY_LAPSES_AFTER

    def consent_for(self, today: date, offer: str = "") -> Consent | None:
        """The agreement under which the person may be put forward today: for that offer, else for the network."""
        for consent in self.consents:
            if offer and consent.offer == offer and consent.covers(ConsentScope.OFFER, today):
                return consent
        for consent in self.consents:
            if consent.covers(ConsentScope.NETWORK, today):
                return consent
        return None

    def may_be_published(self, today: date) -> bool:
        """Whether the person counts in a release: ready, and agreeing to the network."""
        return self.is_ready(today) and any(c.covers(ConsentScope.NETWORK, today) for c in self.consents)

    def withdraw_consent(self, at: datetime) -> "Candidate":
        """The person takes back every agreement to be shown outside; the mission may still keep the CV."""
        consents = tuple(
            c if c.scope is ConsentScope.KEEP or c.withdrawn_at else replace(c, withdrawn_at=at) for c in self.consents
        )
        return replace(self, consents=consents)
