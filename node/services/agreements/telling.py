"""A person whose file will be erased is told, by e-mail; whoever has no address is on the counsellor's page.

Read next: retention.py, which gives the notice.
"""

from typing import TYPE_CHECKING

from node import mailing
from node.kit.i18n import gettext as _
from node.kit.i18n import speaking
from node.mailing import Mail
from node.mission.happened import Event
from node.mission.people.candidate import ERASED_AFTER_NOTICE, Candidate

if TYPE_CHECKING:
    from node.services.node import Node


def hear(node: "Node", event: Event) -> None:
    """Send the mail, while the notice stands. Unavailable when the mail server does not take it."""
    with node.database.read() as uow:
        person = uow.candidates.get(event.subject)
    if person is None or person.notice_on is None or not person.email or not mailing.is_configured(node.config):
        return
    with speaking(node.config.locale.language):
        mailing.send(node.config, _mail(node.config.node.name, node.config.node.base_url, person))


def _mail(site: str, base_url: str, person: Candidate) -> Mail:
    text = _(
        "Good day {name},\n\nWe have not heard from you for two years. In {days} days the mission emploi erases your "
        "file.\n\nTo keep it, open your space:\n\n{url}\n\nTo leave, do nothing.\n\n{site}\n"
    )
    url = f"{base_url}/mon-espace/entrer"
    name, days = person.first_name or person.last_name, ERASED_AFTER_NOTICE.days
    return Mail(
        to=person.email,
        subject=_("Your file at {site} will be erased").format(site=site),
        text=text.format(name=name, days=days, url=url, site=site),
    )
