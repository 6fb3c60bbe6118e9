"""`maillon sync`: visit peers now, beside a running `serve` or without one."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli.frame import ConfigOption, JsonOption, opened
from node.cli.output import print_json, progress, say, say_table
from node.kit.errors import ExitCode
from node.kit.i18n import gettext as _

if TYPE_CHECKING:
    from federation.peers.visit import PullReport


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("sync", help=_("Pull, prove and apply what peers have published, now."))
    def sync(
        peer: Annotated[list[str] | None, typer.Option("--peer", help=_("Only this peer; may be repeated."))] = None,
        replay: Annotated[
            bool, typer.Option("--replay", help=_("Visit nobody: try again the messages that were refused here."))
        ] = False,
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        if replay:
            _replay(peer or [""], config, as_json)
            return
        from federation.peers.visit import pull

        with opened(config) as node:
            peers = peer or [member.id for member in node.federation.peers()]
            reports = []
            with progress(_("Peers"), len(peers)) as advance:
                for one in peers:
                    reports.append(pull(node.federation, one))
                    advance(1)
        failed = [report for report in reports if report.error]
        if as_json:
            print_json({"ok": not failed, "peers": [asdict(report) for report in reports]})
        elif reports:
            _show(reports)
        else:
            say(_("No other active member yet."))
        if failed:
            raise typer.Exit(ExitCode.ERROR if len(failed) == len(reports) else ExitCode.PARTIAL)


def _replay(peers: list[str], config: Path, as_json: bool) -> None:
    from node.services.network.syncing import replay

    with opened(config) as node:
        applied = sum(replay(node.desk, one) for one in peers)
        with node.database.read() as uow:
            refused = sum(len(uow.replica.refusals(one or None)) for one in peers)
    if as_json:
        print_json({"ok": True, "applied": applied, "refused": refused})
    else:
        say(_("Applied now: {applied}. Still refused: {refused}.").format(applied=applied, refused=refused))


def _show(reports: "list[PullReport]") -> None:
    from node.kit import labels

    say_table(
        (_("Peer"), _("Taken in"), _("Applied"), _("Refused"), _("Journal"), _("Remarks")),
        [
            (
                report.peer,
                report.taken,
                report.applied,
                report.refused,
                report.size,
                labels.alarm(report.alarm) or _trouble(report),
            )
            for report in reports
        ],
    )


def _trouble(report: "PullReport") -> str:
    from node.kit import labels

    if report.skew_seconds is not None:
        return _("clocks differ: it sees ours {seconds} s ahead").format(seconds=report.skew_seconds)
    return labels.trouble(report.error) or _("up to date")
