"""Papers of a sending: the letter with its CVs, and the letter that asks for a CV's destruction.

Guarantees: the letter shows whoever is still put forward, numbered as on the employer's page; each print has a link of
its own, of which the node keeps a digest alone. Read next: `node/documents/employer_letter.py`.
"""

from node.documents.contact import MissionContact
from node.documents.employer_letter import (
    Addressee,
    EmployerLetter,
    PutForward,
    destruction_letter_pdf,
    employer_letter_pdf,
)
from node.kit.i18n import gettext as _
from node.mission.employers.codes import shown_code
from node.mission.employers.sending import Sending
from node.mission.forwards.terms import GUARANTEE_SAYS, Check
from node.mission.offers.offer import Offer
from node.services.desk import Desk, Gone
from node.services.employers.sending import find_sending, new_link, people_of, sending_file
from node.services.employers.telling import about, called
from node.services.offers.finding import find_offer, one_offer
from node.services.people.papers import cv_of


def print_letter(desk: Desk, sending_id: str, mission: MissionContact) -> bytes:
    """The letter as a PDF, with a new link. Raises NotFound, Gone `sending_ended` (nobody is put forward by it any
    more)."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        sending = find_sending(uow, sending_id)
        shown = [
            one
            for one in people_of(uow, sending)
            if one.part.asked_back is None and one.person is not None and sending.shows(one.part, now)
        ]
        if not shown:
            raise Gone(
                "sending_ended", _("Nobody is put forward by this sending any more: there is no letter to print.")
            )
        offer = find_offer(uow, desk, sending.offer)
        url = new_link(uow, desk, sending, now)
    tables = desk.referential()
    return employer_letter_pdf(
        EmployerLetter(
            mission=mission,
            addressee=_addressee(sending, offer),
            title=offer.title,
            about=about(offer),
            people=tuple(
                PutForward(
                    number=one.number,
                    name=one.person.name,
                    why=one.forward.why,
                    checked=tuple((Check.of(code).label, day) for code, day in one.part.checked),
                    cv=cv_of(one.person, tables),
                )
                for one in shown
                if one.person is not None
            ),
            attests=GUARANTEE_SAYS,
            code=shown_code(sending.code),
            verify_url=f"{desk.federation.base_url}/verifier",
            url=url,
            on=desk.today(),
            until=sending.lasts_until.date(),
        )
    )


def print_destruction(desk: Desk, sending_id: str, mission: MissionContact) -> bytes:
    """The letter that asks the employer to destroy the CVs of whoever is withdrawn and not asked for yet. NotFound,
    Gone `nothing_to_destroy`."""
    file = sending_file(desk, sending_id)
    if not file.to_tell:
        raise Gone("nothing_to_destroy", _("There is no CV to be asked back: this was done already."))
    offer = one_offer(desk, file.sending.offer)
    return destruction_letter_pdf(
        mission,
        _addressee(file.sending, offer),
        title=offer.title,
        about=about(offer),
        people=[called(one) for one in file.to_tell],
        code=shown_code(file.sending.code),
        sent=file.sending.made.date(),
        on=desk.today(),
    )


def _addressee(sending: Sending, offer: Offer) -> Addressee:
    return Addressee(employer=offer.employer, name=sending.contact.name, address=sending.contact.address)
