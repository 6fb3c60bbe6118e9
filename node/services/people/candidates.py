"""The town's own register, read and corrected: contacts, mobility, the counsellor's signature, agreements."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from node.kit import phone
from node.kit.clean_text import is_email, is_line
from node.kit.errors import BadInput
from node.kit.i18n import gettext as _
from node.mission.agreements.consent import ConsentScope
from node.mission.parts import Counted
from node.mission.people.candidate import Candidate, Met
from node.mission.people.rules import unreadable_phone
from node.services.actors import SYSTEM
from node.services.desk import Desk
from node.services.people.finding import find_candidate
from node.services.people.quality import sign_in
from node.services.people.saving import agreed, agreement_events, save

MAX_LINE: Final = 200
"""What a dossier can carry in one line (protocol/dossier.py)."""
MAX_MOBILITY_KM: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What to change; None leaves as it is, an empty e-mail or telephone forgets it. `ready_by` signs the CV today, as
    on the page: the person was met today, and nothing that a CV needs is missing. `network_until` records an agreement
    given to the counsellor today, by which whoever had paused or left comes back."""

    email: str | None = None
    phone: str | None = None
    commune: str | None = None
    mobility_km: int | None = None
    ready_by: str | None = None
    met_by_phone: bool = False
    network_until: date | None = None


def register(desk: Desk, offset: int, limit: int) -> Counted[Candidate]:
    """Part of the register, by reference, and how many people are in all of it."""
    with desk.federation.database.read() as uow:
        return uow.candidates.part(offset, limit)


def one_candidate(desk: Desk, name: str) -> Candidate:
    """A person by number or by the town's reference; NotFound."""
    with desk.federation.database.read() as uow:
        return find_candidate(uow, name)


def correct(desk: Desk, candidate: str, correction: Correction, actor: str = SYSTEM) -> Candidate:
    """The candidate as kept. Raises NotFound, BadInput (a field out of bounds, an unknown commune, an agreement that
    ends in the past), NotReady (a signature while something is missing); nothing is written then."""
    today = desk.today()
    commune = None if correction.commune is None else _commune(desk, correction.commune)
    with desk.federation.database.write() as uow:
        before = find_candidate(uow, candidate)
        after = replace(
            before,
            email=before.email if correction.email is None else _email(correction.email),
            phone=before.phone if correction.phone is None else _phone(correction.phone, before.phone),
            commune=before.commune if commune is None else commune,
            mobility_km=before.mobility_km if correction.mobility_km is None else _mobility(correction.mobility_km),
        )
        events = []
        if correction.network_until is not None:
            if correction.network_until < today:
                raise BadInput(_("An agreement cannot end in the past."))
            after, agreement = agreed(
                desk, after, ConsentScope.NETWORK, "counsellor", today, until=correction.network_until
            )
            events += agreement_events(before.id, [agreement], desk.now(), actor)
        if correction.ready_by is not None:
            counsellor = _line(correction.ready_by)
            if not counsellor:
                raise BadInput(_("Name the counsellor who signs that the CV is ready."))
            met = Met.BY_PHONE if correction.met_by_phone else Met.IN_PERSON
            after, line = sign_in(uow, desk, after, counsellor, met=met)
            events.append(line)
        return save(uow, before, after, desk.now(), actor, *events)


def _line(text: str) -> str:
    text = text.strip()
    if len(text) > MAX_LINE or not is_line(text):
        raise BadInput(_("A field has at most {limit} characters, on one line.").format(limit=MAX_LINE))
    return text


def _email(text: str) -> str:
    text = _line(text)
    if text and not is_email(text):
        raise BadInput(_("This is no e-mail address: write name@domain.fr, or nothing."))
    return text


def _phone(text: str, before: str) -> str:
    text = _line(text)
    kept = phone.read(text)
    # What could not be read when it was written is no fault of this change.
    if kept is None and text not in ("", before):
        raise BadInput(unreadable_phone())
    return kept or text


def _mobility(kilometres: int) -> int:
    if not 0 <= kilometres <= MAX_MOBILITY_KM:
        raise BadInput(_("Mobility is between 0 and {limit} km.").format(limit=MAX_MOBILITY_KM))
    return kilometres


def _commune(desk: Desk, text: str) -> str:
    found = desk.referential().communes.resolve(text)
    if found is None:
        raise BadInput(_("This commune is not known: give its INSEE code, or its name and postal code."))
    return found.insee
