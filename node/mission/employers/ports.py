"""What sendings need to keep: see `node/mission/ports.py`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from node.mission.employers.sending import EmployerWord, Sending
    from node.mission.parts import Counted


class Sendings(Protocol):
    """Sendings with their parts, the digests of their links, and what employers wrote."""

    def add(self, sending: Sending) -> None: ...

    def save(self, sending: Sending) -> None: ...

    def get(self, sending_id: str) -> Sending | None: ...

    def by_code(self, code: str) -> Sending | None: ...

    def by_link(self, digest: str) -> Sending | None: ...

    def of_employers(self, names: Collection[str]) -> Sequence[Sending]:
        """Those to an employer that has one of these names, newest first."""
        ...

    def of_forward(self, forward_id: str) -> Sequence[Sending]:
        """Newest first."""
        ...

    def part(self, limit: int | None) -> Counted[Sending]:
        """The `limit` newest (None: all of them), and how many there are."""
        ...

    def add_link(self, digest: str, sending_id: str, made: datetime) -> None:
        """One more way in; those before stay good: a mail may arrive twice, and a letter be printed again."""
        ...

    def unmailed(self, before: datetime, now: datetime) -> Sequence[Sending]:
        """Mails that were to go before that moment, have not left, and whose link would still stand; oldest first."""
        ...

    def asking_back(self) -> Sequence[Sending]:
        """Those with a part whose employer is still to be asked to destroy a CV, oldest first."""
        ...

    def add_word(self, word: EmployerWord) -> bool:
        """False, and nothing is changed, when it is there already."""
        ...

    def words_of(self, sending_id: str) -> Sequence[EmployerWord]:
        """Oldest first."""
        ...

    def unsettled(self, since: datetime) -> Sequence[EmployerWord]:
        """Those of that moment or later that wait for a colleague, oldest first."""
        ...

    def settle(self, word_id: str, at: datetime, by: str) -> None: ...

    def forget_person(self, forward_ids: Sequence[str]) -> None:
        """Of an erased person's sendings: what employers wrote, which may name them, and what was checked."""
        ...

    def forget_before(self, until: datetime) -> int:
        """Forget the sendings that ended before that moment, with the employers' contacts and words; how many."""
        ...
