"""`maillon status`: the node, its journal, its directory, its peers, how much it keeps, and what ends."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from node.cli.frame import ConfigOption, JsonOption, opened
from node.cli.output import moment, print_json, say, say_table
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext

if TYPE_CHECKING:
    from node.services.network.ends import Ahead
    from node.services.network.status import Status


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("status", help=_("Show how the node does: journal, directory, peers, counts."))
    def status(config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
        from node.services.network.status import status_and_ahead

        with opened(config) as node:
            found, ahead = status_and_ahead(node)
        if as_json:
            print_json(found)
        else:
            _show(found, ahead)
            _show_ends(ahead)


def _show(found: "Status", ahead: "Ahead") -> None:
    from node.kit import labels
    from node.mission.forwards.forward import ForwardState

    say(f"{found.name} · {labels.role(found.role)} · {found.id} · {found.base_url}")
    size = found.journal.size
    said = ngettext("Journal: {size} entry, epoch {epoch}", "Journal: {size} entries, epoch {epoch}", size)
    say(said.format(size=size, epoch=found.journal.epoch))
    if found.directory is None:
        say(_("Directory: no network joined yet (maillon network join)"))
    else:
        said = _("Directory: {network}, version {version}, {active} active members of {members}, verified {when}")
        say(
            said.format(
                network=found.directory.network,
                version=found.directory.version,
                active=found.directory.active,
                members=found.directory.members,
                when=moment(found.directory.verified_at),
            )
        )
        if ahead.suspended or (ahead.expired, ahead.unverified, ahead.unconfirmed) != (None, None, None):
            from node.services.network.ends_telling import directory_sentence

            say(directory_sentence(ahead, moment))
    counts = found.counts
    say(
        _(
            "Candidates: {candidates} · open offers: {offers} · release: {release} · erasures awaited: {erasures}"
        ).format(
            candidates=counts.candidates,
            offers=counts.offers_open,
            release=counts.release or "—",
            erasures=counts.erasures_pending,
        )
    )
    if counts.forwards:
        said = ", ".join(f"{ForwardState.of(state).label} {count}" for state, count in counts.forwards.items())
        say(_("Forwards: {list}").format(list=said))
    if counts.refused:
        say(_("Messages of peers that could not be applied: {count}").format(count=counts.refused))
    if found.peers:
        say_table(
            (_("Peer"), _("State"), _("Entries taken in"), _("Last success"), _("Remarks")),
            [
                (
                    peer.name,
                    labels.peer_status(peer.status),
                    peer.taken,
                    moment(peer.last_success),
                    labels.alarm(peer.alarm) or labels.trouble(peer.last_error),
                )
                for peer in found.peers
            ],
        )


def _show_ends(ahead: "Ahead") -> None:
    """What must be acted on; when nothing must yet, the next end alone."""
    from node.kit import labels

    if ahead.unconfirmed is not None:
        return
    if ahead.soon:
        say_table(
            (_("What"), _("Until"), _("Days left"), _("Who acts"), _("Command")),
            [
                (
                    labels.end(end.what),
                    moment(end.on),
                    _("over") if end.over else end.days,
                    labels.who_acts(end.who_acts, ahead.own, ahead.names),
                    end.command,
                )
                for end in ahead.soon
            ],
            title=_("What ends"),
        )
    elif ahead.ends:
        end = ahead.ends[0]
        say(_("Next end: {what}, {when}").format(what=labels.end(end.what), when=moment(end.on)))
