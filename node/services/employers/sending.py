"""A sending is prepared, its links are made, and it is ended.

Guarantees: preparing sends every draft of it as ever (sealed, guaranteed, journaled), all of them and the sending in
one transaction or nothing; nobody is in a sending whose CV is not signed as ready today, and what it states as checked
is what the guarantee states; a link's token is kept as a digest alone. Mails leave by an event. Read next: telling.py
(the mail), letters.py (the letter), answering.py (what the link opens).
"""

import base64
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from node.kit.errors import BadInput, NotFound
from node.kit.i18n import gettext as _
from node.mission.accounts.account import digest
from node.mission.employers.codes import make_code
from node.mission.employers.sending import (
    MOST,
    EmployerWord,
    Sending,
    SendingContact,
    SendingPart,
    SendingWay,
    check_contact,
)
from node.mission.forwards.after_hire import is_live
from node.mission.forwards.forward import Forward, ForwardState
from node.mission.happened import Event, Happened
from node.mission.parts import Counted
from node.mission.people.candidate import Candidate
from node.mission.people.contacts import ContactChannel
from node.mission.ports import MissionUnitOfWork
from node.services.actors import SYSTEM
from node.services.desk import Desk, Refused
from node.services.forwards.following import reminded_in
from node.services.forwards.sending import GUARANTEE_LASTS, checks_said, find_forward, send_in
from node.services.people.finding import find_candidate
from node.services.people.saving import clean_line, clean_prose

_CHANNELS: Final = {SendingWay.MAIL: ContactChannel.MAIL, SendingWay.LETTER: ContactChannel.LETTER}
LINK_PATH: Final = "/employeur/"
"""Where a private link leads; its token follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSend:
    """How a sending is to go: by which way, to whom, and whether the CVs go with the mail."""

    way: SendingWay
    contact: SendingContact
    with_cvs: bool = False


def prepare(desk: Desk, forwards: Sequence[str], wanted: ToSend, actor: str = SYSTEM) -> Sending:
    """One sending of these forwards to the employer of their offer; drafts are sent with it, and whoever had one before
    that left, and waits for an answer, is reminded of by it. Raises NotFound, BadInput (the contact), Refused:
    `sending_size`, `not_local`, `several_offers`, `forward_ended`, `not_ready`, and what `forwards.sending.send`
    refuses; nothing is written then."""
    contact = _clean(wanted.contact)
    if faults := check_contact(wanted.way, contact):
        raise BadInput(faults[0].sentence)
    chosen = list(dict.fromkeys(forwards))
    if not 1 <= len(chosen) <= MOST:
        raise Refused("sending_size", _("Choose one to {most} people.").format(most=MOST))
    now = desk.now()
    with desk.federation.database.write() as uow:
        found = [_of_the_town(uow, desk, one) for one in chosen]
        if len({one.offer for one in found}) > 1:
            raise Refused("several_offers", _("One mail or letter is about one offer: choose people of the same one."))
        sending = Sending(
            id=desk.new_id(),
            code=_free_code(uow, desk),
            offer=found[0].offer,
            way=wanted.way,
            contact=contact,
            with_cvs=wanted.with_cvs and wanted.way is SendingWay.MAIL,
            made=now,
            by=actor,
            until=now + GUARANTEE_LASTS,
            parts=tuple(_part(uow, desk, send_in(uow, desk, one.id, now, actor)) for one in found),
        )
        for one in found:
            if any(was.way is SendingWay.LETTER or was.mailed is not None for was in uow.sendings.of_forward(one.id)):
                reminded_in(uow, desk, one, _CHANNELS[sending.way], actor)
        uow.sendings.add(sending)
        if sending.way is SendingWay.MAIL:
            uow.events.add(Event(Happened.SENDING_MADE, sending.id, now))
        return sending


def _clean(contact: SendingContact) -> SendingContact:
    return SendingContact(
        name=clean_line("name", contact.name),
        email=clean_line("email", contact.email, 254),
        address=clean_prose("address", contact.address, 300),
    )


def _of_the_town(uow: MissionUnitOfWork, desk: Desk, forward_id: str) -> Forward:
    forward = find_forward(uow, forward_id)
    if forward.peer != desk.node_id:
        raise Refused("not_local", _("This offer is another town's: its application goes over the network."))
    if not is_live(forward):
        raise Refused("forward_ended", _("This application has ended: it cannot be sent any more."))
    return forward


def _part(uow: MissionUnitOfWork, desk: Desk, forward: Forward) -> SendingPart:
    candidate = find_candidate(uow, forward.candidate)
    if not candidate.is_ready(desk.today()):
        raise Refused("not_ready", _("A CV is not signed as ready any more: sign it, then send."))
    sent = next(move.at for move in forward.moves if move.event is ForwardState.SENT)
    said = checks_said(candidate, forward.checked, sent.date())
    return SendingPart(forward=forward.id, checked=tuple((one.what, date.fromisoformat(one.on)) for one in said))


def _free_code(uow: MissionUnitOfWork, desk: Desk) -> str:
    while True:
        code = make_code(desk.federation.random_bytes(8))
        if uow.sendings.by_code(code) is None:
            return code


def new_link(uow: MissionUnitOfWork, desk: Desk, sending: Sending, now: datetime) -> str:
    """One more address that opens the sending, shown once; in the caller's unit of work."""
    token = base64.urlsafe_b64encode(desk.federation.random_bytes(32)).decode().rstrip("=")
    uow.sendings.add_link(digest(token), sending.id, now)
    return f"{desk.federation.base_url}{LINK_PATH}{token}"


def find_sending(uow: MissionUnitOfWork, sending_id: str) -> Sending:
    """NotFound when there is none."""
    sending = uow.sendings.get(sending_id)
    if sending is None:
        raise NotFound(_("No sending has that number."))
    return sending


@dataclass(frozen=True, slots=True)
class PersonSent:
    """One person of a sending; `person` None once they are erased."""

    number: int
    part: SendingPart
    forward: Forward
    person: Candidate | None


@dataclass(frozen=True, slots=True)
class SendingFile:
    """A sending as the mission sees it: its people in their order, and what the employer wrote."""

    sending: Sending
    people: tuple[PersonSent, ...]
    words: tuple[EmployerWord, ...]

    @property
    def to_tell(self) -> tuple[PersonSent, ...]:
        """Those whose CV the employer is still to be asked to destroy."""
        return tuple(one for one in self.people if one.part.is_to_be_told)


def sending_file(desk: Desk, sending_id: str) -> SendingFile:
    """NotFound."""
    with desk.federation.database.read() as uow:
        sending = find_sending(uow, sending_id)
        return SendingFile(sending, people_of(uow, sending), tuple(uow.sendings.words_of(sending.id)))


def people_of(uow: MissionUnitOfWork, sending: Sending) -> tuple[PersonSent, ...]:
    """In their order."""
    found = [(part, find_forward(uow, part.forward)) for part in sending.parts]
    return tuple(
        PersonSent(number, part, forward, uow.candidates.get(forward.candidate) if forward.candidate else None)
        for number, (part, forward) in enumerate(found, 1)
    )


def sendings_of(desk: Desk, forwards: Sequence[str]) -> dict[str, Sequence[Sending]]:
    """The sendings of these forwards, newest first, by forward."""
    with desk.federation.database.read() as uow:
        return {one: uow.sendings.of_forward(one) for one in forwards}


def newest_sendings(desk: Desk, limit: int | None) -> Counted[Sending]:
    """The newest (`limit` None: all of them), and how many there are in all."""
    with desk.federation.database.read() as uow:
        return uow.sendings.part(limit)


def end(desk: Desk, sending_id: str) -> Sending:
    """Its links open nothing from now on. Safe to call twice. NotFound."""
    with desk.federation.database.write() as uow:
        sending = find_sending(uow, sending_id)
        if sending.ended is None:
            sending = replace(sending, ended=desk.now())
            uow.sendings.save(sending)
        return sending


def note_told(desk: Desk, sending_id: str, forwards: Collection[str]) -> None:
    """The employer was asked to destroy the CVs of these forwards. NotFound."""
    now = desk.now()
    with desk.federation.database.write() as uow:
        sending = find_sending(uow, sending_id)
        told = (
            replace(one, told=now) if one.is_to_be_told and one.forward in forwards else one for one in sending.parts
        )
        uow.sendings.save(replace(sending, parts=tuple(told)))


def settle_word(desk: Desk, sending_id: str, word_id: str, actor: str) -> None:
    """A colleague dealt with what the employer wrote. NotFound."""
    with desk.federation.database.write() as uow:
        sending = find_sending(uow, sending_id)
        if all(one.id != word_id for one in uow.sendings.words_of(sending.id)):
            raise NotFound(_("No sending has that number."))
        uow.sendings.settle(word_id, desk.now(), actor)


def settle_words_about(desk: Desk, forward: str, actor: str) -> None:
    """What the employer wrote about this application is dealt with; a mail about several people waits until somebody
    says so of it."""
    with desk.federation.database.write() as uow:
        for sending in uow.sendings.of_forward(forward):
            for word in uow.sendings.words_of(sending.id):
                about = word.forward == forward or (not word.forward and len(sending.parts) == 1)
                if about and word.settled is None:
                    uow.sendings.settle(word.id, desk.now(), actor)
