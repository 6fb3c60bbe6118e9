"""Sendings to employers of the town: mails and letters, who is in them, and what the employer wrote."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from node.mission.employers.codes import shown_code
from node.schemas.base import Schema

if TYPE_CHECKING:
    from node.mission.employers.sending import Sending
    from node.services.employers.sending import SendingFile


class SendingContactOut(Schema):
    """Whom it is for."""

    name: str
    email: str
    address: str
    """The lines of a letter."""


class SendingOut(Schema):
    """One mail or letter to an employer of the town."""

    id: str
    code: str
    """As it is printed, and typed on /verifier."""
    offer: str
    way: str
    """mail or letter."""
    contact: SendingContactOut
    with_cvs: bool
    """Whether the CVs went with the mail."""
    made: datetime
    by: str
    until: datetime
    """Its link opens until then."""
    mailed: datetime | None
    """When the mail server took it; null while it has not, and for a letter."""
    ended: datetime | None
    """When somebody ended the link."""
    forwards: list[str]
    """Its people, by their forwards, in their order."""

    @classmethod
    def of(cls, sending: "Sending") -> Self:
        return cls.model_validate(_fields(sending))


class SendingList(Schema):
    """Newest first, and how many there are in all."""

    sendings: list[SendingOut]
    total: int

    @classmethod
    def of(cls, sendings: "Iterable[Sending]", total: int) -> Self:
        return cls(sendings=[SendingOut.of(one) for one in sendings], total=total)


class CheckedOut(Schema):
    """What the mission attests to have checked, and when."""

    what: str
    on: date


class PersonSentOut(Schema):
    """One person of a sending."""

    number: int
    """As the employer's page and the letter have it."""
    forward: str
    candidate: str
    """Empty once the person is erased."""
    state: str
    checked: list[CheckedOut]
    asked_back: datetime | None
    """When the CV was to be asked back, as the person was withdrawn."""
    told: datetime | None
    """When the employer was asked to destroy it."""


class EmployerWordOut(Schema):
    """What the employer wrote."""

    id: str
    way: str
    """link or mail."""
    at: datetime
    text: str
    forward: str
    """Whom it is about; empty of a mail."""
    settled: datetime | None
    """When a colleague dealt with it."""


class SendingFileOut(SendingOut):
    """One sending, with its people and the employer's words."""

    people: list[PersonSentOut]
    words: list[EmployerWordOut]

    @classmethod
    def of_file(cls, file: "SendingFile") -> Self:
        people = [
            {
                "number": one.number,
                "forward": one.forward.id,
                "candidate": one.person.id if one.person is not None else "",
                "state": one.forward.state.value,
                "checked": [{"what": what, "on": on} for what, on in one.part.checked],
                "asked_back": one.part.asked_back,
                "told": one.part.told,
            }
            for one in file.people
        ]
        words = [EmployerWordOut.model_validate(one) for one in file.words]
        return cls.model_validate({**_fields(file.sending), "people": people, "words": words})


def _fields(sending: "Sending") -> dict[str, object]:
    return {
        "id": sending.id,
        "code": shown_code(sending.code),
        "offer": sending.offer,
        "way": sending.way.value,
        "contact": SendingContactOut.model_validate(sending.contact),
        "with_cvs": sending.with_cvs,
        "made": sending.made,
        "by": sending.by,
        "until": sending.lasts_until,
        "mailed": sending.mailed,
        "ended": sending.ended,
        "forwards": [one.forward for one in sending.parts],
    }
