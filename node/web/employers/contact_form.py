"""The part of a form that says how a sending goes, and to whom: with one person, and with a preselection."""

from collections.abc import Sequence
from typing import Any

from node import mailing
from node.kit.i18n import gettext as _
from node.mission.employers.sending import Sending, SendingContact, SendingWay, check_contact
from node.mission.offers.offer import Offer
from node.services.employers.sending import ToSend
from node.services.employers.telling import send_off
from node.services.node import Node
from node.web.frame.forms import Form


def first_values(node: Node, offer: Offer) -> dict[str, object]:
    """As the offer's contact proposes it."""
    mails = mailing.is_configured(node.config) and bool(offer.contact.email)
    return {
        "way": SendingWay.MAIL if mails else SendingWay.LETTER,
        "name": offer.contact.name,
        "email": offer.contact.email,
        "address": offer.contact.address,
    }


def context(node: Node) -> dict[str, Any]:
    """What employers/contact_form.html needs."""
    mails = mailing.is_configured(node.config)
    return {"mails": mails, "ways": _ways() if mails else _ways()[1:]}


def _ways() -> list[tuple[str, str, str]]:
    return [
        (SendingWay.MAIL.value, SendingWay.MAIL.label, _("with a private link: the employer reads and answers there")),
        (SendingWay.LETTER.value, SendingWay.LETTER.label, _("one PDF to print: letter, guarantee, CVs, QR code")),
    ]


def read(node: Node, form: Form) -> ToSend:
    """What was typed; its faults are in the form."""
    code = form.choice("way", [one[0] for one in context(node)["ways"]], required=True)
    way = SendingWay.read(code) or SendingWay.LETTER
    contact = SendingContact(
        name=form.line("name"), email=form.line("email", longest=254), address=form.text("address", longest=300)
    )
    for fault in check_contact(way, contact):
        form.error(fault.field, fault.sentence)
    return ToSend(way=way, contact=contact, with_cvs=form.flag("with_cvs"))


def send(node: Node, forwards: Sequence[str], wanted: ToSend, actor: str) -> tuple[Sending, str, str]:
    """Prepare it, and let the mail leave; what the next page says of it, and how grave that is. Raises as
    `telling.send_off`."""
    made = send_off(node, forwards, wanted, actor)
    if made.way is SendingWay.LETTER:
        return made, _("Recorded, with your guarantee. Now print the letter."), "success"
    if made.mailed is not None:
        return made, _("The mail has left, with your guarantee. You will see the answer here."), "success"
    return made, _("Recorded. The mail has not left yet: it is tried again by itself."), "warning"
