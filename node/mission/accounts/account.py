"""Who works on this node, what each role may do, and how somebody is recognised.

Guarantees: what a role may do is written in `PERMISSIONS` and nowhere else; a secret (session token, link, recovery
code) is never a value of this module, only its digest; lock-outs depend on counts and times alone. Pure: the clock is
an argument.

Read next: node/services/accounts/accounts.py (the use cases), node/web/frame/auth.py (what a page asks of its visitor).
"""

import re
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

from node.mission.accounts.roles import PERMISSIONS, Permission, Role

SESSION_LASTS: Final = timedelta(hours=8)
"""From the sign-in, or from the moment that the person said that they stay."""

LINK_LASTS: Final = timedelta(minutes=30)
SECOND_STEP_LASTS: Final = timedelta(minutes=10)
SIGN_ON_LASTS: Final = timedelta(minutes=10)
INVITATION_LASTS: Final = timedelta(days=7)
FIRST_LINK_LASTS: Final = timedelta(days=1)
PAPER_CODE_LASTS: Final = timedelta(days=365)
FORM_KEPT: Final = timedelta(hours=1)
ACCESS_KEPT: Final = timedelta(days=365)

PASSWORD_LENGTH: Final = 12
"""The shortest password: with the lock-outs below, CNIL's recommendation 2022-100 asks no more of it."""


class AccountState(StrEnum):
    """Whether the account may be used."""

    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Account:
    """One person who works here, or answers for an employer. `email` is folded (see `fold_email`) and unique.

    `password` is an argon2 hash, empty for whoever signs in by link; `totp` a base32 secret, empty without a second
    factor, `totp_step` the last 30-second step that was used; `recovery` digests of codes not used yet; `employer` the
    employer's name for that role; `language` two letters, empty for the visitor's choice; `identity` a digest of who a
    sign-on provider says that they are, empty until they came that way.
    """

    id: str
    email: str
    name: str
    roles: frozenset[Role]
    created: datetime
    password: str = ""
    totp: str = ""
    totp_step: int = 0
    recovery: tuple[str, ...] = ()
    employer: str = ""
    language: str = ""
    state: AccountState = AccountState.ACTIVE
    identity: str = ""
    trail_read_at: datetime | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the account's roles allow together; nothing once it is closed."""
        if self.state is not AccountState.ACTIVE:
            return frozenset()
        return frozenset().union(*(PERMISSIONS.get(role, frozenset()) for role in self.roles))

    def may(self, permission: Permission) -> bool:
        """Whether this account may do that."""
        return permission in self.permissions


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in, on one device: an account or a candidate. `id` is the digest of the token in the cookie;
    `id_token` what a sign-on provider wants back when they sign out, empty for whoever came otherwise."""

    id: str
    account: str
    candidate: str
    created: datetime
    expires: datetime
    agent: str
    id_token: str = ""

    def is_open(self, now: datetime) -> bool:
        """Whether it still counts."""
        return now < self.expires


class LinkPurpose(StrEnum):
    """What opening a link does."""

    FIRST_ACCOUNT = "first_account"
    """Choose the name, e-mail and password of the node's first account."""
    SIGN_IN = "sign_in"
    """Open a session for an account."""
    INVITATION = "invitation"
    """Choose a password, then open a session."""
    SECOND_STEP = "second_step"
    """The first factor was right: the second one is awaited."""
    SIGN_ON = "sign_on"
    """A sign-on provider was asked who this is: its answer is awaited."""
    CANDIDATE = "candidate"
    """Open the person's own space."""
    PAPER = "paper"
    """A printed code for those without e-mail: may be used again, until it is replaced."""
    CARD = "card"
    """Show a person's card « Un visage pour l'emploi » to whoever has the link; opens no session."""


CANDIDATES_LINKS: Final = (LinkPurpose.CANDIDATE, LinkPurpose.PAPER, LinkPurpose.CARD)
"""What a candidate may have been handed."""


@dataclass(frozen=True, slots=True)
class MagicLink:
    """A way in that was handed out. `id` is the digest of its token; `subject` an account's or a candidate's id, or for
    SIGN_ON where the person was going; `id_token` is the session's to be."""

    id: str
    purpose: LinkPurpose
    subject: str
    created: datetime
    expires: datetime
    used: datetime | None = None
    id_token: str = ""

    def opens(self, now: datetime) -> bool:
        """Whether it may (still) be used."""
        again = self.purpose in (LinkPurpose.PAPER, LinkPurpose.CARD)
        return now < self.expires and (self.used is None or again)


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What somebody typed when their session had ended; handed back once they have signed in again."""

    id: str
    account: str
    path: str
    fields: tuple[tuple[str, str], ...]
    kept: datetime


@dataclass(frozen=True, slots=True)
class Attempts:
    """Failed sign-ins under one key: an e-mail, or a network address. `key` is a digest."""

    key: str
    failures: int
    last: datetime
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Whether no attempt is heard now, right or wrong."""
        return self.locked_until is not None and now < self.locked_until


FREE_FAILURES: Final[Mapping[str, int]] = {"account": 5, "address": 50}
"""How many failures in a row are free, by kind of key: a town hall may well be one address."""

_FORGOTTEN_AFTER: Final[Mapping[str, timedelta]] = {"account": timedelta(hours=24), "address": timedelta(hours=2)}
_FIRST_LOCK: Final = timedelta(minutes=1)
_LONGEST_LOCK: Final = timedelta(hours=1)


def after_failure(before: Attempts | None, key: str, kind: str, now: datetime) -> Attempts:
    """One more failure: beyond the free ones, each locks the key, twice as long as the one before, an hour at most."""
    if before is None or now - before.last >= _FORGOTTEN_AFTER[kind]:
        before = Attempts(key=key, failures=0, last=now)
    failures = before.failures + 1
    beyond = failures - FREE_FAILURES[kind]
    if beyond < 0:
        return replace(before, failures=failures, last=now)
    lock = min(_FIRST_LOCK * 2 ** min(beyond, 16), _LONGEST_LOCK)
    return Attempts(key=key, failures=failures, last=now, locked_until=now + lock)


def digest(token: str) -> str:
    """What is kept of a secret that was drawn at random (256 bits need no slow hash)."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


_BASE32: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def readable_code(secret: bytes) -> str:
    """Ten random bytes as sixteen letters and digits, in groups of four, to be copied by hand."""
    text = b32encode(secret).decode().translate(str.maketrans(_BASE32, _CROCKFORD))
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def fold_code(typed: str) -> str:
    """As it was printed, without its hyphens: small letters, spaces, and an O for a zero are forgiven."""
    plain = "".join(char for char in typed.upper() if char.isalnum())
    return plain.translate(str.maketrans("OIL", "011"))


def fold_email(email: str) -> str:
    """As accounts are compared: without surrounding spaces, in small letters."""
    return email.strip().lower()


class PasswordFault(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    MONOTONOUS = "monotonous"
    PERSONAL = "personal"
    LONG = "long"


def password_fault(password: str, email: str, name: str) -> PasswordFault | None:
    """Why this password is not good enough for this person; None when it is. Length counts, signs do not."""
    folded = password.casefold()
    parts = {fold_email(email).partition("@")[0], *re.split(r"\W+", name.casefold())}
    if len(password) < PASSWORD_LENGTH:
        return PasswordFault.SHORT
    if len(password) > 256:
        return PasswordFault.LONG
    if len(set(folded)) < 6:
        return PasswordFault.MONOTONOUS
    # What is left without the person's own names must still be long enough not to be guessed from them.
    for part in sorted((part for part in parts if len(part) >= 3), key=len, reverse=True):
        folded = folded.replace(part, "")
    return PasswordFault.PERSONAL if len(folded) < PASSWORD_LENGTH - 4 else None
