"""Who tried too often waits.

Guarantees: failures count per e-mail and per network address, as digests, in the database, whether the account exists
or not. Read next: node/mission/accounts/account.py (`after_failure`, how long).
"""

from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from node.kit.errors import NodeError
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Attempts, after_failure, digest
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk

ASKED_FREELY = 20
"""How many links may be asked for from one network address in two hours."""


class TooManyAttempts(NodeError):
    """No attempt is heard until `until`."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    problem = "too_many_attempts"

    def __init__(self, text: str, until: datetime) -> None:
        super().__init__(text)
        self.until = until


def refuse_locked(uow: MissionUnitOfWork, email: str, address: str, now: datetime) -> None:
    """TooManyAttempts while the e-mail or the address is locked out."""
    for kind, value in (("account", email), ("address", address)):
        attempts = uow.accounts.attempts(_key(kind, value))
        if attempts is not None and attempts.is_locked(now):
            assert attempts.locked_until is not None
            minutes = -(-int((attempts.locked_until - now).total_seconds()) // 60)
            raise TooManyAttempts(
                _("Too many attempts. Try again in {minutes} min, or ask for a link by e-mail.").format(
                    minutes=minutes
                ),
                attempts.locked_until,
            )


def count_failure(uow: MissionUnitOfWork, email: str, address: str, now: datetime) -> None:
    """One more failure, for the e-mail (when there is one) and for the address."""
    for kind, value in (("account", email), ("address", address)):
        if value:
            key = _key(kind, value)
            uow.accounts.save_attempts(after_failure(uow.accounts.attempts(key), key, kind, now))


def forgive(uow: MissionUnitOfWork, email: str) -> None:
    """The person came in: the failures under their e-mail are forgotten, those of the address are not."""
    uow.accounts.clear_attempts(_key("account", email))


def count_request(desk: Desk, address: str) -> None:
    """One more demand for a link from that address; TooManyAttempts when there were too many."""
    now, key = desk.now(), _key("asked", address)
    with desk.federation.database.write() as uow:
        before = uow.accounts.attempts(key)
        if before is not None and now - before.last < timedelta(hours=2):
            if before.failures >= ASKED_FREELY:
                raise TooManyAttempts(
                    _("Too many links were asked for from here. Try again in two hours."), now + timedelta(hours=2)
                )
            uow.accounts.save_attempts(replace(before, failures=before.failures + 1))
        else:
            uow.accounts.save_attempts(Attempts(key=key, failures=1, last=now))


def _key(kind: str, value: str) -> str:
    return digest(f"{kind}:{value}")
