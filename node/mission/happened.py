"""Something happened: what a unit of work tells, in the transaction that did it, and whoever listens hears after it.

Guarantees: an event is kept if and only if what it tells of is; a listener hears it at least once, whatever dies in
between, and in order for each subject. So it looks at how things stand rather than at what it was told. An event names
its subject by an identifier and nobody by more: no name, no address, no text that somebody wrote.

Read next: `node/services/listening.py` (who listens, and how it is delivered).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol


class Happened(StrEnum):
    """What may have happened. The subject of each is the identifier of what is named first."""

    PERSON_CHANGED = "person.changed"
    """A person of the register is new, or anything about them that the register holds is another."""
    PERSON_GONE = "person.gone"
    OFFER_CHANGED = "offer.changed"
    """An offer of the town's own or a peer's is new, another, or closed: `Offer.key`."""
    FORWARD_CHANGED = "forward.changed"
    WORKSHOP_UNTOLD = "workshop.untold"
    """Somebody who is to come to a workshop does not know how it stands."""
    FILE_NOTICE = "file.notice"
    """A person is to be told that their file will be erased."""
    ACCOUNT_LINK_ASKED = "account.link_asked"
    """Somebody who works here asked for a way in."""
    ACCOUNT_LINK_GIVEN = "account.link_given"
    """Somebody who works here was given a way in by a colleague, who sees whether the mail leaves."""
    OWN_LINK_ASKED = "own.link_asked"
    """A person asked for a way into « Mon espace »; everybody of their e-mail address gets one."""
    OWN_LINK_GIVEN = "own.link_given"
    """A person was given one by a counsellor, who sees whether the mail leaves."""
    SENDING_MADE = "sending.made"
    """A mail is to go to an employer: the subject is the sending."""
    CV_ASKED_BACK = "sending.asked_back"
    """An employer who was written to is to be asked to destroy a CV: the subject is the sending."""
    CONDITION_MET = "forward.condition_met"
    """An employer who was written to said « oui, si… », and is to be asked for the answer: the subject is the
    forward."""
    ENDS_NEAR = "ends.near"
    """Something of the node or the network ends soon: the subject is the node."""


MATCHING: Final = frozenset(
    {Happened.PERSON_CHANGED, Happened.PERSON_GONE, Happened.OFFER_CHANGED, Happened.FORWARD_CHANGED}
)
"""What changes who fits which offer. Repositories tell of it, so that nobody who writes can forget to."""

LISTENERS: Final[Mapping[str, frozenset[Happened]]] = {
    "workshop_mail": frozenset({Happened.WORKSHOP_UNTOLD}),
    "notice_mail": frozenset({Happened.FILE_NOTICE}),
    "account_mail": frozenset({Happened.ACCOUNT_LINK_ASKED, Happened.ACCOUNT_LINK_GIVEN}),
    "own_mail": frozenset({Happened.OWN_LINK_ASKED, Happened.OWN_LINK_GIVEN}),
    "employer_mail": frozenset({Happened.SENDING_MADE, Happened.CV_ASKED_BACK, Happened.CONDITION_MET}),
    "ends_mail": frozenset({Happened.ENDS_NEAR}),
}
"""Who is to hear what, under names that are kept with what is still to be delivered. One that is added hears what
happens from then on; what it does is said in `node/listeners.py`."""


KEPT: Final = 50_000
"""Events that stay for those who follow by themselves; whoever is farther behind looks at everything anew."""
HEAD_START: Final = timedelta(seconds=10)
"""For whoever did it, and shows on the next page what came of it, before anybody else delivers it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `detail` has stable words and identifiers; `number` is its place among all events, from
    1 on, 0 before it is kept; `at` is aware UTC, None where nobody asks when."""

    kind: Happened
    subject: str
    at: datetime | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
    number: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event that a listener took up. `tries` counts the times before, all of which failed."""

    listener: str
    event: Event
    tries: int


class Events(Protocol):
    """What happened, in the order in which it was committed, and what is still to be heard. Kept until
    `forget_before`."""

    def add(self, event: Event, *, instead: bool = False) -> None:
        """Tell of it, once the unit of work is committed; the same one told twice in it is told once. With `instead`,
        in the place of those of its kind and subject that nobody has in hand: whoever hears it looks at how things
        stand, and neither waits for what failed before nor does it twice."""
        ...

    def last(self) -> int:
        """The number of the newest event; 0 when there never was one."""
        ...

    def since(self, number: int, kinds: frozenset[Happened], limit: int | None = None) -> Sequence[Event]:
        """Those of these kinds after that number, oldest first, for whoever keeps nothing and follows by itself."""
        ...

    def due(self, now: datetime, subject: str = "") -> Collection[str]:
        """The listeners for whom `take_up` would find something."""
        ...

    def take_up(self, listener: str, now: datetime, until: datetime, subject: str = "") -> Delivery | None:
        """The oldest event that this listener may hear now: nobody else gets it before `until`, and no later one of its
        subject. With a `subject`, one of it, even within the head start or a moment after it failed. None when there is
        none."""
        ...

    def heard(self, delivery: Delivery) -> None:
        """It is done, or given up."""
        ...

    def again(self, delivery: Delivery, now: datetime, at: datetime) -> None:
        """It failed, and is to be tried at `at`; later ones of its subject wait for it."""
        ...

    def withdraw(self, subject: str, kind: Happened) -> None:
        """Nobody is to hear of it any more who has it not in hand: it was done otherwise."""
        ...

    def in_hand(self, subject: str, now: datetime) -> bool:
        """Whether somebody is hearing of that subject."""
        ...

    def forget_before(self, number: int) -> int:
        """Forget the events before that number which everybody has heard; how many there were. The newest stays."""
        ...
