"""Links and printed codes: handed out, looked at, used up.

Guarantees: tokens are 256 random bits (80 for what is typed from paper), kept as digests; looking at a link changes
nothing; nothing is said of why a link opens nothing. Read next: signing_in.py, which opens them.
"""

import base64
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote

from node.kit.errors import NodeError
from node.kit.i18n import gettext as _
from node.mission.accounts.account import (
    FIRST_LINK_LASTS,
    INVITATION_LASTS,
    LINK_LASTS,
    PAPER_CODE_LASTS,
    SECOND_STEP_LASTS,
    SIGN_ON_LASTS,
    LinkPurpose,
    MagicLink,
    digest,
    fold_code,
    readable_code,
)
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk

LASTS = {
    LinkPurpose.FIRST_ACCOUNT: FIRST_LINK_LASTS,
    LinkPurpose.SIGN_IN: LINK_LASTS,
    LinkPurpose.INVITATION: INVITATION_LASTS,
    LinkPurpose.SECOND_STEP: SECOND_STEP_LASTS,
    LinkPurpose.SIGN_ON: SIGN_ON_LASTS,
    LinkPurpose.CANDIDATE: LINK_LASTS,
    LinkPurpose.PAPER: PAPER_CODE_LASTS,
}


LINK_PATH = "/connexion/lien/"
"""Where a link leads; its token follows."""


class LinkSpent(NodeError):
    """The link was used, replaced, or is too old; or it never was one."""

    status = HTTPStatus.GONE
    problem = "link_spent"


def new_link(desk: Desk, purpose: LinkPurpose, subject: str) -> str:
    """Hand out a way in; returns its token, which is kept nowhere. Ones given before stay good."""
    with desk.federation.database.write() as uow:
        return add_link(uow, desk, purpose, subject)


def add_link(uow: MissionUnitOfWork, desk: Desk, purpose: LinkPurpose, subject: str, id_token: str = "") -> str:
    """As `new_link`, inside a unit of work. A new printed code replaces the old one."""
    now = desk.now()
    if purpose is LinkPurpose.PAPER:
        uow.accounts.cancel_links(purpose, subject)
        token = readable_code(desk.federation.random_bytes(10))
    else:
        token = base64.urlsafe_b64encode(desk.federation.random_bytes(32)).decode().rstrip("=")
    uow.accounts.add_link(
        MagicLink(
            id=digest(_plain(token)),
            purpose=purpose,
            subject=subject,
            created=now,
            expires=now + LASTS[purpose],
            id_token=id_token,
        )
    )
    return token


def use_up(uow: MissionUnitOfWork, token: str, purpose: LinkPurpose, now: datetime) -> MagicLink:
    """What was handed out for that purpose, which opens nothing from now on. LinkSpent."""
    link = living(uow, token, now, purpose)
    uow.accounts.use_link(link.id, now)
    return link


def look_at_link(desk: Desk, token: str) -> MagicLink:
    """What it would do; changes nothing. LinkSpent."""
    with desk.federation.database.read() as uow:
        return living(uow, token, desk.now())


def find_link(uow: MissionUnitOfWork, token: str) -> MagicLink | None:
    """The link of that token, whether or not it opens anything; a printed code as somebody types it."""
    return uow.accounts.link(digest(_plain(token)))


def living(uow: MissionUnitOfWork, token: str, now: datetime, purpose: LinkPurpose | None = None) -> MagicLink:
    """The link of that token, which opens now, and for that purpose when one is named. LinkSpent."""
    link = find_link(uow, token)
    if link is None or not link.opens(now) or purpose not in (None, link.purpose):
        raise spent()
    return link


def first_link(desk: Desk) -> str | None:
    """The address where the first account is created, while there is none; every earlier one opens nothing."""
    with desk.federation.database.read() as uow:
        if uow.accounts.any():
            return None
    with desk.federation.database.write() as uow:
        uow.accounts.cancel_links(LinkPurpose.FIRST_ACCOUNT, desk.node_id)
        return link_url(desk, add_link(uow, desk, LinkPurpose.FIRST_ACCOUNT, desk.node_id))


def link_url(desk: Desk, token: str) -> str:
    """The whole address of a link."""
    return f"{desk.federation.base_url}{LINK_PATH}{quote(token, safe='')}"


def _plain(token: str) -> str:
    """A printed code may be typed otherwise than it was printed; a link's token is longer and taken as it is."""
    return token if len(token) >= 40 else fold_code(token)


def spent() -> LinkSpent:
    """What is said of every link that opens nothing, whatever the cause."""
    return LinkSpent(_("This link was used already, or is too old: ask for a new one."))
