"""What erasure needs from its host: the disclosure ledger. See `federation/ports.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Who was given what about one person. `order` fields are empty until an erasure is ordered, `receipt_*` until the
    holder has answered; `sent_index` and `order_index` are those of our own journal, `receipt_index` the holder's.
    `order_message` and `receipt_message` are the exact signed messages, which their journals hold sealed."""

    forward: str
    candidate: str
    holder: str
    disclosed_at: datetime
    sent_index: int
    order: str = ""
    ordered_at: datetime | None = None
    order_index: int | None = None
    order_message: bytes = b""
    receipt_at: datetime | None = None
    receipt_index: int | None = None
    receipt_epoch: int | None = None
    receipt_message: bytes = b""


class Disclosures(Protocol):
    """The disclosure ledger of the home mission."""

    def add(self, disclosure: Disclosure) -> None: ...

    def save(self, disclosure: Disclosure) -> None: ...

    def of_candidate(self, candidate: str) -> Sequence[Disclosure]: ...

    def by_order(self, order: str) -> Disclosure | None: ...

    def all(self) -> Sequence[Disclosure]:
        """The whole ledger, oldest disclosure first."""
        ...

    def pending(self) -> Sequence[Disclosure]:
        """Ordered, without a receipt yet; oldest order first."""
        ...
