"""`/api/v1/candidates`: the town's own register."""

from typing import Annotated, Literal

from fastapi import APIRouter, Response, status
from pydantic import Field

from node.api.inputs import Body, Day, LimitQuery, Line, Name, OffsetQuery
from node.api.people_in import PersonIn
from node.mission.accounts.trail import PROGRAM, OpenedFor
from node.mission.agreements.consent import ConsentScope
from node.requests import NodeOf
from node.schemas.candidates import CandidateList, CandidateOut
from node.schemas.forwards import WithdrawalOut
from node.services.accounts import trail
from node.services.agreements import erasing, withdrawing
from node.services.people import candidates, registering
from node.services.people.registering import Given

router = APIRouter(prefix="/candidates", tags=["candidates"])


class CorrectionIn(Body):
    """What to change; what is left out, or null, stays as it is."""

    email: Line | None = None
    """Empty to forget it."""
    phone: Line | None = None
    """Empty to forget it."""
    commune: Line | None = None
    """INSEE code, or name and postal code."""
    mobility_km: int | None = None
    ready_by: Line | None = None
    """The counsellor who signs today that the CV is ready, having met the person; 409 `not_ready` while something is
    missing."""
    met_by_phone: bool = False
    network_until: Day | None = None
    """The person agrees today to be shown to other towns, until this day."""


class WithdrawConsentIn(Body):
    """Which agreement the person takes back."""

    scope: Literal["network", "employer", "offer", "keep"] = "network"
    """network: other towns; employer, offer: those alone; keep: the file itself, which goes in 30 days."""
    about: Annotated[Line, Field(max_length=400)] = ""
    """The employer's name, or the offer's; empty for all of that scope."""


@router.get("")
def list_candidates(node: NodeOf, offset: OffsetQuery = 0, limit: LimitQuery = 100) -> CandidateList:
    """Part of the town's register, by reference; ask again from a greater `offset` until `total` people were read."""
    desk = node.desk
    found = candidates.register(desk, offset, limit)
    trail.by_program(desk, [one.id for one in found.rows], OpenedFor.READ)
    return CandidateList.of(found, offset, desk.referential(), desk.today())


@router.post("", status_code=status.HTTP_201_CREATED)
def register_candidate(node: NodeOf, body: PersonIn, response: Response) -> CandidateOut:
    """Open a file. 409 when the reference is somebody's, or that of somebody who was erased."""
    desk = node.desk
    given = tuple(Given(ConsentScope.of(one.scope), one.how, one.given_on, one.until) for one in body.consents)
    kept = registering.register(desk, body.fields(), PROGRAM, body.reference, given, body.last_contact)
    trail.by_program(desk, [kept.id], OpenedFor.EDIT)
    response.headers["Location"] = f"/api/v1/candidates/{kept.id}"
    return CandidateOut.of(kept, desk.referential(), desk.today())


@router.get("/{name}")
def get_candidate(node: NodeOf, name: Name) -> CandidateOut:
    """One person, by number or by the town's reference."""
    desk = node.desk
    found = candidates.one_candidate(desk, name)
    trail.by_program(desk, [found.id], OpenedFor.READ)
    return CandidateOut.of(found, desk.referential(), desk.today())


@router.patch("/{name}")
def correct_candidate(node: NodeOf, name: Name, body: CorrectionIn) -> CandidateOut:
    """Correct contacts and mobility, sign the CV as ready, record an agreement."""
    desk = node.desk
    kept = candidates.correct(desk, name, candidates.Correction(**body.model_dump()))
    trail.by_program(desk, [kept.id], OpenedFor.EDIT)
    return CandidateOut.of(kept, desk.referential(), desk.today())


@router.post("/{name}/withdraw-consent")
def withdraw_consent(node: NodeOf, name: Name, body: WithdrawConsentIn | None = None) -> WithdrawalOut:
    """The person takes an agreement back, to other towns when nothing is said: what rested on it is withdrawn, and
    every holder of such a dossier is ordered to erase it. The mission keeps the CV, and their own town goes on."""
    said = body or WithdrawConsentIn()
    done = withdrawing.withdraw(node.desk, name, scope=ConsentScope.of(said.scope), about=said.about)
    trail.by_program(node.desk, [done.candidate], OpenedFor.EDIT)
    return WithdrawalOut.of(done)


@router.delete("/{name}")
def erase_candidate(node: NodeOf, name: Name) -> WithdrawalOut:
    """Erase the person here for good, and order every holder of a dossier to erase it."""
    done = erasing.erase(node.desk, name, PROGRAM)
    trail.by_program(node.desk, [trail.NOBODYS], OpenedFor.ERASED)
    return WithdrawalOut.of(done)
