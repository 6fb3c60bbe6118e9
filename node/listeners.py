"""Who hears what happened, under the names of `mission.happened.LISTENERS`: who listens registers in both places.

All mails are sent from here: no use case and no page sends one by itself, so that whoever does a thing, by a page, the
API, a command or a file, need not think of who is to be written to, and none is lost with the process.
"""

from datetime import timedelta
from typing import Final

from node.mission.accounts.account import LINK_LASTS
from node.mission.people.candidate import ERASED_AFTER_NOTICE
from node.services.accounts import telling as accounts
from node.services.agreements import telling as agreements
from node.services.employers import telling as employers
from node.services.my_space import telling as my_space
from node.services.network import ends_telling
from node.services.node import Listener
from node.services.workshops import telling as workshops

LISTENING: Final = (
    Listener("workshop_mail", workshops.hear, lasts=timedelta(days=3)),
    Listener("notice_mail", agreements.hear, lasts=ERASED_AFTER_NOTICE),
    # Who asked for a link, and has none when it would have ended, has asked again.
    Listener("account_mail", accounts.hear, lasts=LINK_LASTS),
    Listener("own_mail", my_space.hear, lasts=LINK_LASTS),
    # After that a colleague has seen that it did not leave, and writes otherwise.
    Listener("employer_mail", employers.hear, lasts=timedelta(days=3)),
    # Each day that something ends soon tells of it again.
    Listener("ends_mail", ends_telling.hear, lasts=timedelta(days=1)),
)
