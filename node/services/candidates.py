"""Corrections to a candidate: contacts, mobility, the counsellor's signature, agreements."""

from dataclasses import dataclass, replace
from datetime import date

from node.errors import BadInput
from node.i18n import gettext as _
from node.mission.candidates import Candidate, CandidateState, Consent, ConsentScope, Met, Readiness
from node.services.desk import Desk
from node.services.forwards import find_candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What to change; None leaves as it is. `ready_by` signs the CV today; `network_until` records an agreement given
    to the counsellor today, which also makes a person who had withdrawn active again."""

    email: str | None = None
    phone: str | None = None
    commune: str | None = None
    mobility_km: int | None = None
    ready_by: str | None = None
    met_by_phone: bool = False
    network_until: date | None = None


def correct(desk: Desk, candidate: str, correction: Correction) -> Candidate:
    """The candidate as kept. Raises NotFound, BadInput (unknown commune, an agreement that ends in the past)."""
    today = desk.today()
    with desk.federation.database.write() as uow:
        before = find_candidate(uow, candidate)
        after = replace(
            before,
            email=before.email if correction.email is None else correction.email.strip(),
            phone=before.phone if correction.phone is None else correction.phone.strip(),
            commune=before.commune if correction.commune is None else _commune(desk, correction.commune),
            mobility_km=before.mobility_km if correction.mobility_km is None else correction.mobility_km,
        )
        if correction.ready_by is not None:
            if not correction.ready_by.strip():
                raise BadInput(_("Name the counsellor who signs that the CV is ready."))
            met = Met.BY_PHONE if correction.met_by_phone else Met.IN_PERSON
            readiness = Readiness(by=correction.ready_by.strip(), on=today, met=met, met_on=today)
            after = replace(after, readiness=readiness, last_contact=today)
        if correction.network_until is not None:
            if correction.network_until < today:
                raise BadInput(_("An agreement cannot end in the past."))
            consent = Consent(
                id=desk.new_id(),
                scope=ConsentScope.NETWORK,
                given_on=today,
                until=correction.network_until,
                how="counsellor",
            )
            after = replace(after, consents=(*after.consents, consent), state=CandidateState.ACTIVE)
        if after != before:
            uow.candidates.save(after)
        return after


def _commune(desk: Desk, text: str) -> str:
    found = desk.referential().communes.resolve(text)
    if found is None:
        raise BadInput(_("This commune is not known: give its INSEE code, or its name and postal code."))
    return found.insee
