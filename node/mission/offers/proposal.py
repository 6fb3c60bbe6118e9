"""An offer that an employer deposited on the public page: it waits for a counsellor, and nobody else sees it.

Guarantees: a proposal is no offer: nothing is matched with it, and it goes nowhere. Once a counsellor publishes it as
an offer, or puts it aside, it is gone. Read next: `rules.py`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from node.mission.offers.offer import Offer, OfferContact

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
