"""What an employer who said « oui, si… » promised, ready to be printed: for whoever pays the training.

Read next: node/documents/promise.py.
"""

from node.documents.contact import MissionContact
from node.documents.promise import Promise
from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.mission.forwards.forward import Forward
from node.mission.forwards.standing import latest_condition
from node.mission.offers.offer import Offer
from node.services.desk import Desk, known_member
from node.services.forwards.conditions import thing_asked
from node.services.forwards.sending import find_forward
from node.services.people.finding import find_candidate


def promise_of(desk: Desk, forward_id: str, mission: MissionContact) -> Promise:
    """The condition that the employer named last, with what proves it. NotFound for a forward of somebody unknown, or
    without a condition."""
    referential = desk.referential()
    with desk.federation.database.read() as uow:
        forward = find_forward(uow, forward_id)
        person = find_candidate(uow, forward.candidate)
        found = latest_condition(forward.moves)
        if found is None or found.move.condition is None:
            raise NotFound(_("The employer has named no condition."))
        offer = uow.offers.get(*forward.offer.split("/", 1))
        is_local = forward.peer == desk.node_id
        member = "" if is_local else known_member(uow, desk, forward.peer).name
    return Promise(
        person=f"{person.first_name} {person.last_name}".strip(),
        employer=offer.employer if offer is not None else member,
        post=offer.title if offer is not None else _("the post that was offered"),
        place=_place(forward, offer),
        thing=thing_asked(found.move.condition, referential),
        until=found.move.condition.until,
        promised=found.move.at,
        signed_by=member,
        number=f"{found.move.epoch}/{found.move.index}" if found.move.index >= 0 else "",
        mission=mission,
    )


def _place(forward: Forward, offer: Offer | None) -> str:
    sites = offer.sites if offer is not None else ()
    return next((one.label for one in sites if one.id == forward.site), "")
