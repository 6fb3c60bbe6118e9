"""What people are told of ends (ends.py): sentences for pages and mails, and the mails themselves.

Guarantees: whoever may act is written to at each of `THRESHOLDS`, when it is over, and weekly from then on, each once,
however long the node was off and whatever restarts come: it is written down once a mail was taken, so that a death in
between brings a mail twice rather than none. No sentence names a person; the log has stable words and numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date

from node import mailing
from node.kit.clean_text import is_email
from node.kit.i18n import gettext as _
from node.kit.i18n import language, speaking
from node.kit.logging import get_logger
from node.mailing import Mail
from node.mission.accounts.account import Account
from node.mission.accounts.roles import Permission
from node.mission.happened import Event, Happened
from node.services.network.ends import WARNED_BEFORE, Ahead, End, look_ahead

if TYPE_CHECKING:
    from node.services.node import Node

THRESHOLDS = (1, 3, 7, 14, 30, WARNED_BEFORE)
"""Days before an end at which people are written to."""
_WEEK = 7

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a page or a mail says of one end: `kind` is that of the page's notice; `act` who does what, and `command`
    what they run, empty for whoever runs none."""

    kind: str
    title: str
    then: str
    act: str
    command: str = ""


def may_act(account: Account) -> bool:
    """Whether this person is told of ends: heads of mission, administrators, coordinators."""
    return account.may(Permission.MANAGE_SETTINGS) or account.may(Permission.ADMIT_MEMBERS)


def runs_commands(account: Account) -> bool:
    """Whether commands mean something to this person."""
    return account.may(Permission.OPERATE) or account.may(Permission.ADMIT_MEMBERS)


def long_day(zone: str) -> Callable[[datetime], str]:
    """Writes days as people do there, in the language in force: 23 novembre 2026."""
    return lambda moment: format_date(moment.astimezone(ZoneInfo(zone)), "long", locale=language())


def notices(ahead: Ahead, written: Callable[[datetime], str], *, commands: bool) -> list[Notice]:
    """What is warned of, the next end first; one notice for all that the same hands renew in one go. While the clock is
    to be doubted, that alone: it would say that everything is over."""
    suspended = [_suspended()] if ahead.suspended else []
    if ahead.unconfirmed is not None:
        return [*suspended, _clock(ahead.unconfirmed, written, commands)]
    found = suspended if ahead.unverified is None else [*suspended, _unverified(ahead.unverified, written)]
    told = set()
    for end in ahead.soon:
        subject = ("directory" if end.of_directory else end.what.partition(".")[0].rstrip("s"), end.who_acts)
        # Several requests to join wait for one decision each.
        if subject not in told or end.what == "join_request":
            found.append(_notice(ahead, end, written(end.on), commands))
        told.add(subject)
    return found


def directory_sentence(ahead: Ahead, written: Callable[[datetime], str]) -> str:
    """What goes on and what does not while the directory suspends this node, is past its date, or cannot be verified;
    else empty. Of the clock alone while that is to be doubted."""
    if ahead.suspended:
        told = _suspended()
        return f"{told.title} {told.then} {told.act}"
    if ahead.unconfirmed is not None:
        return _clock(ahead.unconfirmed, written, commands=False).title
    if ahead.expired is not None:
        return " ".join((_directory_title(over=True).format(day=written(ahead.expired)), _directory_then(over=True)))
    if ahead.unverified is not None:
        told = _unverified(ahead.unverified, written)
        return f"{told.title} {told.then}"
    return ""


def tell_ends(node: "Node") -> None:
    """Log what ends soon, and have whoever may act written to, where mail is configured."""
    ahead = look_ahead(node)
    if ahead.suspended:
        log.warning("node.suspended")
    for end in ahead.soon:
        log.warning("ends.soon", what=end.what, who_acts=end.who_acts, days=end.days)
    if ahead.soon and mailing.is_configured(node.config):
        with node.database.write() as uow:
            uow.events.add(Event(Happened.ENDS_NEAR, node.desk.node_id, node.now()), instead=True)


def hear(node: "Node", event: Event) -> None:
    """Write to whoever may act of what was not told yet. Unavailable when the mail server took no mail."""
    ahead = look_ahead(node)
    if not ahead.soon or not mailing.is_configured(node.config):
        return
    with node.database.read() as uow:
        due = [
            end
            for end in ahead.soon
            if not uow.told_ends.is_told(end.what, end.who_acts, end.on, threshold(end.days), ahead.at)
        ]
        readers = [one for one in uow.accounts.all() if may_act(one) and is_email(one.email)]
    if not due or not readers:
        return
    taken = mailing.send_all(node.config, [_mail(node, replace(ahead, ends=tuple(due)), one) for one in readers])
    if not any(taken):
        raise mailing.not_taken()
    with node.database.write() as uow:
        for end in due:
            uow.told_ends.remember(end.what, end.who_acts, end.on, threshold(end.days), ahead.at)
    log.info("ends.told", ends=len(due), mails=sum(taken))


def threshold(days: int) -> int:
    """The stage at which people are written to with so many days left: one of `THRESHOLDS`; 0, -7, -14... since it is
    over. `days` is at most `WARNED_BEFORE`."""
    if days < 0:
        return -((-days - 1) // _WEEK) * _WEEK
    return min(stage for stage in THRESHOLDS if days <= stage)


def _mail(node: "Node", ahead: Ahead, reader: Account) -> Mail:
    with speaking(reader.language or node.config.locale.language):
        written = long_day(node.config.locale.timezone)
        told = notices(replace(ahead, directory=None), written, commands=runs_commands(reader))
        first, site = ahead.ends[0], node.config.node.name
        subject = _("{site}: a date is past") if first.over else _("{site}: to be done before {day}")
        parts = ["\n".join(filter(None, (one.title, one.then, one.act, one.command))) for one in told]
        return Mail(
            to=reader.email,
            subject=subject.format(site=site, day=written(first.on)),
            text="\n\n".join([_("Good day,"), *parts, site]) + "\n",
        )


def _notice(ahead: Ahead, end: End, day: str, commands: bool) -> Notice:
    ours, request = ahead.is_ours(end), end.what == "join_request"
    name = end.command.rpartition(" ")[2] if request else ahead.names.get(end.who_acts, "")
    if end.of_directory:
        title, then = _directory_title(end.over), _directory_then(end.over)
    elif request:
        title, then = _("A request to join waits until {day}: {name}."), _("After that, it must be made again.")
    elif ours:
        title, then = _own_keys(end.over)
    else:
        title, then = _others_keys(end.over)
    if ours:
        act = _("Command to run:") if commands else _("Your administrator must take care of it.")
    elif end.of_directory:
        act = _("The network's coordination must renew it: write to it.")
    else:
        act = _("Command that {name} must run, to be told to them:") if commands else _("Tell {name}.")
    return Notice(
        kind="danger" if end.over and ours else "warning",
        title=title.format(name=name, day=day),
        then=then.format(name=name),
        act=act.format(name=name),
        command=end.command if commands and (ours or not end.of_directory) else "",
    )


def _directory_title(over: bool) -> str:
    if over:
        return _("The network's list of members is past its date since {day}.")
    return _("The network's list of members is valid until {day}.")


def _directory_then(over: bool) -> str:
    if over:
        return _("No new member is taken in; all else goes on.")
    return _("After that, no new member is taken in; all else goes on.")


def _own_keys(over: bool) -> tuple[str, str]:
    if over:
        then = _("Exchanges with the other members have stopped; your own work goes on.")
        return _("Your signing keys have not been valid since {day}."), then
    return _("Your signing keys are valid until {day}."), _("After that, exchanges with the other members stop.")


def _others_keys(over: bool) -> tuple[str, str]:
    if over:
        then = _("The other members exchange nothing with it any more.")
        return _("The signing keys of {name} have not been valid since {day}."), then
    then = _("After that, the other members exchange nothing with it.")
    return _("The signing keys of {name} are valid until {day}."), then


def _clock(since: datetime, written: Callable[[datetime], str], commands: bool) -> Notice:
    return Notice(
        kind="warning",
        title=_("This node's clock seems to be ahead: no other node has confirmed it since {day}.").format(
            day=written(since)
        ),
        then=_("What the date alone brings (signatures that expire, applications, erasures, sheets) waits for it."),
        act=_("Look at the date of the machine:") if commands else _("Your administrator must take care of it."),
        command="timedatectl" if commands else "",
    )


def _suspended() -> Notice:
    return Notice(
        kind="warning",
        title=_("The network's coordination has suspended this node."),
        then=_("No other node answers it: nothing is sent and nothing arrives. The town's own files go on as before."),
        act=_("Ask the network's coordination why, and what is to be done."),
    )


def _unverified(since: datetime, written: Callable[[datetime], str]) -> Notice:
    return Notice(
        kind="warning",
        title=_("The network's list of members could not be verified since {day}.").format(day=written(since)),
        then=_("No new member is taken in meanwhile; all else goes on."),
        act=_("The network's coordination does not answer: if this lasts, write to it."),
    )
