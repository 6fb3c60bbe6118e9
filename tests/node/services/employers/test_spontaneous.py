"""Somebody is put forward to an employer of the town that has no offer, and it goes the way of every application."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from node.documents.contact import contact_of
from node.mission.agreements.consent import ConsentScope
from node.mission.forwards.forward import ForwardState
from node.mission.offers.filter import OfferFilter
from node.mission.offers.offer import OfferState
from node.services.agreements import withdrawing
from node.services.desk import Refused
from node.services.employers import answering, letters, sending, verifying
from node.services.employers.answering import LinkAnswer
from node.services.forwards import following
from node.services.forwards.sending import one_forward
from node.services.forwards.spontaneous import Spontaneous, create_spontaneous
from node.services.listening import deliver
from node.services.offers.finding import one_offer
from node.services.offers.searching import offers_page
from node.services.people.saving import BadFields
from tests.node.conftest import french
from tests.node.mission import samples
from tests.node.services.employers.conftest import LETTER, MAIL, House


def wish(person: str = "p1", **changes: Any) -> Spontaneous:
    fields = {"candidate": person, "employer": "Bâtir  SARL", "why": "Cinq ans de quai.", "agreed": "au guichet"}
    return Spontaneous(**fields | changes)


def test_a_spontaneous_application_goes_by_mail_and_is_answered_by_its_link(house: House) -> None:
    desk = house.node.desk
    draft = create_spontaneous(desk, wish(), "anne")
    record = one_offer(desk, draft.offer)
    assert (record.state, record.employer, record.rome) == (OfferState.SPONTANEOUS, "Bâtir SARL", samples.WAREHOUSE)
    assert record.title.startswith("Candidature spontanée")
    (agreed,) = (one for one in _consents(house, "p1") if one.scope is ConsentScope.EMPLOYER)
    assert agreed.employer == "Bâtir SARL" and not agreed.offer
    # One record for both, however the name is written; a second time is refused; no list of offers has it.
    other = create_spontaneous(desk, wish("p2", employer="BÂTIR sarl"), "anne")
    assert other.offer == draft.offer
    with pytest.raises(Refused, match="déjà"):
        create_spontaneous(desk, wish(), "anne")
    for shown in (OfferFilter(), OfferFilter(closed=True), OfferFilter(needs=True)):
        assert record.id not in {one.id for one in offers_page(desk, shown).rows}

    made = sending.prepare(desk, [draft.id, other.id], MAIL, "anne")
    deliver(house.node, made.id)
    body = house.sink.mails[-1].get_body()
    assert body is not None
    text = " ".join(french(body.get_content()).split())
    assert "2 personnes pour votre entreprise (« Candidature spontanée" in text and "votre offre" not in text
    token = house.token()
    answering.answer(desk, token, 1, LinkAnswer(event=ForwardState.INTERVIEW, day=date(2026, 12, 3)))
    answering.answer(desk, token, 1, LinkAnswer(event=ForwardState.HIRED, day=date(2026, 12, 14)))
    followed = following.one_followed(desk, draft.id)
    assert followed.forward.state is ForwardState.HIRED and not followed.offer_closed
    assert followed.offer == one_offer(desk, record.key)
    assert verifying.verify(desk, made.code, "Luc Fabre") is not None
    # Taking back the yes to the employer by its name ends what rests on it.
    withdrawing.withdraw(desk, "p2", "anne", ConsentScope.EMPLOYER, "Bâtir SARL")
    assert one_forward(desk, other.id).state is ForwardState.WITHDRAWN


def test_a_spontaneous_application_goes_by_letter(house: House) -> None:
    desk = house.node.desk
    draft = create_spontaneous(desk, wish(), "anne")
    made = sending.prepare(desk, [draft.id], LETTER, "anne")
    pdf = PdfReader(BytesIO(letters.print_letter(desk, made.id, contact_of(house.node.config))))
    letter = french(" ".join(pdf.pages[0].extract_text().split()))
    assert "pour votre entreprise" in letter and "Bâtir SARL" in letter and "votre offre" not in letter


def test_what_makes_no_spontaneous_application(house: House) -> None:
    desk = house.node.desk
    with pytest.raises(BadFields):
        create_spontaneous(desk, wish(employer=" "), "anne")
    with pytest.raises(BadFields):
        create_spontaneous(desk, wish(rome="D1106"), "anne")
    with pytest.raises(Refused, match="n'a pas dit oui"):
        create_spontaneous(desk, wish(agreed=""), "anne")
    with desk.federation.database.read() as uow:
        assert not uow.offers.aside(desk.node_id, OfferState.SPONTANEOUS)


def _consents(house: House, person: str) -> Any:
    candidate = house.stage.montlucon.candidate(person)
    assert candidate is not None
    return candidate.consents
