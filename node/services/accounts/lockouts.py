"""Who tried too often waits.

Guarantees: failures count per e-mail and per network address, as digests, in the database, whether the account exists
or not. Read next: node/mission/accounts/account.py (`after_failure`, how long).
"""

from datetime import datetime
from http import HTTPStatus

from node.kit.errors import NodeError
from node.kit.i18n import gettext as _
from node.mission.accounts.account import after_failure, digest
from node.mission.ports import MissionUnitOfWork


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


def _key(kind: str, value: str) -> str:
    return digest(f"{kind}:{value}")
