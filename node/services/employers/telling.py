"""Mails to local employers: people who are put forward, with the private link; that a condition is met, and the answer
is waited for; and the request to destroy a CV.

Guarantees: a mail names nobody, unless the counsellor ticked that the CVs go with it: who it is stands behind the link;
a link is made when its mail is; whoever was withdrawn meanwhile is in no mail. An answer goes to the mission's own
address, with the sending's code in its subject (see replies.py). Read next: sending.py.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from babel.dates import format_date

from node import mailing
from node.config import Config
from node.documents.contact import contact_of
from node.documents.cv import Layout, cv_pdf
from node.kit.clean_text import is_email
from node.kit.i18n import gettext as _
from node.kit.i18n import language, ngettext, speaking
from node.mailing import Enclosure, Mail
from node.mission.employers.codes import shown_code
from node.mission.employers.sending import Sending, SendingWay
from node.mission.forwards import moves
from node.mission.forwards.forward import ForwardState
from node.mission.forwards.terms import GUARANTEE_SAYS
from node.mission.happened import Event, Happened
from node.mission.offers.offer import Offer, OfferState
from node.services.desk import Desk, Refused
from node.services.employers.sending import (
    PersonSent,
    ToSend,
    find_sending,
    new_link,
    note_told,
    people_of,
    prepare,
    sending_file,
)
from node.services.forwards.conditions import open_mail
from node.services.listening import deliver
from node.services.offers.finding import find_offer
from node.services.people.papers import cv_of

if TYPE_CHECKING:
    from node.services.node import Node


def send_off(node: "Node", forwards: Sequence[str], wanted: ToSend, actor: str) -> Sending:
    """Prepare a sending, and let its mail leave at once where that is possible: `mailed` tells; else it is tried again
    by itself. Raises as `sending.prepare`; Refused `no_mail_server`."""
    if wanted.way is SendingWay.MAIL and not mailing.is_configured(node.config):
        raise Refused("no_mail_server", _("This node sends no mail: choose the letter, or have [mail] configured."))
    made = prepare(node.desk, forwards, wanted, actor)
    if made.way is SendingWay.MAIL:
        deliver(node, made.id)
    return sending_file(node.desk, made.id).sending


def send_again(node: "Node", sending_id: str) -> Sending:
    """A mail that has not left is tried once more, at once; `mailed` tells whether it left. NotFound."""
    with node.database.write() as uow:
        sending = find_sending(uow, sending_id)
        uow.events.add(Event(Happened.SENDING_MADE, sending.id, node.now()), instead=True)
    deliver(node, sending_id)
    return sending_file(node.desk, sending_id).sending


def hear(node: "Node", event: Event) -> None:
    """Send what the sending still needs. Unavailable when the mail server does not take it."""
    if not mailing.is_configured(node.config):
        return
    if event.kind is Happened.SENDING_MADE:
        _put_forward(node, event.subject)
    elif event.kind is Happened.CONDITION_MET:
        _ask_for_answer(node, event.subject)
    else:
        _ask_for_destruction(node, event.subject)


def _put_forward(node: "Node", sending_id: str) -> None:
    desk, now = node.desk, node.now()
    with node.database.write() as uow:
        sending = uow.sendings.get(sending_id)
        if sending is None or sending.mailed is not None or not sending.stands(now):
            return
        people = [one for one in people_of(uow, sending) if one.part.asked_back is None and one.person is not None]
        if not people or not is_email(sending.contact.email):
            return
        offer = find_offer(uow, desk, sending.offer)
        url = new_link(uow, desk, sending, now)
        # The employer had them all before, and waits to be reminded.
        again = all(len(uow.sendings.of_forward(one.forward.id)) > 1 for one in people)
    with speaking(node.config.locale.language):
        mail = _mail(node.config, sending, offer, people, url, again)
        enclosed = _enclosed(desk, people) if sending.with_cvs else ()
        mailing.send(node.config, replace(mail, attachments=enclosed))
    with node.database.write() as uow:
        known = uow.sendings.get(sending_id)
        if known is not None:
            uow.sendings.save(replace(known, mailed=now))


def _enclosed(desk: Desk, people: Sequence[PersonSent]) -> tuple[Enclosure, ...]:
    found = ((one.number, one.person) for one in people if one.person is not None)
    tables, today = desk.referential(), desk.today()
    return tuple(
        Enclosure(f"cv-{number}.pdf", "application/pdf", cv_pdf(cv_of(person, tables), Layout.PLAIN, today).pdf)
        for number, person in found
    )


def _mail(config: Config, sending: Sending, offer: Offer, people: Sequence[PersonSent], url: str, again: bool) -> Mail:
    mission, code, count = contact_of(config), shown_code(sending.code), len(people)
    mails = bool(config.reception.email)
    day = format_date(sending.until, "long", locale=language())
    parts = (
        _greeting(sending),
        ngettext(
            "We propose one person for {about}. We know them, we went through their CV together, and they agree that "
            "you receive it.",
            "We propose {count} people for {about}. We know them, we went through their CVs together, and they agree "
            "that you receive them.",
            count,
        ).format(count=count, about=about(offer)),
        _("See who, read the CV and answer, without an account:\n{url}").format(url=url),
        " ".join(
            [
                _("The link is yours until {day}. You may pass it on to a colleague who recruits with you.").format(
                    day=day
                ),
                _("You may also answer this mail, or call us.") if mails else _("You may also call us."),
            ]
        ),
        _("Behind the link stands what we checked for each person, and when.") + " " + GUARANTEE_SAYS,
        _("To check that this comes from us: {url}, with the code {code} and the person's name.").format(
            url=f"{config.node.base_url}/verifier", code=code
        ),
        " · ".join(one for one in (mission.name, mission.phone, mission.email) if one),
    )
    subject = ngettext(
        "One person for “{title}” (ref. {code})", "{count} people for “{title}” (ref. {code})", count
    ).format(count=count, title=offer.title, code=code)
    if again:
        subject = _("Reminder: {subject}").format(subject=subject)
    return Mail(
        to=sending.contact.email, subject=subject, text="\n\n".join(parts) + "\n", reply_to=config.reception.email
    )


def _greeting(sending: Sending) -> str:
    name = sending.contact.name
    return _("Good day {name},").format(name=name) if name else _("Good day,")


def _ask_for_answer(node: "Node", forward_id: str) -> None:
    desk, now = node.desk, node.now()
    with node.database.write() as uow:
        forward = uow.forwards.get(forward_id)
        sending = open_mail(uow, forward, now) if forward is not None else None
        if forward is None or sending is None or not is_email(sending.contact.email):
            return
        (one,) = (shown for shown in people_of(uow, sending) if shown.forward.id == forward.id)
        until = moves.expires_at(forward)
        # Taken back, answered or withdrawn meanwhile.
        if forward.state is not ForwardState.FULFILLED or one.part.asked_back or one.person is None or until is None:
            return
        offer = find_offer(uow, desk, sending.offer)
        url = new_link(uow, desk, sending, now)
    with speaking(node.config.locale.language):
        mailing.send(
            node.config, _condition_met(node.config, sending, offer, one, url, min(until, sending.until_of(one.part)))
        )


def _condition_met(config: Config, sending: Sending, offer: Offer, one: PersonSent, url: str, until: datetime) -> Mail:
    mission, code = contact_of(config), shown_code(sending.code)
    parts = (
        _greeting(sending),
        _(
            "You answered “yes, if…” for person no. {number} (“{title}”). It is done: what you asked for is there."
        ).format(number=one.number, title=offer.title),
        _("See it, and answer by {day}: an interview, a hire, or no.\n{url}").format(
            day=format_date(until, "long", locale=language()), url=url
        ),
        _("You may also answer this mail, or call us.") if config.reception.email else _("You may also call us."),
        " · ".join(part for part in (mission.name, mission.phone, mission.email) if part),
    )
    return Mail(
        to=sending.contact.email,
        subject=_("Your condition is met: “{title}” (ref. {code})").format(title=offer.title, code=code),
        text="\n\n".join(parts) + "\n",
        reply_to=config.reception.email,
    )


def _ask_for_destruction(node: "Node", sending_id: str) -> None:
    with node.database.read() as uow:
        sending = uow.sendings.get(sending_id)
        if sending is None:
            return
        people = [one for one in people_of(uow, sending) if one.part.is_to_be_told]
        offer = find_offer(uow, node.desk, sending.offer)
    # One that never left gave nobody a CV.
    if people and sending.mailed is not None and is_email(sending.contact.email):
        with speaking(node.config.locale.language):
            mailing.send(node.config, _request(node.config, sending, offer, people))
    note_told(node.desk, sending_id, {one.forward.id for one in people})


def _request(config: Config, sending: Sending, offer: Offer, people: Sequence[PersonSent]) -> Mail:
    mission, code = contact_of(config), shown_code(sending.code)
    parts = (
        _greeting(sending),
        ngettext(
            "This person is no longer put forward for {about}:",
            "These people are no longer put forward for {about}:",
            len(people),
        ).format(about=about(offer)),
        "\n".join(map(called, people)),
        _(
            "Please destroy their CV, copies and printed pages included: the law lets the person ask for it (GDPR, "
            "article 17). You need do nothing else, and the link shows it no more."
        ),
        " · ".join(one for one in (mission.name, mission.phone, mission.email) if one),
    )
    return Mail(
        to=sending.contact.email,
        subject=_("A CV to be destroyed (ref. {code})").format(code=code),
        text="\n\n".join(parts) + "\n",
        reply_to=config.reception.email,
    )


def about(offer: Offer) -> str:
    """What people are put forward for, as the employer is told, after “for”."""
    match offer.state:
        case OfferState.NEED:
            return _("the post “{title}” that you told us about").format(title=offer.title)
        case OfferState.SPONTANEOUS:
            return _("your house (“{title}”)").format(title=offer.title)
    return _("your offer “{title}”").format(title=offer.title)


def called(one: PersonSent) -> str:
    """A person as an employer knows them: by their place in the letter, and by name while they have one here."""
    number = _("person no. {number}").format(number=one.number)
    return f"{one.person.name} ({number})" if one.person is not None else number
