"""What stands above every list of people: the register, the CVs that came in, who may be there twice."""

from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.services.deposits.deposits import waiting_deposits
from node.services.desk import Desk


def parts_of_list(desk: Desk, who: Account, here: str) -> list[tuple[str, str, bool]]:
    """Address, label, whether it is this one; those alone that the account may see. CVs that wait are counted."""
    waiting = waiting_deposits(desk, size=1).count if who.may(Permission.TREAT_DEPOSITS) else 0
    received = _("CVs received ({count})").format(count=waiting) if waiting else _("CVs received")
    parts = (
        ("/candidats", _("Everybody"), Permission.READ_FILES),
        ("/depots", received, Permission.TREAT_DEPOSITS),
        ("/doublons", _("Duplicates"), Permission.MERGE_FILES),
    )
    return [(path, label, path == here) for path, label, permission in parts if who.may(permission)]
