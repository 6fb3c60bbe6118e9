"""The card « Un visage pour l'emploi » shared by a link, for as long as the person wants.

Guarantees: one link at a time, of 256 random bits, kept as a digest; it shows the card as it is now, never the person's
own contacts; it ends on its day, when the person takes it back, or when they are erased or leave. NotFound says the
same of a link that ended and of one that never was.

Read next: `people/papers.py` (what is on a card), node/web/my_space/cards.py.
"""

import base64
from datetime import datetime, timedelta
from typing import Final

from node.kit.errors import NotFound
from node.kit.i18n import gettext as _
from node.mission.accounts.account import LinkPurpose, MagicLink, digest
from node.mission.people.candidate import Candidate, CandidateState
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk
from node.services.people.finding import find_candidate

CARD_PATH: Final = "/carte/"
SHORTEST, LONGEST = 1, 365
"""Days for which a card may be shared at once."""


def share(desk: Desk, candidate: str, days: int) -> str:
    """A new link to the card, in place of the one before; its token is shown once. NotFound, ValueError (days)."""
    if not SHORTEST <= days <= LONGEST:
        raise ValueError("a card is shared for 1 to 365 days")
    now = desk.now()
    token = base64.urlsafe_b64encode(desk.federation.random_bytes(32)).decode().rstrip("=")
    with desk.federation.database.write() as uow:
        person = find_candidate(uow, candidate)
        uow.accounts.cancel_links(LinkPurpose.CARD, person.id)
        uow.accounts.add_link(
            MagicLink(digest(token), LinkPurpose.CARD, person.id, created=now, expires=now + timedelta(days=days))
        )
    return token


def card_url(desk: Desk, token: str) -> str:
    """The whole address of a shared card."""
    return f"{desk.federation.base_url}{CARD_PATH}{token}"


def shared_until(desk: Desk, candidate: str) -> datetime | None:
    """When the person's link ends; None when there is none."""
    with desk.federation.database.read() as uow:
        return next(
            (link.expires for link in uow.accounts.links(LinkPurpose.CARD, candidate) if link.opens(desk.now())), None
        )


def take_back(desk: Desk, candidate: str) -> None:
    """The link shows nothing any more, at once."""
    with desk.federation.database.write() as uow:
        uow.accounts.cancel_links(LinkPurpose.CARD, candidate)


def shared_card(desk: Desk, token: str) -> tuple[Candidate, bytes | None]:
    """Whose card that link shows, and the photograph that is on it. NotFound."""
    with desk.federation.database.read() as uow:
        link = uow.accounts.link(digest(token))
        if link is None or link.purpose is not LinkPurpose.CARD or not link.opens(desk.now()):
            raise _gone()
        person = uow.candidates.get(link.subject)
        if person is None or person.state in (CandidateState.WITHDRAWN, CandidateState.LIMITED):
            raise _gone()
        return person, photo_of(uow, person)


def own_card(desk: Desk, candidate: str) -> tuple[Candidate, bytes | None]:
    """The person, and the photograph that they chose. NotFound."""
    with desk.federation.database.read() as uow:
        person = find_candidate(uow, candidate)
        return person, photo_of(uow, person)


def photo_of(uow: MissionUnitOfWork, person: Candidate) -> bytes | None:
    """The bytes of the photograph on the card, a JPEG; None without one."""
    return uow.documents.content(person.photo) if person.photo else None


def _gone() -> NotFound:
    return NotFound(_("This card is not shared any more. Ask the person for a new link."))
