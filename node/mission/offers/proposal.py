"""An offer that an employer deposited on the public page: it waits for a counsellor, and nobody else sees it.

Guarantees: a proposal is no offer: nothing is matched with it, and it goes nowhere. Once a counsellor publishes it as
an offer, or puts it aside, it is gone. Read next: `rules.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from node.kit.i18n import gettext as _
from node.mission.offers.offer import Offer, OfferContact
from node.mission.offers.rules import check_offer
from node.mission.people.rules import FieldProblem
from node.referential import Referential

MOST_WAITING: Final = 300
"""Beyond, the page asks employers to call: no robot fills the database."""
KEPT: Final = timedelta(days=90)
"""What nobody dealt with by then is destroyed: nobody recruits for so long without a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferProposal:
    """What an employer typed. `offer` has no occupation yet; `contact` is whom the mission calls back."""

    id: str
    received: datetime
    offer: Offer

    @property
    def contact(self) -> OfferContact:
        return self.offer.contact


def check_proposal(offer: Offer, tables: Referential, received: datetime) -> Iterator[FieldProblem]:
    """What is wrong with it, by field: as of any offer, but for the occupation, which the counsellor chooses; and
    somebody must be reachable."""
    for problem in check_offer(offer, tables, received.date()):
        if problem.field != "rome":
            yield problem
    if not offer.description:
        yield FieldProblem("description", _("Say in a few sentences what the work is."))
    if not offer.contact.name:
        yield FieldProblem("contact_name", _("Say whom we may call."))
    if not offer.contact.phone and not offer.contact.email:
        yield FieldProblem("contact_phone", _("Give a telephone number or an e-mail address."))
