"""A person put forward to an employer of the town without any offer: « candidature spontanée ».

Guarantees: it is a forward like others from its draft on, which rests on a record of the employer's name and the
occupation (`OfferState.SPONTANEOUS`): the town's alone, in no list and matched with nobody, one for each pair, so that
nobody is sent twice. The person says yes to that employer by name (docs/decisions/needs.md).

Read next: `sending.py`.
"""

from dataclasses import dataclass, replace

from node.kit.i18n import gettext as _
from node.mission.agreements.consent import fold_employer
from node.mission.forwards.forward import Forward
from node.mission.offers.offer import Offer, OfferEvent, OfferSite, OfferState, OfferStep
from node.mission.offers.rules import OPEN_FOR
from node.mission.people.candidate import Candidate
from node.mission.people.rules import FieldProblem
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk, Refused
from node.services.forwards.sending import Demand, create_in
from node.services.people.finding import find_candidate
from node.services.people.saving import BadFields, clean_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Spontaneous:
    """A counsellor's wish to put one person forward to that employer, for one of the occupations that the person seeks
    (`rome`, empty: the first); the rest is as in `Demand`."""

    candidate: str
    employer: str
    rome: str = ""
    why: str = ""
    checked: tuple[str, ...] = ()
    agreed: str = ""


def create_spontaneous(desk: Desk, wish: Spontaneous, actor: str) -> Forward:
    """A draft, and the yes to the employer where the wish brings it. Raises NotFound, BadFields, Refused: `no_place`,
    and as `sending.create`; nothing is written then."""
    employer = " ".join(clean_line("employer", wish.employer, required=True).split())
    with desk.federation.database.write() as uow:
        person = find_candidate(uow, wish.candidate)
        record = _record(uow, desk, employer, _occupation(desk, person, wish.rome), desk.town or person.commune, actor)
        demand = Demand(
            candidate=person.id,
            offer=record.key,
            site=record.sites[0].id,
            why=wish.why,
            checked=wish.checked,
            agreed=wish.agreed,
        )
        return create_in(uow, desk, demand, actor)


def _occupation(desk: Desk, person: Candidate, rome: str) -> str:
    sought = [one.rome for one in person.occupations if desk.referential().occupations.label(one.rome) is not None]
    if not sought:
        raise BadFields([FieldProblem("rome", _("Say first which occupation the person seeks, in their file."))])
    if rome and rome not in sought:
        raise BadFields([FieldProblem("rome", _("Choose one of the proposals."))])
    return rome or sought[0]


def _record(uow: MissionUnitOfWork, desk: Desk, employer: str, rome: str, place: str, actor: str) -> Offer:
    """What the application rests on, made or known; it stands for a year from now on."""
    closes = desk.today() + OPEN_FOR
    for known in uow.offers.aside(desk.node_id, OfferState.SPONTANEOUS):
        if known.rome == rome and fold_employer(known.employer) == fold_employer(employer):
            if known.closes != closes:
                known = replace(known, closes=closes)
                uow.offers.save(known)
            return known
    if not place:
        raise Refused("no_place", _("The commune of the mission is not set: whoever runs the server says it first."))
    now, label = desk.now(), desk.referential().occupations.label(rome) or rome
    made = Offer(
        id=desk.new_id(),
        node=desk.node_id,
        revision=1,
        published=now,
        state=OfferState.SPONTANEOUS,
        network=False,
        employer=employer,
        title=_("Spontaneous application: {occupation}").format(occupation=label)[:200],
        rome=rome,
        sites=(OfferSite(id=place, commune=place, label="", posts=1),),
        closes=closes,
    ).after(OfferStep(at=now, by=actor, what=OfferEvent.NOTED))
    uow.offers.add(made)
    return made
