"""What accounts need to keep: see `node/mission/ports.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Ports say what goes through them, and are imported by everybody: a command makes no shape that it does not use.
    from node.mission.accounts.account import Account, Attempts, KeptForm, LinkPurpose, MagicLink, Session
    from node.mission.accounts.trail import Access


class Accounts(Protocol):
    """Who works here, who is signed in, the links handed out, and the trail of who opened which person's file."""

    def add(self, account: Account) -> None:
        """Insert; the e-mail is new (check with `by_email` first)."""
        ...

    def save(self, account: Account) -> None: ...

    def get(self, account_id: str) -> Account | None: ...

    def by_email(self, email: str) -> Account | None:
        """By the folded e-mail."""
        ...

    def by_identity(self, identity: str) -> Account | None:
        """By who a sign-on provider says that they are; never by an empty one."""
        ...

    def all(self) -> Sequence[Account]:
        """Closed ones too, ordered by e-mail."""
        ...

    def any(self) -> bool:
        """Whether there is an account at all."""
        ...

    def add_session(self, session: Session) -> None: ...

    def save_session(self, session: Session) -> None: ...

    def session(self, session_id: str) -> Session | None:
        """Ended ones too, for a day: ask `is_open`."""
        ...

    def sessions(self, *, account: str = "", candidate: str = "") -> Sequence[Session]:
        """Of one account or of one candidate, newest first."""
        ...

    def end_session(self, session_id: str, at: datetime) -> bool:
        """End an open session then; False when there is none."""
        ...

    def end_sessions(self, at: datetime, *, account: str = "", candidate: str = "", but: str = "") -> int:
        """End all open sessions of one account or of one candidate then, but perhaps one; how many."""
        ...

    def add_link(self, link: MagicLink) -> None: ...

    def link(self, link_id: str) -> MagicLink | None: ...

    def links(self, purpose: LinkPurpose, subject: str) -> Sequence[MagicLink]:
        """What was handed out for that purpose to that subject, newest first; past ones too until they are purged."""
        ...

    def use_link(self, link_id: str, at: datetime) -> None: ...

    def cancel_links(self, purpose: LinkPurpose, subject: str) -> None:
        """Destroy what was handed out for that purpose to that subject."""
        ...

    def drop_links(self, links: Sequence[str]) -> None:
        """Destroy these; those that are gone are passed by."""
        ...

    def record_access(self, access: Access) -> None:
        """Add a line to the trail; in the unit of work that reads or changes the file."""
        ...

    def accesses_to(self, candidate: str, limit: int = 200) -> Sequence[Access]:
        """Who opened that person's file, newest first."""
        ...

    def accesses(self, limit: int = 200, account: str = "", but: str = "") -> Sequence[Access]:
        """The trail, of everybody, of one account, or of all but one, newest first."""
        ...

    def count_accesses(self, account: str, since: datetime | None) -> int:
        """How many lines of the trail that account (or `PROGRAM`, `COMMAND`) has, after that moment when one is
        named."""
        ...

    def end_token(self, digest: str, at: datetime, by: str) -> None:
        """The programs' token of that digest opens nothing any more."""
        ...

    def is_token_ended(self, digest: str) -> bool: ...

    def forget_candidate(self, candidate: str) -> None:
        """Destroy the person's sessions, links and lines of the trail."""
        ...

    def keep_form(self, form: KeptForm) -> None: ...

    def kept_form(self, form_id: str) -> KeptForm | None: ...

    def drop_form(self, form_id: str) -> None: ...

    def attempts(self, key: str) -> Attempts | None: ...

    def save_attempts(self, attempts: Attempts) -> None: ...

    def clear_attempts(self, key: str) -> None: ...

    def purge(self, now: datetime) -> None:
        """Destroy what is past its time: sessions, links, kept forms, counts of attempts, the old end of the trail."""
        ...
