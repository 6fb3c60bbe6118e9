"""Links by e-mail, for those who work here: asked for by themselves, or given by a colleague.

Guarantees: a link is made when its mail is, so that no way in is kept where it could be read; each one that was asked
for takes the place of the one before, so that a mailbox never holds several good ones. Read next: links.py.
"""

from typing import TYPE_CHECKING

from node import mailing
from node.kit.i18n import gettext as _
from node.kit.i18n import speaking
from node.mailing import Mail
from node.mission.accounts.account import Account, AccountState, LinkPurpose
from node.mission.happened import Event, Happened
from node.services.accounts.links import LASTS, add_link, link_url
from node.services.desk import Desk

if TYPE_CHECKING:
    from node.services.node import Node


def ask_link(desk: Desk, email: str, language: str) -> str:
    """The account of that (folded) address is to be sent a link to sign in, in that language unless it has chosen one;
    its id, or empty when there is no such account. Called once the visitor has their answer, which is the same."""
    with desk.federation.database.write() as uow:
        account = uow.accounts.by_email(email)
        if account is None or account.state is not AccountState.ACTIVE:
            return ""
        asked = Event(Happened.ACCOUNT_LINK_ASKED, account.id, desk.now(), {"language": language})
        uow.events.add(asked, instead=True)
        return account.id


def give_link(desk: Desk, account: Account, purpose: LinkPurpose) -> str:
    """A link for whoever hands it over; another one is sent by mail, where the node sends mail, and each opens once.
    Returns its address."""
    with desk.federation.database.write() as uow:
        token = add_link(uow, desk, purpose, account.id)
        given = Event(Happened.ACCOUNT_LINK_GIVEN, account.id, desk.now(), {"purpose": purpose.value})
        uow.events.add(given, instead=True)
    return link_url(desk, token)


def hear(node: "Node", event: Event) -> None:
    """Send the mail. Unavailable when the mail server does not take it."""
    if not mailing.is_configured(node.config):
        return
    asked = event.kind is Happened.ACCOUNT_LINK_ASKED
    purpose = LinkPurpose.SIGN_IN if asked else LinkPurpose(event.detail["purpose"])
    with node.database.write() as uow:
        account = uow.accounts.get(event.subject)
        if account is None or account.state is not AccountState.ACTIVE:
            return
        if asked:
            uow.accounts.cancel_links(purpose, account.id)
        url = link_url(node.desk, add_link(uow, node.desk, purpose, account.id))
    with speaking(account.language or event.detail.get("language") or node.config.locale.language):
        mailing.send(node.config, _mail(node.config.node.name, account, purpose, url))


def _mail(site: str, account: Account, purpose: LinkPurpose, url: str) -> Mail:
    lasts = LASTS[purpose]
    hours = int(lasts.total_seconds() // 3600)
    text = _(
        "Good day {name},\n\nHere is your link to {site}:\n\n{url}\n\n"
        "It works once, and for {time}. If you did not expect it, leave it alone: nothing happens.\n"
    )
    minutes = lasts.seconds // 60
    time = _("{hours} hours").format(hours=hours) if hours else _("{minutes} minutes").format(minutes=minutes)
    return Mail(
        to=account.email,
        subject=_("Your link to {site}").format(site=site),
        text=text.format(name=account.name, site=site, url=url, time=time),
    )
