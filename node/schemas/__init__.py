"""What programs read: the JSON shapes that the API answers and that commands print with `--json`, one and the same.

Built from domain values; nothing here decides anything. Dates are ISO 8601, moments UTC. A field that needs words has
them in its docstring, which is also its description in the OpenAPI document.
"""

from node.schemas.candidates import CandidateList, CandidateOut
from node.schemas.forwards import (
    DossierOut,
    ErasureList,
    ErasureOut,
    ForwardList,
    ForwardOut,
    WithdrawalOut,
)
from node.schemas.imports import ImportOut
from node.schemas.matches import MatchAnswerOut, MatchOut
from node.schemas.offers import OfferList, OfferOut
from node.schemas.sheets import ReleaseOut, SheetAnswerOut
from node.schemas.sync import PullOut, SyncOut

__all__ = [
    "CandidateList",
    "CandidateOut",
    "DossierOut",
    "ErasureList",
    "ErasureOut",
    "ForwardList",
    "ForwardOut",
    "ImportOut",
    "MatchAnswerOut",
    "MatchOut",
    "OfferList",
    "OfferOut",
    "PullOut",
    "ReleaseOut",
    "SheetAnswerOut",
    "SyncOut",
    "WithdrawalOut",
]
