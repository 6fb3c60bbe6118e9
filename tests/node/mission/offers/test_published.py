"""An offer goes out in its wire form and comes in again: nothing of it is lost on the way."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import msgspec
import pytest

from node.mission.offers.offer import NO_CONTACT, Need, Offer, OfferContact, OfferEvent, OfferState, OfferStep
from node.mission.offers.published import PeerOffer, check_days, offer_message, offer_of
from protocol import wire_json
from protocol.errors import MalformedMessage
from protocol.messages import FormerOfferPublished, OfferPublished
from tests.node.mission.samples import DRANCY, NOW, offer, site

ENTRY = b"\x01" + bytes(range(32))
WHOLE = replace(
    offer(),
    reference="PREP-2026",
    revision=3,
    entry=ENTRY.hex(),
    description="Préparer les commandes, de 6 h à 13 h.",
    contract="CDD",
    months=6,
    hours=30,
    salary="12,50 € de l'heure",
    experience="E",
    experience_months=24,
    qualification=4,
    skills=(("100001", Need.REQUIRED), ("100002", Need.WISHED)),
    languages=(("en", "B1"),),
    licences=frozenset(("B", "C")),
    sites=(site(), site(DRANCY, posts=4, identifier="drancy")),
    published=NOW,
    state=OfferState.CLOSED,
    network=False,
    contact=OfferContact(name="Mme Roux", email="roux@exemple.fr"),
    network_on=date(2026, 12, 1),
    history=(OfferStep(at=NOW, by="anne", what=OfferEvent.PUBLISHED),),
    answer_days=21,
    most_open=7,
    clause=True,
    clause_hours=300,
    merged_into="kept",
    merged=("hidden",),
    unlike=frozenset({"other"}),
    when="au printemps",
    note="Vu M. Roux.",
    ask_again=date(2027, 1, 15),
)
STAYS: dict[str, Any] = {
    "reference": "", "contact": NO_CONTACT, "network_on": None, "history": (), "clause": False, "clause_hours": 0,
    "merged_into": "", "merged": (), "unlike": frozenset(), "when": "", "note": "", "ask_again": None,
}  # fmt: skip
"""What no other node is told."""


def test_an_offer_comes_back_but_for_what_stays_at_home() -> None:
    plain = Offer(id="o", node="n", employer="e", title="t", rome="r", sites=(), closes=date.max)
    assert all(getattr(WHOLE, field.name) != getattr(plain, field.name) for field in fields(Offer)), "all is tried"
    message = wire_json.decode(wire_json.encode(offer_message(WHOLE, NOW)), OfferPublished)
    back = offer_of(PeerOffer(WHOLE.node, ENTRY, message), OfferState.CLOSED)
    assert back == replace(WHOLE, **STAYS, network=True)
    assert offer_of(PeerOffer(WHOLE.node, ENTRY, message)).state is OfferState.OPEN


def test_an_offer_of_the_former_version_takes_thirty_days_and_five_a_post() -> None:
    message = offer_message(WHOLE, NOW)
    fields_then = {name: getattr(message, name) for name in FormerOfferPublished.__struct_fields__}
    former = wire_json.decode(wire_json.encode(FormerOfferPublished(**fields_then)), FormerOfferPublished)
    back = offer_of(PeerOffer(WHOLE.node, ENTRY, former), OfferState.CLOSED)
    assert (back.answer_days, back.cap) == (30, 5 * back.posts)
    away = replace(WHOLE, **STAYS, network=True)
    assert back == replace(away, answer_days=30, most_open=0)
    assert replace(WHOLE, most_open=7).cap == 7


@pytest.mark.parametrize("changed", [{"answer_days": 6}, {"answer_days": 61}, {"cap": -1}])
def test_an_answer_takes_a_week_to_sixty_days(changed: dict[str, Any]) -> None:
    with pytest.raises(MalformedMessage):
        wire_json.encode(msgspec.structs.replace(offer_message(WHOLE, NOW), **changed))


@pytest.mark.parametrize("changed", [{"closes": "2027-02-30"}, {"published": "2027-02-30T09:00:00Z"}])
def test_a_day_that_is_in_no_calendar_is_refused(changed: dict[str, Any]) -> None:
    right = offer_message(WHOLE, NOW)
    check_days([right, right])
    with pytest.raises(ValueError, match="day"):
        check_days([right, msgspec.structs.replace(right, **changed)])
