"""Links into « Mon espace » by e-mail: asked for by somebody, or given by a counsellor.

Guarantees: what somebody typed to ask for one is kept nowhere; a link is made when its mail is. Read next: my_space.py.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from node import mailing
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext, speaking
from node.mailing import Mail
from node.mission.accounts.account import LINK_LASTS, LinkPurpose, fold_email
from node.mission.happened import Event, Happened
from node.mission.people.identity import Identity
from node.mission.ports import MissionUnitOfWork
from node.services.accounts.links import add_link, link_url
from node.services.desk import Desk
from node.services.people.finding import find_candidate

if TYPE_CHECKING:
    from node.services.node import Node

MOST_LINKS = 6
"""People behind one address that get a link in one mail: a family, at most."""


def ask_own_link(desk: Desk, email: str) -> str:
    """Everybody of that address is to be sent a link; the id of one of them, empty when nobody has it. Called once the
    visitor has their answer, which is the same for everybody."""
    with desk.federation.database.read() as uow:
        known = _people_of(uow, email)
    if not known:
        return ""
    with desk.federation.database.write() as uow:
        uow.events.add(Event(Happened.OWN_LINK_ASKED, known[0].id, desk.now()), instead=True)
    return known[0].id


def give_own_link(desk: Desk, candidate: str) -> str:
    """The person is to be sent a link; their id. NotFound."""
    with desk.federation.database.write() as uow:
        person = find_candidate(uow, candidate)
        uow.events.add(Event(Happened.OWN_LINK_GIVEN, person.id, desk.now()), instead=True)
        return person.id


def hear(node: "Node", event: Event) -> None:
    """Send the mail. Unavailable when the mail server does not take it."""
    if not mailing.is_configured(node.config):
        return
    with node.database.write() as uow:
        person = uow.candidates.get(event.subject)
        if person is None or not person.email:
            return
        asked = event.kind is Happened.OWN_LINK_ASKED
        known = [(one.id, one.first_name or one.last_name) for one in (_people_of(uow, person.email) if asked else ())]
        wanted = known[:MOST_LINKS] or [(person.id, person.first_name or person.last_name)]
        links = [
            (name, link_url(node.desk, add_link(uow, node.desk, LinkPurpose.CANDIDATE, one))) for one, name in wanted
        ]
    with speaking(node.config.locale.language):
        mailing.send(node.config, _mail(node.config.node.name, person.email, links))


def _people_of(uow: MissionUnitOfWork, email: str) -> list[Identity]:
    wanted = fold_email(email)
    return [one for one in uow.candidates.identities() if one.email and fold_email(one.email) == wanted]


def _mail(site: str, email: str, links: Sequence[tuple[str, str]]) -> Mail:
    """`links` are pairs of first name and address."""
    minutes = int(LINK_LASTS.total_seconds() // 60)
    shown = "\n\n".join(f"{name}\n{url}" for name, url in links)
    opening = ngettext("Good day,\n\nHere is the link to your space:", "Good day,\n\nHere are the links:", len(links))
    ending = _(
        "It works once, for {minutes} minutes. If you did not ask for it, leave it alone: nothing happens.\n\n{site}"
    ).format(minutes=minutes, site=site)
    return Mail(
        to=email, subject=_("Your space at {site}").format(site=site), text=f"{opening}\n\n{shown}\n\n{ending}\n"
    )
