"""`maillon import`: files of candidates and offers into the register. Formats: docs/imports.md."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from node.cli import import_referential
from node.cli.frame import ConfigOption, JsonOption, opened
from node.cli.output import print_json, progress, say, say_table
from node.kit.errors import ExitCode
from node.kit.i18n import gettext as _
from node.kit.i18n import ngettext

if TYPE_CHECKING:
    from node.services.imports.importing import ImportReport

FileArgument = Annotated[
    Path, typer.Argument(metavar=_("FILE"), exists=True, dir_okay=False, readable=True, show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the family."""
    family = typer.Typer(no_args_is_help=True, help=_("Take in files of candidates and offers."))

    @family.command("candidates", help=_("Take in candidates from a CSV file."))
    def candidates(file: FileArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
        from node.imports import read_candidates
        from node.services.imports.importing import import_candidates

        with opened(config) as node, progress(_("Reading the file")):
            lines = read_candidates(file.read_bytes(), node.desk.referential(), node.desk.today())
            _report(import_candidates(node.desk, lines), as_json)

    @family.command("offers", help=_("Take in offers from CSV or France Travail JSON, and publish them."))
    def offers(file: FileArgument, config: ConfigOption = Path(), as_json: JsonOption = False) -> None:
        from node.imports import read_offers
        from node.services.imports.importing import import_offers

        with opened(config) as node, progress(_("Reading the file")):
            lines = read_offers(file.read_bytes(), node.desk.referential(), node.desk.today())
            _report(import_offers(node.desk, lines), as_json)

    import_referential.register(family)
    app.add_typer(family, name="import")


def _report(report: "ImportReport", as_json: bool) -> None:
    from node.schemas.imports import ImportOut

    if as_json:
        print_json(ImportOut.of(report).model_dump(mode="json"))
    else:
        say(
            _("{added} added, {updated} updated, {unchanged} unchanged.").format(
                added=report.added, updated=report.updated, unchanged=report.unchanged
            )
        )
        if report.problems:
            count = len(report.problems)
            say(
                ngettext(
                    "{count} line is to be mended. Correct it and import the file again: nothing is taken in twice.",
                    "{count} lines are to be mended. Correct them and import the file again: nothing is taken in "
                    "twice.",
                    count,
                ).format(count=count)
            )
            say_table((_("Line"), _("What to correct")), report.problems)
    if report.problems:
        raise typer.Exit(ExitCode.PARTIAL if report.added or report.updated or report.unchanged else ExitCode.ERROR)
