"""What pages say of ends, to whoever may act: `notices_of` for `ends.html`, which the first pages of heads of mission,
administrators and coordinators include. Nobody else is told, and nothing is looked up for them."""

from collections.abc import Sequence

from node.mission.accounts.account import Account
from node.services.network.ends import Ahead, look_ahead
from node.services.network.ends_telling import Notice, long_day, may_act, notices, runs_commands
from node.services.node import Node


def notices_of(node: Node, who: Account | None, ahead: Ahead | None = None) -> Sequence[Notice]:
    """The notices for this person, or for nobody; `ahead` when it was looked up already."""
    if who is None or not may_act(who):
        return ()
    written = long_day(node.config.locale.timezone)
    return notices(ahead or look_ahead(node), written, commands=runs_commands(who))
