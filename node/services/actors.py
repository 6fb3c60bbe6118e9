"""Who acts, and by what name: files and histories hold an account's id, or one of the words below for whoever acts
without an account; pages and downloads say who that is."""

from collections.abc import Mapping
from typing import Final

from node.kit.i18n import gettext as _
from node.mission.accounts.account import AccountState
from node.mission.accounts.roles import Permission
from node.mission.accounts.trail import COMMAND, PROGRAM
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk

BY_PERSON: Final = "candidate"
"""Who acts, when it is the person."""
SYSTEM: Final = "maillon"
"""Who acts, when it is the node by itself."""
DEPOSITOR: Final = "deposit"
"""Who added a document that came with a deposit."""
BY_LINK: Final = "employer_link"
"""Who acts, when it is an employer without an account, by the private link of a sending."""
BY_FILE: Final = "import"
"""Who acts, when it is a file."""


class Names(dict[str, str]):
    """Name by id; what is no known id is a name already (a file that was imported says "Mme Aubert")."""

    def __missing__(self, key: str) -> str:
        return key


def names(desk: Desk) -> Mapping[str, str]:
    """Everybody who has an account here, and who acts without one."""
    with desk.federation.database.read() as uow:
        return names_in(uow)


def names_in(uow: MissionUnitOfWork) -> Mapping[str, str]:
    """The same, within a transaction."""
    known = {one.id: one.name for one in uow.accounts.all()}
    others = {"": _("Nobody"), PROGRAM: _("Program of the mission"), COMMAND: _("Command on the server")}
    others |= {BY_PERSON: _("The person"), DEPOSITOR: _("The person"), SYSTEM: "Maillon"}
    others[BY_LINK] = _("The employer, by the link")
    return Names(known | others | {BY_FILE: _("Imported file")})


def counsellors(desk: Desk) -> list[tuple[str, str]]:
    """Who may follow people, as pairs (id, name), by name."""
    with desk.federation.database.read() as uow:
        accounts = list(uow.accounts.all())
    working = [one for one in accounts if one.state is AccountState.ACTIVE and one.may(Permission.EDIT_FILES)]
    return sorted(((one.id, one.name) for one in working), key=lambda pair: pair[1])
