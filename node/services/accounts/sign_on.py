"""Signing in with the sign-on provider, and out of it.

Guarantees: only an account that exists is opened, never made: it is found by who the provider says that the person is,
or the first time by the e-mail address that it vouches for, and tied to that identity from then on, so that an address
given to somebody else later opens nothing. A question to the provider is answered once, within 10 minutes, in the
browser that asked it. Where the account asks for a code, the code is asked for here too: not every provider says
whether it asked for one, and whoever turned it on expects it at every door. No transaction is open while the provider
is asked. Read next: node/web/accounts/sign_on.py.
"""

import base64
import hmac
from dataclasses import dataclass, replace

from node.mission.accounts.account import Account, AccountState, LinkPurpose, digest, fold_email
from node.mission.ports import MissionUnitOfWork
from node.services.accounts.links import LinkSpent, add_link, use_up
from node.services.accounts.sessions import OpenedSession, open_session
from node.services.accounts.signing_in import CodeAwaited
from node.services.desk import Desk
from node.sign_on.provider import Person, Provider, Question
from node.sign_on.troubles import Trouble

COME_BACK = "/connexion/retour"
"""Where the provider sends the browser back to."""
GONE = "/deconnexion/retour"
"""Where it sends it when its own session has ended."""

_GIVEN_UP = frozenset({"access_denied", "login_required", "interaction_required", "consent_required"})
_BUSY = frozenset({"temporarily_unavailable", "server_error"})


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes, and what it keeps until it comes back (for a cookie, out of scripts' reach)."""

    address: str
    kept: str


def depart(desk: Desk, provider: Provider, towards: str) -> Departure:
    """Ask the provider who this is. `towards` is the path where the person was going. SignOnFailed."""
    # Before anything is written: when the provider does not answer, nothing is left behind.
    provider.prepare()
    with desk.federation.database.write() as uow:
        state = add_link(uow, desk, LinkPurpose.SIGN_ON, towards)
    question = Question(state, nonce=_random(desk), verifier=_random(desk))
    address = provider.address_to_ask(question, desk.federation.base_url + COME_BACK)
    return Departure(address, ".".join((state, question.nonce, question.verifier)))


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody whom the provider knows, and who has an account here; and where they were going."""

    came: OpenedSession | CodeAwaited
    towards: str


def arrive(desk: Desk, provider: Provider, kept: str, state: str, code: str, error: str, agent: str) -> Arrival:
    """The browser is back with the provider's answer: `state` and `code`, or `error`. SignOnFailed."""
    question = _question(kept)
    if question is None or not hmac.compare_digest(question.state.encode(), state.encode("utf-8", "replace")):
        raise provider.failed(Trouble.STATE)
    try:
        with desk.federation.database.write() as uow:
            towards = use_up(uow, state, LinkPurpose.SIGN_ON, desk.now()).subject
    except LinkSpent:
        raise provider.failed(Trouble.STATE) from None
    if error or not code:
        raise provider.failed(_meaning(error))
    person = provider.redeem(code, question, desk.federation.base_url + COME_BACK)
    with desk.federation.database.write() as uow:
        account = _account_of(uow, provider, person)
        if account.totp:
            token = add_link(uow, desk, LinkPurpose.SECOND_STEP, account.id, person.id_token)
            return Arrival(CodeAwaited(token), towards)
        opened = open_session(uow, desk, account=account.id, agent=agent, id_token=person.id_token)
        return Arrival(opened, towards)


def leave(desk: Desk, provider: Provider, id_token: str) -> Departure | None:
    """End the session at the provider too; None when it has no way for that. SignOnFailed."""
    state = _random(desk)
    address = provider.address_to_leave(id_token, state, desk.federation.base_url + GONE)
    return Departure(address, state) if address else None


def has_left(kept: str, state: str) -> bool:
    """Whether the browser comes back from where `leave` sent it."""
    return bool(kept) and hmac.compare_digest(kept.encode("utf-8", "replace"), state.encode("utf-8", "replace"))


def _random(desk: Desk) -> str:
    return base64.urlsafe_b64encode(desk.federation.random_bytes(32)).decode().rstrip("=")


def _question(kept: str) -> Question | None:
    parts = kept.split(".")
    return (
        Question(*parts) if len(parts) == 3 and all(40 <= len(one) <= 50 and one.isascii() for one in parts) else None
    )


def _meaning(error: str) -> Trouble:
    """What the provider's word means (RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6)."""
    if error in _GIVEN_UP:
        return Trouble.GIVEN_UP
    if error in _BUSY:
        return Trouble.BUSY
    return Trouble.REFUSED if error else Trouble.BAD_ANSWER


def _account_of(uow: MissionUnitOfWork, provider: Provider, person: Person) -> Account:
    """The open account of that person, tied to them. SignOnFailed."""
    # A digest: what the node compares, it need not be able to tell.
    identity = digest(f"{person.issuer}\0{person.subject}")
    account = uow.accounts.by_identity(identity)
    if account is None:
        email = fold_email(person.email)
        if not email:
            raise provider.failed(Trouble.NO_EMAIL)
        account = uow.accounts.by_email(email)
        if account is None:
            raise provider.failed(Trouble.UNKNOWN)
        if account.identity:
            raise provider.failed(Trouble.OTHER_IDENTITY)
    if account.state is not AccountState.ACTIVE:
        raise provider.failed(Trouble.CLOSED)
    if not account.identity:
        account = replace(account, identity=identity)
        uow.accounts.save(account)
    return account
