"""Contacts between mission and person, with what comes next."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from node.mission.terms import Term


class ContactChannel(Term):
    """How mission and person spoke. A note is no contact."""

    IN_PERSON = "in_person", "En personne"
    PHONE = "phone", "Par téléphone"
    MAIL = "mail", "Par courriel"
    SMS = "sms", "Par SMS"
    LETTER = "letter", "Par courrier"
    NOTE = "note", "Note interne"


MEETINGS: Final = frozenset({ContactChannel.IN_PERSON, ContactChannel.PHONE})
"""What counts as having met the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One contact, with what comes next: `next_step` until `done_on`, for `next_owner`, due on `next_on`. `on` is the
    day of the contact, `written` when it was noted."""

    id: str
    candidate: str
    written: datetime
    on: date
    by: str
    channel: ContactChannel
    text: str = ""
    next_step: str = ""
    next_on: date | None = None
    next_owner: str = ""
    done_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether a next step waits."""
        return bool(self.next_step) and self.done_on is None
