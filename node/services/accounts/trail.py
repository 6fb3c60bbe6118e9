"""Who opened whose file without an account: a program of the mission, by the node's token, or a command on the server.

Both are in the trail beside the counsellors, where the person and the head of mission read them; the head is told of
what is new, and ends the programs' access. Read next: `node/mission/accounts/trail.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from node.identity import load_token, new_token, write_secret
from node.kit.errors import BadInput
from node.kit.i18n import gettext as _
from node.mission.accounts.account import Account
from node.mission.accounts.trail import COMMAND, PROGRAM, Access, OpenedFor
from node.mission.ports import MissionUnitOfWork
from node.services.desk import Desk
from node.services.people.saving import clean_line

_LONGEST: Final = 500
"""Of a reason, with the account that it is about."""

NOBODYS = ""
"""For a line about no person of this town."""


@dataclass(frozen=True, slots=True)
class News:
    """Lines of the trail since somebody read it last: of commands, of programs."""

    commands: int
    programs: int


def by_command(desk: Desk, candidates: Iterable[str], what: OpenedFor, because: str) -> None:
    """A command on the server did that, for this reason. BadInput without one."""
    said = clean_line("because", because, _LONGEST)
    if not said:
        raise BadInput(_("Say why with --because: the mission reads it, and so does the person."))
    _note(desk, candidates, what, COMMAND, _("Command on the server"), said)


def listed_by_command(desk: Desk, candidates: Sequence[str], because: str) -> None:
    """A command listed people: by name alone, as the register's page does, or all that is known of each of these. Why
    may be said."""
    what = OpenedFor.LISTED
    _note(desk, candidates or [NOBODYS], what, COMMAND, _("Command on the server"), clean_line("because", because))


def told_by_command(desk: Desk, what: OpenedFor) -> None:
    """A command did that, to nobody whose name is kept here: an erasure, the answer to another town's person."""
    _note(desk, [NOBODYS], what, COMMAND, _("Command on the server"), "")


def lists_by_program(desk: Desk) -> None:
    """A program of the mission was answered about people without their names."""
    by_program(desk, [NOBODYS], OpenedFor.LISTED)


def by_program(desk: Desk, candidates: Iterable[str], what: OpenedFor) -> None:
    """A program of the mission did that."""
    _note(desk, candidates, what, PROGRAM, _("Program of the mission"), "")


def _note(desk: Desk, candidates: Iterable[str], what: OpenedFor, who: str, name: str, because: str) -> None:
    now = desk.now()
    with desk.federation.database.write() as uow:
        for one in candidates:
            uow.accounts.record_access(
                Access(at=now, account=who, name=name, candidate=one, what=what, because=because)
            )


def news(uow: MissionUnitOfWork, reader: Account) -> News:
    """What commands and programs opened since this account read the trail."""
    since = reader.trail_read_at
    return News(*(uow.accounts.count_accesses(who, since) for who in (COMMAND, PROGRAM)))


def read_by(desk: Desk, account_id: str) -> None:
    """That account has read the trail up to now."""
    with desk.federation.database.write() as uow:
        if (account := uow.accounts.get(account_id)) is not None:
            uow.accounts.save(replace(account, trail_read_at=desk.now()))


@dataclass(frozen=True, slots=True)
class ProgramsAccess:
    """The programs' token: whether it opens anything, when it did last, how many lines of the trail it has."""

    is_open: bool
    last: datetime | None
    uses: int


def programs_access(desk: Desk, token: str) -> ProgramsAccess:
    """What is known of the use of this token's kind."""
    with desk.federation.database.read() as uow:
        last = uow.accounts.accesses(1, PROGRAM)
        return ProgramsAccess(
            not uow.accounts.is_token_ended(_digest(token)),
            last[0].at if last else None,
            uow.accounts.count_accesses(PROGRAM, None),
        )


def is_ended(desk: Desk, token: str) -> bool:
    """Whether somebody ended this token."""
    with desk.federation.database.read() as uow:
        return uow.accounts.is_token_ended(_digest(token))


def end_programs(desk: Desk, token: str, actor: str) -> None:
    """This token opens nothing from now on, here and after a restart."""
    with desk.federation.database.write() as uow:
        uow.accounts.end_token(_digest(token), desk.now(), actor)


def renew_token(desk: Desk, path: Path, actor: str) -> None:
    """A new token in that file; the one before opens nothing any more."""
    end_programs(desk, load_token(path), actor)
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    write_secret(beside, new_token(desk.federation.random_bytes).encode() + b"\n")
    beside.replace(path)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
