"""`/api/v1/candidates`: the town's own register."""

from fastapi import APIRouter

from node.api.inputs import Body, Day, LimitQuery, Line, Name, OffsetQuery
from node.requests import NodeOf
from node.schemas.candidates import CandidateList, CandidateOut
from node.schemas.forwards import WithdrawalOut
from node.services.agreements import withdrawing
from node.services.people import candidates

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
    """The person agrees today to be put forward in the network, until this day."""


@router.get("")
def list_candidates(node: NodeOf, offset: OffsetQuery = 0, limit: LimitQuery = 100) -> CandidateList:
    """Part of the town's register, by reference; ask again from a greater `offset` until `total` people were read."""
    desk = node.desk
    return CandidateList.of(candidates.register(desk, offset, limit), offset, desk.referential(), desk.today())


@router.get("/{name}")
def get_candidate(node: NodeOf, name: Name) -> CandidateOut:
    """One person, by number or by the town's reference."""
    desk = node.desk
    return CandidateOut.of(candidates.one_candidate(desk, name), desk.referential(), desk.today())


@router.patch("/{name}")
def correct_candidate(node: NodeOf, name: Name, body: CorrectionIn) -> CandidateOut:
    """Correct contacts and mobility, sign the CV as ready, record an agreement."""
    desk = node.desk
    kept = candidates.correct(desk, name, candidates.Correction(**body.model_dump()))
    return CandidateOut.of(kept, desk.referential(), desk.today())


@router.post("/{name}/withdraw-consent")
def withdraw_consent(node: NodeOf, name: Name) -> WithdrawalOut:
    """The person takes back every agreement to be shown outside: matching and forwarding stop, live forwards are
    withdrawn, and every holder of a dossier is ordered to erase it. The mission keeps the CV."""
    return WithdrawalOut.of(withdrawing.withdraw(node.desk, name))


@router.delete("/{name}")
def erase_candidate(node: NodeOf, name: Name) -> WithdrawalOut:
    """Erase the person here for good, and order every holder of a dossier to erase it."""
    return WithdrawalOut.of(withdrawing.erase(node.desk, name))
