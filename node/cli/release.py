"""`maillon release`: publish the town's group sheets, or see first what peers would get."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli.frame import ConfigOption, JsonOption, opened
from node.cli.output import print_json, say, say_table
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext

if TYPE_CHECKING:
    from node.mission.sheets.release import RiskReport


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("release", help=_("Publish the group sheets: what peers may see of candidates."))
    def release(
        dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Only show what peers would get."))] = False,
        config: ConfigOption = Path(),
        as_json: JsonOption = False,
    ) -> None:
        from node.services.sheets.releasing import release as publish
        from node.services.sheets.searching import region_label

        with opened(config) as node:
            result = publish(node.desk, dry_run=dry_run)
            if as_json:
                from node.schemas.sheets import ReleaseOut

                print_json(ReleaseOut.of(result).model_dump(mode="json"))
                return
            shown, tables = result.release.message, node.desk.referential()
            say_table(
                (_("Occupation"), _("People"), _("Present in the group")),
                [
                    (
                        region_label(sheet.occupation, tables),
                        sheet.size,
                        ", ".join(tables.skills.label(code) or code for code in sheet.skills[:6])
                        + ("…" if len(sheet.skills) > 6 else ""),
                    )
                    for sheet in shown.sheets
                ],
                title=_("Release {number}: pseudonymised, generalised sheets of groups of at least {k}").format(
                    number=shown.release, k=shown.k
                ),
            )
            say(
                ngettext(
                    "{count} person withheld: too few in their occupation.",
                    "{count} people withheld: too few in their occupation.",
                    result.withheld,
                ).format(count=result.withheld)
            )
            if shown.sheets:
                say_risk(result.release.report, lambda label: region_label(label, tables))
            say(_("Published.") if result.published else _("A preview: nothing was published."))


def say_risk(report: "RiskReport", called: Callable[[str], str]) -> None:
    """What remains to be guessed; `called` is what a group's occupation is called."""
    said = _("Withheld: {share} percent. Best chance to guess whom of a group one speaks of: {worst} percent.")
    say(said.format(share=report.withheld_share, worst=report.worst_case))
    if report.on_edge:
        edge = _("One person more or less would show in: {groups}.")
        say(edge.format(groups=" ; ".join(called(label) for label in report.on_edge)))
