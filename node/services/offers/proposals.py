"""What employers deposit on the public page: taken in, shown to counsellors, put aside, destroyed when nobody came.

Guarantees: nothing is published by a deposit; who may be called is known to the mission alone. Publishing one is
`add_offer` with its number (`offers.py`).
"""

from collections.abc import Mapping
from typing import Any

from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.mission.offers.offer import Offer
from node.mission.offers.proposal import KEPT, MOST_WAITING, OfferProposal
from node.mission.offers.rules import check_proposal
from node.mission.parts import Counted
from node.services.desk import Desk, Refused
from node.services.offers.offers import cleaned
from node.services.people.saving import refuse


def propose_offer(desk: Desk, fields: Mapping[str, Any]) -> OfferProposal:
    """Keep it for a counsellor. The same words twice are one proposal. Raises BadFields, Refused."""
    now = desk.now()
    offer = Offer(id="", node=desk.node_id, rome="", network=False, **cleaned(fields))
    refuse([*check_proposal(offer, desk.referential(), now)])
    with desk.federation.database.write() as uow:
        waiting = uow.offer_proposals.waiting(None)
        known = next((one for one in waiting.rows if one.offer == offer), None)
        if known is not None:
            return known
        if waiting.count >= MOST_WAITING:
            raise Refused(
                "many_proposals",
                _("Many offers wait to be read now: call the mission, or come back tomorrow."),
            )
        made = OfferProposal(id=desk.new_id(), received=now, offer=offer)
        uow.offer_proposals.add(made)
        return made


def waiting_proposals(desk: Desk) -> Counted[OfferProposal]:
    """All that wait, oldest first."""
    with desk.federation.database.read() as uow:
        return uow.offer_proposals.waiting(None)


def one_proposal(desk: Desk, proposal_id: str) -> OfferProposal:
    """One of them; NotFound when a colleague dealt with it meanwhile."""
    with desk.federation.database.read() as uow:
        found = uow.offer_proposals.get(proposal_id)
    if found is None:
        raise NotFound(_("This offer does not wait any more: a colleague dealt with it."))
    return found


def put_aside(desk: Desk, proposal_id: str) -> bool:
    """Destroy it; False when it was dealt with already."""
    with desk.federation.database.write() as uow:
        return uow.offer_proposals.remove(proposal_id)


def purge_proposals(desk: Desk) -> int:
    """Destroy what nobody dealt with in time; how many. Called by the scheduler."""
    late = [one.id for one in waiting_proposals(desk).rows if desk.now() - one.received > KEPT]
    if not late:
        return 0
    with desk.federation.database.write() as uow:
        return sum(uow.offer_proposals.remove(one) for one in late)
