"""What the domain needs to keep, shaped by its callers; `node/storage` implements it.

All hang on one unit of work (see `federation.ports`): what a counsellor decides, the journal entry that says so and
the message that carries it are written together or not at all. Repositories take and return whole domain values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from federation.ports import UnitOfWork
from node.mission.accounts.ports import Accounts
from node.mission.forwards.ports import AfterHires, EmployerPauses, Following, Forwards, Hires
from node.mission.happened import Events
from node.mission.matching.ports import MatchNews, OfferChoices
from node.mission.network.ports import ToldEnds
from node.mission.offers.ports import OfferProposals, Offers
from node.mission.people.ports import Candidates, ErasedReferences
from node.mission.sheets.ports import Releases

if TYPE_CHECKING:
    # Ports say what goes through them, and are imported by everybody: a command makes no shape that it does not use.
    from node.mission.deposits.ports import Deposits
    from node.mission.duplicates.ports import Merges
    from node.mission.employers.ports import Sendings
    from node.mission.people.ports import Belongings, Documents, Files
    from node.mission.workshops.ports import Workshops


class MissionUnitOfWork(UnitOfWork, Protocol):
    """One transaction over everything that the node keeps."""

    @property
    def events(self) -> Events: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def candidates(self) -> Candidates: ...

    @property
    def erased(self) -> ErasedReferences: ...

    @property
    def offers(self) -> Offers: ...

    @property
    def offer_proposals(self) -> OfferProposals: ...

    @property
    def forwards(self) -> Forwards: ...

    @property
    def following(self) -> Following: ...

    @property
    def hires(self) -> Hires: ...

    @property
    def after_hires(self) -> AfterHires: ...

    @property
    def employer_pauses(self) -> EmployerPauses: ...

    @property
    def releases(self) -> Releases: ...

    @property
    def deposits(self) -> Deposits: ...

    @property
    def documents(self) -> Documents: ...

    @property
    def workshops(self) -> Workshops: ...

    @property
    def files(self) -> Files: ...

    @property
    def belongings(self) -> Belongings: ...

    @property
    def merges(self) -> Merges: ...

    @property
    def match_news(self) -> MatchNews: ...

    @property
    def offer_choices(self) -> OfferChoices: ...

    @property
    def sendings(self) -> Sendings: ...

    @property
    def told_ends(self) -> ToldEnds: ...
