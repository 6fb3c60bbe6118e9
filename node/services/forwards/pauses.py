"""Pauses of what is sent to an employer: proposed to the head of mission by the rule, decided and lifted by them.

Guarantees: few employers are looked at for a page, those whose applications the hourly job ended in silence
(`answers.expire_silent`); a decision says who made it and until when it holds; while a pause stands nobody is put
forward to that employer, by whatever way (`sending.py`); nothing is proposed again before what was decided has run out.
Read next: `node/mission/forwards/pauses.py`, the rule.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.mission.forwards.pauses import (
    NOT_NOW_FOR,
    OLDEST,
    PAUSED_AT_MOST,
    EmployerPause,
    SilenceRecord,
    silence_record,
)
from node.mission.offers.offer import ANSWER_DAYS, Offer
from node.mission.people.rules import FieldProblem
from node.mission.ports import MissionUnitOfWork
from node.services.actors import names_in
from node.services.desk import Desk
from node.services.people.saving import BadFields

SHOWN: Final = 5
"""Employers that are looked at at once, the most silent: a head of mission decides on these, then others come."""


@dataclass(frozen=True, slots=True)
class PauseProposal:
    """An employer of a node to whom sending may pause, with the figures."""

    node: str
    employer: str
    record: SilenceRecord


@dataclass(frozen=True, slots=True)
class PausesShown:
    """What the head of mission sees: proposals, and pauses that stand, each with who decided it."""

    proposed: tuple[PauseProposal, ...]
    standing: tuple[tuple[EmployerPause, str], ...]


def pauses_shown(desk: Desk) -> PausesShown:
    """What is proposed today, and what stands."""
    today, now = desk.today(), desk.now()
    with desk.federation.database.read() as uow:
        decided = uow.employer_pauses.holding(today)
        known = {(one.node, one.employer) for one in decided}
        silent = [pair for pair in uow.employer_pauses.silent(now, SHOWN + len(known)) if pair not in known]
        found = [PauseProposal(*pair, _record(uow, desk, *pair)) for pair in silent[:SHOWN]]
        called = names_in(uow) if decided else {}
        return PausesShown(
            tuple(one for one in found if one.record.proposes_pause),
            tuple((one, called[one.by]) for one in decided if one.paused),
        )


def pause_of(desk: Desk, offer: Offer) -> tuple[EmployerPause, str] | None:
    """The pause that keeps people from being put forward for that offer today, and who decided it."""
    with desk.federation.database.read() as uow:
        known = uow.employer_pauses.get(offer.node, offer.employer)
        return (known, names_in(uow)[known.by]) if known is not None and known.stops(desk.today()) else None


def pause(desk: Desk, node: str, employer: str, until: date, actor: str) -> EmployerPause:
    """Nobody is put forward to that employer until that day, included. Raises NotFound (nobody ever was), BadFields."""
    today = desk.today()
    if not today < until <= today + PAUSED_AT_MOST:
        raise BadFields([FieldProblem("until", _("Choose a day after today, within a year."))])
    return _decide(desk, node, employer, True, until, actor)


def put_off(desk: Desk, node: str, employer: str, actor: str) -> EmployerPause:
    """No pause is proposed for 30 days; one that stands is lifted. NotFound (nobody was ever put forward to them)."""
    return _decide(desk, node, employer, False, desk.today() + NOT_NOW_FOR, actor)


def _decide(desk: Desk, node: str, employer: str, paused: bool, until: date, actor: str) -> EmployerPause:
    now = desk.now()
    with desk.federation.database.write() as uow:
        is_known = uow.employer_pauses.get(node, employer) is not None
        if not is_known and not uow.forwards.to_employer(node, employer, now - OLDEST):
            raise NotFound(_("Nobody was put forward to this employer."))
        decided = EmployerPause(node=node, employer=employer, paused=paused, by=actor, at=now, until=until)
        uow.employer_pauses.put(decided)
        return decided


def _record(uow: MissionUnitOfWork, desk: Desk, node: str, employer: str) -> SilenceRecord:
    now = desk.now()
    forwards = uow.forwards.to_employer(node, employer, now - OLDEST)
    offers = uow.offers.many({one.offer for one in forwards})
    days = {key: offer.answer_days for key, offer in offers.items()}
    return silence_record(((one, days.get(one.offer, ANSWER_DAYS)) for one in forwards), now)
