"""A sending (« envoi »): one mail or one letter to one local employer, with one to five people put forward.

Guarantees: a sending names people through their forwards alone; what it shows of each follows the forward: who was
withdrawn is shown no more, at once, and whoever holds the CV is asked to destroy it (`asked_back`, until `told`); what
was checked is kept as it was said. A sending stands until its day, unless it was ended before.

Read next: `codes.py`, the short code; `node/services/employers/sending.py`.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from node.kit.clean_text import is_email
from node.kit.i18n import gettext as _
from node.mission.forwards.forward import Forward, ForwardState
from node.mission.terms import Term

LONGEST: Final = timedelta(days=480)
"""A link opens for so long at most: for 60 days, in which a condition is named for a day within a year, and the answers
to it, 14 days each."""
MOST: Final = 5
"""People in one sending: a preselection is a choice."""


class SendingWay(Term):
    """How it goes to the employer."""

    MAIL = "mail", "Courriel"
    LETTER = "letter", "Lettre"


class Validity(Term):
    """Where what the mission attested stands, as whoever verifies it reads it."""

    ONGOING = "ongoing", "En cours"
    ENDED = "ended", "Terminée"
    WITHDRAWN = "withdrawn", "Retirée"


class WordWay(Term):
    """How an employer's words came."""

    LINK = "link", "par le lien"
    MAIL = "mail", "par courriel"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingContact:
    """Whom it is for, as it was written on this sending; `address` the lines of a letter."""

    name: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingPart:
    """One person of a sending, by their forward. `checked` are (code of `Check`, day) as the guarantee states them;
    `asked_back` is when the CV was to be asked back, `told` when the employer was asked for it; `longer` until when
    this person is shown after the others, as their condition is waited for."""

    forward: str
    checked: tuple[tuple[str, date], ...] = ()
    asked_back: datetime | None = None
    told: datetime | None = None
    longer: datetime | None = None

    @property
    def is_to_be_told(self) -> bool:
        """Whether the employer does not know yet that the CV is to be destroyed."""
        return self.asked_back is not None and self.told is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One sending. `offer` is the offer's key; `with_cvs` tells that the CVs went with the mail; `made` by the account
    `by`; `mailed` is when the mail server took it first, `until` its last moment, `ended` when somebody ended it."""

    id: str
    code: str
    offer: str
    way: SendingWay
    contact: SendingContact
    with_cvs: bool = False
    made: datetime
    by: str
    until: datetime
    mailed: datetime | None = None
    ended: datetime | None = None
    parts: tuple[SendingPart, ...]

    @property
    def lasts_until(self) -> datetime:
        """The last moment for anybody of it."""
        return max(map(self.until_of, self.parts), default=self.until)

    def until_of(self, part: SendingPart) -> datetime:
        """The last moment for that person."""
        return max(self.until, part.longer or self.until)

    def stands(self, now: datetime) -> bool:
        """Whether its link opens anything."""
        return self.ended is None and now < self.lasts_until

    def shows(self, part: SendingPart, now: datetime) -> bool:
        """Whether its link still opens for that person."""
        return self.ended is None and now < self.until_of(part)

    def lasting(self, part: SendingPart, until: datetime) -> "Sending":
        """The sending that shows that person until then, no less than before and at most `LONGEST` from its making."""
        longer = min(until, self.made + LONGEST)
        return self.with_part(replace(part, longer=longer)) if longer > self.until_of(part) else self

    def part_of(self, forward: str) -> SendingPart:
        """The part of that forward; KeyError."""
        return {one.forward: one for one in self.parts}[forward]

    def with_part(self, part: SendingPart) -> "Sending":
        """The sending with that part in the place of the forward's former one."""
        return replace(self, parts=tuple(part if one.forward == part.forward else one for one in self.parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerWord:
    """What an employer wrote: with an answer by the link (of one `forward`), or in a mail that names the sending
    (`forward` empty: a colleague reads for whom it is). `settled` is when a colleague dealt with it."""

    id: str
    sending: str
    forward: str = ""
    way: WordWay
    at: datetime
    text: str
    settled: datetime | None = None
    by: str = ""


LONGEST_WORD: Final = 4000
"""Characters of an employer's words that are kept."""


@dataclass(frozen=True, slots=True)
class ContactFault:
    """What is to be mended in how a sending is to go."""

    field: str
    sentence: str


def check_contact(way: SendingWay, contact: SendingContact) -> list[ContactFault]:
    """What keeps a sending from going that way."""
    if way is SendingWay.MAIL and not contact.email:
        return [ContactFault("email", _("Give the employer's e-mail address, or choose the letter."))]
    if contact.email and not is_email(contact.email):
        return [ContactFault("email", _("Write an address such as name@domain.fr."))]
    return []


def holds_cv(sending: Sending, forward: Forward) -> bool:
    """Whether the employer may have the person's CV: it came with the letter or the mail, or was opened by the link."""
    opened = any(move.event is ForwardState.SEEN for move in forward.moves)
    return sending.way is SendingWay.LETTER or sending.with_cvs or opened


def validity(sending: Sending, part: SendingPart, forward: Forward, now: datetime) -> Validity:
    """Where what was attested for that person stands."""
    if part.asked_back is not None or forward.state is ForwardState.WITHDRAWN:
        return Validity.WITHDRAWN
    return Validity.ONGOING if sending.shows(part, now) else Validity.ENDED
