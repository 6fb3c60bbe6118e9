"""What stands behind a forward: who guarantees for it, what was checked, and whether that can still be proven.

The side that received it verifies the guarantee anew, with the directory's keys and the sealed dossier that it holds;
the home mission kept no copy of what it signed, and says what it stated. Read next: protocol/guarantee.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from federation.errors import FederationError
from node.kit.errors import sentence
from node.mission.forwards.forward import Forward, ForwardState, Side
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk, Refused, known_member
from node.services.forwards.sending import GUARANTEE_LASTS, checks_said
from protocol import wire_json
from protocol.errors import ProtocolError
from protocol.guarantee import SignedGuarantee, verify_guarantee
from protocol.messages import ForwardSent


@dataclass(frozen=True, slots=True)
class Guaranteed:
    """`verified` is None where there is nothing to verify here: on the home side, and once the dossier was erased.
    `trouble` says why it does not verify; `checked` are (code of `Check`, day, None when not known)."""

    by: str
    verified: bool | None
    key_id: str
    until: datetime | None
    trouble: str
    checked: tuple[tuple[str, date | None], ...]


def standing(desk: Desk, uow: MissionUnitOfWork, forward: Forward) -> Guaranteed | None:
    """The guarantee of a forward; None for a draft, which nobody guarantees yet."""
    further = tuple((code, None) for code in forward.checked)
    if forward.side is Side.HOME:
        sent = next((move.at for move in forward.moves if move.event is ForwardState.SENT), None)
        if sent is None:
            return None
        said = _stated(uow, forward, sent.date())
        return Guaranteed(desk.node_id, None, "", sent + GUARANTEE_LASTS, "", (*said, *further))
    papers = uow.forwards.papers(forward.id)
    if papers is None:
        return Guaranteed(forward.peer, None, "", None, "", further)
    message = wire_json.decode(papers.message, ForwardSent)
    signed = message.guarantee
    try:
        _verify(desk, uow, forward, signed, papers.dossier)
    except (ProtocolError, FederationError, Refused) as error:
        trouble = sentence(error)
    else:
        trouble = ""
    checked = tuple((one.what, date.fromisoformat(one.on)) for one in signed.guarantee.checked)
    until = wire_json.parse_timestamp(signed.guarantee.expires)
    return Guaranteed(forward.peer, not trouble, signed.key_id, until, trouble, checked)


def _stated(uow: MissionUnitOfWork, forward: Forward, sent: date) -> Sequence[tuple[str, date | None]]:
    """What the signature on the CV implied; nothing where the CV was signed anew since."""
    candidate = uow.candidates.get(forward.candidate)
    if candidate is None or candidate.readiness is None or candidate.readiness.on > sent:
        return ()
    return [(one.what, date.fromisoformat(one.on)) for one in checks_said(candidate, (), sent)]


def _verify(
    desk: Desk, uow: MissionUnitOfWork, forward: Forward, signed: SignedGuarantee, sealed_dossier: bytes
) -> None:
    home = known_member(uow, desk, forward.peer)
    verify_guarantee(
        signed,
        home.keys,
        recipient=desk.node_id,
        forward=forward.id,
        sealed_dossier=sealed_dossier,
        now=desk.now(),
    )
