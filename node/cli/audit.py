"""`maillon audit`: every journal again and both sides of every exchange, or one exported journal offline."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli.frame import ConfigOption, JsonOption, opened
from node.cli.output import print_json, say, say_table, tell
from node.kit.errors import ExitCode
from node.kit.i18n import gettext as _

if TYPE_CHECKING:
    from federation.audit.audit import AuditReport, NodeAudit


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("audit", help=_("Verify every journal again and reconcile both sides of every exchange."))
    def audit(
        export: Annotated[
            Path | None,
            typer.Option(
                "--export", exists=True, file_okay=False, help=_("Only this exported journal, without the network.")
            ),
        ] = None,
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        report = _audit_network(config) if export is None else _audit_export(config, export)
        if as_json:
            print_json(asdict(report))
        else:
            _show(report)
        if not report.ok:
            raise typer.Exit(ExitCode.AUDIT_FAILED)


def _audit_network(config: Path) -> "AuditReport":
    from federation.audit.audit import audit

    with opened(config) as node:
        tell(_("Visiting every member and reading every journal…"))
        return audit(node.federation)


def _audit_export(config: Path, folder: Path) -> "AuditReport":
    """Against the directory, where there is a node that has one: else the export's own key is taken at its word."""
    from federation.audit.audit import AuditReport, audit_export
    from federation.errors import NoDirectory

    members = None
    if config.exists():
        with opened(config) as node:
            try:
                members = node.federation.members()
            except NoDirectory:
                members = None
    if members is None:
        tell(_("No directory at hand: the key in the export is taken at its word."))
    found = audit_export(folder, members)
    return AuditReport(nodes=[found], pairs=[], ok=found.ok)


def _show(report: "AuditReport") -> None:
    say_table(
        (_("Node"), _("Entries"), _("Openings compared"), _("Finding")),
        [(one.node, one.size, one.openings, _finding(one)) for one in report.nodes],
        title=_("Journals"),
    )
    if report.pairs:
        states = {"agree": _("both sides agree"), "in_transit": _("on its way"), "disagree": _("THE SIDES DISAGREE")}
        say_table(
            (_("From"), _("To"), _("Messages"), _("Not acknowledged yet"), _("Refused"), _("Finding")),
            [
                (one.sender, one.recipient, one.sent, one.waiting, one.refused, states.get(one.state, one.state))
                for one in report.pairs
            ],
            title=_("Exchanges"),
        )
    say(_("The audit finds nothing wrong.") if report.ok else _("The audit FAILED: see the findings above."))


def _finding(found: "NodeAudit") -> str:
    from node.kit import labels

    return _("right") if found.ok else labels.trouble(found.problem)
