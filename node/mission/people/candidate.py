"""Candidates as the mission knows them, their agreements, and the counsellor's signature that a CV is ready.

A candidate never leaves the node as such: peers see `sheets/release.py`'s sheets, one recipient gets a dossier.

Guarantees: the signature and the state "ready" are one thing: a candidate who has the one has the other. What is
sensitive (obstacles, eligibility) is no part of a candidate: see `partners.Local`.

Read next: `quality.py`, what a CV lacks before it may be signed; `rules.py`, what each field may hold.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from node.mission.agreements.consent import Consent, ConsentScope
from node.mission.terms import Term

READY_LAPSES_AFTER = timedelta(days=183)
"""A "ready" signature lapses after six months without contact."""

INACTIVE_AFTER = timedelta(days=730)
"""A person who gave no sign of life for 24 months is told that the file will be erased."""

ERASED_AFTER_NOTICE = timedelta(days=30)
"""How long after that notice, or after the person said that the file is to go, it is erased."""


class CandidateState(Term):
    """Where a person stands with the mission. LIMITED: the file is kept and nothing is done with it, as the person
    asked (GDPR, art. 18); WITHDRAWN: the person left."""

    ACTIVE = "active", "En recherche"
    PLACED = "placed", "En poste"
    LIMITED = "limited", "Dossier en pause à sa demande"
    WITHDRAWN = "withdrawn", "Suivi arrêté à sa demande"


class CvState(Term):
    """How far the CV is. Only "ready" may be published or put forward, and only a counsellor's signature makes it."""

    RECEIVED = "received", "Reçu"
    TO_REWORK = "to_rework", "À retravailler"
    WORKSHOP = "workshop", "En atelier"
    READY = "ready", "Prêt"


class Hours(Term):
    """The working time wanted."""

    ANY = "", "Temps plein ou partiel"
    FULL = "full", "Temps plein"
    PART = "part", "Temps partiel"


class Met(Term):
    """How the counsellor met the person before signing."""

    IN_PERSON = "in_person", "en personne"
    BY_PHONE = "by_phone", "par téléphone"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadySignature:
    """A counsellor's dated signature that the CV is worth guaranteeing."""

    by: str
    on: date
    met: Met
    met_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """Months worked in one ROME occupation; 0 for an occupation that is sought without experience.

    `appellation` is the name under which the person practises it, as it was chosen among those of the occupation, and
    stays when a later edition drops it; empty for the occupation's own label. It is for reading: matches and sheets
    know the code alone.
    """

    rome: str
    months: int
    appellation: str = ""

    def called(self, label: str | None) -> str:
        """What a page or a CV says, given the occupation's label in this edition, None when it is unknown."""
        return self.appellation or label or self.rome


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job held. `start` and `end` are "YYYY-MM" or "YYYY", empty when unknown; `current` means that it goes on;
    `rome` is empty when the occupation was not recognised."""

    title: str
    employer: str = ""
    place: str = ""
    rome: str = ""
    start: str = ""
    end: str = ""
    current: bool = False
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Diploma:
    """One diploma or course. `level` is 3 to 8 (terms.Education), 0 when it has none; `year` is 0 when unknown."""

    label: str
    level: int = 0
    school: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person in the town's CV library.

    `reference` is the town's own number, unique on the node. `occupations` are those sought, first the preferred one.
    `mobility_km` is how far the person will travel; `places` are INSEE codes accepted beyond it; `relocates` means
    anywhere. `qualification` is France Travail's 1 to 9, 0 when unknown. `contracts` are the France Travail codes
    accepted, empty for any. `languages` maps ISO 639-1 to the CEFR level. `availability` is the first day possible.

    `jobs` and `diplomas` are the most recent first; `qualities` are in the order that the person gave them; `words` are
    the person's own, for the card; `card_skills` are those of `skills` that the card shows, in order, None when nobody
    chose yet; `photo` is a document's id. `owner` is the counsellor who follows the person, empty for nobody; `source`
    the poster by which the CV came. `registered` is the day on which the file was opened, `first_ready` the day of the
        first signature, `last_seen` the last day on which the person did something without a counsellor, `notice_on`
    the day on which the person was told that the file will be erased, `objected_at` when the person said that the
    mission is not to keep it any more. Birth date and photograph go no further than this node.
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
    readiness: ReadySignature | None = None
    consents: tuple[Consent, ...] = field(default=())
    last_contact: date | None = None
    cv_state: CvState = CvState.RECEIVED
    owner: str = ""
    birth_date: date | None = None
    diplomas: tuple[Diploma, ...] = ()
    jobs: tuple[Job, ...] = ()
    hours: Hours = Hours.ANY
    vehicle: bool = False
    public_transport: bool = False
    qualities: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    words: str = ""
    card_skills: tuple[str, ...] | None = None
    photo: str = ""
    source: str = ""
    registered: date | None = None
    first_ready: date | None = None
    last_seen: date | None = None
    notice_on: date | None = None
    objected_at: datetime | None = None

    def __post_init__(self) -> None:
        """The signature decides: with it the CV is ready, without it the CV is not."""
        if self.readiness is not None:
            object.__setattr__(self, "cv_state", CvState.READY)
            if self.first_ready is None:
                object.__setattr__(self, "first_ready", self.readiness.on)
        elif self.cv_state is CvState.READY:
            object.__setattr__(self, "cv_state", CvState.TO_REWORK)

    def is_ready(self, today: date) -> bool:
        """Active, with a signature that has not lapsed."""
        until = self.ready_until
        return self.state is CandidateState.ACTIVE and until is not None and today <= until

    @property
    def ready_until(self) -> date | None:
        """The last day of the signature unless there is a contact before; None without a signature."""
        if self.readiness is None:
            return None
        return max(self.readiness.on, self.last_contact or self.readiness.on) + READY_LAPSES_AFTER

    def contacted(self, on: date) -> "Candidate":
        """After a contact on that day. A signature that had lapsed by then is gone: a telephone call alone does not
        vouch for a CV again."""
        until = self.ready_until
        kept = self.readiness if until is not None and on <= until else None
        latest = max(on, self.last_contact or on)
        return replace(self, readiness=kept, last_contact=latest, notice_on=None)

    def in_rework(self, state: CvState) -> "Candidate":
        """With the CV in that state, which is not "ready"; the signature, if any, is gone."""
        return replace(self, readiness=None, cv_state=state)

    @property
    def last_sign_of_life(self) -> date | None:
        """The last day on which the person is known to have done something; None when nothing is known."""
        days = [day for day in (self.registered, self.last_contact, self.last_seen) if day is not None]
        days += [consent.given_on for consent in self.consents]
        if self.readiness is not None:
            days.append(self.readiness.met_on)
        return max(days, default=None)

    def agrees(self, scope: ConsentScope, today: date) -> bool:
        """Whether an agreement of that scope is in force today."""
        return any(consent.covers(scope, today) for consent in self.consents)

    @property
    def name(self) -> str:
        """First name, then last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def consent_for(self, today: date, offer: str, employer: str, *, own: bool) -> Consent | None:
        """The agreement under which the person may be put forward today for that offer of that employer: a yes to the
        offer or the employer; else, unless the offer is the `own` town's, the one to other towns."""
        standing = [consent for consent in self.consents if consent.in_force(today)]
        named = [consent for consent in standing if consent.names(offer, employer)]
        wide = [] if own else [consent for consent in standing if consent.scope is ConsentScope.NETWORK]
        return next(iter((*named, *wide)), None)

    def may_be_published(self, today: date) -> bool:
        """Whether the person counts in a release: ready, and agreeing to the network."""
        return self.is_ready(today) and any(c.covers(ConsentScope.NETWORK, today) for c in self.consents)

    def taking_back(self, scope: ConsentScope, about: str, at: datetime) -> "Candidate":
        """Without the agreements of that scope; `about` names the one offer or employer whose yes goes, empty for all.
        What the person's own town does for them goes on."""
        consents = tuple(
            replace(one, withdrawn_at=at)
            if one.scope is scope and not one.withdrawn_at and (not about or one.names(about, about))
            else one
            for one in self.consents
        )
        return replace(self, consents=consents)

    def leaving(self, at: datetime) -> "Candidate":
        """The person wants to be kept no longer: no agreement stands, nothing is done with the file until it goes."""
        consents = tuple(one if one.withdrawn_at else replace(one, withdrawn_at=at) for one in self.consents)
        return replace(
            self,
            state=CandidateState.WITHDRAWN,
            readiness=None,
            consents=consents,
            objected_at=self.objected_at or at,
        )

    def coming_back(self) -> "Candidate":
        """Looking for work again, after having left, paused, or worked: the file stays."""
        return replace(self, state=CandidateState.ACTIVE, objected_at=None, notice_on=None)
