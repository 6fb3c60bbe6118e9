"""Needs of the town's employers that are no offers yet (docs/decisions/needs.md): noted, changed, made an offer.

Guarantees: a need is the town's alone: it is published to nobody, in no list or file of offers, and matched with no
person's offers; who fits it is asked of its own page. It is one row from the note to the offer: people who are put
forward for it stay so. A need that nobody touched for a year stands no more.

Read next: `node/mission/offers/rules.py` (`check_need`), `offers.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from node.kit.i18n import gettext as _
from node.mission.offers.offer import Offer, OfferEvent, OfferSite, OfferState, OfferStep
from node.mission.offers.rules import OPEN_FOR, check_need, check_offer
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk, Refused
from node.services.offers.finding import find_offer
from node.services.offers.offers import cleaned, taken
from node.services.offers.publishing import publish_offers
from node.services.people.saving import refuse


def note_need(desk: Desk, fields: Mapping[str, Any], actor: str) -> Offer:
    """Keep it. `fields` are those of an offer, `when` and `ask_again`; without a place it is in the town, without a
    title it has its occupation's. Raises BadFields."""
    now = desk.now()
    step = OfferStep(at=now, by=actor, what=OfferEvent.NOTED)
    given = Offer(
        id=desk.new_id(),
        node=desk.node_id,
        revision=1,
        published=now,
        state=OfferState.NEED,
        network=False,
        **_as_need(desk, {"sites": (), "rome": "", **fields}),
    ).after(step)
    refuse([*check_need(given, desk.referential(), desk.today())])
    with desk.federation.database.write() as uow:
        uow.offers.add(given)
    return given


def edit_need(desk: Desk, name: str, actor: str, *, revision: int | None = None, **changes: Any) -> Offer:
    """The need with these changes; it stands for a year from now on. `revision` is the one that was looked at, where it
    matters. Raises NotFound, BadFields, Refused `no_need`, `offer_changed`."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        before = _find(uow, desk, name)
        _refuse_stale(before, revision)
        after = replace(before, **_as_need(desk, {"sites": before.sites, "rome": before.rome, **changes}))
        refuse([*check_need(after, desk.referential(), desk.today())])
        after = replace(after, revision=before.revision + 1)
        after = after.after(OfferStep(at=now, by=actor, what=OfferEvent.CHANGED))
        uow.offers.save(after)
        return after


def make_offer(desk: Desk, name: str, fields: Mapping[str, Any], actor: str, *, revision: int | None = None) -> Offer:
    """The need has become this offer, which is published as its `network` says; who is put forward for it stays so.
    Raises NotFound, BadFields, Refused `no_need`, `offer_changed`."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        before = _find(uow, desk, name)
        _refuse_stale(before, revision)
        offer = replace(before, **cleaned({"network": True, **fields}), state=OfferState.OPEN, when="", ask_again=None)
        refuse([*check_offer(offer, desk.referential(), desk.today()), *taken(uow, offer)])
        return publish_offers(uow, desk, [offer], now, actor, what=OfferEvent.PUBLISHED)[0]


def needs_to_ask(uow: MissionUnitOfWork, desk: Desk, owner: str | None) -> Sequence[Offer]:
    """Those whose employer is to be asked again by now, the longest due first; those that `owner` noted, None:
    everybody's."""
    today = desk.today()
    standing = (one for one in uow.offers.aside(desk.node_id, OfferState.NEED) if one.takes_people(today))
    due = [(one.ask_again, one.id, one) for one in standing if one.ask_again is not None and one.ask_again <= today]
    return [one for _on, _id, one in sorted(due, key=lambda row: row[:2]) if owner in (None, noted_by(one))]


def noted_by(need: Offer) -> str:
    """The account that noted it."""
    return need.history[0].by if need.history else ""


def _as_need(desk: Desk, fields: Mapping[str, Any]) -> dict[str, Any]:
    told = cleaned(fields)
    if not told["sites"] and desk.town:
        told["sites"] = (OfferSite(id=desk.town, commune=desk.town, label="", posts=1),)
    if "title" in told and not told["title"] and told["rome"]:
        told["title"] = desk.referential().occupations.label(told["rome"]) or ""
    return told | {"closes": _a_year_from(desk.today())}


def _a_year_from(today: date) -> date:
    return today + OPEN_FOR


def _find(uow: MissionUnitOfWork, desk: Desk, name: str) -> Offer:
    need = find_offer(uow, desk, name, own=True)
    if need.state is not OfferState.NEED or not need.takes_people(desk.today()):
        raise Refused("no_need", _("This need is over, or has become an offer: look at it again."))
    return need


def _refuse_stale(before: Offer, revision: int | None) -> None:
    if revision is not None and revision != before.revision:
        raise Refused(
            "offer_changed",
            _("A colleague changed this need meanwhile: look at it in another tab, then save again."),
        )
