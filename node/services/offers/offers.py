"""Offers listed, typed and corrected."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from node.kit import phone
from node.kit.errors import BadInput
from node.kit.i18n import gettext as _
from node.kit.pasted import plain_text
from node.mission.offers.likeness import said
from node.mission.offers.offer import Offer, OfferEvent, OfferState, OfferStep
from node.mission.offers.rules import check_offer
from node.mission.parts import Counted
from node.mission.people.rules import FieldProblem
from node.mission.ports import MissionUnitOfWork
from node.services.actors import SYSTEM
from node.services.desk import Desk, Refused
from node.services.offers.corrections import numbered
from node.services.offers.finding import find_offer
from node.services.offers.publishing import publish_offers
from node.services.people.saving import refuse

_TEXTS: Final = frozenset(
    {"employer", "title", "description", "salary", "reference", "when", "note"}
    | {"contact_name", "contact_email", "contact_phone", "contact_address"}
)
_OF_LINES: Final = frozenset({"description", "contact_address", "note"})
_CONTACT: Final = "contact_"
_AT_HOME: Final = ("contact", "network_on", "clause", "clause_hours")
"""What no other town is told."""


def first_offers(desk: Desk, limit: int | None, *, own: bool = False) -> Counted[Offer]:
    """The first of all open offers, or of all of this node's own (`limit` None: all), and how many there are."""
    with desk.federation.database.read() as uow:
        return uow.offers.part_of_node(desk.node_id, limit) if own else uow.offers.part_open(desk.today(), limit)


def add_offer(desk: Desk, fields: Mapping[str, Any], actor: str = SYSTEM, *, proposal: str = "") -> Offer:
    """One more offer of the town's own, published as its `network` says; the employer's proposal that it was made of is
    dealt with. Raises BadFields."""
    now = desk.now()
    offer = Offer(id=desk.new_id(), node=desk.node_id, **cleaned(fields))
    with desk.federation.database.write() as uow:
        refuse([*check_offer(offer, desk.referential(), desk.today()), *taken(uow, offer)])
        uow.offer_proposals.remove(proposal)
        return publish_offers(uow, desk, [offer], now, actor)[0]


def edit_offer(desk: Desk, key: str, *, actor: str = SYSTEM, revision: int | None = None, **changes: Any) -> Offer:
    """The next revision of one of this node's own open offers; the same offer when nothing differs. `changes` are
    fields of the offer, None leaves one as it is (but `network_on`, for which it is no day); `contact_name` and its
    like are parts of its contact; a place without a number gets one (`numbered`); `revision` is the one that was looked
    at, where it matters. Only what is changed is checked: an offer that came in a file may be older than a
    rule. Raises NotFound, BadInput, Refused."""
    wanted = {name: one for name, one in changes.items() if one is not None or name == "network_on"}
    now = desk.now()
    with desk.federation.database.write() as uow:
        before = find_offer(uow, desk, key, own=True)
        if before.state is not OfferState.OPEN:
            raise Refused("offer_closed", _("This offer is closed: publish a new one."))
        after = _changed(before, cleaned(wanted))
        if after.network:
            after = replace(after, network_on=None)
        if after == before:
            return before
        if revision is not None and revision != before.revision:
            raise Refused(
                "offer_changed",
                _("A colleague changed this offer meanwhile: look at it in another tab, then save again."),
            )
        if before.network and not after.network:
            raise Refused(
                "offer_public", _("The network has this offer already: close it, and duplicate it for the town alone.")
            )
        refuse(
            [
                problem
                for problem in (*check_offer(after, desk.referential(), desk.today()), *taken(uow, after))
                if _differs(before, after, problem.field)
            ]
        )
        if replace(after, **{name: getattr(before, name) for name in _AT_HOME}) == before:
            # What stays at home: other towns hear nothing of it.
            kept = after.after(OfferStep(at=now, by=actor, what=OfferEvent.CHANGED))
            uow.offers.save(kept)
            return kept
        return publish_offers(uow, desk, [after], now, actor)[0]


def _changed(before: Offer, wanted: Mapping[str, Any]) -> Offer:
    parts = {name.removeprefix(_CONTACT): one for name, one in wanted.items() if name.startswith(_CONTACT)}
    after = replace(before, **{name: one for name, one in wanted.items() if not name.startswith(_CONTACT)})
    return replace(after, contact=replace(after.contact, **parts), sites=numbered(after.sites, before.sites))


def like_offer(desk: Desk, fields: Mapping[str, Any]) -> Offer | None:
    """An open offer of the town's own that says the same but for signs, accents and case; None when there is none."""
    wanted = said(Offer(id="", node=desk.node_id, **cleaned(fields)))
    with desk.federation.database.read() as uow:
        own = uow.offers.of_node(desk.node_id)
    return next((one for one in own if one.is_open(desk.today()) and said(one) == wanted), None)


def cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Texts without what only a word processor draws; a closing day that may be text as a day."""
    cleaned = dict(fields)
    for name in _TEXTS & cleaned.keys():
        text = plain_text(cleaned[name]).strip()
        cleaned[name] = text if name in _OF_LINES else " ".join(text.split())
    if typed := cleaned.get("contact_phone"):
        cleaned["contact_phone"] = phone.read(typed) or typed
    if isinstance(closes := cleaned.get("closes"), str):
        cleaned["closes"] = _day(closes)
    return cleaned


def taken(uow: MissionUnitOfWork, offer: Offer) -> list[FieldProblem]:
    """Whether another offer of the town's has its reference."""
    known = uow.offers.by_reference(offer.node, offer.reference)
    if known is None or known.id == offer.id:
        return []
    said = _("The offer “{title}” has this reference already: give another one, or none.")
    return [FieldProblem("reference", said.format(title=known.title))]


def _differs(before: Offer, after: Offer, field: str) -> bool:
    name = "contact" if field.startswith("contact_") else field
    return bool(getattr(before, name) != getattr(after, name))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(_("“{text}” is no day: write YYYY-MM-DD.").format(text=text[:20])) from error
